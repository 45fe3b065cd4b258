"""Foreign errors become ours by the phase they struck in; downloads are checked, and nothing is left of a bad one."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from assetgen.errors import WriteError
from assetgen.providers.base import AmbiguousError, ProviderError, Succeeded, TransientError, UnavailableError
from assetgen.providers.http import Answer, Client, Phase, Service, Timeouts, translate
from tests.support.kie import IMPATIENT, KEY, QUICK, kie_on_emulator, order

SERVICE = Service("Acme", "https://acme.example/log")
TARGET = cast(ConnectionKey, SimpleNamespace(host="acme.example", port=443, ssl=True, is_ssl=True))
REFUSED = OSError(111, "Connection refused")


@pytest.mark.parametrize(
    ("error", "submitting", "words"),
    [
        (
            aiohttp.ClientConnectorDNSError(TARGET, OSError(-2, "Name or service not known")),
            UnavailableError,
            "not found",
        ),
        (aiohttp.ClientConnectorError(TARGET, REFUSED), UnavailableError, "made (Connection refused)"),
        (aiohttp.ClientConnectorSSLError(TARGET, ssl.SSLError(1, "wrong version")), UnavailableError, "no secure"),
        (aiohttp.ClientConnectorCertificateError(TARGET, ssl.CertificateError()), UnavailableError, "certificate"),
        (aiohttp.ConnectionTimeoutError("secret"), UnavailableError, "no connection was made in time"),
        (aiohttp.SocketTimeoutError("secret"), AmbiguousError, "no answer came in time"),
        (TimeoutError(), AmbiguousError, "no answer came in time"),
        (aiohttp.ServerDisconnectedError("secret"), AmbiguousError, "closed without an answer"),
        (aiohttp.ClientOSError(104, "secret"), AmbiguousError, "the connection was lost"),
        (aiohttp.ClientConnectionResetError("secret"), AmbiguousError, "the connection was reset"),
        (ConnectionResetError(104, "secret"), AmbiguousError, "the connection was reset"),
        (aiohttp.ClientPayloadError("secret"), AmbiguousError, "the answer broke off half-way"),
        (aiohttp.InvalidURL("secret"), AmbiguousError, "the link is not a valid address"),
        (ssl.SSLError(1, "secret"), AmbiguousError, "the connection failed"),
        (OSError("secret"), AmbiguousError, "the connection failed"),
    ],
)
def test_what_an_error_means_depends_on_the_phase(
    error: Exception, submitting: type[ProviderError], words: str
) -> None:
    failure = translate(error, Phase.SUBMIT, SERVICE)
    assert type(failure) is submitting
    assert words in failure.message
    assert failure.hint
    for phase in (Phase.POLL, Phase.FETCH):
        assert type(translate(error, phase, SERVICE)) is TransientError
    assert "secret" not in f"{failure.message} {failure.hint}"


def test_an_ambiguous_submission_says_where_to_look() -> None:
    failure = translate(TimeoutError(), Phase.SUBMIT, SERVICE)
    assert failure.message == (
        "The request was sent to Acme, but no answer came in time: it may have been accepted and charged."
    )
    assert "https://acme.example/log" in (failure.hint or "")


def test_words_of_a_service_are_one_printable_line_without_the_key() -> None:
    answer = Answer(200, "x" * 200, secret="s3cret")
    assert answer.quoted("a\n\tb\x1b[31m  s3cret\u202e!") == "a b [31m [key] !"
    assert answer.quoted("long " * 100).endswith("…")
    assert len(answer.quoted("long " * 100)) == 300
    assert len(answer.excerpt) == 120
    assert Answer(200, "").excerpt == "nothing"
    assert "s3cret" not in repr(answer)


async def test_nobody_listening_is_surely_not_accepted() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        client = Client(SERVICE, timeouts=QUICK, largest=10)
        with pytest.raises(UnavailableError, match="Acme could not be reached") as caught:
            await client.call(Phase.SUBMIT, "POST", url, headers={"Authorization": "Bearer secret"}, body={})
        with pytest.raises(TransientError):
            await client.call(Phase.POLL, "GET", url, headers={})
        await client.close()
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


async def test_submissions_use_a_connection_of_their_own() -> None:
    async with kie_on_emulator() as (kie, emulator):
        for _ in range(2):
            await kie.submit(order())
        await kie.account()
        closing = [received.headers.get("Connection") for received in emulator.received]
        assert closing == ["close", "close", None]


# --- downloads, with the provider's fetch on top ----------------------------------------------------------------------


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def content_of(path: Path) -> bytes:
    return path.read_bytes()


async def fetched(target: Path, *faults: str, timeouts: Timeouts = QUICK, **options: Any) -> bytes:
    """The bytes of a fresh task's result."""
    async with kie_on_emulator(*faults, timeouts=timeouts, **options) as (kie, _):
        state = await kie.poll((await kie.submit(order())).task)
        assert isinstance(state, Succeeded)
        await kie.fetch(state, target)
        return content_of(target)


