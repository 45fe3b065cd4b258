"""The plug pulled at every point of a build of twenty assets: nothing is ordered twice, nothing is there in part.

The process is a real one, and so is the signal. It is sent from within the service, at the very moment when a certain
call comes in, or when a certain number of files is in place.
"""

from __future__ import annotations

import signal

import pytest

from tests.support.space import Space
from tests.sweeps.city import NAMES, Point, city, finishes, stop_at, stopped_anywhere, undisturbed

EVERY: list[Point] = [
    (kind, number) for kind in ("lost", "create", "poll", "download", "file") for number in range(1, 21)
]
"""`lost` creates are killed before they are accepted, the others after; the answer never arrives."""

A_FEW: list[Point] = [("lost", 1), ("create", 12), ("poll", 6), ("download", 1), ("download", 18), ("file", 20)]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return undisturbed(tmp_path_factory.mktemp("reference"))


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
