"""What a cutout is known by: the keys of removing and trimming, and what lock entries say of both. Pure."""

from __future__ import annotations

from dataclasses import replace

from assetgen.catalog.removers import REMOVERS
from assetgen.digest import Digest, Json, StepKey, step_key
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedCutout
from assetgen.manifest.recipe import Cutout, PixelSize
from assetgen.plan.commission import removing
from assetgen.plan.master import locked_master, stored
from assetgen.plan.plan import Kept, KeptCutout
from assetgen.plan.request import ADOPTED, NOTHING_DRAWN, asked
from assetgen.plan.world import StoredCutout, StoredMaster


def removal_key(master: Digest, remover: str, *, holes: bool) -> StepKey:
    """The key of removing a picture's background."""
    inputs: dict[str, Json] = {"master": master, "remover": remover}
    return step_key("cutout", inputs | ({"holes": True} if holes else {}))


def trim_key(whole: Digest, padding: float, shape: PixelSize) -> StepKey:
    """The key of trimming a cutout; `shape` has the proportions that it is padded back to."""
    return step_key("crop", {"cutout": whole, "padding": padding, "shape": [shape.width, shape.height]})


def known_from(entry: Entry) -> dict[StepKey, StoredCutout]:
    """What a lock entry says of removing and trimming: each is the result of its key."""
    cutout, master = entry.cutout, entry.base
    if cutout is None or cutout.remover == ADOPTED:
        return {}
    key, shape = removal_key(master.sha256, cutout.remover, holes=cutout.holes), PixelSize(master.width, master.height)
    kept = pinned_cutout(cutout, shape)
    if kept.whole is None:
        return {key: kept.cutout}
    return {key: kept.whole, trim_key(kept.whole.sha256, cutout.padding, shape): kept.cutout}


def known_order(entry: Entry) -> dict[StepKey, StoredMaster]:
    """What a lock entry says of the order for its cutout, as `known_from`."""
    cutout = entry.cutout
    if cutout is None or cutout.ordered is None:
        return {}
    if cutout.asked is not None:
        return {asked(cutout.asked, NOTHING_DRAWN).key: stored(cutout.ordered)}
    model, ordered = REMOVERS[cutout.remover].model, stored(cutout.ordered)
    return {removing(model, ordered.provider, entry.base.sha256).key: ordered} if model else {}


def pinned_cutout(locked: LockedCutout, shape: PixelSize) -> KeptCutout:
    """The cutout of a lock entry, made from a picture of the size `shape`."""
    size = PixelSize(locked.width, locked.height)
    made = StoredCutout(locked.sha256, size, locked.remover, locked.version, locked.pixels)
    request = asked(locked.asked, NOTHING_DRAWN) if locked.asked else None
    ordered = Kept(stored(locked.ordered), request) if locked.ordered else None
    if locked.whole is None:
        return KeptCutout(made, None, ordered)
    return KeptCutout(made, replace(made, sha256=locked.whole, size=shape, pixels=locked.whole_pixels), ordered)


def locked_cutout(settings: Cutout, kept: KeptCutout) -> LockedCutout:
    """A cutout as the lock records it."""
    made, ordered = kept.cutout, kept.ordered
    request = ordered.asking if ordered and REMOVERS[made.remover].pairs else None
    return LockedCutout(
        sha256=made.sha256,
        width=made.size.width,
        height=made.size.height,
        remover=made.remover,
        version=made.version,
        named_remover=settings.remover,
        crop=settings.crop,
        padding=settings.padding,
        holes=settings.holes,
        whole=kept.whole.sha256 if kept.whole else None,
        pixels=made.pixels,
        whole_pixels=kept.whole.pixels if kept.whole else None,
        ordered=locked_master(ordered.master) if ordered else None,
        asked=request.locked() if request else None,
    )
