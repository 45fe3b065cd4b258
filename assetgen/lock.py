"""The lockfile: what was built from what, committed beside the manifest. Its model, stable bytes, and merging.

Knows no other file than the lock. Timeless on purpose: equal state gives equal bytes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from assetgen.digest import Digest

LOCK_VERSION = 1

Usd = Annotated[Decimal, PlainSerializer(float, return_type=float)]


class LockModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LockedRequest(LockModel):
    """The request in plain text, so that a change can be said field by field and reviewed in a pull request.

    `provider` is who made the master; `named_provider` is the one that the manifest named at that time, if any.
    `defaulted` and `left_out` are those of `manifest.recipe.Request`. `drawing` is present for drafts only.
    """

    provider: str
    named_provider: str | None = None
    model: str
    prompt: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    input: dict[str, Any] = Field(default_factory=dict)
    take: int = 0
    reroll: int = 0
    defaulted: list[str] = Field(default_factory=list)
    left_out: dict[str, Any] = Field(default_factory=dict)
    drawing: dict[str, Any] | None = None


class LockedMaster(LockModel):
    """The picked picture. `task_id` is the service's own; `usd` the estimate, `charged` what the service took.

    `provider` is `adopted` for a picture that a person put in place.
    """

    sha256: Digest
    width: int
    height: int
    format: str
    provider: str
    task_id: str | None = None
    usd: Usd | None = None
    charged: Usd | None = None


class LockedExport(LockModel):
    """Export settings as written; a field that nobody wrote is absent."""

    format: str
    width: int | None = None
    height: int | None = None
    fit: str | None = None
    background: str | None = None
    upscale: bool = False
    quality: int | Literal["lossless"] | None = None
    provenance: bool = True


class LockedOutput(LockModel):
    """One file as we left it. `adopted` means that a person made these bytes and they were taken as correct."""

    sha256: Digest
    width: int
    height: int
    export: LockedExport
    encoder: str | None = None
    adopted: bool = False


class Entry(LockModel):
    """One asset. `masters` holds the picked master; `outputs` maps project-relative paths to files."""

    request: LockedRequest
    masters: list[LockedMaster] = Field(min_length=1)
    outputs: dict[str, LockedOutput]

    @property
    def master(self) -> LockedMaster:
        return self.masters[0]


class Orphan(LockModel):
    """A file that no asset makes any more, kept until `clean` removes it."""

    sha256: Digest
    asset: str


class Lock(LockModel):
    version: Literal[1] = 1
    assets: dict[str, Entry] = Field(default_factory=dict)
    orphans: dict[str, Orphan] = Field(default_factory=dict)
