"""How assets flow past one another: what is bounded, and that nothing waits for a phase to end."""

from __future__ import annotations

import asyncio
from pathlib import Path

from assetgen.engine.events import Stage
from assetgen.engine.line import FETCHES
from assetgen.providers.base import Succeeded
from tests.support.counting import CountingProvider
from tests.support.fakes import RecordingListener
from tests.support.house import House

NAMES = [f"item-{number}" for number in range(4 * FETCHES)]


class Slow(CountingProvider):
    """Counts downloads under way; none ends before the loop has had time for everything else."""

    def __init__(self) -> None:
        super().__init__()
        self.fetching = 0
        self.most = 0

    async def fetch(self, result: Succeeded, target: Path) -> None:
        self.fetching += 1
        self.most = max(self.most, self.fetching)
        for _ in range(50):
            await asyncio.sleep(0)
        await super().fetch(result, target)
        self.fetching -= 1


async def test_a_few_downloads_run_at_once_however_many_are_ready(tmp_path: Path) -> None:
    provider = Slow()
    house = House(tmp_path / "project", provider)
    house.wants(*NAMES)
    assert set((await house.build()).results.values()) == {"built"}
    assert provider.most == FETCHES


async def test_the_first_outputs_are_in_place_before_the_last_export_begins(tmp_path: Path) -> None:
    house = House(tmp_path / "project", CountingProvider())
    house.wants(*NAMES)
    listener = RecordingListener()
    await house.build(listener=listener)
    stages = [stage for _, stage, _ in listener.moves if stage in (Stage.EXPORTING, Stage.WRITING)]
    last_export = len(stages) - 1 - stages[::-1].index(Stage.EXPORTING)
    assert stages[:last_export].count(Stage.WRITING) > len(NAMES) // 2
