"""Getting an asset's picture, whatever the plan says it takes, having the bytes of others' at hand, and making of it
what it is for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from assetgen.digest import Digest
from assetgen.engine.cutting import cut_out
from assetgen.engine.events import Stage
from assetgen.engine.gallery import Gallery
from assetgen.engine.ordering import Ordering
from assetgen.engine.recovering import collect_again, draw_again
from assetgen.engine.run import (
    DependencyFailedError,
    Run,
    borrowed_arts,
    cutout_of,
    hand_on,
    hand_on_art,
    picture_of,
    settle_cutout,
    shared_picture,
)
from assetgen.engine.shop import Job, Shop
from assetgen.engine.writing import Arts, put_outputs
from assetgen.errors import BlockedError
from assetgen.lock.model import LockedOutput
from assetgen.manifest.recipe import AssetName, Reference
from assetgen.plan.case import Past
from assetgen.plan.cutout import standing_cutout
from assetgen.plan.lending import art_of
from assetgen.plan.master import stored
from assetgen.plan.plan import (
    AssetPlan,
    Collected,
    Cutting,
    Kept,
    KeptCutout,
    ManifestPlan,
    MasterPlan,
    Ordered,
    Redrawn,
    Shared,
    asking_of,
)
from assetgen.plan.recreate import recreated
from assetgen.plan.recut import needs_base, without
from assetgen.plan.request import Shown
from assetgen.plan.upscale import known_picture, stored_upscale
from assetgen.plan.world import StoredMaster
from assetgen.store.blobs import MissingBlobError


async def masters_of(run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job) -> dict[int, StoredMaster]:
    """The pictures of an asset that is not blocked, by the number of the variant. Where one fails the others still
    arrive: they are paid for. Raises the first failure: AssetError or StateError."""
    if not plan.others:
        return {plan.picked: await _master_of(run, manifest, plan, plan.picked, job)}
    jobs = {number: job.part() for number in plan.masters}
    try:
        works = (_master_of(run, manifest, plan, number, jobs[number]) for number in jobs)
        found = dict(zip(jobs, await asyncio.gather(*works, return_exceptions=True), strict=True))
    finally:
        for part in jobs.values():
            job.takes(part)
    for failure in (master for master in found.values() if isinstance(master, BaseException)):
        raise failure
    return {number: master for number, master in found.items() if not isinstance(master, BaseException)}


async def _master_of(run: Run, manifest: ManifestPlan, plan: AssetPlan, number: int, job: Job) -> StoredMaster:
    """The picture of one variant; those that show the asset wait for the picked one."""
    master = await _made(run, manifest, plan, plan.masters.get(number), job)
    if number == plan.picked:
        hand_on(run, plan, master)
    return master


async def _made(run: Run, manifest: ManifestPlan, plan: AssetPlan, way: MasterPlan | None, job: Job) -> StoredMaster:
    shop = run.shop
    match way:
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
        case Collected() | Redrawn():
            return await got_back(shop, job, way)
        case None:
            raise AssertionError(f"{plan.asset} is not blocked and has no master")


async def _fetch(
    run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, reference: Reference, shown: Shown
) -> Digest:
    """Have the picture of another asset, or of an address, in the store, got back if that lost it. Raises BlockedError
    and FetchError."""
    if reference.kind == "url":
        await run.shop.web.pinned(reference.name, shown.sha256, partial(job.at, Stage.DOWNLOADING))
        return shown.sha256
    if reference.cutout is not None:
        return await _fetch_cutout(run, manifest, plan, job, reference, shown)
    return await _fetch_master(run, manifest, plan, job, reference, shown)


async def _fetch_cutout(
    run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, reference: Reference, shown: Shown
) -> Digest:
    """The cutout of another asset, which that one makes; done again here only where it is free."""
    name = replace(plan.asset, name=AssetName(reference.name))
    other, kept = run.plans.get(name), await cutout_of(run, name)
    kept = kept or (standing_cutout(other, shown.sha256) if other else None)
    if kept is None and other is not None and other.blocked is None and other.cutout is None:
        return await _fetch_master(run, manifest, plan, job, reference, shown)  # a person's picture stays as it is
    if kept is None or other is None:
        raise DependencyFailedError(f"shows `{reference}`, which could not be cut out")
    try:
        await run.shop.threads.run(run.shop.blobs.verified, kept.bytes)
    except MissingBlobError:
        world = manifest.world
        again = without(kept, other.recipe, kept.bytes, world.blobs, loopback=world.loopback)
        base = await _base_again(run, manifest, plan, job, reference, shown, again) if again else None
        if again is None or base is None:
            raise
        return (await cut_out(run.shop, job, other.recipe, again, base)).bytes
    return kept.bytes


async def _base_again(
    run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, reference: Reference, shown: Shown, again: Cutting
) -> StoredMaster | None:
    """What the cutout of another asset is made from, with its bytes in the store where cutting out `again` takes them;
    None where there is nothing."""
    name = replace(plan.asset, name=AssetName(reference.name))
    other, previous = run.plans[name], run.plans[name].previous
    stands = previous if other.blocked else None
    larger = stored_upscale(stands.upscale) if stands and stands.upscale else known_picture(other.upscale)
    if larger is None:
        if needs_base(again, shown.sha256):
            await _fetch_master(run, manifest, plan, job, reference, shown)
        return stored(stands.master) if stands else await picture_of(run, name)
    if needs_base(again, larger.sha256) and not run.shop.blobs.has(larger.sha256):
        way = recreated(Kept(larger), None, loopback=manifest.world.loopback)
        return await got_back(run.shop, job, way) if way else None
    return larger


async def _fetch_master(
    run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, reference: Reference, shown: Shown
) -> Digest:
    name = replace(plan.asset, name=AssetName(reference.name))
    await picture_of(run, name)
    try:
        await run.shop.threads.run(run.shop.blobs.verified, shown.sha256)
    except MissingBlobError:
        other = run.plans.get(name)
        previous = other.previous if other else None
        if other is None or previous is None or previous.master.sha256 != shown.sha256:
            raise
        made = Past(previous).made_by(previous.standing, other.recipe)
        way = recreated(Kept(stored(previous.master)), made, loopback=manifest.world.loopback)
        if way is None:
            raise
        await got_back(run.shop, job, way)
    return shown.sha256


async def outputs_of(
    run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, base: StoredMaster
) -> tuple[KeptCutout | None, dict[str, LockedOutput]]:
    """Cut the picture out, if it is to be, and put the outputs in place. A picture that turns out to be damaged in the
    store is got back first, each once."""
    mended: set[Digest] = set()
    while True:
        try:
            return await _derived(run, manifest, plan, job, base)
        except MissingBlobError as missing:
            if missing.digest in mended:
                raise
            mended.add(missing.digest)
            plan = await _mended(run, manifest, plan, job, base, missing)


async def _derived(
    run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, base: StoredMaster
) -> tuple[KeptCutout | None, dict[str, LockedOutput]]:
    cutout = plan.cutout
    if isinstance(cutout, Cutting):
        cutout = await cut_out(run.shop, job, plan.recipe, cutout, base)
    settle_cutout(run, plan, cutout)
    art = art_of(base, cutout)
    hand_on_art(run, plan.asset, art)
    borrowed = await borrowed_arts(run, plan)
    return cutout, await put_outputs(run.shop, job, manifest, plan, Arts(base, art, borrowed))


async def _mended(
    run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job, base: StoredMaster, missing: MissingBlobError
) -> AssetPlan:
    """The plan that does without the damaged picture, or with it got back. Raises `missing` where there is no way, and
    BlockedError for a picture that another asset lends, which it gets back itself."""
    lender = next((name for name, loan in plan.loans.items() if loan.art and loan.art.bytes == missing.digest), None)
    if lender is not None:
        raise BlockedError(
            f"the picture of `{lender}`, which its files show, was damaged in the store",
            hint="run the build again: it gets that picture back first, if it can be had",
        ) from missing
    if missing.digest == base.sha256:
        kept = Kept(base, None if plan.upscale else asking_of(plan.master))
        made = Past(plan.previous).made_by(plan.picked, plan.recipe)
        way = recreated(kept, made, loopback=manifest.world.loopback)
        if way is None:
            raise missing
        await got_back(run.shop, job, way)
        return plan
    world = manifest.world
    again = without(plan.cutout, plan.recipe, missing.digest, world.blobs, loopback=world.loopback)
    if again is None:
        raise missing
    return replace(plan, cutout=again)


async def got_back(shop: Shop, job: Job, way: Collected | Redrawn) -> StoredMaster:
    """The bytes of a picture that the store lost, in the store again. Raises AssetError and StateError."""
    if isinstance(way, Collected):
        return await collect_again(shop, job, shop.lines.to(way.kept.master.provider), way)
    return await draw_again(shop, job, shop.lines.to(way.drawn.provider), way)
