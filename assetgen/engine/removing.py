"""Removing files that nobody makes any more: only while their bytes are ours, and only inside the project.

Everything that is made stands by then, so a file that somebody makes is known by what it is, whatever name it goes by:
through a linked folder, or in another case where a file system makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeAlias

from assetgen import atomic
from assetgen.digest import Digest
from assetgen.manifest.recipe import OutputPath
from assetgen.store.observe import fact_of

Fate: TypeAlias = Literal[
    "removed",
    "gone already",
    "kept: edited by hand",
    "kept: an asset makes it",
    "kept: it lies outside the project",
]


def remove_left(
    root: Path, left: Mapping[OutputPath, Digest], made: Iterable[OutputPath], *, dry_run: bool = False
) -> dict[OutputPath, Fate]:
    """What became of each file that was left behind, or with `dry_run` would; `left` tells the bytes that are ours, and
    `made` every path that somebody makes. Raises WriteError."""
    standing = {identity for path in made if (identity := _identity(root / path))} if left else set()
    fates: dict[OutputPath, Fate] = {}
    for path, digest in sorted(left.items()):
        fates[path] = _fate(root, path, digest, standing)
        if fates[path] == "removed" and not dry_run:
            atomic.remove(root / path, root=root)
    return fates


def is_kept(fate: Fate) -> bool:
    """Whether the file still stands, and nobody but its orphan's entry tells of it."""
    return fate in ("kept: edited by hand", "kept: it lies outside the project")


def _fate(root: Path, path: OutputPath, digest: Digest, standing: set[tuple[int, int]]) -> Fate:
    fact = fact_of(root / path)
    if fact.kind == "missing":
        return "gone already"
    if _identity(root / path) in standing:
        return "kept: an asset makes it"
    if not atomic.inside(root, root / path):
        return "kept: it lies outside the project"
    return "removed" if fact.sha256 == digest else "kept: edited by hand"


def _identity(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
