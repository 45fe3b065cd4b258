"""Guards that hold in every test, and the fixtures that all rooms share. `test_guards.py` proves that each guard fires.

- Sockets stay on loopback, in the test's process and in those it starts.
- HOME is an empty folder; API keys, assetgen's own variables and terminal settings of the developer are gone.
- `asyncio.sleep` of more than 0.1 s raises. Code that waits takes its clock as an argument: pass the fake one. Tests
  of a whole build over HTTP set short polling intervals in their manifest; the few that have to wait longer say so
  with `@pytest.mark.real_time`.
- Temporary files are in memory where there is room: what tests commit need not wait for a disk.
- Property tests try the same examples in every run, so that a run says something about the change and not about luck;
  `make test-all` draws new ones each time.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support import guards
from tests.support.drafts import Drafts
from tests.support.memory import keep_files_in_memory
from tests.support.network import forbid_network
from tests.support.space import Space

hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("new", deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("same" if config.option.markexpr == "not slow" else "new")
    keep_files_in_memory()
    forbid_network()
    guards.forbid_long_sleeps()


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _neutral_environment(empty_home: Path) -> Iterator[None]:
    before = dict(os.environ)
    neutral = guards.neutral(before, str(empty_home))
    os.environ.clear()
    os.environ.update(neutral)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def _no_long_sleeps(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("real_time"):
        guards.allow_sleeps(math.inf)
    yield
    guards.allow_sleeps()


@pytest.fixture(scope="session")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Drafts:
    """Projects that are built once and copied."""
    return Drafts(tmp_path_factory.mktemp("drafts"))


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Space]:
    """An empty project of its own; processes that it started are gone when the test ends."""
    with Space(tmp_path / "project") as project:
        yield project
