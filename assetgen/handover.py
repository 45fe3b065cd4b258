"""From a build to the app: what people decide about pictures, and the copies of what they accepted.

Sends nothing and generates nothing. Whatever is decided or published is in the lock when a function here returns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

from assetgen import build
from assetgen.engine.clock import MONOTONIC, Clock
from assetgen.engine.events import SILENCE, Listener
from assetgen.engine.record import LockRecord
from assetgen.engine.removing import remove_left
from assetgen.errors import AssetError, Problem, UsageError
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import AssetId
from assetgen.manifest.suggest import did_you_mean_of
from assetgen.plan.plan import AssetPlan, ManifestPlan, Options, Plan
from assetgen.plan.selection import selected
from assetgen.plan.world import Owner
from assetgen.project import Observed, Project, held, observed
from assetgen.publish.copies import Consent, Copy, Publication, claims_of, publication, published_entry
from assetgen.publish.copying import put_copies, sweep_places
from assetgen.publish.decisions import Judged, Judgement, Standing, Verdict, judged, standing
from assetgen.publish.differences import PublishedFile, published_files
from assetgen.publish.earlier import NoEarlierError, way_back
from assetgen.publish.leftovers import leftovers
from assetgen.publish.orphans import CleanedFile
from assetgen.store.blobs import Blobs, MissingBlobError
from assetgen.store.folder import state_path
from assetgen.store.state import State

_EVERYTHING = Options()


async def decide(
    project: Project, judgements: Sequence[Judgement], listener: Listener = SILENCE, clock: Clock = MONOTONIC
) -> tuple[Judged, ...]:
    """Record what people decided. One that cannot count, since the asset has another picture or is not there any more,
    is told in its result, and the others are recorded."""
    async with held(project, "accept", listener, clock) as state:
        return _recorded(observed(project, _EVERYTHING, state), judgements, state, clock)


async def decide_named(
    project: Project,
    names: Sequence[str],
    verdict: Verdict,
    *,
    note: str | None = None,
    by: str | None = None,
    listener: Listener = SILENCE,
    clock: Clock = MONOTONIC,
) -> tuple[Judged, ...]:
    """Accept or reject the pictures that assets have now. `names` may be globs; without any, all assets that have a
    picture nobody decided about."""
    assert_known(project, names)
    command = "accept" if verdict == "accepted" else "reject"
    async with held(project, command, listener, clock) as state:
        seen = observed(project, _EVERYTHING, state)
        chosen = [asset for asset in seen.plan.assets if _is_meant(asset, names)]
        return _recorded(seen, [Judgement(asset.asset, verdict, note, by) for asset in chosen], state, clock)


def assert_known(project: Project, names: Sequence[str]) -> None:
    """Raise the UsageError of the first glob that no asset matches."""
    recipes = [recipe for manifest in project.manifests for recipe in manifest.recipes]
    for name in names:
        if not any(selected(recipe, Options(only=(name,))) for recipe in recipes):
            shown = ", ".join(manifest.shown for manifest in project.manifests)
            hint = did_you_mean_of(name, [recipe.name for recipe in recipes])
            raise UsageError(f"there is no asset `{name}` in {shown}", hint=hint)


def _is_meant(asset: AssetPlan, names: Sequence[str]) -> bool:
    """A name means its asset; a glob, or none at all, only such as have a picture."""
    if names:
        exact = asset.recipe.name in names
        return exact or (asset.previous is not None and selected(asset.recipe, Options(only=tuple(names))))
    return asset.previous is not None and standing(asset.previous) is Standing.UNDECIDED


def _recorded(seen: Observed, judgements: Sequence[Judgement], state: State, clock: Clock) -> tuple[Judged, ...]:
    records = _records(seen, state, clock)
    assets = {asset.asset: asset for asset in seen.plan.assets}
    results = tuple(_judged(assets, judgement) for judgement in judgements)
    for result in results:
        if result.entry is not None:
            asset = assets[result.judgement.asset]
            records[asset.asset.manifest].amend(asset.moved_from or str(asset.recipe.name), result.entry)
    for record in records.values():
        record.flush()
    return results


def _records(seen: Observed, state: State, clock: Clock) -> dict[str, LockRecord]:
    records = seen.records(state, clock)
    for record in records.values():
        record.catch_up()
    return records


def _judged(assets: dict[AssetId, AssetPlan], judgement: Judgement) -> Judged:
    asset = judgement.asset
    if asset in assets:
        return judged(judgement, assets[asset].previous)
    names = [str(known.name) for known in assets if known.manifest == asset.manifest]
    message, hint = f"there is no asset `{asset}` in {asset.manifest}", did_you_mean_of(asset.name, names)
    nobody = Standing.UNDECIDED
    return Judged(judgement, nobody, nobody, problem=Problem("unknown_asset", message, hint=hint))


# --- publishing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What was published, or with `dry_run` would be. `removed` tells what became of files that no asset publishes any
    more; `left` counts those that nobody asked to remove."""

    plan: Plan
    publications: tuple[Publication, ...]
    removed: tuple[CleanedFile, ...] = ()
    left: int = 0
    dry_run: bool = False

    @property
    def failed(self) -> bool:
        return any(publication.problem for publication in self.publications)


