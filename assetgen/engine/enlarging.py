"""Getting an asset's picture made larger: an order like any other, placed once the picture is there.

Whether that is wanted is the plan's to decide; how an order is placed and collected is `ordering`'s.
"""

from __future__ import annotations

from assetgen.digest import Digest
from assetgen.engine.gallery import Gallery
from assetgen.engine.once import once
from assetgen.engine.ordering import Ordering
from assetgen.engine.pictures import got_back
from assetgen.engine.recovering import collect_again
from assetgen.engine.run import Run
from assetgen.engine.shop import Job
from assetgen.manifest.recipe import Reference
from assetgen.plan.case import Past
from assetgen.plan.plan import AssetPlan, Collected, Kept, ManifestPlan, Ordered, asking_of
from assetgen.plan.recreate import recreated
from assetgen.plan.request import Shown
from assetgen.plan.upscale import settled
from assetgen.plan.world import StoredMaster
from assetgen.store.blobs import MissingBlobError


async def base_of(run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, master: StoredMaster) -> StoredMaster:
    """The picture that everything else is made from: the master, or that made larger. Raises AssetError and
    StateError."""
    shop = run.shop
    match plan.upscale:
        case Kept(larger):
            return larger
        case Collected(kept) as way:
            return await collect_again(shop, job, shop.lines.to(kept.master.provider), way)
        case Ordered() as ordered if plan.recipe.upscale is not None:
            exact = settled(ordered, plan.recipe.upscale, master)
            return await once(run.enlarging, exact.asking.key, _enlarged(run, manifest, plan, job, exact, master))
        case _:
            return master


async def _enlarged(
    run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, ordered: Ordered, master: StoredMaster
) -> StoredMaster:
    """Order it, unless an earlier order for the very same brought it already."""
    known = run.shop.state.results.masters().get(ordered.asking.key)
    if known is not None:
        return known

    async def fetch(_reference: Reference, _shown: Shown) -> Digest:
        await _at_hand(run, manifest, plan, job, master)
        return master.sha256

    step = job.part()
    gallery = Gallery(run.shop, step, (Reference("asset", plan.recipe.name),), fetch)
    line = run.shop.lines.to(ordered.asking.provider)
    try:
        return await Ordering(run.shop, step, line, ordered, gallery).master()
    finally:
        job.takes(step)


async def _at_hand(run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, master: StoredMaster) -> None:
    """Have the bytes of the master in the store, got back if that lost them. Raises BlockedError."""
    try:
        await run.shop.threads.run(run.shop.blobs.verified, master.sha256)
    except MissingBlobError:
        kept = Kept(master, asking_of(plan.master))
        made = Past(plan.previous).made_by(plan.picked, plan.recipe)
        way = recreated(kept, made, loopback=manifest.world.loopback)
        if way is None:
            raise
        await got_back(run.shop, job, way)
