"""Ctrl-C, SIGTERM and a second terminal in the middle of a build of twenty assets: nothing is lost, nothing is ordered
twice."""

from __future__ import annotations

import signal

import pytest

from tests.support.space import Space
from tests.sweeps.city import NAMES, Point, city, finishes, idle, stop_at, stopped_anywhere, undisturbed, when

SIGNALS = (signal.SIGINT, signal.SIGTERM)
EVERY: list[Point] = [(kind, number) for kind in ("create", "poll", "download", "file") for number in range(1, 21)]
A_FEW: list[tuple[signal.Signals, Point]] = [(signal.SIGINT, ("create", 3)), (signal.SIGTERM, ("download", 7))]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return undisturbed(tmp_path_factory.mktemp("reference"))


def stop_and_go_on(space: Space, finished: dict[str, str], number: signal.Signals, point: Point) -> None:
    with city(space) as project:
        stopped = project.space.finish(stop_at(project, point, number))
        if point[0] != "file" or stopped.exit_code:
            assert stopped.exit_code == 130, stopped.stderr
            assert "run the same command again to go on" in " ".join(stopped.stderr.split())
        stopped_anywhere(project, finished)
        assert project.leftovers == []
        assert sum(task.ambiguous for task in project.open_tasks()) == 0, "every answer was waited for"
        finishes(project, finished, doubtful=0)


@pytest.mark.parametrize(("number", "point"), A_FEW)
def test_an_interrupted_build_keeps_what_it_has_and_goes_on(
    space: Space, finished: dict[str, str], number: signal.Signals, point: Point
) -> None:
    stop_and_go_on(space, finished, number, point)


@pytest.mark.slow
@pytest.mark.parametrize("point", EVERY, ids=lambda point: f"{point[0]}-{point[1]}")
def test_a_build_interrupted_at_any_point_goes_on(space: Space, finished: dict[str, str], point: Point) -> None:
    stop_and_go_on(space, finished, SIGNALS[point[1] % 2], point)


def test_a_second_terminal_waits_and_finds_everything_done(space: Space, finished: dict[str, str]) -> None:
    with city(space, latency="inf") as project:
        first = project.spawn()
        when(lambda: len(project.polled) == len(NAMES))
        second = project.spawn()
        assert second.stderr is not None
        assert second.stderr.readline().startswith("waiting for `assetgen build` (process ")
        project.emulator.finish_all()
        assert [space.finish(child).exit_code for child in (first, second)] == [0, 0]
        assert set(project.orders.values()) == {1}
        assert project.outputs == finished
        idle(project)


def test_a_second_terminal_goes_on_where_the_first_was_killed(space: Space, finished: dict[str, str]) -> None:
    with city(space, latency="inf") as project:
        first = project.spawn()
        when(lambda: len(project.polled) == len(NAMES))
        second = project.spawn()
        assert second.stderr is not None
        second.stderr.readline()
        first.kill()
        project.emulator.finish_all()
        assert space.finish(second).exit_code == 0
        finishes(project, finished, doubtful=0)


def test_two_manifests_that_ask_for_the_same_order_it_once(space: Space) -> None:
    with city(space) as project:
        space.write("other.yaml", space.read("app.yaml"))
        both = [space.spawn("build", name, env=project.environ) for name in ("app.yaml", "other.yaml")]
        assert [space.finish(child).exit_code for child in both] == [0, 0]
        assert project.orders == dict.fromkeys(NAMES, 1)