@pytest.mark.parametrize(
    ("fault", "timeouts", "words"),
    [
        ("reset", QUICK, "KIE: the connection was closed without an answer while fetching the result."),
        ("half", QUICK, "KIE: the answer broke off half-way while fetching the result."),
        ("empty", QUICK, "KIE sent an empty file."),
        ("html", QUICK, "KIE sent a web page instead of the file."),
        ("hang", IMPATIENT, "KIE: no answer came in time while fetching the result."),
        ("drip?pause=1", IMPATIENT, "KIE: no answer came in time while fetching the result."),
        ("http-500", QUICK, "KIE's result link answers 500."),
        ("http-429", QUICK, "KIE's result link answers 429."),
    ],
)
async def test_a_download_that_does_not_work_is_transient_and_leaves_nothing(
    tmp_path: Path, fault: str, timeouts: Timeouts, words: str
) -> None:
    with pytest.raises(TransientError) as caught:
        await fetched(tmp_path / "master", f"download:*:{fault}", timeouts=timeouts)
    assert caught.value.message == words
    assert caught.value.hint
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("fault", ["chunked", "redirect", "drip?pause=0", "jpeg", "corrupt", "bomb", "wrong-type"])
async def test_whatever_arrives_whole_is_stored_as_received(tmp_path: Path, fault: str) -> None:
    """Whether it is a picture is for those to say who can decode it."""
    assert await fetched(tmp_path / "master", f"download:1:{fault}")


async def test_a_result_that_is_too_large_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(TransientError, match="more than the 100 bytes that a result may have"):
        await fetched(tmp_path / "master", largest=100)
    assert files_in(tmp_path) == []


async def test_redirects_do_not_go_on_for_ever(tmp_path: Path) -> None:
    with pytest.raises(TransientError, match="it redirected too many times"):
        await fetched(tmp_path / "master", "download:*:redirect")


async def test_a_file_that_cannot_be_written_is_our_trouble_not_the_services(tmp_path: Path) -> None:
    (tmp_path / "master").mkdir()
    with pytest.raises(WriteError, match=r"cannot write .*: a folder stands there") as caught:
        await fetched(tmp_path / "master")
    assert "the service keeps the result" in (caught.value.hint or "")


async def test_a_cancelled_download_leaves_nothing(tmp_path: Path) -> None:
    async with kie_on_emulator("download:1:drip?pause=10") as (kie, emulator):
        state = await kie.poll((await kie.submit(order())).task)
        assert isinstance(state, Succeeded)
        fetching = asyncio.create_task(kie.fetch(state, tmp_path / "master"))
        while not files_in(tmp_path):  # noqa: ASYNC110 (a file is what it waits for)
            await asyncio.sleep(0.001)
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
        assert emulator.downloads == 1
    assert files_in(tmp_path) == []


async def test_no_credentials_travel_with_downloads_or_redirects(tmp_path: Path) -> None:
    async with kie_on_emulator("download:1:redirect") as (kie, emulator):
        state = await kie.poll((await kie.submit(order())).task)
        assert isinstance(state, Succeeded)
        await kie.fetch(state, tmp_path / "master")
        files = [received for received in emulator.received if received.path.startswith("/files/")]
        assert len({received.port for received in files}) == 2
        assert not any(KEY in str(received) or "Authorization" in received.headers for received in files)
        assert all(received.headers["User-Agent"].startswith("assetgen/") for received in emulator.received)
