"""Published files that no asset puts there any more: those the lock tells of, and only while nothing else needs them.

Pure. What an asset published under other paths goes only when its picture is published under those of today: until then
the app may well use it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from assetgen.digest import Digest
from assetgen.manifest.recipe import AssetId, OutputPath
from assetgen.plan.ownership import left_published
from assetgen.plan.plan import AssetPlan, ManifestPlan, Plan
from assetgen.plan.world import MISSING, World


@dataclass(frozen=True, slots=True)
class Leftover:
    """A file that we published and that no asset publishes now. `entry` is the name of the lock entry that still tells
    of it; None for an orphan."""

    path: OutputPath
    sha256: Digest
    manifest: str
    asset: str
    entry: str | None = None


def leftovers(plan: Plan, settled: Container[AssetId]) -> Iterator[Leftover]:
    """Everything that may go; `settled` are the assets whose picture stands published."""
    needed = plan.made | plan.places
    for part in plan.manifests:
        found = [leftover for asset in part.assets for leftover in _of_asset(asset, settled)]
        if not (plan.options.only or plan.options.tags):
            found += _of_nobody(part, plan)
        yield from _once([leftover for leftover in found if leftover.path not in needed], part.world)


def _once(leftovers: list[Leftover], world: World) -> Iterable[Leftover]:
    """Each path once: where several tell of it, by one that knows the bytes that stand there."""
    found: dict[OutputPath, Leftover] = {}
    for leftover in leftovers:
        if leftover.path not in found or world.files.get(leftover.path, MISSING).sha256 == leftover.sha256:
            found[leftover.path] = leftover
    return found.values()


def _of_asset(asset: AssetPlan, settled: Container[AssetId]) -> Iterator[Leftover]:
    somewhere = any(spec.published for spec in asset.recipe.outputs)
    if asset.previous is None or (somewhere and asset.asset not in settled):
        return
    name = asset.moved_from or str(asset.recipe.name)
    for path, digest in asset.previous.published.items():
        yield Leftover(OutputPath(path), digest, asset.asset.manifest, asset.asset.name, name)


def _of_nobody(part: ManifestPlan, plan: Plan) -> Iterator[Leftover]:
    orphans = {path: orphan for path, orphan in part.world.orphans.items() if orphan.published}
    for removed in part.removed:
        orphans |= left_published(removed.name, part.world.entries[removed.name], part.world, plan.made)
    for path, orphan in orphans.items():
        yield Leftover(path, orphan.sha256, part.manifest.shown, orphan.asset)
