"""Each guard of conftest.py fires. These tests name addresses beyond loopback that nothing is ever sent to."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.guards import allow_sleeps, neutral
from tests.support.network import GuardError, is_loopback
from tests.support.space import CHILD_PATH

ELSEWHERE = "192.0.2.1"  # reserved for documentation, RFC 5737


@pytest.mark.parametrize("method", ["connect", "connect_ex", "bind"])
def test_no_socket_goes_beyond_loopback(method: str) -> None:
    with socket.socket() as sock, pytest.raises(GuardError, match="beyond loopback"):
        getattr(sock, method)((ELSEWHERE, 80))


def test_no_server_listens_on_all_interfaces() -> None:
    with socket.socket() as sock, pytest.raises(GuardError, match="beyond loopback"):
        sock.bind(("", 0))


def test_no_datagram_is_sent_beyond_loopback() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(GuardError, match="beyond loopback"):
        sock.sendto(b"hello", (ELSEWHERE, 9))


async def test_asyncio_connections_are_guarded() -> None:
    with pytest.raises(GuardError, match="beyond loopback"):
        await asyncio.open_connection(ELSEWHERE, 80)


def test_no_name_is_looked_up() -> None:
    with pytest.raises(GuardError, match=r"example\.com"):
        socket.getaddrinfo("example.com", 443)


def test_a_name_that_never_resolves_does_not() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("service.invalid", 443))


async def test_loopback_works() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1])
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        (b"localhost", True),
        (None, True),
        ("", False),
        ("0.0.0.0", False),
        (ELSEWHERE, False),
        ("localhost.example.com", False),
    ],
)
def test_what_counts_as_loopback(host: object, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_started_processes_are_guarded() -> None:
    code = f"import socket; socket.create_connection(({ELSEWHERE!r}, 80))"
    environ = os.environ | {"PYTHONPATH": CHILD_PATH}
    child = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert child.returncode == 1
    assert "beyond loopback" in child.stderr


def test_home_is_empty_and_not_the_developers(empty_home: Path) -> None:
    assert Path.home() == empty_home
    assert Path("~").expanduser() == empty_home
    assert not list(empty_home.iterdir())


@pytest.mark.parametrize("variable", ["KIE_AI_API_KEY", "BG_REMOVE_URL", "ASSETGEN_PROVIDER", "GIT_DIR", "CI"])
def test_the_developers_settings_do_not_reach_a_test(variable: str) -> None:
    assert variable not in os.environ
    assert neutral({variable: "real", "PATH": "/bin"}, "/empty").keys() == {"PATH", "HOME", "TERM", "COLUMNS", "LINES"}


async def test_a_long_sleep_raises() -> None:
    with pytest.raises(GuardError, match="real_time"):
        await asyncio.sleep(3)


async def test_a_long_sleep_by_default_argument_raises() -> None:
    async def poll(sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        await sleep(10)

    with pytest.raises(GuardError, match="real_time"):
        await poll()


async def test_a_short_sleep_is_a_sleep() -> None:
    assert await asyncio.sleep(0.001, "result") == "result"
    assert await asyncio.sleep(0, "result") == "result"


@pytest.mark.real_time
async def test_a_marked_test_may_wait() -> None:
    assert await asyncio.sleep(0.11, "result") == "result"


def test_the_next_test_is_guarded_again() -> None:
    allow_sleeps()
    with pytest.raises(GuardError):
        asyncio.run(asyncio.sleep(1))
