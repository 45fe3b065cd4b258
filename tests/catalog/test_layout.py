"""Borders that are whole pixels and equal on opposite sides, for any size, share and shape."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assetgen.catalog.presets.layout import Area, content, height_of, plate, scaled
from assetgen.catalog.presets.model import Look

edges = st.integers(1, 4096)
shares = st.fractions(0, Fraction(49, 100), max_denominator=1024)


@given(edges, edges, shares, shares)
def test_borders_are_even_and_leave_something(width: int, height: int, margin: Fraction, inset: Fraction) -> None:
    look = Look(margin=margin, inset=inset)
    board = plate(width, height, look)
    inner = content(board, look)
    for outer, area in (((width, height), board), ((board.width, board.height), inner)):
        assert (2 * area.x + area.width, 2 * area.y + area.height) == outer
        assert min(area.x, area.y) >= 0
        assert min(area.width, area.height) >= 1


@given(edges, shares)
def test_borders_are_the_nearest_whole_pixel(edge: int, inset: Fraction) -> None:
    area = content(Area(0, 0, edge, edge), Look(inset=inset))
    assert abs(area.x - edge * inset) <= Fraction(1, 2) or area.width <= 2


def test_half_a_pixel_goes_to_the_picture() -> None:
    assert content(Area(0, 0, 25, 25), Look(inset=Fraction(1, 10))).x == 2


@given(edges, edges, edges, edges)
def test_contained_pictures_lie_in_the_middle_and_touch_two_sides(w: int, h: int, width: int, height: int) -> None:
    area = Area(0, 0, width, height)
    found = scaled((w, h), area, "contain")
    assert found[0] <= width
    assert found[1] <= height
    assert found[0] == width or found[1] == height
    assert (width - found[0]) % 2 == 0
    assert (height - found[1]) % 2 == 0
    factor = min(Fraction(width, w), Fraction(height, h))
    assert abs(found[0] - factor * w) <= 1 or found[0] <= 2
    assert abs(found[1] - factor * h) <= 1 or found[1] <= 2


@given(edges, edges, edges, edges)
def test_covering_pictures_leave_nothing_free(w: int, h: int, width: int, height: int) -> None:
    found = scaled((w, h), Area(0, 0, width, height), "cover")
    assert found[0] >= width
    assert found[1] >= height


def test_heights_follow_the_picture() -> None:
    assert height_of(1280, None, (1376, 768)) == 714
    assert height_of(100, 40, (1, 1)) == 40
    assert height_of(1, None, (4096, 1)) == 1
