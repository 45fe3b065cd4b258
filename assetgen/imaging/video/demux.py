"""What a video is, found by taking it apart: every packet is read and every frame decoded, so what passes will play.

The bytes decide, never the name. Sound is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from assetgen.errors import PictureError
from assetgen.imaging import signature
from assetgen.imaging.sizes import MAX_PIXELS
from assetgen.manifest.recipe import PixelSize

VideoFormat: TypeAlias = Literal["mp4", "webm"]

MAX_FRAMES = 10_000
"""No longer video is read: at 30 frames a second, five and a half minutes."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a video is: pixels, length in seconds, and how many frames it shows."""

    format: VideoFormat
    width: int
    height: int
    seconds: float
    frames: int

    @property
    def size(self) -> PixelSize:
        return PixelSize(self.width, self.height)


def inspect_video(path: Path) -> VideoFacts:
    """Reads and decodes all of the file: the check of a download before it becomes a master.

    Raises PictureError for anything that is not a whole MP4 or WebM with pictures in it.
    """
    with opened(path) as video:
        frames = sum(1 for _ in video.frames())
        shown, rate = video.stream.codec_context, video.stream.average_rate
        return VideoFacts(video.format, shown.width, shown.height, frames / float(rate) if rate else 0.0, frames)


def first_frame(path: Path) -> Image.Image:
    """The picture that a video begins with, RGB. Raises PictureError."""
    with opened(path) as video:
        picture: Image.Image = next(video.frames()).to_image()  # type: ignore[no-untyped-call]
        return picture.convert("RGB")


@dataclass(frozen=True, slots=True)
class Video:
    """An open video; `name` is how messages call it."""

    name: str
    format: VideoFormat
    container: InputContainer
    stream: VideoStream

    def frames(self) -> Iterator[VideoFrame]:
        """Every frame, in the order in which they are shown. Raises PictureError when there are fewer than the file
        says, or more than are accepted."""
        self.stream.codec_context.options = {"err_detect": "explode"}
        count = 0
        for frame in self.container.decode(self.stream):
            if frame.is_corrupt:
                raise _damaged(self.name)
            count += 1
            if count > MAX_FRAMES:
                message = f"{self.name} has more than the {MAX_FRAMES:,} frames that are accepted"
                raise PictureError(message, hint="use a shorter video")
            yield frame
        if count == 0 or count < self.stream.frames:
            raise _damaged(self.name)


@contextmanager
def opened(path: Path) -> Iterator[Video]:
    """A video, ready to be decoded. Turns whatever the libraries raise inside the block into a PictureError."""
    name = f"`{path.name}`"
    format_ = _recognised(path, name)
    try:
        with av.open(path) as container:
            yield Video(name, format_, container, _stream_of(container, name))
    except FFmpegError as error:
        raise _damaged(name) from error


def _damaged(name: str) -> PictureError:
    return PictureError(
        f"{name} is a damaged or incomplete video",
        hint="get the file again; if a service made it like that, ask it for another one",
    )


def _recognised(path: Path, name: str) -> VideoFormat:
    try:
        with path.open("rb") as file:
            return signature.recognised_video(file, name)
    except OSError as error:
        raise PictureError(f"{name} cannot be read: {error.strerror or error}") from error


def _stream_of(container: InputContainer, name: str) -> VideoStream:
    if not container.streams.video:
        raise PictureError(f"{name} has no pictures, only sound", hint="a video asset needs something to look at")
    stream = container.streams.video[0]
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"{name} has frames of {width}x{height} pixels, more than the {MAX_PIXELS // 1_000_000} million that are"
            " accepted",
            hint="use a smaller video",
        )
    return stream
