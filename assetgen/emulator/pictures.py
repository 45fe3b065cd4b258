"""The pictures that an emulated model makes. They depend on the request and on how often it was accepted before, on
nothing else: not on time, not on order. Also the broken ones that faults ask for.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import replace
from io import BytesIO

from assetgen.catalog.grounds import BLACK, COLORS, WHITE, ground_asked_for
from assetgen.catalog.models import Model, nominal_size
from assetgen.digest import Json, canonical_json, digest_of
from assetgen.emulator.rules import Job
from assetgen.imaging.draw import draw_placeholder, placeholder_png
from assetgen.imaging.enlarge import enlarged_png, measured_bytes
from assetgen.imaging.hollow import hollowed_png, seen_through_png
from assetgen.imaging.sizes import even
from assetgen.manifest.recipe import Drawing, Grid, PixelSize

PNG_TYPE, JPEG_TYPE, MP4_TYPE = "image/png", "image/jpeg", "video/mp4"

_LESS = 2
"""How many times smaller videos are than the service's, so that they are there in a moment."""

_LONGEST = 8
"""How many times longer than wide a video may be."""

_ARTICLES = frozenset({"a", "an", "the"})
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}\b")
_NUMBERS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBER = rf"([1-9]|1[0-2]|{'|'.join(_NUMBERS[1:])})"
_SHEETS = tuple(
    re.compile(words.replace("N", _NUMBER), re.IGNORECASE)
    for words in (
        r"\bN rows? of N\b",
        r"\bN rows?(?: and|,| by| x|) N columns?\b",
        r"\bN ?(?:x|×|by) ?N (?:grid|sheet)\b",
        r"\b(?:grid|sheet)(?: of|:) N ?(?:x|×|by) ?N\b",
        r"\b(?P<upright>)N columns?(?: and|,| by| x|) N rows?\b",
        r"\b(?:grid|sheet) of N\b",
        r"^(?!one\b|1\b)N [a-z-]+(?: [a-z-]+)?s\b",
    )
)
"""Ways to ask for a sheet: rows and columns, columns and rows, or only how many pictures."""


def drawn(job: Job, turn: int, *, size: PixelSize | None = None, as_jpeg: bool = False) -> tuple[bytes, str]:
    """The picture or the video of a request and its media type. `turn` counts from 0; `size` and `as_jpeg` override the
    request. Videos are smaller than the service's, and need the extra for videos."""
    if job.source is not None and job.size is not None:
        return enlarged_png(job.source, size or job.size), PNG_TYPE
    if job.source is not None and job.model.kind == "remove-background":
        return _cut_out(job.source, job), PNG_TYPE
    ground = ground_asked_for(job.prompt)
    if job.source is not None and ground is not None and job.model.kind != "video":
        return _regrounded(job.source, job, COLORS[ground], as_jpeg=as_jpeg)
    size = size or _size_of(job)
    if job.model.kind == "video":
        from assetgen.imaging.video.placeholder import placeholder_mp4

        seed, caption = _seed_of(job, turn), _caption_of(job, turn, size)
        return placeholder_mp4(size, _seconds_of(job), _drawing_of(job), seed, caption), MP4_TYPE
    return _placeholder(job, turn, size, as_jpeg=as_jpeg)


def _regrounded(source: bytes, job: Job, ground: str, *, as_jpeg: bool) -> tuple[bytes, str]:
    """The same subject on another ground: drawn once more, exactly; what was not drawn here is cut out plainly."""
    first, size = _redrawable(job), measured_bytes(source)
    if first is not None and size is not None:
        return _placeholder(*first, size, as_jpeg=as_jpeg, ground=ground)
    return hollowed_png(source, ground), PNG_TYPE


def _cut_out(source: bytes, job: Job) -> bytes:
    """The subject alone: exactly, where it was drawn here and so can be drawn on two grounds; else cut out plainly."""
    first, size = _redrawable(job), measured_bytes(source)
    if first is None or size is None:
        return hollowed_png(source)
    drawing, seed, caption = _drawing_of(first[0]), _seed_of(*first), _caption_of(*first, size)
    grounds = (replace(drawing, ground=COLORS[ground]) for ground in (WHITE, BLACK))
    return seen_through_png(*(placeholder_png(size, grounded, seed, caption) for grounded in grounds))


def _redrawable(job: Job) -> tuple[Job, int] | None:
    """The request of the source and its turn, where that was drawn here on a plain ground."""
    return job.first if job.first is not None and _drawing_of(job.first[0]).remove_bg else None


