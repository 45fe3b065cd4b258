"""What no test may do by accident: see the developer's own settings, or wait for the real clock. Knows no pytest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TypeVar

from tests.support.network import GuardError

LONGEST_REAL_SLEEP = 0.1
"""Seconds. Pauses of a real exchange over loopback are shorter; whoever forgot to pass a clock waits longer."""

PRIVATE_PREFIXES = ("KIE_AI_", "BG_REMOVE_", "ASSETGEN_", "GIT_", "XDG_")
PRIVATE_NAMES = frozenset(
    {"CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"}
    | {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    | {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"}
)
TERMINAL = {"TERM": "dumb", "COLUMNS": "100", "LINES": "40"}

T = TypeVar("T")
_real_sleep = asyncio.sleep
_longest_sleep = LONGEST_REAL_SLEEP


def is_private(variable: str) -> bool:
    """Whether an environment variable would let the developer's own machine into a test."""
    return variable in PRIVATE_NAMES or variable.startswith(PRIVATE_PREFIXES)


def neutral(environ: Mapping[str, str], home: str) -> dict[str, str]:
    """`environ` without what is private, with an empty home and a plain terminal."""
    kept = {name: value for name, value in environ.items() if not is_private(name)}
    return kept | TERMINAL | {"HOME": home}


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
