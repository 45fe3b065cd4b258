"""The HTTP remover against a real server: what it sends, what it makes of every kind of answer, and what it keeps to
itself."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from assetgen.errors import AssetError, PictureError, UsageError
from assetgen.executors.threads import Threads
from assetgen.removers.attempts import removed
from assetgen.removers.base import (
    BadKeyError,
    BusyError,
    Cut,
    Patience,
    Removal,
    RemovalError,
    RemoverContext,
    SpoiledError,
    StopRemovingError,
    UnsureError,
)
from assetgen.removers.service import Account, Service, Timeouts, account_from, service_from
from tests.removers import service_server as fake
from tests.removers.service_server import FakeService, Reply, packed, says, says_json, serving
from tests.support.fakes import FakeClock

KEY = "bg-secret-0123456789"
QUICK = Timeouts(connect=5, stall=5, call=5)
IMPATIENT = Timeouts(connect=5, stall=0.1, call=5)
CUTOUT = packed(fake.without_background())


@asynccontextmanager
async def service_on(
    *replies: Reply, timeouts: Timeouts = QUICK, header: str = "x-api-key", largest: int = 10_000_000
) -> AsyncIterator[tuple[Service, FakeService]]:
    async with serving(*replies) as server, Threads(2) as threads:
        account = Account(server.url, KEY, header)
        service = Service(account, threads, timeouts=timeouts, largest=largest, patience=Patience(1, 2, 30, 3, 0.25))
        try:
            yield service, server
        finally:
            await service.close()


def removal(folder: Path, file_format: str = "PNG") -> Removal:
    (folder / "master").write_bytes(packed(fake.with_background(), file_format))
    return Removal(folder / "master", folder / "cutout")


async def cut(folder: Path, *replies: Reply, timeouts: Timeouts = QUICK, largest: int = 10_000_000) -> Cut:
    async with service_on(*replies, timeouts=timeouts, largest=largest) as (service, _):
        return await service.remove(removal(folder))


async def test_the_picture_is_sent_as_a_form_and_the_cutout_is_written(tmp_path: Path) -> None:
    async with service_on(says(200, CUTOUT, "image/png")) as (service, server):
        done = await service.remove(removal(tmp_path))
    sent = server.received[0]
    assert sent.fields == {"cropToForeground": "false", "outputFormat": "png"}
    assert (sent.filename, sent.kind) == ("picture.png", "image/png")
    assert sent.file == (tmp_path / "master").read_bytes()
    assert sent.headers["x-api-key"] == KEY
    assert sent.headers["User-Agent"].startswith("assetgen/")
    assert (done.width, done.height, done.note) == (48, 32, None)
    assert 0.4 < done.foreground < 0.6
    with Image.open(tmp_path / "cutout") as made:
        assert (made.format, made.mode, made.size) == ("PNG", "RGBA", (48, 32))
        assert made.getpixel((0, 0)) == (0, 0, 0, 0)  # nothing of the background is left under what is invisible


async def test_the_bytes_decide_what_is_sent(tmp_path: Path) -> None:
    async with service_on(says(200, CUTOUT)) as (service, server):
        await service.remove(removal(tmp_path, "JPEG"))
    assert (server.received[0].filename, server.received[0].kind) == ("picture.jpeg", "image/jpeg")


async def test_the_key_goes_into_the_header_that_the_service_wants(tmp_path: Path) -> None:
    async with service_on(says(200, CUTOUT), header="Authorization") as (service, server):
        await service.remove(removal(tmp_path))
    assert server.received[0].headers["Authorization"] == KEY
    assert "x-api-key" not in server.received[0].headers


async def test_without_a_key_none_is_sent(tmp_path: Path) -> None:
    async with serving(says(200, CUTOUT)) as server, Threads(1) as threads:
        service = service_from(RemoverContext({"BG_REMOVE_URL": server.url}, threads))
        await service.remove(removal(tmp_path))
        await service.close()
    assert "x-api-key" not in {name.lower() for name in server.received[0].headers}


@pytest.mark.parametrize(
    ("reply", "timeouts", "kind", "words"),
    [
        (fake.resets, QUICK, UnsureError, "but the connection was closed without an answer"),
        (fake.breaks_off, QUICK, UnsureError, "but the answer broke off half-way"),
        (fake.hangs, IMPATIENT, UnsureError, "but no answer came in time"),
        (says(200), QUICK, UnsureError, "answered with nothing"),
        (says(200, "<!doctype html><p>hello", "text/html"), QUICK, UnsureError, "service sent is an HTML page"),
        (says(200, CUTOUT[:200], "image/png"), QUICK, UnsureError, "sent is a damaged or incomplete PNG"),
        (says(200, "{broken", "application/json"), QUICK, UnsureError, "answered with broken JSON"),
        (says(500, "oops"), QUICK, UnsureError, "answers 500: oops"),
        (says(502, "<html>bad gateway", "text/html"), QUICK, UnsureError, "answers 502: a web page"),
        (says(429, "slow down"), QUICK, BusyError, "answers 429: slow down"),
        (says(503), QUICK, BusyError, "answers 503: nothing"),
        (says_json({"error": {"message": f"bad key {KEY}"}}, 401), QUICK, BadKeyError, "answers 401: bad key [key]"),
        (says_json({"errors": [{"title": "No credits"}]}, 402), QUICK, StopRemovingError, "answers 402: No credits"),
        (says(403), QUICK, BadKeyError, "answers 403"),
        (says(413), QUICK, RemovalError, "answers 413"),
        (says(404), QUICK, RemovalError, "answers 404"),
        (says(422, "no face found"), QUICK, RemovalError, "answers 422: no face found"),
        (says_json({"status": "done", "message": "later"}), QUICK, SpoiledError, "without a picture: later"),
        (says(200, packed(fake.with_background())), QUICK, SpoiledError, "sent the picture back with its background"),
        (says(200, packed(fake.with_background(), "JPEG")), QUICK, SpoiledError, "back with its background"),
        (
            says(200, packed(fake.with_background().convert("RGBA"))),
            QUICK,
            SpoiledError,
            "sent the picture back with its background",
        ),
        (says(200, packed(Image.new("RGBA", fake.SIZE))), QUICK, SpoiledError, "removed all of the picture"),
    ],
)
async def test_what_goes_wrong_is_said_and_nothing_is_written(
    tmp_path: Path, reply: Reply, timeouts: Timeouts, kind: type[RemovalError], words: str
) -> None:
    with pytest.raises(RemovalError) as caught:
        await cut(tmp_path, reply, timeouts=timeouts)
    assert type(caught.value) is kind
    assert words in caught.value.message
    assert caught.value.hint
    assert KEY not in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.__context__ is None or isinstance(caught.value.__context__, PictureError)
    assert not (tmp_path / "cutout").exists()


async def test_nobody_listening_is_surely_not_done(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        async with Threads(1) as threads:
            service = Service(Account(f"http://127.0.0.1:{taken.getsockname()[1]}/", KEY), threads)
            with pytest.raises(BusyError, match="could not be reached: no connection could be made"):
                await service.remove(removal(tmp_path))
            await service.close()


async def test_a_redirect_is_not_followed_so_the_key_stays_home(tmp_path: Path) -> None:
    async with serving(says(200, CUTOUT)) as elsewhere:
        with pytest.raises(RemovalError, match="answers 307") as caught:
            await cut(tmp_path, says(307, Location=elsewhere.url))
        assert elsewhere.received == []
    assert "redirects are not followed" in (caught.value.hint or "")


async def test_an_answer_that_is_too_large_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(RemovalError, match="sent more than the 100 bytes that are accepted"):
        await cut(tmp_path, says(200, CUTOUT), largest=100)


async def test_another_size_is_kept_and_said(tmp_path: Path) -> None:
    done = await cut(tmp_path, says(200, packed(fake.without_background((24, 16)))))
    assert (done.width, done.height) == (24, 16)
    assert done.note == "the background removal service sent 24x16 pixels for a picture of 48x32"


async def test_a_source_that_is_no_picture_is_never_sent(tmp_path: Path) -> None:
    (tmp_path / "master").write_bytes(b"<svg/>")
    async with service_on(says(200, CUTOUT)) as (service, server):
        with pytest.raises(PictureError, match="`master` is an SVG drawing"):
            await service.remove(Removal(tmp_path / "master", tmp_path / "cutout"))
        with pytest.raises(PictureError, match="`gone` cannot be read"):
            await service.remove(Removal(tmp_path / "gone", tmp_path / "cutout"))
    assert server.received == []


async def test_a_cancelled_call_leaves_nothing(tmp_path: Path) -> None:
    async with service_on(fake.hangs) as (service, server):
        waiting = asyncio.create_task(service.remove(removal(tmp_path)))
        while not server.received:  # noqa: ASYNC110 (the other side of a socket is what it waits for)
            await asyncio.sleep(0.001)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert not (tmp_path / "cutout").exists()


# --- trying again -------------------------------------------------------------------------------------------------


async def attempted(folder: Path, *replies: Reply, priced: bool) -> tuple[Cut | AssetError, list[float], int]:
    """What came of it, the waits in between, and how many calls the service got."""
    clock = FakeClock()
    async with service_on(*replies) as (service, server):
        try:
            done: Cut | AssetError = await removed(
                service, removal(folder), sleep=clock.sleep, spread=lambda: 0.0, priced=priced
            )
        except RemovalError as error:
            done = error
        return done, clock.slept, len(server.received)


async def test_what_passes_by_itself_is_tried_again_with_patience(tmp_path: Path) -> None:
    done, waits, calls = await attempted(
        tmp_path, says(503), says(429, Retry_After="7"), says(200, CUTOUT), priced=True
    )
    assert isinstance(done, Cut)
    assert waits == [1, 7]
    assert calls == 3


async def test_patience_ends(tmp_path: Path) -> None:
    done, waits, calls = await attempted(tmp_path, says(503), priced=True)
    assert isinstance(done, BusyError)
    assert (waits, calls) == ([1, 2], 3)


@pytest.mark.parametrize("doubtful", [says(500), fake.resets, says(200, CUTOUT[:100])])
async def test_what_may_have_been_charged_is_tried_again_only_where_it_costs_nothing(
    tmp_path: Path, doubtful: Reply
) -> None:
    done, _, calls = await attempted(tmp_path, doubtful, says(200, CUTOUT), priced=False)
    assert isinstance(done, Cut)
    assert calls == 2
    done, _, calls = await attempted(tmp_path, doubtful, says(200, CUTOUT), priced=True)
    assert isinstance(done, UnsureError)
    assert calls == 1


@pytest.mark.parametrize("final", [says(401), says(402), says(422), says(200, packed(fake.with_background()))])
async def test_what_will_not_change_is_not_tried_again(tmp_path: Path, final: Reply) -> None:
    done, waits, calls = await attempted(tmp_path, final, says(200, CUTOUT), priced=False)
    assert isinstance(done, RemovalError)
    assert (waits, calls) == ([], 1)


# --- settings -----------------------------------------------------------------------------------------------------


def test_the_account_comes_from_the_environment() -> None:
    found = account_from(
        {
            "BG_REMOVE_URL": " https://bg.example/v1/remove?model=best ",
            "BG_REMOVE_API_KEY": f"{KEY}\n",
            "BG_REMOVE_API_KEY_HEADER": "X-Token",
        }
    )
    assert found == Account("https://bg.example/v1/remove?model=best", KEY, "X-Token")
    assert KEY not in repr(found)
    assert account_from({"BG_REMOVE_URL": "http://localhost:7000/"}).header == "x-api-key"


def test_without_an_address_there_is_no_service() -> None:
    with pytest.raises(RemovalError, match="needs BG_REMOVE_URL") as caught:
        account_from({"BG_REMOVE_API_KEY": KEY})
    assert "choose another `remover`" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"BG_REMOVE_URL": "bg.example/remove"}, "BG_REMOVE_URL is not a web address"),
        ({"BG_REMOVE_URL": "ftp://bg.example"}, "BG_REMOVE_URL is not a web address"),
        ({"BG_REMOVE_URL": "https://bg.example:port"}, "BG_REMOVE_URL is not a web address"),
        ({"BG_REMOVE_URL": "https://bg example"}, "BG_REMOVE_URL is not a web address"),
        ({"BG_REMOVE_URL": "https://me:pass@bg.example"}, "BG_REMOVE_URL holds a user name or a `#`"),
        ({"BG_REMOVE_URL": "http://bg.example"}, "BG_REMOVE_URL is a plain http address"),
        ({"BG_REMOVE_URL": "http://127.0.0.1.bg.example"}, "BG_REMOVE_URL is a plain http address"),
        ({"BG_REMOVE_URL": "http://10.0.0.1"}, "BG_REMOVE_URL is a plain http address"),
        (
            {"BG_REMOVE_URL": "https://bg.example", "BG_REMOVE_API_KEY_HEADER": "X Token:"},
            "BG_REMOVE_API_KEY_HEADER is not the name of an HTTP header",
        ),
        ({"BG_REMOVE_URL": "https://bg.example", "BG_REMOVE_API_KEY": "a\nb"}, "BG_REMOVE_API_KEY holds a line break"),
    ],
)
def test_settings_that_cannot_be_right_are_refused_unquoted(settings: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        account_from(settings)
    assert words in caught.value.message
    assert not any(value in f"{caught.value.message} {caught.value.hint}" for value in settings.values())


@pytest.mark.parametrize(
    "address", ["http://localhost:1/x", "http://127.0.0.1", "http://127.8.8.8:1", "http://[::1]:8"]
)
def test_plain_http_is_accepted_on_this_machine(address: str) -> None:
    assert account_from({"BG_REMOVE_URL": address}).address == address
