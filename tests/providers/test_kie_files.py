"""Uploading to KIE's file service: the provider against the emulator over loopback HTTP, and answers read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from assetgen.catalog import CATALOG
from assetgen.digest import digest_of
from assetgen.errors import PictureError, UsageError
from assetgen.executors.threads import Threads
from assetgen.manifest.recipe import Tuning
from assetgen.providers.base import (
    BadKeyError,
    LinkRefusedError,
    PictureFile,
    ProviderContext,
    ProviderError,
    RefusedError,
    StopSubmittingError,
    UnavailableError,
    Uploader,
)
from assetgen.providers.http import Answer
from assetgen.providers.kie import Kie, kie_from, request_body
from assetgen.providers.kie_files import LIFETIME, uploaded
from tests.support.fakes import FakeClock
from tests.support.kie import IMPATIENT, KEY, QUICK, SMALL, kie_on_emulator, order
from tests.support.pictures import png


def picture(folder: Path, data: bytes | None = None, form: str = "png") -> PictureFile:
    data = data or png(8, 8)
    (folder / "picture").write_bytes(data)
    return PictureFile(folder / "picture", digest_of(data), form)


async def test_an_upload_is_named_by_its_digest_and_can_be_seen_without_a_key(tmp_path: Path) -> None:
    async with kie_on_emulator() as (kie, emulator), aiohttp.ClientSession() as session:
        shown = picture(tmp_path)
        done = await kie.upload(shown)
        assert done.url == f"{emulator.base_url}/uploads/assetgen/{shown.sha256}.png"
        assert done.lifetime == LIFETIME < 24 * 3600
        async with session.get(done.url) as answer:
            assert (answer.content_type, await answer.read()) == ("image/png", shown.file.read_bytes())


async def test_large_files_are_streamed(tmp_path: Path) -> None:
    async with kie_on_emulator() as (kie, emulator):
        data = png(8, 8) + bytes(12_000_000)
        await kie.upload(picture(tmp_path, data))
        assert int(emulator.received[-1].headers["Content-Length"]) > len(data)


async def test_a_request_shows_the_model_its_pictures(tmp_path: Path) -> None:
    async with kie_on_emulator() as (kie, emulator):
        link = (await kie.upload(picture(tmp_path))).url
        await kie.submit(order(links=(link, "https://example.com/b.jpg")))
        sent: Any = emulator.accepted[0]
        assert sent["input"]["image_input"] == [link, "https://example.com/b.jpg"]


def test_a_model_gets_no_more_pictures_than_it_takes() -> None:
    with pytest.raises(RefusedError, match="takes at most 8 pictures"):
        request_body(order(links=("https://example.com/a.png",) * 9), SMALL.models)


async def test_an_upload_that_expired_cannot_be_ordered_with(tmp_path: Path) -> None:
    clock = FakeClock()
    async with kie_on_emulator(emulator_clock=clock.time) as (kie, emulator):
        link = (await kie.upload(picture(tmp_path))).url
        clock.now += 24 * 3600
        with pytest.raises(LinkRefusedError, match="could not load an input picture"):
            await kie.submit(order(links=(link,)))
        await kie.upload(picture(tmp_path))
        await kie.submit(order(links=(link,)))
        assert len(emulator.accepted) == 1


async def test_what_is_no_picture_is_refused_when_it_is_ordered_with(tmp_path: Path) -> None:
    async with kie_on_emulator() as (kie, _):
        link = (await kie.upload(picture(tmp_path, b"not a picture"))).url
        with pytest.raises(RefusedError, match="file type not supported"):
            await kie.submit(order(links=(link,)))


UPLOAD_FAULTS: list[tuple[str, type[ProviderError], str]] = [
    ("reset", UnavailableError, "KIE: the connection was closed without an answer while uploading a picture."),
    ("hang", UnavailableError, "KIE: no answer came in time while uploading a picture."),
    ("half", UnavailableError, "KIE: the answer broke off half-way while uploading a picture."),
    ("empty", UnavailableError, "KIE did not take a picture (200: nothing)."),
    ("html", UnavailableError, "KIE did not take a picture (200: <!DOCTYPE html>"),
    ("invalid-json", UnavailableError, "KIE did not take a picture (200:"),
    ("redirect", UnavailableError, "KIE did not take a picture (307: nothing)."),
    ("code-429", UnavailableError, "KIE did not take a picture (429: Your call frequency is too high."),
    ("http-502-html", UnavailableError, "KIE did not take a picture (502: <!DOCTYPE html>"),
    ("code-500", UnavailableError, "KIE did not take a picture (500: Server exception"),
    ("code-400", RefusedError, "KIE refuses the upload of a picture (400: taskId parameter is required)."),
    ("http-413", RefusedError, "KIE refuses the upload of a picture (413:"),
    ("http-404", RefusedError, "There is no upload service (404: Task not found)."),
    ("code-401", BadKeyError, "KIE does not accept the API key (401: You do not have access permissions)."),
    ("code-402", StopSubmittingError, "KIE refuses uploads (402: Credits insufficient"),
    ("code-433", StopSubmittingError, "The API key has reached its spending limit (433:"),
    ("raw?status=403&body=error+code:+1010", BadKeyError, "The content network (Cloudflare) before KIE"),
]


@pytest.mark.parametrize(("fault", "error", "words"), UPLOAD_FAULTS, ids=[row[0] for row in UPLOAD_FAULTS])
async def test_every_kind_of_trouble_is_called_by_its_name(
    fault: str, error: type[ProviderError], words: str, tmp_path: Path
) -> None:
    timeouts = IMPATIENT if fault == "hang" else QUICK
    async with kie_on_emulator(f"upload:*:{fault}", timeouts=timeouts) as (kie, emulator):
        with pytest.raises(error) as caught:
            await kie.upload(picture(tmp_path))
        assert caught.value.message.startswith(words)
        assert type(caught.value) is error
        assert KEY not in repr(caught.value) + str(caught.value.hint)
        assert (emulator.uploads, emulator.creates) == (1, 0)


async def test_no_key_and_no_picture_leave_by_a_redirect(tmp_path: Path) -> None:
    async with kie_on_emulator("upload:*:redirect") as (kie, emulator):
        with pytest.raises(UnavailableError):
            await kie.upload(picture(tmp_path))
        assert len({request.port for request in emulator.received}) == 1


async def test_a_service_that_is_not_there(tmp_path: Path) -> None:
    async with kie_on_emulator() as (_, emulator):
        kie = Kie(KEY, SMALL.models, address=emulator.base_url, upload_address="http://127.0.0.1:9")
        with pytest.raises(UnavailableError, match="could not be reached"):
            await kie.upload(picture(tmp_path))
        await kie.close()


async def test_a_file_that_is_not_there_is_not_the_services_fault(tmp_path: Path) -> None:
    async with kie_on_emulator() as (kie, emulator):
        with pytest.raises(PictureError, match="`gone` cannot be read"):
            await kie.upload(PictureFile(tmp_path / "gone", digest_of(b""), "png"))
        assert emulator.uploads == 0


async def test_a_format_that_the_service_does_not_know_is_not_sent(tmp_path: Path) -> None:
    async with kie_on_emulator() as (kie, emulator):
        with pytest.raises(RefusedError, match="KIE takes no GIF pictures"):
            await kie.upload(picture(tmp_path, form="gif"))
        assert emulator.uploads == 0


# --- addresses ------------------------------------------------------------

REAL = "https://kieai.redpandaai.co"


@pytest.mark.parametrize(
    ("environment", "shelf"),
    [
        ({}, REAL),
        ({"KIE_AI_BASE_URL": "https://api.kie.ai/"}, REAL),
        ({"KIE_AI_BASE_URL": "http://127.0.0.1:8123"}, "http://127.0.0.1:8123"),
        ({"KIE_AI_BASE_URL": "https://gateway.example.com/kie"}, "https://gateway.example.com/kie"),
        ({"KIE_AI_UPLOAD_URL": "https://files.example.com/"}, "https://files.example.com"),
    ],
)
def test_where_pictures_are_put(environment: dict[str, str], shelf: str) -> None:
    kie = kie_from(_context(environment))
    assert isinstance(kie, Uploader)
    assert kie.shelf == shelf


def test_an_unencrypted_upload_address_is_refused() -> None:
    with pytest.raises(UsageError, match="KIE_AI_UPLOAD_URL is a plain http address"):
        kie_from(_context({"KIE_AI_UPLOAD_URL": "http://files.example.com"}))


def _context(environment: Mapping[str, str]) -> ProviderContext:
    return ProviderContext({"KIE_AI_API_KEY": KEY, **environment}, CATALOG, Tuning(), Threads(1))


# --- answers ------------------------------------------------------------

NOW = 1_790_000_000.0
LINK = "https://tempfile.example.com/a.png"


def answer(data: Any, code: int = 200, date: float | None = NOW) -> Answer:
    return Answer(200, json.dumps({"success": True, "code": code, "msg": "ok", "data": data}), date=date)


@pytest.mark.parametrize(
    ("data", "lifetime"),
    [
        ({"downloadUrl": LINK}, LIFETIME),
        ({"fileUrl": LINK, "fileId": "f1"}, LIFETIME),
        ({"downloadUrl": LINK, "expiresAt": "2026-09-21T20:13:20Z"}, 5 * 3600),
        ({"downloadUrl": LINK, "expiresAt": "2026-09-21T20:13:20"}, 5 * 3600),
        ({"downloadUrl": LINK, "expiresAt": "2027-01-01T00:00:00.000Z"}, LIFETIME),
        ({"downloadUrl": LINK, "expiresAt": "2026-09-21T14:00:00Z"}, 0),
        ({"downloadUrl": LINK, "expiresAt": "soon"}, LIFETIME),
    ],
)
def test_how_long_a_link_is_relied_on(data: dict[str, str], lifetime: float) -> None:
    found = uploaded(answer(data), 10)
    assert (found.url, found.lifetime) == (LINK, lifetime)


def test_an_end_without_the_services_own_time_says_nothing() -> None:
    assert (
        uploaded(answer({"downloadUrl": LINK, "expiresAt": "2026-09-21T20:13:20Z"}, date=None), 10).lifetime == LIFETIME
    )


@pytest.mark.parametrize(
    "data",
    [None, {}, {"downloadUrl": None}, {"downloadUrl": "file:///etc/passwd"}, {"downloadUrl": LINK, "fileSize": 9}],
)
def test_an_answer_without_a_whole_file_behind_a_link_is_none(data: Any) -> None:
    with pytest.raises(UnavailableError):
        uploaded(answer(data), 10)
