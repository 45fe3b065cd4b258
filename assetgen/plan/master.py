"""Where an asset's master comes from: kept, found in the store, resumed, ordered, or blocked. Pure.

This is the rebuilder's heart: product rules 2 (stale), 3 (the lock wins), 4 (provider in effect), 5 (takes) and
11 (frozen, moved_from).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count

from assetgen.catalog import Catalog
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedMaster
from assetgen.manifest.recipe import PixelSize, Recipe
from assetgen.plan.case import Case, Past, case_of, hopeless
from assetgen.plan.doubt import exhausted
from assetgen.plan.ordering import MasterVerdict, order, refuse_draft
from assetgen.plan.plan import Kept, Options
from assetgen.plan.request import ADOPTED, Shown
from assetgen.plan.world import StoredMaster, World


def decide_master(
    recipe: Recipe,
    past: Past,
    world: World,
    options: Options,
    catalog: Catalog,
    shown: tuple[Shown, ...] = (),
    variant: int = 1,
) -> MasterVerdict:
    """The verdict on one variant's master, `past` being its own. `shown` are the pictures that its request shows."""
    case, entry = case_of(recipe, past, world, options, catalog, shown, variant), past.entry
    if _rerolls(recipe, case.real, options, variant):
        return _reroll(case)
    if entry is not None and recipe.frozen and case.real:
        return _pinned(entry, notes=tuple(f"frozen: {change}" for change in case.changes))
    if entry is not None and case.current:
        return _unfinished_take(case, entry) or _at_another_address(case, entry) or _pinned(entry)
    return _make(case)


@dataclass(frozen=True, slots=True)
class Stand:
    """How the pictures that the lock has stand to today's request: whether they are kept, and whether no variant is
    added to them. A frozen or adopted asset stays as it is, and no draft is put beside a real picture. `recalled` is
    the variant that was picked when the asset left this very request, if it ever did."""

    kept: bool
    complete: bool
    recalled: int | None


def stand_of(
    recipe: Recipe, past: Past, world: World, options: Options, catalog: Catalog, shown: tuple[Shown, ...]
) -> Stand:
    """See `Stand`; the first variant speaks for all."""
    first = past.of_variant(1)
    case = case_of(recipe, first, world, options, catalog, shown, 1)
    frozen = recipe.frozen and case.real
    adopted = first.entry is not None and first.entry.master.provider == ADOPTED
    return Stand(case.current or frozen, adopted or frozen or case.draft_would_replace_real, _picked_then(case))


def _picked_then(case: Case) -> int | None:
    """Where a variant beyond those that are asked for was picked, all up to it must be there: none is ordered anew."""
    digest = case.world.picks.get((case.name, case.asking.base_key))
    if digest is None:
        return None
    for number in count(1):
        variant = replace(case, asking=replace(case.asking, variant=number))
        made = [found for n in range(variant.newest.count + 1) if (found := variant.result(n))]
        if any(found.sha256 == digest for found in made):
            return number
        if not made and number >= case.recipe.variants:
            break
    return None


def _at_another_address(case: Case, entry: Entry) -> MasterVerdict | None:
    """The very pictures that were shown, one of them from an address that the lock does not know yet: it is pinned."""
    known = {reference.source for reference in entry.request.references}
    moved = [shown for shown in case.asking.shown if shown.from_web and shown.source not in known]
    if not moved:
        return None
    request = entry.request
    asking = replace(case.asking, provider=request.provider, reroll=request.reroll)
    reasons = tuple(f"the same picture is now at {shown.called}" for shown in moved)
    return MasterVerdict(Kept(stored(entry.master), asking), reasons)


def _rerolls(recipe: Recipe, real: bool, options: Options, variant: int) -> bool:
    if recipe.frozen and real:
        return not {recipe.name, f"{recipe.name}/{variant}"}.isdisjoint(options.regenerate)
    return any(means_variant(recipe, pattern, variant) for pattern in options.regenerate)


def means_variant(recipe: Recipe, pattern: str, variant: int) -> bool:
    """Whether `--regenerate` with this glob is about a variant: `NAME` is about all of them, `NAME/2` about one."""
    name, slash, number = pattern.rpartition("/")
    return recipe.answers_to(name) and number == str(variant) if slash else recipe.answers_to(pattern)


def _pinned(entry: Entry, reasons: tuple[str, ...] = (), notes: tuple[str, ...] = ()) -> MasterVerdict:
    return MasterVerdict(Kept(stored(entry.master)), reasons, notes)


def stored(master: LockedMaster) -> StoredMaster:
    """A locked master as the store knows masters."""
    return StoredMaster(
        sha256=master.sha256,
        size=PixelSize(master.width, master.height),
        format=master.format,
        provider=master.provider,
        task=master.task_id,
        usd=master.usd,
        charged=master.charged,
    )


def locked_master(master: StoredMaster, reroll: int = 0) -> LockedMaster:
    """A picture as the lock records it."""
    return LockedMaster(
        sha256=master.sha256,
        width=master.size.width,
        height=master.size.height,
        format=master.format,
        provider=master.provider,
        task_id=master.task,
        usd=master.usd,
        charged=master.charged,
        reroll=reroll,
    )


# --- a re-roll that was asked for (rule 5) -------------------------------------------------------------------------


def _reroll(case: Case) -> MasterVerdict:
    if case.draft_would_replace_real:
        return refuse_draft(case)
    newest = case.newest
    locked = case.entry.request.reroll if case.entry and case.current else 0
    pictured = case.current or case.recalled is not None
    begun = newest.waiting.get(case.name, 0) if pictured else newest.count
    if (not pictured or begun > locked) and not hopeless(case, begun):
        return _take(case, begun, case.why or (f"re-roll {begun} was not finished",))
    return order(case, max(newest.count, locked) + 1, ("re-roll asked for",))


def _unfinished_take(case: Case, entry: Entry) -> MasterVerdict | None:
    """A newer take of the locked request that was begun and never became the asset's picture: it was asked for."""
    begun = case.newest.waiting.get(case.name, 0)
    if begun <= entry.request.reroll or case.asking.provider != entry.request.provider:
        return None
    task = case.task(begun)
    if exhausted(task):
        return _pinned(entry, notes=("a re-roll may have been charged and was never answered; the picture stays",))
    if task is None and case.result(begun) is None:
        return None
    return _take(case, begun, (f"re-roll {begun} was not finished",))


def _take(case: Case, reroll: int, reasons: tuple[str, ...]) -> MasterVerdict:
    """The picture of one re-roll: from the store if it is there, else ordered or resumed."""
    found = case.result(reroll)
    if found is None:
        return order(case, reroll, reasons)
    asking = replace(case.asking, reroll=reroll)
    return MasterVerdict(Kept(found, asking), (*reasons, "its picture is in the store already"))


# --- a request that has no pinned picture --------------------------------------------------------------------------


def _make(case: Case) -> MasterVerdict:
    if case.draft_would_replace_real:
        return refuse_draft(case)
    newest = case.newest.count
    return _take(case, next((n for n in range(newest, -1, -1) if case.knows(n)), newest), case.why)
