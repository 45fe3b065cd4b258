"""Getting an asset's picture, whatever the plan says it takes, and having the bytes of others' at hand."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from assetgen.engine.gallery import Gallery
from assetgen.engine.ordering import Ordering
from assetgen.engine.recovering import collect_again, draw_again
from assetgen.engine.run import Run, asking_of, picture_of, shared_picture
from assetgen.engine.shop import Job, Shop
from assetgen.engine.writing import put_outputs
from assetgen.lock import LockedOutput
from assetgen.manifest.recipe import AssetName, Reference
from assetgen.plan.master import stored
from assetgen.plan.plan import AssetPlan, Collected, Kept, ManifestPlan, Ordered, Redrawn, Shared
from assetgen.plan.recreate import recreated
from assetgen.plan.request import Shown
from assetgen.plan.world import StoredMaster
from assetgen.store.blobs import MissingBlobError


async def master_of(run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job) -> StoredMaster:
    """The picture of an asset that is not blocked. Raises AssetError and StateError."""
    shop = run.shop
    match plan.master:
        case Kept(master):
            return master
        case Ordered() as ordered:
            line = shop.lines.to(ordered.asking.provider)
            gallery = Gallery(shop, job, plan.recipe.request.references, partial(_fetch, run, manifest, plan, job))
            master = await Ordering(shop, job, line, ordered, gallery).master()
            run.orders[ordered.asking.key].set_result(master)
            return master
        case Shared() as shared:
            return await shared_picture(run, shared)
        case Collected() | Redrawn() as way:
            return await _got_back(shop, job, way)
        case None:
            raise AssertionError(f"{plan.asset} is not blocked and has no master")


async def _fetch(
    run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, reference: Reference, shown: Shown
) -> None:
    """Have the picture of another asset, or of an address, in the store, got back if that lost it. Raises BlockedError
    and FetchError."""
    if reference.kind == "url":
        await run.shop.web.pinned(reference.name, shown.sha256)
        return
    name = replace(plan.asset, name=AssetName(reference.name))
    await picture_of(run, name)
    try:
        await run.shop.threads.run(run.shop.blobs.verified, shown.sha256)
    except MissingBlobError:
        other = run.plans.get(name)
        previous = other.previous if other else None
        if other is None or previous is None or previous.master.sha256 != shown.sha256:
            raise
        way = recreated(Kept(stored(previous.master)), other.recipe, previous, loopback=manifest.world.loopback)
        if way is None:
            raise
        await _got_back(run.shop, job, way)


async def outputs_of(
    run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, master: StoredMaster
) -> dict[str, LockedOutput]:
    """Put the outputs in place. A picture that turns out to be damaged in the store is got back first, once."""
    try:
        return await put_outputs(run.shop, job, manifest, plan, master)
    except MissingBlobError as missing:
        kept = Kept(master, asking_of(plan))
        way = recreated(kept, plan.recipe, plan.previous, loopback=manifest.world.loopback)
        if way is None or missing.digest != master.sha256:
            raise
        await _got_back(run.shop, job, way)
        return await put_outputs(run.shop, job, manifest, plan, master)


async def _got_back(shop: Shop, job: Job, way: Collected | Redrawn) -> StoredMaster:
    if isinstance(way, Collected):
        return await collect_again(shop, job, shop.lines.to(way.kept.master.provider), way)
    return await draw_again(shop, job, shop.lines.to(way.drawn.provider), way)
