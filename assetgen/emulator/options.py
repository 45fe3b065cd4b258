"""How an emulator is set up: frozen options, and their readings from text."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import NormalDist
from typing import Any

from assetgen.catalog import CATALOG, Catalog
from assetgen.emulator.faults import Fault, parse_fault
from assetgen.errors import UsageError


@dataclass(frozen=True, slots=True)
class Latency:
    """How long tasks take, in seconds: always `median`, or log-normally around it. Infinity: until they are finished
    by hand."""

    median: float = 0.0
    sigma: float = 0.0

    def of(self, task: str, seed: int) -> float:
        """The duration of one task: equal for equal arguments."""
        if not self.sigma:
            return self.median
        number = int.from_bytes(hashlib.sha256(f"{seed} {task}".encode()).digest()[:6])
        return self.median * math.exp(self.sigma * NormalDist().inv_cdf((number + 0.5) / 2**48))


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`port` 0 takes any free one. `rate_limit` creates are admitted in any `rate_period` seconds, 0 means without
    limit; what exceeds it is rejected and lost. `api_key` is the only one accepted, None accepts any. A task is
    unknown to polls for `hidden` seconds after it was created. `state` is a file that outlives the emulator.
    `uploads_live` is for how many seconds uploaded files are kept."""

    port: int = 0
    latency: Latency = Latency()
    seed: int = 0
    credits: Decimal = Decimal(100_000)
    rate_limit: int = 0
    rate_period: float = 10.0
    api_key: str | None = None
    hidden: float = 0.0
    faults: tuple[Fault, ...] = ()
    state: Path | None = None
    uploads_live: float = 24 * 3600.0
    catalog: Catalog = CATALOG


def make_options(*, latency: Latency | float | str = 0.0, faults: Iterable[Fault | str] = (), **others: Any) -> Options:
    """Options with the latency and the faults also as text. Raises UsageError for text that cannot be read."""
    read = latency if isinstance(latency, Latency) else parse_latency(str(latency))
    script = tuple(fault if isinstance(fault, Fault) else parse_fault(fault) for fault in faults)
    return Options(latency=read, faults=script, **others)


def parse_latency(text: str) -> Latency:
    """`2.5` or `lognormal:30,0.5` (median in seconds, sigma). Raises UsageError."""
    number = r"(\d+(?:\.\d+)?|inf)"
    if match := re.fullmatch(number, text):
        return Latency(float(match[1]))
    if match := re.fullmatch(rf"lognormal:{number},{number}", text):
        return Latency(float(match[1]), float(match[2]))
    raise UsageError(f"`{text}` is no latency", hint="write seconds, as in 2.5, or lognormal:MEDIAN,SIGMA")
