"""What a review page shows, gathered from the plan, the lock in it, the outputs and the store. Changes none of them.

A decoded picture at a time and core: what is shown small is read from the smallest file that is large enough.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

from assetgen.catalog import DRAFT
from assetgen.digest import Digest
from assetgen.errors import PictureError
from assetgen.imaging.thumbnail import EDGE, Look, look
from assetgen.lock import Entry, LockedMaster
from assetgen.manifest.recipe import OutputPath, PixelSize
from assetgen.plan.plan import Action, AssetPlan, ManifestPlan, Plan
from assetgen.plan.request import ADOPTED
from assetgen.plan.world import World
from assetgen.report.reasons import in_short
from assetgen.report.review.contents import Decision, Fact, File, Picture, Review, Subject
from assetgen.report.review.thumbnails import Thumbnails
from assetgen.report.review.wording import compared
from assetgen.report.words import money
from assetgen.store.blobs import Blobs

_SMALL = 400
"""Where the largest output has fewer pixels along its longer edge, the picture that it was made from is shown instead."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a review happens: the project's root, the folder that the page is for (links are relative to it), the
    thumbnails, and how many pictures may be read at once."""

    root: Path
    page: Path
    thumbnails: Thumbnails
    jobs: int = 1

    def link(self, file: Path) -> str:
        """A file as the page links to it."""
        return quote(Path(os.path.relpath(file, self.page)).as_posix())


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that shows a picture."""

    sha256: Digest
    size: PixelSize
    file: Path

    @property
    def edge(self) -> int:
        return max(self.size.width, self.size.height)


def gather(plan: Plan, desk: Desk) -> Review:
    """Everything that the page of a plan shows. Raises StateError when the store cannot be looked at."""
    assets = [(asset, manifest) for manifest in plan.manifests for asset in manifest.assets]
    with ThreadPoolExecutor(desk.jobs) as threads:
        subjects = tuple(threads.map(lambda pair: _subject(*pair, desk), assets))
    entries = [asset.previous for asset, _ in assets if asset.previous]
    return Review(_title(plan), subjects, *_money(entries))


def _title(plan: Plan) -> str:
    return ", ".join(Path(manifest.manifest.shown).stem for manifest in plan.manifests)


def _money(entries: Sequence[Entry]) -> tuple[Decimal, Decimal, int]:
    """What the pictures cost, what was saved, and how many have no known price. A master that several assets share was
    paid once: for the others it was saved."""
    spent, saved, unpriced = Decimal(0), Decimal(0), 0
    seen: set[Digest] = set()
    for master in (entry.master for entry in entries):
        cost = _cost(master)
        if cost is None:
            unpriced += 1
        elif master.sha256 in seen:
            saved += cost
        else:
            spent += cost
        seen.add(master.sha256)
    return spent, saved, unpriced


def _cost(master: LockedMaster) -> Decimal | None:
    """What a picture cost, as the service says or else as was expected; None when unknown."""
    if master.provider in (DRAFT, ADOPTED):
        return Decimal(0)
    return master.charged if master.charged is not None else master.usd


def _subject(asset: AssetPlan, manifest: ManifestPlan, desk: Desk) -> Subject:
    recipe, entry = asset.recipe, asset.previous
    seen = _picture(entry, manifest.world, desk) if entry else None
    return Subject(
        manifest=manifest.manifest.shown,
        name=recipe.name,
        seen=entry.master.sha256 if entry else None,
        decision=Decision.UNDECIDED,
        picture=seen,
        description=recipe.description or "",
        tags=recipe.tags,
        draft=entry is not None and entry.master.provider == DRAFT,
        next=_next(asset),
        failure=_failure(asset),
        warnings=tuple(_warnings(asset, manifest.world, seen)),
        prompt=compared(None, entry.request.prompt if entry else recipe.request.prompt),
        facts=tuple(_facts(entry)) if entry else (),
        files=tuple(_files(entry, asset, manifest.world, desk)) if entry else (),
        colors=tuple(recipe.drawing.colors.items()),
    )


def _next(asset: AssetPlan) -> tuple[str, ...]:
    """What the next build would do, and why."""
    if asset.action in (Action.UP_TO_DATE, Action.BLOCKED):
        return ()
    price = "price unknown" if asset.usd is None else money(asset.usd)
    return f"the next build will {_VERBS[asset.action]} ({price})", *in_short(asset.reasons)


_VERBS = {
    Action.EXPORT: "make files anew from this picture",
    Action.CUTOUT: "cut out the background again",
    Action.UPSCALE: "have the picture enlarged",
    Action.GENERATE: "have another picture made",
    Action.RESUME: "collect a picture that is on order",
}


def _failure(asset: AssetPlan) -> str:
    if asset.blocked is None:
        return ""
    return f"{asset.blocked.message} ({asset.blocked.hint})" if asset.blocked.hint else asset.blocked.message


# --- pictures and files --------------------------------------------------------------------------------------------


def _picture(entry: Entry, world: World, desk: Desk) -> Picture | None:
    """What shows an asset best; None when nothing of it stands here."""
    sources = [*_outputs(entry, world, desk.root), *_master(entry, desk.root)]
    if not sources:
        return None
    shown = _best(sources, entry)
    thumbnail = desk.thumbnails.of(*_smallest(sources, shown))
    return Picture(shown.size, thumbnail, desk.link(shown.file)) if thumbnail is not None else None


