"""Numbers, money, time and foreign text, as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assetgen.report.words import columns, counted, duration, folded, listed, money, padded, printable


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        ("0", "$0.00"),
        ("0.09", "$0.09"),
        ("0.090000", "$0.09"),
        ("0.1", "$0.10"),
        ("12", "$12.00"),
        ("1E+2", "$100.00"),
        ("0.135", "$0.135"),
        ("0.00001", "less than $0.0001"),
        ("1.23456", "$1.2346"),
    ],
)
def test_money(usd: str, text: str) -> None:
    assert money(Decimal(usd)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.6, "1 min 00 s"), (185, "3 min 05 s"), (3720, "1 h 02 min")],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_counted() -> None:
    assert [counted(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]


def test_listed() -> None:
    assert listed("abc", 3) == "a, b, c"
    assert listed("abcd", 3) == "a, b, c and 1 more"


def test_nothing_drives_the_terminal() -> None:
    assert printable("a\x1b[2Jb\x07\x9b\u202e") == "a\\x1b[2Jb\\x07\\x9b\\u202e"
    assert printable("tab\tand\nline, ünïcödé") == "tab\tand\nline, ünïcödé"


def test_wide_characters_take_two_cells() -> None:
    assert [columns(text) for text in ("ab", "金貨", "e\u0301")] == [2, 4, 1]
    assert padded("金", 4) == "金  "


def test_folded_keeps_paths_whole() -> None:
    text = "output missing: output/app/some/long/path.png and one more"
    assert folded(text, 24, "  ") == "output missing:\n  output/app/some/long/path.png\n  and one more"


def test_a_command_that_fits_on_a_line_is_not_broken() -> None:
    text = "keep it with `assetgen adopt a.yaml coin`, or `assetgen build manifests/app.yaml -q` anew"
    assert folded(text, 30).splitlines() == [
        "keep it with",
        "`assetgen adopt a.yaml coin`,",
        "or `assetgen build",
        "manifests/app.yaml -q` anew",
    ]
