"""The pictures that a request shows, by digest: of files as they stand, and of assets as they are or will be. Pure.

Product rule 6: an asset contributes its picked master's digest, never bytes that we encoded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assetgen.catalog import DRAFT
from assetgen.digest import Digest
from assetgen.errors import Problem
from assetgen.manifest.recipe import Cutout, OutputPath, Recipe, Reference
from assetgen.plan.case import Past
from assetgen.plan.ordering import MasterVerdict
from assetgen.plan.plan import AssetPlan, Collected, Kept, Ordered, Redrawn
from assetgen.plan.request import Shown, stored_is_real
from assetgen.plan.world import MISSING, World

DEPENDENCY = "dependency_failed"
"""The code of a problem that is another asset's; whoever has it counts as skipped."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What an asset's picture is to those that show it. With `awaits` it is not known yet, and `digest` stands in for
    it; with `held` the asset itself cannot go on, so nothing new is ordered with what it has now. A `draft` is worth
    showing to a service only where it is `wanted`: where the manifest names it as the asset's provider. `cutout` is how
    the asset's background is removed, which a frozen one may have otherwise than the manifest says."""

    digest: Digest
    awaits: str = ""
    held: Problem | None = None
    draft: bool = False
    wanted: bool = False
    cutout: Cutout | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """All pictures of one request. `held` is why nothing new can be ordered with them, if so. `drafts` are the assets
    that have no better picture, and `wanted` those of which nobody wants one."""

    shown: tuple[Shown, ...] = ()
    held: Problem | None = None
    drafts: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()


def contribution(plan: AssetPlan, verdict: MasterVerdict, *, loopback: bool) -> Contribution:
    """What an asset's picture is to others, by the plan for it and the verdict on its master alone."""
    wanted, cutout = plan.recipe.provider == DRAFT, plan.recipe.cutout
    match verdict.master:
        case Kept(master) | Collected(Kept(master)) | Redrawn(Kept(master)):
            draft = not stored_is_real(master, loopback=loopback)
            return Contribution(master.sha256, draft=draft, wanted=wanted, cutout=cutout)
        case Ordered(asking) if plan.blocked is None:
            awaits = f"`{plan.asset}`, which it shows, will change"
            digest = Digest(f"picture of {asking.key}")
            return Contribution(digest, awaits, draft=asking.provider == DRAFT, wanted=wanted, cutout=cutout)
    locked = plan.previous.master.sha256 if plan.previous else Digest(f"no picture of {plan.asset}")
    return Contribution(locked, held=plan.blocked, cutout=cutout)


def showing(
    recipe: Recipe, world: World, asset: Callable[[str], Contribution], web: Callable[[Reference], Contribution]
) -> Showing:
    """The pictures of an asset's request; `asset` says what another asset contributes, `web` what an address does."""
    parts = [_part(reference, recipe, world, asset, web) for reference in recipe.request.references]
    held = next((part.held for _, part in parts if part.held), None)
    shown = tuple(_shown(reference, part) for reference, part in parts)
    drafts = [(reference.name, part.wanted) for reference, part in parts if part.draft]
    return Showing(
        shown=shown,
        held=held,
        drafts=tuple(name for name, wanted in drafts if not wanted),
        wanted=tuple(name for name, wanted in drafts if wanted),
    )


def _shown(reference: Reference, part: Contribution) -> Shown:
    return Shown(
        source=reference.source,
        sha256=part.digest,
        label=reference.label,
        awaits=part.awaits,
        called=str(reference),
        cell=reference.cell,
        begins=reference.begins,
        cutout=part.cutout if reference.cutout else None,
    )


def _part(
    reference: Reference,
    recipe: Recipe,
    world: World,
    asset: Callable[[str], Contribution],
    web: Callable[[Reference], Contribution],
) -> tuple[Reference, Contribution]:
    match reference.kind:
        case "file":
            return reference, _file(reference, recipe, world)
        case "url":
            return reference, web(reference)
    part = asset(reference.name)
    held = because(recipe, reference.name, part.held) if part.held else None
    if held is None and reference.cutout is not None and part.cutout is None:
        held = _frozen_without(recipe, reference)
    return reference, replace(part, held=held)


