"""The project that end-to-end tests stand on."""

from __future__ import annotations

import hashlib
import json
import signal

from tests.support.space import Result, Space


def test_files_are_written_as_given(space: Space) -> None:
    space.write("manifests/app.yaml", "assets:\r\n")
    space.write("output/coin.png", b"\x89PNG")
    space.write(".assetgen/state.sqlite", b"state")
    assert space.read("manifests/app.yaml") == "assets:\r\n"
    assert space.tree() == {
        "manifests/app.yaml": hashlib.sha256(b"assets:\r\n").hexdigest(),
        "output/coin.png": hashlib.sha256(b"\x89PNG").hexdigest(),
    }
    assert ".assetgen/state.sqlite" in space.tree(store=True)


def test_json_is_read_from_stdout_alone() -> None:
    assert Result(0, json.dumps({"totals": {}}), "people read this").json == {"totals": {}}


def test_a_spawned_command_ends_and_tells_how(space: Space) -> None:
    child = space.spawn("--version")
    child.send_signal(signal.SIGKILL)
    assert space.finish(child).exit_code == -signal.SIGKILL


def test_nothing_outlives_the_space(space: Space) -> None:
    with Space(space.root / "inner") as inner:
        child = inner.spawn("--version")
    assert child.returncode is not None