def _best(sources: Sequence[_Source], entry: Entry) -> _Source:
    """The largest output; where that is small, the picture behind it. What a person put in place is shown as it is."""
    outputs = [source for source in sources if source.sha256 != entry.master.sha256] or list(sources)
    largest = max(outputs, key=lambda source: source.edge)
    adopted = any(output.adopted for output in entry.outputs.values())
    return largest if largest.edge >= _SMALL or adopted else max(sources, key=lambda source: source.edge)


def _smallest(sources: Sequence[_Source], shown: _Source) -> tuple[Digest, Path]:
    """The file to make the thumbnail of `shown` from: reading a small one is quick."""
    alike = [source for source in sources if source.edge >= EDGE and _alike(source.size, shown.size)]
    source = min(alike, key=lambda source: source.edge, default=shown)
    return source.sha256, source.file


def _alike(one: PixelSize, other: PixelSize) -> bool:
    """Whether two sizes have one shape, but for rounding."""
    return abs(one.width * other.height - other.width * one.height) <= max(other.width, other.height)


def _outputs(entry: Entry, world: World, root: Path) -> Iterator[_Source]:
    """The outputs that stand as they were recorded."""
    for path, output in entry.outputs.items():
        fact = world.files.get(OutputPath(path))
        if fact is not None and fact.kind == "file" and not fact.pointer and fact.sha256 == output.sha256:
            yield _Source(output.sha256, PixelSize(output.width, output.height), root / path)


def _master(entry: Entry, root: Path) -> Iterator[_Source]:
    blobs, master = Blobs(root), entry.master
    if blobs.has(master.sha256):
        yield _Source(master.sha256, PixelSize(master.width, master.height), blobs.path(master.sha256))


def _files(entry: Entry, asset: AssetPlan, world: World, desk: Desk) -> Iterator[File]:
    """Every output of the lock, the smallest first."""
    labels = {spec.path: spec.label for spec in asset.recipe.outputs}
    order = sorted(entry.outputs.items(), key=lambda item: (item[1].width * item[1].height, item[0]))
    for path, output in order:
        fact = world.files.get(OutputPath(path))
        stands = fact is not None and fact.kind == "file" and not fact.pointer
        yield File(
            path=path,
            label=labels.get(OutputPath(path), ""),
            format=output.export.format,
            size=PixelSize(output.width, output.height),
            length=_length(desk.root / path) if stands else None,
            link=desk.link(desk.root / path) if stands else None,
        )


def _length(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None


# --- words ---------------------------------------------------------------------------------------------------------


def _facts(entry: Entry) -> Iterator[Fact]:
    master, request = entry.master, entry.request
    yield "Model", request.model
    yield "Made by", {DRAFT: "assetgen, as a free draft", ADOPTED: "a person"}.get(master.provider, master.provider)
    cost = _cost(master)
    yield "Cost", "unknown" if cost is None else money(cost) if cost else "free"
    yield "Received", f"{master.width} × {master.height} {master.format}"
    yield from ((name.replace("_", " ").capitalize(), str(value)) for name, value in request.parameters.items())
    yield from ((name, str(value)) for name, value in request.input.items())
    if request.take or request.reroll:
        yield "Take", f"{request.take}, re-rolled {request.reroll} times" if request.reroll else str(request.take)
    yield "Picture", master.sha256[:12]


def _warnings(asset: AssetPlan, world: World, picture: Picture | None) -> Iterator[str]:
    entry = asset.previous
    if entry is None:
        return
    yield from asset.notes
    yield from _size_warning(asset, entry)
    yield from _file_warnings(entry, world)
    if picture is None:
        yield "no file of it stands here, so there is nothing to see"
        return
    yield from _look_warnings(picture.thumbnail)


def _size_warning(asset: AssetPlan, entry: Entry) -> Iterator[str]:
    """A service may return another size than it was asked for; what it returned is kept."""
    expected, got = asset.recipe.expected, PixelSize(entry.master.width, entry.master.height)
    if expected is None or entry.master.provider == ADOPTED or got == expected:
        return
    kind = "size" if _alike(got, expected) else "shape"
    yield f"another {kind} than asked for was received: {got} instead of {expected}"


def _file_warnings(entry: Entry, world: World) -> Iterator[str]:
    for path, output in sorted(entry.outputs.items()):
        fact = world.files.get(OutputPath(path))
        if fact is None or fact.kind != "file":
            yield f"{path} is missing"
        elif fact.sha256 != output.sha256:
            yield f"{path} was changed by hand since it was made"


def _look_warnings(thumbnail: bytes) -> Iterator[str]:
    seen = _look(thumbnail)
    if seen is None:
        return
    if seen.empty:
        yield "nothing is to be seen: the picture is transparent all over"
    elif seen.cut:
        yield f"the subject runs out of the picture ({', '.join(seen.cut)})"


def _look(thumbnail: bytes) -> Look | None:
    try:
        return look(thumbnail)
    except PictureError:
        return None
