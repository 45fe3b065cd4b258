"""A project of twenty assets that is built by real processes through an emulator in the test's own, and what must hold
of it after any of them was stopped at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from assetgen.atomic import SUFFIX
from assetgen.digest import Json
from assetgen.emulator.faults import Call
from assetgen.emulator.run import Emulator, running_emulator
from assetgen.imaging.decode import inspect
from assetgen.lock.reading import read_lock
from assetgen.plan.world import OpenTask
from assetgen.store.folder import state_path
from assetgen.store.state import State
from tests.support.kie import SMALL
from tests.support.space import Result, Space

NAMES = tuple(f"a{number:02}" for number in range(1, 21))
SIZES = (16, 24)
MANIFEST = """\
version: 1
providers: {kie: {poll_initial: 0.02, poll_max: 0.05}}
defaults: {provider: kie, sizes: [16, 24]}
assets:
""" + "".join(f"  {name}: {{prompt: A {name}}}\n" for name in NAMES)


Point = tuple[str, int]
"""A kind of call, or `file`, and which one of them. `lost` creates are never accepted."""

CALLS = {"lost": Call.CREATE, "create": Call.CREATE, "poll": Call.POLL, "download": Call.DOWNLOAD}


class City:
    """The project at `space`, and its service."""

    def __init__(self, space: Space, emulator: Emulator) -> None:
        self.space = space
        self.emulator = emulator
        self.environ = {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": "secret-key"}
        space.write(".git/HEAD", "")
        space.write("app.yaml", MANIFEST)

    def spawn(self, *flags: str) -> subprocess.Popen[str]:
        return self.space.spawn("build", "app.yaml", *flags, env=self.environ)

    def build(self, *, expect: int = 0) -> Result:
        result = self.space.run("build", "app.yaml", "--json", env=self.environ)
        assert result.exit_code == expect, result.stdout + result.stderr
        return result

    @contextmanager
    def when(self, call: Call, number: int, act: Callable[[], None]) -> Iterator[None]:
        """Do something at the moment when a call comes in, before the service does anything about it."""
        self.emulator.watch(lambda came, nth: act() if (came, nth) == (call, number) else None)
        try:
            yield
        finally:
            self.emulator.watch(lambda call, number: None)

    @property
    def orders(self) -> Counter[str]:
        """How many tasks there are for each asset."""
        return Counter(subject(body) for body in self.emulator.accepted)

    @property
    def polled(self) -> set[str]:
        """Every task that was asked for: its id had arrived."""
        marks = [received.path.partition("recordInfo?taskId=")[2] for received in self.emulator.received]
        return set(filter(None, marks))

    @property
    def outputs(self) -> dict[str, str]:
        """Every file in the output folder that bears an output's name, and its digest."""
        tree = self.space.tree()
        return {path: digest for path, digest in tree.items() if path.startswith("output/") and SUFFIX not in path}

    @property
    def files(self) -> int:
        """How many outputs are in place."""
        folder = self.space.root / "output/app"
        return sum(not path.name.startswith(".") for path in folder.iterdir()) if folder.exists() else 0

    @property
    def leftovers(self) -> list[Path]:
        return list(self.space.root.rglob(f"*{SUFFIX}"))

    @property
    def locked(self) -> Any:
        """The lock's assets; the lock must parse at every moment."""
        read_lock(self.space.root / "app.lock")
        lock = self.space.root / "app.lock"
        return json.loads(lock.read_text())["assets"] if lock.exists() else {}

    def open_tasks(self) -> list[OpenTask]:
        state = State.open_for_reading(state_path(self.space.root))
        if state is None:
            return []
        with state:
            return list(state.journal.open_tasks().values())


def subject(body: Json) -> str:
    assert isinstance(body, dict)
    fields = body["input"]
    assert isinstance(fields, dict)
    return str(fields["prompt"]).removeprefix("A ")


@contextmanager
def city(space: Space, *faults: str, latency: str = "lognormal:0.05,0.7") -> Iterator[City]:
    with running_emulator(faults=faults, catalog=SMALL, latency=latency) as emulator:
        yield City(space, emulator)


@cache
def undisturbed(root: Path) -> dict[str, str]:
    """What a build comes to that nobody stops, made once under `root`. Pictures depend on nothing but the request."""
    with Space(root / "undisturbed") as space, city(space) as project:
        project.build()
        return project.outputs


def stop_at(project: City, point: Point, number: int) -> subprocess.Popen[str]:
    """Start a build and send it a signal at a point; returns it as it ends, or has ended by itself."""
    kind, nth = point
    children: list[subprocess.Popen[str]] = []

    def stop() -> None:
        os.kill(children[0].pid, number)

    call = CALLS.get(kind)
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


def stopped_anywhere(project: City, finished: dict[str, str]) -> None:
    """What holds at every moment, also right after a kill: nothing is there in part."""
    assert project.outputs.items() <= finished.items(), "an output that is not whole, or not the right one"
    for name, entry in project.locked.items():
        assert {f"output/app/{name}-{size}.png" for size in SIZES} == set(entry["outputs"])
        assert all(finished[path] == output["sha256"] for path, output in entry["outputs"].items())


def finishes(project: City, finished: dict[str, str], *, doubtful: int) -> None:
    """The next build completes. It orders again at most as many as were in doubt, and none whose id had arrived."""
    known = project.polled
    project.build()
    again = {name for name, count in project.orders.items() if count > 1}
    assert set(project.orders) == set(NAMES)
    assert max(project.orders.values()) <= 2
    assert len(again) <= doubtful, again
    assert known <= {entry["masters"][0]["task_id"] for entry in project.locked.values()}, "a task was not collected"
    for path, digest in project.outputs.items():
        assert finished[path] == digest or path.partition("-")[0].removeprefix("output/app/") in again, path
        assert inspect(project.space.root / path).format == "png"
    assert project.outputs.keys() == finished.keys()
    assert project.leftovers == []
    idle(project)


def idle(project: City) -> None:
    """Everything is up to date: a check says so, and a build sends and changes nothing."""
    before = (project.emulator.requests, project.space.tree())
    assert project.space.run("check", "app.yaml", env=project.environ).exit_code == 0
    project.build()
    assert (project.emulator.requests, project.space.tree()) == before
