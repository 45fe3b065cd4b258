"""What was published, for people and programs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Protocol, TypedDict

from assetgen.plan.plan import Plan
from assetgen.publish.copies import Fate, Publication
from assetgen.publish.decisions import Standing
from assetgen.publish.orphans import CleanedFile
from assetgen.report.machine import FailureDocument
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.words import counted, listed, printable

_NAMED = 8
"""How many assets that are passed over for one reason are named."""

_HINTS = {
    "not decided about": "`assetgen accept`, or --all publishes it anyway",
    "a draft": "build the real picture, or --allow-drafts publishes it anyway",
    "not built yet": "`assetgen build` first",
}


class Published(Protocol):
    """What a command that publishes says of itself."""

    @property
    def plan(self) -> Plan: ...
    @property
    def publications(self) -> tuple[Publication, ...]: ...
    @property
    def removed(self) -> tuple[CleanedFile, ...]: ...
    @property
    def left(self) -> int: ...
    @property
    def dry_run(self) -> bool: ...


class FileDocument(TypedDict):
    """`result` is `new`, `changed` or `unchanged`."""

    path: str
    result: str


class PublicationDocument(TypedDict):
    """`result` is `published`, `unchanged`, `passed` (then `reason` says why) or `failed`."""

    name: str
    decision: str
    result: str
    reason: str | None
    files: list[FileDocument]
    error: FailureDocument | None


class ManifestPublications(TypedDict):
    manifest: str
    assets: list[PublicationDocument]


class RemovedDocument(TypedDict):
    path: str
    asset: str
    result: str


class PublishDocument(TypedDict):
    """What `publish` and `rollback` print with `--json`."""

    manifests: list[ManifestPublications]
    removed: list[RemovedDocument]
    totals: dict[str, int]


def publish_rows(report: Published, paint: Paint = PLAIN, *, every: bool = False) -> Iterator[str]:
    """A line for each file that is new, changed or removed, and with `every` also for the others; then who was passed
    over, and why."""
    colours = {Fate.NEW: paint.green, Fate.CHANGED: paint.yellow, Fate.UNCHANGED: paint.faint}
    for publication in report.publications:
        for copy in publication.copies if every else publication.changes:
            yield f"{colours[copy.fate](copy.fate.value.ljust(9))}  {printable(copy.place)}"
        if publication.note:
            yield f"{paint.cyan('note:')} {printable(f'`{publication.asset}`: {publication.note}')}"
    for file in report.removed:
        word = file.fate if file.fate != "removed" else "removed  "
        yield f"{paint.red(word) if not file.kept else word}  {printable(file.path)}"
    yield from _passed(report, paint)


def _passed(report: Published, paint: Paint) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for publication in report.publications:
        if publication.passed:
            reasons.setdefault(publication.passed, []).append(publication.asset.name)
    for reason, names in reasons.items():
        hint = f"; {_HINTS[reason]}" if reason in _HINTS else ""
        sentence = f"{listed((f'`{name}`' for name in names), _NAMED)}: {reason}{hint}"
        yield f"{paint.cyan('not published:')} {printable(sentence)}"


def publish_line(report: Published, paint: Paint = PLAIN) -> str:
    """`2 files new, 1 changed, 5 unchanged; 1 asset failed`."""
    counts = Counter(copy.fate for publication in report.publications for copy in publication.copies)
    gone = sum(1 for file in report.removed if file.fate == "removed")
    parts = [f"{counts[fate]} {fate.value}" for fate in Fate if counts[fate]]
    parts += [f"{gone} removed"] if gone else []
    said = [", ".join(parts) or _nothing(report)]
    failed = sum(1 for publication in report.publications if publication.problem)
    said += [paint.red(f"{counted(failed, 'asset')} not published")] if failed else []
    if report.left:
        which, them = ("belongs", "it") if report.left == 1 else ("belong", "them")
        said.append(f"{counted(report.left, 'published file')} {which} to no asset any more: --prune removes {them}")
    return ("would be: " if report.dry_run else "") + "; ".join(said)


def _nothing(report: Published) -> str:
    if report.publications:
        return "nothing published"
    return "nothing to publish: no asset has a `publish` folder"


def rollback_line(report: Published) -> str:
    """What became of the picture that gave way, and how to have it again."""
    (publication,) = report.publications
    name = publication.asset.name
    now = "shows the picture published before" if publication.changes else "shows the picture published before already"
    if publication.standing is not Standing.REJECTED:
        return f"the app {now}; nothing is decided about the one that `{name}` has now"
    again = f"`assetgen accept {publication.asset.manifest} {name}`, then `assetgen publish`, would bring it back"
    return f"the app {now}; the one that `{name}` has now is rejected: {again}"


def publish_document(report: Published) -> PublishDocument:
    manifests: dict[str, list[PublicationDocument]] = {part.manifest.shown: [] for part in report.plan.manifests}
    for publication in report.publications:
        manifests[publication.asset.manifest].append(_publication(publication))
    rows = [row for assets in manifests.values() for row in assets]
    counts = Counter(file["result"] for row in rows for file in row["files"])
    return {
        "manifests": [{"manifest": manifest, "assets": assets} for manifest, assets in manifests.items()],
        "removed": [{"path": file.path, "asset": file.asset, "result": file.fate} for file in report.removed],
        "totals": {fate.value: counts[fate.value] for fate in Fate}
        | {"removed": sum(1 for file in report.removed if file.fate == "removed"), "left": report.left}
        | {result: sum(1 for row in rows if row["result"] == result) for result in ("passed", "failed")},
    }


def _publication(publication: Publication) -> PublicationDocument:
    problem = publication.problem
    done = "published" if publication.changes else "unchanged"
    return {
        "name": publication.asset.name,
        "decision": publication.standing.value,
        "result": "failed" if problem else "passed" if publication.passed else done,
        "reason": publication.passed,
        "files": [{"path": copy.place, "result": copy.fate.value} for copy in publication.copies],
        "error": {"code": problem.code, "message": problem.message} if problem else None,
    }
