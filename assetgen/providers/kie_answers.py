"""What KIE's answers mean: envelopes read, codes looked up in tables, states and results told apart. Pure; no I/O.

Protocol facts: the service answers most errors with HTTP 200 and the real status in the body's `code`, beside `msg`
(older: `message`) and `data`; a real HTTP status counts where there is no such envelope. https://docs.kie.ai
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from assetgen.providers.base import (
    BadKeyError,
    GoneError,
    LinkRefusedError,
    ModeratedError,
    ProviderError,
    RefusedError,
    Running,
    StopSubmittingError,
    Succeeded,
    TaskFailedError,
    TaskId,
    TaskState,
    TransientError,
    UnavailableError,
)
from assetgen.providers.http import Answer, Service, ambiguous

KIE = Service("KIE", "https://kie.ai/logs")

USD_PER_CREDIT = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code means: for money (the class), in a sentence, and what to do about it."""

    error: type[ProviderError]
    meaning: str
    hint: str


@dataclass(frozen=True, slots=True)
class NotVisible:
    """The service does not know the task: not yet, just after it was created, or not any more."""

    words: str


@dataclass(frozen=True, slots=True)
class Resultless:
    """The service reports success, and no result: not yet, or for good. `words` is what it said instead."""

    words: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """A well-formed body. `fields` is all of it."""

    code: int
    words: str
    data: object
    fields: Mapping[str, object]


_ANOTHER = "`--regenerate` with the asset's name orders a new picture."
_RUN_AGAIN = "Run the build again: failed tasks are not charged."
_BAD_KEY = Rule(BadKeyError, "KIE does not accept the API key", "Check KIE_AI_API_KEY against https://kie.ai/api-key.")
_NO_ACCESS = Rule(
    BadKeyError,
    "KIE denies access",
    "Check the key's limits and its list of allowed addresses at https://kie.ai/api-key.",
)
_BLOCKED = Rule(
    BadKeyError,
    "The content network (Cloudflare) before KIE turned the program away, whatever the API key",
    "It looks at the User-Agent header and the network: a proxy may remove the header; else try another network.",
)
_NO_CREDITS = Rule(StopSubmittingError, "The KIE account has not enough credits", "Top up at https://kie.ai/billing.")
_KEY_SPENT = Rule(
    StopSubmittingError,
    "The API key has reached its spending limit",
    "Raise the key's limit at https://kie.ai/api-key, or use another key.",
)
_INVALID = Rule(RefusedError, "KIE refuses the request", "Correct what it names in the manifest; nothing was charged.")
_NO_ROUTE = Rule(
    RefusedError,
    "KIE does not know what was asked for",
    "Check the model's name and KIE_AI_BASE_URL; nothing was charged.",
)
_BAD_REFERENCE = Rule(
    LinkRefusedError, "KIE could not load an input picture", "Check that its link is public and still works."
)
_DISABLED = Rule(RefusedError, "KIE has switched this model off", "Choose another model, or try again another day.")
_TOO_FAST = Rule(UnavailableError, "KIE takes no more requests at the moment", "Nothing was charged; try again later.")
_MAINTENANCE = Rule(UnavailableError, "KIE is under maintenance", "Nothing was charged; try again later.")
_QUEUE_FULL = Rule(UnavailableError, "KIE's queue is full", "Nothing was charged; try again later.")
_OWN_FAULT = Rule(UnavailableError, "KIE could not take the request", "Nothing was charged; try again later.")
_OVERDUE = Rule(TaskFailedError, "The task failed: its model gave no result for too long", _RUN_AGAIN)
_BROKEN = Rule(TaskFailedError, "The task failed", _RUN_AGAIN)
_LATER = Rule(
    TransientError, "KIE did not tell how the task stands", "The task is not affected; it is asked for again."
)

SUBMIT: Mapping[int, Rule] = {
    400: _INVALID,
    401: _BAD_KEY,
    402: _NO_CREDITS,
    403: _NO_ACCESS,
    404: _NO_ROUTE,
    405: _NO_ROUTE,
    413: _INVALID,
    415: _INVALID,
    422: _INVALID,
    429: _TOO_FAST,
    433: _KEY_SPENT,
    451: _BAD_REFERENCE,
    455: _MAINTENANCE,
    505: _DISABLED,
    550: _QUEUE_FULL,
}
"""Codes that surely mean: not accepted. 500 is told apart by its words; every other code is ambiguous."""

