"""Why a picture is another one than the one that was decided about, and what a picture cost. Pure."""

from __future__ import annotations

from decimal import Decimal

from assetgen.catalog import DRAFT
from assetgen.lock import Entry, LockedDecision, LockedMaster
from assetgen.manifest.recipe import Drawing
from assetgen.plan.changes import request_changes
from assetgen.plan.request import ADOPTED, asked

_NOTHING_DRAWN = Drawing("", {}, remove_bg=False)
"""For locked requests: those of drafts bring their own drawing, others need none."""


def cost_of(master: LockedMaster) -> Decimal | None:
    """What a picture cost, as the service says or else as was expected; None when unknown."""
    if master.provider in (DRAFT, ADOPTED):
        return Decimal(0)
    return master.charged if master.charged is not None else master.usd


def why_changed(entry: Entry, earlier: LockedDecision) -> tuple[str, ...]:
    """What made the picture another one than the one that an `earlier` decision was about."""
    if earlier.master == entry.master.sha256:
        return ("the picture is the same; how it is cut, filled or laid on a background changed",)
    if earlier.request is None:
        return ("another picture took its place",)
    changes = request_changes(earlier.request, asked(entry.request, _NOTHING_DRAWN), real=False)
    rerolled = ("another picture was asked for, with the same request",)
    return changes or rerolled
