"""Pictures from addresses that a manifest names: fetched as a stranger would, without keys, cookies or proxies' help.

A redirect may lead anywhere in public. To this machine or into a private network it leads only to the very host that
the manifest names, so that no stranger's server can point us at what only we can reach.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from assetgen.errors import AssetError
from assetgen.network import in_our_words
from assetgen.providers.base import TransientError
from assetgen.providers.http import USER_AGENT

LARGEST = 50_000_000
"""Bytes of a picture that is fetched; more than any model takes."""

_MOST_REDIRECTS = 5
_SECONDS = aiohttp.ClientTimeout(total=120, sock_connect=10, sock_read=30)
_PIECE = 1 << 18


class FetchError(AssetError):
    """What an address names cannot be had, and will not be at the next try either."""

    code = "fetch"


class _Guard(AbstractResolver):
    """Finds addresses; for hosts other than `trusted` only public ones."""

    def __init__(self, trusted: str) -> None:
        self._trusted = trusted
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if host != self._trusted and not all(_is_public(result["host"]) for result in found):
            raise _PrivateError
        return found

    async def close(self) -> None:
        await self._inner.close()


class _PrivateError(Exception):
    """A redirect leads where strangers have no business."""


def _is_public(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_global


async def fetch_picture(url: str, *, largest: int = LARGEST) -> bytes:
    """The bytes behind an http or https address. Raises TransientError for what may work at another try, FetchError
    for what will not. Messages name the host only: the rest of an address may be a secret."""
    host = urlsplit(url).hostname or ""
    guard = _Guard(host)
    try:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=guard),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT, "Accept": "image/*", "Accept-Encoding": "identity"},
            timeout=_SECONDS,
        ) as session:
            return await _followed(session, url, host, largest)
    except (aiohttp.ClientError, OSError) as error:
        failure: AssetError = TransientError(f"{host} cannot be asked for it: {in_our_words(error)}.")
    except _PrivateError:
        failure = _refused(host, "it redirects to an address that is not public")
    finally:
        await guard.close()
    raise failure


async def _followed(session: aiohttp.ClientSession, url: str, trusted: str, largest: int) -> bytes:
    for _ in range(_MOST_REDIRECTS + 1):
        async with session.get(url, allow_redirects=False) as response:
            location = response.headers.get("Location", "")
            if response.status not in (301, 302, 303, 307, 308) or not location:
                return await _body(response, trusted, largest)
            url = _next(url, location, trusted)
    raise _refused(trusted, "it redirects too many times")


def _next(url: str, location: str, trusted: str) -> str:
    """Where a redirect leads. Raises FetchError for where it must not."""
    target = urljoin(url, location)
    parts = urlsplit(target)
    if parts.scheme != "https" and parts.scheme != urlsplit(url).scheme:
        raise _refused(trusted, "it redirects to something that is not https")
    if parts.username is not None or not parts.hostname:
        raise _refused(trusted, "it redirects to an address that is none")
    if parts.hostname != trusted and _is_literal(parts.hostname) and not _is_public(parts.hostname):
        raise _PrivateError
    return target


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


async def _body(response: aiohttp.ClientResponse, host: str, largest: int) -> bytes:
    if response.status != 200:
        failure: Callable[[str], AssetError] = TransientError if response.status in _PASSING else FetchError
        raise failure(f"{host} answers {response.status} instead of a picture.")
    data = bytearray()
    async for piece in response.content.iter_chunked(_PIECE):
        data += piece
        if len(data) > largest:
            raise _refused(host, f"it sends more than {largest} bytes")
    return bytes(data)


_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


def _refused(host: str, why: str) -> FetchError:
    return FetchError(f"{host} cannot be asked for it: {why}.", hint="Save the picture in the project instead.")
