"""Scripted faults: what goes wrong, at which call. A small language, read from text or JSON; knows no HTTP server.

Compact form, as on the command line: `CALL:WHEN:WHAT[?name=value&...]`.

- CALL: create, poll, download, refresh (of a result link), credit, upload (of a picture).
- WHEN: `2` the second such call, `2-4`, `2+` the second and all after it, `*` all. With `~words@` before it, only
  calls for requests whose prompt holds these words are counted: `~coin@1`; `~coin` alone means all of those.
- WHAT, in the place of an answer: `reset`, `hang`, `redirect`, `empty`, `html`, `invalid-json`, `code-429` (HTTP 200
  with this code in the body), `http-503` (with a body that says the same), `http-502-html`, `raw?body=...`.
  For create, `-after` at the end means that the request is accepted first: `reset-after`.
- WHAT, twisting the real answer: `half`, `drip`, `extra-fields`; for create `reused-id`, `no-id`; for poll `fail`,
  `state-NAME`, `result-missing|null|empty|invalid`, `other-task`; for download `expired`, `forbidden` (both until the
  link is refreshed), `chunked`, `wrong-type`, `corrupt`, `bomb`, `jpeg`, `size-WxH`.
- Values: `words` (the service's message), `retry_after` (seconds), `code` (of `fail`), `status` and `body` (of `raw`),
  `pause` (seconds between the pieces of `drip`).

The JSON form is an object of the same: `{"call": "create", "when": "2", "what": "code-429", "words": "Slow down"}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from assetgen.errors import UsageError
from assetgen.manifest.recipe import PixelSize


class Call(StrEnum):
    """The kinds of calls that can go wrong."""

    CREATE = "create"
    POLL = "poll"
    DOWNLOAD = "download"
    REFRESH = "refresh"
    CREDIT = "credit"
    UPLOAD = "upload"


class Twist(StrEnum):
    """Effects that need nothing but their name."""

    RESET = "reset"
    HANG = "hang"
    REDIRECT = "redirect"
    HALF = "half"
    EXTRA_FIELDS = "extra-fields"
    REUSED_ID = "reused-id"
    NO_ID = "no-id"
    OTHER_TASK = "other-task"
    EXPIRED = "expired"
    FORBIDDEN = "forbidden"
    CHUNKED = "chunked"
    WRONG_TYPE = "wrong-type"
    CORRUPT = "corrupt"
    BOMB = "bomb"
    JPEG = "jpeg"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in the place of the real one."""

    status: int
    body: str
    content_type: str = "application/json"
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Drip:
    """The real answer in small pieces, with `pause` seconds between them."""

    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Fail:
    """The task ends in the state `fail`, for good."""

    code: str = "500"
    words: str = "Internal Error"


@dataclass(frozen=True, slots=True)
class State:
    """The task shows another state than its own."""

    name: str


@dataclass(frozen=True, slots=True)
class BadResult:
    """Success, with a result that cannot be read: `kind` is missing, null, empty or invalid."""

    kind: str


@dataclass(frozen=True, slots=True)
class OtherSize:
    """A picture of another size than asked for."""

    size: PixelSize


Effect: TypeAlias = Twist | Reply | Drip | Fail | State | BadResult | OtherSize


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the script: `effect` strikes the `first` to `last` call (None: all after) of its kind for requests
    whose prompt contains `prompt`. With `after`, the call has done its work before."""

    call: Call
    effect: Effect
    first: int = 1
    last: int | None = None
    prompt: str = ""
    after: bool = False


_EVERYWHERE = frozenset({Twist.RESET, Twist.HANG, Twist.REDIRECT, Twist.HALF})
_ONLY: Mapping[Call, frozenset[Twist]] = {
    Call.CREATE: frozenset({Twist.EXTRA_FIELDS, Twist.REUSED_ID, Twist.NO_ID}),
    Call.POLL: frozenset({Twist.EXTRA_FIELDS, Twist.OTHER_TASK}),
    Call.DOWNLOAD: frozenset(Twist) - {Twist.EXTRA_FIELDS, Twist.REUSED_ID, Twist.NO_ID, Twist.OTHER_TASK},
    Call.REFRESH: frozenset({Twist.EXTRA_FIELDS}),
    Call.CREDIT: frozenset({Twist.EXTRA_FIELDS}),
    Call.UPLOAD: frozenset({Twist.EXTRA_FIELDS}),
}

PAGE = "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>"

WORDS: Mapping[int, str] = {
    400: "taskId parameter is required",
    401: "You do not have access permissions",
    402: "Credits insufficient: Your current balance isn't enough to run this request. Please top up to continue.",
    404: "Task not found",
    408: "Upstream is currently experiencing service issues. No result for more than 10 minutes.",
    422: "recordInfo is null",
    429: "Your call frequency is too high. Please try again later.",
    433: "Sub-key usage exceeds limit",
    451: "Failed to fetch the image",
    455: "Service unavailable: the system is currently undergoing maintenance",
    500: "Server exception, please try again later or contact customer service",
    501: "Generation failed",
    505: "Feature disabled",
    550: "Connection denied: the job queue is full. Please try again later.",
}
"""What the service says with a code, where it was seen or documented; else in its manner."""


class Script:
    """The faults of one emulator, and how often each of them has looked at a call."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._faults: list[tuple[Fault, int]] = [(fault, 0) for fault in faults]

    def add(self, *faults: Fault) -> None:
        """More faults; they count calls from now on."""
        self._faults += [(fault, 0) for fault in faults]

    def clear(self) -> None:
        self._faults.clear()

    def strike(self, call: Call, prompt: str) -> Fault | None:
        """Count a call, and say which fault strikes it: the first in order of writing."""
        struck: Fault | None = None
        for place, (fault, seen) in enumerate(self._faults):
            if fault.call is not call or fault.prompt not in prompt:
                continue
            self._faults[place] = (fault, seen + 1)
            if struck is None and fault.first <= seen + 1 and (fault.last is None or seen + 1 <= fault.last):
                struck = fault
        return struck


