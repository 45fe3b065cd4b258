"""HTTP towards services: one session, our timeouts, and every foreign error turned into one of ours.

Makes one attempt per call (the library repeats a GET once whose connection broke) and knows no service's protocol.
What an error means for money depends on when it struck, so each call says its phase. Two rules keep keys at home: calls
never follow a redirect, and downloads, which do, carry no credentials. Foreign errors are never chained to ours or
quoted, since they may hold headers and links.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import Enum
from pathlib import Path
from typing import BinaryIO, TypeVar

import aiohttp

from assetgen import __version__, atomic
from assetgen.digest import Json
from assetgen.errors import PictureError, WriteError
from assetgen.network import BEFORE_SENDING, in_our_words
from assetgen.providers.address import is_loopback_host
from assetgen.providers.base import AmbiguousError, ProviderError, TransientError, UnavailableError

USER_AGENT = f"assetgen/{__version__}"
"""Who we are; services behind a content network refuse programs that do not say so."""

_LONGEST_ANSWER = 1 << 20
_MOST_REDIRECTS = 5
_PIECE = 1 << 18
_FOREIGN = (aiohttp.ClientError, OSError)  # TimeoutError and ssl.SSLError are OSErrors


T = TypeVar("T")


class Phase(Enum):
    """What a call is for: only one that may create something paid can be ambiguous."""

    SUBMIT = "submit"
    POLL = "poll"
    FETCH = "fetch"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, for a whole call, between two pieces of a download, and for a whole download."""

    connect: float = 10
    call: float = 60
    stall: float = 30
    download: float = 600


@dataclass(frozen=True, slots=True)
class Service:
    """Who is called, for messages: its name, and where people can see what it did."""

    name: str
    log_page: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: the HTTP status, the body as text, `Retry-After` in seconds, and its own time,
    `date`, in seconds since 1970."""

    status: int
    text: str
    retry_after: float | None = None
    secret: str = field(default="", repr=False)
    date: float | None = None

    def quoted(self, words: str, limit: int = 300) -> str:
        """Words of the service as they may appear in a message: one printable line, cut, without our key.

        Nothing that a service said comes into a message on any other way.
        """
        if self.secret:
            words = words.replace(self.secret, "[key]")
        line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
        return line if len(line) <= limit else line[: limit - 1] + "…"

    @property
    def excerpt(self) -> str:
        """The start of the body, for answers that make no sense."""
        return self.quoted(self.text, 120) or "nothing"


_SENDING = (Phase.SUBMIT, Phase.UPLOAD)


def translate(error: BaseException, phase: Phase, service: Service) -> ProviderError:
    """What a foreign error means in a phase of talking to `service`. When in doubt a submission is ambiguous."""
    words = in_our_words(error)
    if isinstance(error, BEFORE_SENDING):
        unreachable = f"{service.name} could not be reached: {words}."
        if isinstance(error, aiohttp.ClientConnectorError) and is_loopback_host(error.host):
            unreachable += " Is `assetgen emulator` running?"
        hint = "Check the network, a proxy or firewall, and the service's address."
        return (UnavailableError if phase in _SENDING else TransientError)(unreachable, hint=hint)
    if phase is Phase.SUBMIT:
        return ambiguous(service, words)
    if phase is Phase.UPLOAD:
        return UnavailableError(f"{service.name}: {words} while uploading a picture.", hint="Uploads cost nothing.")
    doing = "asking for the task" if phase is Phase.POLL else "fetching the result"
    return TransientError(
        f"{service.name}: {words} while {doing}.", hint="The task is not affected; it is asked for again."
    )


def ambiguous(service: Service, words: str) -> AmbiguousError:
    """A submission that was sent and may have been accepted; `words` say what came instead of a clear answer. What
    happens to it next is the engine's to say."""
    return AmbiguousError(
        f"The request was sent to {service.name}, but {words}: it may have been accepted and charged.",
        hint=f"Look for it on {service.log_page}.",
    )


