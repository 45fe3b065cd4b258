"""What there is to review, in short: rows for a pull request, for programs and for CI. Pure; opens no picture.

Says of every asset what is decided about its picture, why it is another one than before, what it cost, and what the
next build would do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assetgen.catalog import DRAFT
from assetgen.digest import Digest
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import AssetId, OutputPath
from assetgen.plan.plan import Action, AssetPlan, ManifestPlan, Plan
from assetgen.plan.world import MISSING, World
from assetgen.publish.decisions import Standing, picture_of, standing
from assetgen.report.reasons import in_short
from assetgen.report.review.past import total_of, why_changed


class Status(StrEnum):
    """The one thing to know of an asset, the most urgent first."""

    BLOCKED = "blocked"
    MISSING = "not built"
    UNDECIDED = "to decide"
    REJECTED = "rejected"
    STALE = "out of date"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Row:
    """One asset. `why` says what led to its status, `usd` is what its picture cost in US dollars (None: unknown, 0
    also where there is none); `thumbnail` is a small file of it that stands, by its path from the project's root."""

    asset: AssetId
    status: Status
    standing: Standing
    why: tuple[str, ...]
    usd: Decimal | None
    draft: bool
    action: Action
    reasons: tuple[str, ...]
    next_usd: Decimal | None
    description: str
    picture: Digest | None
    note: str | None
    by: str | None
    outputs: tuple[OutputPath, ...]
    thumbnail: OutputPath | None
    failure: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many assets there are of each status; `usd` sums what the pictures cost that wait for a decision, `unpriced`
    counts those among them of unknown price."""

    assets: int
    statuses: Counter[Status]
    usd: Decimal
    unpriced: int


def rows_of(plan: Plan) -> tuple[Row, ...]:
    """A row for every asset of a plan, in its order."""
    return tuple(_row(asset, part) for part in plan.manifests for asset in part.assets)


def totals_of(rows: Iterable[Row]) -> Totals:
    rows = tuple(rows)
    pictures = {row.picture: row.usd for row in rows if row.status is Status.UNDECIDED}
    known = [usd for usd in pictures.values() if usd is not None]
    counts = Counter(row.status for row in rows)
    return Totals(len(rows), counts, sum(known, Decimal(0)), len(pictures) - len(known))


def _row(asset: AssetPlan, part: ManifestPlan) -> Row:
    entry, blocked = asset.previous, asset.blocked
    status = _status(asset)
    decision = entry.decision if entry and standing(entry) is not Standing.UNDECIDED else None
    return Row(
        asset=asset.asset,
        status=status,
        standing=standing(entry),
        why=tuple(_why(asset, status)),
        usd=total_of(entry) if entry else Decimal(0),
        draft=entry is not None and entry.master.provider == DRAFT,
        action=asset.action,
        reasons=tuple(in_short(asset.reasons)),
        next_usd=asset.usd,
        description=asset.recipe.description or "",
        picture=picture_of(entry) if entry else None,
        note=decision.note if decision else None,
        by=decision.by if decision else None,
        outputs=tuple(spec.path for spec in asset.recipe.outputs),
        thumbnail=_thumbnail(entry, asset, part.world) if entry else None,
        failure=(blocked.code, blocked.message) if blocked else None,
    )


def _status(asset: AssetPlan) -> Status:
    if asset.blocked:
        return Status.BLOCKED
    if asset.previous is None:
        return Status.MISSING
    match standing(asset.previous):
        case Standing.UNDECIDED:
            return Status.UNDECIDED
        case Standing.REJECTED:
            return Status.REJECTED
        case Standing.ACCEPTED:
            return Status.ACCEPTED if asset.action is Action.UP_TO_DATE else Status.STALE


def _why(asset: AssetPlan, status: Status) -> Iterator[str]:
    entry = asset.previous
    if asset.blocked:
        yield asset.blocked.message
        return
    if status is Status.UNDECIDED and entry:
        yield from why_changed(entry, entry.decision) if entry.decision else ("a first picture",)
    if status is Status.REJECTED and entry and entry.decision:
        yield entry.decision.note or "no reason given"
    if asset.action is not Action.UP_TO_DATE:
        yield f"the next build: {'; '.join(in_short(asset.reasons))}"


# --- a picture that says enough -------------------------------------------------------------------------------------

_ENOUGH = 96
"""Pixels of a thumbnail's width that show what it is."""

_SHOWN = ("png", "webp", "jpg", "avif")
"""What browsers show, those first that every viewer does."""


def _thumbnail(entry: Entry, asset: AssetPlan, world: World) -> OutputPath | None:
    """The smallest file that is large enough, else the largest; where it stands, be it published."""
    found = []
    for spec in asset.recipe.outputs:
        locked = entry.outputs.get(spec.path)
        if locked is None or locked.export.format not in _SHOWN:
            continue
        places = (path for path in (spec.path, *spec.published) if _stands(path, locked.sha256, world))
        path = next(places, None)
        if path is not None:
            liked = _SHOWN.index(locked.export.format)
            found.append((locked.width < _ENOUGH, abs(locked.width - _ENOUGH), liked, path))
    return min(found)[-1] if found else None


def _stands(path: OutputPath, digest: Digest, world: World) -> bool:
    fact = world.files.get(path, MISSING)
    return fact.sha256 == digest and not fact.pointer