def parse_fault(text: str) -> Fault:
    """A fault from its compact or JSON form. Raises UsageError that says what is wrong with it."""
    if text.lstrip().startswith("{"):
        return _from_json(text)
    call, _, rest = text.partition(":")
    head, _, values = rest.partition("?")
    when, found, what = head.rpartition(":")
    if not found:
        raise _unreadable(text, "it has to be CALL:WHEN:WHAT")
    return _fault(text, call, when, what, dict(parse_qsl(values, keep_blank_values=True)))


def _from_json(text: str) -> Fault:
    try:
        fields: Any = json.loads(text)
    except ValueError:
        raise _unreadable(text, "it is not valid JSON") from None
    if not isinstance(fields, dict):
        raise _unreadable(text, "it has to be an object")
    values = {str(name): str(value) for name, value in fields.items()}
    call, when, what = values.pop("call", ""), values.pop("when", "*"), values.pop("what", "")
    return _fault(text, call, when, what, values)


def _fault(text: str, call_name: str, when: str, what: str, values: Mapping[str, str]) -> Fault:
    try:
        call = Call(call_name)
    except ValueError:
        raise _unreadable(text, f"there is no call `{call_name}`; there are {', '.join(Call)}") from None
    if unknown := sorted(values.keys() - {"words", "retry_after", "code", "status", "body", "pause"}):
        raise _unreadable(text, f"there is no value `{unknown[0]}`")
    after = what.endswith("-after")
    if after and call is not Call.CREATE:
        raise _unreadable(text, "only `create` can be accepted first")
    try:
        effect = _effect(what.removesuffix("-after"), values)
        first, last, prompt = _when(when)
    except ValueError as error:
        raise _unreadable(text, str(error)) from None
    if not _possible(call, effect):
        raise _unreadable(text, f"`{what}` cannot happen to `{call}`")
    return Fault(call, effect, first, last, prompt, after)


def _when(text: str) -> tuple[int, int | None, str]:
    prompt = ""
    if text.startswith("~"):
        prompt, _, text = text[1:].rpartition("@") if "@" in text else (text[1:], "", "*")
    if text == "*":
        return 1, None, prompt
    match = re.fullmatch(r"([1-9]\d*)(\+|-([1-9]\d*))?", text)
    if not match:
        raise ValueError(f"`{text}` does not say when: 2, 2-4, 2+ or *")
    first = int(match[1])
    return first, None if match[2] == "+" else int(match[3] or first), prompt


def _effect(what: str, values: Mapping[str, str]) -> Effect:
    """Raises ValueError for a name that means nothing, or a value that is no number."""
    if what in set(Twist):
        return Twist(what)
    if what == "drip":
        return Drip(float(values.get("pause", "1")))
    if what == "fail":
        return Fail(values.get("code", "500"), values.get("words", "Internal Error"))
    if match := re.fullmatch(r"state-(\w+)", what):
        return State(match[1])
    if match := re.fullmatch(r"result-(missing|null|empty|invalid)", what):
        return BadResult(match[1])
    if match := re.fullmatch(r"size-([1-9]\d{0,3})x([1-9]\d{0,3})", what):
        return OtherSize(PixelSize(int(match[1]), int(match[2])))
    return _reply(what, values)


def _reply(what: str, values: Mapping[str, str]) -> Reply:
    retry_after = float(values["retry_after"]) if "retry_after" in values else None
    if what == "raw":
        return Reply(int(values.get("status", "200")), values.get("body", ""), retry_after=retry_after)
    if what == "empty":
        return Reply(200, "")
    if what == "invalid-json":
        return Reply(200, '{"code": 200, "msg": "success", "data": {"taskId"')
    if what == "html":
        return Reply(200, PAGE, "text/html")
    if match := re.fullmatch(r"http-(\d{3})-html", what):
        return Reply(int(match[1]), PAGE, "text/html", retry_after)
    if match := re.fullmatch(r"(code|http)-(\d{3})", what):
        code = int(match[2])
        words = values.get("words", WORDS.get(code, "Something else"))
        body = json.dumps({"code": code, "msg": words, "data": None})
        return Reply(code if match[1] == "http" else 200, body, retry_after=retry_after)
    raise ValueError(f"there is no fault `{what}`")


def _possible(call: Call, effect: Effect) -> bool:
    match effect:
        case Twist():
            return effect in _EVERYWHERE | _ONLY[call]
        case Fail() | State() | BadResult():
            return call is Call.POLL
        case OtherSize():
            return call is Call.DOWNLOAD
        case Reply() | Drip():
            return True


def _unreadable(text: str, why: str) -> UsageError:
    return UsageError(f"the fault `{text}` cannot be read: {why}", hint="for example: create:2:http-500-html")
