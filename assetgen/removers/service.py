"""The HTTP remover: hands the picture to a background-removal service, self-hosted or rented, and checks what it gets.

One POST per picture: a multipart form with `file`, `cropToForeground` (always false: cropping is ours) and
`outputFormat` (png). Makes one attempt per call; what an answer means is in `service_answers`. The key goes to the
address it was configured for and nowhere else: redirects are not followed, and nothing foreign is quoted unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import aiohttp

from assetgen import __version__
from assetgen.catalog.removers import REMOVERS, SERVICE
from assetgen.errors import PictureError, UsageError
from assetgen.imaging import signature
from assetgen.imaging.decode import measured
from assetgen.network import BEFORE_SENDING, in_our_words
from assetgen.removers.base import (
    BusyError,
    Cut,
    Executor,
    Patience,
    Removal,
    RemovalError,
    RemoverContext,
    UnsureError,
)
from assetgen.removers.service_answers import Answer, checked_cutout, picture_in

URL, KEY, HEADER = "BG_REMOVE_URL", "BG_REMOVE_API_KEY", "BG_REMOVE_API_KEY_HEADER"
_DEFAULT_HEADER = "x-api-key"

_LARGEST = 128 << 20
"""Bytes that an answer may have; base64 takes a third more than the picture."""

_PIECE = 1 << 18
_FOREIGN = (aiohttp.ClientError, OSError)  # TimeoutError and ssl.SSLError are OSErrors


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two pieces of the answer, and for a whole call."""

    connect: float = 10
    stall: float = 120
    call: float = 300


@dataclass(frozen=True, slots=True)
class Account:
    """Where the service is, and how it knows us. `key` is empty for a service that wants none."""

    address: str = field(repr=False)
    key: str = field(default="", repr=False)
    header: str = _DEFAULT_HEADER


class Service:
    """Removes backgrounds by asking a service. Opens its session when first used, inside the running loop."""

    name = "service"
    version = REMOVERS[SERVICE].version
    calls_service = True

    def __init__(
        self,
        account: Account,
        executor: Executor,
        *,
        patience: Patience | None = None,
        timeouts: Timeouts | None = None,
        largest: int = _LARGEST,
    ) -> None:
        """`largest` is the most bytes that an answer may have."""
        self.patience = patience or Patience()
        self._account = account
        self._executor = executor
        self._timeouts = timeouts or Timeouts()
        self._largest = largest
        self._session: aiohttp.ClientSession | None = None

    async def remove(self, removal: Removal) -> Cut:
        """One call. Raises BusyError, UnsureError, StopRemovingError or RemovalError; see Remover."""
        name, data = await self._executor.run(_read, removal.source)
        answer = await self._asked(name, data)
        picture = picture_in(answer)
        return await self._executor.run(_checked, picture, removal)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _asked(self, name: str, data: bytes) -> Answer:
        form = aiohttp.FormData()
        form.add_field("file", data, filename=f"picture.{name}", content_type=f"image/{name}")
        form.add_field("cropToForeground", "false")
        form.add_field("outputFormat", "png")
        key = self._account.key
        try:
            async with self._opened().post(
                self._account.address,
                data=form,
                headers={self._account.header: key} if key else {},
                allow_redirects=False,
            ) as response:
                body = await self._body(response)
                kind, after = response.content_type, response.headers.get("Retry-After", "")
                return Answer(response.status, body, kind, after, key)
        except _FOREIGN as error:
            failure = translated(error)
        raise failure  # outside of `except`, so that the foreign error is not even its context

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for piece in response.content.iter_chunked(_PIECE):
            body += piece
            if len(body) > self._largest:
                raise RemovalError(
                    f"the background removal service sent more than the {self._largest} bytes that are accepted",
                    hint="ask it for a smaller picture, or generate at a lower `resolution`",
                )
        return bytes(body)

    def _opened(self) -> aiohttp.ClientSession:
        """No connection is kept: a service may close an idle one at the very moment of sending, and nobody would know
        whether it got the picture."""
        if self._session is None:
            times = self._timeouts
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=times.call, sock_connect=times.connect, sock_read=times.stall),
                headers={"User-Agent": f"assetgen/{__version__}", "Accept": "image/png, application/json, image/*"},
            )
        return self._session


def service_from(context: RemoverContext) -> Service:
    """The service that the environment names. Raises RemovalError and UsageError as `account_from`."""
    return Service(account_from(context.environment), context.executor)


def account_from(environment: Mapping[str, str]) -> Account:
    """Address, key and header from the environment. Raises RemovalError when there is no address, and UsageError, which
    quotes nothing, for what cannot be right."""
    address = environment.get(URL, "").strip()
    if not address:
        raise RemovalError(
            f"the remover `service` needs {URL}, the address of a background removal service",
            hint="set it in the environment or in .env.local, or choose another `remover`",
        )
    _check_address(address)
    key, header = environment.get(KEY, "").strip(), environment.get(HEADER, "").strip() or _DEFAULT_HEADER
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", header):  # RFC 9110 section 5.1
        raise UsageError(f"{HEADER} is not the name of an HTTP header", hint=f"leave it unset for {_DEFAULT_HEADER}")
    if not (key.isascii() and key.isprintable()):
        raise UsageError(f"{KEY} holds a line break or another character that no key has", hint="copy the key again")
    return Account(address, key, header)


def translated(error: BaseException) -> BusyError | UnsureError:
    """What a foreign error means: before sending, surely nothing was done; after that, nobody knows."""
    words = in_our_words(error)
    if isinstance(error, BEFORE_SENDING):
        return BusyError(
            f"the background removal service could not be reached: {words}",
            hint=f"check that it runs, the network, and {URL}",
        )
    return UnsureError(
        f"the picture was sent to the background removal service, but {words}",
        hint="look at the service's own log; it may have done the work and counted it",
    )


def _checked(picture: bytes, removal: Removal) -> Cut:
    return checked_cutout(picture, measured(removal.source)[1], removal.target)


def _read(source: Path) -> tuple[str, bytes]:
    """The picture as it is, and the format that its bytes have. Raises PictureError."""
    try:
        with source.open("rb") as file:
            return signature.recognised(file, f"`{source.name}`"), file.read()
    except OSError as error:
        raise PictureError(f"`{source.name}` cannot be read: {error.strerror or error}") from error


def _check_address(address: str) -> None:
    parts = _split(address)
    if parts is None or not parts.hostname or parts.scheme not in ("http", "https"):
        raise UsageError(f"{URL} is not a web address", hint="write it as https://host/path")
    if parts.username is not None or parts.fragment:
        raise UsageError(f"{URL} holds a user name or a `#`", hint=f"leave it out; the key belongs into {KEY}")
    if parts.scheme == "http" and parts.hostname not in ("localhost", "::1") and not _is_loopback(parts.hostname):
        raise UsageError(
            f"{URL} is a plain http address, which would send the key and the picture unencrypted",
            hint="use https; plain http is accepted for addresses of this machine only (localhost, 127.0.0.1, [::1])",
        )


def _is_loopback(host: str) -> bool:
    return re.fullmatch(r"127(\.[0-9]{1,3}){3}", host) is not None


def _split(address: str) -> SplitResult | None:
    if not address.isascii() or not address.isprintable() or any(character in address for character in ' \\"<>'):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts
