"""Progress as plain lines, for logs and pipes: what an asset does, and how it ended.

Hears the engine's events and hands lines to whoever prints them; the picture for terminals is in `live`.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable
from enum import IntEnum

from assetgen.engine.events import Outcome, Result, Stage
from assetgen.manifest.recipe import AssetId
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.words import counted, duration, listed, money, printable


class Verbosity(IntEnum):
    """How much people want to read: failures and the last line; what happens; also reasons and every file."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


_REASON = 80
"""Characters that a running build spends on why an asset failed; the end of it tells all."""


_NAMED = 3
"""How many files are named before `and N more`."""


def built_words(outcome: Outcome) -> str:
    """`built 8 files ($0.09)`, `failed`, `skipped`, `up to date`; without a file to write, what was done instead."""
    if outcome.result is not Result.BUILT:
        return outcome.result.value.replace("-", " ")
    cost = "" if outcome.spent == 0 else f" ({'price unknown' if outcome.spent is None else money(outcome.spent)})"
    if outcome.wrote:
        return f"built {counted(len(outcome.wrote), 'file')}{cost}"
    done = f"generated{cost}" if outcome.requests else f"recorded{cost}"
    return done if outcome.dropped else f"{done}, its files stay as they are"


def _besides(outcome: Outcome) -> str:
    """What a built asset does no more, and whose work gave way to ours."""
    if outcome.result is not Result.BUILT:
        return ""
    dropped = f"; {counted(len(outcome.dropped), 'file')} no longer made" if outcome.dropped else ""
    replaced = f"; replaced your adopted {listed(outcome.replaced, _NAMED)}" if outcome.replaced else ""
    return printable(dropped + replaced)


def names_of(assets: Iterable[AssetId]) -> dict[AssetId, str]:
    """What the assets of a run are called: by their names, and with the manifest where several have one name."""
    assets = tuple(assets)
    count = Counter(asset.name for asset in assets)
    return {asset: asset.name if count[asset.name] == 1 else f"{asset.name} ({asset.manifest})" for asset in assets}


def ended_lines(outcome: Outcome, verbosity: Verbosity, paint: Paint = PLAIN, *, name: str) -> list[str]:
    """What is said when an asset of that name is done; what went wrong is told in full at the end of the run."""
    if verbosity is Verbosity.QUIET or (outcome.result is Result.UP_TO_DATE and verbosity is not Verbosity.VERBOSE):
        return []
    colours = {Result.BUILT: paint.green, Result.FAILED: paint.red, Result.SKIPPED: paint.yellow}
    colour = colours.get(outcome.result, paint.faint)
    files = outcome.wrote if verbosity is Verbosity.VERBOSE else ()
    ending = f"{name}: {colour(built_words(outcome))}{_besides(outcome)}{_reason(outcome)}"
    return [ending, *(f"  wrote {printable(path)}" for path in files)]


def _reason(outcome: Outcome) -> str:
    """Why it failed, in short."""
    if outcome.result is not Result.FAILED or outcome.problem is None:
        return ""
    sentence = re.split(r"(?<=[\w)])[.;]\s", outcome.problem.message, maxsplit=1)[0]
    return f": {printable(textwrap.shorten(sentence, _REASON, placeholder=' …'))}"


def detail_of(stage: Stage, detail: str) -> str:
    """What there is to say of a stage beside its name: services call it the same."""
    return "" if detail == stage.value else detail


TROUBLE = re.compile(
    r"(?:again in (?P<pause>(?P<seconds>\d+) s(?:, attempt (?P<attempt>\d+) of (?P<most>\d+))?)|no answer): "
    r"(?P<cause>.+)",
    re.DOTALL,
)
"""The engine's words for what keeps an asset from going on: `again in 8 s, attempt 2 of 10: the service is busy`."""

_SILENCE = 60.0
"""Seconds without a line, after which one says that there is still something going on."""


class LineProgress:
    """A listener that emits a line when an asset starts to be generated, when it is held up and why, and when it is
    done; every step when verbose, nothing when quiet. A cause that holds up many is told in full once, for all of them:
    the first that met it speaks for the others. After a minute without a line it says what is still going on, by the
    `clock`, so that nobody takes a log for dead."""

    def __init__(
        self,
        emit: Callable[[str], None],
        verbosity: Verbosity,
        paint: Paint = PLAIN,
        clock: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._print = emit
        self._verbosity = verbosity
        self._paint = paint
        self._clock = clock
        self._began = self._spoke = clock()
        self._names: dict[AssetId, str] = {}
        self._at: dict[AssetId, Stage] = {}
        self._last: dict[AssetId, Stage] = {}
        self._held: dict[str, list[AssetId]] = {}

    def began(self, assets: tuple[AssetId, ...]) -> None:
        self._names = names_of(assets)

    def _name(self, asset: AssetId) -> str:
        return self._names.get(asset, asset.name)

    def moved(self, asset: AssetId, stage: Stage, detail: str = "") -> None:
        if self._verbosity is Verbosity.QUIET:
            return
        self._at[asset] = stage
        self._tell(asset, stage, detail)
        if self._clock() - self._spoke >= _SILENCE:
            self._emit(f"still at work after {duration(self._clock() - self._began)}: {self._stages()}")

    def _emit(self, line: str) -> None:
        self._print(line)
        self._spoke = self._clock()

    def _stages(self) -> str:
        """`2 generating (coin, gem), 1 downloading (star)`."""
        stages = {stage: [self._name(a) for a, at in self._at.items() if at is stage] for stage in Stage}
        return ", ".join(f"{len(n)} {stage.value} ({listed(n, _NAMED)})" for stage, n in stages.items() if n)

    def _tell(self, asset: AssetId, stage: Stage, detail: str) -> None:
        trouble = TROUBLE.fullmatch(detail)
        if trouble:
            self._last[asset] = stage
            self._held_up(asset, stage, detail, trouble["cause"], trouble["pause"])
        elif stage not in (Stage.WAITING, Stage.SUBMITTING):  # on its way to what is worth a line
            self._goes_on(asset, stage, detail_of(stage, detail))

    def _goes_on(self, asset: AssetId, stage: Stage, detail: str) -> None:
        self._release(asset)
        entered = self._last.get(asset) is not stage
        self._last[asset] = stage
        if entered and (stage is Stage.RUNNING or self._verbosity is Verbosity.VERBOSE):
            self._emit(f"{self._name(asset)}: {stage.value}" + (f" ({printable(detail)})" if detail else ""))

    def _held_up(self, asset: AssetId, stage: Stage, detail: str, cause: str, pause: str | None) -> None:
        together = self._held.setdefault(cause, [])
        if not together:
            self._emit(f"{self._name(asset)}: {stage.value} ({printable(detail)})")
        elif asset == together[0] and pause:
            others = f" and {len(together) - 1} more" if len(together) > 1 else ""
            self._emit(f"{self._name(asset)}{others}: still waiting (again in {pause})")
        if asset not in together:
            self._release(asset)
            self._held.setdefault(cause, []).append(asset)

    def _release(self, asset: AssetId) -> None:
        """Nothing holds it up any more, as far as we know."""
        for cause in [cause for cause, together in self._held.items() if asset in together]:
            self._held[cause].remove(asset)
            if not self._held[cause]:
                del self._held[cause]

    def ended(self, outcome: Outcome) -> None:
        self._at.pop(outcome.asset, None)
        self._release(outcome.asset)
        for line in ended_lines(outcome, self._verbosity, self._paint, name=self._name(outcome.asset)):
            self._emit(line)

    def said(self, message: str) -> None:
        if self._verbosity is not Verbosity.QUIET:
            self._emit(printable(message))
