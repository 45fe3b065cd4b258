"""Progress as plain lines, for logs and pipes: what an asset does, and how it ended.

Hears the engine's events and hands lines to whoever prints them; the picture for terminals is in `live`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from assetgen.engine.events import Outcome, Result, Stage
from assetgen.manifest.recipe import AssetId
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.words import counted, money, printable


class Verbosity(IntEnum):
    """How much people want to read: failures and the last line; what happens; also reasons and every file."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


def built_words(outcome: Outcome) -> str:
    """`built 8 files ($0.09)`, `failed`, `skipped`, `up to date`."""
    if outcome.result is not Result.BUILT:
        return outcome.result.value.replace("-", " ")
    cost = "" if outcome.spent == 0 else f" ({'price unknown' if outcome.spent is None else money(outcome.spent)})"
    return f"built {counted(len(outcome.wrote), 'file')}{cost}"


def ended_lines(outcome: Outcome, verbosity: Verbosity, paint: Paint = PLAIN) -> list[str]:
    """What is said when an asset is done; what went wrong is told in full at the end of the run."""
    if verbosity is Verbosity.QUIET or (outcome.result is Result.UP_TO_DATE and verbosity is not Verbosity.VERBOSE):
        return []
    colours = {Result.BUILT: paint.green, Result.FAILED: paint.red, Result.SKIPPED: paint.yellow}
    colour = colours.get(outcome.result, paint.faint)
    files = outcome.wrote if verbosity is Verbosity.VERBOSE else ()
    return [f"{outcome.asset}: {colour(built_words(outcome))}", *(f"  wrote {printable(path)}" for path in files)]


class LineProgress:
    """A listener that emits a line when an asset starts to be generated, when it is held up and why, and when it is
    done; every stage when verbose, nothing when quiet."""

    def __init__(self, emit: Callable[[str], None], verbosity: Verbosity, paint: Paint = PLAIN) -> None:
        self._emit = emit
        self._verbosity = verbosity
        self._paint = paint
        self._last: dict[AssetId, Stage] = {}

    def began(self, assets: tuple[AssetId, ...]) -> None: ...

    def moved(self, asset: AssetId, stage: Stage, detail: str = "") -> None:
        entered = self._last.get(asset) is not stage
        self._last[asset] = stage
        if self._worth_saying(stage, entered=entered, held_up=stage is Stage.WAITING and bool(detail)):
            self._emit(f"{asset}: {stage.value}" + (f" ({printable(detail)})" if detail else ""))

    def _worth_saying(self, stage: Stage, *, entered: bool, held_up: bool) -> bool:
        match self._verbosity:
            case Verbosity.QUIET:
                return False
            case Verbosity.NORMAL:
                return held_up or (entered and stage is Stage.RUNNING)
            case Verbosity.VERBOSE:
                return held_up or entered

    def ended(self, outcome: Outcome) -> None:
        for line in ended_lines(outcome, self._verbosity, self._paint):
            self._emit(line)

    def said(self, message: str) -> None:
        if self._verbosity is not Verbosity.QUIET:
            self._emit(printable(message))