class Client:
    """HTTP towards one service. Opens its sessions when first used, inside the running loop."""

    def __init__(self, service: Service, *, timeouts: Timeouts, largest: int, secret: str = "") -> None:
        """`largest` is the most bytes that a download may have; `secret` is kept out of every message."""
        self._service = service
        self._timeouts = timeouts
        self._largest = largest
        self._secret = secret
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def call(
        self,
        phase: Phase,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        parameters: Mapping[str, str] | None = None,
        body: Json = None,
    ) -> Answer:
        """One call of an API and its whole answer, whatever its status. Never follows a redirect.

        Raises UnavailableError or AmbiguousError while submitting, TransientError otherwise.
        """
        timeout = aiohttp.ClientTimeout(total=self._timeouts.call, sock_connect=self._timeouts.connect)
        try:
            async with self._session(phase).request(
                method, url, headers=headers, params=parameters, json=body, timeout=timeout, allow_redirects=False
            ) as response:
                text = await _read_text(response)
                return Answer(response.status, text, _retry_after(response), self._secret, _date(response))
        except _FOREIGN as error:
            failure = translate(error, phase, self._service)
        raise failure  # outside of `except`, so that the foreign error is not even its context

    async def send_file(
        self, url: str, file: Path, name: str, media_type: str, *, headers: Mapping[str, str], fields: Mapping[str, str]
    ) -> Answer:
        """Post a form with `fields` and a file, which is streamed from the disk; returns the whole answer, whatever its
        status. Never follows a redirect. Raises UnavailableError, and PictureError when the file cannot be read."""
        times = self._timeouts
        timeout = aiohttp.ClientTimeout(total=times.download, sock_connect=times.connect, sock_read=times.call)
        with await asyncio.to_thread(_opened, file) as stream:
            form = aiohttp.FormData(fields)
            form.add_field("file", stream, filename=name, content_type=media_type)
            try:
                async with self._session(Phase.UPLOAD).post(
                    url, data=form, headers=headers, timeout=timeout, allow_redirects=False
                ) as response:
                    text = await _read_text(response)
                    return Answer(response.status, text, _retry_after(response), self._secret, _date(response))
            except _FOREIGN as error:
                failure = translate(error, Phase.UPLOAD, self._service)
        raise failure

    async def download(self, url: str, target: Path) -> int:
        """Stream the file behind `url` into `target` and return 200; for any other status return it, nothing written.

        Sends no credentials, follows redirects. Raises TransientError for what broke off, is empty, too large or
        plainly a web page, and WriteError when `target` cannot be written; then `target` is removed again. A body
        shorter than its Content-Length, or one whose last chunk is missing, is noticed by the HTTP library.
        """
        times = self._timeouts
        timeout = aiohttp.ClientTimeout(total=times.download, sock_connect=times.connect, sock_read=times.stall)
        try:
            async with self._session(Phase.FETCH).get(url, timeout=timeout, max_redirects=_MOST_REDIRECTS) as response:
                if response.status == 200:
                    await self._save(response, target)
                return response.status
        except _FOREIGN as error:
            failure = translate(error, Phase.FETCH, self._service)
        raise failure

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _session(self, phase: Phase) -> aiohttp.ClientSession:
        """The session for a phase.

        Submissions never ride on a kept connection: a service may close an idle one at the very moment of sending, and
        the send would be ambiguous for nothing.
        """
        fresh = phase is Phase.SUBMIT
        if fresh not in self._sessions:
            self._sessions[fresh] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=fresh),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            )
        return self._sessions[fresh]

    async def _save(self, response: aiohttp.ClientResponse, target: Path) -> None:
        file = await _created(target)
        try:
            try:
                await self._stream(response, file, target)
            finally:
                await _on_disk(target, file.close)
        except BaseException:
            _remove(target)
            raise

    async def _stream(self, response: aiohttp.ClientResponse, file: BinaryIO, target: Path) -> None:
        size = 0
        async for piece in response.content.iter_chunked(_PIECE):
            if size == 0 and _is_page(piece):
                raise self._unusable("sent a web page instead of the file")
            size += len(piece)
            if size > self._largest:
                raise self._unusable(f"sent more than the {self._largest} bytes that a result may have")
            await _on_disk(target, file.write, piece)
        if size == 0:
            raise self._unusable("sent an empty file")

    def _unusable(self, words: str) -> TransientError:
        return TransientError(
            f"{self._service.name} {words}.", hint="The result is kept by the service; it is fetched again."
        )


async def _read_text(response: aiohttp.ClientResponse) -> str:
    body = bytearray()
    async for piece in response.content.iter_chunked(_PIECE):
        body += piece
        if len(body) > _LONGEST_ANSWER:
            raise aiohttp.ClientPayloadError
    return body.decode("utf-8", "replace")


def _retry_after(response: aiohttp.ClientResponse) -> float | None:
    """Only the form in seconds: a date would need a clock that both sides agree on."""
    value = response.headers.get("Retry-After", "").strip()
    return float(value) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", value) else None


def _date(response: aiohttp.ClientResponse) -> float | None:
    try:
        return parsedate_to_datetime(response.headers.get("Date", "")).timestamp()
    except (ValueError, OverflowError):
        return None


def _is_page(start: bytes) -> bool:
    return start.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html"))


async def _on_disk(target: Path, function: Callable[..., T], *arguments: object) -> T:
    """Run a file operation off the loop. Its errors are about this machine's disk, never about the service."""
    try:
        return await asyncio.to_thread(function, *arguments)
    except OSError as error:
        failure = atomic.explained(error, target.parent)  # all downloads meet the same trouble there: told once
        hint = f"{failure.hint}; the service keeps the result, and the next build fetches it"
        raise WriteError(failure.message, hint=hint) from error


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise PictureError(f"`{file.name}` cannot be read: {error.strerror or error}") from error


async def _created(target: Path) -> BinaryIO:
    """The file, open. When cancelled while it is being created, it is closed and removed again."""
    creating = asyncio.ensure_future(_on_disk(target, _create, target))
    try:
        return await asyncio.shield(creating)
    except asyncio.CancelledError:
        with suppress(WriteError):
            (await creating).close()
            _remove(target)
        raise


def _create(target: Path) -> BinaryIO:
    return target.open("wb")


def _remove(target: Path) -> None:
    target.unlink(missing_ok=True)
