"""Keeps a process on this machine: sockets reach loopback only, and no name is looked up.

Imports nothing at the start, because every process that a test starts begins with it (`child/sitecustomize.py`).
"""

from __future__ import annotations

import sys


class GuardError(BaseException):
    """A guard fired. Not an Exception, so that no error handling under test can swallow it."""


def is_loopback(host: object) -> bool:
    """Whether a host, as socket functions take it, stays on this machine."""
    from ipaddress import ip_address

    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str):
        return host is None
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def forbid_network() -> None:
    """From now on, until the process ends, no socket reaches or listens beyond loopback and no name is looked up."""
    sys.addaudithook(_stay_on_this_machine)


def _stay_on_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.bind", "socket.sendto"}:
        address = arguments[1]
        if not isinstance(address, tuple):  # a Unix socket's path
            return
        host = address[0]
    else:
        return
    if isinstance(host, str) and host.endswith(".invalid"):  # never resolves, RFC 6761: so nobody is asked
        from socket import EAI_NONAME, gaierror

        raise gaierror(EAI_NONAME, "Name or service not known")
    if not is_loopback(host):
        raise GuardError(f"{event} with {host!r}: tests reach nothing beyond loopback")


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
