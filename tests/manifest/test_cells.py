"""Cells tile a picture: equal but for a pixel, in order, never one over another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.manifest.cells import cell_area, cell_size, cells_of, smallest_cell, span
from assetgen.manifest.recipe import Cell, Grid, Gutter, PixelSize


@pytest.mark.parametrize(
    ("extent", "count", "gutter", "expected"),
    [
        (1024, 1, 0, [(0, 1024)]),
        (1024, 2, 0, [(0, 512), (512, 1024)]),
        (1024, 3, 0, [(0, 341), (341, 683), (683, 1024)]),
        (100, 3, 5, [(0, 30), (35, 65), (70, 100)]),
        (1000, 3, 10, [(0, 327), (337, 663), (673, 1000)]),
    ],
)
def test_where_cells_lie(extent: int, count: int, gutter: int, expected: list[tuple[int, int]]) -> None:
    assert [span(extent, count, gutter, index) for index in range(count)] == expected


@given(extent=st.integers(1, 5000), count=st.integers(1, 20), gutter=st.integers(0, 300))
def test_cells_are_equal_but_for_a_pixel_and_fill_the_picture(extent: int, count: int, gutter: int) -> None:
    spans = [span(extent, count, gutter, index) for index in range(count)]
    assert (spans[0][0], spans[-1][1]) == (0, extent)
    lengths = [end - start for start, end in spans]
    assert max(lengths) - min(lengths) <= 1
    assert all(abs(after[0] - before[1] - gutter) <= 1 for before, after in pairwise(spans))


def test_a_cell_is_found_by_its_place() -> None:
    picture = PixelSize(300, 200)
    assert cell_area(picture, Cell(2, 3, rows=2, columns=3)) == (200, 100, 300, 200)
    assert cell_size(picture, Cell(1, 1, rows=2, columns=3, gutter=12)) == PixelSize(92, 94)


def test_gutters_that_are_yet_to_be_found_count_as_none() -> None:
    assert cell_size(PixelSize(300, 200), Cell(1, 1, 2, 3, "auto")) == PixelSize(100, 100)


@pytest.mark.parametrize(("gutter", "expected"), [(None, PixelSize(341, 512)), (8, PixelSize(336, 508)), (512, None)])
def test_the_smallest_cell_is_what_is_sure(gutter: Gutter | None, expected: PixelSize | None) -> None:
    assert smallest_cell(PixelSize(1024, 1024), Grid(2, 3, tuple("abcdef"), gutter)) == expected


def test_cells_are_named_row_by_row() -> None:
    assert [(cell.row, cell.column) for cell in cells_of(Grid(2, 2, tuple("abcd")))] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert str(Cell(2, 1, 2, 3, "auto")) == "row 2, column 1 of 2 x 3, gutter auto"
