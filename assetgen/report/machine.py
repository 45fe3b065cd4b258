"""The JSON documents of `--json`. Pure; other programs rely on their shape, which only ever grows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NotRequired, Protocol, TypedDict

from assetgen.engine.events import Outcome, Result
from assetgen.errors import Problem
from assetgen.manifest.recipe import AssetId, AssetName
from assetgen.plan.plan import Action, AssetPlan, IndexPlan, ManifestPlan, Plan

INTERRUPTED = "interrupted"
"""The `error.code` of an asset that had not ended when the run was interrupted."""


class CostDocument(TypedDict):
    usd: float | None


class FailureDocument(TypedDict):
    code: str
    message: str


class AssetDocument(TypedDict):
    """`result` and `error` are there after a build only."""

    name: str
    action: str
    reasons: list[str]
    cost: CostDocument
    outputs: list[str]
    result: NotRequired[str]
    error: NotRequired[FailureDocument | None]


class IndexDocument(TypedDict):
    """A typed index file: `action` is `up-to-date`, `write` (if its bytes change) or `blocked`."""

    path: str
    action: str
    reasons: list[str]
    result: NotRequired[str]
    error: NotRequired[FailureDocument | None]


class ManifestDocument(TypedDict):
    """`emit` is there where the manifest has index files."""

    manifest: str
    assets: list[AssetDocument]
    emit: NotRequired[list[IndexDocument]]


class RunDocument(TypedDict):
    """What `plan`, `check` and `build` print."""

    manifests: list[ManifestDocument]
    totals: dict[str, float]


class ErrorDocument(TypedDict):
    """One problem; `file`, `line`, `column` and `hint` are null where there is none."""

    file: str | None
    line: int | None
    column: int | None
    code: str
    message: str
    hint: str | None


class ErrorsDocument(TypedDict):
    errors: list[ErrorDocument]


class ValidatedDocument(ErrorsDocument):
    """What `validate` prints for manifests without errors."""

    warnings: list[ErrorDocument]


class Ending(Protocol):
    """What a finished build says of itself."""

    @property
    def plan(self) -> Plan: ...
    @property
    def outcomes(self) -> tuple[Outcome, ...]: ...
    @property
    def emitted(self) -> tuple[Outcome, ...]: ...
    @property
    def requests(self) -> int: ...
    @property
    def seconds(self) -> float: ...


def dumped(document: Mapping[str, Any]) -> str:
    """A document as text: indented, ASCII only, so that no terminal or pipe can spoil it."""
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def plan_document(plan: Plan) -> RunDocument:
    """The document of `plan --json`."""
    totals = plan.totals
    counts = {action.value.replace("-", "_"): totals.actions[action] for action in _COUNTED}
    return {
        "manifests": [_manifest(manifest) for manifest in plan.manifests],
        "totals": {"assets": totals.assets, **counts, "usd": _number(totals.usd), "unpriced": totals.unpriced},
    }


_COUNTED = (
    Action.GENERATE,
    Action.UPSCALE,
    Action.CUTOUT,
    Action.EXPORT,
    Action.RESUME,
    Action.BLOCKED,
    Action.UP_TO_DATE,
)


def build_document(ending: Ending) -> RunDocument:
    """The document of `build --json`: the plan's, with what became of each asset."""
    document = plan_document(ending.plan)
    ended = {outcome.asset: outcome for outcome in ending.outcomes}
    emitted = {outcome.asset: outcome for outcome in ending.emitted}
    for manifest, shown in zip(ending.plan.manifests, document["manifests"], strict=True):
        for asset, row in zip(manifest.assets, shown["assets"], strict=True):
            _add_outcome(row, ended.get(asset.asset) or _unfinished(asset))
        for index in shown.get("emit", ()):
            name = AssetId(manifest.manifest.shown, AssetName(index["path"]))
            _add_outcome(index, emitted.get(name) or Outcome(name, Result.SKIPPED, unfinished(name)))
    results = [asset["result"] for manifest in document["manifests"] for asset in manifest["assets"]]
    document["totals"] |= {
        "built": results.count(Result.BUILT.value),
        "failed": results.count(Result.FAILED.value),
        "skipped": results.count(Result.SKIPPED.value),
        "requests": ending.requests,
        "seconds": round(ending.seconds, 3),
    }
    return document


def errors_document(problems: Iterable[Problem]) -> ErrorsDocument:
    """What is printed instead when a command cannot do its work."""
    return {"errors": [_error(problem) for problem in problems]}


def validated_document(warnings: Iterable[Problem]) -> ValidatedDocument:
    """The document of `validate --json` when nothing is wrong."""
    return {"errors": [], "warnings": [_error(warning) for warning in warnings]}


def _manifest(manifest: ManifestPlan) -> ManifestDocument:
    document: ManifestDocument = {
        "manifest": manifest.manifest.shown,
        "assets": [_asset(asset) for asset in manifest.assets],
    }
    if manifest.indexes:
        document["emit"] = [_index(index) for index in manifest.indexes]
    return document


def _index(index: IndexPlan) -> IndexDocument:
    action = "blocked" if index.blocked else "write" if index.reasons else "up-to-date"
    return {"path": index.path, "action": action, "reasons": list(index.reasons)}


def _asset(asset: AssetPlan) -> AssetDocument:
    return {
        "name": asset.asset.name,
        "action": asset.action.value,
        "reasons": list(asset.reasons),
        "cost": {"usd": None if asset.usd is None else _number(asset.usd)},
        "outputs": [str(output.path) for output in asset.recipe.outputs],
    }


def _add_outcome(row: AssetDocument | IndexDocument, outcome: Outcome) -> None:
    problem = outcome.problem
    row["result"] = outcome.result.value
    row["error"] = {"code": problem.code, "message": _with_hint(problem)} if problem else None


def _with_hint(problem: Problem) -> str:
    """The message with what to do about it: there is no other key for that in the document of a build."""
    return f"{problem.message}; {problem.hint}" if problem.hint else problem.message


def _unfinished(asset: AssetPlan) -> Outcome:
    """An asset that nothing was said of: it had nothing to do, or the run was interrupted before its end."""
    if asset.action is Action.UP_TO_DATE:
        return Outcome(asset.asset, Result.UP_TO_DATE)
    return Outcome(asset.asset, Result.SKIPPED, unfinished(asset.asset))


def unfinished(asset: AssetId) -> Problem:
    return Problem(INTERRUPTED, f"`{asset}` was not finished: the build was interrupted")


def _error(problem: Problem) -> ErrorDocument:
    place = problem.place
    return {
        "file": place.file if place else None,
        "line": (place.line or None) if place else None,
        "column": (place.column or None) if place else None,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _number(value: Decimal) -> int | float:
    """The shortest JSON number: 0.09 stays 0.09, a whole number has no point."""
    return int(value) if value == value.to_integral_value() else float(value)
