"""Hearing from a service that a task is final: a small HTTP server for the posts that its `callBackUrl` gets.

A post is a hint, never an answer: it says which task to ask about at once, and nothing else in it is read. So a lost,
repeated or invented one costs nothing but time. Knows no engine and no task: whoever listens is told the names.
Protocol: https://docs.kie.ai/common-api/webhook-verification (the signature covers task id and time, not the body).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from assetgen.errors import UsageError

LOOPBACK = "127.0.0.1"
"""Where the server listens: a tunnel or a reverse proxy on this machine hands posts on to it."""

SIGNATURE = "X-Webhook-Signature"
TIMESTAMP = "X-Webhook-Timestamp"
TOLERANCE = 300
"""Seconds by which a signed post may be older, or newer, than our clock says."""

_LONGEST_BODY = 1 << 20
"""Bytes: a record holds its prompt twice escaped, which is long but never this long."""

PATIENCE = 10.0
"""Seconds for a body to arrive; the service itself waits 15 for the answer."""

_LONGEST_ID = 200

_SILENT = logging.Logger(__name__, level=logging.CRITICAL + 1)
"""The HTTP library reports every request that makes no sense with a traceback; whoever scans an open port would write
into the terminal of the person who builds."""


@dataclass(slots=True)
class Heard:
    """What came in: all posts, and how many of them were turned away because they were not signed with the key."""

    posts: int = 0
    refused: int = 0


@asynccontextmanager
async def listening(
    port: int, wake: Callable[[str], None], *, key: str, now: Callable[[], float], patience: float = PATIENCE
) -> AsyncIterator[Heard]:
    """Receive posts at any path of `port` during the block; `wake` is told the task id that each one names.

    With a `key` only posts signed with it count. `now` is the wall clock, in seconds since 1970, which the signatures
    are dated by; `patience` the seconds that a body may take. Raises UsageError when the port is not to be had.
    """
    receiver = _Receiver(wake, key, now, patience)
    application = web.Application(client_max_size=_LONGEST_BODY)
    application.router.add_post("/{path:.*}", receiver.take)
    runner = web.AppRunner(application, access_log=None, logger=_SILENT, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await _listen(runner, port)
        yield receiver.heard
    finally:
        await runner.cleanup()


class _Receiver:
    def __init__(self, wake: Callable[[str], None], key: str, now: Callable[[], float], patience: float) -> None:
        self.heard = Heard()
        self._wake = wake
        self._key = key
        self._now = now
        self._patience = patience

    async def take(self, request: web.Request) -> web.Response:
        self.heard.posts += 1
        try:
            async with asyncio.timeout(self._patience):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        task = task_named(body)
        if self._key and not is_signed(task or "", request.headers, self._key, self._now()):
            self.heard.refused += 1
            return web.Response(status=401, text="not signed with our key, or too long ago")
        if task is None:
            return web.Response(status=400, text="this names no task")
        self._wake(task)
        return web.Response(text="thanks")


def task_named(body: bytes) -> str | None:
    """The id of the task that a post is about, None when it names none. Services write it in four ways."""
    try:
        record = json.loads(body)
    except (ValueError, RecursionError):
        return None
    outer = record if isinstance(record, dict) else {}
    inner = outer.get("data")
    named = [part.get(name) for part in (inner, outer) if isinstance(part, dict) for name in ("taskId", "task_id")]
    return next((id_ for id_ in named if isinstance(id_, str) and _is_id(id_)), None)


def is_signed(task: str, headers: Mapping[str, str], key: str, now: float) -> bool:
    """Whether the headers of a post prove that the holder of `key` sent it for this task, about `now`."""
    stamp = headers.get(TIMESTAMP, "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or abs(now - int(stamp)) > TOLERANCE:
        return False
    given = headers.get(SIGNATURE, "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, signature(task, stamp, key).encode())


def signature(task: str, stamp: str, key: str) -> str:
    """`base64(HMAC_SHA256(key, taskId + "." + timestamp))`; `stamp` is in seconds since 1970."""
    secret = key.encode("utf-8", "surrogateescape")
    return b64encode(hmac.digest(secret, f"{task}.{stamp}".encode(), "sha256")).decode()


def _is_id(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_ID and text.isascii() and text.isprintable()


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
    except OSError as error:
        raise UsageError(
            f"cannot listen for callbacks on {LOOPBACK}:{port}: {os.strerror(error.errno or 0)}",
            hint="choose another --callback-port, and let the tunnel or proxy forward to that one",
        ) from error
