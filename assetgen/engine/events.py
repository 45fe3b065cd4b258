"""What the engine says while it works: one narrow listener. Only listeners print."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from assetgen.errors import Problem
from assetgen.manifest.recipe import AssetId


class Stage(StrEnum):
    """What an asset is doing, in the order it does it."""

    WAITING = "waiting"
    SUBMITTING = "submitting"
    RUNNING = "generating"
    DOWNLOADING = "downloading"
    CUTTING = "cutting out"
    EXPORTING = "exporting"
    WRITING = "writing"


class Result(StrEnum):
    """How an asset ended: the `result` of the JSON report."""

    UP_TO_DATE = "up-to-date"
    BUILT = "built"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one asset. `problem` is set for failed and skipped ones; `wrote` are project-relative paths, as
    are `dropped`, files that it made and makes no more, and `replaced`, those of `wrote` that were adopted before.

    Money is in US dollars, None when a price is unknown: `spent` is what the run paid, `unsure` what it may have paid
    besides, for a submission that was never answered. `requests` counts submissions that may have been accepted. `bug`
    is what nobody expected, for a report of it.
    """

    asset: AssetId
    result: Result
    problem: Problem | None = None
    wrote: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    requests: int = 0
    spent: Decimal | None = Decimal(0)
    unsure: Decimal | None = Decimal(0)
    bug: Exception | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """What an interrupted run did for an asset that it did not finish; its numbers are those of `Outcome`. `pending`
    are the prices of its orders that a service accepted and that are not collected yet."""

    asset: AssetId
    requests: int
    spent: Decimal | None
    unsure: Decimal | None
    pending: tuple[Decimal | None, ...]

    @property
    def settled(self) -> Decimal | None:
        """What was paid for pictures that are in the store, in US dollars, None when a price is unknown."""
        if len(self.pending) >= self.requests:
            return Decimal(0)
        return None if self.spent is None else self.spent - sum((usd for usd in self.pending if usd), Decimal(0))


class Listener(Protocol):
    """Hears of every step. Must not block and must not raise."""

    def began(self, assets: tuple[AssetId, ...]) -> None:
        """The run starts; `assets` are those that have something to do."""

    def moved(self, asset: AssetId, stage: Stage, detail: str = "") -> None:
        """An asset entered a stage, or has something new to say in it."""

    def ended(self, outcome: Outcome) -> None:
        """An asset is done, one way or another."""

    def said(self, message: str) -> None:
        """Something about the run as a whole that people should read."""


class Silence:
    """A listener that ignores everything; for programs and tests."""

    def began(self, assets: tuple[AssetId, ...]) -> None: ...

    def moved(self, asset: AssetId, stage: Stage, detail: str = "") -> None: ...

    def ended(self, outcome: Outcome) -> None: ...

    def said(self, message: str) -> None: ...


SILENCE = Silence()
