"""ThumbHashes as the reference makes them, and dominant colours as people would name them."""

from __future__ import annotations

from base64 import b64encode

import pytest
from PIL import Image

from assetgen.imaging.summary import dominant_color, summary_of, thumbhash
from tests.imaging.pictures import BLUE, RED, halves, round_cutout


def blots(width: int, height: int, *, clear: bool) -> Image.Image:
    """Colours without any symmetry; opaque, or of every opacity."""
    picture = Image.new("RGBA", (width, height))
    for y in range(height):
        for x in range(width):
            color = (x * x * 255 // width**2, (x * 31 + y * y) % 256, y * 200 // height + x % 7)
            picture.putpixel((x, y), (*color, 255 - (y * y + x * 9) % 200 if clear else 255))
    return picture


@pytest.mark.parametrize(
    ("size", "clear", "reference"),
    [
        ((40, 30), False, "GagJVZiQhodyd3d3d3d3h5N/B4qI"),
        ((30, 40), False, "GagJVRiQhnF3d3d3d3d3eJN/B4qI"),
        ((64, 64), True, "GqiFNQ4JkIdxd3d3d5OPB4l4jJ+nt6iJig=="),
        ((100, 25), True, "GaiFMZAJkIZyd3eTfwiJiMjpjZyd33k="),
        ((7, 90), False, "2IcJURKQcXd3d3h3k38Hiog="),
    ],
)
def test_thumbhashes_are_those_of_the_reference(size: tuple[int, int], clear: bool, reference: str) -> None:
    """Made with `rgbaToThumbHash` of the npm package thumbhash 0.1.1 from the same pixels."""
    assert b64encode(thumbhash(blots(*size, clear=clear))).decode() == reference


def test_a_flat_picture_has_no_waves() -> None:
    """Rounding errors are not blown up to a pattern, which would be another on every machine."""
    assert thumbhash(Image.new("RGB", (40, 30), RED))[5:].strip(b"\0") == b""
    assert len(thumbhash(Image.new("RGBA", (10, 10)))) == 25


@pytest.mark.parametrize("size", [(1, 1), (100, 1), (1, 100), (2000, 3)])
def test_any_shape(size: tuple[int, int]) -> None:
    assert 5 < len(thumbhash(Image.new("RGB", size, BLUE))) <= 25


def test_large_pictures_are_summed_up_from_a_small_copy() -> None:
    large = halves(800, 400)
    assert thumbhash(large) == thumbhash(large.resize((100, 50), Image.Resampling.BOX))


@pytest.mark.parametrize(
    ("picture", "color"),
    [
        (Image.new("RGB", (300, 200), (200, 10, 30)), "#C80A1E"),
        (Image.new("L", (5, 5), 128), "#808080"),
        (round_cutout(), "#E61E28"),
        (Image.new("RGBA", (9, 9)), "#000000"),
    ],
)
def test_dominant_colors(picture: Image.Image, color: str) -> None:
    assert dominant_color(picture) == color


def test_the_larger_part_wins() -> None:
    picture = Image.new("RGB", (90, 10), RED)
    picture.paste(BLUE, (0, 0, 40, 10))
    assert dominant_color(picture) == "#E61E28"


def test_shades_of_one_colour_count_together() -> None:
    """Four reds that differ a little outweigh one blue that is larger than each."""
    picture = Image.new("RGB", (60, 10), BLUE)
    for number in range(4):
        picture.paste((200 + 4 * number, 30, 40), (10 * number, 0, 10 * number + 10, 10))
    red = int(dominant_color(picture)[1:3], 16)
    assert 200 <= red <= 212


def test_summary() -> None:
    found = summary_of(halves())
    assert found.color in ("#E61E28", "#1428DC")
    assert summary_of(halves()) == found
    assert len(found.thumbhash) <= 36
