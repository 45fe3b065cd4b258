"""What a project costs that is unchanged, or nearly: 1,000 assets with 5,000 outputs, against an idle Python.

    python -m benchmarks.noop [ASSETS]

Whole processes as people start them, with `python -c pass` among them in every round. Nothing is ordered, decoded or
written, but for `build, one edit`, in a copy of the project: there one asset's prompt is another one in every round,
and its draft is drawn anew.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from itertools import count
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
        edited = Path(shutil.copytree(app.parent, Path(folder) / "edited")) / app.name
        sleep(SETTLING)
        costs = interleaved(_cases(app, edited), ROUNDS)
    walls, processors = ([[getattr(c, what) for c in costs[case]] for case in costs] for what in ("wall", "cpu"))
    rows = [
        (name, ratio(cpu, processors[0]), ratio(wall, walls[0]))
        for name, cpu, wall in zip(costs, processors, walls, strict=True)
    ]
    title = f"no-op: {assets} assets, {assets * len(SIZES)} outputs, times {YARDSTICK} in the same round"
    print_table(title, ("", "CPU", "wall"), rows, [f"median (least-most) of {ROUNDS}; target for build: {TARGET}"])


def _cases(app: Path, edited: Path) -> dict[str, Case]:
    folder, said = app.parent, partial(_command, app)
    forget = partial(shutil.rmtree, folder / ".assetgen" / "snapshots", ignore_errors=True)
    edit = partial(_edit, edited, count())
    return {
        YARDSTICK: Case((PYTHON, "-c", "pass"), folder),
        "assetgen --version": Case((ASSETGEN, "--version"), folder),
        "assetgen --help": Case((ASSETGEN, "--help"), folder),
        "assetgen build": Case(said("build"), folder),
        "assetgen check": Case(said("check"), folder),
        "assetgen plan": Case(said("plan"), folder),
        "assetgen validate": Case(said("validate"), folder),
        "build, no snapshot": Case(said("build"), folder, forget),
        "plan, one edit": Case(said("plan"), edited.parent, edit),
        "build, one edit": Case(said("build"), edited.parent, edit),
    }


def _command(app: Path, name: str, *options: str) -> tuple[str, ...]:
    return (ASSETGEN, name, app.name, *options)


def _edit(app: Path, numbers: Iterator[int]) -> None:
    """The prompt of the first asset says something that it never said."""
    text = app.read_text()
    app.write_text(re.sub("Item number 0( still)?( [0-9]+)?", f"Item number 0 still {next(numbers)}", text, count=1))


if __name__ == "__main__":
    main()
