"""Check-ups as text: headings, hints, what is left out when quiet, and the last line."""

from __future__ import annotations

import pytest

from assetgen.report.findings import Finding, Level, finding_documents, findings_text, level_counts, summary_line
from assetgen.report.paint import Paint

FINE = Finding("service", "reachable", Level.OK, "it answers")
DOUBT = Finding("service", "clock", Level.WARNING, "the clock is 2 min 00 s behind", "set it")
WRONG = Finding("store", "state", Level.PROBLEM, "the state database is damaged", "bring it back from a backup")


def test_findings_stand_under_their_headings_with_what_to_do() -> None:
    assert findings_text([FINE, DOUBT, WRONG]) == (
        "service\n"
        "  ok       it answers\n"
        "  warning  the clock is 2 min 00 s behind\n"
        "           hint: set it\n"
        "\n"
        "store\n"
        "  problem  the state database is damaged\n"
        "           hint: bring it back from a backup\n"
        "\n"
        "1 problem; 1 warning"
    )


def test_quiet_leaves_the_problems_and_the_last_line() -> None:
    assert findings_text([FINE, DOUBT, WRONG], quiet=True).splitlines()[0] == "store"
    assert findings_text([FINE, DOUBT], quiet=True) == "nothing is wrong; 1 warning"


@pytest.mark.parametrize(
    ("findings", "line"),
    [
        ([], "nothing is wrong"),
        ([FINE], "nothing is wrong"),
        ([DOUBT, DOUBT], "nothing is wrong; 2 warnings"),
        ([WRONG, WRONG], "2 problems"),
    ],
)
def test_the_last_line_sums_up(findings: list[Finding], line: str) -> None:
    assert summary_line(findings) == line


def test_long_words_are_wrapped_under_themselves_and_foreign_ones_cannot_steer_the_terminal() -> None:
    long = Finding("store", "x", Level.OK, "one two three four five six\x1b[2J", "seven eight nine ten eleven")
    lines = findings_text([long], width=40).splitlines()[1:-2]
    assert all(len(line) <= 40 for line in lines)
    assert all(line.startswith(" " * 11) for line in lines[1:])
    assert "\\x1b[2J" in " ".join(lines)


def test_colour_changes_no_words() -> None:
    painted = findings_text([FINE, DOUBT, WRONG], paint=Paint(on=True))
    plain = findings_text([FINE, DOUBT, WRONG])
    assert painted != plain
    for code in ("0", "1", "31", "32", "33", "36"):
        painted = painted.replace(f"\x1b[{code}m", "")
    assert painted == plain


def test_the_same_for_programs() -> None:
    assert finding_documents([DOUBT]) == [
        {
            "area": "service",
            "code": "clock",
            "level": "warning",
            "message": "the clock is 2 min 00 s behind",
            "hint": "set it",
        }
    ]
    assert level_counts([FINE, FINE, WRONG]) == {"ok": 2, "warning": 0, "problem": 1}
