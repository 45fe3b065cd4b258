"""The plug pulled at every point of a build of twenty assets: nothing is ordered twice, nothing is there in part.

The process is a real one, and so is the signal. It is sent from within the service, at the very moment when a certain
call comes in, or when a certain number of files is in place.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from assetgen.emulator.faults import Call
from tests.support.space import Space
from tests.sweeps.city import NAMES, City, city, finishes, stopped_anywhere, undisturbed

Point = tuple[str, int]
"""A kind of call, or `file`, and which one of them."""

EVERY = [(kind, number) for kind in ("lost", "accepted", "poll", "download", "file") for number in range(1, 21)]
"""`lost` creates are killed before they are accepted, `accepted` ones after; the answer never arrives."""

A_FEW: list[Point] = [("lost", 1), ("accepted", 12), ("poll", 6), ("download", 1), ("download", 18), ("file", 20)]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return undisturbed(tmp_path_factory.mktemp("reference"))


def stop_at(project: City, point: Point, number: int) -> subprocess.Popen[str]:
    """Start a build and send it a signal at a point; returns it as it ends, or has ended by itself."""
    kind, nth = point
    children: list[subprocess.Popen[str]] = []

    def stop() -> None:
        os.kill(children[0].pid, number)

    call = {"lost": Call.CREATE, "accepted": Call.CREATE, "poll": Call.POLL, "download": Call.DOWNLOAD}.get(kind)
    if kind == "lost":
        project.emulator.script(f"create:{nth}:reset")
    if call is None:
        children.append(project.spawn())
        when(lambda: project.files >= nth or children[0].poll() is not None)
        if children[0].poll() is None:
            stop()
        return children[0]
    with project.when(call, nth, stop):
        children.append(project.spawn())
        children[0].wait(timeout=60)
    return children[0]


def when(happens: Callable[[], bool]) -> None:
    while not happens():
        time.sleep(0.001)


def kill_and_go_on(space: Space, finished: dict[str, str], point: Point) -> None:
    with city(space) as project:
        killed = stop_at(project, point, signal.SIGKILL)
        killed.wait(timeout=60)
        assert killed.returncode in ({-signal.SIGKILL, 0} if point[0] == "file" else {-signal.SIGKILL})
        stopped_anywhere(project, finished)
        doubtful = sum(task.ambiguous for task in project.open_tasks())
        assert doubtful <= len(NAMES) - len(project.polled), "an id that had arrived is not in doubt"
        project.emulator.heal()
        finishes(project, finished, doubtful=doubtful)


@pytest.mark.parametrize("point", A_FEW, ids=lambda point: f"{point[0]}-{point[1]}")
def test_a_killed_build_is_finished_by_the_next(space: Space, finished: dict[str, str], point: Point) -> None:
    kill_and_go_on(space, finished, point)


@pytest.mark.slow
@pytest.mark.parametrize("point", EVERY, ids=lambda point: f"{point[0]}-{point[1]}")
def test_a_build_killed_at_any_point_is_finished_by_the_next(
    space: Space, finished: dict[str, str], point: Point
) -> None:
    kill_and_go_on(space, finished, point)
