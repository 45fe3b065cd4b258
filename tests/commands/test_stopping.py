"""Ctrl-C and SIGTERM: once stops cleanly, twice kills."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading

import pytest

from assetgen.commands.stopping import run_until_stopped

SIGNALS = [signal.SIGINT, signal.SIGTERM]


async def stopped_by(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    await asyncio.Event().wait()


def nothing() -> None: ...


def test_work_that_is_left_alone_returns() -> None:
    async def work() -> str:
        return "done"

    assert run_until_stopped(work(), nothing) == "done"


def test_what_work_raises_comes_through() -> None:
    async def work() -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        run_until_stopped(work(), nothing)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_cancels_and_is_said_once(number: signal.Signals) -> None:
    said: list[str] = []
    cleaned: list[str] = []

    async def work() -> None:
        try:
            await stopped_by(number)
        finally:
            await asyncio.sleep(0)
            cleaned.append("cleaned")

    with pytest.raises(KeyboardInterrupt):
        run_until_stopped(work(), lambda: said.append("stopping"))
    assert (said, cleaned) == (["stopping"], ["cleaned"])


@pytest.mark.parametrize("number", SIGNALS)
def test_work_may_end_early_with_a_result(number: signal.Signals) -> None:
    async def work() -> str:
        try:
            await stopped_by(number)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
        return "as far as it got"

    assert run_until_stopped(work(), nothing) == "as far as it got"


def test_signals_are_heard_as_before_afterwards() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with pytest.raises(KeyboardInterrupt):
        run_until_stopped(stopped_by(signal.SIGINT), nothing)
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_it_works_in_a_thread_where_no_signal_is_heard() -> None:
    results: list[str] = []

    async def work() -> str:
        return "done"

    thread = threading.Thread(target=lambda: results.append(run_until_stopped(work(), nothing)))
    thread.start()
    thread.join()
    assert results == ["done"]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_second_signal_kills_at_once(number: signal.Signals) -> None:
    program = f"""
import asyncio, os
from assetgen.commands.stopping import run_until_stopped
async def stubborn():
    os.kill(os.getpid(), {number.value})
    try:
        await asyncio.Event().wait()
    finally:
        os.kill(os.getpid(), {number.value})
        await asyncio.Event().wait()
run_until_stopped(stubborn(), lambda: None)
"""
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert (child.returncode, child.stderr) == (130, "")
