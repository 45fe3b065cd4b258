"""The plain removal of backgrounds that the emulator plays the service with."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from assetgen.imaging.hollow import hollowed_png
from tests.support.pictures import png, subject


def test_what_has_the_colour_of_the_corner_is_gone() -> None:
    made = Image.open(BytesIO(hollowed_png(subject(64, 64, (200, 30, 90)))))
    assert (made.mode, made.getpixel((0, 0))[3], made.getpixel((32, 32))) == ("RGBA", 0, (200, 30, 90, 255))  # type: ignore[index]
    assert hollowed_png(subject(64, 64, (200, 30, 90))) == hollowed_png(subject(64, 64, (200, 30, 90)))


def test_of_a_plain_picture_nothing_is_left() -> None:
    made = Image.open(BytesIO(hollowed_png(png(64, 64))))
    assert made.getchannel("A").getextrema() == (0, 0)
