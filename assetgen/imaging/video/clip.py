"""From a video to its outputs: itself, its re-encodes, and stills of it. What the engine calls for videos.

Knows no final path: callers give temporary ones, rename them, and remove them when this raises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

from av.video.frame import VideoFrame

from assetgen import atomic
from assetgen.digest import digest_of_file
from assetgen.errors import WriteError
from assetgen.imaging.decode import measured
from assetgen.imaging.export import Exported, export_picture
from assetgen.imaging.video.demux import VideoFacts, first_frame, inspect_video, opened
from assetgen.imaging.video.encode import encode_clip
from assetgen.manifest.recipe import ClipExport, PictureExport, PixelSize


def export_stills(master: Path, exports: Sequence[tuple[PictureExport, Path]], mark: bool) -> list[Exported]:
    """What `assetgen.imaging.export.export_file` does, with the first frame of the video `master`."""
    return export_picture(first_frame(master), exports, mark)


def export_clip(master: Path, export: ClipExport, target: Path) -> Exported:
    """Makes a moving output of the video `master` under the path `target`: its very bytes where nothing else is asked
    for. Raises PictureError, ExportError, WriteError."""
    facts = inspect_video(master)
    if export.format == facts.format and export.settings.width is None:
        with atomic.translated(target):
            target.write_bytes(master.read_bytes())
        return _exported(target, facts.size)
    with atomic.translated(target):
        size = encode_clip(partial(_frames, master), _rate(facts), facts.size, export, target)
    _verify(target, export, size)
    return _exported(target, size)


def _rate(facts: VideoFacts) -> Fraction:
    return Fraction(facts.frames / facts.seconds).limit_denominator(1001) if facts.seconds else Fraction(24)


def _frames(master: Path) -> Iterator[VideoFrame]:
    with opened(master) as video:
        yield from video.frames()


def _verify(target: Path, export: ClipExport, size: PixelSize) -> None:
    """What was written opens again, and is as large as it should be."""
    found = inspect_video(target).size if export.format in ("mp4", "webm") else measured(target)[1]
    if found != size:
        raise WriteError(f"{target} holds frames of {found} pixels, not {size}", hint="check the disk")


def _exported(target: Path, size: PixelSize) -> Exported:
    return Exported(digest_of_file(target), size.width, size.height, target.stat().st_size)
