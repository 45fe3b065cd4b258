"""How many examples the property tests try that build whole projects: few while working, many in `make test-all`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

MORE = 10


def builds(count: int) -> settings:
    """For tests that build at least once an example: `count` of them, always the same; where others are drawn in every
    run, `MORE` times as many."""
    chosen = count if settings().derandomize else count * MORE
    return settings(max_examples=chosen, deadline=None, suppress_health_check=[HealthCheck.too_slow])
