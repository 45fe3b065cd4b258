"""Carrying faults out: answers twisted as data, and connections treated badly. Knows the faults, not the service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from assetgen.digest import Json
from assetgen.emulator.faults import BadResult, Drip, Effect, Fault, Reply, State, Twist

Envelope = dict[str, Json]

_PIECES = 16
"""How many pieces a dripping answer has."""

_RESULTS: Mapping[str, Mapping[str, Json]] = {
    "missing": {},
    "null": {"resultJson": None, "response": None},
    "empty": {"resultJson": '{"resultUrls":[]}', "response": {"resultUrls": []}},
    "invalid": {"resultJson": '{"resultUrls":["http'},
}


def replaces(fault: Fault) -> bool:
    """Whether the fault takes the place of an answer; else it twists the real one."""
    return isinstance(fault.effect, Reply) or fault.effect in {Twist.RESET, Twist.HANG, Twist.REDIRECT}


def twisted(answer: Envelope, effect: Effect, *, another_task: Callable[[str], str]) -> Envelope:
    """An answer as the fault leaves it. `another_task` gives the id of another task than the one named."""
    data = answer.get("data")
    if effect is Twist.EXTRA_FIELDS:
        more: Envelope = {"traceId": "e2f1", "warnings": [None, {"nested": True}]}
        return answer | more | ({"data": dict(data) | more} if isinstance(data, Mapping) else {})
    if not isinstance(data, Mapping):
        return answer
    return answer | {"data": _twisted_data(dict(data), effect, another_task)}


def _twisted_data(data: Envelope, effect: Effect, another_task: Callable[[str], str]) -> Envelope:
    match effect:
        case State(name):
            return data | {"state": name, "successFlag": 0, "resultJson": "", "response": None}
        case BadResult(kind):
            rest = {name: value for name, value in data.items() if name not in ("resultJson", "response")}
            return rest | {"state": "success", "successFlag": 1} | dict(_RESULTS[kind])
        case Twist.NO_ID:
            return {}
        case Twist.REUSED_ID | Twist.OTHER_TASK:
            return data | {"taskId": another_task(str(data["taskId"]))}
        case _:
            return data


@dataclass(frozen=True, slots=True)
class Stage:
    """Where answers are given badly: until `closing`, with `elsewhere` as the address of another host."""

    closing: asyncio.Event
    elsewhere: str

    async def instead(self, request: web.Request, effect: Effect) -> web.StreamResponse:
        """Whatever the fault puts in the place of an answer."""
        match effect:
            case Reply(status, body, content_type, retry_after):
                headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
                return web.Response(status=status, text=body, content_type=content_type, headers=headers)
            case Twist.REDIRECT:
                return web.Response(status=307, headers={"Location": self.elsewhere + request.path_qs})
            case Twist.HANG:
                await self.closing.wait()
        _hang_up(request)
        return web.Response()

    async def give(
        self, request: web.Request, payload: bytes, content_type: str, effect: Effect | None
    ) -> web.StreamResponse:
        """The real bytes, as the fault lets them pass."""
        match effect:
            case Drip(pause):
                return await self._drip(request, payload, content_type, pause)
            case Twist.HALF:
                return await _half(request, payload, content_type)
            case Twist.CHUNKED:
                response = web.Response(body=payload, content_type=content_type)
                response.enable_chunked_encoding()
                return response
            case _:
                return web.Response(body=payload, content_type=content_type)

    async def pause(self, seconds: float) -> bool:
        """Wait; True when the emulator closed meanwhile."""
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _drip(
        self, request: web.Request, payload: bytes, content_type: str, seconds: float
    ) -> web.StreamResponse:
        response = await _begun(request, payload, content_type)
        step = max(1, len(payload) // _PIECES)
        for start in range(0, len(payload), step):
            await response.write(payload[start : start + step])
            if await self.pause(seconds):
                break
        return response


def as_bytes(answer: Envelope) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()


async def _begun(request: web.Request, payload: bytes, content_type: str) -> web.StreamResponse:
    headers = {"Content-Length": str(len(payload)), "Content-Type": content_type}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    return response


async def _half(request: web.Request, payload: bytes, content_type: str) -> web.StreamResponse:
    response = await _begun(request, payload, content_type)
    await response.write(payload[: len(payload) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
