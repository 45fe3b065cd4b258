"""The review page on this machine alone: it shows itself, and does what its buttons ask, through what it was handed.

Whoever knows the address may use it: it holds a random token. A page of another site does not know it, and is refused
also by its `Origin` and by the `Host` that it used. Only files that the page links to are served, none of them as
something that could run. Knows no project, no lock and no provider; who may write is settled behind the `Studio`.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from assetgen.digest import Digest
from assetgen.errors import AssetgenError, UsageError
from assetgen.publish.decisions import Verdict
from assetgen.report.review.contents import Review, Subject
from assetgen.report.review.page import page, piece
from assetgen.report.review.shelf import Shelf, media_type

LOOPBACK = "127.0.0.1"

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_FILE_POLICY = "default-src 'none'; sandbox"
_LONGEST_BODY = 64_000

_VERDICTS: dict[str, Verdict | None] = {"accepted": "accepted", "rejected": "rejected", "undecided": None}


@dataclass(frozen=True, slots=True)
class Seen:
    """An asset with the picture that the reviewer sees of it: `manifest` as the page names it, `picture` as decisions
    do."""

    manifest: str
    asset: str
    picture: Digest

    @property
    def key(self) -> str:
        return f"{self.manifest}/{self.asset}"


Undo = Callable[[], Awaitable[None]]
"""Takes back what was done. Raises UsageError when something else happened to the asset since."""


class Studio(Protocol):
    """What the page may ask for. Everything raises an AssetgenError that people can read when it cannot be done; above
    all when an asset shows another picture by now than the one that was `seen`."""

    def review(self, link: Callable[[Path, Digest], str], only: str | None = None) -> Review:
        """Everything as it is now, or `only` the assets of that name, with such links to files. Blocks; called in a
        thread of its own."""

    async def decide(self, seen: Seen, verdict: Verdict | None, note: str | None) -> Undo:
        """Record a decision; None takes it back."""

    async def take(self, seen: Seen, heard: Callable[[str], None]) -> Undo:
        """Have another picture made; `heard` is told what is being done."""

    async def pick(self, seen: Seen, number: int) -> Undo:
        """Have another variant, counted from 1, be the asset's picture."""

    def publishing(self) -> tuple[str, ...]:
        """What publishing would do, in lines for people; none when there is nothing to do. Blocks, as `review`."""

    async def publish(self) -> tuple[tuple[str, ...], Undo]:
        """Copy accepted pictures into the app; also says what was done."""


@dataclass(slots=True)
class _Office:
    """What the pages of one server share: who listens, what is being made, and what each browser may undo."""

    listeners: set[asyncio.Queue[str | None]] = field(default_factory=set)
    doing: dict[str, str] = field(default_factory=dict)
    undos: dict[str, list[tuple[str, Undo]]] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def tell(self, **event: str) -> None:
        for queue in self.listeners:
            queue.put_nowait(json.dumps(event))

    def now(self, key: str, stage: str) -> None:
        """An asset entered a stage of being made."""
        if self.doing.get(key) != stage:
            self.doing[key] = stage
            self.tell(key=key, stage=stage)

    def over(self, key: str, problem: str = "") -> None:
        """An asset is as it will be for now, whatever became of it."""
        self.doing.pop(key, None)
        self.tell(key=key, problem=problem)


