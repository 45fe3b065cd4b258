"""A run in progress, and what its assets wait for from one another: pictures on order, and pictures that are shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from assetgen.digest import Digest, StepKey
from assetgen.engine.events import Begun, Outcome, Stage
from assetgen.engine.purse import Purse
from assetgen.engine.record import LockRecord
from assetgen.engine.shop import Shop
from assetgen.errors import AssetError
from assetgen.manifest.recipe import AssetId, AssetName
from assetgen.plan.art import Art
from assetgen.plan.lending import borrowing
from assetgen.plan.plan import AssetPlan, CutoutPlan, KeptCutout, MasterPlan, Ordered, Plan, Shared
from assetgen.plan.showing import DEPENDENCY, dependencies
from assetgen.plan.world import StoredMaster


class DependencyFailedError(AssetError):
    """The asset whose picture this one shares or shows did not get it."""

    code = DEPENDENCY


@dataclass(slots=True)
class Run:
    """One run in progress. `records` and `purses` go by manifest, as it is shown; `replan` plans an asset again when
    the pictures that it shows are there. `orders` are the pictures on order, by key, for assets that share them with
    those of `leaders`; `pictures` and `cutouts` are those of all assets, for others that show them, and `arts` what
    their files are made from, for others that borrow it. None stands for one that did not come; `enlarging` are those
    that are being made larger. `plans` are the plans as they hold now. `stopped` is set by the first failure under
    `fail_fast`; `begun` is what an interruption cut short."""

    shop: Shop
    plan: Plan
    records: Mapping[str, LockRecord]
    purses: Mapping[str, Purse]
    replan: Callable[[AssetPlan, Mapping[str, Digest]], AssetPlan]
    fail_fast: bool
    orders: dict[StepKey, asyncio.Future[StoredMaster | None]] = field(default_factory=dict)
    leaders: dict[StepKey, AssetId] = field(default_factory=dict)
    pictures: dict[AssetId, asyncio.Future[StoredMaster | None]] = field(default_factory=dict)
    cutouts: dict[AssetId, asyncio.Future[KeptCutout | None]] = field(default_factory=dict)
    arts: dict[AssetId, asyncio.Future[Art | None]] = field(default_factory=dict)
    plans: dict[AssetId, AssetPlan] = field(default_factory=dict)
    enlarging: dict[StepKey, asyncio.Future[StoredMaster]] = field(default_factory=dict)
    outcomes: dict[AssetId, Outcome] = field(default_factory=dict)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    stopped: bool = False
    begun: list[Begun] = field(default_factory=list)

    @property
    def ended(self) -> tuple[Outcome, ...]:
        """The outcomes so far, in the order of the plan."""
        return tuple(self.outcomes[asset.asset] for asset in self.plan.assets if asset.asset in self.outcomes)


def open_pictures(run: Run) -> None:
    """Nothing is there yet of what assets may wait for."""
    loop = asyncio.get_running_loop()
    for asset in run.plan.assets:
        run.plans[asset.asset] = asset
        run.pictures[asset.asset] = loop.create_future()
        run.cutouts[asset.asset] = loop.create_future()
        run.arts[asset.asset] = loop.create_future()
        for order in asset.orders if not asset.awaits else ():
            _lead(run, asset, order.asking.key)


def _lead(run: Run, plan: AssetPlan, key: StepKey) -> None:
    run.orders[key], run.leaders[key] = asyncio.get_running_loop().create_future(), plan.asset


def hand_on(run: Run, plan: AssetPlan, master: StoredMaster) -> None:
    """Those that show the picture need not wait for its files."""
    if not run.pictures[plan.asset].done():
        run.pictures[plan.asset].set_result(master)


async def planned_again(run: Run, plan: AssetPlan, record: LockRecord) -> AssetPlan:
    """The plan for an asset once all that it shows is there. What another asset has on order by now is shared."""
    known: dict[str, Digest] = {}
    awaited = plan.awaiting.shown if plan.awaiting else ()
    for name in map(AssetName, dependencies(plan.recipe)):
        picture = await picture_of(run, replace(plan.asset, name=name))
        if picture is not None:
            known[f"asset:{name}"] = picture.sha256
        elif any(shown.awaits and shown.shows(name) for shown in awaited):
            raise DependencyFailedError(f"shows `{name}`, which did not get its picture")
    for reference, shown in zip(plan.recipe.request.references, awaited, strict=True):
        if shown.awaits and reference.kind == "url":
            say = partial(run.shop.listener.moved, plan.asset, Stage.DOWNLOADING)
            known[shown.source] = await run.shop.web.picture(reference.name, say)
            record.fetched(plan, shown.source, known[shown.source])
    plan = run.replan(plan, known)
    masters = {number: _on_order(run, plan, master) for number, master in plan.masters.items()}
    others = tuple(replace(variant, master=masters[variant.number]) for variant in plan.others)
    plan = run.plans[plan.asset] = replace(plan, master=masters.get(plan.picked), others=others)
    return plan


def _on_order(run: Run, plan: AssetPlan, master: MasterPlan) -> MasterPlan:
    if not isinstance(master, Ordered):
        return master
    key = master.asking.key
    if key in run.orders:
        return Shared(run.leaders[key], master.asking)
    _lead(run, plan, key)
    return master


async def picture_of(run: Run, asset: AssetId) -> StoredMaster | None:
    """The picture of an asset of the run once that has it, None when it does not get one."""
    return await asyncio.shield(run.pictures[asset]) if asset in run.pictures else None


def settle_cutout(run: Run, plan: AssetPlan, cutout: KeptCutout | None) -> None:
    """There is such a picture now, or there will be none: those that show it need not wait for files either."""
    if not run.cutouts[plan.asset].done():
        run.cutouts[plan.asset].set_result(cutout)


def hand_on_cutout(run: Run, plan: AssetPlan, cutout: CutoutPlan | None) -> None:
    """Likewise for a picture without its background, as soon as that is known."""
    if isinstance(cutout, KeptCutout):
        settle_cutout(run, plan, cutout)


async def cutout_of(run: Run, asset: AssetId) -> KeptCutout | None:
    """The picture of an asset of the run without its background, None when it does not get one."""
    return await asyncio.shield(run.cutouts[asset]) if asset in run.cutouts else None


def hand_on_art(run: Run, asset: AssetId, art: Art | None) -> None:
    """Likewise for what files are made from, as soon as its bytes are there."""
    if art is not None and not run.arts[asset].done():
        run.arts[asset].set_result(art)


async def borrowed_arts(run: Run, plan: AssetPlan) -> dict[str, Art]:
    """What other assets lend to the files that are to be written, by their names. Raises DependencyFailedError."""
    return {name: await _borrowed(run, plan, name) for name in dict.fromkeys(borrowing(plan.writes))}


async def _borrowed(run: Run, plan: AssetPlan, name: AssetName) -> Art:
    lender = replace(plan.asset, name=name)
    art = await asyncio.shield(run.arts[lender]) if lender in run.arts else plan.loans[name].art
    if art is None:
        raise DependencyFailedError(f"its files show `{name}`, which did not get its picture")
    return art


async def shared_picture(run: Run, shared: Shared) -> StoredMaster:
    """The picture that another asset has on order. Raises DependencyFailedError."""
    master = await asyncio.shield(run.orders[shared.asking.key])
    if master is None:
        raise DependencyFailedError(f"shares its picture with `{shared.leader}`, which did not get it")
    return master


def release(run: Run, asset: AssetId) -> None:
    """Whoever waits for a picture that did not come must not wait for ever."""
    keys = (order.asking.key for order in run.plans[asset].orders)
    for future in (run.pictures[asset], *(run.orders[key] for key in keys if key in run.orders)):
        if not future.done():
            future.set_result(None)
    for waiting in (run.cutouts[asset], run.arts[asset]):
        if not waiting.done():
            waiting.set_result(None)
