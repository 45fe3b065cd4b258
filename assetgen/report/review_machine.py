"""The summary of a review for programs: a JSON document, and JUnit XML for CI. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import TypedDict
from xml.etree import ElementTree

from assetgen.report.machine import CostDocument, FailureDocument
from assetgen.report.review_summary import Row, Status, totals_of


class ReviewedDocument(TypedDict):
    """`picture` is the digest that a decision binds to; `cost` what the picture cost, `next_cost` what the next build
    would."""

    name: str
    status: str
    decision: str
    picture: str | None
    why: list[str]
    note: str | None
    by: str | None
    draft: bool
    cost: CostDocument
    action: str
    reasons: list[str]
    next_cost: CostDocument
    outputs: list[str]
    thumbnail: str | None
    error: FailureDocument | None


class ManifestReview(TypedDict):
    manifest: str
    assets: list[ReviewedDocument]


class ReviewDocument(TypedDict):
    """What `review --json` prints. `usd` is what pictures cost that wait for a decision."""

    manifests: list[ManifestReview]
    totals: dict[str, float]


def as_json(rows: Sequence[Row]) -> ReviewDocument:
    totals = totals_of(rows)
    counts = {status.value.replace(" ", "_"): totals.statuses[status] for status in Status}
    return {
        "manifests": [
            {"manifest": manifest, "assets": [_reviewed(row) for row in group]}
            for manifest, group in groupby(rows, key=lambda row: row.asset.manifest)
        ],
        "totals": {"assets": totals.assets, **counts, "usd": float(totals.usd), "unpriced": totals.unpriced},
    }


def _reviewed(row: Row) -> ReviewedDocument:
    return {
        "name": row.asset.name,
        "status": row.status.value,
        "decision": row.standing.value,
        "picture": row.picture,
        "why": list(row.why),
        "note": row.note,
        "by": row.by,
        "draft": row.draft,
        "cost": _cost(row.usd),
        "action": row.action.value,
        "reasons": list(row.reasons),
        "next_cost": _cost(row.next_usd),
        "outputs": [str(path) for path in row.outputs],
        "thumbnail": row.thumbnail,
        "error": {"code": row.failure[0], "message": row.failure[1]} if row.failure else None,
    }


def _cost(usd: Decimal | None) -> CostDocument:
    return {"usd": None if usd is None else float(usd)}


# --- JUnit -----------------------------------------------------------------------------------------------------------

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets"""

_OUTCOMES = {
    Status.BLOCKED: "error",
    Status.MISSING: "failure",
    Status.STALE: "failure",
    Status.REJECTED: "failure",
    Status.UNDECIDED: "skipped",
}
"""How a test runner would call it; what is accepted passes."""


def junit(rows: Sequence[Row]) -> bytes:
    """JUnit XML: a suite for each manifest, a case for each asset. Undecided ones are skipped."""
    suites = ElementTree.Element("testsuites", name="assetgen")
    for manifest, group in groupby(rows, key=lambda row: row.asset.manifest):
        cases = list(group)
        counts = [_OUTCOMES.get(row.status) for row in cases]
        suite = ElementTree.SubElement(suites, "testsuite", name=_clean(manifest), tests=str(len(cases)))
        for kind, total in (("errors", "error"), ("failures", "failure"), ("skipped", "skipped")):
            suite.set(kind, str(counts.count(total)))
        for row in cases:
            _case(suite, row)
    ElementTree.indent(suites)
    text: bytes = ElementTree.tostring(suites, "utf-8", xml_declaration=True)
    return text + b"\n"


def _case(suite: ElementTree.Element, row: Row) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=_clean(row.asset.manifest), name=_clean(row.asset.name))
    outcome = _OUTCOMES.get(row.status)
    if outcome is not None:
        why = "; ".join(row.why)
        message = f"{row.status.value}: {why}" if why else row.status.value
        ElementTree.SubElement(case, outcome, message=_clean(message))


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
