"""What a check-up found, as data, as text and as a JSON document. Judges nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TypedDict

from assetgen.report.paint import PLAIN, Paint
from assetgen.report.words import counted, folded, printable


class Level(StrEnum):
    """How good a finding is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check-up. `area` is the heading that it stands under, `code` what programs know it by, `hint` what
    to do about it."""

    area: str
    code: str
    level: Level
    message: str
    hint: str | None = None


class FindingDocument(TypedDict):
    area: str
    code: str
    level: str
    message: str
    hint: str | None


_COLUMN = 2 + max(map(len, Level)) + 2
"""Where messages begin."""


def findings_text(findings: Sequence[Finding], width: int = 80, paint: Paint = PLAIN, *, quiet: bool = False) -> str:
    """Every finding under its heading, and a last line that sums up. `quiet` leaves out what is not a problem."""
    shown = [finding for finding in findings if finding.level is Level.PROBLEM or not quiet]
    blocks = [
        "\n".join((paint.bold(area), *(line for finding in group for line in _lines(finding, width, paint))))
        for area, group in groupby(shown, key=lambda finding: finding.area)
    ]
    return "\n\n".join((*blocks, summary_line(findings, paint)))


def summary_line(findings: Iterable[Finding], paint: Paint = PLAIN) -> str:
    """`1 problem; 2 warnings`, or that nothing is wrong."""
    levels = [finding.level for finding in findings]
    problems, warnings = levels.count(Level.PROBLEM), levels.count(Level.WARNING)
    parts = [paint.red(counted(problems, "problem"))] if problems else [paint.green("nothing is wrong")]
    return "; ".join((*parts, *([paint.yellow(counted(warnings, "warning"))] if warnings else [])))


def finding_documents(findings: Iterable[Finding]) -> list[FindingDocument]:
    return [
        {
            "area": finding.area,
            "code": finding.code,
            "level": finding.level.value,
            "message": finding.message,
            "hint": finding.hint,
        }
        for finding in findings
    ]


def level_counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each level."""
    levels = [finding.level for finding in findings]
    return {level.value: levels.count(level) for level in Level}


def _lines(finding: Finding, width: int, paint: Paint) -> Iterator[str]:
    indent = " " * _COLUMN
    label = _coloured(finding.level, paint)
    yield f"  {label}{' ' * (_COLUMN - 2 - len(finding.level))}" + _folded(finding.message, width, indent)
    if finding.hint:
        yield indent + _folded(f"hint: {finding.hint}", width, indent).replace("hint:", paint.cyan("hint:"), 1)


def _folded(text: str, width: int, indent: str) -> str:
    return folded(printable(text), width - _COLUMN, indent)


def _coloured(level: Level, paint: Paint) -> str:
    match level:
        case Level.OK:
            return paint.green(level)
        case Level.WARNING:
            return paint.yellow(level)
        case Level.PROBLEM:
            return paint.red(level)
