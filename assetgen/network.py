"""What goes wrong on a network, in words of ours. Knows no service, and not what a request was for."""

from __future__ import annotations

import os
import socket
import ssl

import aiohttp

BEFORE_SENDING = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""Raised while connecting: not a byte of the request has left, so it was surely not accepted."""

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (aiohttp.ClientConnectorDNSError, "its host name was not found"),
    (aiohttp.ClientConnectorCertificateError, "its TLS certificate is not valid"),
    (aiohttp.ClientSSLError, "no secure connection could be made"),
    (aiohttp.ConnectionTimeoutError, "no connection was made in time"),
    (aiohttp.ClientConnectorError, "no connection could be made"),
    (aiohttp.ServerDisconnectedError, "the connection was closed without an answer"),
    (aiohttp.ClientPayloadError, "the answer broke off half-way"),
    (aiohttp.TooManyRedirects, "it redirected too many times"),
    (aiohttp.NonHttpUrlClientError, "the link is not a web address"),
    (aiohttp.InvalidURL, "the link is not a valid address"),
    (aiohttp.ClientResponseError, "what came back is not HTTP"),
    (TimeoutError, "no answer came in time"),
    (ConnectionError, "the connection was reset"),
    (aiohttp.ClientOSError, "the connection was lost"),
)
"""What happened, in words that hold nothing foreign. The first match counts, so subclasses stand before their bases."""


def in_our_words(error: BaseException) -> str:
    """What happened on the network, in words that hold nothing foreign."""
    words = next((words for kind, words in _WORDS if isinstance(error, kind)), "the connection failed")
    return words + (_why(error.os_error) if isinstance(error, aiohttp.ClientConnectorError) else "")


def _why(error: OSError) -> str:
    """The system's own words for it; those of asyncio name addresses as Python writes them."""
    foreign = isinstance(error, ssl.SSLError | socket.gaierror)  # whose numbers are not those of the system
    words = error.strerror if foreign or not error.errno else os.strerror(error.errno)
    return f" ({words})" if words else ""
