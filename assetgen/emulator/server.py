"""The KIE protocol over HTTP: checks that the service makes before anything else, its routes, its answers.

Strict where the service is: errors are HTTP 200 with a code in the body, GET needs a Content-Type too, and a program
without a User-Agent is turned away as its content network does. https://docs.kie.ai
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

import aiohttp
from aiohttp import web

from assetgen.catalog.grounds import ground_asked_for
from assetgen.digest import Digest, Json, digest_of
from assetgen.emulator import pictures
from assetgen.emulator.faults import Call, Effect, Fail, Fault, OtherSize, Script, Twist
from assetgen.emulator.mischief import Envelope, Stage, as_bytes, replaces, twisted
from assetgen.emulator.options import Options
from assetgen.emulator.rules import Job, Refusal, begins_with, enlarging, links_in, prompt_in
from assetgen.emulator.shelf import Shelf, Upload
from assetgen.emulator.tasks import Desk, Task

_CACHED_PICTURES = 16
_LARGEST_BODY = 4 << 20
_LARGEST_UPLOAD = 200_000_000
_UPLOAD = "/api/file-stream-upload"
_SHELF = "/uploads/"
_CALL_BACK_TRIES = 3
_CALL_BACK_SECONDS = 15

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in, for tests that look for what should not be there; without the body of an upload."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    port: int


class Server:
    """The service's routes over a desk of tasks. `home` and `elsewhere` are its two addresses, set once it listens."""

    def __init__(self, options: Options, clock: Callable[[], float]) -> None:
        self.desk = Desk(options, clock)
        self.shelf = Shelf(options.uploads_live, clock)
        self.script = Script(options.faults)
        self.received: list[Received] = []
        self.counts: Counter[Call] = Counter()
        self.watch: Callable[[Call, int], None] = lambda _call, _number: None
        self.home = ""
        self.elsewhere = ""
        self.closing = asyncio.Event()
        self._api_key = options.api_key
        self._drawing = asyncio.Semaphore(2)
        self._gallery: OrderedDict[tuple[str, Effect | None], tuple[bytes, str]] = OrderedDict()
        self._drawn_for: dict[Digest, tuple[Job, int]] = {}
        self._callers: set[asyncio.Task[None]] = set()

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._gate], client_max_size=_LARGEST_UPLOAD)
        app.router.add_post("/api/v1/jobs/createTask", self._create)
        app.router.add_get("/api/v1/jobs/recordInfo", self._poll)
        app.router.add_post("/api/v1/common/download-url", self._refresh)
        app.router.add_get("/api/v1/chat/credit", self._credit)
        app.router.add_post(_UPLOAD, self._upload)
        app.router.add_get(_SHELF + "{path:.+}", self._uploaded)
        app.router.add_get("/files/{task}.{kind}", self._download)
        app.router.add_get("/files/fresh/{task}.{kind}", self._download)
        return app

    async def close(self) -> None:
        """Let hanging answers go and stop calling back."""
        self.closing.set()
        for caller in self._callers:
            caller.cancel()
        await asyncio.gather(*self._callers, return_exceptions=True)

    # --- what every request goes through -----------------------------------------------------------------------------

    @web.middleware
    async def _gate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        port = request.transport.get_extra_info("sockname")[1] if request.transport else 0
        body = b"" if request.path == _UPLOAD else await self._small(request)
        self.received.append(Received(request.method, request.path_qs, dict(request.headers), body, port))
        if not request.headers.get("User-Agent"):
            return web.Response(status=403, text="error code: 1010")
        if request.path.startswith("/api/") and (words := self._unauthorized(request)):
            return web.json_response(_envelope(401, words))
        try:
            return await handler(request)
        except web.HTTPException as error:
            words = "No message available" if error.status == 404 else error.reason
            return web.json_response(
                {"status": error.status, "message": words, "path": request.path}, status=error.status
            )

    async def _small(self, request: web.Request) -> bytes:
        body = await request.read()
        if len(body) > _LARGEST_BODY:
            raise web.HTTPRequestEntityTooLarge(_LARGEST_BODY, len(body))
        return body

    def _unauthorized(self, request: web.Request) -> str | None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not key.strip() or (self._api_key is not None and key != self._api_key):
            return "You do not have access permissions"
        wanted = "multipart/form-data" if request.path == _UPLOAD else "application/json"
        if request.content_type != wanted or "Content-Type" not in request.headers:
            return (
                "Unauthorized – Authentication failed. "
                "Please check that your Authorization and Content-Type headers are correctly set."
            )
        return None

    async def _answer(
        self, request: web.Request, fault: Fault | None, work: Callable[[], Envelope]
    ) -> web.StreamResponse:
        """Do the work of an API call and answer, unless or until the fault says otherwise."""
        if fault is None:
            return web.json_response(work())
        if replaces(fault):
            if fault.after:
                work()
            return await self._stage.instead(request, fault.effect)
        answer = twisted(work(), fault.effect, another_task=self._another_task)
        return await self._stage.give(request, as_bytes(answer), "application/json", fault.effect)

    def _struck(self, call: Call, prompt: str) -> Fault | None:
        self.counts[call] += 1
        self.watch(call, self.counts[call])
        return self.script.strike(call, prompt)

    @property
    def _stage(self) -> Stage:
        return Stage(self.closing, self.elsewhere)

    def _another_task(self, id_: str) -> str:
        task = self.desk.task(id_)
        return self.desk.previous(task).id if task else id_

    # --- the calls ---------------------------------------------------------------------------------------------------

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = _json_of(await request.read())
        return await self._answer(request, self._struck(Call.CREATE, prompt_in(body)), lambda: self._created(body))

    def _created(self, body: Json) -> Envelope:
        if not self.desk.admit():
            return _envelope(429, "Your call frequency is too high. Please try again later.")
        task = self.desk.accept(body, self._loaded)
        if isinstance(task, Refusal):
            return _envelope(task.code, task.words)
        if task.job.call_back:
            caller = asyncio.get_running_loop().create_task(self._call_back(task, task.job.call_back))
            self._callers.add(caller)
            caller.add_done_callback(self._callers.discard)
        return _envelope(200, "success", {"taskId": task.id, "recordId": task.id})

    async def _poll(self, request: web.Request) -> web.StreamResponse:
        id_ = request.query.get("taskId", "")
        task = self.desk.task(id_)
        fault = self._struck(Call.POLL, _prompt_of(task))
        if fault and task and isinstance(fault.effect, Fail):
            self.desk.fail(task.id, fault.effect.code, fault.effect.words)
        return await self._answer(request, fault, lambda: self._recorded(id_))

    def _recorded(self, id_: str) -> Envelope:
        if not id_:
            return _envelope(400, "taskId parameter is required")
        task = self.desk.task(id_)
        if task is None or not self.desk.is_visible(task):
            return _envelope(422, "recordInfo is null")
        return _envelope(200, "success", self.desk.record(task, self._link(task)))

    async def _credit(self, request: web.Request) -> web.StreamResponse:
        left = self.desk.credits_left
        number = int(left) if left == int(left) else float(left)
        return await self._answer(request, self._struck(Call.CREDIT, ""), lambda: _envelope(200, "success", number))

    async def _refresh(self, request: web.Request) -> web.StreamResponse:
        body = _json_of(await request.read())
        link = body.get("url") if isinstance(body, Mapping) else None
        task = self._task_behind(link) if isinstance(link, str) else None
        return await self._answer(request, self._struck(Call.REFRESH, _prompt_of(task)), lambda: self._refreshed(task))

    def _refreshed(self, task: Task | None) -> Envelope:
        if task is None:
            return _envelope(422, "The url is not one of ours")
        return _envelope(200, "success", self._link(task, "fresh/"))

    def _link(self, task: Task, folder: str = "") -> str:
        kind = "jpg" if task.job.input.get("output_format") == "jpg" else "png"
        kind = "mp4" if task.job.model.kind == "video" else kind
        return f"{self.home}/files/{folder}{task.id}.{kind}"

    def _task_behind(self, link: str) -> Task | None:
        folder, _, name = link.rpartition("/")
        known = (f"{self.home}/files", f"{self.home}/files/fresh")
        return self.desk.task(name.partition(".")[0]) if folder in known else None

    # --- uploads -----------------------------------------------------------------------------------------------------

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        form = _form(await request.read(), request.headers["Content-Type"])
        folder, name = (form[field].decode() if field in form else None for field in ("uploadPath", "fileName"))
        fault = self._struck(Call.UPLOAD, name or "")
        return await self._answer(request, fault, lambda: self._shelved(self.shelf.put(folder, name, form.get("file"))))

    def _shelved(self, upload: Upload | Refusal) -> Envelope:
        if isinstance(upload, Refusal):
            return {"success": False, **_envelope(upload.code, upload.words)}
        record = self.shelf.record(upload, self.home + _SHELF + upload.path)
        return {"success": True, **_envelope(200, "File uploaded successfully", record)}

    async def _uploaded(self, request: web.Request) -> web.StreamResponse:
        """An uploaded file; needs no key."""
        upload = self.shelf.get(request.match_info["path"])
        if upload is None:
            raise web.HTTPNotFound
        return web.Response(body=upload.data, content_type=upload.media_type)

    def _loaded(self, job: Job) -> Job | Refusal:
        """A request with its pictures, or why the model could not load them. Those that lie elsewhere are taken for
        good: nothing is fetched."""
        for link in links_in(job.model, job.input):
            ours, _, path = link.partition(self.home + _SHELF)
            if ours or not path:
                continue
            upload = self.shelf.get(path)
            if upload is None:
                return Refusal(451, "Failed to fetch the image")
            if not upload.media_type.startswith("image/"):
                return Refusal(500, "file type not supported")
            if job.model.kind == "remove-background" or ground_asked_for(job.prompt):
                return replace(job, source=upload.data, first=self._drawn_for.get(digest_of(upload.data)))
            if job.model.kind == "upscale":
                return enlarging(job, upload.data, pictures.size_of(upload.data))
            if job.source is None and begins_with(job, link):
                job = replace(job, source=upload.data)
        return job

    # --- results -----------------------------------------------------------------------------------------------------

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A result file; needs no key. Links of faults that say so work only once they were refreshed."""
        task = self.desk.task(request.match_info["task"])
        if task is None:
            raise web.HTTPNotFound
        fault = self._struck(Call.DOWNLOAD, task.job.prompt)
        effect = fault.effect if fault else None
        if fault and replaces(fault):
            return await self._stage.instead(request, fault.effect)
        if effect in (Twist.EXPIRED, Twist.FORBIDDEN) and "/fresh/" not in request.path:
            return web.Response(status=404 if effect is Twist.EXPIRED else 403, text="AccessDenied")
        payload, content_type = await self._picture(task, effect)
        return await self._stage.give(request, payload, content_type, effect)

    async def _picture(self, task: Task, effect: Effect | None) -> tuple[bytes, str]:
        if effect is Twist.BOMB:
            return pictures.bomb(), pictures.PNG_TYPE
        if effect is Twist.WRONG_TYPE:
            return b"%PDF-1.7\n% not a picture\n%%EOF\n", pictures.PNG_TYPE
        size = effect.size if isinstance(effect, OtherSize) else None
        as_jpeg = effect is Twist.JPEG
        payload, content_type = await self._drawn(task, effect if size or as_jpeg else None)
        return (pictures.corrupted(payload) if effect is Twist.CORRUPT else payload), content_type

    async def _drawn(self, task: Task, effect: Effect | None) -> tuple[bytes, str]:
        """The picture of a task, drawn off the loop when it is first asked for; the last few are kept."""
        key = (task.id, effect)
        async with self._drawing:
            if key not in self._gallery:
                size = effect.size if isinstance(effect, OtherSize) else None
                self._gallery[key] = await asyncio.to_thread(
                    pictures.drawn, task.job, task.turn, size=size, as_jpeg=effect is Twist.JPEG
                )
                self._drawn_for[digest_of(self._gallery[key][0])] = (task.job, task.turn)
                while len(self._gallery) > _CACHED_PICTURES:
                    self._gallery.popitem(last=False)
            return self._gallery[key]

    # --- webhooks ----------------------------------------------------------------------------------------------------

    async def _call_back(self, task: Task, url: str) -> None:
        """Tell whoever ordered that a task is final: the `recordInfo` answer, a few times until it is taken."""
        while remaining := self.desk.remaining(task):
            if await self._stage.pause(min(remaining, 1.0)):
                return
        answer = self._recorded(task.id)
        answer["code"] = 501 if _state_in(answer) == "fail" else answer["code"]
        timeout = aiohttp.ClientTimeout(total=_CALL_BACK_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for _ in range(_CALL_BACK_TRIES):
                try:
                    async with session.post(url, json=answer) as response:
                        if response.status == 200:
                            return
                except (aiohttp.ClientError, TimeoutError):
                    continue


def _envelope(code: int, words: str, data: Json = None) -> Envelope:
    return {"code": code, "msg": words, "data": data}


def _form(body: bytes, content_type: str) -> dict[str, bytes]:
    """The parts of a form, files too, by name: RFC 7578, with CRLF as every client writes it. Nothing for another body.

    By hand, since the library's own reader warns of itself wherever a boundary falls between two packets.
    """
    boundary = re.search(r'boundary="?([^";]+)', content_type)
    found = body.split(f"--{boundary[1]}".encode())[1:-1] if boundary else ()
    parts: dict[str, bytes] = {}
    for part in found:
        head, _, data = part.partition(b"\r\n\r\n")
        name = re.search(rb'[;\s]name="([^"]*)"', head)
        if name:
            parts[name[1].decode()] = data.removesuffix(b"\r\n")
    return parts


def _prompt_of(task: Task | None) -> str:
    return task.job.prompt if task else ""


def _state_in(answer: Envelope) -> Json:
    data = answer["data"]
    return data.get("state") if isinstance(data, Mapping) else None


def _json_of(body: bytes) -> Json:
    """The parsed body; None, which no call accepts, when it is not JSON."""
    try:
        parsed: Json = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed
