"""Progress as a moving picture on a terminal: what is done scrolls by, what is running stays at the bottom.

The only module that imports rich; itself imported only when a terminal listens. Time comes in as an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from assetgen.engine.events import Outcome, Result, Stage
from assetgen.manifest.recipe import AssetId
from assetgen.report.paint import Paint
from assetgen.report.progress import TROUBLE, Verbosity, detail_of, ended_lines, names_of
from assetgen.report.words import duration, money, printable

_SHOWN = 8
"""How many running assets are shown at most; a small terminal shows fewer."""

_REFRESH = 8
"""Pictures a second."""

_BAR = 24
"""Width of the bar in cells."""


@dataclass(frozen=True, slots=True)
class _Running:
    """What an asset is doing, since when on our clock, and when we were last told of it."""

    stage: Stage
    detail: str
    since: float
    told: float

    @property
    def is_news(self) -> bool:
        """Waiting is none, unless something keeps it waiting."""
        return self.stage is not Stage.WAITING or bool(self.detail)

    def words(self, now: float) -> str:
        """`generating`, `waiting, again in 5 s (2/10): the service is busy`: the seconds run down."""
        detail = detail_of(self.stage, self.detail)
        trouble = TROUBLE.fullmatch(detail)
        if trouble and trouble["seconds"]:
            left = max(0, round(int(trouble["seconds"]) - (now - self.told)))
            attempt = f" ({trouble['attempt']}/{trouble['most']})" if trouble["attempt"] else ""
            detail = f"again in {left} s{attempt}: {trouble['cause']}"
        return ", ".join(filter(None, (self.stage.value, detail)))


class LiveProgress:
    """A listener and a context manager: draws while it is entered, leaves only finished lines behind."""

    def __init__(self, stream: TextIO, verbosity: Verbosity, paint: Paint, clock: Callable[[], float]) -> None:
        self._console = Console(file=stream, force_terminal=True, no_color=not paint.on, highlight=False)
        self._verbosity = verbosity
        self._paint = paint
        self._clock = clock
        self._started = clock()
        self._names: dict[AssetId, str] = {}
        self._running: dict[AssetId, _Running] = {}
        self._todo = 0
        self._ended = dict.fromkeys(Result, 0)
        self._spent = Decimal(0)
        self._spinner = Spinner("dots")
        self._live = Live(
            console=self._console,
            get_renderable=self.picture,
            refresh_per_second=_REFRESH,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._live.stop()

    def began(self, assets: tuple[AssetId, ...]) -> None:
        self._todo = len(assets)
        self._names = names_of(assets)

    def moved(self, asset: AssetId, stage: Stage, detail: str = "") -> None:
        now = self._clock()
        known = self._running.get(asset) or _Running(stage, detail, now, now)
        self._running[asset] = replace(known, stage=stage, detail=printable(detail), told=now)

    def ended(self, outcome: Outcome) -> None:
        self._running.pop(outcome.asset, None)
        if outcome.asset in self._names:  # those that were up to date from the start are no part of the work
            self._ended[outcome.result] += 1
        self._spent += outcome.spent or 0
        for line in ended_lines(outcome, self._verbosity, self._paint, name=self._name(outcome.asset)):
            self._print(line)

    def said(self, message: str) -> None:
        self._print(printable(message))

    def picture(self) -> RenderableType:
        """What stands at the bottom right now."""
        if not self._todo:
            return Text()
        busy = [(asset, state) for asset, state in tuple(self._running.items()) if state.is_news]
        most = max(1, min(_SHOWN, self._console.height - 3))
        rows = Table.grid(padding=(0, 2), expand=False)
        for asset, state in busy[:most]:
            name, words = (
                Text(text, overflow="ellipsis", no_wrap=True)
                for text in (self._name(asset), state.words(self._clock()))
            )
            rows.add_row(self._spinner, name, words, Text(duration(self._clock() - state.since), style="dim"))
        more = [Text(f"  and {len(busy) - most} more", style="dim")] if len(busy) > most else []
        return Group(rows, *more, self._footer())

    def _name(self, asset: AssetId) -> str:
        return self._names.get(asset, asset.name)

    def _footer(self) -> RenderableType:
        done = sum(self._ended.values())
        parts = [f"{done} of {self._todo}"]
        if self._ended[Result.FAILED]:
            parts.append(f"{self._ended[Result.FAILED]} failed")
        parts.append(duration(self._clock() - self._started))
        if self._spent:
            parts.append(money(self._spent))
        footer = Table.grid(padding=(0, 2))
        footer.add_row(ProgressBar(total=max(self._todo, done), completed=done, width=_BAR), Text("  ".join(parts)))
        return footer

    def _print(self, line: str) -> None:
        self._console.print(Text.from_ansi(line), soft_wrap=True)
