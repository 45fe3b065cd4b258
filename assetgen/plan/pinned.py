"""What locks pin: pictures that are the results of their requests, wherever the store is (rule 3). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assetgen.digest import Digest, StepKey
from assetgen.plan.cutout_records import known_from, known_order
from assetgen.plan.master import stored
from assetgen.plan.request import ADOPTED, NOTHING_DRAWN, asked
from assetgen.plan.upscale import known_larger
from assetgen.plan.variants import each
from assetgen.plan.world import StoredCutout, StoredMaster, Take, World


@dataclass(frozen=True, slots=True)
class Known:
    """What the locks of a run say of pictures, by key, and the bytes that are at hand for all of them."""

    results: Mapping[StepKey, StoredMaster]
    cutouts: Mapping[StepKey, StoredCutout]
    takes: Mapping[StepKey, int]
    blobs: frozenset[Digest]


def pinned(worlds: Sequence[World]) -> Known:
    """What the locks of these worlds know. A picture that a person put in place is the result of no request."""
    results: dict[StepKey, StoredMaster] = {}
    cutouts: dict[StepKey, StoredCutout] = {}
    takes: dict[StepKey, int] = {}
    entries = (entry for world in worlds for entry in world.entries.values())
    for number, entry in (variant for whole in entries for variant in each(whole)):
        if entry.master.provider == ADOPTED:
            continue
        asking = asked(entry.request, NOTHING_DRAWN, number)
        key, base_key = asking.key, asking.base_key if asking.reroll else asking.key
        results[key] = stored(entry.master)
        results |= known_larger(entry) | known_order(entry)
        cutouts |= known_from(entry)
        takes[base_key] = max(takes.get(base_key, 0), asking.reroll)
    return Known(results, cutouts, takes, frozenset().union(*(world.blobs for world in worlds)))


def news(known: Known, worlds: Sequence[World]) -> Known:
    """The part of it that the state does not remember yet. A task that still runs is paid for: what that brings is the
    result of its request."""
    results = {key for world in worlds for key in (*world.results, *world.open)}
    cutouts = {key for world in worlds for key in world.cutouts}
    takes = {key: take.count for world in worlds for key, take in world.takes.items()}
    return Known(
        results={key: master for key, master in known.results.items() if key not in results},
        cutouts={key: cutout for key, cutout in known.cutouts.items() if key not in cutouts},
        takes={key: count for key, count in known.takes.items() if count > takes.get(key, 0)},
        blobs=known.blobs,
    )


def knowing(world: World, known: Known) -> World:
    """A world that knows it too."""
    takes = dict(world.takes)
    for key, count in known.takes.items():
        take = takes.get(key, Take(0))
        if count > take.count:
            takes[key] = replace(take, count=count)
    return replace(
        world,
        results={**world.results, **known.results},
        cutouts={**world.cutouts, **known.cutouts},
        takes=takes,
        blobs=known.blobs,
    )
