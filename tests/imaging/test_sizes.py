"""The arithmetic of sizes: fits, rounding, and what counts as enlarging."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assetgen.errors import ExportError
from assetgen.imaging.sizes import MAX_PIXELS, Geometry, fitted, is_large, largest
from assetgen.manifest.recipe import Export, Fit, Format, PixelSize

EDGES = st.integers(1, 6000)
SOURCES = st.builds(PixelSize, EDGES, EDGES)
FITS: st.SearchStrategy[Fit | None] = st.sampled_from([None, "cover", "contain", "inside"])
EXPORTS = st.builds(
    Export, format=st.just("png"), width=st.none() | EDGES, height=st.none() | EDGES, fit=FITS, upscale=st.booleans()
)


def of(source: tuple[int, int], width: int | None, height: int | None = None, fit: Fit | None = None) -> Geometry:
    return fitted(PixelSize(*source), Export("png", width, height, fit))


@pytest.mark.parametrize(
    ("source", "box", "fit", "crop", "scaled", "canvas", "offset"),
    [
        ((1024, 1024), (None, None), None, (0, 0, 1024, 1024), (1024, 1024), (1024, 1024), (0, 0)),
        ((1024, 1024), (24, None), None, (0, 0, 1024, 1024), (24, 24), (24, 24), (0, 0)),
        ((1584, 672), (640, None), None, (0, 0, 1584, 672), (640, 272), (640, 272), (0, 0)),
        ((1376, 768), (48, None), "cover", (0, 0, 1376, 768), (48, 27), (48, 27), (0, 0)),
        ((200, 100), (100, 100), None, (50, 0, 150, 100), (100, 100), (100, 100), (0, 0)),
        ((100, 200), (50, 25), "cover", (0, 75, 100, 125), (50, 25), (50, 25), (0, 0)),
        ((101, 100), (100, 100), "cover", (0, 0, 100, 100), (100, 100), (100, 100), (0, 0)),
        ((200, 100), (100, 100), "contain", (0, 0, 200, 100), (100, 50), (100, 100), (0, 25)),
        ((200, 100), (100, 100), "inside", (0, 0, 200, 100), (100, 50), (100, 50), (0, 0)),
        ((200, 100), (400, 50), "contain", (0, 0, 200, 100), (100, 50), (400, 50), (150, 0)),
        ((3, 2), (2, None), None, (0, 0, 3, 2), (2, 1), (2, 1), (0, 0)),
        ((4, 1), (2, None), None, (0, 0, 4, 1), (2, 1), (2, 1), (0, 0)),
        ((5000, 1), (10, None), None, (0, 0, 5000, 1), (10, 1), (10, 1), (0, 0)),
    ],
)
def test_fits(
    source: tuple[int, int],
    box: tuple[int | None, int | None],
    fit: Fit | None,
    crop: tuple[int, int, int, int],
    scaled: tuple[int, int],
    canvas: tuple[int, int],
    offset: tuple[int, int],
) -> None:
    assert of(source, *box, fit) == Geometry(crop, PixelSize(*scaled), PixelSize(*canvas), offset)


@pytest.mark.parametrize(
    ("source", "export", "message"),
    [
        (
            PixelSize(256, 256),
            Export("png", 320),
            "a width of 320 pixels would enlarge a picture of 256x256 pixels; the largest possible width is 256",
        ),
        (
            PixelSize(1376, 768),
            Export("webp", 1280, 1280),
            "1280x1280 pixels would enlarge a picture of 1376x768 pixels; the largest possible size of this shape is"
            " 768x768",
        ),
        (
            PixelSize(100, 50),
            Export("jpg", 300, 300, "contain"),
            "300x300 pixels would enlarge a picture of 100x50 pixels; the largest possible size of this shape is"
            " 100x100",
        ),
        (
            PixelSize(100, 50),
            Export("jpg", 300, 60, "inside"),
            "300x60 pixels would enlarge a picture of 100x50 pixels; the largest possible size of this shape is 250x50",
        ),
    ],
)
def test_what_would_enlarge_is_refused_with_the_largest_possible_size(
    source: PixelSize, export: Export, message: str
) -> None:
    with pytest.raises(ExportError) as refusal:
        fitted(source, export)
    assert refusal.value.message == message
    assert refusal.value.hint is not None
    assert "`upscale: true`" in refusal.value.hint
    assert "`resolution`" in refusal.value.hint
    assert fitted(source, replace(export, upscale=True)).canvas.width > 0


@pytest.mark.parametrize(
    ("size", "export", "message"),
    [
        (PixelSize(20_000, 100), Export("webp"), "webp cannot hold 20000x100 pixels: at most 16383"),
        (PixelSize(10, 10), Export("webp", 16_384, 10, "contain", upscale=True), "webp cannot hold 16384x10 pixels"),
        (PixelSize(70_000, 10), Export("jpg"), "jpg cannot hold 70000x10 pixels: at most 65535"),
        (PixelSize(10, 10), Export("png", 20_000, upscale=True), "20000x20000 are more pixels than the 100 million"),
    ],
)
def test_what_no_file_can_hold_is_refused(size: PixelSize, export: Export, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        fitted(size, export)


@given(SOURCES, EXPORTS)
def test_every_result_is_whole_and_of_the_asked_size(source: PixelSize, export: Export) -> None:
    try:
        made = fitted(source, export)
    except ExportError:
        assert largest(source, export) != PixelSize(export.width or 0, export.height or 0)
        return
    left, top, right, bottom = made.crop
    assert 0 <= left < right <= source.width
    assert 0 <= top < bottom <= source.height
    assert made.scaled.width >= 1
    assert made.scaled.height >= 1
    assert 0 <= made.offset[0] <= made.canvas.width - made.scaled.width
    assert 0 <= made.offset[1] <= made.canvas.height - made.scaled.height
    assert made.canvas.width * made.canvas.height <= MAX_PIXELS
    if export.width is not None and not (export.height is not None and export.fit == "inside"):
        assert made.canvas.width == export.width
    if export.width is not None and export.height is not None and export.fit != "inside":
        assert made.canvas.height == export.height


@given(SOURCES, EXPORTS)
def test_nothing_is_enlarged_unasked(source: PixelSize, export: Export) -> None:
    try:
        made = fitted(source, replace(export, upscale=False))
    except ExportError:
        return
    left, top, right, bottom = made.crop
    assert made.scaled.width <= right - left
    assert made.scaled.height <= bottom - top


@given(SOURCES, EXPORTS)
def test_the_largest_possible_size_is_possible_and_the_next_is_not(source: PixelSize, export: Export) -> None:
    assume(export.width is not None)
    most = largest(source, export)
    assume(most.width * most.height <= MAX_PIXELS)
    asked = replace(export, width=most.width, height=most.height if export.height else None, upscale=False)
    assert fitted(source, asked).canvas.width >= 1
    doubled = replace(asked, width=most.width * 2, height=most.height * 2 if export.height else None)
    if min(most.width, most.height) > 1:
        with pytest.raises(ExportError):
            fitted(source, doubled)


@given(SOURCES, EDGES, EDGES)
def test_shapes_are_kept_to_a_pixel(source: PixelSize, width: int, height: int) -> None:
    inside = fitted(source, Export("png", width, height, "inside", upscale=True)).canvas
    assert inside.width <= width
    assert inside.height <= height
    assert inside.width == width or inside.height == height
    scale = min(width / source.width, height / source.height)
    assert abs(inside.width - source.width * scale) <= 1
    assert abs(inside.height - source.height * scale) <= 1


@pytest.mark.parametrize(
    ("file_format", "width", "large"),
    [("avif", 2048, False), ("avif", 4096, True), ("webp", 4096, True), ("png", 4096, False), ("avif", None, True)],
)
def test_which_encodes_need_much_memory(file_format: Format, width: int | None, large: bool) -> None:
    assert is_large(Export(file_format, width), PixelSize(4096, 4096)) is large


def test_size_of_an_encode_is_asked_before_anything_is_refused() -> None:
    assert is_large(Export("avif", 4096), PixelSize(1024, 1024)) is True
