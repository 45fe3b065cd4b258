"""SHA-256 of bytes, of files and of canonical JSON; the types of the ids made from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NewType, TypeAlias

Digest = NewType("Digest", str)
"""64 lower-case hex digits: the SHA-256 of some bytes."""

StepKey = NewType("StepKey", str)
"""64 lower-case hex digits: the SHA-256 of a step's canonical inputs."""

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

KEY_SCHEME = 1
"""Version of how keys are made. A new scheme re-keys and never makes anything stale (product rule 2)."""


def digest_of(data: bytes) -> Digest:
    return Digest(hashlib.sha256(data).hexdigest())


def digest_of_file(path: Path) -> Digest:
    with path.open("rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
"""Made once: plans spell tens of thousands of values."""


def canonical_json(value: Json) -> bytes:
    """The one spelling of `value`: sorted keys, no spaces, UTF-8, no NaN. Raises ValueError for NaN and infinities."""
    return _CANONICAL.encode(value).encode("utf-8", "surrogatepass")


def step_key(step: str, inputs: Mapping[str, Json]) -> StepKey:
    """The key of a step: which one it is, the key scheme, and everything its result depends on."""
    return StepKey(digest_of(canonical_json({"scheme": KEY_SCHEME, "step": step, "inputs": inputs})))
