"""A grid in a manifest: which files its cells get, and what they are cut from."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen.manifest.recipe import Cell, Export
from tests.manifest.support import exports, loaded, recipe

SHEET = "assets:\n  sheet:\n    prompt: A sheet of badges\n    grid: {rows: 1, columns: 2, cells: [coin, gem]}\n"


def test_each_cell_has_the_outputs_of_a_picture(tmp_path: Path) -> None:
    made = recipe(tmp_path, SHEET + "    sizes: {'@1x': 24, hero: 80}\n    formats: [png, webp]\n")
    files = zip(made.outputs, exports(made), strict=True)
    assert [(output.path.removeprefix("output/app/"), output.cell, export.cell) for output, export in files] == [
        (f"sheet-{name}{suffix}.{ext}", name, Cell(1, column, 1, 2))
        for column, name in ((1, "coin"), (2, "gem"))
        for suffix in ("", "-hero")
        for ext in ("png", "webp")
    ]


def test_without_sizes_each_cell_is_one_file_as_large_as_it_is(tmp_path: Path) -> None:
    made = recipe(tmp_path, SHEET)
    assert [output.path for output in made.outputs] == ["output/app/sheet-coin.png", "output/app/sheet-gem.png"]
    assert made.outputs[1].export == Export("png", cell=Cell(1, 2, 1, 2))


@pytest.mark.parametrize(("ratio", "height"), [("1:1", None), ("21:9", None), ("16:9", None)])
def test_a_number_is_a_width_where_cells_are_not_square(tmp_path: Path, ratio: str, height: int | None) -> None:
    made = recipe(tmp_path, SHEET + f"    sizes: [64]\n    aspect_ratio: '{ratio}'\n")
    assert (exports(made)[0].width, exports(made)[0].height) == (64, height)


def test_a_number_is_both_edges_where_cells_are_square(tmp_path: Path) -> None:
    text = SHEET.replace("rows: 1, columns: 2, cells: [coin, gem]", "rows: 2, columns: 3, cells: [a, b, c, d, e, f]")
    made = recipe(tmp_path, text + "    sizes: [64]\n    aspect_ratio: '3:2'\n")
    assert (exports(made)[0].width, exports(made)[0].height) == (64, 64)


def test_a_file_name_may_be_a_template(tmp_path: Path) -> None:
    made = recipe(tmp_path, SHEET + "    filename: badges/{{ name }}_{{ width }}.{{ ext }}\n    sizes: [64]\n")
    assert [output.path for output in made.outputs] == [
        "output/app/badges/sheet-coin_64.png",
        "output/app/badges/sheet-gem_64.png",
    ]


def test_the_request_says_nothing_of_the_grid(tmp_path: Path) -> None:
    assert recipe(tmp_path, SHEET).request == recipe(tmp_path, SHEET.replace("coin, gem", "sun, moon")).request
    plain = SHEET.partition("    grid")[0]
    assert recipe(tmp_path, SHEET).request == recipe(tmp_path, plain).request


def test_a_gutter_makes_the_largest_possible_size_smaller(tmp_path: Path) -> None:
    wide = SHEET.replace("gem]", "gem], gutter: 24")
    assert exports(recipe(tmp_path, wide + "    sizes: [500]\n"))[0].cell == Cell(1, 1, 1, 2, 24)


def test_defaults_may_hold_a_grid(tmp_path: Path) -> None:
    text = "defaults:\n  grid: {rows: 1, columns: 2, cells: [on, off]}\nassets:\n  a: {prompt: A}\n  b: {prompt: B}\n"
    outputs = [output.path for made in loaded(tmp_path, text).recipes for output in made.outputs]
    assert outputs == [f"output/app/{name}.png" for name in ("a-on", "a-off", "b-on", "b-off")]
