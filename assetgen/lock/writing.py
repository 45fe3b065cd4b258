"""The one spelling of a lock and of an entry, and the digest that tells entries apart."""

from __future__ import annotations

import json

from assetgen.digest import Digest, canonical_json, digest_of
from assetgen.lock.document import LOCK_VERSION, Lock
from assetgen.lock.entry import Entry


def lock_bytes(lock: Lock) -> bytes:
    """The one spelling of a lock: sorted, indented by two, what equals its default left out."""
    document = {"version": LOCK_VERSION, **lock.model_dump(mode="json", exclude_defaults=True)}
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def entry_json(entry: Entry) -> bytes:
    """The canonical JSON of one entry."""
    return canonical_json(entry.model_dump(mode="json", exclude_defaults=True))


def entry_digest(entry: Entry) -> Digest:
    """What tells two states of an entry apart; the same before writing the lock and after reading it."""
    return digest_of(entry_json(entry))
