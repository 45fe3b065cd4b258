"""Measuring processes: what each cost, side by side in one run, and tables of what came out.

Times of one machine mean little to another, and times of one minute little to the next. So processes that are to be
compared alternate (A B C A B C ...), and what is told is the median of the ratios within each round.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

PYTHON = sys.executable
ASSETGEN = str(Path(PYTHON).with_name("assetgen"))
"""The console script beside the interpreter that measures: what people run."""

_STEERING = ("ASSETGEN_", "KIE_", "BG_REMOVE_", "PYTHONDONTWRITEBYTECODE")
"""Also what keeps Python from remembering what it compiled, as an installed package does."""
_UNIT = 1 << 20 if sys.platform == "darwin" else 1 << 10  # of ru_maxrss: bytes on macOS, kilobytes elsewhere


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds on the clock, seconds of processor time, and its highest resident size in MB."""

    wall: float
    cpu: float
    peak: float


def cost_of(command: Sequence[str], folder: Path, environ: Mapping[str, str] | None = None) -> Cost:
    """Run a process to its end and say what it took. Raises RuntimeError, with what it said, when it fails.

    The highest resident size is never below that of this process at the time: a child begins as a copy of it.
    """
    began = perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} exited {process.returncode}: {said.decode(errors='replace')}")
    return Cost(perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / _UNIT)


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without what would steer assetgen, and with `more`."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(_STEERING)}
    return {**plain, **(more or {})}


@dataclass(frozen=True, slots=True)
class Case:
    """A command to be measured, the folder to run it in, and what is done first, unmeasured."""

    command: Sequence[str]
    folder: Path
    before: Callable[[], object] | None = None

    def cost(self) -> Cost:
        if self.before is not None:
            self.before()
        return cost_of(self.command, self.folder)


def interleaved(cases: Mapping[str, Case], rounds: int, warming: int = 2) -> dict[str, list[Cost]]:
    """What each case cost in each round, after some rounds that only warm caches."""
    costs: dict[str, list[Cost]] = {name: [] for name in cases}
    for round_ in range(-warming, rounds):
        for name, case in cases.items():
            cost = case.cost()
            if round_ >= 0:
                costs[name].append(cost)
    return costs


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure measured several times."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        return cls(median(figures), min(figures), max(figures))

    def __str__(self) -> str:
        return f"{self.median:.3g} ({self.least:.3g}-{self.most:.3g})"


def ratio(costs: Sequence[float], yardstick: Sequence[float]) -> Spread:
    """How many times the yardstick, pair by pair."""
    return Spread.of([cost / unit for cost, unit in zip(costs, yardstick, strict=True)])


def print_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], notes: Sequence[str] = ()
) -> None:
    """A table for people: the first column to the left, figures to the right."""
    cells = [tuple(columns), *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(columns))]
    print(f"\n{title}")
    for first, *figures in cells:
        aligned = (figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True))
        print("  " + "  ".join((first.ljust(widths[0]), *aligned)).rstrip())
    for note in notes:
        print(f"  {note}")
    sys.stdout.flush()
