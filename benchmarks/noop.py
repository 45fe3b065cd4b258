"""What an unchanged project costs: 1,000 assets with 5,000 outputs, all up to date, against a Python that does nothing.

    python -m benchmarks.noop [ASSETS]

Whole processes as people start them, with `python -c pass` among them in every round. Nothing is ordered, decoded or
written. `build, no snapshot` is the ordinary way, which is also that of a build after any change.
"""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from benchmarks.measure import ASSETGEN, PYTHON, Case, interleaved, print_table, ratio
from benchmarks.projects import build_instantly, manifest, new_project

ASSETS = 1000
SIZES = (16, 24, 32, 48, 64)
ROUNDS = 9
TARGET = 10
YARDSTICK = "python -c pass"
SETTLING = 2.5
"""Seconds after which no file counts as only just written any more, so that what is known of it is trusted."""


def main() -> None:
    assets = int(sys.argv[1]) if len(sys.argv) > 1 else ASSETS
    with TemporaryDirectory() as folder:
        app = new_project(Path(folder) / "project", manifest(assets, sizes=SIZES))
        build_instantly(app)
        sleep(SETTLING)
        costs = interleaved(_cases(app), ROUNDS)
    walls, processors = ([[getattr(c, what) for c in costs[case]] for case in costs] for what in ("wall", "cpu"))
    rows = [
        (name, ratio(cpu, processors[0]), ratio(wall, walls[0]))
        for name, cpu, wall in zip(costs, processors, walls, strict=True)
    ]
    title = f"no-op: {assets} assets, {assets * len(SIZES)} outputs, times {YARDSTICK} in the same round"
    print_table(title, ("", "CPU", "wall"), rows, [f"median (least-most) of {ROUNDS}; target for build: {TARGET}"])


def _cases(app: Path) -> dict[str, Case]:
    folder, build = app.parent, (ASSETGEN, "build", app.name)
    forget = partial(shutil.rmtree, folder / ".assetgen" / "snapshots", ignore_errors=True)
    return {
        YARDSTICK: Case((PYTHON, "-c", "pass"), folder),
        "assetgen --version": Case((ASSETGEN, "--version"), folder),
        "assetgen build": Case(build, folder),
        "assetgen check": Case((ASSETGEN, "check", app.name), folder),
        "assetgen plan": Case((ASSETGEN, "plan", app.name), folder),
        "build, no snapshot": Case(build, folder, forget),
    }


if __name__ == "__main__":
    main()
