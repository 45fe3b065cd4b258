"""Sizes: what is written, in pixels, and what a picture is large enough for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.manifest.recipe import Fit, PixelSize
from assetgen.manifest.sizes import MASTER, Size, largest, needs_upscaling, sizes_of

WIDE = PixelSize(1376, 768)
EDGES = st.integers(1, 5000)


def test_none_written_is_one_as_large_as_the_master() -> None:
    assert sizes_of(None, square=True) == sizes_of([], square=False) == (MASTER,)
    assert not needs_upscaling(MASTER, "cover", WIDE)


def test_a_list_is_its_own_labels() -> None:
    assert sizes_of([320, "1280x720"], square=False) == (Size(0, "320", 320), Size(1, "1280x720", 1280, 720))


def test_a_mapping_keeps_its_labels_and_order() -> None:
    assert sizes_of({"@2x": 48, "hero": "90x60"}, square=False) == (
        Size("@2x", "@2x", 48),
        Size("hero", "hero", 90, 60),
    )


def test_in_a_square_asset_a_number_is_both_edges() -> None:
    assert sizes_of([24], square=True) == (Size(0, "24", 24, 24),)


@pytest.mark.parametrize(
    ("size", "fit", "enlarges", "most"),
    [
        (Size(0, "", 1376), "cover", False, "1376"),
        (Size(0, "", 1377), "cover", True, "1376"),
        (Size(0, "", 1376, 768), "cover", False, "1376x768"),
        (Size(0, "", 1280, 800), "cover", True, "1228x768"),
        (Size(0, "", 1280, 800), "contain", False, "1376x860"),
        (Size(0, "", 1280, 800), "inside", False, "1376x860"),
        (Size(0, "", 2000, 2000), "contain", True, "1376"),
        (Size(0, "", 2000, 2000), "cover", True, "768"),
    ],
)
def test_what_a_picture_is_large_enough_for(size: Size, fit: Fit, enlarges: bool, most: str) -> None:
    assert needs_upscaling(size, fit, WIDE) is enlarges
    assert largest(size, fit, WIDE) == most


@given(EDGES, EDGES, EDGES, EDGES, st.sampled_from(["cover", "contain", "inside"]))
def test_the_largest_size_is_possible_and_a_larger_one_is_not(
    w: int, h: int, width: int, height: int, fit: Fit
) -> None:
    master = PixelSize(width, height)
    words = largest(Size(0, "", w, h), fit, master).split("x")
    most = Size(0, "", int(words[0]), int(words[-1]))
    if most.width and most.height:
        assert not needs_upscaling(most, fit, master)
        assert needs_upscaling(Size(0, "", most.width * 2 + 1, most.height * 2 + 1), fit, master)
