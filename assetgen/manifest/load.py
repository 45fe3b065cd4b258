"""The door to this room: manifests in, `LoadedManifest`s out, or everything that is wrong with them at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assetgen.catalog import Catalog
from assetgen.errors import ManifestError, Problem
from assetgen.manifest.checked import check_document
from assetgen.manifest.collisions import Resolved, collisions
from assetgen.manifest.extends import Reader
from assetgen.manifest.paths import absolute, project_root
from assetgen.manifest.recipe import LoadedManifest
from assetgen.manifest.resolve import resolve
from assetgen.manifest.setting import Look


def load(paths: Sequence[Path], catalog: Catalog, cwd: Path, look: Look = lambda _: None) -> tuple[LoadedManifest, ...]:
    """The manifests at `paths` (absolute, or relative to `cwd`), resolved; one that is named twice counts once. `look`
    is shown every file that is to be a reference.

    Raises ManifestError with all problems of all manifests, sorted by place.
    """
    reader = Reader(cwd)
    resolved: list[Resolved] = []
    problems: list[Problem] = []
    with _no_collector():
        for path in dict.fromkeys(absolute(path, cwd) for path in paths):
            try:
                layers = reader.read(path)
            except ManifestError as error:
                problems += error.problems
                continue
            if layers.lacking:  # what it would have brought would be missed at every line
                problems += check_document(layers.document).problems
                continue
            manifest, found = resolve(layers, project_root(path, cwd), cwd, catalog, look)
            resolved.append(manifest)
            problems += found
        problems += (*reader.problems, *collisions(resolved))
    if problems:
        raise ManifestError(tuple(sorted(dict.fromkeys(problems), key=_by_place)))
    return tuple(entry.manifest for entry in resolved)


def _by_place(problem: Problem) -> tuple[str, int, int, str]:
    place = problem.place
    return (place.file, place.line, place.column, problem.message) if place else ("", 0, 0, problem.message)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Reading makes many objects and no garbage in cycles; looking for it would double the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
