"""What no test may do by accident: leave this machine, or wait for the real clock. Knows nothing of pytest.

The same guards hold inside the processes that tests start, through `child/sitecustomize.py`.
"""

from __future__ import annotations

import asyncio
import ipaddress
import sys
from collections.abc import Mapping
from typing import TypeVar

LONGEST_REAL_SLEEP = 0.1
"""Seconds. Pauses of a real exchange over loopback are shorter; whoever forgot to pass a clock waits longer."""

PRIVATE_PREFIXES = ("KIE_AI_", "BG_REMOVE_", "ASSETGEN_", "GIT_", "XDG_")
PRIVATE_NAMES = frozenset(
    {"CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"}
    | {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"}
)
TERMINAL = {"TERM": "dumb", "COLUMNS": "100", "LINES": "40"}

T = TypeVar("T")
_real_sleep = asyncio.sleep
_longest_sleep = LONGEST_REAL_SLEEP


class GuardError(BaseException):
    """A guard fired. Not an Exception, so that no error handling under test can swallow it."""


def is_private(variable: str) -> bool:
    """Whether an environment variable would let the developer's own machine into a test."""
    return variable in PRIVATE_NAMES or variable.startswith(PRIVATE_PREFIXES)


def neutral(environ: Mapping[str, str], home: str) -> dict[str, str]:
    """`environ` without what is private, with an empty home and a plain terminal."""
    kept = {name: value for name, value in environ.items() if not is_private(name)}
    return kept | TERMINAL | {"HOME": home}


def is_loopback(host: object) -> bool:
    """Whether a host, as socket functions take it, stays on this machine."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str):
        return host is None
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _stay_on_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.bind", "socket.sendto"}:
        address = arguments[1]
        if not isinstance(address, tuple):  # a Unix socket's path
            return
        host = address[0]
    else:
        return
    if not is_loopback(host):
        raise GuardError(f"{event} with {host!r}: tests reach nothing beyond loopback")


def forbid_network() -> None:
    """From now on, until the process ends, no socket reaches or listens beyond loopback and no name is looked up."""
    sys.addaudithook(_stay_on_this_machine)


async def _guarded_sleep(delay: float, result: T | None = None) -> T | None:
    if delay > _longest_sleep:
        raise GuardError(
            f"asyncio.sleep({delay:g}) on the real clock: pass a fake one (tests/support/fakes.py), shorten the wait "
            f"to at most {_longest_sleep:g} s, or mark the test with `real_time`"
        )
    return await _real_sleep(delay, result)


def forbid_long_sleeps() -> None:
    """Put the guarded sleep in place. To be called before anything binds `asyncio.sleep`, as default arguments do."""
    asyncio.sleep = _guarded_sleep  # type: ignore[assignment]


def allow_sleeps(longest: float = LONGEST_REAL_SLEEP) -> None:
    """Set how many seconds a single sleep may take from now on."""
    global _longest_sleep
    _longest_sleep = longest
