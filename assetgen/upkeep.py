"""Care for a project between builds: taking what stands as correct, putting back what was, and removing what nobody
makes any more.

Sends nothing and generates nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assetgen import atomic
from assetgen.catalog import DRAFT
from assetgen.engine.clock import MONOTONIC, Clock
from assetgen.engine.events import SILENCE, Listener
from assetgen.errors import UsageError
from assetgen.lock.document import INDEX, Orphan
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedOutput
from assetgen.manifest.recipe import AssetId, OutputPath
from assetgen.manifest.suggest import did_you_mean_of
from assetgen.plan.ownership import left_behind
from assetgen.plan.plan import AssetPlan, ManifestPlan, Options, Plan
from assetgen.plan.world import FileFact, Owner
from assetgen.project import Project, held, observed
from assetgen.publish.copies import Copy, Fate, Publication, published_entry
from assetgen.store.blobs import Blobs
from assetgen.store.observe import fact_of

if TYPE_CHECKING:
    from assetgen.publish.orphans import CleanedFile
    from assetgen.store.state import State


async def adopt(
    project: Project, names: Sequence[str], listener: Listener = SILENCE, clock: Clock = MONOTONIC
) -> tuple[str, ...]:
    """Take files and inputs as they now are as correct; returns a sentence per asset. `names` may be globs. All of them
    are adopted, or none.

    Raises UsageError when there is nothing to adopt, PictureError for a file that is no picture."""
    from assetgen.engine.adopting import adopted_entry, remember_adopted

    options = Options(only=tuple(names), overwrite=True)
    ambient = project.environ.get("ASSETGEN_PROVIDER") or DRAFT
    blobs = Blobs(project.root)
    async with held(project, "adopt", listener, clock) as state:
        seen = observed(project, options, state)
        entries = [
            (manifest, asset, adopted_entry(asset, manifest.world, project.root, blobs, ambient))
            for manifest in seen.plan.manifests
            for asset in _as_written(manifest)
        ]
        records = seen.records(state, clock)
        known = state.results.masters().keys() | state.journal.open_tasks().keys()
        for manifest, asset, entry in entries:
            remember_adopted(asset, entry, state, known)
            records[manifest.manifest.shown].put_aside(asset)
            records[manifest.manifest.shown].put(asset, entry)
        for record in records.values():
            record.flush()
    return tuple(_adopted(asset, entry) for _, asset, entry in entries)


def _as_written(plan: ManifestPlan) -> Iterator[AssetPlan]:
    """The assets with all that the manifest says of them, also what a frozen one disregards."""
    recipes = {recipe.name: recipe for recipe in plan.manifest.recipes}
    return (replace(asset, recipe=recipes[asset.recipe.name]) for asset in plan.assets)


async def put_back(
    project: Project, asset: AssetId, entry: Entry, now: Entry, listener: Listener = SILENCE, clock: Clock = MONOTONIC
) -> None:
    """Give an asset the entry that it had before: what was decided, or the picture that was chosen. Its files follow
    with the next build, from the store. Raises UsageError when its entry is not `now` any more."""
    async with held(project, "review", listener, clock) as state:
        seen = observed(project, Options(), state)
        _, found = _unchanged(seen.plan, asset, now)
        record = seen.records(state, clock)[asset.manifest]
        record.amend(found.moved_from or str(asset.name), entry)
        record.flush()


async def unpublish(
    project: Project, publications: Sequence[Publication], listener: Listener = SILENCE, clock: Clock = MONOTONIC
) -> None:
    """Take back what was published just now: changed files are again what they were, new ones are gone. Raises
    UsageError when an asset, or a file of it in the app, changed since; then nothing of that asset is taken back."""
    async with held(project, "review", listener, clock) as state:
        seen = observed(project, Options(), state)
        records = seen.records(state, clock)
        try:
            for publication in publications:
                entry = publication.entry
                if entry is None or not publication.changes:
                    continue
                part, found = _unchanged(seen.plan, publication.asset, published_entry(publication, entry))
                _take_back(project, publication, Owner(part.manifest.lock_name, found.recipe.name), state)
                records[part.manifest.shown].amend(found.moved_from or str(found.recipe.name), entry)
        finally:
            for record in records.values():
                record.flush()


def _take_back(project: Project, publication: Publication, owner: Owner, state: State) -> None:
    from assetgen.publish.copying import put_copies

    new = [copy for copy in publication.changes if copy.fate is Fate.NEW]
    for copy in new:
        if fact_of(project.root / copy.place).sha256 != copy.sha256:
            raise _cannot_undo(publication.asset)
    earlier = [_earlier(copy) for copy in publication.changes if copy.fate is Fate.CHANGED]
    put_copies(project.root, earlier, owner, state, Blobs(project.root))
    for copy in new:
        atomic.remove(project.root / copy.place, root=project.root)
        state.outputs.forget(copy.place)


def _earlier(copy: Copy) -> Copy:
    """The copy that brings back what a copy replaced; its bytes are in the store."""
    digest = copy.before.sha256 or copy.sha256
    return Copy(copy.place, digest, None, Fate.CHANGED, FileFact("file", copy.sha256), ours=True)


def _unchanged(plan: Plan, asset: AssetId, entry: Entry) -> tuple[ManifestPlan, AssetPlan]:
    """The asset in the plan, if it still has that entry."""
    for part in plan.manifests:
        for found in part.assets:
            if found.asset == asset and found.previous == entry:
                return part, found
    raise _cannot_undo(asset)


def _cannot_undo(asset: AssetId) -> UsageError:
    return UsageError(f"`{asset}` changed since, so that cannot be undone", hint="look at what it is now")


async def pick(
    project: Project, name: str, number: int, listener: Listener = SILENCE, clock: Clock = MONOTONIC
) -> bool:
    """Choose the variant that an asset's files are made from, counted from 1; the next build makes them, for nothing.
    Returns whether that was another one before.

    Raises UsageError for an asset or variant that there is not, and where the manifest picks.
    """
    from assetgen.engine.entries import picked_entry

    async with held(project, "pick", listener, clock) as state:
        seen = observed(project, Options(), state)
        found = next((plan for plan in seen.plan.assets if plan.asset.name == name), None)
        if found is None:
            names = [plan.asset.name for plan in seen.plan.assets]
            raise UsageError(f"there is no asset `{name}`", hint=did_you_mean_of(name, names))
        entry = picked_entry(found, number)
        if entry == found.previous:
            return False
        record = seen.records(state, clock)[found.asset.manifest]
        record.amend(found.moved_from or str(found.asset.name), entry)
        record.flush()
    return True


def _adopted(asset: AssetPlan, entry: Entry) -> str:
    changed = [path for path, output in entry.outputs.items() if output != _output(asset.previous, path)]
    what = ", ".join(changed) if changed else "its request as it now reads; no file differs"
    return f"{asset.asset}: adopted {what}"


def _output(entry: Entry | None, path: str) -> LockedOutput | None:
    return entry.outputs.get(path) if entry else None


async def clean(
    project: Project, *, dry_run: bool = False, listener: Listener = SILENCE, clock: Clock = MONOTONIC
) -> tuple[CleanedFile, ...]:
    """Remove files that no asset makes any more, while their bytes are still ours; with `dry_run` only say which."""
    from assetgen.publish.orphans import clean as clean_orphans

    async with held(project, "clean", listener, clock) as state:
        seen = observed(project, Options(), state)
        records = seen.records(state, clock)
        done: list[CleanedFile] = []
        for manifest in seen.plan.manifests:
            orphans = _orphans(manifest, seen.plan)
            cleaned = clean_orphans(project.root, orphans, seen.plan.made, dry_run=dry_run)
            done += cleaned
            if not dry_run:
                record = records[manifest.manifest.shown]
                for removed in manifest.removed:
                    record.remove(removed)
                record.leave_indexes(manifest.left_indexes)
                record.drop_orphans(file.path for file in cleaned if not file.kept)
                record.flush()
    return tuple(done)


def _orphans(manifest: ManifestPlan, plan: Plan) -> dict[OutputPath, Orphan]:
    """The files that nobody makes: the lock's orphans, and what assets leave that are gone from the manifest. What was
    published, or will be, is for `publish --prune`."""
    world = manifest.world
    needed = plan.made | plan.places
    orphans = {path: orphan for path, orphan in world.orphans.items() if not orphan.published and path not in needed}
    orphans |= {path: Orphan(sha256=world.indexes[path].sha256, asset=INDEX) for path in manifest.left_indexes}
    for removed in manifest.removed:
        orphans |= left_behind(removed.name, world.entries[removed.name], removed.paths, world, plan.made)
    return orphans