async def publish(
    project: Project,
    options: Options,
    consent: Consent,
    *,
    prune: bool = False,
    dry_run: bool = False,
    listener: Listener = SILENCE,
    clock: Clock = MONOTONIC,
) -> PublishReport:
    """Copy pictures into the app: the accepted ones, and what `consent` says besides. With `prune`, remove published
    files that no asset publishes any more. What fails per asset is in the report."""
    if dry_run:
        with State.open_for_reading(state_path(project.root)) or nullcontext() as read:
            plan = observed(project, options, read).plan
        publications = _publications(plan, consent)
        return _reported(project, plan, publications, prune=prune, dry_run=True)
    async with held(project, "publish", listener, clock) as state:
        seen = observed(project, options, state)
        sweep_places(project.root, seen.plan.places)
        work = _Publishing.of(project, seen, state, clock)
        try:
            done = [await work.published(publication) for publication in _publications(seen.plan, consent)]
            return work.tidied(_reported(project, seen.plan, done, prune=prune, dry_run=False))
        finally:
            work.flush()


def _publications(plan: Plan, consent: Consent) -> list[Publication]:
    claims = claims_of(plan)
    found = (publication(asset, part.world, claims, consent) for part in plan.manifests for asset in part.assets)
    return [one for one in found if one is not None]


def _reported(
    project: Project, plan: Plan, publications: Sequence[Publication], *, prune: bool, dry_run: bool
) -> PublishReport:
    settled = {one.asset for one in publications if one.copies}
    left = list(leftovers(plan, settled))
    removed: tuple[CleanedFile, ...] = ()
    if prune:
        files = {leftover.path: leftover.sha256 for leftover in left}
        fates = remove_left(project.root, files, plan.made | plan.places, dry_run=dry_run)
        removed = tuple(CleanedFile(one.path, one.asset, fates[one.path]) for one in left)
    return PublishReport(plan, tuple(publications), removed, 0 if prune else len(left), dry_run)


@dataclass(frozen=True, slots=True)
class _Publishing:
    """A run that publishes, holding the project. `records` go by manifest, as it is shown."""

    project: Project
    state: State
    records: Mapping[str, LockRecord]
    plans: Mapping[AssetId, tuple[ManifestPlan, AssetPlan]]

    @classmethod
    def of(cls, project: Project, seen: Observed, state: State, clock: Clock) -> _Publishing:
        plans = {asset.asset: (part, asset) for part in seen.plan.manifests for asset in part.assets}
        return cls(project, state, _records(seen, state, clock), plans)

    async def published(self, publication: Publication) -> Publication:
        """Put an asset's copies in place and remember them, if there are any."""
        await asyncio.sleep(0)  # an interruption comes between two assets
        if publication.entry is None or not publication.copies:
            return publication
        entry = published_entry(publication, publication.entry)
        try:
            self.put(publication.asset, publication.entry, entry, publication.changes)
        except AssetError as error:
            return replace(publication, copies=(), problem=error.problems[0])
        return publication

    def put(self, asset: AssetId, before: Entry, after: Entry, copies: Sequence[Copy]) -> None:
        """Put copies in place; the lock has `after` instead of `before` then. Raises AssetError."""
        part, plan = self.plans[asset]
        record, name = self.records[asset.manifest], plan.moved_from or str(plan.recipe.name)
        if copies:
            record.replaces(name, before)
            owner = Owner(part.manifest.lock_name, plan.recipe.name)
            put_copies(self.project.root, copies, owner, self.state, Blobs(self.project.root))
        if after != before:
            record.amend(name, after)

    def tidied(self, report: PublishReport) -> PublishReport:
        """Forget what is gone from the app. Returns the report."""
        gone = {file.path for file in report.removed if not file.kept}
        for part in report.plan.manifests if gone else ():
            record = self.records[part.manifest.shown]
            for removed in part.removed:
                record.remove(removed)
            record.drop_published(gone)
        return report

    def flush(self) -> None:
        for record in self.records.values():
            record.flush()


async def rollback(
    project: Project, name: str, *, overwrite: bool = False, listener: Listener = SILENCE, clock: Clock = MONOTONIC
) -> PublishReport:
    """Bring back into the app the picture of an asset that was accepted and published before the present one, which is
    rejected if it was in the app or on its way there. Raises NoEarlierError, and AssetError for a file in the way."""
    assert_known(project, [name])
    async with held(project, "rollback", listener, clock) as state:
        seen = observed(project, Options(), state)
        work = _Publishing.of(project, seen, state, clock)
        part, asset = _only(seen.plan, name)
        if asset.previous is None:
            raise NoEarlierError(
                f"`{name}` has no picture yet", hint=f"build it first: `assetgen build {asset.asset.manifest}`"
            )
        replaced = state.entries.replaced(part.manifest.lock_name, asset.moved_from or str(asset.recipe.name))
        claims = claims_of(seen.plan)
        back = way_back(asset, asset.previous, replaced, part.world, claims, Consent(overwrite=overwrite))
        done = Publication(asset.asset, back.entry, back.copies)
        try:
            work.put(asset.asset, asset.previous, back.entry, done.changes)
        except MissingBlobError as error:
            raise NoEarlierError(f"the picture published before is not at hand: {error.message}", hint=_LOST) from error
        finally:
            work.flush()
    return PublishReport(seen.plan, (done,))


def _only(plan: Plan, name: str) -> tuple[ManifestPlan, AssetPlan]:
    for part in plan.manifests:
        for asset in part.assets:
            if asset.recipe.name == name:
                return part, asset
    raise UsageError(f"`{name}` is not one asset", hint="name one asset; a glob or a matrix means several")


_LOST = (
    "what was published before is kept in .assetgen/ where the next picture was published; otherwise version control "
    "has it, or the manifest as it was then"
)


def published(project: Project, options: Options) -> tuple[PublishedFile, ...]:
    """What the app is to show and whether it does. Changes nothing on disk, and needs no store."""
    return tuple(published_files(build.plan(project, options)))
