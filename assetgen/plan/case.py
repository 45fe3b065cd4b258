"""One variant under decision: what is asked for, what the lock has, and what the store remembers of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assetgen.catalog import DRAFT, Catalog
from assetgen.digest import StepKey
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import Recipe
from assetgen.plan.changes import request_changes
from assetgen.plan.doubt import exhausted
from assetgen.plan.plan import Options
from assetgen.plan.refusal import is_final, refusal_of
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
from assetgen.plan.world import OpenTask, Refusal, StoredMaster, Take, World


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
class Case:
    """Its recipe, its lock entry, and today's asking; `changes` is how these two differ. `forced` is the option that
    names the provider, if one does."""

    recipe: Recipe
    past: Past
    real: bool
    asking: Asking
    changes: tuple[str, ...]
    world: World
    catalog: Catalog
    forced: str | None = None

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

    @property
    def newest(self) -> Take:
        """The newest re-roll of today's request."""
        if not self.world.takes:  # most projects have none, and keys take time
            return Take(0)
        return self.world.takes.get(self.asking.base_key, Take(0))

    @property
    def recalled(self) -> StoredMaster | None:
        """The newest finished picture of today's request, if the store remembers one."""
        return next((found for n in range(self.newest.count, -1, -1) if (found := self.result(n))), None)

    def result(self, reroll: int) -> StoredMaster | None:
        """The finished picture of one re-roll; a drawn one is none where a real one is wanted."""
        found = self.world.results.get(self.asking.key_of(reroll))
        wants_real = self.asking.provider != DRAFT
        if found and wants_real and not stored_is_real(found, loopback=self.world.loopback):
            return None
        return found

    def task(self, reroll: int) -> OpenTask | None:
        """The open submission of one re-roll."""
        return open_task(self.world, self.asking.key_of(reroll))

    def refusal(self, reroll: int) -> Refusal | None:
        """What a safety system said of one re-roll before."""
        return refusal_of(self.world, replace(self.asking, reroll=reroll))

    def knows(self, reroll: int) -> bool:
        """Whether one re-roll has a picture, or may still get one without being ordered."""
        task = self.task(reroll)
        return self.result(reroll) is not None or (task is not None and not exhausted(task))


def case_of(
    recipe: Recipe,
    past: Past,
    world: World,
    options: Options,
    catalog: Catalog,
    shown: tuple[Shown, ...],
    variant: int,
) -> Case:
    """The case of one variant, `past` being its own. `shown` are the pictures that its request shows."""
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
    forced = "--draft" if options.draft else f"--provider {options.provider}" if options.provider else None
    case = Case(recipe, past, real, asking, changes, world, catalog, forced)
    named = options.draft or options.provider or recipe.provider
    return case if entry or named or provider != DRAFT else _with_real_picture(case)


def _with_real_picture(case: Case) -> Case:
    """An asset that nobody named a provider for, and that comes back: a real picture that was made for its very request
    is rather taken than replaced by a draft (rule 4)."""
    for provider in case.catalog.providers:
        other = replace(case, asking=replace(case.asking, provider=provider))
        if provider != DRAFT and other.recalled is not None:
            return other
    return case


def open_task(world: World, key: StepKey) -> OpenTask | None:
    """The journal's open submission for a key, unless an emulator holds it and we talk to the real service."""
    task = world.open.get(key)
    if task and task.task and not is_real(task.provider, task.task, loopback=world.loopback):
        return None
    return task


def hopeless(case: Case, reroll: int) -> bool:
    """Whether a re-roll that was asked for starts anew rather than wait for this one."""
    task = case.task(reroll)
    return exhausted(task) or (task is not None and task.gone) or is_final(case.refusal(reroll))
