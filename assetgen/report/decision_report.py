"""What became of decisions, for people and programs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from assetgen.publish.decisions import Judged, Standing
from assetgen.report.machine import FailureDocument
from assetgen.report.words import counted, printable


class JudgedDocument(TypedDict):
    """`decision` and `was` are `accepted`, `rejected` or `undecided`."""

    name: str
    decision: str
    was: str
    changed: bool
    note: str | None
    by: str | None
    error: FailureDocument | None


class ManifestDecisions(TypedDict):
    manifest: str
    assets: list[JudgedDocument]


class DecisionDocument(TypedDict):
    """What `accept` and `reject` print with `--json`."""

    manifests: list[ManifestDecisions]
    totals: dict[str, int]


def decision_rows(results: Iterable[Judged]) -> Iterator[str]:
    """A line for each asset that a decision counted for: `coin: rejected (was accepted): too dark`."""
    for result in results:
        if result.problem is None:
            yield printable(f"{result.judgement.asset}: {_became(result)}")


def _became(result: Judged) -> str:
    judgement = result.judgement
    if result.entry is None:
        return f"{result.now} already"
    before = f" (was {result.was})" if result.was not in (result.now, Standing.UNDECIDED) else ""
    by = f" by {judgement.by}" if judgement.by else ""
    return f"{result.now}{by}{before}{f': {judgement.note}' if judgement.note else ''}"


def decision_line(results: Sequence[Judged]) -> str:
    """The last line: `2 accepted, 1 rejected, 1 as before`."""
    changed = [result.now for result in results if result.entry is not None]
    parts = [f"{changed.count(now)} {now}" for now in Standing if changed.count(now)]
    failed = sum(1 for result in results if result.problem)
    same = len(results) - len(changed) - failed
    parts += [f"{same} as before"] if same else []
    parts += [f"{counted(failed, 'decision')} not recorded"] if failed else []
    return ", ".join(parts) or "nothing to decide: every picture is accepted or rejected"


def decision_document(results: Sequence[Judged]) -> DecisionDocument:
    manifests: dict[str, list[JudgedDocument]] = {}
    for result in results:
        manifests.setdefault(result.judgement.asset.manifest, []).append(_judged(result))
    changed = sum(1 for result in results if result.entry is not None)
    failed = sum(1 for result in results if result.problem)
    return {
        "manifests": [{"manifest": manifest, "assets": rows} for manifest, rows in manifests.items()],
        "totals": {"assets": len(results), "changed": changed, "failed": failed},
    }


def _judged(result: Judged) -> JudgedDocument:
    problem = result.problem
    return {
        "name": result.judgement.asset.name,
        "decision": result.now.value,
        "was": result.was.value,
        "changed": result.entry is not None,
        "note": result.judgement.note,
        "by": result.judgement.by,
        "error": {"code": problem.code, "message": problem.message} if problem else None,
    }
