"""Trimming: whole pixels, everything that can be seen kept, the asset's shape given back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assetgen.errors import ExportError, PictureError
from assetgen.manifest.recipe import PixelSize
from assetgen.removers.crop import Frame, crop_file, cropped, framed, seen_in

SQUARE, WIDE = PixelSize(1, 1), PixelSize(16, 9)


@pytest.mark.parametrize(
    ("box", "padding", "shape", "canvas", "offset"),
    [
        ((0, 0, 10, 10), 0, SQUARE, (10, 10), (0, 0)),
        ((5, 5, 25, 15), 0, SQUARE, (20, 20), (0, 5)),
        ((5, 5, 15, 25), 0, SQUARE, (20, 20), (5, 0)),
        ((0, 0, 10, 5), 0, SQUARE, (10, 10), (0, 2)),
        ((0, 0, 100, 50), 0.1, SQUARE, (120, 120), (10, 35)),
        ((0, 0, 100, 50), 0.05, PixelSize(2, 1), (120, 60), (10, 5)),
        ((0, 0, 160, 90), 0, WIDE, (160, 90), (0, 0)),
        ((0, 0, 90, 90), 0, WIDE, (160, 90), (35, 0)),
        ((0, 0, 200, 90), 0, WIDE, (200, 113), (0, 11)),
        ((0, 0, 1, 1), 0.4, PixelSize(21, 9), (3, 1), (1, 0)),
        ((0, 0, 10, 10), 0, PixelSize(1536, 2752), (10, 18), (0, 4)),
    ],
)
def test_framing(
    box: tuple[int, int, int, int], padding: float, shape: PixelSize, canvas: tuple[int, int], offset: tuple[int, int]
) -> None:
    assert framed(box, padding, shape) == Frame(box, PixelSize(*canvas), offset)


edges = st.integers(1, 5000)


@given(width=edges, height=edges, padding=st.floats(0, 0.9), shape=st.builds(PixelSize, edges, edges))
def test_a_frame_holds_what_is_in_it_and_has_the_shape(
    width: int, height: int, padding: float, shape: PixelSize
) -> None:
    frame = framed((3, 7, 3 + width, 7 + height), padding, shape)
    space = int(max(width, height) * padding + 0.5)
    left, top = frame.offset
    right, bottom = frame.canvas.width - left - width, frame.canvas.height - top - height
    assert min(left, top, right, bottom) >= space
    assert 0 <= right - left <= 1
    assert 0 <= bottom - top <= 1
    # No smaller canvas of this shape would do: one of the two edges is as short as it can be.
    assert frame.canvas.width == width + 2 * space or frame.canvas.height == height + 2 * space
    off = frame.canvas.width * shape.height - frame.canvas.height * shape.width
    assert -shape.width < off < shape.height


def cutout() -> Image.Image:
    """An opaque red box of 20 x 10 at (30, 40) in 100 x 100, and around it a trace that nobody sees."""
    picture = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 3), (10, 10, 90, 90))
    picture.paste((230, 30, 40, 255), (30, 40, 50, 50))
    return picture


def test_what_can_be_seen_decides() -> None:
    assert seen_in(cutout()) == (30, 40, 50, 50)


def test_cropping_keeps_every_pixel_that_is_seen() -> None:
    made = cropped(cutout(), 0.1, SQUARE)
    assert made.size == (24, 24)
    assert made.getbbox() == (2, 7, 22, 17)
    assert made.crop((2, 7, 22, 17)).getcolors() == [(200, (230, 30, 40, 255))]


def test_a_cutout_without_anything_is_refused() -> None:
    with pytest.raises(ExportError, match="nothing is left of the picture") as caught:
        cropped(Image.new("RGBA", (8, 8), (255, 255, 255, 2)), 0, SQUARE)
    assert caught.value.hint


def test_cropping_a_file_and_cropping_it_again(tmp_path: Path) -> None:
    cutout().save(tmp_path / "cutout", "PNG")
    done = crop_file(tmp_path / "cutout", tmp_path / "cropped", 0, WIDE)
    assert (done.width, done.height) == (20, 12)
    assert done.foreground == pytest.approx(200 / 240)
    crop_file(tmp_path / "cropped", tmp_path / "again", 0, WIDE)
    assert (tmp_path / "again").read_bytes() == (tmp_path / "cropped").read_bytes()


def test_an_opaque_picture_keeps_its_pixels(tmp_path: Path) -> None:
    Image.new("RGB", (16, 9), (1, 2, 3)).save(tmp_path / "opaque", "PNG")
    done = crop_file(tmp_path / "opaque", tmp_path / "cropped", 0, WIDE)
    assert (done.width, done.height, done.foreground) == (16, 9, 1.0)
    with pytest.raises(PictureError):
        crop_file(tmp_path / "gone", tmp_path / "cropped", 0, WIDE)
