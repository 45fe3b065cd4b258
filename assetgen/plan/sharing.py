"""What several assets of a run have in common is made once: the first asset that wants it makes it. Pure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from assetgen.digest import Digest, StepKey
from assetgen.manifest.recipe import AssetId
from assetgen.plan.cost import price_of
from assetgen.plan.cutout import removal_key
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
    master: MasterPlan | None, upscale: MasterPlan | None, cutout: CutoutPlan | None, reasons: tuple[str, ...]
) -> Action:
    """The costliest step. Copying a published file back is no step: what stands there is content enough."""
    match master, upscale:
        case ((Ordered(open=OpenTask(task=str())) | Collected()), _):
            return Action.RESUME
        case ((Ordered() | Redrawn()), _):
            return Action.GENERATE
        case _, (Ordered(open=OpenTask(task=str())) | Collected()):
            return Action.RESUME
        case _, Ordered():
            return Action.UPSCALE
        case _ if isinstance(cutout, Cutting):
            return Action.CUTOUT
        case _:
            return Action.EXPORT if reasons else Action.UP_TO_DATE


def _share_master(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """Equal requests share one master: only the first asset of a run orders it (rule 1)."""
    if not isinstance(asset.master, Ordered):
        return asset
    asking = asset.master.asking
    leader = leaders.setdefault(asking.key, asset.asset)
    if leader == asset.asset:
        return asset
    reasons = (*asset.reasons, f"shares the picture of `{leader}`")
    return replace(
        asset,
        action=action_of(None, asset.upscale, asset.cutout, reasons),
        usd=price_of(None, asset.upscale, asset.cutout),
        reasons=reasons,
        master=Shared(leader, asking),
    )


def _share_upscale(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """One picture is made larger once, and paid for once, whoever wants it larger."""
    larger = asset.upscale
    if not isinstance(larger, Ordered) or leaders.setdefault(larger.asking.key, asset.asset) == asset.asset:
        return asset
    master = None if isinstance(asset.master, Shared) else asset.master
    return replace(asset, usd=price_of(master, None, asset.cutout))


def _share_cutout(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """The background of one picture is removed once, and paid for once, whoever wants it without."""
    cutting = asset.cutout
    if not isinstance(cutting, Cutting) or cutting.whole is not None or asset.base is None:
        return asset
    key = removal_key(_picture(asset.base), cutting.remover, holes=cutting.settings.holes)
    if leaders.setdefault(key, asset.asset) == asset.asset:
        return asset
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
