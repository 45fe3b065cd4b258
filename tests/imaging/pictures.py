"""Small pictures in every form that a service might send, made in memory."""

from __future__ import annotations

from io import BytesIO
from random import Random

from PIL import Image, PngImagePlugin

RED = (230, 30, 40)
BLUE = (20, 40, 220)


def packed(picture: Image.Image, file_format: str, **settings: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, file_format, **settings)
    return buffer.getvalue()


def halves(width: int = 40, height: int = 20) -> Image.Image:
    """Red above, blue below."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (0, height // 2, width, height))
    return picture


def texture(edge: int = 64) -> Image.Image:
    """Smooth ramps with grain, never twice the same."""
    down = Image.linear_gradient("L").resize((edge, edge))
    grain = Image.frombytes("L", (edge, edge), Random(edge).randbytes(edge * edge))
    return Image.merge("RGB", (down, grain, down.transpose(Image.Transpose.ROTATE_90)))


def round_cutout(edge: int = 256) -> Image.Image:
    """A red disc on transparent pixels whose hidden colour is green: what leaks shows."""
    fine = Image.radial_gradient("L").resize((edge, edge)).point([255 if value < 150 else 0 for value in range(256)])
    picture = Image.new("RGB", (edge, edge), (0, 255, 0))
    picture.paste(RED, mask=fine)
    picture.putalpha(fine)
    return picture


def with_chunk(png: bytes, name: bytes, data: bytes) -> bytes:
    """A PNG with a chunk added in front of its pixels."""
    buffer = BytesIO()
    PngImagePlugin.putchunk(buffer, name, data)
    at = png.index(b"IDAT") - 4
    return png[:at] + buffer.getvalue() + png[at:]


def oriented(value: int) -> bytes:
    """EXIF that holds one orientation and nothing else."""
    exif = Image.Exif()
    exif[0x0112] = value
    return exif.tobytes()
