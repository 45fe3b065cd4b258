"""Where an asset's master comes from: kept, found in the store, resumed, ordered, or blocked. Pure.

This is the rebuilder's heart: product rules 2 (stale), 3 (the lock wins), 4 (provider in effect), 5 (takes) and
11 (frozen, moved_from).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count

from assetgen.catalog import DRAFT, Catalog
from assetgen.catalog.models import nominal_size
from assetgen.digest import StepKey
from assetgen.errors import Problem
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedMaster
from assetgen.manifest.recipe import PixelSize, Recipe
from assetgen.plan.changes import request_changes
from assetgen.plan.plan import Kept, MasterPlan, Options, Ordered
from assetgen.plan.request import (
    ADOPTED,
    Asking,
    Shown,
    asked,
    is_real,
    locked_is_real,
    provider_in_effect,
    stored_is_real,
)
from assetgen.plan.world import OpenTask, StoredMaster, Take, World

AMBIGUITIES = 2
"""After this many unanswered submissions of one request only a re-roll sends it again."""


@dataclass(frozen=True, slots=True)
class MasterVerdict:
    """The decision, why, and what people should know beside it. Exactly one of `master` and `blocked` is set."""

    master: MasterPlan | None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    blocked: Problem | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """The lock entry in effect, and the earlier name that it still has, if it does (rule 11). A variant that has no
    picture yet has no entry; `beside` is then that of the first."""

    entry: Entry | None
    moved_from: str | None = None
    beside: Entry | None = None

    def of_variant(self, number: int) -> Past:
        """The past of one variant, as if it were the only one."""
        if self.entry is None:
            return self
        entry = self.entry.variant(number)
        return Past(entry, self.moved_from, None if entry else self.entry.variant(1))

    def made_by(self, number: int, recipe: Recipe) -> Asking | None:
        """The request that the variant's picture was made for, None when it has none."""
        entry = self.entry.variant(number) if self.entry else None
        return asked(entry.request, recipe.drawing, number) if entry else None


@dataclass(frozen=True, slots=True)
class _Case:
    """One asset under decision: its recipe, its lock entry, and today's asking."""

    recipe: Recipe
    past: Past
    real: bool
    asking: Asking
    changes: tuple[str, ...]
    world: World
    catalog: Catalog

    @property
    def name(self) -> str:
        """As lock and state know the asset."""
        return self.past.moved_from or self.recipe.name

    @property
    def called(self) -> str:
        """As the command line names this very picture."""
        number = self.asking.variant
        return f"{self.recipe.name}/{number}" if number > 1 else str(self.recipe.name)

    @property
    def entry(self) -> Entry | None:
        return self.past.entry

    @property
    def draft_would_replace_real(self) -> bool:
        return self.real and self.asking.provider == DRAFT

    @property
    def outgrown(self) -> bool:
        """A draft is out of date as soon as the provider in effect is real."""
        return self.entry is not None and not self.real and self.asking.provider != DRAFT

    @property
    def current(self) -> bool:
        """Whether the lock's picture is the one of today's request."""
        return self.entry is not None and not self.changes and not self.outgrown

    @property
    def why(self) -> tuple[str, ...]:
        if self.entry is None:
            return ("new",)
        if self.outgrown:
            return (f"only a draft so far, `{self.asking.provider}` is to make it", *self.changes)
        return self.changes


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
    case, entry = _case(recipe, past, world, options, catalog, shown, variant), past.entry
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
    case = _case(recipe, first, world, options, catalog, shown, 1)
    frozen = recipe.frozen and case.real
    adopted = first.entry is not None and first.entry.master.provider == ADOPTED
    return Stand(case.current or frozen, adopted or frozen or case.draft_would_replace_real, _picked_then(case))


