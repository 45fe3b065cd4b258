"""When to ask a service again whether a task is done. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from assetgen.manifest.recipe import Tuning

JITTER = 0.15
"""Share by which a wait is shortened or lengthened, so that parallel polls do not march in step."""


def poll_delays(tuning: Tuning, dice: Random) -> Iterator[float]:
    """Seconds to wait before each poll, without end: from `poll_initial`, by `poll_factor`, up to `poll_max`."""
    delay = tuning.poll_initial
    while True:
        yield delay * (1 + JITTER * (2 * dice.random() - 1))
        delay = min(delay * tuning.poll_factor, tuning.poll_max)
