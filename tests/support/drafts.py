"""Projects of drafts, built once in a run of the tests and copied for each test that begins with one."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.space import Space


class Drafts:
    """What was built so far, in `folder`, by manifest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Path] = {}

    def into(self, space: Space, manifest: str) -> Space:
        """Make of an empty `space` a project with this `app.yaml`, as its first build left it."""
        if manifest not in self._made:
            self._made[manifest] = self._build(manifest)
        shutil.copytree(self._made[manifest], space.root, dirs_exist_ok=True)
        return space

    def _build(self, manifest: str) -> Path:
        with Space(self._folder / str(len(self._made))) as space:
            space.write(".git/HEAD", "")
            space.write("app.yaml", manifest)
            space.run_ok("build", "app.yaml")
            return space.root
