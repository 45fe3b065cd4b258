"""A background removal service for tests: a real HTTP server on this machine that answers as it is told to."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO

from aiohttp import BodyPartReader, web
from PIL import Image, ImageDraw

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Received:
    """One call as the service got it: the form's text fields, the file with its name and type, and the headers."""

    fields: dict[str, str]
    file: bytes
    filename: str
    kind: str
    headers: dict[str, str]


@dataclass(slots=True)
class FakeService:
    """Answers each call with the next reply; the last one is used again and again."""

    replies: list[Reply]
    url: str = ""
    received: list[Received] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.received.append(await _received(request))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return await reply(request)


@asynccontextmanager
async def serving(*replies: Reply) -> AsyncIterator[FakeService]:
    """The service at work; `url` is where its calls go."""
    service = FakeService(list(replies))
    application = web.Application(client_max_size=1 << 26)
    application.router.add_post("/remove", service.answer)
    runner = web.AppRunner(application, handler_cancellation=True)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        service.url = f"http://{host}:{port}/remove"
        yield service
    finally:
        await runner.cleanup()


async def _received(request: web.Request) -> Received:
    found = Received({}, b"", "", "", dict(request.headers))
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data = bytes(await part.read(decode=False))
        if part.name == "file":
            found.file, found.filename = data, part.filename or ""
            found.kind = part.headers.get("Content-Type", "")
        else:
            found.fields[part.name or ""] = data.decode()
    return found


# --- replies ------------------------------------------------------------------------------------------------------


def says(status: int, body: bytes | str = b"", kind: str = "application/octet-stream", **headers: str) -> Reply:
    async def reply(_: web.Request) -> web.Response:
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=data, content_type=kind, headers=named)

    return reply


def says_json(value: object, status: int = 200) -> Reply:
    return says(status, json.dumps(value), "application/json")


async def hangs(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("never")


async def resets(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """Promises more than it sends."""
    response = web.StreamResponse(headers={"Content-Length": "100000", "Content-Type": "image/png"})
    await response.prepare(request)
    await response.write(b"\x89PNG\r\n\x1a\n")
    assert request.transport is not None
    request.transport.close()
    return response


# --- pictures -----------------------------------------------------------------------------------------------------

SIZE = (48, 32)


def packed(picture: Image.Image, file_format: str = "PNG") -> bytes:
    buffer = BytesIO()
    picture.save(buffer, file_format)
    return buffer.getvalue()


def with_background() -> Image.Image:
    picture = Image.new("RGB", SIZE, (250, 250, 250))
    ImageDraw.Draw(picture).ellipse((8, 4, 40, 28), (200, 30, 90))
    return picture


def without_background(size: tuple[int, int] = SIZE) -> Image.Image:
    """A disc on nothing; what is hidden under nothing is the old background."""
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).ellipse((8, 4, 40, 28), 255)
    picture = with_background()
    picture.putalpha(mask)
    return picture.resize(size)


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
