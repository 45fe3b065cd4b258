"""Placeholders: the same every time, of the size asked for, legible, and on pure white when they are to be cut out."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from assetgen.digest import digest_of
from assetgen.imaging.draw import draw_placeholder, placeholder_png
from assetgen.imaging.grid import areas_of
from assetgen.imaging.palette import WHITE, Color, contrast, scheme_of, text_on
from assetgen.manifest.cells import cells_of
from assetgen.manifest.recipe import Drawing, Grid, Gutter, PixelSize

PALETTES: dict[str, dict[str, str]] = {
    "none": {},
    "brand": {"primary": "#EC4899", "ink": "#0F172A", "sparkle": "#F59E0B"},
    "near-white": {"paper": "#FAFAF7", "white": "#FFFFFF"},
    "near-black": {"ink": "#0B0B0F"},
    "yellow": {"primary": "#FACC15"},
    "pastel": {"primary": "#FFD6E0", "mint": "#C7F0DB"},
    "grey": {"grey": "#6B7280"},
}
palettes = pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())


def drawn(
    size: tuple[int, int] = (160, 160), palette: str = "brand", *, remove_bg: bool = False, seed: str = "0"
) -> Image.Image:
    drawing = Drawing("app-icon", PALETTES[palette], remove_bg)
    return draw_placeholder(PixelSize(*size), drawing, seed, "160 x 160 · 1:1 · draft")


def tone(picture: Image.Image, x: int, y: int) -> Color:
    value = picture.getpixel((x, y))
    assert isinstance(value, tuple)
    return int(value[0]), int(value[1]), int(value[2])


def apart(first: Image.Image, second: Image.Image) -> bool:
    return ImageChops.difference(first, second).getbbox() is not None


@pytest.mark.parametrize("remove_bg", [False, True])
@pytest.mark.parametrize("size", [(1, 1), (3, 1), (16, 16), (64, 24), (40, 400), (336, 144), (153, 275), (160, 160)])
def test_any_size(size: tuple[int, int], remove_bg: bool) -> None:
    picture = drawn(size, remove_bg=remove_bg)
    assert (picture.mode, picture.size) == ("RGB", size)


def test_larger_than_the_art_is_drawn() -> None:
    assert drawn((2100, 60)).size == (2100, 60)
    assert drawn((2600, 2600), remove_bg=True).size == (2600, 2600)


@palettes
@pytest.mark.parametrize("remove_bg", [False, True])
def test_equal_arguments_give_equal_bytes(palette: dict[str, str], remove_bg: bool) -> None:
    size = PixelSize(96, 96)
    first = placeholder_png(size, Drawing("coin", palette, remove_bg), "seed", "caption")
    backwards = dict(reversed(palette.items()))
    assert placeholder_png(size, Drawing("coin", backwards, remove_bg), "seed", "caption") == first
    with Image.open(BytesIO(first)) as picture:
        again = draw_placeholder(size, Drawing("coin", palette, remove_bg), "seed", "caption")
        assert not apart(picture, again)


def test_another_process_draws_the_same() -> None:
    program = (
        "from assetgen.digest import digest_of\n"
        "from assetgen.imaging.draw import placeholder_png\n"
        "from assetgen.manifest.recipe import Drawing, PixelSize\n"
        "drawing = Drawing('coin', {'primary': '#EC4899'}, False)\n"
        "print(digest_of(placeholder_png(PixelSize(96, 96), drawing, 'seed', 'caption')))\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    data = placeholder_png(PixelSize(96, 96), Drawing("coin", {"primary": "#EC4899"}, False), "seed", "caption")
    assert told.strip() == digest_of(data)


@pytest.mark.parametrize("remove_bg", [False, True])
def test_seed_name_colours_and_caption_all_show(remove_bg: bool) -> None:
    size, drawing = PixelSize(200, 200), Drawing("coin", PALETTES["brand"], remove_bg)
    picture = draw_placeholder(size, drawing, "0", "caption")
    others = [
        draw_placeholder(size, Drawing("gem", PALETTES["brand"], remove_bg), "0", "caption"),
        draw_placeholder(size, Drawing("coin", PALETTES["yellow"], remove_bg), "0", "caption"),
        draw_placeholder(size, drawing, "0", "other"),
    ]
    assert all(apart(picture, other) for other in others)
    seeds = {draw_placeholder(size, drawing, str(seed), "caption").tobytes() for seed in range(12)}
    assert len(seeds) >= (3 if remove_bg else 12)


@palettes
@pytest.mark.parametrize("size", [(200, 200), (300, 128), (128, 300)])
def test_cutouts_stand_alone_on_pure_white(palette: dict[str, str], size: tuple[int, int]) -> None:
    for seed in range(6):
        picture = draw_placeholder(PixelSize(*size), Drawing("coin", palette, True), str(seed), "caption")
        subject = ImageChops.difference(picture, Image.new("RGB", size, WHITE)).getbbox()
        assert subject is not None
        left, top, right, bottom = subject
        margin = min(size) // 11
        assert left >= margin
        assert top >= margin
        assert size[0] - right >= margin
        assert size[1] - bottom >= margin
        assert right - left >= min(size) // 2
        below = tone(picture, size[0] // 2, size[1] // 2 + min(size) * 27 // 100)
        assert contrast(below, WHITE) >= 1.3, "pale brands too need a subject that can be told from white"


@palettes
def test_words_can_be_read(palette: dict[str, str]) -> None:
    """Contrast of at least 4.5 (WCAG AA) beside the words, wherever the composition may have put its lights."""
    text = text_on(scheme_of(palette).base)
    for seed in range(18):
        picture = draw_placeholder(PixelSize(240, 160), Drawing("i", palette, False), str(seed), "i")
        for x in range(6, 234, 19):
            assert contrast(text, tone(picture, x, 152)) >= 4.3
            if x > 60:
                assert contrast(text, tone(picture, x, 134)) >= 4.3


def test_badges_carry_words_that_can_be_read() -> None:
    for name, palette in PALETTES.items():
        picture = draw_placeholder(PixelSize(300, 300), Drawing("coin", palette, True), "1", "")
        text = text_on(scheme_of(palette).base)
        assert contrast(text, tone(picture, 150, 210)) >= 4, name


@pytest.mark.parametrize("size", [PixelSize(0, 10), PixelSize(10, 0), PixelSize(-1, 5)])
def test_no_pixels_no_picture(size: PixelSize) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw_placeholder(size, Drawing("coin", {}, remove_bg=False), "0", "")


def test_what_is_no_colour() -> None:
    with pytest.raises(ValueError, match="reddish"):
        draw_placeholder(PixelSize(8, 8), Drawing("coin", {"a": "reddish"}, remove_bg=False), "0", "")


NAMES = st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]*", fullmatch=True)


@settings(max_examples=40, deadline=None)
@given(NAMES, st.text(max_size=60), st.text(max_size=10), st.booleans())
def test_any_words_can_be_set(name: str, caption: str, seed: str, remove_bg: bool) -> None:
    drawing = Drawing(name, PALETTES["brand"], remove_bg)
    assert draw_placeholder(PixelSize(200, 90), drawing, seed, caption).size == (200, 90)


def test_threads_draw_what_one_thread_draws() -> None:
    drawings = [Drawing(f"asset-{number}", PALETTES["brand"], bool(number % 2)) for number in range(12)]
    size = PixelSize(160, 120)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda drawing: placeholder_png(size, drawing, drawing.name, "caption"), drawings))
    assert together == [placeholder_png(size, drawing, drawing.name, "caption") for drawing in drawings]


@pytest.mark.parametrize("gutter", [None, 24, "auto"])
@pytest.mark.parametrize("remove_bg", [False, True])
def test_a_sheet_shows_each_cell_where_it_is_cut(gutter: Gutter | None, remove_bg: bool) -> None:
    grid = Grid(2, 3, ("coin", "gem", "star", "bolt", "crown", "heart"), gutter)
    sheet = draw_placeholder(
        PixelSize(600, 400), Drawing("sheet", PALETTES["brand"], remove_bg, grid), "seed", "600 x 400 · draft"
    )
    cells = {cell: sheet.crop(area) for cell, area in areas_of(sheet, cells_of(grid)).items()}
    assert len({picture.tobytes() for picture in cells.values()}) == 6
    if not remove_bg:
        sizes = {None: (200, 200), 24: (184, 188), "auto": (195, 196)}
        assert all(abs(p.width - sizes[gutter][0]) <= 1 and p.height == sizes[gutter][1] for p in cells.values())


def test_a_cell_of_a_sheet_is_the_placeholder_of_its_name() -> None:
    drawing = Drawing("sheet", PALETTES["brand"], False, Grid(1, 2, ("coin", "gem")))
    sheet = draw_placeholder(PixelSize(512, 256), drawing, "seed", "512 x 256 · 2:1 · draft")
    gem = draw_placeholder(
        PixelSize(256, 256), Drawing("gem", PALETTES["brand"], False), "seed gem", "256 x 256 · draft"
    )
    assert sheet.crop((256, 0, 512, 256)).tobytes() == gem.tobytes()
