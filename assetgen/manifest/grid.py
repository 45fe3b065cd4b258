"""A grid as it is written: checked, and named the way its cells' files are. See `cells` for where cells lie."""

from __future__ import annotations

import re
from fractions import Fraction

from assetgen.manifest.cascade import Settled
from assetgen.manifest.cells import cells_of, smallest_cell
from assetgen.manifest.complaints import subject
from assetgen.manifest.naming import fold
from assetgen.manifest.recipe import Cell, Grid, PixelSize
from assetgen.manifest.setting import Setting


def grid_of(settled: Settled, setting: Setting) -> Grid | None:
    """The grid of an asset, None where it has none; complains of names that are too many, too few or the same."""
    written = settled.asset.grid
    if written is None:
        return None
    _check_count(settled, written.rows, written.columns, len(written.cells), setting)
    _check_names(settled, written.cells, setting)
    return Grid(written.rows, written.columns, tuple(written.cells), written.gutter)


def named_cells(grid: Grid) -> dict[str, Cell]:
    """Every cell by its name, as far as there are names, and each is its own."""
    names = {fold(name): (name, cell) for name, cell in reversed([*zip(grid.cells, cells_of(grid), strict=False)])}
    return dict(reversed(names.values()))


def is_square(grid: Grid, shape: object) -> bool:
    """Whether the cells of a sheet of this aspect ratio are meant to be square: the gutters do not count."""
    ratio = re.fullmatch(r"(\d+):(\d+)", str(shape))
    return ratio is not None and Fraction(int(ratio[1]), int(ratio[2])) == Fraction(grid.columns, grid.rows)


def expected_cell(settled: Settled, grid: Grid, expected: PixelSize | None, setting: Setting) -> PixelSize | None:
    """The size that cells are known to have at least; None when it is not known, or there can be no cells."""
    if expected is None:
        return None
    size = smallest_cell(expected, grid)
    if size is None:
        message = f"gutters of {grid.gutter} pixels leave nothing of the picture, which is {expected}"
        place = settled.place("grid", "gutter")
        setting.complain("too-large", f"{message} ({subject(settled.path('grid'))})", place, "write a smaller `gutter`")
    return size


def _check_count(settled: Settled, rows: int, columns: int, names: int, setting: Setting) -> None:
    if names == rows * columns:
        return
    shape, needed = f"{_counted(rows, 'row')} of {_counted(columns, 'column')}", rows * columns
    message = f"`grid.cells` in asset `{settled.name}` has {_counted(names, 'name')}, and {shape} have {needed} cells"
    missing = needed - names
    hint = f"add {_counted(missing, 'name')}" if missing > 0 else f"delete {_counted(-missing, 'name')}"
    shapes = [f"`rows: {rows}, columns: {names // rows}`"] if names % rows == 0 else []
    shapes += [f"`rows: {names // columns}, columns: {columns}`"] if names % columns == 0 else []
    setting.complain("value", message, settled.place("grid", "cells"), ", or write ".join([hint, *shapes]))


def _check_names(settled: Settled, names: list[str], setting: Setting) -> None:
    seen: dict[str, str] = {}
    for index, name in enumerate(names):
        earlier = seen.setdefault(fold(name), name)
        if name in names[:index]:
            message = f"the cell `{name}` stands twice in {subject(settled.path('grid', 'cells'))}"
            setting.complain("name", message, settled.place("grid", "cells", index), "each cell needs its own name")
        elif earlier != name:
            message = f"the cells `{name}` and `{earlier}` have one name: case does not count"
            setting.complain("name", message, settled.place("grid", "cells", index), "choose another name for one")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
