"""Regions by runs are what a plain flood fill finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assetgen.removers.keying.field import framed, grown
from assetgen.removers.keying.regions import Mask, regions

masks = st.tuples(st.integers(1, 12), st.integers(1, 12)).flatmap(
    lambda size: st.lists(
        st.lists(st.booleans(), min_size=size[0], max_size=size[0]), min_size=size[1], max_size=size[1]
    )
)


def flooded(mask: Mask, diagonal: bool) -> list[set[tuple[int, int]]]:
    """The regions of a mask in rows and columns, one pixel at a time."""
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    around = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0) and (diagonal or r == 0 or c == 0)]
    found = []
    while left:
        region, open_ = set(), [left.pop()]
        while open_:
            row, column = open_.pop()
            region.add((row, column))
            beside = {(row + r, column + c) for r, c in around} & left
            left -= beside
            open_ += beside
        found.append(region)
    return found


@given(rows=masks, diagonal=st.booleans())
@settings(max_examples=200, deadline=None)
def test_regions_are_those_of_a_flood_fill(rows: list[list[bool]], diagonal: bool) -> None:
    mask = np.array(rows, np.bool_)
    field = framed(np.zeros((*mask.shape, 3), np.uint8))
    found = regions(field.mask(mask), field.stride, diagonal=diagonal)
    expected = {frozenset(region) for region in flooded(mask, diagonal)}
    painted = set()
    for label in range(found.count):
        wanted = np.arange(found.count) == label
        shown = field.inner(found.painted(wanted))
        painted.add(frozenset((int(row), int(column)) for row, column in np.argwhere(shown)))
        assert found.areas()[label] == np.count_nonzero(shown)
    assert painted == expected


@given(rows=masks, points=st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_regions_hold_what_is_in_them(rows: list[list[bool]], points: object) -> None:
    mask = np.array(rows, np.bool_)
    field = framed(np.zeros((*mask.shape, 3), np.uint8))
    found = regions(field.mask(mask), field.stride)
    other = field.mask(np.roll(mask, 1, axis=1))
    for label in range(found.count):
        inside = found.painted(np.arange(found.count) == label)
        assert found.counts(other)[label] == np.count_nonzero(inside & other)
        assert found.holding(other)[label] == (inside & other).any()


def test_an_empty_and_a_full_mask() -> None:
    field = framed(np.zeros((5, 7, 3), np.uint8))
    assert regions(np.zeros(field.size, np.bool_), field.stride).count == 0
    assert regions(field.mask(), field.stride).areas().tolist() == [35]


def test_a_spiral_is_one_region() -> None:
    """As long a way as fits: hooking and shortening need several rounds for it."""
    size = 63
    mask = np.zeros((size, size), np.bool_)
    row, column, down, right, step = 0, 0, 0, 1, size - 1
    mask[0, 0] = True
    while step > 0:
        for _ in range(2 if step < size - 1 else 3):
            for _ in range(step):
                row, column = row + down, column + right
                mask[row, column] = True
            down, right = right, -down
        step -= 2
    field = framed(np.zeros((size, size, 3), np.uint8))
    assert regions(field.mask(mask), field.stride).count == 1


@given(rows=masks, reach=st.integers(0, 8))
@settings(max_examples=100, deadline=None)
def test_growing_reaches_as_far_as_it_says(rows: list[list[bool]], reach: int) -> None:
    mask = np.array(rows, np.bool_)
    field = framed(np.zeros((*mask.shape, 3), np.uint8))
    shown = field.inner(grown(field.mask(mask), field.stride, reach))
    for row in range(mask.shape[0]):
        for column in range(mask.shape[1]):
            near = mask[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1].any()
            assert shown[row, column] == near
