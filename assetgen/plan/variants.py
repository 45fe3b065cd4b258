"""The variants of one asset: which there are to be, where the picture of each comes from, which one is picked. Pure.

Each variant is decided like an asset with one picture; the number only enters its key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assetgen.catalog import Catalog
from assetgen.errors import Problem
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import Recipe
from assetgen.plan.case import Past
from assetgen.plan.master import decide_master, stand_of
from assetgen.plan.ordering import MasterVerdict
from assetgen.plan.plan import Options, Ordered, Variant
from assetgen.plan.showing import Showing, withheld
from assetgen.plan.world import World


@dataclass(frozen=True, slots=True)
class Choice:
    """The verdict on the `picked` variant, and on the others; `reasons` and `notes` are those of all of them."""

    picked: int
    verdict: MasterVerdict
    others: tuple[Variant, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    blocked: Problem | None = None


def decide_variants(
    recipe: Recipe, past: Past, world: World, options: Options, catalog: Catalog, pictures: Showing
) -> Choice:
    """The verdict on every variant of an asset; `pictures` are those that its request shows."""

    def decided(variant: int, past: Past) -> MasterVerdict:
        verdict = decide_master(recipe, past, world, options, catalog, pictures.shown, variant)
        return withheld(recipe, verdict, pictures)

    alone = recipe.variants == 1 and (past.entry is None or len(past.entry.masters) == 1)
    if alone and not world.picks:
        only = decided(1, past)
        return Choice(1, only, (), only.reasons, only.notes, only.blocked)
    stand = stand_of(recipe, past, world, options, catalog, pictures.shown)
    was = past.entry if stand.kept else None
    picked, count = _wanted(recipe, was, past.entry if stand.complete else None, stand.recalled)
    verdicts = {number: decided(number, past.of_variant(number)) for number in range(1, count + 1)}
    return Choice(
        picked=picked,
        verdict=verdicts[picked],
        others=tuple(Variant(n, v.master) for n, v in verdicts.items() if n != picked and v.master),
        reasons=(*_reasons(verdicts), *_change(was, picked)),
        notes=tuple(dict.fromkeys(note for verdict in verdicts.values() for note in verdict.notes)),
        blocked=next((verdict.blocked for verdict in verdicts.values() if verdict.blocked), None),
    )


def _wanted(recipe: Recipe, was: Entry | None, complete: Entry | None, recalled: int | None) -> tuple[int, int]:
    """The number of the picked variant, and of how many. What `was` picked stays so, also beyond what the manifest asks
    for, and what is `recalled` where no picture is kept; a `complete` entry gets no more."""
    picked = recipe.pick or (was.picked if was else recalled or 1)
    count = max(recipe.variants, picked)
    if complete is not None:
        count = min(count, len(complete.masters))
    return min(picked, count), count


def each(entry: Entry) -> Iterator[tuple[int, Entry]]:
    """The variants of a lock entry: their numbers, and each as if it were the only one."""
    for number in range(1, len(entry.masters) + 1):
        found = entry.variant(number)
        if found is not None:
            yield number, found


def _change(entry: Entry | None, picked: int) -> tuple[str, ...]:
    return (f"pick changed: {entry.standing} -> {picked}",) if entry and not entry.shows(picked) else ()


def _reasons(verdicts: dict[int, MasterVerdict]) -> list[str]:
    """What holds for all of them is said once."""
    common = [reason for reason in verdicts[1].reasons if all(reason in v.reasons for v in verdicts.values())]
    own = [f"variant {n}{_price(v)}: {r}" for n, v in verdicts.items() for r in v.reasons if r not in common]
    each = f"{len(verdicts)} variants{_price(verdicts[1], each=True)}"
    return [*common, *([each] if common and len(verdicts) > 1 else []), *own]


def _price(verdict: MasterVerdict, *, each: bool = False) -> str:
    if not isinstance(verdict.master, Ordered) or not verdict.master.usd:
        return ""
    return f" at ${verdict.master.usd:.2f} each" if each else f" (${verdict.master.usd:.2f})"
