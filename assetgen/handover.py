"""From a build to the app: what people decide about pictures, and the copies of what they accepted.

Sends nothing and generates nothing. Whatever is decided or published is in the lock when a function here returns.
"""

from __future__ import annotations

from collections.abc import Sequence

from assetgen.engine.clock import MONOTONIC, Clock
from assetgen.engine.events import SILENCE, Listener
from assetgen.errors import UsageError
from assetgen.manifest.recipe import AssetId
from assetgen.manifest.suggest import did_you_mean_of
from assetgen.plan.plan import AssetPlan, Options
from assetgen.plan.planner import selected
from assetgen.project import Observed, Project, held, observed
from assetgen.publish.decisions import Judged, Judgement, Standing, Verdict, judged, standing
from assetgen.store.state import State

_EVERYTHING = Options()


async def decide(
    project: Project, judgements: Sequence[Judgement], listener: Listener = SILENCE, clock: Clock = MONOTONIC
) -> tuple[Judged, ...]:
    """Record what people decided. One that cannot count is told in its result, and the others are recorded.

    Raises UsageError for an asset that is in no manifest of the project."""
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
    records = seen.records(state, clock)
    assets = {asset.asset: asset for asset in seen.plan.assets}
    results = tuple(judged(judgement, _known(assets, judgement.asset).previous) for judgement in judgements)
    for result in results:
        if result.entry is not None:
            asset = assets[result.judgement.asset]
            records[asset.asset.manifest].amend(asset.moved_from or str(asset.recipe.name), result.entry)
    for record in records.values():
        record.flush()
    return results


def _known(assets: dict[AssetId, AssetPlan], asset: AssetId) -> AssetPlan:
    if asset not in assets:
        names = [str(known.name) for known in assets if known.manifest == asset.manifest]
        raise UsageError(f"there is no asset `{asset}` in {asset.manifest}", hint=did_you_mean_of(asset.name, names))
    return assets[asset]