def _placeholder(
    job: Job, turn: int, size: PixelSize, *, as_jpeg: bool, ground: str | None = None
) -> tuple[bytes, str]:
    drawing = _drawing_of(job)
    drawing = replace(drawing, ground=ground or drawing.ground)
    picture = draw_placeholder(size, drawing, _seed_of(job, turn), _caption_of(job, turn, size))
    buffer = BytesIO()
    if as_jpeg or job.input.get("output_format", _format_of(job.model)) in ("jpg", "jpeg"):
        picture.save(buffer, "JPEG", quality=90)
        return buffer.getvalue(), JPEG_TYPE
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue(), PNG_TYPE


def _caption_of(job: Job, turn: int, size: PixelSize) -> str:
    ratio = f" · {job.parameters['aspect_ratio']}" if "aspect_ratio" in job.parameters else ""
    again = f" {turn + 1}" if turn else ""
    return f"{size.width} x {size.height}{ratio} · emulated{again}"


def _seed_of(job: Job, turn: int) -> str:
    return digest_of(canonical_json({"model": job.model.id, "input": job.input, "turn": turn}))


def size_of(picture: bytes) -> PixelSize:
    """How large an uploaded picture is; a pixel when it is none."""
    return measured_bytes(picture) or PixelSize(1, 1)


def corrupted(png: bytes) -> bytes:
    """The same length and the same header, and pixels that cannot be decoded."""
    middle = len(png) // 2
    return png[:middle] + bytes(len(png) - middle)


def bomb() -> bytes:
    """A small file whose header claims 50,000 x 50,000 pixels."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(bytes(100_000))), _chunk(b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _format_of(model: Model) -> Json:
    """What the service makes when the request does not say."""
    chosen = model.other("output_format")
    return chosen.default if chosen else None


def _size_of(job: Job) -> PixelSize:
    if job.model.kind == "video":
        width, height = nominal_size({**job.parameters, **_shape_of(job)})
        return even(PixelSize(width // _LESS, height // _LESS))
    return PixelSize(*(job.model.size(job.parameters) or nominal_size(job.parameters)))


def _shape_of(job: Job) -> dict[str, str]:
    """The aspect ratio of the still that a video begins with, where nothing else was asked for. None of a still that
    is longer than any that a model makes."""
    still = measured_bytes(job.source) if job.source is not None else None
    asked = job.parameters.get("aspect_ratio", "auto") != "auto"
    if still is None or asked or max(still.width, still.height) > _LONGEST * min(still.width, still.height):
        return {}
    return {"aspect_ratio": f"{still.width}:{still.height}"}


def _seconds_of(job: Job) -> int:
    seconds = job.parameters.get("duration")
    return seconds if isinstance(seconds, int) else 5


def _drawing_of(job: Job) -> Drawing:
    """What can be guessed from a prompt: its first words, the colours that it names, and whether it wants a cutout."""
    words = [word for word in re.findall(r"[A-Za-z]+", _COLOR.sub("", job.prompt)) if word.lower() not in _ARTICLES]
    colors = {f"color{number}": color for number, color in enumerate(_COLOR.findall(job.prompt))}
    plain = re.search(r"(white|black)\s*(?:\([^)]*\)\s*)?background", job.prompt, re.IGNORECASE)
    ground = COLORS[BLACK] if plain and plain[1].lower() == BLACK else None
    name = " ".join(words[:3]) or "picture"
    return Drawing(name, colors, plain is not None, _sheet_of(job.prompt, plain=plain is not None), ground=ground)


def _sheet_of(prompt: str, *, plain: bool) -> Grid | None:
    """The sheet that a prompt asks for in plain words, with a gutter where it speaks of one. Several things that are
    merely counted, as in `six badges`, are a sheet where the ground is plain."""
    ways = _SHEETS if plain else _SHEETS[:-1]
    found = next((match for match in (way.search(prompt) for way in ways) if match), None)
    if found is None:
        return None
    counts = [_count(word) for word in found.groups() if word]
    rows, columns = counts if len(counts) > 1 else _spread(counts[0])
    if "upright" in found.groupdict():
        rows, columns = columns, rows
    cells = tuple(str(number + 1) for number in range(rows * columns))
    return Grid(rows, columns, cells, "auto" if re.search("gap|gutter", prompt, re.IGNORECASE) else None)


def _count(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS.index(word.lower())


def _spread(pictures: int) -> tuple[int, int]:
    """Rows and columns for so many pictures, no more rows than columns and as near to a square as they go up."""
    rows = next(rows for rows in range(int(pictures**0.5), 0, -1) if pictures % rows == 0)
    return rows, pictures // rows
