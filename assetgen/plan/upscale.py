"""Whether a picture is made larger by a paid step, or that is done already, or nothing of the kind is wanted. Pure.

The step is an order like any other: a request that shows one picture, with a key of its own. So it is journalled,
resumed and found in the store as masters are, and never made again to recreate bytes (product rule 8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from assetgen.catalog import DRAFT, Catalog
from assetgen.catalog.models import nominal_size
from assetgen.digest import Digest, StepKey
from assetgen.errors import Problem
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedUpscale
from assetgen.manifest.recipe import PixelSize, Recipe, Request, Upscale
from assetgen.plan.case import Past, open_task
from assetgen.plan.doubt import exhausted, maybe_charged
from assetgen.plan.plan import AssetPlan, Collected, Kept, MasterPlan, Options, Ordered, Redrawn, Shared
from assetgen.plan.refusal import about_refusal, is_final, refusal_of, refused_step
from assetgen.plan.request import ADOPTED, NOTHING_DRAWN, Asking, Shown, stored_is_real
from assetgen.plan.world import OpenTask, StoredMaster, World


def upscaling(upscale: Upscale, provider: str, picture: Digest, awaits: str = "") -> Asking:
    """The request that makes a picture larger."""
    shown = Shown("picture", picture, awaits=awaits)
    return Asking(provider, Request(upscale.model, "", {}, upscale.input), NOTHING_DRAWN, shown=(shown,))


def locked_upscale(upscale: Upscale, larger: StoredMaster) -> LockedUpscale:
    """The step as the lock records it."""
    return LockedUpscale(
        model=upscale.model,
        input=dict(upscale.input),
        sha256=larger.sha256,
        width=larger.size.width,
        height=larger.size.height,
        format=larger.format,
        provider=larger.provider,
        task_id=larger.task,
        usd=larger.usd,
        charged=larger.charged,
    )


def stored_upscale(locked: LockedUpscale) -> StoredMaster:
    """The larger picture of a lock entry, as the store knows pictures."""
    size = PixelSize(locked.width, locked.height)
    return StoredMaster(locked.sha256, size, locked.format, locked.provider, locked.task_id, locked.usd, locked.charged)


def upscale_key(asset: AssetPlan) -> StepKey | None:
    """The key of the step in a plan, None while the picture is not known."""
    picture, upscale = known_picture(asset.master), asset.recipe.upscale
    if picture is None or upscale is None:
        return None
    match asset.upscale:
        case Ordered(asking=asking):
            return asking.key
        case Kept(larger) | Collected(Kept(larger)):
            return upscaling(upscale, larger.provider, picture.sha256).key
        case _:
            return None


def known_larger(entry: Entry) -> dict[StepKey, StoredMaster]:
    """What a lock entry says of the step: its picture is the result of its request (rule 3)."""
    was = entry.upscale
    if was is None or was.provider == ADOPTED:
        return {}
    asking = upscaling(Upscale(was.model, 1, was.input), was.provider, entry.master.sha256)
    return {asking.key: stored_upscale(was)}


def upscale_changes(was: LockedUpscale | None, now: Upscale | None) -> tuple[str, ...]:
    """Every way in which the step differs from the locked one, as sentences."""
    if was is None or now is None:
        return () if was is None and now is None else ("upscale added" if now else "upscale removed",)
    return tuple(_changes(was, now))


def _changes(was: LockedUpscale, now: Upscale) -> Iterator[str]:
    if was.model != now.model:
        yield f"upscale model changed: `{was.model}` -> `{now.model}`"
    elif was.input != dict(now.input):
        before, after = (", ".join(map(str, fields.values())) for fields in (was.input, now.input))
        yield f"upscale factor changed: `{before}` -> `{after}`"


# --- the verdict -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UpscaleVerdict:
    """The decision, None when nothing is enlarged; and why."""

    upscale: MasterPlan | None
    reasons: tuple[str, ...] = ()
    blocked: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """One asset whose picture is to be larger. `again` asks for a request once more that was never answered."""

    recipe: Recipe
    upscale: Upscale
    world: World
    catalog: Catalog
    again: bool


def decide_upscale(
    recipe: Recipe,
    past: Past,
    master: MasterPlan | None,
    world: World,
    options: Options,
    catalog: Catalog,
    *,
    again: bool,
) -> UpscaleVerdict:
    """The verdict on the step for one asset, whose picture is that of `master`. Drafts are drawn as large as the real
    picture will be, and what a person put in place stays as it is."""
    picture, upscale, entry = known_picture(master), recipe.upscale, past.entry
    pinned = entry is not None and picture is not None and picture.sha256 == entry.master.sha256
    was = entry.upscale if entry is not None and pinned else None
    if master is None or upscale is None or _is_made_here(master):
        return UpscaleVerdict(None, ("upscale removed",) if was is not None and master is not None else ())
    changes = upscale_changes(was, upscale) if pinned else ()
    if was is not None and not changes:
        return UpscaleVerdict(Kept(stored_upscale(was)))
    case = _Case(recipe, upscale, world, catalog, again)
    verdict = _ordered(case, master) if picture is None else _made(case, picture, changes)
    drafts = options.draft or (options.provider or recipe.provider) == DRAFT
    return _refused(recipe, verdict) if drafts else verdict


def known_picture(master: MasterPlan | None) -> StoredMaster | None:
    """The picture that a plan is about, where it is known already."""
    match master:
        case Kept(picture) | Collected(Kept(picture)) | Redrawn(Kept(picture)):
            return picture
        case _:
            return None


def _is_made_here(master: MasterPlan) -> bool:
    match master:
        case Ordered(asking=asking) | Shared(asking=asking):
            return asking.provider == DRAFT
        case _:
            picture = known_picture(master)
            return picture is not None and picture.provider in (DRAFT, ADOPTED)


def _made(case: _Case, picture: StoredMaster, reasons: tuple[str, ...]) -> UpscaleVerdict:
    """The step for a picture that is known: its result may be in the store, or on its way."""
    asking = upscaling(case.upscale, case.catalog.models[case.upscale.model].provider, picture.sha256)
    found = case.world.results.get(asking.key)
    if found is not None and stored_is_real(found, loopback=case.world.loopback):
        return UpscaleVerdict(Kept(found, asking), reasons)
    task = open_task(case.world, asking.key)
    if exhausted(task) and not case.again:
        what = f"the order to make the picture of `{case.recipe.name}` larger"
        return UpscaleVerdict(None, reasons, blocked=maybe_charged(case.recipe, what, f"--refresh {case.recipe.name}"))
    refusal = refusal_of(case.world, asking)
    if refusal is not None and is_final(refusal) and task is None and not case.again:
        return UpscaleVerdict(None, reasons, blocked=refused_step(case.recipe, "made larger", refusal))
    order = replace(_order(case, asking, picture.size, task), refused=refusal)
    about = _about(task) or about_refusal(refusal)
    return UpscaleVerdict(order, (*reasons, *about, *_priced(order)))


def _ordered(case: _Case, master: MasterPlan) -> UpscaleVerdict:
    """The step for a picture that is still to come."""
    key, size = _on_order(case.recipe, master)
    provider = case.catalog.models[case.upscale.model].provider
    asking = upscaling(case.upscale, provider, Digest(f"picture of {key}"), "its picture")
    order = _order(case, asking, size, None)
    return UpscaleVerdict(order, _priced(order))


def _on_order(recipe: Recipe, master: MasterPlan) -> tuple[StepKey, PixelSize]:
    """What tells the picture from others, and the size that it is expected to have."""
    match master:
        case Ordered(asking=asking, expected=expected):
            return asking.key, expected
        case Shared(asking=asking):
            size = recipe.expected or PixelSize(*nominal_size(recipe.request.parameters))
            return asking.key, size
    raise AssertionError(f"the picture of {recipe.name} is known")


def _order(case: _Case, asking: Asking, size: PixelSize, task: OpenTask | None) -> Ordered:
    larger = size.times(case.upscale.factor)
    model = case.catalog.models[case.upscale.model]
    price = Decimal(0) if task and task.task else model.price_of_size(larger.width, larger.height)
    guessed = not model.factors or case.recipe.expected is None
    return Ordered(asking, larger, price, task, guessed=guessed, pictures=model.pictures, again="--refresh")


def _priced(order: Ordered) -> tuple[str, ...]:
    """The price of the step, where there is one to be paid."""
    made = f"`{order.asking.request.model}` makes it {'larger' if order.guessed else order.expected}"
    if order.usd is None:
        return (f"{made}, at a price that is not known",)
    return (f"{made}, for ${order.usd:f}",) if order.usd else ()


def _about(task: OpenTask | None) -> tuple[str, ...]:
    if task is None:
        return ()
    if task.task is not None:
        return (f"task {task.task} makes it larger: it is already paid for and will be collected",)
    return ("an earlier order to make it larger was never answered and may have been charged; it is sent once more",)


# --- when the picture is there ---------------------------------------------------------------------------------------


def settled(ordered: Ordered, upscale: Upscale, picture: StoredMaster) -> Ordered:
    """The order as it is placed, now that the picture to be made larger is there."""
    asking = upscaling(upscale, ordered.asking.provider, picture.sha256)
    return replace(ordered, asking=asking, expected=picture.size.times(upscale.factor))


def with_larger_bytes(verdict: UpscaleVerdict, kept: Kept, recipe: Recipe, world: World) -> UpscaleVerdict:
    """How to get at the bytes of a known larger picture (rule 3): it is collected again, never paid for again."""
    larger = kept.master
    if larger.sha256 in world.blobs or larger.provider == ADOPTED:
        return verdict
    if larger.task and stored_is_real(larger, loopback=world.loopback):
        reason = "its larger picture is collected again for free: not in the store"
        return replace(verdict, upscale=Collected(kept), reasons=(*verdict.reasons, reason))
    problem = Problem(
        "blocked",
        f"the larger picture of `{recipe.name}` ({larger.sha256[:12]}) is needed and not in the store",
        recipe.place,
        "bring it back by restoring .assetgen/ from whoever built it, undo the change that needs it, or pay for a "
        f"different picture with --regenerate {recipe.name}",
    )
    return replace(verdict, upscale=None, blocked=problem)


# --- refusals --------------------------------------------------------------------------------------------------------


def _refused(recipe: Recipe, verdict: UpscaleVerdict) -> UpscaleVerdict:
    """A run that is to make drafts pays for nothing."""
    if not isinstance(verdict.upscale, Ordered) or verdict.upscale.resumes:
        return verdict
    problem = Problem(
        "blocked",
        f"making the real picture of `{recipe.name}` larger has to be paid for, and drafts are asked for",
        recipe.place,
        "leave out --draft or `provider: draft`, or delete `upscale`",
    )
    return replace(verdict, upscale=None, blocked=problem)
