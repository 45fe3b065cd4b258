"""Which service addresses we accept: https anywhere, plain http on this machine only. Pure; needs no HTTP library."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from assetgen.errors import UsageError


def is_loopback(url: str) -> bool:
    """Whether `url` names this machine by its loopback address or as `localhost`. False for anything unreadable."""
    parts = _split(url)
    return parts is not None and is_loopback_host(parts.hostname)


def service_address(url: str, *, variable: str) -> str:
    """`url` without trailing slashes, fit for paths to be appended; raises UsageError naming `variable`.

    The address itself is never quoted: a mistaken one may hold a password or a key.
    """
    parts = _split(url)
    if parts is None or not parts.hostname or parts.scheme not in ("http", "https"):
        raise UsageError(f"{variable} is not a web address.", hint="Write it as https://host, or leave it unset.")
    if parts.username is not None or parts.query or parts.fragment or "?" in url or "#" in url:
        raise UsageError(
            f"{variable} holds more than a host and a path.",
            hint="Leave out user names, passwords, `?` and `#`; keys have their own variables.",
        )
    if parts.scheme == "http" and not is_loopback_host(parts.hostname):
        raise UsageError(
            f"{variable} is a plain http address, which would send the API key unencrypted.",
            hint="Use https; plain http is accepted for addresses of this machine only (localhost, 127.0.0.1, [::1]).",
        )
    return url.rstrip("/")


def callback_address(url: str, *, option: str) -> str:
    """`url` as it is, fit for a service to post to; raises UsageError naming `option`. Plain http will do: what comes
    is a hint, and signed where a key was agreed on."""
    parts = _split(url)
    if parts is None or not parts.hostname or parts.scheme not in ("http", "https"):
        raise UsageError(f"{option} is not a web address", hint="write it as https://host/path")
    if parts.username is not None or parts.fragment:
        raise UsageError(f"{option} holds a user name or a `#`", hint="leave it out: the service would not send it")
    return url


def _split(url: str) -> SplitResult | None:
    if not url.isascii() or not url.isprintable() or any(character in url for character in ' \\"<>'):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def is_loopback_host(host: str | None) -> bool:
    """Whether a host is this machine."""
    if host is None:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
