"""Files that no asset makes any more: removed on request, and only while their bytes are still ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assetgen.engine.removing import Fate, is_kept, remove_left
from assetgen.lock.document import Orphan
from assetgen.manifest.recipe import OutputPath


@dataclass(frozen=True, slots=True)
class CleanedFile:
    """What became of one orphan, and which asset once made it."""

    path: OutputPath
    asset: str
    fate: Fate

    @property
    def kept(self) -> bool:
        """Whether it is an orphan still."""
        return is_kept(self.fate)


def clean(
    root: Path, orphans: Mapping[OutputPath, Orphan], made: Iterable[OutputPath], *, dry_run: bool
) -> tuple[CleanedFile, ...]:
    """Remove the orphans that still hold our bytes, or with `dry_run` say which would be; `made` are all paths that
    somebody makes. Raises WriteError."""
    fates = remove_left(root, {path: orphan.sha256 for path, orphan in orphans.items()}, made, dry_run=dry_run)
    return tuple(CleanedFile(path, orphans[path].asset, fate) for path, fate in fates.items())
