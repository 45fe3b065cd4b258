"""How to get the bytes of a known cutout back when the store has lost them (rules 3 and 8). Pure.

What was free is done again and has to show the very same pixels; what was ordered is collected again by its task.
Nothing is paid for bytes that were known once.
"""

from __future__ import annotations

from dataclasses import replace

from assetgen.catalog import DRAFT
from assetgen.catalog.removers import REMOVERS
from assetgen.digest import Digest
from assetgen.errors import Problem
from assetgen.manifest.recipe import Cutout, Recipe
from assetgen.plan.plan import Collected, CutoutPlan, Cutting, Kept, KeptCutout, Redrawn
from assetgen.plan.request import stored_is_real
from assetgen.plan.world import StoredCutout, StoredMaster


def recreating(kept: KeptCutout, recipe: Recipe, blobs: frozenset[Digest], *, loopback: bool) -> Cutting | None:
    """How to recreate a cutout, None when that would have to be paid for. `blobs` are the bytes at hand, `loopback` is
    that of `World`."""
    made, facts = kept.cutout, REMOVERS.get(kept.cutout.remover)
    again = Cutting(recipe.cutout or Cutout(), made.remover, pinned=kept)
    way = way_to(kept.ordered, blobs, loopback=loopback) if kept.ordered else None
    if kept.whole is not None and kept.whole.sha256 in blobs:
        return replace(again, whole=kept.whole, order=kept.ordered)
    if facts is not None and (facts.free or way is not None):
        return replace(again, order=way)
    return None


def way_to(ordered: Kept, blobs: frozenset[Digest], *, loopback: bool) -> Kept | Collected | Redrawn | None:
    """How to get at the bytes of what was ordered for a cutout."""
    made = ordered.master
    if made.sha256 in blobs:
        return ordered
    if made.provider == DRAFT and ordered.asking:
        return Redrawn(ordered, ordered.asking)
    return Collected(ordered) if made.task and stored_is_real(made, loopback=loopback) else None


def without(
    cutout: CutoutPlan | None, recipe: Recipe, lost: Digest, blobs: frozenset[Digest], *, loopback: bool
) -> Cutting | None:
    """How to do without a picture that turns out to be damaged, None when that would have to be paid for."""
    blobs = blobs - {lost}
    match cutout:
        case KeptCutout() if cutout.bytes == lost:
            return recreating(cutout, recipe, blobs, loopback=loopback)
        case Cutting(pinned=pinned, whole=StoredCutout(sha256=digest) as whole, order=order) if digest == lost:
            ordered = order if isinstance(order, Kept) else None
            way = recreating(KeptCutout(whole, None, ordered), recipe, blobs, loopback=loopback)
            return replace(way, pinned=pinned) if way else None
        case Cutting(order=Kept(StoredMaster(sha256=digest)) as ordered) if digest == lost:
            collected = way_to(ordered, blobs, loopback=loopback)
            return replace(cutout, order=collected) if collected else None
        case _:
            return None


def needs_base(cutout: CutoutPlan | None, base: Digest) -> bool:
    """Whether cutting out, and exporting what is cut out, takes the bytes of the picture `base`."""
    match cutout:
        case None:
            return True
        case Cutting(remover=remover, whole=whole, order=order):
            ordered = isinstance(order, Kept | Collected) and not REMOVERS[remover].pairs
            return whole is None and not ordered
        case KeptCutout(made):
            return made.sha256 == base


def collecting(cutting: Cutting) -> tuple[str, ...]:
    """What to say of an order whose result is fetched once more."""
    match cutting.order:
        case Collected():
            what = "second picture" if REMOVERS[cutting.remover].pairs else "cutout"
            return (f"its {what} is collected again for free: not in the store",)
        case _:
            return ()


def why(cutting: Cutting) -> str:
    """The reason to give for recreating a cutout."""
    done = "trimmed" if cutting.whole else "cut out"
    return next(iter(collecting(cutting)), f"{done} again: the bytes of its cutout are not in the store")


def is_same(made: StoredCutout, pinned: StoredCutout) -> bool:
    """Whether what was made is the pinned cutout: by its bytes, or by what it shows where that is known."""
    return made.sha256 == pinned.sha256 or (pinned.pixels is not None and made.pixels == pinned.pixels)


# --- what cannot be had ----------------------------------------------------------------------------------------------


def different(recipe: Recipe, pinned: StoredCutout) -> Problem:
    """What came out of cutting out again is not what the lock says."""
    return Problem(
        "blocked",
        f"the cutout of `{recipe.name}` ({pinned.sha256[:12]}) is needed and not in the store, and cutting it out "
        "again on this machine gives another picture",
        recipe.place,
        "bring it back by restoring .assetgen/ from whoever built it, or take the new cutout for all of its files "
        f"with --refresh {recipe.name}",
    )


def lost_cutout(recipe: Recipe, cutout: StoredCutout) -> Problem:
    """The cutout that the lock pins cannot be had; with the remedies."""
    return Problem(
        "blocked",
        f"the cutout of `{recipe.name}` ({cutout.sha256[:12]}) is needed and not in the store, and `{cutout.remover}` "
        "is not asked twice for one picture",
        recipe.place,
        "bring it back by restoring .assetgen/ from whoever built it, undo the change that needs it, or ask for "
        f"another one with --refresh {recipe.name}",
    )
