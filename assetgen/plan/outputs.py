"""Which outputs stand, and which are written again. Pure.

An output is made from its source: the asset's cutout if there is one, else its master; or what another asset lends to
it. Bytes that the lock records are rather copied, from wherever they still are, than made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from assetgen.errors import Problem
from assetgen.lock.model import LockedExport, LockedOutput
from assetgen.manifest.recipe import OutputPath, OutputSpec, PresetExport, Recipe, TextExport
from assetgen.plan.art import Loan
from assetgen.plan.case import Past
from assetgen.plan.changes import export_changes
from assetgen.plan.file_case import FileCase, FileVerdict, fact_at
from assetgen.plan.lending import difference, refused
from assetgen.plan.obstacles import in_the_way, saves
from assetgen.plan.ownership import Claims
from assetgen.plan.plan import CutoutPlan, MasterPlan, Options, Write
from assetgen.plan.request import locked_export
from assetgen.plan.world import Owner, World


@dataclass(frozen=True, slots=True)
class OutputVerdict:
    """What becomes of an asset's outputs, and the first thing that keeps it from happening, if any."""

    writes: tuple[Write, ...]
    kept: tuple[OutputSpec, ...]
    dropped: tuple[OutputPath, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    blocked: Problem | None


def decide_outputs(
    recipe: Recipe,
    past: Past,
    master: MasterPlan | None,
    cutout: CutoutPlan | None,
    world: World,
    claims: Claims,
    owner: Owner,
    options: Options,
    loans: Mapping[str, Loan],
    *,
    refresh: bool,
) -> OutputVerdict:
    """The verdict on one asset's files, which are to be made from `master`, or its `cutout` where it has one; `owner`
    is the asset itself. What they borrow from others is in `loans`; nothing is said of those whose loan is not known.
    """
    earlier = heirlooms(recipe, past)
    case = FileCase(recipe, past, master, cutout, world, claims, owner, options, refresh, earlier, loans)
    specs = [spec for spec in recipe.outputs if spec.borrowed is None or spec.borrowed.name in loans]
    verdicts = [_lent(case, _decide(case, spec)) for spec in specs]
    going = {earlier.get(v.spec.path) for v in verdicts if past.moved_from and v.write and v.write.locked}
    paths = {*(spec.path for spec in recipe.outputs), *going}
    dropped = tuple(OutputPath(p) for p in (past.entry.outputs if past.entry else ()) if p not in paths)
    blocked = [problem for v in verdicts for problem in (in_the_way(case, v), v.blocked) if problem]
    return OutputVerdict(
        writes=tuple(replace(v.write, saves=saves(case, v.write)) for v in verdicts if v.write),
        kept=tuple(v.spec for v in verdicts if v.write is None),
        dropped=dropped,
        reasons=(*(v.reason for v in verdicts if v.reason), *(f"no longer made: {p}" for p in dropped)),
        notes=tuple(v.note for v in verdicts if v.note),
        blocked=next(iter(blocked), None),
    )


# --- what becomes of an output ---------------------------------------------------------------------------------------


def _decide(case: FileCase, spec: OutputSpec) -> FileVerdict:
    locked = case.locked(spec.path)
    if locked is None:
        return _place_new(case, spec)
    if not case.same_source(spec, locked):
        return _replaced(case, spec, locked, *difference(spec, case.loan(spec), locked))
    changes = export_changes(named(spec), locked.export, locked_export(spec.export))
    if changes:
        return _replaced(case, spec, locked, *changes)
    if case.refresh and locked.encoder not in (None, case.options.encoder) and not locked.adopted:
        return FileVerdict(spec, Write(spec), f"encoder of {named(spec)} is newer: {case.options.encoder}")
    fact = fact_at(case.world, spec.path)
    if fact.kind == "missing":
        return _restored(case, spec, locked)
    if fact.sha256 != locked.sha256:
        ours = spec.path in case.world.earlier
        reason = f"output {spec.path} is {'an earlier file of ours, and ' if ours else ''}not the locked one"
        return _again(case, spec, locked, (), reason) or _made_again(case, spec, locked, reason)
    return FileVerdict(spec)


def _lent(case: FileCase, verdict: FileVerdict) -> FileVerdict:
    """The same, unless it takes a picture of another asset that cannot be had."""
    if verdict.spec.borrowed is None or verdict.write is None or not verdict.write.renders:
        return verdict
    problem = refused(case.recipe, verdict.spec, case.loan(verdict.spec), case.world)
    return replace(verdict, blocked=problem) if problem else verdict


def _replaced(case: FileCase, spec: OutputSpec, locked: LockedOutput, *reasons: str) -> FileVerdict:
    """Another picture, or the same with other settings."""
    known = _adopted_before(case, spec)
    if known:
        return known
    if locked.adopted:
        reasons = (*reasons, f"replaces your adopted output {spec.path} (going back brings it back)")
    return FileVerdict(spec, Write(spec), "; ".join(reasons))


def _adopted_before(case: FileCase, spec: OutputSpec) -> FileVerdict | None:
    """What a person once put there for this very picture and these settings, if it can be had."""
    key = case.key(spec)
    adopted = case.world.adopted.get((spec.path, key)) if key else None
    return _again(case, spec, adopted, (spec.path,), f"your adopted {spec.path} comes back") if adopted else None


def _place_new(case: FileCase, spec: OutputSpec) -> FileVerdict:
    earlier = case.earlier.get(spec.path)
    locked = case.locked(earlier) if earlier else None
    if earlier is None or locked is None or not case.same_source(spec, locked):
        own = case.same_source(spec) or (case.entry is not None and spec.borrowed)
        added = f"{_added(case, spec)} added" if own else ""
        return _adopted_before(case, spec) or FileVerdict(spec, Write(spec), added)
    reason = f"{earlier} moves to {spec.path}" if case.past.moved_from else f"{earlier} is now made as {spec.path}"
    places = (spec.path, earlier, *spec.published)
    return _again(case, spec, locked, places, reason) or _made_again(case, spec, locked, reason)


def _restored(case: FileCase, spec: OutputSpec, locked: LockedOutput) -> FileVerdict:
    """What stands published is not missing. A Git LFS pointer there will do where the picture cannot be made."""
    reason = f"output missing: {spec.path}"
    found = _again(case, spec, locked, spec.published, reason)
    if found and found.write and found.write.source:
        return replace(found, reason="", note=f"{spec.path} will be copied back from {found.write.source}")
    return found or _made_again(case, spec, locked, reason)


def _again(
    case: FileCase, spec: OutputSpec, locked: LockedOutput, places: Iterable[OutputPath], reason: str
) -> FileVerdict | None:
    """The very bytes of a locked output, if they are anywhere: at one of the places, or in the store."""
    write = find_again(spec, locked, places, case.world, pointers=case.source(spec) not in case.world.blobs)
    return FileVerdict(spec, write, reason) if write else None


def find_again(
    spec: OutputSpec, locked: LockedOutput, places: Iterable[OutputPath], world: World, *, pointers: bool
) -> Write | None:
    """How to put the very bytes of a locked output in place, if they are anywhere: at the output's own path if that is
    among the places, at another of them, or in the store. With `pointers` a Git LFS pointer to them will do."""
    places = [place for place in places if fact_at(world, place).sha256 == locked.sha256]
    real = next((place for place in places if place == spec.path or not fact_at(world, place).pointer), None)
    if real or locked.sha256 in world.blobs:
        return Write(spec, locked, real)
    return Write(spec, locked, places[0]) if places and pointers else None


def _made_again(case: FileCase, spec: OutputSpec, locked: LockedOutput, reason: str) -> FileVerdict:
    """Exported from its source, unless a person made it: then nothing else takes its place."""
    if not locked.adopted:
        return FileVerdict(spec, Write(spec), reason)
    problem = Problem(
        "blocked",
        f"`{spec.path}` was adopted, and the bytes that were adopted are nowhere ({locked.sha256[:12]})",
        case.recipe.place,
        f"bring the file back from version control; or put there what you want instead and `assetgen adopt MANIFEST "
        f"{case.recipe.name}`; or pay for another picture with --regenerate {case.recipe.name}",
    )
    return FileVerdict(spec, Write(spec), reason, blocked=problem)


def heirlooms(recipe: Recipe, past: Past) -> dict[OutputPath, OutputPath]:
    """Where each output that has a new path stood before: one of equal settings, and of equal name where there are
    several; each stands for one output only. Names tell the files of a preset apart, whatever their settings."""
    if past.entry is None:
        return {}
    fresh = [spec for spec in recipe.outputs if spec.path not in past.entry.outputs]
    current = {spec.path for spec in recipe.outputs}
    free = [OutputPath(path) for path in past.entry.outputs if fresh and path not in current]
    found: dict[OutputPath, OutputPath] = {}
    for alike in (_alike, _any):
        for spec in fresh:
            settings = locked_export(spec.export)
            if settings.preset and alike is _any:
                continue
            fits = (p for p in free if _same(past.entry.outputs[p], settings) and alike(recipe, past, p, spec.path))
            path = None if spec.path in found else next(fits, None)
            if path is not None:
                found[spec.path] = path
                free.remove(path)
    return found


def _same(output: LockedOutput, settings: LockedExport) -> bool:
    """Whether an output has these settings, whatever picture it shows."""
    return output.export.model_copy(update={"borrowed": None}) == settings


def _alike(recipe: Recipe, past: Past, path: OutputPath, now: OutputPath) -> bool:
    """Whether two files differ in nothing but their folder and the asset's name."""
    renamed = PurePosixPath(path).name.replace(past.moved_from or recipe.name, recipe.name, 1)
    return renamed == PurePosixPath(now).name


def _any(*_: object) -> bool:
    return True


# --- words -----------------------------------------------------------------------------------------------------------


def named(spec: OutputSpec) -> str:
    """An output as people call it: its size as written, its format, and the cell that it shows; or its preset."""
    if isinstance(spec.export, PresetExport | TextExport):
        return f"preset `{spec.export.preset}`"
    uncut = "uncut " if spec.original else ""
    size = f"{uncut}size `{spec.label}` ({spec.export.format})" if spec.label else f"the {uncut}{spec.export.format}"
    return f"{size} of cell `{spec.cell}`" if spec.cell else size


def _added(case: FileCase, spec: OutputSpec) -> str:
    """A new output, by its name where others of its preset were made before."""
    if not isinstance(spec.export, PresetExport | TextExport) or case.entry is None:
        return named(spec)
    before = {output.export.preset for output in case.entry.outputs.values()}
    return f"`{spec.label}`" if spec.export.preset in before else named(spec)
