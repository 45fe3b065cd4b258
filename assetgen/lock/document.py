"""The lock as a whole: every asset's entry, the files that nobody makes any more, and the index files."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedPath, LockModel, Sha256

LOCK_VERSION = 1

INDEX = "index file"
"""Stands for the asset of an orphan that was an index file; no asset can be called that."""


class Orphan(LockModel):
    """A file that no asset makes any more, kept until `clean` removes it; one that was published, `publish --prune`."""

    sha256: Sha256
    asset: str
    published: bool = False


class LockedIndex(LockModel):
    """A typed index file as we left it. `basis` is the digest of what the manifest and this lock said that it tells."""

    sha256: Sha256
    basis: Sha256


class Lock(LockModel):
    """What was built from what, by asset; the files that no asset makes any more, and the index files, by path."""

    version: Literal[1] = 1
    assets: dict[str, Entry] = Field(default_factory=dict)
    orphans: dict[LockedPath, Orphan] = Field(default_factory=dict)
    indexes: dict[LockedPath, LockedIndex] = Field(default_factory=dict)


def lock_schema() -> dict[str, Any]:
    """The JSON Schema of a lockfile."""
    schema = Lock.model_json_schema(mode="serialization") | {"title": "assetgen lockfile", "required": ["version"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
