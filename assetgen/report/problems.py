"""Problems as text: place, sentence, the source line with a caret, hint. Pure; knows neither streams nor commands.

manifests/icons.yaml:14:13: error: unknown provider `kiee`
  14 |   provider: kiee
     |             ^
hint: did you mean `kie`?
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from assetgen.errors import Problem
from assetgen.manifest.recipe import AssetId
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.words import columns, printable

_SHOWN = 100
"""Longest part of a source line that is shown, in characters."""

_BEFORE = 60
"""How much of a longer line is shown before the place, in characters."""


def problems_text(problems: Iterable[Problem], paint: Paint = PLAIN, severity: str = "error") -> str:
    """All problems, a blank line between them."""
    return "\n\n".join(problem_text(problem, paint, severity) for problem in problems)


def problem_text(problem: Problem, paint: Paint = PLAIN, severity: str = "error") -> str:
    """One problem on its lines, without a final line end."""
    colour = paint.red if severity == "error" else paint.yellow
    place = f"{printable(str(problem.place))}: " if problem.place else ""
    lines = [
        f"{paint.bold(place)}{colour(severity + ':')} {_continued(problem.message)}",
        *_source_lines(problem, paint),
    ]
    if problem.hint:
        lines.append(f"{paint.cyan('hint:')} {_continued(problem.hint)}")
    return "\n".join(lines)


def seen_from(here: Path, problem: Problem) -> Problem:
    """The problem with files below `here` named as they can be typed there."""
    if here == Path(here.anchor):
        return problem
    prefix = f"{here.as_posix()}/"
    place = problem.place and replace(problem.place, file=problem.place.file.removeprefix(prefix))
    hint = problem.hint and problem.hint.replace(prefix, "")
    return replace(problem, place=place, message=problem.message.replace(prefix, ""), hint=hint)


def about(problem: Problem, asset: AssetId) -> Problem:
    """The problem of an asset, naming it first unless its sentence does so, with a hint that can be pasted."""
    message = problem.message if f"`{asset}`" in problem.message else f"`{asset}`: {problem.message}"
    return replace(problem, message=message, hint=problem.hint and pasteable(problem.hint, asset.manifest))


def pasteable(hint: str, manifest: str) -> str:
    """A hint with the manifest's name in the place of the word MANIFEST."""
    return hint.replace(" MANIFEST ", f" {manifest} ")


def _continued(text: str) -> str:
    return printable(text.strip()).replace("\n", "\n  ")


def _source_lines(problem: Problem, paint: Paint) -> list[str]:
    if problem.excerpt is None or problem.place is None or not problem.place.line:
        return []
    number = str(problem.place.line)
    excerpt, column = _window(problem.excerpt.expandtabs(1), problem.place.column)
    gutter = " " * len(number)
    lines = [f"{paint.faint(f'  {number} |')} {printable(excerpt)}"]
    if column:
        padding = " " * columns(printable(excerpt[: column - 1]))
        lines.append(f"{paint.faint(f'  {gutter} |')} {padding}{paint.red('^')}")
    return lines


def _window(line: str, column: int) -> tuple[str, int]:
    """The part of a long line around the column, and the column within it; both as they are for a short line."""
    line = line.rstrip()
    if len(line) <= _SHOWN:
        return line, column
    start = max(0, column - _BEFORE)
    part = line[start : start + _SHOWN]
    before, after = ("…" if start else ""), ("…" if start + _SHOWN < len(line) else "")
    return f"{before}{part}{after}", column - start + len(before) if column else 0
