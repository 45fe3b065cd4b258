"""Whether a picture shows the colours that were asked for."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from assetgen.imaging.closeness import is_neutral, share_of

PINK, BLUE = "#EC4899", "#2563EB"


def drawn(ground: str | None, spot: str) -> bytes:
    """A spot that covers a quarter of a ground, which may be transparent."""
    picture = Image.new("RGBA", (200, 200), ground or (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, 99, 99), spot)
    file = BytesIO()
    picture.save(file, "WEBP", lossless=True)
    return file.getvalue()


@pytest.mark.parametrize(
    ("picture", "colors", "share"),
    [
        (drawn("#FFFFFF", PINK), [PINK], 0.25),
        (drawn("#FFFFFF", "#D93D86"), [PINK], 0.25),
        (drawn("#FFFFFF", PINK), [BLUE], 0.0),
        (drawn(BLUE, PINK), [BLUE, PINK], 1.0),
        (drawn(None, PINK), [PINK], 1.0),
        (drawn("#FFFFFF", PINK), [], 0.0),
    ],
)
def test_the_share_of_a_colour(picture: bytes, colors: list[str], share: float) -> None:
    assert share_of(picture, colors) == pytest.approx(share, abs=0.02)


def test_nothing_seen_is_no_share() -> None:
    file = BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(file, "WEBP", lossless=True)
    assert share_of(file.getvalue(), [PINK]) == 0.0


@pytest.mark.parametrize(("color", "neutral"), [("#FFFFFF", True), ("#000000", True), ("#6B7280", True), (PINK, False)])
def test_greys_are_neutral(color: str, neutral: bool) -> None:
    assert is_neutral(color) is neutral
