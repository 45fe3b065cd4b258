"""Whether a picture's background is removed, or only what is left trimmed anew, or neither: the cutout is known. Pure.

Product rules 2 (settings as written), 3 (the lock wins) and 8 (a paid step is never done again to recreate bytes).
Removing and trimming are two steps with a key each, so that a changed crop asks no remover again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from assetgen.catalog import DRAFT, Catalog
from assetgen.catalog.removers import KEY, REMOVERS
from assetgen.digest import Digest, StepKey
from assetgen.errors import Problem
from assetgen.lock.model import LockedCutout
from assetgen.manifest.recipe import Cutout, PixelSize, Recipe
from assetgen.plan.case import Past
from assetgen.plan.commission import Commission, commission_for
from assetgen.plan.cutout_records import pinned_cutout, removal_key, trim_key
from assetgen.plan.doubt import exhausted, maybe_charged
from assetgen.plan.plan import (
    AssetPlan,
    Collected,
    CutoutPlan,
    Cutting,
    Kept,
    KeptCutout,
    MasterPlan,
    Options,
    Ordered,
    Redrawn,
    Shared,
)
from assetgen.plan.recut import collecting, lost_cutout, recreating, way_to, why
from assetgen.plan.refusal import about_refusal, is_final, refused_step
from assetgen.plan.request import ADOPTED
from assetgen.plan.upscale import upscale_changes
from assetgen.plan.world import StoredCutout, StoredMaster, World

NOTHING = Decimal(0)

_UNANSWERED = "an earlier call of the service was never answered and may have been charged; it is sent once more"


# --- what differs ----------------------------------------------------------------------------------------------------


def cutout_changes(was: LockedCutout | None, now: Cutout | None, remover: str) -> tuple[str, ...]:
    """Every way in which the settings differ from the locked ones, as sentences. `remover` is who cuts out today."""
    if was is None or now is None:
        return () if was is None and now is None else ("removeBg added" if now else "removeBg removed",)
    return tuple(_changes(was, now, remover))


def _changes(was: LockedCutout, now: Cutout, remover: str) -> Iterator[str]:
    if now.remover != was.named_remover and remover != was.remover:
        yield f"remover changed: `{was.remover}` -> `{remover}`"
    for name in ("crop", "padding", "holes"):
        before, after = _written(getattr(was, name)), _written(getattr(now, name))
        if before != after:
            yield f"removeBg {name} changed: `{before}` -> `{after}`"


def _written(value: bool | float) -> str:
    return json.dumps(value) if isinstance(value, bool) else f"{value:g}"


def standing_cutout(plan: AssetPlan, master: Digest) -> KeptCutout | None:
    """The cutout of an asset whose files are blocked, which others may show: as the lock has it of this very picture,
    where nothing else is wanted by now."""
    was, settings = plan.previous, plan.recipe.cutout
    if plan.blocked is None or was is None or was.cutout is None or was.master.sha256 != master or settings is None:
        return None
    changes = cutout_changes(was.cutout, settings, settings.remover or KEY)
    changes += upscale_changes(was.upscale, plan.recipe.upscale)
    shape = PixelSize(was.base.width, was.base.height)
    return None if changes or was.cutout.remover == ADOPTED else pinned_cutout(was.cutout, shape)


# --- the verdict -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CutoutVerdict:
    """The decision, None when nothing is cut out; why, and what people should know beside it."""

    cutout: CutoutPlan | None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    blocked: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """One known picture that is to be cut out. `cutouts` are the results that count."""

    recipe: Recipe
    settings: Cutout
    remover: str
    master: StoredMaster
    world: World
    cutouts: Mapping[StepKey, StoredCutout]
    usd: Decimal
    commission: Commission | None

    @property
    def key(self) -> StepKey:
        return removal_key(self.master.sha256, self.remover, holes=self.settings.holes)

    @property
    def ordered(self) -> Kept | None:
        """What a model made of it earlier, as it came."""
        return self.commission.came(self.world) if self.commission else None


def decide_cutout(
    recipe: Recipe,
    past: Past,
    master: MasterPlan | None,
    world: World,
    catalog: Catalog,
    options: Options,
    *,
    usd: Decimal,
) -> CutoutVerdict:
    """The verdict on one asset's cutout, which is to be made from `master`. With `--refresh`, newer removers are used,
    and bytes that are gone may come out differently. A run that is to make drafts pays for nothing. `usd` is what one
    call of the service costs."""
    verdict = _decided(recipe, past, master, world, catalog, options, usd=usd)
    drafts = options.draft or options.provider == DRAFT
    return _refused(recipe, verdict) if drafts else verdict


def _refreshes(recipe: Recipe, remover: str, options: Options) -> bool:
    """Whether `--refresh` is about the cutout: what a remover may be paid for takes the very name, never a glob."""
    return recipe.name in options.refresh or (REMOVERS[remover].free and any(map(recipe.answers_to, options.refresh)))


def _decided(
    recipe: Recipe,
    past: Past,
    master: MasterPlan | None,
    world: World,
    catalog: Catalog,
    options: Options,
    *,
    usd: Decimal,
) -> CutoutVerdict:
    picture, settings, entry = _known_picture(master), recipe.cutout, past.entry
    pinned = entry is not None and picture is not None and picture.sha256 == entry.base.sha256
    was = entry.cutout if entry is not None and pinned else None
    if settings is None or master is None or (picture is not None and picture.provider == ADOPTED):
        return CutoutVerdict(None, ("removeBg removed",) if was is not None and master is not None else ())
    remover = settings.remover or KEY
    if _is_draft(master) and not REMOVERS[remover].pairs:
        remover = KEY
    facts, refresh = REMOVERS[remover], _refreshes(recipe, remover, options)
    price, commission = NOTHING if facts.free else usd, commission_for(recipe, remover, master, past, catalog)
    if picture is None:
        return _noted(_to_come(settings, remover, price, commission))
    changes = cutout_changes(was, settings, remover) if pinned else ()
    outdated = _outdated(was, remover, world) if was is not None and refresh and not changes else ()
    if was is not None and not changes and not outdated:
        kept = pinned_cutout(was, picture.size)
        came = commission.came(world) if commission and not kept.ordered else kept.ordered
        return CutoutVerdict(replace(kept, ordered=came))
    cutouts = _current(world) if refresh else world.cutouts
    case = _Case(recipe, settings, remover, picture, world, cutouts, price, commission)
    return _noted(_make(case, (*changes, *outdated), again=refresh))


def _known_picture(master: MasterPlan | None) -> StoredMaster | None:
    match master:
        case Kept(picture):
            return picture
        case Collected(kept) | Redrawn(kept):
            return kept.master
        case _:
            return None


def _is_draft(master: MasterPlan) -> bool:
    match master:
        case Ordered(asking=asking) | Shared(asking=asking):
            return asking.provider == DRAFT
        case _:
            picture = _known_picture(master)
            return picture is not None and picture.provider == DRAFT


def _noted(verdict: CutoutVerdict) -> CutoutVerdict:
    """Drafts have a plain background and are free, and so is cutting them out."""
    cutout = verdict.cutout
    named = cutout.settings.remover if isinstance(cutout, Cutting) else None
    if not isinstance(cutout, Cutting) or named in (None, cutout.remover):
        return verdict
    note = f"its draft is cut out by `{cutout.remover}`; `{named}` will cut out the real picture"
    return replace(verdict, notes=(*verdict.notes, note))


def _current(world: World) -> dict[StepKey, StoredCutout]:
    """The results that `--refresh` keeps to."""
    versions = {name: facts.version for name, facts in REMOVERS.items()}
    return {
        key: cutout
        for key, cutout in world.cutouts.items()
        if versions.get(cutout.remover) == cutout.version and cutout.sha256 in world.blobs
    }


def _outdated(was: LockedCutout, remover: str, world: World) -> tuple[str, ...]:
    """Why `--refresh` cuts out again."""
    if was.remover == ADOPTED:
        return ()
    version = REMOVERS[remover].version
    if was.remover == remover and was.version != version:
        return (f"the remover `{remover}` is newer: {version}",)
    return () if was.sha256 in world.blobs else ("cut out again: the bytes of its cutout are not in the store",)


def _make(case: _Case, reasons: tuple[str, ...], *, again: bool) -> CutoutVerdict:
    """A cutout that no lock entry pins: found in the store as far as it is there, the rest to be done. `again` asks
    for another one in any case."""
    whole = case.cutouts.get(case.key)
    if whole is None:
        return _removed(case, reasons, again=again)
    ordered = case.ordered
    if not case.settings.crop:
        return CutoutVerdict(KeptCutout(whole, ordered=ordered), reasons)
    trimmed = case.cutouts.get(trim_key(whole.sha256, case.settings.padding, case.master.size))
    if trimmed is not None:
        return CutoutVerdict(KeptCutout(trimmed, whole, ordered), reasons)
    way = recreating(KeptCutout(whole, whole, ordered), case.recipe, case.world.blobs, loopback=case.world.loopback)
    if way is None:
        return CutoutVerdict(None, reasons, blocked=lost_cutout(case.recipe, whole))
    return CutoutVerdict(replace(way, pinned=None), (*reasons, *collecting(way)))


def _removed(case: _Case, reasons: tuple[str, ...], *, again: bool) -> CutoutVerdict:
    if case.commission is not None:
        return _ordered(case, case.commission, reasons, again=again)
    task = case.world.open.get(case.key) if case.usd else None
    if exhausted(task) and not again:
        return CutoutVerdict(None, reasons, blocked=_maybe_charged(case))
    if task is not None:
        reasons = (*reasons, _UNANSWERED)
    return CutoutVerdict(Cutting(case.settings, case.remover, case.usd, open=task), reasons)


# --- cutouts on order ------------------------------------------------------------------------------------------------


def _to_come(settings: Cutout, remover: str, usd: Decimal, commission: Commission | None) -> CutoutVerdict:
    """The background of a picture that is still to come."""
    if commission is None:
        return CutoutVerdict(Cutting(settings, remover, usd))
    order = commission.order(None)
    return CutoutVerdict(Cutting(settings, remover, order.usd, order=order), _why(commission))


def _ordered(case: _Case, commission: Commission, reasons: tuple[str, ...], *, again: bool) -> CutoutVerdict:
    task, came = commission.task(case.world), case.ordered
    again = again and not _solves_again(case, came)
    if came is not None and not again and (task is None or task.task is None):
        return _came(case, came, reasons)
    if exhausted(task) and not again:
        return CutoutVerdict(None, reasons, blocked=_maybe_charged(case))
    refusal = commission.refusal(case.world)
    if refusal is not None and is_final(refusal) and task is None and not again:
        return CutoutVerdict(None, reasons, blocked=refused_step(case.recipe, _wish(case), refusal))
    order = replace(commission.order(task), refused=refusal)
    if order.resumes and task is not None:
        does = f"task {task.task} {commission.does}: it is already paid for and will be collected"
        return CutoutVerdict(_placing(case, order, again=again), (*reasons, does))
    before = (_UNANSWERED,) if task is not None else about_refusal(refusal)
    return CutoutVerdict(_placing(case, order, again=again), (*reasons, *_why(commission), *before))


def _solves_again(case: _Case, came: Kept | None) -> bool:
    """Whether a pair that was solved before is still there to be solved once more, for nothing."""
    if came is None or not REMOVERS[case.remover].pairs or case.key not in case.world.cutouts:
        return False
    return way_to(came, case.world.blobs, loopback=case.world.loopback) is not None


def _placing(case: _Case, order: Ordered, *, again: bool) -> Cutting:
    return Cutting(case.settings, case.remover, order.usd, order=order, again=again)


def _why(commission: Commission) -> tuple[str, ...]:
    return (commission.why,) if commission.why else ()


def _came(case: _Case, ordered: Kept, reasons: tuple[str, ...]) -> CutoutVerdict:
    """It was paid for, and what came was not recorded as a cutout yet."""
    way = way_to(ordered, case.world.blobs, loopback=case.world.loopback)
    if way is None:
        made = StoredCutout(ordered.master.sha256, ordered.master.size, case.remover, "")
        return CutoutVerdict(None, reasons, blocked=lost_cutout(case.recipe, made))
    cutting = Cutting(case.settings, case.remover, order=way)
    return CutoutVerdict(cutting, (*reasons, *collecting(cutting)))


def with_bytes(verdict: CutoutVerdict, kept: KeptCutout, recipe: Recipe, world: World) -> CutoutVerdict:
    """How to get at the bytes of a known cutout (rule 3), where something is made from them."""
    made = kept.cutout
    if made.sha256 in world.blobs or made.remover == ADOPTED:
        return verdict
    way = recreating(kept, recipe, world.blobs, loopback=world.loopback)
    if way is None:
        return replace(verdict, cutout=None, blocked=lost_cutout(recipe, made))
    return replace(verdict, cutout=way, reasons=(*verdict.reasons, why(way)))


# --- refusals --------------------------------------------------------------------------------------------------------


def _refused(recipe: Recipe, verdict: CutoutVerdict) -> CutoutVerdict:
    if not isinstance(verdict.cutout, Cutting) or verdict.cutout.usd == NOTHING:
        return verdict
    problem = Problem(
        "blocked",
        f"removing the background of the real picture of `{recipe.name}` has to be paid for, and this run makes drafts",
        recipe.place,
        "leave out --draft, or `--provider draft`",
    )
    return replace(verdict, cutout=None, blocked=problem)


def _wish(case: _Case) -> str:
    """What is ordered is to be ..."""
    return "made on another ground" if REMOVERS[case.remover].pairs else "cut out"


def _maybe_charged(case: _Case) -> Problem:
    what = f"the picture of `{case.recipe.name}`, to be {_wish(case)} by `{case.remover}`,"
    return maybe_charged(case.recipe, what, f"--refresh {case.recipe.name}")