class _Server:
    def __init__(self, studio: Studio, root: Path, token: str, bug: Callable[[Exception], str]) -> None:
        self._studio = studio
        self._bug = bug
        self._shelf = Shelf(root)
        self._token = token
        self._office = _Office()
        self._writing = asyncio.Lock()
        self.hosts: frozenset[str] = frozenset()

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self._guarded, self._spoken], client_max_size=_LONGEST_BODY)
        application.on_response_prepare.append(_sealed)
        application.on_shutdown.append(self._dismiss)
        application.add_routes(
            [
                web.get("/{token}/", self._page),
                web.get("/{token}/item", self._item),
                web.get("/{token}/files/{name}/{file}", self._file),
                web.get("/{token}/events", self._events),
                web.get("/{token}/publish", self._publishing),
                web.post("/{token}/publish", self._publish),
                web.post("/{token}/decide", self._decide),
                web.post("/{token}/pick", self._pick),
                web.post("/{token}/take", self._take),
                web.post("/{token}/undo", self._undo),
            ]
        )
        return application

    # --- who may ask -------------------------------------------------------------------------------------------------

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Callable[[web.Request], Awaitable[Any]]) -> Any:
        """Refuse who does not know the token, and whatever another site sends."""
        if request.headers.get("Host") not in self.hosts:
            raise web.HTTPForbidden(text="asked for under another name")
        if not hmac.compare_digest(request.match_info.get("token", "").encode(), self._token.encode()):
            raise web.HTTPNotFound(text="the address lacks its token")
        if request.method == "POST" and not self._is_ours(request):
            raise web.HTTPForbidden(text="asked for by another site")
        return await handler(request)

    def _is_ours(self, request: web.Request) -> bool:
        """Browsers say which page a POST comes from, and only a page of ours may send JSON without asking first."""
        origin = request.headers.get("Origin")
        return origin == f"http://{request.headers['Host']}" and request.content_type == "application/json"

    @web.middleware
    async def _spoken(self, request: web.Request, handler: Callable[[web.Request], Awaitable[Any]]) -> Any:
        """What could not be done, in words that the page shows."""
        try:
            return await handler(request)
        except web.HTTPException:
            raise
        except Exception as error:
            told = self._told(error)
            if request.method == "GET":
                return web.Response(text=f"{told}\n", status=409)
            return web.json_response({"error": told}, status=409)

    def _told(self, error: Exception) -> str:
        if not isinstance(error, AssetgenError):
            return self._bug(error)
        return "\n".join(f"{said.message}: {said.hint}" if said.hint else said.message for said in error.problems)

    # --- looking -----------------------------------------------------------------------------------------------------

    async def _page(self, _: web.Request) -> web.Response:
        review = await self._review()
        text = await asyncio.to_thread(page, review, served=True)
        return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def _item(self, request: web.Request) -> web.Response:
        key = request.query.get("key", "")
        subject = _subject(await self._review(key.rpartition("/")[2]), key)
        return web.Response(text=piece(subject), content_type="text/html", headers={"Cache-Control": "no-store"})

    async def _review(self, only: str | None = None) -> Review:
        return await asyncio.to_thread(self._studio.review, self._shelf.link, only)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self._shelf.find(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound(text="there is no such file on the page")
        try:
            kind = await asyncio.to_thread(media_type, file)
        except OSError:
            raise web.HTTPNotFound(text="the file is gone") from None
        headers = {"Content-Type": kind, "Content-Security-Policy": _FILE_POLICY, "Cache-Control": "private, no-cache"}
        return web.FileResponse(file, headers=headers)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """What happens from now on, and what is being made already, as server-sent events."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        for key, stage in self._office.doing.items():
            queue.put_nowait(json.dumps({"key": key, "stage": stage}))
        self._office.listeners.add(queue)
        try:
            while (event := await queue.get()) is not None:
                await response.write(f"data: {event}\n\n".encode())
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            self._office.listeners.discard(queue)
        return response

    # --- doing -------------------------------------------------------------------------------------------------------

    async def _decide(self, request: web.Request) -> web.Response:
        body = await _body(request)
        seen, note = _seen(body), _text(body, "note")
        decision = _text(body, "decision")
        if decision not in _VERDICTS:
            raise UsageError(f"there is no decision `{decision}`")
        async with self._writing:
            undo = await self._studio.decide(seen, _VERDICTS[decision], note or None)
        self._done(body, seen.key, undo)
        self._office.over(seen.key)
        return web.json_response({"key": seen.key})

    async def _pick(self, request: web.Request) -> web.Response:
        body = await _body(request)
        seen, number = _seen(body), body.get("number")
        if type(number) is not int:
            raise UsageError("`number` is no number")
        async with self._writing:
            undo = await self._studio.pick(seen, number)
        self._done(body, seen.key, undo)
        self._office.over(seen.key)
        return web.json_response({"key": seen.key})

    async def _publishing(self, _: web.Request) -> web.Response:
        lines = await asyncio.to_thread(self._studio.publishing)
        return web.json_response({"lines": lines}, headers={"Cache-Control": "no-store"})

    async def _publish(self, request: web.Request) -> web.Response:
        body = await _body(request)
        async with self._writing:
            lines, undo = await self._studio.publish()
        self._done(body, "", undo)
        return web.json_response({"lines": lines})

    async def _take(self, request: web.Request) -> web.Response:
        """Begin to make another picture; what becomes of it is told by events."""
        body = await _body(request)
        seen = _seen(body)
        if seen.key in self._office.doing:
            raise UsageError(f"another picture of `{seen.asset}` is being made already")
        self._office.now(seen.key, "waiting")
        task = asyncio.create_task(self._make(body, seen))
        self._office.tasks.add(task)
        task.add_done_callback(self._office.tasks.discard)
        return web.json_response({"key": seen.key}, status=202)

    async def _make(self, body: dict[str, Any], seen: Seen) -> None:
        problem = ""
        try:
            async with self._writing:
                undo = await self._studio.take(seen, lambda stage: self._office.now(seen.key, stage))
            self._done(body, seen.key, undo)
        except Exception as error:
            problem = self._told(error)
        finally:
            self._office.over(seen.key, problem)

    def _done(self, body: dict[str, Any], key: str, undo: Undo) -> None:
        self._office.undos.setdefault(_text(body, "client"), []).append((key, undo))

    async def _undo(self, request: web.Request) -> web.Response:
        undos = self._office.undos.get(_text(await _body(request), "client"))
        if not undos:
            return web.json_response({"key": "", "told": ""})
        key, undo = undos.pop()
        async with self._writing:
            await undo()
        if key:
            self._office.over(key)
        told = f"Undone: {key.rpartition('/')[2] or 'what was published'}"
        return web.json_response({"key": key, "told": told})

    async def _dismiss(self, _: web.Application) -> None:
        """Let the streams of events end, and stop what is being made: the next build goes on with it."""
        for queue in self._office.listeners:
            queue.put_nowait(None)
        for task in self._office.tasks:
            task.cancel()
        await asyncio.gather(*self._office.tasks, return_exceptions=True)


async def _sealed(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


async def _body(request: web.Request) -> dict[str, Any]:
    with suppress(ValueError):
        body = await request.json()
        if isinstance(body, dict):
            return body
    raise UsageError("this is no JSON object")


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key, "")
    if not isinstance(value, str):
        raise UsageError(f"`{key}` is no text")
    return value


def _seen(body: dict[str, Any]) -> Seen:
    return Seen(_text(body, "manifest"), _text(body, "asset"), Digest(_text(body, "picture")))


def _subject(review: Review, key: str) -> Subject:
    for subject in review.subjects:
        if f"{subject.manifest}/{subject.name}" == key:
            return subject
    raise UsageError(f"there is no asset `{key}` any more")


@asynccontextmanager
async def serving(
    studio: Studio, root: Path, *, token: str, bug: Callable[[Exception], str], port: int = 0
) -> AsyncIterator[str]:
    """The page of `studio` as long as the context lasts; gives its address. Files outside `root` are never served.
    `bug` takes what nobody expected, and returns what to tell of it. Raises UsageError when the port is not to be had.
    """
    server = _Server(studio, root, token, bug)
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        bound = await _listen(runner, port)
        server.hosts = frozenset(f"{name}:{bound}" for name in (LOOPBACK, "localhost"))
        yield f"http://{LOOPBACK}:{bound}/{token}/"
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> int:
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
    except OSError as error:
        message = f"cannot listen on {LOOPBACK}:{port}: {os.strerror(error.errno or 0)}"
        raise UsageError(message, hint="choose another --port, or leave it out for any free one") from error
    found: int = runner.addresses[0][1]
    return found
