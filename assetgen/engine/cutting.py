"""Getting a picture's background removed, and what is left trimmed: by a remover of ours, or by a service.

What a service does may cost money, so each call is in the journal before it is made and is never made again for bytes
that were known once (product rule 8). Nothing here decides whether a picture is wanted without its background.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from assetgen.catalog import DRAFT
from assetgen.catalog.grounds import GroundName
from assetgen.catalog.removers import REMOVERS
from assetgen.digest import Digest, StepKey, canonical_json
from assetgen.engine.events import Stage
from assetgen.engine.gallery import Gallery
from assetgen.engine.once import once
from assetgen.engine.ordering import Ordering
from assetgen.engine.purse import NOTHING
from assetgen.engine.receiving import to_its_end
from assetgen.engine.recovering import collect_again, draw_again
from assetgen.engine.shop import Job, Shop
from assetgen.errors import AssetError, BlockedError, MaybeChargedError, PictureError, StateError, WriteError
from assetgen.manifest.recipe import PixelSize, Recipe, Reference
from assetgen.plan.commission import settled
from assetgen.plan.cutout_records import removal_key, trim_key
from assetgen.plan.doubt import AMBIGUITIES
from assetgen.plan.plan import Collected, Cutting, Kept, KeptCutout, Ordered, Redrawn
from assetgen.plan.recut import different, is_same
from assetgen.plan.request import Shown
from assetgen.plan.world import StoredCutout, StoredMaster
from assetgen.removers.attempts import removed
from assetgen.removers.base import (
    LARGE_PIXELS,
    Cut,
    Removal,
    RemovalError,
    Remover,
    SpoiledError,
    StopRemovingError,
    UnsureError,
)

GRACE = 10.0
"""Seconds that an interrupted run still waits for the answer to a call on its way."""

_ORDERED = {False: "cutout", True: "second picture"}
"""What is ordered for a cutout, by whether its remover works on pairs."""

_DOUBTFUL = (UnsureError, SpoiledError, PictureError, WriteError)
"""What a call may end with after the service did its work."""


async def cut_out(shop: Shop, job: Job, recipe: Recipe, cutting: Cutting, master: StoredMaster) -> KeptCutout:
    """The picture without its background, in the store.

    Raises RemovalError and what else removers raise, ExportError when nothing is left, MaybeChargedError,
    NotAskedError, MissingBlobError, WriteError, StateError, and BlockedError when it should have come out the same
    and did not.
    """
    job.at(Stage.CUTTING)
    settings, under_way, results = cutting.settings, shop.cutters.under_way, {}
    ordered, whole = _order_known(cutting), cutting.whole
    if whole is None:
        if cutting.order is not None:
            ordered = await once(shop.cutters.ordered, _key(cutting, master), _ordered(shop, job, cutting, master))
            job.at(Stage.CUTTING)
        whole = await once(under_way, _key(cutting, master), _whole(shop, job, cutting, master, ordered))
        results[_key(cutting, master)] = whole
    final = whole
    if settings.crop:
        key = trim_key(whole.sha256, settings.padding, master.size)
        final = results[key] = await once(under_way, key, _trimmed(shop, cutting, whole, master.size))
    if cutting.pinned is not None and cutting.pinned.cutout.sha256 != final.sha256:
        return _standing_in(recipe, cutting.pinned, final)
    shop.state.results.record_cutouts(results)
    return KeptCutout(final, whole if settings.crop else None, ordered)


def _standing_in(recipe: Recipe, pinned: KeptCutout, made: StoredCutout) -> KeptCutout:
    """The pinned cutout, read from other bytes that show the same. Raises BlockedError when they do not."""
    if not is_same(made, pinned.cutout):
        problem = different(recipe, pinned.cutout)
        raise BlockedError(problem.message, hint=problem.hint)
    return replace(pinned, standin=made.sha256)


def _order_known(cutting: Cutting) -> Kept | None:
    """What was ordered, where it is known already."""
    match cutting.order:
        case Kept() as kept:
            return kept
        case Collected(kept) | Redrawn(kept):
            return kept
        case _:
            return None


def _key(cutting: Cutting, master: StoredMaster) -> StepKey:
    return removal_key(master.sha256, cutting.remover, holes=cutting.settings.holes)


async def _whole(shop: Shop, job: Job, cutting: Cutting, master: StoredMaster, ordered: Kept | None) -> StoredCutout:
    """The picture without its background, before it is trimmed."""
    if ordered is not None:
        make_of = _solved if REMOVERS[cutting.remover].pairs else _checked
        return await make_of(shop, job, cutting, master, ordered.master)
    make = _free if REMOVERS[cutting.remover].free else _paid
    return await make(shop, job, cutting, master)


async def _free(shop: Shop, job: Job, cutting: Cutting, master: StoredMaster) -> StoredCutout:
    return await _made(shop, job, cutting, master, shop.cutters.to(cutting.remover))


async def _paid(shop: Shop, job: Job, cutting: Cutting, master: StoredMaster) -> StoredCutout:
    """Removed by a service, which is never asked for what it did already."""
    cutters = shop.cutters
    remover, known = cutters.to(cutting.remover), shop.state.results.cutouts().get(_key(cutting, master))
    if known is not None and known.version == remover.version and shop.blobs.has(known.sha256):
        return known
    async with cutters.calls:
        cutters.check()
        return await to_its_end(_called(shop, job, cutting, master, remover), shop.clock, GRACE)


async def _ordered(shop: Shop, job: Job, cutting: Cutting, master: StoredMaster) -> Kept:
    """What a model made of the picture, as it came."""
    match cutting.order:
        case Kept() as kept:
            return kept
        case Collected(kept) as way:
            line, what = shop.lines.to(kept.master.provider), _ORDERED[REMOVERS[cutting.remover].pairs]
            await collect_again(shop, job, line, way, what=what, again="--refresh")
            return kept
        case Redrawn(kept) as way:
            await draw_again(shop, job, shop.lines.to(kept.master.provider), way)
            return kept
        case Ordered() as order:
            return await _placed(shop, job, cutting, master, order)
        case None:
            raise AssertionError(f"`{cutting.remover}` is no model")


async def _placed(shop: Shop, job: Job, cutting: Cutting, master: StoredMaster, order: Ordered) -> Kept:
    """Ordered from the provider that has the model, unless an earlier order for the very same brought it already, or
    another one is asked for."""
    line, ground = shop.lines.to(order.asking.provider), None
    if REMOVERS[cutting.remover].pairs and order.open is None and order.asking.provider != DRAFT:
        ground = await _other_ground(shop, master)
    exact = settled(order, master, ground)
    known = shop.state.results.masters().get(exact.asking.key)
    if known is not None and not cutting.again and order.open is None and shop.blobs.has(known.sha256):
        return Kept(known, exact.asking)
    step = job.part()
    try:
        made = await Ordering(shop, step, line, exact, _gallery(shop, step, job)).master()
    finally:
        job.takes(step)
    return Kept(made, exact.asking)


async def _other_ground(shop: Shop, master: StoredMaster) -> GroundName:
    """What the second picture is to be shown on, by the looks of the first: before anything is paid for."""
    from assetgen.removers.difference import other_ground

    return await shop.threads.run(other_ground, await shop.threads.run(shop.blobs.verified, master.sha256))


def _gallery(shop: Shop, step: Job, job: Job) -> Gallery:
    async def fetch(_reference: Reference, shown: Shown) -> Digest:
        await shop.threads.run(shop.blobs.verified, shown.sha256)
        return shown.sha256

    return Gallery(shop, step, (Reference("asset", job.asset.name),), fetch)


async def _checked(shop: Shop, job: Job, cutting: Cutting, master: StoredMaster, ordered: StoredMaster) -> StoredCutout:
    """What the model made of a picture, if it is a cutout of it. The result itself stays as it came."""
    from assetgen.removers.service_answers import checked_cutout

    data = (await shop.threads.run(shop.blobs.verified, ordered.sha256)).read_bytes()
    target = shop.blobs.incoming(_key(cutting, master))
    try:
        cut = await shop.threads.run(checked_cutout, data, master.size, target)
    except (SpoiledError, UnsureError) as error:
        another = f"It stays known and is not paid for again: --refresh {job.asset.name} orders another one"
        raise RemovalError(error.message, hint=f"{another}, or name another `remover`.") from error
    return await _kept(shop, cut, target, cutting.remover, REMOVERS[cutting.remover].version)


async def _solved(shop: Shop, job: Job, cutting: Cutting, master: StoredMaster, second: StoredMaster) -> StoredCutout:
    """The two pictures solved for what they have in common. Both stay as they came."""
    from assetgen.removers.difference import Solving, cut_pair

    first = await shop.threads.run(shop.blobs.verified, master.sha256)
    other = await shop.threads.run(shop.blobs.verified, second.sha256)
    target = shop.blobs.incoming(_key(cutting, master))
    run = shop.threads.run_large if master.size.width * master.size.height > LARGE_PIXELS else shop.threads.run
    try:
        cut = await run(cut_pair, Solving(first, other, target))
    except SpoiledError as error:
        hint = (
            f"both pictures stay known and are not paid for again: --refresh {job.asset.name} orders another second "
            f"one, --regenerate {job.asset.name} orders both anew, and `remover: key` needs no second one"
        )
        raise RemovalError(error.message, hint=hint) from error
    if cut.note:
        job.notes.append(cut.note)
    return await _kept(shop, cut, target, cutting.remover, REMOVERS[cutting.remover].version)


async def _called(shop: Shop, job: Job, cutting: Cutting, master: StoredMaster, remover: Remover) -> StoredCutout:
    """One call with its journal: it stands there before it is made, and its result as soon as that is kept."""
    key = _key(cutting, master)
    reserved = job.purse.reserve(cutting.usd)
    shop.state.journal.intend(key, cutting.remover, _request(job, master), cutting.usd)
    try:
        cutout = await _made(shop, job, cutting, master, remover)
    except _DOUBTFUL as error:
        raise _in_doubt(shop, job, cutting, key, error) from error
    except RemovalError as error:
        shop.state.journal.withdrawn(key)
        reserved.settle(NOTHING)
        if isinstance(error, StopRemovingError):
            raise shop.cutters.refused(error) from error
        raise
    shop.state.journal.finished_cutout(key, cutout)
    job.spent = None if job.spent is None else job.spent + (cutting.usd or NOTHING)
    return cutout


def _in_doubt(shop: Shop, job: Job, cutting: Cutting, key: StepKey, error: AssetError) -> AssetError:
    """Journal that the call may have been charged; returns what to say. Where calls cost nothing there is no doubt."""
    if not cutting.usd:
        shop.state.journal.withdrawn(key)
        return error
    with suppress(StateError):
        shop.state.journal.ambiguous(key)
    job.unsure = None if job.unsure is None else job.unsure + cutting.usd
    then = "It is not sent again in this run; the next build sends it once more."
    if cutting.open is not None and cutting.open.ambiguous + 1 >= AMBIGUITIES:
        then = f"It was sent before, too; only --refresh {job.asset.name} sends it again."
    return MaybeChargedError(error.message, hint=f"{error.hint or 'Look at the log of the service.'} {then}")


def _request(job: Job, master: StoredMaster) -> str:
    """For people who look into the journal."""
    return canonical_json({"prompt": f"the background of {job.asset}", "picture": master.sha256}).decode()


async def _made(shop: Shop, job: Job, cutting: Cutting, master: StoredMaster, remover: Remover) -> StoredCutout:
    source = await shop.threads.run(shop.blobs.verified, master.sha256)
    target = shop.blobs.incoming(_key(cutting, master))
    cut = await removed(
        remover,
        Removal(source, target, cutting.settings.holes),
        sleep=shop.clock.sleep,
        spread=lambda: 2 * shop.cutters.dice.random() - 1,
        priced=bool(cutting.usd),
        say=lambda why: job.at(Stage.CUTTING, why),
    )
    if cut.note:
        job.notes.append(cut.note)
    return await _kept(shop, cut, target, remover.name, remover.version)


async def _trimmed(shop: Shop, cutting: Cutting, whole: StoredCutout, shape: PixelSize) -> StoredCutout:
    from assetgen.removers.crop import crop_file

    padding = cutting.settings.padding
    source = await shop.threads.run(shop.blobs.verified, whole.sha256)
    target = shop.blobs.incoming(trim_key(whole.sha256, padding, shape))
    run = shop.threads.run_large if whole.size.width * whole.size.height > LARGE_PIXELS else shop.threads.run
    cut = await run(crop_file, source, target, padding, shape)
    return await _kept(shop, cut, target, whole.remover, whole.version)


async def _kept(shop: Shop, cut: Cut, file: Path, remover: str, version: str) -> StoredCutout:
    digest = await shop.threads.run(shop.blobs.put_file, file)
    return StoredCutout(digest, PixelSize(cut.width, cut.height), remover, version, cut.pixels)
