"""The highest quality within a number of bytes: it always fits, is nearly the best, and takes six encodes at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.errors import ExportError
from assetgen.imaging.budget import LOWEST_QUALITY, MOST_ENCODES, best_within, encoded_within
from assetgen.imaging.decode import decode
from assetgen.imaging.encode import encode
from assetgen.manifest.recipe import Export, Format
from tests.imaging.pictures import halves, texture


class Encoder:
    """Makes as many bytes as `size` says for a quality, and remembers what it was asked."""

    def __init__(self, size: Callable[[int], int]) -> None:
        self.size = size
        self.asked: list[int] = []

    def __call__(self, quality: int) -> bytes:
        self.asked.append(quality)
        return bytes(self.size(quality))


def curve(base: float, slope: float, bend: float) -> Callable[[int], int]:
    """Sizes as real encoders make them: nearly exponential, steeper at the end."""
    return lambda quality: int(base * exp(slope * quality + bend * max(0, quality - 80)))


curves = st.builds(curve, st.floats(300, 5_000), st.floats(0.008, 0.05), st.floats(0, 0.05))


@given(curves, st.integers(20, 100), st.floats(0, 1))
def test_real_curves_are_met_in_six_encodes(size: Callable[[int], int], highest: int, share: float) -> None:
    limit = int(size(LOWEST_QUALITY) + share * (size(highest) - size(LOWEST_QUALITY)))
    encoder = Encoder(size)
    found = len(best_within(encoder, limit, highest))
    best = max(size(quality) for quality in range(LOWEST_QUALITY, highest + 1) if size(quality) <= limit)
    assert 0.6 * best <= found <= limit
    assert len(encoder.asked) == len(set(encoder.asked)) <= MOST_ENCODES
    assert set(encoder.asked) <= set(range(LOWEST_QUALITY, highest + 1))


def test_real_curves_are_usually_met_closely() -> None:
    shares = []
    for number in range(400):
        size = curve(1000 + number, 0.01 + number % 20 / 500, number % 7 / 100)
        limit = size(1) + (size(85) - size(1)) * (number % 40) // 40
        best = max(size(quality) for quality in range(1, 86) if size(quality) <= limit)
        shares.append(len(best_within(Encoder(size), limit, 85)) / best)
    assert sorted(shares)[len(shares) // 20] >= 0.9, "19 of 20 come within a tenth"


@given(st.lists(st.integers(0, 1000), min_size=100, max_size=100), st.integers(0, 1000), st.integers(1, 100))
def test_whatever_an_encoder_does_what_comes_out_fits(sizes: list[int], limit: int, highest: int) -> None:
    """Also when a higher quality makes a smaller file."""
    encoder = Encoder(lambda quality: sizes[quality - 1])
    try:
        found = best_within(encoder, limit, highest)
    except ExportError:
        assert sizes[LOWEST_QUALITY - 1] > limit, "the lowest quality is tried before giving up"
    else:
        assert len(found) <= limit
    assert len(encoder.asked) <= MOST_ENCODES


@given(st.lists(st.integers(1, 1000), min_size=100, max_size=100).map(sorted), st.integers(1, 1000))
def test_the_last_that_fits_is_what_is_returned(sizes: list[int], limit: int) -> None:
    encoder = Encoder(lambda quality: sizes[quality - 1])
    if sizes[0] <= limit:
        found = best_within(encoder, limit, 100)
        assert len(found) == max(sizes[quality - 1] for quality in encoder.asked if sizes[quality - 1] <= limit)


def test_what_fits_at_once_is_encoded_once() -> None:
    encoder = Encoder(lambda quality: quality)
    assert len(best_within(encoder, 80, 80)) == 80
    assert encoder.asked == [80]


def test_near_enough_is_not_bettered() -> None:
    encoder = Encoder(curve(1000, 0.025, 0))
    assert 0.98 * 5000 <= len(best_within(encoder, 5000, 100)) <= 5000
    assert len(encoder.asked) <= 3


def test_giving_up_names_the_smallest_file_that_came_out() -> None:
    encoder = Encoder(lambda quality: 5000 + quality)
    with pytest.raises(ExportError) as refused:
        best_within(encoder, 4000, 80)
    assert refused.value.message == (
        "the file cannot be made with at most 4,000 bytes: at the lowest quality it has 5,001"
    )
    assert refused.value.hint == "allow `max_bytes: 5001`, or use fewer pixels or another format"
    assert encoder.asked[-1] == LOWEST_QUALITY


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["webp", "avif", "jpg"])
@pytest.mark.parametrize("share", [0.9, 0.6, 0.35])
def test_lossy_files_are_made_to_fit(form: Format, share: float) -> None:
    picture = texture(128)
    limit = int(len(encode(picture.copy(), Export(form), mark=False)) * share)
    data = encoded_within(picture.copy(), Export(form, max_bytes=limit), mark=False)
    assert 0.75 * limit <= len(data) <= limit
    assert decode(data).size == (128, 128)


@pytest.mark.parametrize("form", ["png", "webp", "avif", "jpg"])
def test_a_file_that_fits_is_the_one_without_a_limit(form: Format) -> None:
    export = Export(form, quality=None if form == "png" else 70)
    whole = encode(texture(), export, mark=True)
    assert encoded_within(texture(), replace(export, max_bytes=len(whole)), mark=True) == whole


@pytest.mark.parametrize("export", [Export("png"), Export("webp", quality="lossless")])
def test_files_without_loss_fit_or_fail(export: Export) -> None:
    whole = encode(halves(), export, mark=False)
    assert encoded_within(halves(), replace(export, max_bytes=len(whole)), mark=False) == whole
    message = rf"a {export.format} of \d+x\d+ pixels cannot be made .*: without loss it has {len(whole):,}"
    with pytest.raises(ExportError, match=message) as refused:
        encoded_within(halves(), replace(export, max_bytes=len(whole) - 1), mark=False)
    assert refused.value.hint == f"allow `max_bytes: {len(whole)}`, or use webp or avif, which can lose some"
