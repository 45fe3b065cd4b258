"""Running the emulator: in a thread for tests without a loop, and as the command does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from assetgen.emulator.options import Options
from assetgen.emulator.run import Emulator, running_emulator, serve
from assetgen.errors import UsageError
from tests.support.kie import SMALL

HEADERS = {"Authorization": "Bearer any", "Content-Type": "application/json", "User-Agent": "test/1"}
BODY = b'{"model": "nano-banana-pro", "input": {"prompt": "A coin"}}'


def call(emulator: Emulator, path: str, body: bytes | None = None) -> Any:
    request = urllib.request.Request(emulator.base_url + path, data=body, headers=HEADERS)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def create(emulator: Emulator) -> Any:
    return call(emulator, "/api/v1/jobs/createTask", BODY)


def state_of(emulator: Emulator, task: str) -> str:
    return str(call(emulator, f"/api/v1/jobs/recordInfo?taskId={task}")["data"]["state"])


def test_an_emulator_in_a_thread() -> None:
    with running_emulator(catalog=SMALL, latency="inf") as emulator:
        task = create(emulator)["data"]["taskId"]
        assert state_of(emulator, task) == "waiting"
        emulator.finish_all()
        assert state_of(emulator, task) == "success"
        assert (emulator.creates, emulator.polls, emulator.downloads, emulator.requests) == (1, 2, 0, 3)
        emulator.script("create:*:code-455")
        assert create(emulator)["code"] == 455
        emulator.heal()
        assert create(emulator)["code"] == 200
        assert len(emulator.accepted) == 2
    assert not [thread for thread in threading.enumerate() if thread.name == "emulator"]


def test_two_emulators_do_not_know_each_other() -> None:
    with running_emulator(catalog=SMALL) as one, running_emulator(catalog=SMALL) as other:
        create(one)
        assert (len(one.accepted), len(other.accepted)) == (1, 0)


def test_a_hanging_call_does_not_keep_it_from_stopping() -> None:
    with contextlib.ExitStack() as afterwards:
        with running_emulator(faults=["credit:1:hang"]) as emulator:
            port = int(emulator.base_url.rpartition(":")[2])
            connection = afterwards.enter_context(socket.create_connection(("127.0.0.1", port)))
            lines = ["GET /api/v1/chat/credit HTTP/1.1", "Host: x", *(f"{k}: {v}" for k, v in HEADERS.items())]
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            while not emulator.requests:
                time.sleep(0.001)
        assert not [thread for thread in threading.enumerate() if thread.name == "emulator"]


def test_a_watcher_sees_each_call_before_anything_is_done_about_it() -> None:
    with running_emulator(catalog=SMALL) as emulator:
        seen: list[tuple[str, int, int]] = []
        emulator.watch(lambda kind, number: seen.append((kind, number, len(emulator.accepted))))
        state_of(emulator, create(emulator)["data"]["taskId"])
        create(emulator)
        assert seen == [("create", 1, 0), ("poll", 1, 1), ("create", 2, 1)]


def test_a_restarted_emulator_knows_its_tasks(tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    with running_emulator(catalog=SMALL, state=state) as emulator:
        task = create(emulator)["data"]["taskId"]
    with running_emulator(catalog=SMALL, state=state) as emulator:
        assert state_of(emulator, task) == "success"
        assert create(emulator)["data"]["taskId"] != task


def test_a_taken_port_is_said() -> None:
    with running_emulator() as emulator:
        port = int(emulator.base_url.rpartition(":")[2])
        with (
            pytest.raises(UsageError, match=rf"cannot listen on 127\.0\.0\.1:{port}"),
            running_emulator(port=port),
        ):
            pass


async def test_serving_until_cancelled() -> None:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(Options(), ready=lambda emulator: ready.set_result(emulator.base_url)))
    base_url = await ready
    assert base_url.startswith("http://127.0.0.1:")
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
