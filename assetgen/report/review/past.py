"""Why a picture is another one than the one that was decided about, and what a picture cost. Pure."""

from __future__ import annotations

from decimal import Decimal

from assetgen.catalog import DRAFT
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedDecision, LockedMaster, LockedUpscale
from assetgen.plan.changes import request_changes
from assetgen.plan.request import ADOPTED, NOTHING_DRAWN, asked


def bought(entry: Entry) -> tuple[LockedMaster | LockedUpscale, ...]:
    """Every picture of an asset that may have cost something: its variants, the picked one made larger, and what was
    ordered for its cutout."""
    steps = (entry.upscale, entry.cutout.ordered if entry.cutout else None)
    return (*entry.masters, *(picture for picture in steps if picture))


def cost_of(picture: LockedMaster | LockedUpscale) -> Decimal | None:
    """What a picture cost, as the service says or else as was expected; None when unknown."""
    if picture.provider in (DRAFT, ADOPTED):
        return Decimal(0)
    return picture.charged if picture.charged is not None else picture.usd


def total_of(entry: Entry) -> Decimal | None:
    """What all pictures of an asset cost; None when that of one is unknown."""
    costs = [cost_of(picture) for picture in bought(entry)]
    return None if None in costs else sum((cost for cost in costs if cost), Decimal(0))


def why_changed(entry: Entry, earlier: LockedDecision) -> tuple[str, ...]:
    """What made the picture another one than the one that an `earlier` decision was about."""
    if earlier.master == entry.master.sha256:
        seen = {look.get("borrowed") for look in earlier.looks}
        lent = (output.export for output in entry.outputs.values() if output.export.borrowed)
        changed = dict.fromkeys(f"the {export.look} picture changed" for export in lent if export.borrowed not in seen)
        if changed:
            return tuple(changed)
        return ("the picture is the same; how it is cut, filled or laid on a background changed",)
    if earlier.request is None:
        return ("another picture took its place",)
    changes = request_changes(earlier.request, asked(entry.request, NOTHING_DRAWN), real=False)
    rerolled = ("another picture was asked for, with the same request",)
    return changes or rerolled
