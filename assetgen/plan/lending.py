"""Pictures that assets lend one another for icons: what they have to lend, what became of it in words, whose bytes have
to be got back for it. Pure.

A file that shows a borrowed picture is made from that one's digest instead of its own asset's; no key of a request
knows of it. So whatever happens to a borrowed picture costs its borrowers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from assetgen.digest import Digest
from assetgen.errors import Problem
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedOutput
from assetgen.manifest.recipe import AssetName, OutputSpec, PixelSize, PresetExport, Recipe
from assetgen.plan.art import Art, Loan
from assetgen.plan.cutout_records import pinned_cutout
from assetgen.plan.plan import AssetPlan, CutoutPlan, Kept, KeptCutout, MasterPlan, Write
from assetgen.plan.request import locked_is_real
from assetgen.plan.showing import because
from assetgen.plan.upscale import known_picture
from assetgen.plan.world import StoredMaster, World

# --- what there is to lend -------------------------------------------------------------------------------------------


def planned_art(base: MasterPlan | None, cutout: CutoutPlan | None) -> Art | None:
    """What files are made from where it is known already: `base` is the picture, made larger if it is to be."""
    picture = known_picture(base)
    return art_of(picture, cutout) if picture and isinstance(cutout, KeptCutout | None) else None


def art_of(base: StoredMaster, cutout: KeptCutout | None) -> Art:
    """What files are made from, by what there is of an asset."""
    return Art(cutout.cutout, base.provider, cutout.standin) if cutout else Art(base, base.provider)


def locked_art(entry: Entry | None) -> Art | None:
    """What files were made from."""
    if entry is None:
        return None
    base = entry.base
    size = PixelSize(base.width, base.height)
    picture = StoredMaster(base.sha256, size, base.format, base.provider, base.task_id, base.usd, base.charged)
    return art_of(picture, pinned_cutout(entry.cutout, size) if entry.cutout else None)


def at_hand(plan: AssetPlan) -> Art | None:
    """What an asset lends before anything is done for it; a blocked one keeps what it has."""
    if plan.blocked is not None:
        return plan.art
    kept = isinstance(plan.master, Kept) and isinstance(plan.upscale, Kept | None)
    return plan.art if kept and isinstance(plan.cutout, KeptCutout | None) else None


# --- what it takes ---------------------------------------------------------------------------------------------------


def borrowing(writes: tuple[Write, ...]) -> Iterator[AssetName]:
    """The assets whose pictures have to be there for files to be written."""
    for write in writes:
        if write.renders and write.spec.borrowed:
            yield write.spec.borrowed.name


def lost_art(plan: AssetPlan, blobs: Set[Digest]) -> Iterator[AssetName]:
    """The assets whose known pictures are borrowed, and whose bytes are not at hand."""
    for name in borrowing(plan.writes):
        loan = plan.loans[name]
        if loan.held is None and loan.art is not None and loan.art.bytes not in blobs:
            yield name


def shows_draft(entry: Entry, world: World) -> bool:
    """Whether files of an entry show a draft: the asset's own, or one that another asset has lent to them and still
    has."""
    borrowed = {output.export.borrowed for output in entry.outputs.values()}
    lent = (other for other in world.entries.values() if (art := locked_art(other)) and art.sha256 in borrowed)
    return not all(locked_is_real(shown.master, loopback=world.loopback) for shown in (entry, *lent))


def refused(recipe: Recipe, spec: OutputSpec, loan: Loan | None, world: World) -> Problem | None:
    """Why a file cannot be made now from a picture that it borrows, if so."""
    if loan is None or spec.borrowed is None or loan.held is None:
        return None
    stands = loan.art is not None and loan.art.bytes in world.blobs
    return None if stands else because(recipe, spec.borrowed.name, loan.held)


# --- words -----------------------------------------------------------------------------------------------------------


def difference(spec: OutputSpec, loan: Loan | None, locked: LockedOutput) -> tuple[str, ...]:
    """Why a file is to show another picture than the locked one, as far as that is a matter of borrowing."""
    if not isinstance(spec.export, PresetExport):
        return ()
    kind, preset = spec.export.picture.look.role, f"preset `{spec.export.preset}`"
    if spec.borrowed is None:
        return (f"the {kind} picture of {preset} is made from its own",) if locked.export.borrowed else ()
    change = "changed" if loan and loan.art else "will change"
    if locked.export.borrowed is None:
        change = "is shown instead of its own"
    return (f"the {kind} picture `{spec.borrowed}` of {preset} {change}",)
