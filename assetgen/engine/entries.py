"""What the lock is told of an asset that was built: the pictures of its variants, which one is picked, and the request
that they answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from assetgen.digest import Digest
from assetgen.errors import UsageError
from assetgen.lock.entry import Entry, succeeding
from assetgen.lock.model import LockedMaster, LockedOutput, LockedRequest
from assetgen.plan.cutout_records import locked_cutout
from assetgen.plan.master import locked_master
from assetgen.plan.plan import AssetPlan, KeptCutout, asking_of
from assetgen.plan.request import Asking, asked
from assetgen.plan.upscale import locked_upscale
from assetgen.plan.world import StoredMaster


def entry_of(
    plan: AssetPlan,
    masters: Mapping[int, StoredMaster],
    base: StoredMaster,
    kept: KeptCutout | None,
    outputs: dict[str, LockedOutput],
) -> Entry:
    """The lock entry of an asset; `masters` are the pictures of its variants by number, from 1 without gaps, `base`
    is the picked one made larger, if it is to be, and `kept` without its background."""
    settings, enlarged = plan.recipe.cutout, plan.recipe.upscale
    upscale = locked_upscale(enlarged, base) if enlarged and plan.upscale else None
    cutout = locked_cutout(settings, kept) if settings and kept else None
    askings = {number: asking_of(master) for number, master in plan.masters.items()}
    was = plan.previous
    if was is not None and not any(askings.values()) and was.shows(plan.picked):
        pick = _pick(was.masters, plan.picked)
        made = {"upscale": upscale, "cutout": cutout, "outputs": outputs}
        return was.model_copy(update={**made, "pick": pick, "exported": None})
    pictures = [locked_master(masters[n], _reroll(plan, n, askings[n])) for n in sorted(masters)]
    pictures += _beyond(plan, len(pictures), askings[1])
    return succeeding(
        was,
        request=_request(plan, askings[1]),
        masters=pictures,
        upscale=upscale,
        cutout=cutout,
        outputs=outputs,
        pick=_pick(pictures, plan.picked),
    )


def picked_entry(plan: AssetPlan, number: int) -> Entry:
    """The lock entry once variant `number` is picked; its outputs still show the one that they were made from.

    Raises UsageError for a variant that there is not, and where the manifest picks."""
    name, place, was = plan.recipe.name, plan.recipe.place, plan.previous
    if plan.recipe.pick is not None:
        message = f"the manifest picks variant {plan.recipe.pick} of `{name}`"
        raise UsageError(message, hint="change `pick` there, or delete it", place=place)
    if was is None:
        raise UsageError(f"`{name}` has no picture yet", hint="build it first", place=place)
    if number > len(was.masters):
        count = f"{len(was.masters)} variants" if len(was.masters) > 1 else "one picture only"
        hint = f"write `variants: {number}` and build, to have more to choose from"
        raise UsageError(f"`{name}` has {count}", hint=hint, place=place)
    exported = None if was.shows(number) else was.master.sha256
    return was.model_copy(update={"pick": _pick(was.masters, number), "exported": exported})


def _pick(pictures: list[LockedMaster], picked: int) -> Digest | None:
    """Nothing for the first: that is what holds where nobody picked one."""
    return pictures[picked - 1].sha256 if picked > 1 else None


def _request(plan: AssetPlan, asking: Asking | None) -> LockedRequest:
    if asking is not None:
        return asking.locked()
    if plan.previous is None:
        raise AssertionError(f"{plan.asset} keeps a picture that no lock entry knows")
    return plan.previous.request


def _reroll(plan: AssetPlan, number: int, asking: Asking | None) -> int:
    """That of a variant after the first; the first one's is in the request."""
    if number == 1:
        return 0
    was = plan.previous.variant(number) if plan.previous and asking is None else None
    return asking.reroll if asking else was.request.reroll if was else 0


def _beyond(plan: AssetPlan, count: int, asking: Asking | None) -> list[LockedMaster]:
    """Variants that the manifest does not ask for any more: paid for, and still pictures of the same request."""
    was = plan.previous
    if was is None or len(was.masters) <= count:
        return []
    same = asking is None or asking.base_key == asked(was.request, plan.recipe.drawing).base_key
    return was.masters[count:] if same else []
