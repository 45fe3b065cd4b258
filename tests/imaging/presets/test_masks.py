"""Shapes that icons are cut into: symmetric, smooth, and as large as they should be."""

from __future__ import annotations

from math import pi

import pytest
from PIL import Image

from assetgen.catalog.presets.model import Mask
from assetgen.imaging.presets.masks import mask_of


def share(mask: Image.Image) -> float:
    """How much of the square the shape covers."""
    return sum(value * count for value, count in enumerate(mask.histogram())) / 255 / (mask.width * mask.height)


@pytest.mark.parametrize("shape", ["circle", "squircle"])
@pytest.mark.parametrize("edge", [1, 7, 12, 26, 48, 103, 824])
def test_masks_are_symmetric(shape: Mask, edge: int) -> None:
    mask = mask_of(shape, edge)
    assert mask.size == (edge, edge)
    for turn in (Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM):
        assert mask.transpose(turn).tobytes() == mask.tobytes()


def test_areas() -> None:
    assert share(mask_of("none", 10)) == 1
    assert share(mask_of("circle", 512)) == pytest.approx(pi / 4, abs=0.002)
    plain_corners = 1 - (4 - pi) * 0.225**2
    assert share(mask_of("squircle", 824)) == pytest.approx(plain_corners, abs=0.003)


def test_the_squircle_leaves_its_edges_where_apples_does() -> None:
    """Straight for the middle 31 % of each edge; at the diagonal about 3 % of the edge from the corner's square."""
    mask = mask_of("squircle", 1000)
    top = [mask.getpixel((x, 0)) for x in range(1000)]
    assert set(top[360:640]) == {255}
    assert top[150] == 0
    diagonal = next(step for step in range(500) if mask.getpixel((step, step)))
    assert diagonal == pytest.approx(0.225 * (1 - 0.5**0.5) * 1000, abs=4)


def test_edges_are_smooth() -> None:
    assert len(set(mask_of("circle", 64).tobytes())) > 12
