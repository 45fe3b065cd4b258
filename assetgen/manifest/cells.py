"""Which part of a picture each cell of a grid is. Whole-number arithmetic; knows no pixels and no names.

Cells are equal: the extent less the gutters, divided. Where that is no whole number of pixels each edge is rounded to
the nearest one, halves up, so that neighbours never overlap, and their extents differ by a pixel at most.
"""

from __future__ import annotations

from typing import TypeAlias

from assetgen.manifest.recipe import Cell, Grid, PixelSize

Area: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are outside."""


def span(extent: int, count: int, gutter: int, index: int) -> tuple[int, int]:
    """Where the cell at `index` (from 0) of `count` lies in so many pixels: its first, and the first behind it. The
    second is not above the first where the gutters leave nothing."""
    pitch = extent + gutter
    return _rounded(index * pitch, count), _rounded((index + 1) * pitch - count * gutter, count)


def cell_area(picture: PixelSize, cell: Cell) -> Area | None:
    """The part of a `picture` that a cell is, as if there were no gutters where they are yet to be found; None when
    they leave nothing."""
    gutter = cell.gutter if isinstance(cell.gutter, int) else 0
    left, right = span(picture.width, cell.columns, gutter, cell.column - 1)
    top, bottom = span(picture.height, cell.rows, gutter, cell.row - 1)
    return (left, top, right, bottom) if left < right and top < bottom else None


def cell_size(picture: PixelSize, cell: Cell) -> PixelSize | None:
    """How large that part is; at most, where gutters are yet to be found."""
    area = cell_area(picture, cell)
    return PixelSize(area[2] - area[0], area[3] - area[1]) if area else None


def smallest_cell(picture: PixelSize, grid: Grid) -> PixelSize | None:
    """The edges that every cell has at least."""
    sizes = [cell_size(picture, cell) for cell in cells_of(grid)]
    known = [size for size in sizes if size is not None]
    if not known or len(known) < len(sizes):
        return None
    return PixelSize(min(size.width for size in known), min(size.height for size in known))


def cells_of(grid: Grid) -> tuple[Cell, ...]:
    """Every cell, row by row, in the order of its names."""
    return tuple(
        Cell(row + 1, column + 1, grid.rows, grid.columns, grid.gutter)
        for row in range(grid.rows)
        for column in range(grid.columns)
    )


def _rounded(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)
