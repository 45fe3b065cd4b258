"""Disks that refuse: full, read-only, or with a file that cannot be replaced. What was ordered is not lost."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.mounts import full_disk, pinned, read_only
from tests.support.space import Space
from tests.sweeps.city import NAMES, city, finishes, idle, stopped_anywhere, undisturbed

DISK = 8 << 20
"""Bytes; much more than the project needs."""

A_FEW = (100, 240, 400, 800)
EVERY = tuple(range(20, 1700, 40))
"""Kilobytes that are left when the build starts: from too little to begin with to just too little at the end."""


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return undisturbed(tmp_path_factory.mktemp("reference"))


@pytest.fixture
def small_disk(space: Space) -> Iterator[Space]:
    with full_disk(space.root, DISK):
        yield space


def leave(root: Path, kilobytes: int) -> Path:
    """Fill the disk at `root` up; returns the file that does."""
    filler, left = root / "filler", os.statvfs(root)
    filler.write_bytes(bytes(left.f_bavail * left.f_frsize - kilobytes * 1024))
    return filler


def fill_and_go_on(space: Space, finished: dict[str, str], kilobytes: int) -> None:
    with city(space) as project:
        filler = leave(space.root, kilobytes)
        full = space.run("build", "app.yaml", env=project.environ)
        if full.exit_code:
            assert full.exit_code in (1, 2)
            assert "the disk" in full.stderr
            assert "free space" in full.stderr or "free some space" in full.stderr
        stopped_anywhere(project, finished)
        assert project.leftovers == []
        filler.unlink()
        finishes(project, finished, doubtful=0)


@pytest.mark.parametrize("kilobytes", A_FEW)
def test_a_disk_that_fills_up_costs_nothing_twice(small_disk: Space, finished: dict[str, str], kilobytes: int) -> None:
    fill_and_go_on(small_disk, finished, kilobytes)


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", EVERY)
def test_a_disk_that_fills_up_at_any_point_costs_nothing_twice(
    small_disk: Space, finished: dict[str, str], kilobytes: int
) -> None:
    fill_and_go_on(small_disk, finished, kilobytes)


def test_an_output_folder_that_is_read_only(space: Space, finished: dict[str, str]) -> None:
    with city(space) as project:
        (space.root / "output/app").mkdir(parents=True)
        with read_only(space.root / "output"):
            refused = project.build(expect=1).json
            assert Counter(asset["error"]["code"] for asset in assets(refused)) == {"write": len(NAMES)}
            assert "the file system is read-only" in str(refused) or "permission denied" in str(refused)
            assert project.orders == {}, "nothing is paid for that cannot be put in place"
        finishes(project, finished, doubtful=0)


def test_a_target_that_cannot_be_replaced(space: Space, finished: dict[str, str]) -> None:
    with city(space) as project:
        project.build()
        target = space.root / "output/app/a01-16.png"
        space.write("app.yaml", space.read("app.yaml").replace("A a01", "A a01 polished"))
        with pinned(target):
            refused = {asset["name"]: asset for asset in assets(project.build(expect=1).json)}
            assert refused["a01"]["error"]["code"] == "write"
            assert "a01-16.png: the system is using it" in refused["a01"]["error"]["message"]
            assert {refused[name]["result"] for name in NAMES[1:]} == {"up-to-date"}
        assert project.leftovers == []
        project.build()
        assert project.orders == dict.fromkeys(NAMES[1:], 1) | {"a01": 1, "a01 polished": 1}
        idle(project)


def assets(document: Any) -> list[dict[str, Any]]:
    return list(document["manifests"][0]["assets"])
