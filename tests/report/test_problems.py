"""Problems as text, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen.errors import Place, Problem
from assetgen.report.paint import Paint
from assetgen.report.problems import about, problem_text, problems_text, seen_from
from tests.report.samples import asset_id

PLACED = Problem(
    "unknown_provider",
    "unknown provider `kiee`",
    Place("manifests/icons.yaml", 14, 13),
    "did you mean `kie`?",
    "  provider: kiee",
)


def caret(excerpt: str, column: int) -> list[str]:
    """The source line and the line with the caret."""
    text = problem_text(Problem("x", "wrong", Place("a.yaml", 7, column), excerpt=excerpt))
    return text.splitlines()[1:]


def test_files_below_the_reader_are_named_as_they_are_typed_there() -> None:
    problem = Problem("lock", "/srv/app/a.lock is broken", Place("/srv/app/a.lock", 3, 1), "see /srv/app/b")
    assert problem_text(seen_from(Path("/srv/app"), problem)) == "a.lock:3:1: error: a.lock is broken\nhint: see b"
    assert seen_from(Path("/srv/ap"), problem) == problem
    assert seen_from(Path("/"), problem) == problem


def test_place_sentence_source_line_and_hint() -> None:
    assert problem_text(PLACED) == (
        "manifests/icons.yaml:14:13: error: unknown provider `kiee`\n"
        "  14 |   provider: kiee\n"
        "     |             ^\n"
        "hint: did you mean `kie`?"
    )


def test_a_problem_without_a_place_or_a_hint() -> None:
    assert problem_text(Problem("usage", "MANIFEST is missing")) == "error: MANIFEST is missing"


def test_a_problem_with_a_file_as_a_whole() -> None:
    assert problem_text(Problem("lock", "this is not JSON", Place("app.lock"))) == "app.lock: error: this is not JSON"


def test_problems_are_apart() -> None:
    assert (
        problems_text([Problem("a", "one"), Problem("b", "two", hint="try")]) == "error: one\n\nerror: two\nhint: try"
    )


def test_a_warning_says_so() -> None:
    assert problem_text(Problem("a", "odd"), severity="warning") == "warning: odd"


@pytest.mark.parametrize(
    ("excerpt", "column", "under"),
    [("\tcoin: 1", 2, "c"), ("金貨: 1", 3, ":"), ("a\x1bb: 1", 3, "b"), ("coin:", 1, "c")],
)
def test_the_caret_stands_under_its_column(excerpt: str, column: int, under: str) -> None:
    source, marks = caret(excerpt, column)
    cells = "".join(character * (2 if character in "金貨" else 1) for character in source)
    assert cells[marks.index("^")] == under


def test_a_long_line_is_shown_around_its_column() -> None:
    source, marks = caret("x" * 500 + "WRONG" + "y" * 500, 501)
    assert len(source) < 120
    assert source[marks.index("^") :].startswith("WRONG")
    assert source.startswith("  7 | …x")
    assert source.endswith("y…")


def test_what_a_service_says_cannot_drive_the_terminal() -> None:
    assert problem_text(Problem("provider", "no\x1b[31m\nreally")) == "error: no\\x1b[31m\n  really"


def test_colour_is_only_added() -> None:
    text = problem_text(PLACED, Paint(on=True))
    assert "\x1b[31merror:\x1b[0m" in text
    assert text.replace("\x1b[0m", "").count("\x1b") == text.count("\x1b[0m")


def test_an_asset_is_named_once() -> None:
    coin = asset_id("coin")
    assert about(Problem("provider", "no credits"), coin).message == "`coin`: no credits"
    assert about(Problem("edited", "the file of `coin` was edited"), coin).message == "the file of `coin` was edited"


def test_a_hint_can_be_pasted() -> None:
    problem = Problem("edited", "edited", hint="keep it with `assetgen adopt MANIFEST coin`")
    assert about(problem, asset_id("coin")).hint == "keep it with `assetgen adopt app.yaml coin`"
