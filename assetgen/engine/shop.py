"""What the engine works with during one run, handed to every step; and the asset it works for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from assetgen.digest import Digest
from assetgen.engine.clock import Clock
from assetgen.engine.cutters import Cutters
from assetgen.engine.events import Listener, Stage
from assetgen.engine.line import Lines
from assetgen.engine.purse import Purse
from assetgen.engine.uploading import Uploads
from assetgen.engine.wakeups import Wakeups
from assetgen.engine.web import Web
from assetgen.executors.threads import Threads
from assetgen.manifest.recipe import AssetId
from assetgen.plan.world import StoredMaster
from assetgen.store.blobs import Blobs
from assetgen.store.state import State


@dataclass(frozen=True, slots=True)
class Shop:
    """The seams of one run. `returning` are the pictures that are got back just now, by their digests."""

    root: Path
    state: State
    blobs: Blobs
    lines: Lines
    threads: Threads
    clock: Clock
    listener: Listener
    uploads: Uploads
    web: Web
    cutters: Cutters
    wakeups: Wakeups = field(default_factory=Wakeups)
    returning: dict[Digest, asyncio.Future[StoredMaster]] = field(default_factory=dict)


@dataclass(slots=True)
class Job:
    """One asset at work: says what it is doing, and counts what it sent. `purse` pays for it; `notes` are for people.
    `requests`, `spent` and `unsure` are those of its outcome; `pending` are the prices of what it ordered and did not
    collect yet."""

    asset: AssetId
    listener: Listener
    purse: Purse = field(default_factory=Purse)
    notes: list[str] = field(default_factory=list)
    requests: int = 0
    spent: Decimal | None = Decimal(0)
    unsure: Decimal | None = Decimal(0)
    pending: list[Decimal | None] = field(default_factory=list)

    def part(self) -> Job:
        """A part of the work that counts for itself, until `takes` adds it."""
        return Job(self.asset, self.listener, self.purse, pending=self.pending)

    def takes(self, part: Job) -> None:
        """What a part said, sent and spent is the whole's."""
        self.notes += part.notes
        self.requests += part.requests
        self.spent = _sum(self.spent, part.spent)
        self.unsure = _sum(self.unsure, part.unsure)

    def at(self, stage: Stage, detail: str = "") -> None:
        self.listener.moved(self.asset, stage, detail)


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """Unknown with anything is unknown."""
    return None if one is None or other is None else one + other
