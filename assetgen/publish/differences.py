"""How the app's files differ from what was accepted. Pure; needs the lock and the files, and no store.

What the app is to show of an asset: its picture, if that was accepted; otherwise what was published before, which stays
as it is until there is something better. A draft need not be published, so nobody waits for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assetgen.digest import Digest
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import AssetId, OutputPath, OutputSpec
from assetgen.plan.lending import shows_draft
from assetgen.plan.ownership import is_published
from assetgen.plan.plan import AssetPlan, Plan
from assetgen.plan.world import MISSING, FileFact, World
from assetgen.publish.decisions import Standing, standing


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A place in the app, and how its file differs from what is to stand there, if it does; `hint` says what to do."""

    asset: AssetId
    place: OutputPath
    differs: str | None = None
    hint: str | None = None


def published_files(plan: Plan) -> Iterator[PublishedFile]:
    """Every place in the app that is to hold something."""
    for part in plan.manifests:
        for asset in part.assets:
            if asset.previous is not None:
                yield from _of_asset(asset, asset.previous, part.world)


def _of_asset(asset: AssetPlan, entry: Entry, world: World) -> Iterator[PublishedFile]:
    manifest = asset.asset.manifest
    present = is_published(asset.recipe, entry)
    if standing(entry) is Standing.REJECTED and present:
        for place in _places(asset):
            yield PublishedFile(asset.asset, place, "is of a rejected picture", _rollback(asset))
        return
    accepted = standing(entry) is Standing.ACCEPTED
    due = accepted and (present or not shows_draft(entry, world))
    for spec in asset.recipe.outputs:
        for place in spec.published:
            recorded = entry.published.get(place)
            wanted = _wanted(spec, entry, recorded, due=due)
            if due and spec.path not in entry.outputs:
                hint = f"`assetgen build {manifest}`, then `assetgen publish {manifest}`"
                yield PublishedFile(asset.asset, place, "is not built yet", hint)
            elif wanted is not None:
                fact = world.files.get(place, MISSING)
                differs = _difference(fact, wanted, recorded)
                yield PublishedFile(asset.asset, place, differs, _hint(differs, manifest, due=due))


def _places(asset: AssetPlan) -> Iterator[OutputPath]:
    return (place for spec in asset.recipe.outputs for place in spec.published)


def _rollback(asset: AssetPlan) -> str:
    return f"`assetgen rollback {asset.asset.manifest} {asset.asset}`, or accept another picture and publish that"


def _wanted(spec: OutputSpec, entry: Entry, recorded: Digest | None, *, due: bool) -> Digest | None:
    locked = entry.outputs.get(spec.path)
    return locked.sha256 if due and locked else recorded


def _hint(differs: str | None, manifest: str, *, due: bool) -> str | None:
    if differs is None:
        return None
    if not due:
        return "bring it back from version control"
    publish = f"`assetgen publish {manifest}"
    return f"{publish}`" if differs in (_MISSING, _NEW, _EARLIER) else f"move it away, or {publish} --overwrite`"


_MISSING = "is missing"
_NEW = "is not published yet"
_EARLIER = "is of the picture published before"


def _difference(fact: FileFact, wanted: Digest, recorded: Digest | None) -> str | None:
    if fact.kind == "file" and fact.sha256 == wanted:
        return None
    if fact.kind == "missing":
        return _MISSING if recorded else _NEW
    if fact.sha256 is not None and fact.sha256 == recorded:
        return _EARLIER
    return "was edited by hand" if recorded else "is in the way: it is not ours"
