"""Small pictures for tests."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def subject(width: int, height: int, color: tuple[int, int, int]) -> bytes:
    """A PNG of a plain square of one colour on white."""
    picture = Image.new("RGB", (width, height), (255, 255, 255))
    picture.paste(color, (width // 4, height // 4, width - width // 4, height - height // 4))
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def png(width: int, height: int, color: tuple[int, int, int] = (236, 72, 153)) -> bytes:
    """A plain PNG of one colour."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, "PNG")
    return buffer.getvalue()


def gif(width: int, height: int) -> bytes:
    """A plain GIF, which models do not take."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), (236, 72, 153)).save(buffer, "GIF")
    return buffer.getvalue()
