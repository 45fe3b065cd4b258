"""Plans and endings for tests of what is told about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assetgen.catalog import CATALOG
from assetgen.engine.events import Begun, Outcome, Result
from assetgen.errors import Problem
from assetgen.lock.document import Orphan
from assetgen.manifest.recipe import AssetId, AssetName, OutputPath, Recipe
from assetgen.plan.plan import Action, AssetPlan, ManifestPlan, Options, Plan, Removed
from assetgen.plan.planner import make_plan
from assetgen.plan.world import FileFact, World
from tests.support.worlds import digest, loaded, recipe


def asset_id(name: str = "coin") -> AssetId:
    return AssetId("app.yaml", AssetName(name))


def asset(name: str = "coin", action: Action = Action.GENERATE, usd: str | None = "0.09", **fields: Any) -> AssetPlan:
    """The verdict on one asset. `usd` is a text, as prices are decimals."""
    return AssetPlan(
        asset_id(name),
        fields.pop("recipe", recipe(name)),
        action,
        fields.pop("reasons", ("new",) if action is not Action.UP_TO_DATE else ()),
        Decimal(usd) if usd is not None else None,
        **fields,
    )


def idle(name: str = "coin", **fields: Any) -> AssetPlan:
    return asset(name, Action.UP_TO_DATE, "0", **fields)


def plan_of(*assets: AssetPlan, removed: tuple[Removed, ...] = (), orphans: tuple[str, ...] = ()) -> Plan:
    """A plan of one manifest. The `orphans` still stand."""
    paths = [OutputPath(path) for path in orphans]
    world = World(
        orphans={path: Orphan(sha256=digest(path), asset="old") for path in paths},
        files={path: FileFact("file", digest(path)) for path in paths},
    )
    return Plan((ManifestPlan(loaded(*(row.recipe for row in assets)), world, assets, removed),), Options())


def real_plan(*recipes: Recipe, options: Mapping[str, Any] | None = None) -> Plan:
    """What the planner itself says of recipes that were never built."""
    return make_plan([(loaded(*recipes), World())], Options(**(options or {})), CATALOG)


def built(name: str = "coin", *wrote: str, spent: str | None = "0.09", **fields: Any) -> Outcome:
    cost = Decimal(spent) if spent is not None else None
    return Outcome(asset_id(name), Result.BUILT, wrote=wrote or (f"output/{name}.png",), spent=cost, **fields)


def failed(name: str, code: str, message: str, hint: str | None = None, result: Result = Result.FAILED) -> Outcome:
    return Outcome(asset_id(name), result, Problem(code, message, hint=hint))


@dataclass(frozen=True)
class Ended:
    """A finished build."""

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    requests: int = 0
    saved: Decimal = Decimal(0)
    seconds: float = 12.34
    interrupted: bool = False
    emitted: tuple[Outcome, ...] = ()
    begun: tuple[Begun, ...] = ()
