"""Sheets cut into cells: by arithmetic where gutters are known, by looking where they are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFilter

from assetgen.errors import ExportError
from assetgen.imaging.decode import decode
from assetgen.imaging.export import export_file
from assetgen.imaging.grid import areas_of, placed
from assetgen.imaging.sizes import Box
from assetgen.manifest.cells import cells_of
from assetgen.manifest.recipe import Cell, Export, Fit, Grid, Gutter
from tests.imaging.pictures import BLUE, RED, packed

WHITE = (255, 255, 255)
COLORS = (RED, BLUE, (20, 160, 60), (240, 180, 0), (120, 40, 160), (0, 0, 0))


def sheet(size: tuple[int, int], boxes: Sequence[Box], ground: tuple[int, ...] = WHITE) -> Image.Image:
    picture = Image.new("RGB" if len(ground) == 3 else "RGBA", size, ground)
    for box, color in zip(boxes, COLORS, strict=False):
        picture.paste(color, box)
    return picture


def tiles(gutter: int, margin: int = 0) -> list[Box]:
    """Two rows of three tiles of 90 x 60 pixels."""
    lefts, tops = ([margin + n * (edge + gutter) for n in range(3)] for edge in (90, 60))
    return [(left, top, left + 90, top + 60) for top in tops[:2] for left in lefts]


def areas(picture: Image.Image, rows: int, columns: int, gutter: Gutter | None = "auto") -> list[Box]:
    found = areas_of(picture, cells_of(Grid(rows, columns, (), gutter)))
    return list(found.values())


@pytest.mark.parametrize(("gutter", "margin"), [(6, 0), (1, 0), (10, 14), (24, 3)])
@pytest.mark.parametrize("ground", [WHITE, (30, 30, 40), (120, 200, 190), (0, 0, 0, 0)])
def test_tiles_are_found_to_the_pixel(gutter: int, margin: int, ground: tuple[int, ...]) -> None:
    size = (270 + 2 * gutter + 2 * margin, 120 + gutter + 2 * margin)
    assert areas(sheet(size, tiles(gutter, margin), ground), 2, 3) == tiles(gutter, margin)


def test_noise_and_soft_edges_are_no_content() -> None:
    picture = sheet((294, 132), tiles(12))
    grain = Image.effect_noise(picture.size, 6)
    noisy = Image.merge("RGB", [Image.blend(band, grain, 0.04) for band in picture.split()])
    found = areas(noisy, 2, 3)
    assert found == tiles(12)


def test_subjects_of_several_sizes_get_cells_of_one_size() -> None:
    """As large as the largest, each in the middle of its subject; nothing of any subject is lost."""
    subjects = [(20, 30, 80, 90), (130, 40, 170, 70), (230, 20, 280, 100)]
    found = areas(sheet((300, 120), subjects), 1, 3)
    assert {(right - left, bottom - top) for left, top, right, bottom in found} == {(60, 80)}
    assert [(left + right) // 2 for left, _, right, _ in found] == [50, 150, 255]


def test_tiles_that_differ_by_a_pixel_show_no_gutter() -> None:
    found = areas(sheet((203, 100), [(0, 0, 99, 100), (103, 0, 203, 100)]), 1, 2)
    assert found == [(0, 0, 99, 100), (103, 0, 202, 100)]


def test_a_gap_within_a_subject_is_no_gutter() -> None:
    """Two dots of one subject; the gap between them lies far from where cells would meet."""
    found = areas(sheet((200, 60), [(10, 20, 25, 40), (65, 20, 80, 40), (110, 10, 180, 50)]), 1, 2)
    assert found == [(10, 10, 80, 50), (110, 10, 180, 50)]


def test_one_cell_needs_no_gutter() -> None:
    assert areas(sheet((100, 100), [(0, 0, 100, 100)]), 1, 1) == [(0, 0, 100, 100)]


@pytest.mark.parametrize(
    ("boxes", "message"),
    [
        ([(10, 10, 80, 50), (70, 20, 150, 40)], "no gutter is to be seen between column 1 and column 2 of the sheet"),
        ([(10, 10, 80, 50)], "column 2 of the sheet shows nothing but its ground"),
    ],
)
def test_what_cannot_be_found_is_said_with_what_to_do(boxes: list[Box], message: str) -> None:
    with pytest.raises(ExportError) as error:
        areas(sheet((200, 60), boxes), 1, 2)
    assert error.value.message == message
    assert "`gutter` as a number of pixels" in (error.value.hint or "")


def test_gutters_that_leave_nothing_of_the_real_picture_are_an_error() -> None:
    with pytest.raises(ExportError, match="gutters of 60 pixels leave nothing of a sheet of 100x50 pixels"):
        areas(Image.new("RGB", (100, 50)), 1, 3, 60)


def test_profiles_are_cut_at_their_plain_bands() -> None:
    profile = [*[9] * 10, *[0] * 4, *[9] * 10, *[0] * 2, *[9] * 10]
    assert placed(profile, 3, "column") == [(0, 10), (14, 24), (26, 36)]


@pytest.mark.parametrize("fit", ["cover", "contain", "inside"])
def test_a_cell_is_exported_like_a_picture_of_its_own(tmp_path: Path, fit: Fit) -> None:
    """Whatever lies beside a cell leaves no trace in it, not even by resampling."""
    picture = Image.effect_noise((300, 200), 90).convert("RGB").filter(ImageFilter.GaussianBlur(1))
    whole, part = tmp_path / "whole", tmp_path / "part"
    whole.write_bytes(packed(picture, "PNG"))
    part.write_bytes(packed(picture.crop((100, 100, 200, 200)), "PNG"))
    for width, height in ((None, None), (40, None), (40, 30), (33, 50)):
        export = Export("png", width, height, fit if height else None)
        (cut,) = export_file(whole, [(with_cell(export), tmp_path / "cut.tmp")], mark=False)
        (own,) = export_file(part, [(export, tmp_path / "own.tmp")], mark=False)
        assert cut == own, (width, height)


def with_cell(export: Export) -> Export:
    return replace(export, cell=Cell(2, 2, 2, 3))


def test_a_size_larger_than_a_cell_fails_and_names_the_largest(tmp_path: Path) -> None:
    master = tmp_path / "master"
    master.write_bytes(packed(sheet((294, 132), tiles(12)), "PNG"))
    export = Export("png", 100, cell=Cell(1, 1, 2, 3, "auto"))
    with pytest.raises(ExportError, match="a picture of 90x60 pixels; the largest possible width is 90"):
        export_file(master, [(export, tmp_path / "out.tmp")], mark=False)


def test_drawn_gutters_with_rounded_tiles_are_found(tmp_path: Path) -> None:
    picture = Image.new("RGB", (320, 160), (245, 244, 240))
    pen = ImageDraw.Draw(picture)
    dice = Random(1)
    for left in (10, 170):
        pen.rounded_rectangle((left, 10, left + 139, 149), 24, COLORS[dice.randrange(4)])
    master = tmp_path / "master"
    master.write_bytes(packed(picture, "PNG"))
    exports = [(Export("png", cell=cell), tmp_path / f"{cell.column}") for cell in cells_of(Grid(1, 2, (), "auto"))]
    made = export_file(master, exports, mark=False)
    assert [(file.width, file.height) for file in made] == [(140, 140), (140, 140)]
    assert decode(tmp_path / "1").getpixel((0, 70)) == decode(tmp_path / "1").getpixel((70, 70))
