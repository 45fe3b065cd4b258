"""Colours of placeholders: known values, and a scheme that does not depend on the order of a mapping."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.imaging.palette import INK, WHITE, Color, contrast, mix, scheme_of, shaded_until, text_on

COLORS = st.tuples(*[st.integers(0, 255)] * 3)
PALETTES = st.dictionaries(st.text("abcdprimary", max_size=8), COLORS.map(lambda c: "#{:02X}{:02X}{:02X}".format(*c)))


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [((0, 0, 0), WHITE, 21.0), (WHITE, WHITE, 1.0), ((119, 119, 119), WHITE, 4.48), ((255, 0, 0), WHITE, 4.0)],
)
def test_contrast(first: Color, second: Color, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.01)
    assert contrast(second, first) == contrast(first, second)


@given(COLORS, COLORS)
def test_mixing_goes_from_one_colour_to_the_other(first: Color, second: Color) -> None:
    assert mix(first, second, 0) == first
    assert mix(first, second, 1) == second
    for channel, one, two in zip(mix(first, second, 0.4), first, second, strict=True):
        assert min(one, two) <= channel <= max(one, two)


@pytest.mark.parametrize(
    ("colors", "base"),
    [
        ({"ink": "#0F172A", "primary": "#EC4899"}, (236, 72, 153)),
        ({"a": "#10B981", "b": "#0EA5E9"}, (16, 185, 129)),
        ({"b": "#10B981", "a": "#0EA5E9"}, (14, 165, 233)),
        ({"primary": "#0B0B0F", "spark": "#F59E0B"}, (245, 158, 11)),
        ({"primary": "#FFD6E0", "wine": "#7A1F3D"}, (255, 214, 224)),
        ({"ink": "#0B0B0F"}, (11, 11, 15)),
        ({"Primary": "#abc"}, (170, 187, 204)),
    ],
)
def test_the_base_is_what_the_brand_is_known_by(colors: dict[str, str], base: Color) -> None:
    assert scheme_of(colors).base == base


@given(PALETTES)
def test_the_order_of_colours_does_not_matter(colors: dict[str, str]) -> None:
    assert scheme_of(dict(reversed(colors.items()))) == scheme_of(colors)


@given(COLORS, st.sampled_from([WHITE, INK]), st.floats(1, 9))
def test_shading_reaches_the_contrast(color: Color, text: Color, ratio: float) -> None:
    assert contrast(shaded_until(color, text, ratio), text) >= ratio


def test_text_colours_are_what_people_expect() -> None:
    assert text_on((236, 72, 153)) == WHITE
    assert text_on((139, 92, 246)) == WHITE
    assert text_on((250, 204, 21)) == INK
    assert text_on((250, 250, 247)) == INK
