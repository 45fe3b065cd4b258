"""The parts of an asset that `explain` tells one by one: its variants, and the cells of a sheet. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assetgen.catalog import DRAFT
from assetgen.manifest.recipe import Export
from assetgen.plan.plan import AssetPlan, Collected, Cutting, Kept, MasterPlan, Ordered, Redrawn, Shared, asking_of
from assetgen.plan.request import Asking
from assetgen.plan.world import StoredMaster
from assetgen.report.words import money


def request_of(asset: AssetPlan, number: int | None = None) -> Asking:
    """The request in effect of a variant, by default of the picked one: the planned one, else the one that the lock's
    picture answers."""
    number = number or asset.picked
    planned = asking_of(asset.masters.get(number))
    if planned is not None:
        return planned
    locked = asset.previous.variant(number) if asset.previous else None
    return Asking(
        provider=locked.request.provider if locked else asset.recipe.provider or DRAFT,
        request=asset.recipe.request,
        drawing=asset.recipe.drawing,
        named_provider=asset.recipe.provider,
        reroll=locked.request.reroll if locked else 0,
        shown=asset.shown,
        variant=number,
    )


def cost_rows(asset: AssetPlan) -> Iterator[tuple[str, str]]:
    """What each step costs, where there is more than one to pay for."""
    orders = [order.usd for order in asset.orders]
    steps = [("generate", usd) for usd in orders]
    steps += [("upscale", asset.upscale.usd)] if isinstance(asset.upscale, Ordered) else []
    steps += [("cutout", asset.cutout.usd)] if isinstance(asset.cutout, Cutting) else []
    paid = [(step, usd) for step, usd in steps if usd is None or usd]
    if len({step for step, _ in paid}) > 1:
        yield from ((step, "unknown" if usd is None else money(usd)) for step, usd in paid)


def variant_rows(asset: AssetPlan) -> Iterator[tuple[str, str]]:
    """Two lines for each of several variants: what it is, and what it is asked for with. They differ in nothing but
    their number and their re-roll."""
    if max(asset.recipe.variants, len(asset.masters)) < 2:
        return
    for number in asset.masters or range(1, asset.recipe.variants + 1):
        asking = request_of(asset, number)
        yield f"{number}{', picked' if number == asset.picked else ''}", _standing(asset.masters.get(number))
        key = "not known before the pictures that it shows" if asking.awaits else asking.key
        yield "", f"re-roll {asking.reroll}, key {key}"


def _standing(master: MasterPlan | None) -> str:
    match master:
        case Kept(picture):
            return _described(picture)
        case Collected(Kept(picture)):
            return f"to be collected again by task {picture.task}: {_described(picture)}"
        case Redrawn(Kept(picture)):
            return f"to be drawn again: {_described(picture)}"
        case Ordered(usd=usd) as ordered:
            price = " at a price that is not known" if usd is None else f" for {money(usd)}" if usd else ", free"
            return "on order, to be collected" if ordered.resumes else f"to be made{price}"
        case Shared(leader):
            return f"shared with {leader.name}"
        case None:
            return "blocked"


def _described(picture: StoredMaster) -> str:
    return f"{picture.sha256} ({picture.size}, by {picture.provider})"


def cell_rows(asset: AssetPlan) -> Iterator[tuple[str, str]]:
    """Each cell of a sheet, as references name it, and where it is cut from."""
    cells = {spec.cell: spec.export for spec in asset.recipe.outputs if spec.cell is not None}
    for name, export in cells.items():
        if isinstance(export, Export):
            yield f"{asset.recipe.name}/{name}", str(export.cell)


def parts_of(asset: AssetPlan) -> tuple[str, ...]:
    """What can be named behind the asset and a slash: cells, and the numbers of variants."""
    cells = dict.fromkeys(spec.cell for spec in asset.recipe.outputs if spec.cell is not None)
    return *cells, *map(str, range(1, asset.recipe.variants + 1))


def only_part(asset: AssetPlan, part: str) -> AssetPlan:
    """The verdict on a sheet with the files of one of its cells only; a variant is told beside the others."""
    cell = any(spec.cell == part for spec in asset.recipe.outputs)
    return _only_cell(asset, part) if cell else asset


def _only_cell(asset: AssetPlan, cell: str) -> AssetPlan:
    return replace(
        asset,
        recipe=replace(asset.recipe, outputs=tuple(spec for spec in asset.recipe.outputs if spec.cell == cell)),
        writes=tuple(write for write in asset.writes if write.spec.cell == cell),
        kept=tuple(spec for spec in asset.kept if spec.cell == cell),
        dropped=(),
    )