POLL: Mapping[int, Rule] = {
    401: _BAD_KEY,
    403: _NO_ACCESS,
    408: _OVERDUE,
    433: _KEY_SPENT,
    501: _BROKEN,
}
"""Codes that answer a poll for good. 404 and 422 mean that the task is not visible; all others are transient."""

_VALIDATION = re.compile(
    r"not within the range of allowed options|\bis required\b|file type not supported", re.IGNORECASE
)
_MODERATION = re.compile(
    r"flagged|moderator|moderation|safety\b|(?<!case)(?<!case.)sensitive|unsafe|nsfw\b|prohibited|"
    r"content policy|input was rejected|violat",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(r"^\[4\d\d\]|parameters? .*not valid|invalid parameter", re.IGNORECASE)


def read_envelope(answer: Answer) -> Envelope | None:
    """The envelope of an answer, None when its body is not one."""
    body = _json(answer.text)
    if not isinstance(body, dict):
        return None
    code = _code(body.get("code"))
    if code is None:
        return None
    words = body.get("msg") or body.get("message") or ""
    return Envelope(code, answer.quoted(str(words)), body.get("data"), body)


def accepted_task(answer: Answer) -> TaskId:
    """The id of the task that a `createTask` answer tells of.

    An answer that names a task is believed, whatever else it says: following a task costs nothing, ordering it again
    does. Raises what `Provider.submit` may raise.
    """
    envelope = read_envelope(answer)
    task = _field(envelope, "taskId")
    if isinstance(task, str) and task:
        return TaskId(task)
    raise _not_accepted(answer, envelope)


def _not_accepted(answer: Answer, envelope: Envelope | None) -> ProviderError:
    code, words = _code_and_words(answer, envelope)
    rule = _submit_rule(answer, envelope, code)
    if rule is None:
        return ambiguous(KIE, f"its answer names no task ({code}: {words})")
    if issubclass(rule.error, RefusedError) and _MODERATION.search(words):
        return _moderated(f"{code}: {words}")
    return _error(rule, code, words, answer.retry_after)


def _submit_rule(answer: Answer, envelope: Envelope | None, code: int) -> Rule | None:
    if code == 403 and _is_cloudflare(answer):
        return _BLOCKED
    if envelope is None:
        return SUBMIT.get(code) if 400 <= code < 500 else None
    if code == 500 and _VALIDATION.search(envelope.words):
        return _INVALID
    if code == 500 and envelope.fields.get("data", "absent") is None:
        return _OWN_FAULT
    return SUBMIT.get(code)


def task_state(answer: Answer, task: TaskId) -> TaskState | NotVisible | Resultless:
    """What a `recordInfo` answer says of `task`. Raises what `Provider.poll` may raise, except GoneError."""
    envelope = read_envelope(answer)
    code, words = _code_and_words(answer, envelope)
    if code == 403 and _is_cloudflare(answer):
        raise _error(_BLOCKED, code, words)
    if envelope is None:
        rule = POLL.get(code)  # 408 and 501 of a gateway say nothing about the task
        raise _error(rule if rule and issubclass(rule.error, StopSubmittingError) else _LATER, code, words)
    if code in (404, 422):
        return NotVisible(f"{code}: {words}")
    if code != 200:
        raise _error(POLL.get(code, _LATER), code, words, answer.retry_after)
    if not isinstance(envelope.data, dict) or envelope.data.get("taskId", task) != task:
        raise _error(_LATER, code, f"an answer about something else: {answer.excerpt}")
    return _state_of(envelope.data, answer)


def _state_of(data: Mapping[str, object], answer: Answer) -> TaskState | Resultless:
    """States other than the two final ones, also unknown ones, mean that the task still runs."""
    state = data.get("state")
    if state == "fail":
        raise _task_failure(data, answer)
    if state != "success":
        return Running(answer.quoted(state, 40) if isinstance(state, str) else "unknown")
    urls = _result_urls(data)
    if not urls:
        return Resultless(answer.excerpt)
    return Succeeded(urls, _charged(data.get("creditsConsumed")))


def _task_failure(data: Mapping[str, object], answer: Answer) -> ProviderError:
    """`failCode` tells first (4xx: the request, 5xx: the service), the words second; moderation comes with either."""
    code = answer.quoted(str(data.get("failCode") or "no code"), 40)
    words = answer.quoted(str(data.get("failMsg") or "no reason given"))
    if _MODERATION.search(words):
        return _moderated(f"{code}: {words}")
    if code.startswith("4") or (not code.startswith("5") and _PARAMETERS.search(words)):
        hint = "Correct what it names in the manifest; failed tasks are not charged."
    else:
        hint = f"This is the service's trouble, not the manifest's. {_RUN_AGAIN}"
    return TaskFailedError(f"The task failed at KIE ({code}: {words}).", hint=hint)


def _moderated(quote: str) -> ModeratedError:
    return ModeratedError(
        f"KIE's safety system refuses this prompt or its picture ({quote}).",
        hint="Reword the prompt or change its references: the same request is refused again.",
    )


def _result_urls(data: Mapping[str, object]) -> tuple[str, ...]:
    """`response` is the newer, parsed form of `resultJson`, which is JSON inside a string."""
    text = data.get("resultJson")
    for result in (data.get("response"), _json(text) if isinstance(text, str) else None):
        urls = result.get("resultUrls") if isinstance(result, dict) else None
        if isinstance(urls, list) and (
            links := tuple(url for url in urls if isinstance(url, str) and re.match("https?://", url))
        ):
            return links
    return ()


def _charged(credits_consumed: object) -> Decimal | None:
    if isinstance(credits_consumed, bool) or not isinstance(credits_consumed, int | Decimal):
        return None
    return credits_consumed * USD_PER_CREDIT if credits_consumed >= 0 else None


def gone(task: TaskId, seen: NotVisible | Resultless) -> GoneError:
    """For a task that stayed so for longer than the service takes to show a new one, or a result."""
    if isinstance(seen, Resultless):
        return GoneError(
            f"KIE reports that task {task} succeeded, without a result: {seen.words}",
            hint=f"It is charged: see {KIE.log_page}. The next build asks again. {_ANOTHER}",
        )
    return GoneError(
        f"KIE does not know task {task} ({seen.words}).",
        hint=f"It may be older than two months or belong to another account: see {KIE.log_page}. {_ANOTHER}",
    )


def fresh_link(answer: Answer) -> str:
    """The link that a `download-url` answer holds. Raises GoneError when the service has no such file any more."""
    envelope = read_envelope(answer)
    code, words = _code_and_words(answer, envelope)
    if envelope and code == 200 and isinstance(envelope.data, str) and re.match("https?://", envelope.data):
        return envelope.data
    if envelope and code in (400, 404, 422):
        raise lost_result(f"{code}: {words}")
    raise TransientError(
        f"KIE gave no new link for the result ({code}: {words}).", hint="It keeps the result; it is fetched again."
    )


def lost_result(words: str) -> GoneError:
    return GoneError(
        f"KIE no longer has the result ({words}).",
        hint=f"Results are kept for 14 days. {_ANOTHER}",
    )


def balance(answer: Answer) -> Decimal:
    """The credits that a `chat/credit` answer holds: a bare number. Raises BadKeyError or TransientError."""
    envelope = read_envelope(answer)
    code, words = _code_and_words(answer, envelope)
    if envelope and code == 200 and isinstance(envelope.data, int | Decimal) and not isinstance(envelope.data, bool):
        return Decimal(envelope.data)
    key_trouble = refused_key(answer, code, words)
    if key_trouble is not None:
        raise key_trouble
    raise TransientError(f"KIE did not tell the account's credits ({code}: {words}).", hint="Try again later.")


def refused_key(answer: Answer, code: int, words: str) -> ProviderError | None:
    """The error of a free call that was turned away for its key, or before it came to that; None for any other."""
    if code == 403 and _is_cloudflare(answer):
        return _error(_BLOCKED, code, words)
    return _error(POLL[code], code, words) if code in (401, 403, 433) else None


def _error(rule: Rule, code: int, words: str, retry_after: float | None = None) -> ProviderError:
    message = f"{rule.meaning} ({code}: {words})."
    if issubclass(rule.error, UnavailableError):
        return rule.error(message, hint=rule.hint, retry_after=retry_after)
    return rule.error(message, hint=rule.hint)


def _code_and_words(answer: Answer, envelope: Envelope | None) -> tuple[int, str]:
    """The code that counts: the body's, unless it claims success against the HTTP status."""
    if envelope is None:
        return answer.status, answer.excerpt
    return (answer.status if envelope.code == 200 else envelope.code), envelope.words or answer.excerpt


def _is_cloudflare(answer: Answer) -> bool:
    """A refusal of the content network before the service: plain text `error code: 1010` and its like."""
    return "error code: 10" in answer.text.lower()


def _field(envelope: Envelope | None, name: str) -> object:
    return envelope.data.get(name) if envelope and isinstance(envelope.data, dict) else None


def _code(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _json(text: str) -> object:
    """The parsed text, None when it is not JSON. Fractions are exact decimals; NaN and infinities are not JSON."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError, InvalidOperation):
        return None


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