def from_web(reference: Reference, name: str, past: Past, world: World, *, refresh: bool) -> Contribution:
    """What an address contributes: the picture that was fetched for the asset, else the one that its lock entry pins,
    else the one that another entry does. `name` is the asset's, as lock and state know it."""
    own = past.entry.request.references if past.entry and past.entry.request.provider != DRAFT else ()
    pinned = next((locked.sha256 for locked in own if locked.source == reference.source), None)
    known = world.fetched.get((name, reference.source)) or pinned or world.pins.get(reference.source)
    if known is None or refresh:
        return Contribution(Digest(f"picture of {reference.source}"), f"{reference} will be fetched")
    return Contribution(known)


def _file(reference: Reference, recipe: Recipe, world: World) -> Contribution:
    """A file that stood there when the manifest was read, and has to be still."""
    fact = world.files.get(OutputPath(reference.name), MISSING)
    if fact.sha256 is not None and not fact.pointer:
        return Contribution(fact.sha256)
    problem = Problem(
        "picture",
        f"the reference `{reference.name}` of `{recipe.name}` is not there any more",
        reference.place,
        "put it back, and run the command again",
    )
    return Contribution(Digest(f"no file {reference.name}"), held=problem)


def because(recipe: Recipe, name: str, problem: Problem) -> Problem:
    """The problem of an asset that shows another one, which has this problem."""
    message = f"`{recipe.name}` shows `{name}`, which cannot be made now: {problem.message}"
    return Problem(DEPENDENCY, message, recipe.place, problem.hint)


def _frozen_without(recipe: Recipe, reference: Reference) -> Problem:
    """The manifest says that there is a cutout, and a frozen asset gets none that has to be paid for."""
    return Problem(
        DEPENDENCY,
        f"`{recipe.name}` shows `{reference}`, and `{reference.name}` is frozen without a cutout",
        recipe.place,
        f"take `frozen` away from `{reference.name}`, or show it without `#cutout`",
    )


def withheld(recipe: Recipe, verdict: MasterVerdict, pictures: Showing) -> MasterVerdict:
    """A verdict that orders nothing new while a picture that is to be shown is not what it should be."""
    if not isinstance(verdict.master, Ordered) or verdict.master.resumes:
        return verdict
    if pictures.held:
        return replace(verdict, master=None, blocked=pictures.held)
    provider = verdict.master.asking.provider
    if provider == DRAFT:
        return verdict
    if pictures.drafts:
        return replace(verdict, master=None, blocked=_only_a_draft(recipe, pictures.drafts[0], provider))
    notes = (f"`{name}`, which it shows, is a draft, as its `provider` wants" for name in pictures.wanted)
    return replace(verdict, notes=(*verdict.notes, *dict.fromkeys(notes)))


def _only_a_draft(recipe: Recipe, name: str, provider: str) -> Problem:
    """What is made from a draft would have to be paid for once more when that becomes a picture."""
    return Problem(
        "blocked",
        f"`{recipe.name}` shows `{name}`, which is only a draft",
        recipe.place,
        f"make it real in the same run with `--provider {provider}`, or draft this one too with `--draft`",
    )


def in_order(recipes: Mapping[str, Recipe]) -> tuple[Recipe, ...]:
    """The assets of a manifest, each after those that its request shows."""
    if not any(recipe.request.references for recipe in recipes.values()):
        return tuple(recipes.values())
    from graphlib import TopologicalSorter  # start-up: most manifests never need it

    graph = {name: dependencies(recipe) for name, recipe in recipes.items()}
    return tuple(recipes[name] for name in TopologicalSorter(graph).static_order() if name in recipes)


def dependencies(recipe: Recipe) -> tuple[str, ...]:
    """The names of the assets that an asset's request shows, each once."""
    return tuple(dict.fromkeys(r.name for r in recipe.request.references if r.kind == "asset"))


def with_dependencies(names: frozenset[str], recipes: Mapping[str, Recipe]) -> frozenset[str]:
    """Some assets of a manifest, and everything that they show, in their requests or in their files, directly or
    not."""
    found: set[str] = set()
    waiting = [name for name in names if name in recipes]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += (*dependencies(recipes[name]), *recipes[name].lenders)
    return frozenset(found)