def _picked_then(case: _Case) -> int | None:
    """Where a variant beyond those that are asked for was picked, all up to it must be there: none is ordered anew."""
    digest = case.world.picks.get((case.name, case.asking.base_key))
    if digest is None:
        return None
    for number in count(1):
        variant = replace(case, asking=replace(case.asking, variant=number))
        made = [found for n in range(_newest(variant).count + 1) if (found := _result(variant, n))]
        if any(found.sha256 == digest for found in made):
            return number
        if not made and number >= case.recipe.variants:
            break
    return None


def _case(
    recipe: Recipe,
    past: Past,
    world: World,
    options: Options,
    catalog: Catalog,
    shown: tuple[Shown, ...],
    variant: int,
) -> _Case:
    entry, known = past.entry, past.entry or past.beside
    real = entry is not None and locked_is_real(entry.master, loopback=world.loopback)
    pinned = known is not None and known.master.provider != ADOPTED
    provider = provider_in_effect(
        recipe,
        known.request if known else None,
        real=pinned and known is not None and locked_is_real(known.master, loopback=world.loopback),
        forced=DRAFT if options.draft else options.provider,
        ambient=options.ambient_provider,
    )
    if provider == DRAFT:
        shown = tuple(picture.undrawn() for picture in shown)
    asking = Asking(provider, recipe.request, recipe.drawing, recipe.provider, shown=shown, variant=variant)
    changes = request_changes(entry.request, asking, real=real) if entry else ()
    case = _Case(recipe, past, real, asking, changes, world, catalog)
    named = options.draft or options.provider or recipe.provider
    return case if entry or named or provider != DRAFT else _with_real_picture(case)


def _with_real_picture(case: _Case) -> _Case:
    """An asset that nobody named a provider for, and that comes back: a real picture that was made for its very request
    is rather taken than replaced by a draft (rule 4)."""
    for provider in case.catalog.providers:
        other = replace(case, asking=replace(case.asking, provider=provider))
        if provider != DRAFT and _recall(other) is not None:
            return other
    return case


def _at_another_address(case: _Case, entry: Entry) -> MasterVerdict | None:
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


# --- a re-roll that was asked for (rule 5) -------------------------------------------------------------------------


def _reroll(case: _Case) -> MasterVerdict:
    if case.draft_would_replace_real:
        return _refuse_draft(case)
    newest = _newest(case)
    locked = case.entry.request.reroll if case.entry and case.current else 0
    pictured = case.current or _recall(case) is not None
    begun = newest.waiting.get(case.name, 0) if pictured else newest.count
    if (not pictured or begun > locked) and not _hopeless(_open(case, case.asking.key_of(begun))):
        return _take(case, begun, case.why or (f"re-roll {begun} was not finished",))
    return _order(case, max(newest.count, locked) + 1, ("re-roll asked for",))


def _unfinished_take(case: _Case, entry: Entry) -> MasterVerdict | None:
    """A newer take of the locked request that was begun and never became the asset's picture: it was asked for."""
    begun = _newest(case).waiting.get(case.name, 0)
    if begun <= entry.request.reroll or case.asking.provider != entry.request.provider:
        return None
    task = _open(case, case.asking.key_of(begun))
    if _exhausted(task):
        return _pinned(entry, notes=("a re-roll may have been charged and was never answered; the picture stays",))
    if task is None and _result(case, begun) is None:
        return None
    return _take(case, begun, (f"re-roll {begun} was not finished",))


def _take(case: _Case, reroll: int, reasons: tuple[str, ...]) -> MasterVerdict:
    """The picture of one re-roll: from the store if it is there, else ordered or resumed."""
    found = _result(case, reroll)
    if found is None:
        return _order(case, reroll, reasons)
    asking = replace(case.asking, reroll=reroll)
    return MasterVerdict(Kept(found, asking), (*reasons, "its picture is in the store already"))


# --- a request that has no pinned picture --------------------------------------------------------------------------


def _make(case: _Case) -> MasterVerdict:
    if case.draft_would_replace_real:
        return _refuse_draft(case)
    newest = _newest(case).count
    return _take(case, next((n for n in range(newest, -1, -1) if _known(case, n)), newest), case.why)


