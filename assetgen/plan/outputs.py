"""Which outputs stand, which are written again, and which files are in the way. Pure.

Product rule 7: a file that we did not put there, or that was changed since, is never overwritten unasked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assetgen.digest import Digest
from assetgen.errors import Problem
from assetgen.lock import Entry, LockedOutput
from assetgen.manifest.recipe import OutputPath, OutputSpec, Recipe
from assetgen.plan.changes import export_changes
from assetgen.plan.plan import Options, Write
from assetgen.plan.request import export_key, locked_export
from assetgen.plan.world import MISSING, FileFact, World


@dataclass(frozen=True, slots=True)
class Files:
    """Who put which bytes where: the lock's outputs by path, over all assets, and everything else we remember."""

    world: World
    locked: Mapping[OutputPath, frozenset[Digest]]

    @classmethod
    def of(cls, world: World) -> Files:
        locked: dict[OutputPath, frozenset[Digest]] = {}
        for entry in world.entries.values():
            for path, output in entry.outputs.items():
                locked[OutputPath(path)] = locked.get(OutputPath(path), frozenset()) | {output.sha256}
        return cls(world, locked)

    def at(self, path: OutputPath) -> FileFact:
        return self.world.files.get(path, MISSING)

    def holds(self, path: OutputPath, digest: Digest) -> bool:
        fact = self.at(path)
        return fact.kind == "file" and fact.sha256 == digest

    def recorded(self, path: OutputPath) -> frozenset[Digest]:
        """Every digest that we know to be our own work at a path."""
        written, orphan = self.world.written.get(path), self.world.orphans.get(path)
        return self.locked.get(path, frozenset()) | {known.sha256 for known in (written, orphan) if known}

    def is_product(self, key: str, digest: Digest | None) -> bool:
        """Whether these bytes are what the export with this key came to, wherever it was written."""
        return any(row.export_key == key and row.sha256 == digest for row in self.world.written.values())


@dataclass(frozen=True, slots=True)
class OutputVerdict:
    """What becomes of an asset's outputs, and the first file that is in the way, if any."""

    writes: tuple[Write, ...]
    kept: tuple[OutputSpec, ...]
    dropped: tuple[OutputPath, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    blocked: Problem | None


def decide_outputs(
    recipe: Recipe,
    entry: Entry | None,
    master: Digest | None,
    files: Files,
    options: Options,
    *,
    moved: bool,
    refresh: bool,
) -> OutputVerdict:
    """The verdict on one asset's files. `master` is the digest that they are to be made from, None when it is not known
    yet; `moved` tells that `entry` was recorded under the asset's earlier name."""
    case = _Case(recipe, entry, master, files, options, moved, refresh)
    verdicts = [(spec, *_decide(case, spec)) for spec in recipe.outputs]
    paths = {spec.path for spec in recipe.outputs}
    moved_away = {write.source for _, write, _, _ in verdicts if write and write.moves}
    dropped = tuple(OutputPath(p) for p in (entry.outputs if entry else ()) if p not in paths and p not in moved_away)
    return OutputVerdict(
        writes=tuple(write for _, write, _, _ in verdicts if write),
        kept=tuple(spec for spec, write, _, _ in verdicts if write is None),
        dropped=dropped,
        reasons=(*(reason for _, _, reason, _ in verdicts if reason), *(f"no longer made: {p}" for p in dropped)),
        notes=tuple(note for _, _, _, note in verdicts if note),
        blocked=next((p for spec in recipe.outputs if (p := _in_the_way(case, spec))), None),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    recipe: Recipe
    entry: Entry | None
    master: Digest | None
    files: Files
    options: Options
    moved: bool
    refresh: bool

    @property
    def same_master(self) -> bool:
        return self.entry is not None and self.master == self.entry.master.sha256

    def locked(self, path: OutputPath) -> LockedOutput | None:
        return self.entry.outputs.get(path) if self.entry else None


def _decide(case: _Case, spec: OutputSpec) -> tuple[Write | None, str, str]:
    """The write that an output needs, if any, with its reason and a note."""
    locked = case.locked(spec.path)
    if locked is None:
        return _place_new(case, spec)
    if not case.same_master:
        return Write(spec), "", ""
    changes = export_changes(named(spec), locked.export, locked_export(spec.export))
    if changes:
        return Write(spec), "; ".join(changes), ""
    if case.refresh and locked.encoder != case.options.encoder and not locked.adopted:
        return Write(spec), f"encoder of {named(spec)} is newer: {case.options.encoder}", ""
    if case.files.at(spec.path).kind == "missing":
        return _restore(case, spec, locked)
    if not case.files.holds(spec.path, locked.sha256):
        return Write(spec), f"output {spec.path} is not the locked one", ""
    return None, "", ""


def _place_new(case: _Case, spec: OutputSpec) -> tuple[Write, str, str]:
    source = _earlier_path(case, spec)
    if source:
        return Write(spec, source, moves=True), f"{source} moves to {spec.path}", ""
    return Write(spec), f"{named(spec)} added" if case.same_master else "", ""


def _earlier_path(case: _Case, spec: OutputSpec) -> OutputPath | None:
    """Where the same output of the same master stands under the asset's earlier name (rule 11)."""
    if not case.moved or not case.same_master or case.entry is None:
        return None
    settings, current = locked_export(spec.export), {output.path for output in case.recipe.outputs}
    for path, output in case.entry.outputs.items():
        if path not in current and output.export == settings and case.files.holds(OutputPath(path), output.sha256):
            return OutputPath(path)
    return None


def _restore(case: _Case, spec: OutputSpec, locked: LockedOutput) -> tuple[Write, str, str]:
    for place in spec.published:
        if case.files.holds(place, locked.sha256):
            return Write(spec, place), "", f"{spec.path} will be copied back from {place}"
    return Write(spec), f"output missing: {spec.path}", ""


def _in_the_way(case: _Case, spec: OutputSpec) -> Problem | None:
    fact = case.files.at(spec.path)
    if fact.kind == "missing":
        return None
    if fact.kind == "other":
        return Problem(
            "blocked",
            f"`{spec.path}` is in the way: it is not a regular file",
            case.recipe.place,
            "move it away, or choose another `filename` or `output`",
        )
    if fact.sha256 in case.files.recorded(spec.path) or case.options.overwrite or _would_equal(case, spec, fact):
        return None
    name = case.recipe.name
    if case.files.recorded(spec.path):
        return Problem(
            "edited",
            f"`{spec.path}` was edited by hand",
            case.recipe.place,
            f"keep it with `assetgen adopt MANIFEST {name}`, or replace it with `build --overwrite --only {name}`",
        )
    return Problem(
        "blocked",
        f"`{spec.path}` is in the way: assetgen did not write it",
        case.recipe.place,
        f"take it as it is with `assetgen adopt MANIFEST {name}`, replace it with `--overwrite`, or move it away",
    )


def _would_equal(case: _Case, spec: OutputSpec, fact: FileFact) -> bool:
    return case.master is not None and case.files.is_product(export_key(case.master, spec.export), fact.sha256)


def named(spec: OutputSpec) -> str:
    """An output as people call it: its size as written and its format."""
    return f"size `{spec.label}` ({spec.export.format})" if spec.label else f"the {spec.export.format}"


def stray_paths(world: World, names: set[str]) -> Iterator[tuple[str, tuple[OutputPath, ...]]]:
    """Lock entries whose asset is gone, with their paths."""
    for name, entry in world.entries.items():
        if name not in names:
            yield name, tuple(OutputPath(path) for path in entry.outputs)
