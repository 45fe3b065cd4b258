"""How long 100 tasks take from start to end, against the least that the service's latencies and rate limit allow.

    python -m benchmarks.makespan [--full]

A whole build against the emulator: tasks take log-normal times around 30 s (sigma 0.5), and 20 may be created in any
10 s. The bound submits in the order of the manifest as fast as that allows, notices every task the moment it is done,
and downloads and exports in no time. Times are shown as the service would see them; they pass ten times as fast, with
small pictures, so that the work on this machine does not weigh ten times as much. `--full` lets them pass as they are,
with pictures of 1024 pixels.

The emulator is a thread of this process, the build a process of its own with a clock that runs faster.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from assetgen.catalog import CATALOG, Catalog
from assetgen.catalog.models import NANO_BANANA_PRO
from assetgen.emulator.options import Latency
from assetgen.emulator.run import running_emulator
from assetgen.engine.events import Outcome, Silence, Stage
from assetgen.manifest.recipe import AssetId, Tuning
from benchmarks.measure import PYTHON, Spread, environment, print_table
from benchmarks.projects import manifest, new_project

TASKS = 100
MEDIAN, SIGMA = 30.0, 0.5
SEEDS = (1, 2, 3)
TARGET = 1.15
TUNING = Tuning()
SMALL = Catalog(models={"nano-banana-pro": replace(NANO_BANANA_PRO, sizes={("1:1", "1K"): (128, 128)})})


@dataclass(frozen=True, slots=True)
class Pace:
    """How many times as fast as real time passes, and the pictures that this leaves time for."""

    speed: float
    catalog: Catalog
    sizes: tuple[int, ...]


PACES = {"quick": Pace(10, SMALL, (32, 64)), "full": Pace(1, CATALOG, (128, 256, 512))}


@dataclass(frozen=True, slots=True)
class Went:
    """How one run went. Seconds as the service sees them; `refused` counts creates that the rate limit rejected."""

    makespan: float
    bound: float
    polls: float
    delay: float
    refused: int

    @property
    def row(self) -> tuple[object, ...]:
        ratio = f"{self.makespan / self.bound:.3f}"
        return (f"{self.makespan:.1f}", f"{self.bound:.1f}", ratio, self.polls, f"{self.delay:.1f}", self.refused)


def main() -> None:
    pace = "full" if sys.argv[1:] == ["--full"] else "quick"
    seeds = SEEDS[: 1 if pace == "full" else None]
    runs = [_run(pace, seed) for seed in seeds]
    rows = [(f"seed {seed}", *went.row) for seed, went in zip(seeds, runs, strict=True)]
    ratios = Spread.of([went.makespan / went.bound for went in runs])
    print_table(
        f"makespan: {TASKS} tasks of {MEDIAN:g} s, {TUNING.rate_limit} per {TUNING.rate_period:g} s",
        ("", "makespan s", "bound s", "ratio", "polls a task", "delay s", "refused"),
        rows,
        [f"ratio {ratios}; target: {TARGET}"],
    )


def _run(pace: str, seed: int) -> Went:
    speed, catalog = PACES[pace].speed, PACES[pace].catalog
    with (
        TemporaryDirectory() as folder,
        running_emulator(
            latency=Latency(MEDIAN / speed, SIGMA),
            rate_limit=TUNING.rate_limit,
            rate_period=TUNING.rate_period / speed,
            seed=seed,
            catalog=catalog,
        ) as emulator,
    ):
        app = new_project(Path(folder) / "project", manifest(TASKS, sizes=PACES[pace].sizes, formats=("png", "webp")))
        command = [PYTHON, "-m", "benchmarks.makespan", "--child", pace, str(app), emulator.base_url]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment()).stdout
        times, tasks = json.loads(said), _tasks(app)
        durations = {name: speed * Latency(MEDIAN / speed, SIGMA).of(task, seed) for name, task in tasks.items()}
        delays = [done - began - durations[name] for name, (began, done) in times["tasks"].items()]
        return Went(
            makespan=times["seconds"],
            bound=_bound([durations[name] for name in sorted(durations)]),
            polls=emulator.polls / TASKS,
            delay=mean(delays),
            refused=emulator.creates - len(emulator.accepted),
        )


def _bound(durations: list[float]) -> float:
    """Seconds until the last task is done, when each is created as soon as the rate limit allows."""
    waves = (TUNING.rate_period * (place // TUNING.rate_limit) for place in range(len(durations)))
    return max(wave + duration for wave, duration in zip(waves, durations, strict=True))


def _tasks(app: Path) -> dict[str, str]:
    """The task that made each asset, from the lock."""
    assets = json.loads(app.with_suffix(".lock").read_bytes())["assets"]
    return {name: entry["masters"][0]["task_id"] for name, entry in assets.items()}


# --- the process that builds -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FastClock:
    """Real time, passing `speed` times as fast."""

    speed: float

    def time(self) -> float:
        return time.monotonic() * self.speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)


@dataclass(frozen=True, slots=True)
class Timetable(Silence):
    """Notes when each task was accepted and when it was seen to be done."""

    clock: FastClock
    accepted: dict[str, float] = field(default_factory=dict)
    done: dict[str, float] = field(default_factory=dict)

    def moved(self, asset: AssetId, stage: Stage, detail: str = "") -> None:  # noqa: ARG002
        if stage is Stage.RUNNING:
            self.accepted.setdefault(asset.name, self.clock.time())
        elif stage is Stage.DOWNLOADING:
            self.done.setdefault(asset.name, self.clock.time())

    def ended(self, outcome: Outcome) -> None:
        if outcome.problem is not None:
            raise RuntimeError(outcome.problem.message)


def _build(pace: Pace, app: Path, address: str) -> None:
    from assetgen.build import Limits, build
    from assetgen.plan.plan import Options
    from assetgen.project import load

    clock = FastClock(pace.speed)
    listener = Timetable(clock)
    project = load([app], environ={"KIE_AI_BASE_URL": address}, cwd=app.parent, catalog=pace.catalog)
    report = asyncio.run(build(project, Options(provider="kie"), Limits(), listener, clock))
    tasks = {name: (listener.accepted[name], done) for name, done in listener.done.items()}
    print(json.dumps({"seconds": report.seconds, "tasks": tasks}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _build(PACES[sys.argv[2]], Path(sys.argv[3]), sys.argv[4])
    else:
        main()
