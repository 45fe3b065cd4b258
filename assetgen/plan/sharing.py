"""What several assets of a run have in common is made once: the first asset that wants it makes it. Pure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from assetgen.digest import Digest, StepKey
from assetgen.manifest.recipe import AssetId
from assetgen.plan.cost import price_of
from assetgen.plan.cutout import removal_key
from assetgen.plan.plan import Action, AssetPlan, Collected, Cutting, Kept, MasterPlan, Ordered, Redrawn, Shared


def shared(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """The plan of one asset, less what an earlier one of the run does already; `leaders` are those, by key."""
    return _share_cutout(_share_master(asset, leaders), leaders)


def _share_master(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """Equal requests share one master: only the first asset of a run orders it (rule 1)."""
    if not isinstance(asset.master, Ordered):
        return asset
    asking = asset.master.asking
    leader = leaders.setdefault(asking.key, asset.asset)
    if leader == asset.asset:
        return asset
    return replace(
        asset,
        action=Action.CUTOUT if isinstance(asset.cutout, Cutting) else Action.EXPORT,
        usd=price_of(None, asset.cutout),
        reasons=(*asset.reasons, f"shares the picture of `{leader}`"),
        master=Shared(leader, asking),
    )


def _share_cutout(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """The background of one picture is removed once, and paid for once, whoever wants it without."""
    cutting = asset.cutout
    if not isinstance(cutting, Cutting) or cutting.whole is not None or asset.master is None:
        return asset
    key = removal_key(_picture(asset.master), cutting.remover, holes=cutting.settings.holes)
    if leaders.setdefault(key, asset.asset) == asset.asset:
        return asset
    return replace(asset, usd=None if asset.usd is None else max(asset.usd - cutting.usd, Decimal(0)))


def _picture(master: MasterPlan) -> Digest:
    """What tells a picture from others: its digest, or its key while that is not known."""
    match master:
        case Ordered(asking=asking) | Shared(asking=asking):
            return Digest(asking.key)
        case Kept(picture):
            return picture.sha256
        case Collected(kept) | Redrawn(kept):
            return kept.master.sha256
