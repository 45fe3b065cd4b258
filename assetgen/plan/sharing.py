"""What several assets of a run have in common is made once: the first asset that wants it makes it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from assetgen.digest import Digest, StepKey
from assetgen.manifest.recipe import AssetId
from assetgen.plan.commission import why_second
from assetgen.plan.cost import price_of
from assetgen.plan.cutout_records import removal_key
from assetgen.plan.plan import (
    Action,
    AssetPlan,
    Collected,
    CutoutPlan,
    Cutting,
    Kept,
    MasterPlan,
    Ordered,
    Redrawn,
    Shared,
)
from assetgen.plan.world import OpenTask


def shared(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """The plan of one asset, less what an earlier one of the run does already; `leaders` are those, by key."""
    return _share_cutout(_share_upscale(_share_master(asset, leaders), leaders), leaders)


def action_of(
    masters: Iterable[MasterPlan | None],
    upscale: MasterPlan | None,
    cutout: CutoutPlan | None,
    reasons: tuple[str, ...],
) -> Action:
    """The costliest step. Copying a published file back is no step: what stands there is content enough."""
    steps = set(map(_step, masters))
    if steps & {Action.GENERATE, Action.RESUME}:
        return Action.GENERATE if Action.GENERATE in steps else Action.RESUME
    match upscale:
        case Ordered(open=OpenTask(task=str())) | Collected():
            return Action.RESUME
        case Ordered():
            return Action.UPSCALE
        case _ if isinstance(cutout, Cutting):
            return Action.CUTOUT
        case _:
            return Action.EXPORT if reasons else Action.UP_TO_DATE


def _step(master: MasterPlan | None) -> Action | None:
    """What has to be done for one picture, None when nothing that counts."""
    match master:
        case Ordered(open=OpenTask(task=str())) | Collected():
            return Action.RESUME
        case Ordered() | Redrawn():
            return Action.GENERATE
        case _:
            return None


def _share_master(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """Equal requests share one master: only the first asset of a run orders it (rule 1)."""
    masters = {number: _led(asset.asset, master, leaders) for number, master in asset.masters.items()}
    others = dict.fromkeys(master.leader for master in masters.values() if isinstance(master, Shared))
    if not others:
        return asset
    reasons = (*asset.reasons, *(f"shares the picture of `{leader}`" for leader in others))
    return replace(
        asset,
        action=action_of(masters.values(), asset.upscale, asset.cutout, reasons),
        usd=price_of(masters.values(), asset.upscale, asset.cutout),
        reasons=reasons,
        master=masters[asset.picked],
        others=tuple(replace(variant, master=masters[variant.number]) for variant in asset.others),
    )


def _led(asset: AssetId, master: MasterPlan, leaders: dict[StepKey, AssetId]) -> MasterPlan:
    if not isinstance(master, Ordered):
        return master
    leader = leaders.setdefault(master.asking.key, asset)
    return master if leader == asset else Shared(leader, master.asking)


def _share_upscale(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """One picture is made larger once, and paid for once, whoever wants it larger."""
    larger = asset.upscale
    if not isinstance(larger, Ordered) or leaders.setdefault(larger.asking.key, asset.asset) == asset.asset:
        return asset
    return replace(asset, usd=price_of(asset.masters.values(), None, asset.cutout))


def _share_cutout(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """The background of one picture is removed once, and paid for once, whoever wants it without."""
    cutting = asset.cutout
    if not isinstance(cutting, Cutting) or cutting.whole is not None or asset.base is None:
        return asset
    key = removal_key(_picture(asset.base), cutting.remover, holes=cutting.settings.holes)
    if leaders.setdefault(key, asset.asset) == asset.asset:
        return asset
    order = cutting.order
    paid = why_second(order.asking.request.model, order.usd) if isinstance(order, Ordered) else ""
    asset = replace(asset, reasons=tuple(reason for reason in asset.reasons if reason != paid))
    if asset.usd is None or cutting.usd is None:
        return asset
    return replace(asset, usd=max(asset.usd - cutting.usd, Decimal(0)))


def _picture(master: MasterPlan) -> Digest:
    """What tells a picture from others: its digest, or its key while that is not known."""
    match master:
        case Ordered(asking=asking) | Shared(asking=asking):
            return Digest(asking.key)
        case Kept(picture):
            return picture.sha256
        case Collected(kept) | Redrawn(kept):
            return kept.master.sha256
