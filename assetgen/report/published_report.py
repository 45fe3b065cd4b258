"""How the app's files stand to what was accepted, for people and programs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from assetgen.publish.differences import PublishedFile
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.words import counted, printable


class PublishedFileDocument(TypedDict):
    """`differs` says how, null where the file is as it is to be."""

    asset: str
    path: str
    differs: str | None


class ManifestPublished(TypedDict):
    manifest: str
    files: list[PublishedFileDocument]


class PublishedDocument(TypedDict):
    """What `check --published` prints with `--json`."""

    manifests: list[ManifestPublished]
    totals: dict[str, int]


def published_rows(files: Sequence[PublishedFile], paint: Paint = PLAIN) -> Iterator[str]:
    """A line for each file that differs, and what to do about those of an asset."""
    hints: dict[str, None] = {}
    for file in files:
        if file.differs:
            yield f"{paint.bold(printable(file.place))} {printable(f'(`{file.asset}`) {file.differs}')}"
            hints.setdefault(file.hint or "")
    yield from (f"{paint.cyan('hint:')} {printable(hint)}" for hint in hints if hint)


def published_line(files: Sequence[PublishedFile], paint: Paint = PLAIN) -> str:
    """`2 of 12 published files differ from what was accepted`."""
    differing = sum(1 for file in files if file.differs)
    if not files:
        return "nothing is to be published"
    if not differing:
        return f"{paint.green('the app shows what was accepted')}: {counted(len(files), 'file')}"
    verb = "differs" if differing == 1 else "differ"
    return f"{differing} of {counted(len(files), 'published file')} {paint.red(verb)} from what was accepted"


def published_document(files: Sequence[PublishedFile]) -> PublishedDocument:
    manifests: dict[str, list[PublishedFileDocument]] = {}
    for file in files:
        row: PublishedFileDocument = {"asset": file.asset.name, "path": file.place, "differs": file.differs}
        manifests.setdefault(file.asset.manifest, []).append(row)
    differing = sum(1 for file in files if file.differs)
    return {
        "manifests": [{"manifest": manifest, "files": rows} for manifest, rows in manifests.items()],
        "totals": {"files": len(files), "differ": differing},
    }
