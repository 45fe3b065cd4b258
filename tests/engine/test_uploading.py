"""Links to our pictures: each picture is uploaded once, and again only when its link is near its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from assetgen.digest import digest_of
from assetgen.emulator.run import Emulator
from assetgen.engine.line import Line, NotSentError
from assetgen.engine.uploading import UploadError, Uploads
from assetgen.manifest.recipe import Tuning
from assetgen.providers.base import BadKeyError, PictureFile
from assetgen.providers.kie_files import LIFETIME
from assetgen.store.state import State
from tests.support.counting import CountingProvider
from tests.support.fakes import FakeClock
from tests.support.kie import kie_on_emulator
from tests.support.pictures import png


@dataclass
class Desk:
    """Uploads over a real state database to an emulator; `clock` is what the links' age goes by."""

    uploads: Uploads
    line: Line
    emulator: Emulator
    clock: FakeClock
    folder: Path

    def picture(self, shade: int = 0) -> PictureFile:
        data = png(4, 4, (shade, 0, 0))
        file = self.folder / f"{shade}.png"
        file.write_bytes(data)
        return PictureFile(file, digest_of(data), "png")

    async def link(self, shade: int = 0) -> str:
        return await self.uploads.link(self.line, self.picture(shade))


@asynccontextmanager
async def desk(folder: Path, *faults: str) -> AsyncIterator[Desk]:
    clock = FakeClock()
    async with kie_on_emulator(*faults, emulator_clock=clock.time) as (kie, emulator):
        with State.open(folder / "state.sqlite") as state:
            line = Line(kie, Tuning(), clock, Random(1))
            yield Desk(Uploads(state, clock.time), line, emulator, clock, folder)


async def test_a_picture_is_uploaded_once_however_many_want_it_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        links = await asyncio.gather(*(it.link() for _ in range(5)), it.link(7))
        assert len(set(links)) == 2
        assert it.emulator.uploads == 2


async def test_the_next_run_knows_the_link_until_shortly_before_it_expires(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        link = await it.link()
        it.uploads = Uploads(it.uploads.state, it.clock.time)
        it.clock.advance(LIFETIME - 1)
        assert (await it.link(), it.emulator.uploads) == (link, 1)
        it.clock.advance(1)
        assert (await it.link(), it.emulator.uploads) == (link, 2)


async def test_a_link_that_the_service_could_not_load_is_forgotten(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        it.uploads.forget([await it.link()])
        await it.link()
        assert it.emulator.uploads == 2


async def test_what_passes_by_is_tried_again_patiently(tmp_path: Path) -> None:
    said: list[str] = []
    async with desk(tmp_path, "upload:1-2:http-503", "upload:3:reset") as it:
        await it.uploads.link(it.line, it.picture(), said.append)
        assert it.emulator.uploads == 4
        assert len(said) == len(it.clock.slept) == 3


async def test_what_stays_fails_the_asset_and_says_that_nothing_was_charged(tmp_path: Path) -> None:
    async with desk(tmp_path, "upload:*:http-503") as it:
        with pytest.raises(UploadError, match="a picture could not be uploaded: KIE did not take") as caught:
            await it.link()
        assert "Nothing was ordered" in str(caught.value.hint)
        assert it.emulator.uploads == 5
        it.emulator.heal()
        await it.link()


async def test_a_bad_key_ends_all_of_it_and_is_told_once(tmp_path: Path) -> None:
    async with desk(tmp_path, "upload:*:code-401") as it:
        with pytest.raises(BadKeyError):
            await it.link()
        with pytest.raises(NotSentError):
            await it.link(7)


async def test_a_cancelled_upload_leaves_the_way_free(tmp_path: Path) -> None:
    async with desk(tmp_path, "upload:1:hang") as it:
        arrived = asyncio.Event()
        it.emulator.watch(lambda _call, _number: arrived.set())
        waiting = asyncio.ensure_future(it.link())
        await arrived.wait()
        waiting.cancel()
        await asyncio.wait({waiting})
        assert await it.link()


async def test_a_provider_that_needs_no_links_gets_none(tmp_path: Path) -> None:
    with State.open(tmp_path / "state.sqlite") as state:
        line = Line(CountingProvider(), Tuning(), FakeClock(), Random(1))
        picture = PictureFile(tmp_path / "x", digest_of(b""), "png")
        assert await Uploads(state, lambda: 0.0).link(line, picture) == ""
