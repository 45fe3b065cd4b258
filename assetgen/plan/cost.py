"""What a plan takes and costs, and whether it may be paid for. Pure; checked before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal

from assetgen.digest import StepKey
from assetgen.errors import BudgetError
from assetgen.manifest.recipe import AssetId
from assetgen.plan.plan import AssetPlan, CutoutPlan, Cutting, Kept, MasterPlan, Ordered, Plan, Shared, totals
from assetgen.plan.request import Asking


def money(usd: Decimal) -> str:
    """US dollars for people: cents, or up to four decimals where a price has fractions of a cent."""
    cents = usd.quantize(Decimal("0.01"))
    if cents == usd:
        return f"${cents}"
    fine = usd.quantize(Decimal("0.0001"))
    return f"${fine.normalize():f}" if fine else "less than $0.0001"


def price_of(
    masters: Iterable[MasterPlan | None], upscale: MasterPlan | None, cutout: CutoutPlan | None
) -> Decimal | None:
    """US dollars that pictures, making one larger and its cutout cost, None when that is not known."""
    steps = [step.usd for step in (*masters, upscale, cutout) if isinstance(step, Ordered | Cutting)]
    known = [usd for usd in steps if usd is not None]
    return sum(known, Decimal(0)) if len(known) == len(steps) else None


def saved_by(plan: Plan, assets: Collection[AssetId]) -> Decimal:
    """What these assets would have cost besides, in US dollars, if neither the store nor another asset of the run had
    pictures that they ask for. What stays as it was saves nothing; an unknown price counts as none."""
    ordered = {order.asking.key: order.usd for asset in plan.assets for order in asset.orders}
    taken = (_taken(asset, ordered) for asset in plan.assets if asset.asset in assets)
    return sum((usd for prices in taken for usd in prices if usd is not None), Decimal(0))


def _taken(asset: AssetPlan, ordered: Mapping[StepKey, Decimal | None]) -> Iterator[Decimal | None]:
    """The prices of pictures that an asset did not have and that are there without an order of its own."""
    had = set(asset.previous.pictures) if asset.previous else set()
    for picture in (*asset.masters.values(), asset.upscale):
        match picture:
            case Kept(master, asking=Asking()) if master.sha256 not in had:
                yield master.usd
            case Shared(asking=asking):
                yield ordered.get(asking.key)


def check_budget(plan: Plan, max_cost: Decimal | None, *, allow_unpriced: bool) -> None:
    """Each manifest's `budget` holds for its own assets, `max_cost` for the whole run; US dollars. A price that is not
    known could be any, so it is refused under either limit unless `allow_unpriced`. Raises BudgetError."""
    for manifest in plan.manifests:
        budget = manifest.manifest.budget
        if budget is not None:
            _check(manifest.assets, budget, f"the budget of {manifest.manifest.shown}", allow_unpriced)
    if max_cost is not None:
        _check(tuple(plan.assets), max_cost, "--max-cost", allow_unpriced)


def _check(assets: tuple[AssetPlan, ...], limit: Decimal, name: str, allow_unpriced: bool) -> None:
    sums = totals(assets)
    if sums.usd > limit:
        raise BudgetError(
            f"this build would cost {money(sums.usd)}, more than {name} of {money(limit)}; nothing was sent",
            hint="build part of it with --only, or raise the limit",
        )
    if sums.unpriced and not allow_unpriced:
        unknown = ", ".join(f"`{asset.asset}`" for asset in assets if asset.usd is None)
        raise BudgetError(
            f"the price of {unknown} is not known, so {name} of {money(limit)} cannot be kept; nothing was sent",
            hint="--allow-unpriced builds it all the same",
        )