def _known(case: _Case, reroll: int) -> bool:
    task = _open(case, case.asking.key_of(reroll))
    return _result(case, reroll) is not None or (task is not None and not _exhausted(task))


def _newest(case: _Case) -> Take:
    return case.world.takes.get(case.asking.base_key, Take(0))


def _recall(case: _Case) -> StoredMaster | None:
    """The newest finished picture of today's request, if the store remembers one."""
    return next((found for n in range(_newest(case).count, -1, -1) if (found := _result(case, n))), None)


def _result(case: _Case, reroll: int) -> StoredMaster | None:
    found = case.world.results.get(case.asking.key_of(reroll))
    wants_real = case.asking.provider != DRAFT
    if found and wants_real and not stored_is_real(found, loopback=case.world.loopback):
        return None
    return found


def _open(case: _Case, key: StepKey) -> OpenTask | None:
    return open_task(case.world, key)


def open_task(world: World, key: StepKey) -> OpenTask | None:
    """The journal's open submission for a key, unless an emulator holds it and we talk to the real service."""
    task = world.open.get(key)
    if task and task.task and not is_real(task.provider, task.task, loopback=world.loopback):
        return None
    return task


def _exhausted(task: OpenTask | None) -> bool:
    return task is not None and task.task is None and task.ambiguous >= AMBIGUITIES


def _hopeless(task: OpenTask | None) -> bool:
    """Whether a re-roll that was asked for starts anew rather than wait for this one."""
    return _exhausted(task) or (task is not None and task.gone)


def _order(case: _Case, reroll: int, reasons: tuple[str, ...]) -> MasterVerdict:
    asking = replace(case.asking, reroll=reroll)
    task = _open(case, asking.key)
    if _exhausted(task):
        return MasterVerdict(None, reasons, blocked=_maybe_charged(case))
    expected, model = case.recipe.expected, case.catalog.models.get(case.recipe.request.model)
    size = expected or _nominal(case.recipe)
    if asking.provider == DRAFT:
        size = size.times(asking.drawing.enlarged)
    ordered = Ordered(
        asking,
        size,
        _price(case, task),
        task,
        guessed=expected is None,
        pictures=model.first_frame or model.pictures if model else None,
    )
    return MasterVerdict(ordered, (*reasons, *_about(task)))


def _about(task: OpenTask | None) -> tuple[str, ...]:
    if task is None:
        return ()
    if task.task is not None:
        return (f"task {task.task} is already paid for and will be collected",)
    return ("an earlier submission was never answered and may have been charged; it is sent once more",)


def _nominal(recipe: Recipe) -> PixelSize:
    """The size to plan with where nobody knows what the model returns."""
    shape = {"aspect_ratio": f"{recipe.shape.width}:{recipe.shape.height}"} if recipe.shape else {}
    return PixelSize(*nominal_size({**recipe.request.parameters, **shape}))


def _price(case: _Case, task: OpenTask | None) -> Decimal | None:
    """US dollars that ordering the picture now would cost; nothing for drafts and for tasks already running."""
    if case.asking.provider == DRAFT or (task and task.task):
        return Decimal(0)
    model = case.catalog.models.get(case.recipe.request.model)
    return model.price(case.recipe.request.parameters, case.recipe.request.input) if model else None


# --- refusals ------------------------------------------------------------------------------------------------------


def _refuse_draft(case: _Case) -> MasterVerdict:
    problem = Problem(
        "blocked",
        f"a draft would replace the real picture of `{case.recipe.name}`",
        case.recipe.place,
        "leave out --draft or name the real provider to make it, or keep the picture for the changed request with "
        f"`assetgen adopt MANIFEST {case.recipe.name}`",
    )
    return MasterVerdict(None, case.changes or ("re-roll asked for",), blocked=problem)


def _maybe_charged(case: _Case) -> Problem:
    return Problem(
        "maybe_charged",
        f"the request of `{case.called}` was sent {AMBIGUITIES} times, never answered, and may have been charged",
        case.recipe.place,
        f"look at the service's own log page, then send it again with --regenerate {case.called}",
    )
