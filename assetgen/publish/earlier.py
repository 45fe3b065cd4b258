"""Going back to the picture that was published before: which one that is, and the copies that it takes. Pure.

Files of today's places only, and all of them: an app with files of two pictures helps nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assetgen.digest import Digest
from assetgen.errors import BlockedError, Problem
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import OutputPath
from assetgen.plan.ownership import Claims, is_published, wanted_places
from assetgen.plan.plan import AssetPlan
from assetgen.plan.world import MISSING, World
from assetgen.publish.copies import Consent, Copy, ObstacleError, fate_of, is_ours
from assetgen.publish.decisions import Standing, decided, standing
from assetgen.store.entries import Replaced

NOTE = "rolled back to the picture published before"
"""Why a picture is rejected that was rolled back."""


class NoEarlierError(BlockedError):
    """There is no earlier picture, or not all of it."""

    code = "no_earlier"


@dataclass(frozen=True, slots=True)
class Return:
    """The copies that bring an earlier picture back, and the lock entry that tells of it."""

    copies: tuple[Copy, ...]
    entry: Entry


def way_back(
    asset: AssetPlan, entry: Entry, replaced: Iterable[Replaced], world: World, claims: Claims, consent: Consent
) -> Return:
    """How an asset's published files become again what they were before its present picture; `replaced` is what gave
    way, newest first. Raises NoEarlierError, or BlockedError when a file is in the way."""
    earlier = _earlier(asset, entry, replaced)
    places = [place for spec in asset.recipe.outputs for place in spec.published]
    missing = [place for place in places if place not in earlier]
    if missing:
        message = f"the picture of `{asset.asset}` published before had no `{missing[0]}`"
        hint = "go back in the manifest to what made it: the build takes it from the store, and `publish` does the rest"
        raise NoEarlierError(message, hint=hint)
    files = {place: earlier[place] for place in places}
    try:
        copies = tuple(_copy(place, digest, world, claims, consent) for place, digest in files.items())
    except ObstacleError as obstacle:
        error = BlockedError(obstacle.message, hint=obstacle.hint)
        error.problems = (Problem(obstacle.code, obstacle.message, asset.recipe.place, obstacle.hint),)
        raise error from None
    return Return(copies, _told(asset, entry, files))


def _earlier(asset: AssetPlan, entry: Entry, replaced: Iterable[Replaced]) -> Mapping[str, Digest]:
    """The files of the newest picture that was accepted and published before the present one. Publishing takes an
    acceptance, so what nobody knows better counts as accepted."""
    wanted = wanted_places(asset.recipe, entry)
    for row in (Replaced(entry, own=False), *replaced):
        files = row.entry.published
        known = row.own and standing(row.entry) is not Standing.ACCEPTED
        present = all(files.get(place) == digest for place, digest in wanted.items())
        if files and not present and not known:
            return files
    raise NoEarlierError(
        f"no picture of `{asset.asset}` is known that was published before the one that it has now",
        hint="what was published before is remembered in .assetgen/ where it was published, and in version control",
    )


def _copy(place: OutputPath, digest: Digest, world: World, claims: Claims, consent: Consent) -> Copy:
    before = world.files.get(place, MISSING)
    fate = fate_of(place, digest, world, claims, consent)
    return Copy(place, digest, None, fate, before, is_ours(place, before, claims))


def _told(asset: AssetPlan, entry: Entry, files: Mapping[OutputPath, Digest]) -> Entry:
    """The present picture is rejected if it was in the app or would be put there by the next `publish`."""
    after = entry.model_copy(update={"published": {**entry.published, **{str(p): d for p, d in files.items()}}})
    match standing(entry):
        case Standing.REJECTED:
            return after
        case Standing.UNDECIDED if not is_published(asset.recipe, entry):
            return after
        case _:
            return decided(after, "rejected", note=NOTE)
