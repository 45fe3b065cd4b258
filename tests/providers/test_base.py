"""The retry policy as data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.providers.base import ONCE, Backoff
from assetgen.providers.kie import RETRIES

BACKOFF = Backoff(initial=2, factor=2.5, maximum=30, attempts=10, jitter=0.25)


@pytest.mark.parametrize(("failures", "seconds"), [(1, 2), (2, 5), (3, 12.5), (4, 30), (5, 30), (10_000, 30)])
def test_waits_grow_up_to_the_maximum(failures: int, seconds: float) -> None:
    assert BACKOFF.delay(failures, 0) == seconds


def test_jitter_shortens_and_lengthens() -> None:
    assert (BACKOFF.delay(1, -1), BACKOFF.delay(1, 1)) == (1.5, 2.5)


@given(st.integers(1, 100), st.floats(-1, 1), st.none() | st.floats(0, 1000))
def test_bounds(failures: int, spread: float, retry_after: float | None) -> None:
    wait = BACKOFF.delay(failures, spread, retry_after)
    assert 1.5 <= wait <= max(30, retry_after or 0) * 1.25
    assert retry_after is None or wait >= retry_after


def test_kie_waits_about_as_its_rate_limit_asks_for() -> None:
    assert [round(RETRIES.submit.delay(failures, 0)) for failures in (1, 2, 3)] == [2, 5, 12]


def test_once_is_once() -> None:
    assert {backoff.attempts for backoff in (ONCE.submit, ONCE.poll, ONCE.fetch)} == {1}
