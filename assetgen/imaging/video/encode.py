"""Frames into the bytes of a video. Equal frames and settings give equal bytes: one thread, no clock, no random ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.error import FFmpegError
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from assetgen.errors import ExportError
from assetgen.imaging.encode import QUALITY
from assetgen.imaging.sizes import Geometry, even, fitted
from assetgen.manifest.recipe import ClipExport, ClipFormat, Export, PixelSize


@dataclass(frozen=True, slots=True)
class _Codec:
    """How one format is written. `fastest` is the most frames a second that it is worth; `muxer` and `container` are
    the file's, the rest the encoder's."""

    name: str
    pixels: str
    muxer: str
    options: Mapping[str, str]
    container: Mapping[str, str] = field(default_factory=dict)
    fastest: Fraction | None = None


_H264 = {"preset": "veryfast", "crf": "20", "mbtree": "0"}
"""With its `mbtree`, x264 does not come to the same bytes every time."""

_CODECS: Mapping[ClipFormat, _Codec] = {
    "mp4": _Codec(
        "libx264", "yuv420p", "mp4", {"preset": "veryfast", "crf": "20", "mbtree": "0"}, {"movflags": "+faststart"}
    ),
    "webm": _Codec("libvpx-vp9", "yuv420p", "webm", {"crf": "32", "b": "0", "deadline": "good", "cpu-used": "4"}),
    "gif": _Codec("gif", "pal8", "gif", {}, {"loop": "0"}, Fraction(25, 2)),
    "webp": _Codec("libwebp_anim", "yuv420p", "webp", {"compression_level": "3"}, {"loop": "0"}, Fraction(15)),
}
"""GIF counts hundredths of a second: 12.5 frames a second are 8 each."""

Source = Callable[[], Iterator[VideoFrame]]
"""Gives all frames, from the first, as often as it is called."""


def encode_clip(source: Source, rate: Fraction, shown: PixelSize, export: ClipExport, target: Path) -> PixelSize:
    """Writes what `source` shows, `rate` frames of `shown` pixels a second, to `target` as `export` wants it, without
    sound. Returns the size of its frames. Raises ExportError when there are too few pixels, or the encoder refuses."""
    geometry = fitted(shown, export.settings)
    codec, size = _CODECS[export.format], even(geometry.canvas)
    slower = codec.fastest is not None and rate > codec.fastest
    rate = codec.fastest if slower and codec.fastest else rate
    chain = [*_shaping(geometry, size, export.settings), *([f"fps={rate}"] if slower else [])]
    frames = filtered(source(), ",".join([*chain, f"format={codec.pixels}"]))
    if codec.pixels == "pal8":
        frames = _paletted(source, ",".join(chain))
    quality = {"quality": str(_quality(export.settings))} if export.format == "webp" else {}
    try:
        _write(frames, rate, codec, quality, size, target)
    except FFmpegError as error:
        raise ExportError(f"the {export.format} encoder failed on frames of {size} pixels: {error.strerror}") from error
    return size


def filtered(frames: Iterable[VideoFrame], chain: str) -> Iterator[VideoFrame]:
    """The frames behind a chain of FFmpeg's filters."""
    graph: Graph | None = None
    for frame in frames:
        graph = graph or _graph(frame, chain)
        graph.vpush(frame)
        yield from _pulled(graph)
    if graph is not None:
        graph.vpush(None)
        yield from _pulled(graph)


def _write(
    frames: Iterable[VideoFrame],
    rate: Fraction,
    codec: _Codec,
    quality: Mapping[str, str],
    size: PixelSize,
    target: Path,
) -> None:
    container = {**codec.container, "fflags": "+bitexact"}
    with av.open(target, "w", format=codec.muxer, options=container) as file:
        stream = cast(VideoStream, file.add_stream(codec.name, rate=rate, options={**codec.options, **quality}))
        stream.width, stream.height, stream.pix_fmt = size.width, size.height, codec.pixels
        stream.codec_context.thread_count = 1
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, 1 / rate
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def _shaping(geometry: Geometry, size: PixelSize, export: Export) -> Iterator[str]:
    left, top, right, bottom = geometry.crop
    yield f"crop={right - left}:{bottom - top}:{left}:{top}:exact=1"
    if geometry.pads:
        ground = (export.background or "#FFFFFF").replace("#", "0x")
        scaled, (x, y) = geometry.scaled, geometry.offset
        yield f"scale={scaled.width}:{scaled.height}:flags=lanczos"
        yield f"pad={size.width}:{size.height}:{x}:{y}:color={ground}"
    else:
        yield f"scale={size.width}:{size.height}:flags=lanczos"
    yield "setsar=1"


def _paletted(source: Source, chain: str) -> Iterator[VideoFrame]:
    """Frames in 256 colours, chosen once for all of them: chosen for each they would flicker. Reads the source twice,
    rather than keep all frames in memory."""
    palette = next(filtered(source(), f"{chain},palettegen=stats_mode=diff"))
    graph: Graph | None = None
    for frame in filtered(source(), chain):
        if graph is None:
            palette.pts, palette.time_base = 0, frame.time_base
            graph, shown, colors = _palette_graph(frame, palette)
            colors.push(palette)
            colors.push(None)
        shown.push(frame)
        yield from _pulled(graph)
    if graph is not None:
        shown.push(None)
        yield from _pulled(graph)


def _graph(frame: VideoFrame, chain: str) -> Graph:
    graph = Graph()
    last = _buffer(graph, frame)
    for part in chain.split(","):
        name, _, arguments = part.partition("=")
        following = graph.add(name, arguments or None)
        last.link_to(following)
        last = following
    last.link_to(graph.add("buffersink"))
    graph.configure()
    return graph


def _palette_graph(frame: VideoFrame, palette: VideoFrame) -> tuple[Graph, FilterContext, FilterContext]:
    """With what takes the frames, and what takes their colours."""
    graph = Graph()
    shown, colors = _buffer(graph, frame), _buffer(graph, palette)
    use = graph.add("paletteuse", "dither=bayer:bayer_scale=4")
    shown.link_to(use, 0, 0)
    colors.link_to(use, 0, 1)
    use.link_to(graph.add("buffersink"))
    graph.configure()
    return graph, shown, colors


def _buffer(graph: Graph, frame: VideoFrame) -> FilterContext:
    return graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or Fraction(1, 1000)
    )


def _pulled(graph: Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (BlockingIOError, EOFError):
            return


def _quality(export: Export) -> int:
    return 100 if export.quality == "lossless" else export.quality or QUALITY["webp"]
