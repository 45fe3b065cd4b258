"""A manifest with the files that it extends underneath it: one document, in which every place is still known.

Nearest wins: the manifest itself, then the files of its `extends` from the last to the first, each with what it
extends in its turn. Mappings merge by key at every level, lists and single values replace. What the keys mean is not
known here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

from assetgen.errors import ManifestError, Place, Problem
from assetgen.manifest.cascade import merged
from assetgen.manifest.document import Data, Document
from assetgen.manifest.fields import SPELLINGS
from assetgen.manifest.paths import UnsafePathError, absolute, relative_path, shown_path
from assetgen.manifest.source import read_document
from assetgen.manifest.suggest import closest

BROUGHT = frozenset(("brand", "brands", "vars", "templates", "lint", "defaults", "providers"))
"""Keys that an extended file brings; everything else in it is its own business."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One of the files that a manifest is made of, as it was read."""

    path: Path
    document: Document


@dataclass(frozen=True, slots=True)
class Layers:
    """A manifest, then the files beneath it, nearest first; `document` is what they come to together. `lacking` says
    that one could not be read, so that names may be missing everywhere."""

    document: Document
    files: tuple[Layer, ...]
    lacking: bool = False


class Reader:
    """Reads manifests with what they extend, each file once. Messages name files as seen from `cwd`. `problems` gathers
    what is wrong with extended files, and with how they are named."""

    def __init__(self, cwd: Path) -> None:
        self._cwd = cwd
        self._read: dict[str, tuple[Layer, ...]] = {}
        self._lacking: set[Path] = set()
        self.problems: list[Problem] = []

    def read(self, path: Path) -> Layers:
        """The manifest at the absolute `path`. Raises ManifestError when that very file cannot be read."""
        files = self._files(path, ())
        top, *beneath = (layer.document for layer in files)
        lacking = any(layer.path in self._lacking for layer in files)
        if not beneath:
            return Layers(top, files, lacking)
        data: Data = top.data
        if isinstance(data, dict):
            data = reduce(_laid_over, (*map(_brought, reversed(beneath)), data))
        return Layers(replace(top, data=data, beneath=tuple(beneath)), files, lacking)

    def _files(self, path: Path, chain: tuple[Path, ...]) -> tuple[Layer, ...]:
        """The file and all beneath it. `chain` are the files that led here."""
        identity = os.path.realpath(path)
        found = self._read.get(identity)
        if found is None:
            layer = Layer(path, read_document(path, shown_path(path, self._cwd)))
            beneath = self._beneath(layer, (*chain, path))
            found = self._read[identity] = tuple({file.path: file for file in (layer, *beneath)}.values())
        return found

    def _beneath(self, layer: Layer, chain: tuple[Path, ...]) -> list[Layer]:
        files: list[Layer] = []
        for text, place in reversed(list(_extended(layer.document))):
            try:
                path = _path_of(text, layer, place)
                self._check_cycle(path, chain, layer, place)
                files += self._files(path, chain)
            except ManifestError as error:
                self._lacking.add(layer.path)
                self.problems += (_named_here(problem, layer, text, place) for problem in error.problems)
        return files

    def _check_cycle(self, path: Path, chain: tuple[Path, ...], layer: Layer, place: Place) -> None:
        reals = [os.path.realpath(step) for step in chain]
        if os.path.realpath(path) in reals:
            circle = (*chain[reals.index(os.path.realpath(path)) :], path)
            steps = " -> ".join(shown_path(step, self._cwd) for step in circle)
            message = f"`extends` goes round in a circle: {steps}"
            raise ManifestError((layer.document.problem("cycle", message, place, "delete one of these `extends`"),))


def _extended(document: Document) -> Iterator[tuple[str, Place]]:
    """What is written under `extends`, where it is text; anything else is complained of when the keys are checked."""
    written = document.data.get("extends") if isinstance(document.data, dict) else None
    if isinstance(written, str):
        yield written, document.value_place(("extends",))
    for index, entry in enumerate(written if isinstance(written, list) else ()):
        if isinstance(entry, str):
            yield entry, document.value_place(("extends", index))


def _path_of(text: str, layer: Layer, place: Place) -> Path:
    try:
        return absolute(Path(relative_path(text)), layer.path.parent)
    except UnsafePathError as error:
        problem = layer.document.problem("path", f"`extends`: {error.message}", place, error.hint)
        raise ManifestError((problem,)) from None


def _named_here(problem: Problem, layer: Layer, text: str, place: Place) -> Problem:
    """A file that cannot be read at all is a mistake of whoever names it."""
    if problem.place is not None and problem.place.line:
        return problem
    hint = problem.hint
    if problem.code == "missing-file":
        near = closest(Path(text).name, _neighbours(layer, text))
        hint = f"did you mean `{Path(text).with_name(near).as_posix()}`?" if near else None
        hint = hint or f"the path is relative to the folder of {layer.document.shown}"
    return layer.document.problem(problem.code, f"`extends`: {problem.message}", place, hint)


def _neighbours(layer: Layer, text: str) -> list[str]:
    folder = absolute(Path(text), layer.path.parent).parent
    return sorted(entry.name for entry in folder.glob("*.y*ml") if entry != layer.path)


def _brought(document: Document) -> dict[str, Data]:
    data = document.data if isinstance(document.data, dict) else {}
    return {key: value for key, value in data.items() if key in BROUGHT}


def _laid_over(under: dict[str, Data], over: dict[str, Data]) -> dict[str, Data]:
    """`over` on top of `under`. A key of `defaults` that both spell in their own way is one key."""
    below, above = under.get("defaults"), over.get("defaults")
    if isinstance(below, dict) and isinstance(above, dict):
        under = {**under, "defaults": {_spelled_in(above, key): value for key, value in below.items()}}
    return merged(under, over)


def _spelled_in(data: Mapping[str, Data], key: str) -> str:
    usual = SPELLINGS.get(key, key)
    return next((written for written in data if SPELLINGS.get(written, written) == usual), key)
