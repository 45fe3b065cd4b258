"""Rate limit and polling: the arithmetic over all inputs, and the window as many askers meet it."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.engine.limiter import SlidingWindow, wait_for_turn
from assetgen.engine.polling import JITTER, poll_delays
from assetgen.manifest.recipe import Tuning
from tests.support.fakes import FakeClock


@given(
    gaps=st.lists(st.floats(0, 30), min_size=1, max_size=60),
    limit=st.integers(1, 25),
    period=st.floats(0.5, 20),
)
def test_no_period_ever_holds_more_than_the_limit(gaps: list[float], limit: int, period: float) -> None:
    granted: deque[float] = deque(maxlen=limit)
    times: list[float] = []
    now = 0.0
    for gap in gaps:
        now += gap
        at = now + wait_for_turn(granted, now, limit, period)
        granted.append(at)
        times.append(at)
        now = at
    for first, last in zip(times, times[limit:], strict=False):
        assert last - first >= period - 1e-9


def test_a_free_window_makes_nobody_wait() -> None:
    assert wait_for_turn([1.0, 2.0], 2.5, limit=3, period=10) == 0


async def test_sixty_askers_at_once_pass_in_order_twenty_per_ten_seconds() -> None:
    clock = FakeClock()
    window = SlidingWindow(20, 10, clock)
    passed: list[tuple[int, float]] = []

    async def ask(number: int) -> None:
        await window.turn()
        passed.append((number, clock.time()))

    await asyncio.gather(*(ask(number) for number in range(60)))
    times = [at for _, at in passed]
    assert [number for number, _ in passed] == list(range(60))
    assert all(later - earlier > 10 for earlier, later in zip(times, times[20:], strict=False))
    assert times[-1] - times[0] < 21


async def test_a_request_counts_from_its_answer_because_nobody_knows_when_it_arrived() -> None:
    clock = FakeClock()
    window = SlidingWindow(2, 10, clock)
    started = clock.time()

    async def send() -> None:
        turn = await window.turn()
        await clock.sleep(3)
        window.answered(turn)

    async def ask() -> float:
        await window.turn()
        return clock.time() - started

    *_, third, fourth = await asyncio.gather(send(), window.turn(), ask(), ask())
    assert 13 < third < 13.1
    assert 10 < fourth < 10.1


@pytest.mark.parametrize("seed", range(5))
def test_polls_start_slow_enough_and_never_exceed_their_bounds(seed: int) -> None:
    tuning = Tuning(poll_initial=3, poll_factor=1.2, poll_max=10)
    delays = list(islice(poll_delays(tuning, Random(seed)), 30))
    assert 3 * (1 - JITTER) <= delays[0] <= 3 * (1 + JITTER)
    assert all(3 * (1 - JITTER) <= delay <= 10 * (1 + JITTER) for delay in delays)
    assert min(delays[15:]) > 8


def test_parallel_pollers_do_not_march_in_step() -> None:
    dice = Random(1)
    assert len({next(poll_delays(Tuning(), dice)) for _ in range(20)}) == 20
