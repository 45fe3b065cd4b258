"""Words fit their box, are spelled in letters that the typeface has, and nothing of them is cut off."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetgen.imaging.lettering import fitted, initials, mark, plain, written


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("coin", "C"),
        ("app-icon", "AI"),
        ("a-very-long.name", "AN"),
        ("theme_hero-dark", "TD"),
        ("9", "9"),
        ("日本", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("coin", "coin"),
        ("1024 × 1024 · 1:1", "1024 x 1024 · 1:1"),
        ("café – bar", "cafe - bar"),
        ("日本 gem\n", "gem"),
        ("", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "box", "lines"),
    [
        ("coin", (400, 100), ("coin",)),
        ("feature-analytics", (600, 300), ("feature-", "analytics")),
        ("theme-hero-dark", (200, 300), ("theme-", "hero-", "dark")),
        ("theme-hero-dark", (900, 90), ("theme-hero-dark",)),
        ("unbreakable", (100, 300), ("unbreakable",)),
    ],
)
def test_names_are_broken_where_that_makes_them_larger(text: str, box: tuple[int, int], lines: tuple[str, ...]) -> None:
    assert fitted(text, *box, largest=150, weight=0.02).lines == lines


@settings(deadline=None)
@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}", fullmatch=True), st.integers(60, 900), st.booleans())
def test_words_stay_inside_their_box(text: str, width: int, centred: bool) -> None:
    setting = fitted(text, width, 300, largest=120, weight=0.02)
    assert "".join(setting.lines) == text
    assert setting.height <= 300 + len(setting.lines)
    if setting.size >= 8:
        ink = written(setting, width, centred=centred).getbbox()
        assert ink is not None
        wide = written(setting, width + 200, centred=centred).getbbox()
        assert wide is not None
        assert abs((wide[2] - wide[0]) - (ink[2] - ink[0])) <= 1, "nothing is cut off at the sides"


def test_a_monogram_is_cut_to_its_ink() -> None:
    mask = mark("AI", 100, 0.03)
    assert mask.getbbox() == (0, 0, *mask.size)
    assert mark("", 100, 0.03).getbbox() is None
