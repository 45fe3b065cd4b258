"""Files that no asset makes any more: removed on request, and only while their bytes are still ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assetgen import atomic
from assetgen.lock import Orphan
from assetgen.manifest.recipe import OutputPath
from assetgen.plan.world import MISSING, World

Fate = Literal["removed", "kept: edited by hand", "gone already"]


@dataclass(frozen=True, slots=True)
class CleanedFile:
    """What became of one orphan, and which asset once made it."""

    path: OutputPath
    asset: str
    fate: Fate


def clean(root: Path, orphans: Mapping[OutputPath, Orphan], world: World, *, dry_run: bool) -> tuple[CleanedFile, ...]:
    """Remove the orphans that still hold our bytes, or with `dry_run` say which would be. Raises WriteError."""
    return tuple(
        CleanedFile(path, orphan.asset, _cleaned(root, path, world, orphan.sha256, dry_run=dry_run))
        for path, orphan in sorted(orphans.items())
    )


def _cleaned(root: Path, path: OutputPath, world: World, digest: str, *, dry_run: bool) -> Fate:
    fact = world.files.get(path, MISSING)
    if fact.kind == "missing":
        return "gone already"
    if fact.sha256 != digest:
        return "kept: edited by hand"
    if not dry_run:
        with atomic.translated(root / path):
            (root / path).unlink()
    return "removed"
