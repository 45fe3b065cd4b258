"""The pictures of an asset: which file shows it best, small and in full, and what stands here of its outputs.

What is shown small is read from the smallest file that is large enough: that is quick, for a thousand assets too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from assetgen.digest import Digest
from assetgen.imaging.signature import is_video
from assetgen.imaging.thumbnail import EDGE, dimensions
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedDecision, LockedExport
from assetgen.manifest.recipe import VIDEO_FORMATS, OutputPath, PixelSize
from assetgen.plan.plan import AssetPlan
from assetgen.plan.world import MISSING, World
from assetgen.report.review.contents import File, Picture, Variant
from assetgen.report.review.thumbnails import Thumbnails
from assetgen.store.blobs import Blobs

_SMALL = 400
"""Where the largest output has fewer pixels along its longer edge, the picture behind it is shown instead."""


_READ = frozenset({"png", "webp", "avif", "jpg"})
"""Formats of outputs that thumbnails are made from."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a review happens: the project's root, how the page links to a file with the given bytes, the thumbnails,
    and how many pictures may be read at once."""

    root: Path
    link: Callable[[Path, Digest], str]
    thumbnails: Thumbnails
    jobs: int = 1


def links_from(folder: Path) -> Callable[[Path, Digest], str]:
    """Links of a page that lies in `folder`, relative to it."""

    def link(file: Path, _: Digest) -> str:
        return quote(Path(os.path.relpath(file, folder)).as_posix())

    return link


@dataclass(frozen=True, slots=True)
class Source:
    """A file that shows a picture."""

    sha256: Digest
    size: PixelSize
    file: Path

    @property
    def edge(self) -> int:
        return max(self.size.width, self.size.height)


def shown(entry: Entry, world: World, desk: Desk) -> Picture | None:
    """What shows an asset best; None when nothing of it stands here. Cells of a grid and files of presets, which are
    framed for their platforms, stand in only where there is nothing else."""
    whole = [*_outputs(entry, world, desk.root, whole=True)]
    behind = [*_behind(entry, desk.root)]
    sources = [*whole, *behind] or [*_outputs(entry, world, desk.root, whole=False)]
    if not sources:
        return None
    clips = [*_clips(entry, world, desk.root), *behind] if entry.request.kind == "video" else []
    if clips:
        return _clip(clips, sources, desk)
    best = _best(whole, sources, adopted=any(output.adopted for output in entry.outputs.values()))
    thumbnail = desk.thumbnails.of(*_smallest(sources, best))
    return Picture(best.size, thumbnail, desk.link(best.file, best.sha256)) if thumbnail is not None else None


def _clip(clips: Sequence[Source], sources: Sequence[Source], desk: Desk) -> Picture | None:
    """A video, small by a still where one is at hand."""
    best = max(clips, key=lambda source: source.edge)
    stills = [source for source in sources if source not in clips]
    thumbnail = desk.thumbnails.of(*_smallest(stills, best))
    link = desk.link(best.file, best.sha256)
    return Picture(best.size, thumbnail, link, moves=True) if thumbnail is not None else None


def _best(whole: Sequence[Source], sources: Sequence[Source], *, adopted: bool) -> Source:
    """The largest output; where that is small, the picture behind it. What a person put in place is shown as it is."""
    largest = max(whole, key=lambda source: source.edge, default=None)
    if largest and (adopted or largest.edge >= _SMALL):
        return largest
    return max(sources, key=lambda source: source.edge)


def _smallest(sources: Sequence[Source], best: Source) -> tuple[Digest, Path]:
    """The file to make the thumbnail of `best` from: reading a small one is quick."""
    same = [source for source in sources if source.edge >= EDGE and alike(source.size, best.size)]
    source = min(same, key=lambda source: source.edge, default=best)
    return source.sha256, source.file


def alike(one: PixelSize, other: PixelSize) -> bool:
    """Whether two sizes have one shape, but for rounding."""
    return abs(one.width * other.height - other.width * one.height) <= max(other.width, other.height)


def accepted(decision: LockedDecision, entry: Entry, desk: Desk) -> Picture | None:
    """The picture that was accepted before, where it is another one than now: cut out if it was, else as it was
    received. None when the store does not have it."""
    blobs = Blobs(desk.root)
    cutouts = [look["cutout"] for look in decision.looks if "cutout" in look]
    digest = next((Digest(cutout) for cutout in cutouts if blobs.has(cutout)), decision.master)
    if digest in (entry.source_of(_PLAIN), entry.master.sha256) or not blobs.has(digest):
        return None
    file = blobs.path(digest)
    thumbnail = desk.thumbnails.of(digest, file)
    if thumbnail is None:
        return None
    return Picture(dimensions(file), thumbnail, desk.link(file, digest), moves=is_video(file))


_PLAIN = LockedExport(format="png")
"""Settings of an output that shows an asset as it is meant: without its background where that is removed."""


def variants(entry: Entry, desk: Desk) -> Iterator[Variant]:
    """The pictures that an asset has the choice of, as they were received; those that the store has."""
    blobs = Blobs(desk.root)
    for number, master in enumerate(entry.masters if len(entry.masters) > 1 else (), 1):
        file = blobs.path(master.sha256)
        thumbnail = desk.thumbnails.of(master.sha256, file) if blobs.has(master.sha256) else None
        if thumbnail is not None:
            size, link = PixelSize(master.width, master.height), desk.link(file, master.sha256)
            yield Variant(number, Picture(size, thumbnail, link), picked=master.sha256 == entry.master.sha256)


def _outputs(entry: Entry, world: World, root: Path, *, whole: bool) -> Iterator[Source]:
    """The pictures among the outputs that stand as they were recorded: those of the `whole` picture, or the others."""
    for path, output in entry.outputs.items():
        export = output.export
        plain = export.cell is None and export.preset is None and not export.original
        if export.format not in _READ or plain != whole:
            continue
        fact = world.files.get(OutputPath(path), MISSING)
        if fact.kind == "file" and not fact.pointer and fact.sha256 == output.sha256:
            yield Source(output.sha256, PixelSize(output.width, output.height), root / path)


def _clips(entry: Entry, world: World, root: Path) -> Iterator[Source]:
    """The videos among the outputs that stand as they were recorded."""
    for path, output in entry.outputs.items():
        fact = world.files.get(OutputPath(path), MISSING)
        if output.export.format in VIDEO_FORMATS and fact.sha256 == output.sha256 and not fact.pointer:
            yield Source(output.sha256, PixelSize(output.width, output.height), root / path)


def _behind(entry: Entry, root: Path) -> Iterator[Source]:
    """The picture that outputs are made from: the cutout where there is one, else what was received,
    made larger where it was."""
    blobs = Blobs(root)
    picture = entry.cutout or entry.base
    if blobs.has(picture.sha256):
        yield Source(picture.sha256, PixelSize(picture.width, picture.height), blobs.path(picture.sha256))


def files(entry: Entry, asset: AssetPlan, world: World, desk: Desk) -> Iterator[File]:
    """Every output of the lock, the smallest first."""
    cells = {spec.path: spec.cell for spec in asset.recipe.outputs}
    order = sorted(entry.outputs.items(), key=lambda item: (item[1].width * item[1].height, item[0]))
    for path, output in order:
        fact = world.files.get(OutputPath(path), MISSING)
        stands = fact.kind == "file" and not fact.pointer
        yield File(
            path=path,
            format=output.export.format,
            size=PixelSize(output.width, output.height),
            length=_length(desk.root / path) if stands else None,
            link=desk.link(desk.root / path, fact.sha256 or output.sha256) if stands else None,
            group=output.export.preset or cells.get(OutputPath(path)) or "",
            look=output.export.look or "",
        )


def _length(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None
