"""What KIE's answers mean, as tables: no network."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.providers.base import (
    AmbiguousError,
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
    TransientError,
    UnavailableError,
)
from assetgen.providers.http import Answer
from assetgen.providers.kie_answers import NotVisible, Resultless, accepted_task, balance, fresh_link, task_state

TASK = TaskId("t1")
PAGE = "<html><h1>Bad gateway</h1></html>"


def said(code: object, words: str = "Some words", data: Any = None, *, status: int = 200) -> Answer:
    return Answer(status, json.dumps({"code": code, "msg": words, "data": data}))


SUBMISSIONS: list[tuple[Answer, type[ProviderError], str]] = [
    (said(400), RefusedError, "KIE refuses the request (400: Some words)."),
    (said(401), BadKeyError, "KIE does not accept the API key (401: Some words)."),
    (said(402), StopSubmittingError, "The KIE account has not enough credits (402: Some words)."),
    (said(403), BadKeyError, "KIE denies access (403: Some words)."),
    (said(404), RefusedError, "KIE does not know what was asked for (404: Some words)."),
    (said(422), RefusedError, "KIE refuses the request (422: Some words)."),
    (said(429), UnavailableError, "KIE takes no more requests at the moment (429: Some words)."),
    (said(433), StopSubmittingError, "The API key has reached its spending limit (433: Some words)."),
    (said(451), LinkRefusedError, "KIE could not load an input picture (451: Some words)."),
    (said(455), UnavailableError, "KIE is under maintenance (455: Some words)."),
    (said(505), RefusedError, "KIE has switched this model off (505: Some words)."),
    (said(550), UnavailableError, "KIE's queue is full (550: Some words)."),
    (said("429"), UnavailableError, "KIE takes no more requests at the moment (429: Some words)."),
    (said(429, status=429), UnavailableError, "KIE takes no more requests at the moment (429: Some words)."),
    # 500: validation in disguise, the service's own fault, or anything
    (
        said(500, "This aspect_ratio is not within the range of allowed options"),
        RefusedError,
        "KIE refuses the request",
    ),
    (said(500, "resolution is required"), RefusedError, "KIE refuses the request (500: resolution is required)."),
    (said(500, status=500), UnavailableError, "KIE could not take the request (500: Some words)."),
    (said(500), UnavailableError, "KIE could not take the request (500: Some words)."),
    (said(500, data={}), AmbiguousError, "its answer names no task (500: Some words)"),
    (Answer(500, '{"code": 500, "msg": "x"}'), AmbiguousError, "its answer names no task (500: x)"),
    # moderation
    (
        said(400, "Content was flagged by the safety system."),
        ModeratedError,
        "refuses this prompt or its picture (400: ",
    ),
    (said(422, "Your input was rejected. Try again"), ModeratedError, "(422: Your input was rejected. Try again)"),
    (said(422, "Enum values are case-sensitive"), RefusedError, "(422: Enum values are case-sensitive)"),
    (said(422, "Enum values are case sensitive"), RefusedError, "(422: Enum values are case sensitive)"),
    (said(500, "enable_safety_checker is required"), RefusedError, "(500: enable_safety_checker is required)"),
    (said(422, "nsfw_checker must be a boolean"), RefusedError, "(422: nsfw_checker must be a boolean)"),
    # nothing that says surely that it was not accepted
    (said(200), AmbiguousError, "its answer names no task (200: Some words)"),
    (said(200, data={"taskId": ""}), AmbiguousError, "its answer names no task"),
    (said(200, data={"taskId": None}), AmbiguousError, "its answer names no task"),
    (said(200, data=["t1"]), AmbiguousError, "its answer names no task"),
    (said(200, status=502), AmbiguousError, "its answer names no task (502: Some words)"),
    (said(408), AmbiguousError, "its answer names no task (408: Some words)"),
    (said(501), AmbiguousError, "its answer names no task (501: Some words)"),
    (said(503), AmbiguousError, "its answer names no task (503: Some words)"),
    (said(418), AmbiguousError, "its answer names no task (418: Some words)"),
    (said(None), AmbiguousError, "its answer names no task"),
    (said(True), AmbiguousError, "its answer names no task"),
    (Answer(200, PAGE), AmbiguousError, f"its answer names no task (200: {PAGE})"),
    (Answer(200, ""), AmbiguousError, "its answer names no task (200: nothing)"),
    (Answer(200, '{"code": 200'), AmbiguousError, "its answer names no task"),
    (Answer(200, '{"code": NaN}'), AmbiguousError, "its answer names no task"),
    (Answer(200, "[" * 100_000), AmbiguousError, "its answer names no task"),
    (Answer(500, PAGE), AmbiguousError, "its answer names no task (500: "),
    (Answer(502, PAGE), AmbiguousError, "its answer names no task (502: "),
    (Answer(550, PAGE), AmbiguousError, "its answer names no task (550: "),
    (Answer(307, ""), AmbiguousError, "its answer names no task (307: nothing)"),
    (Answer(408, PAGE), AmbiguousError, "its answer names no task (408: "),
    (Answer(499, ""), AmbiguousError, "its answer names no task (499: nothing)"),
    # real HTTP statuses without an envelope
    (Answer(401, "denied"), BadKeyError, "KIE does not accept the API key (401: denied)."),
    (
        Answer(403, "error code: 1010"),
        BadKeyError,
        "The content network (Cloudflare) before KIE turned the program away",
    ),
    (Answer(403, PAGE), BadKeyError, "KIE denies access (403: "),
    (
        Answer(404, '{"status": 404, "message": "No message available"}'),
        RefusedError,
        "does not know what was asked for",
    ),
    (Answer(413, PAGE), RefusedError, "KIE refuses the request (413: "),
    (Answer(429, PAGE), UnavailableError, "KIE takes no more requests at the moment (429: "),
]


@pytest.mark.parametrize(("answer", "error", "words"), SUBMISSIONS)
def test_submission_that_was_not_accepted(answer: Answer, error: type[ProviderError], words: str) -> None:
    with pytest.raises(ProviderError) as caught:
        accepted_task(answer)
    assert type(caught.value) is error
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "answer",
    [
        said(200, data={"taskId": "t1", "recordId": "r1"}),
        Answer(200, '{"code":200,"message":"success","data":{"taskId":"t1","more":[1.5,{}]},"trace":1}'),
        said(500, data={"taskId": "t1"}),
        said(200, data={"taskId": "t1"}, status=502),
    ],
)
def test_an_answer_that_names_a_task_is_believed(answer: Answer) -> None:
    """Following a task costs nothing; ordering it again does."""
    assert accepted_task(answer) == "t1"


def test_retry_after_is_passed_on() -> None:
    with pytest.raises(UnavailableError) as caught:
        accepted_task(Answer(429, '{"code":429,"msg":"slow","data":null}', retry_after=7))
    assert caught.value.retry_after == 7


def test_the_older_name_of_the_words_is_read_too() -> None:
    with pytest.raises(RefusedError, match="422: older words"):
        accepted_task(Answer(200, '{"code":422,"message":"older words","data":null}'))


@given(st.integers(100, 999), st.text() | st.from_regex(r'\{"code": ?[0-9]{3}.*', fullmatch=True))
def test_no_answer_without_a_task_id_is_ever_accepted_or_a_crash(status: int, text: str) -> None:
    with pytest.raises(ProviderError):
        accepted_task(Answer(status, text))


@given(st.integers(500, 599), st.text())
def test_server_errors_that_are_not_the_services_own_are_never_resent(status: int, text: str) -> None:
    with pytest.raises(AmbiguousError):
        accepted_task(Answer(status, "<" + text))


# --- polls ------------------------------------------------------------


def record(**data: Any) -> Answer:
    return said(200, "success", {"taskId": "t1", **data})


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        *(("waiting", "waiting"), ("queuing", "queuing"), ("generating", "generating"), ("archived", "archived")),
        *((None, "unknown"), (7, "unknown"), ("", ""), ("two\nlines", "two lines")),
    ],
)
def test_every_other_state_is_still_running(state: Any, shown: str) -> None:
    assert task_state(record(state=state), TASK) == Running(shown)


def test_a_state_is_shown_without_the_key() -> None:
    answer = Answer(200, '{"code":200,"data":{"state":"for s3cret"}}', secret="s3cret")
    assert task_state(answer, TASK) == Running("for [key]")


LINK = "https://files.example/1.png"
OTHER = "https://files.example/2.png"


@pytest.mark.parametrize(
    "result",
    [
        {"response": {"resultUrls": [LINK]}},
        {"resultJson": json.dumps({"resultUrls": [LINK]})},
        {"resultJson": json.dumps({"resultUrls": [OTHER]}), "response": {"resultUrls": [LINK]}},
        {"resultJson": json.dumps({"resultUrls": [LINK]}), "response": None},
        {"resultJson": json.dumps({"resultUrls": [LINK]}), "response": {"resultUrls": []}},
        {"resultJson": "{", "response": {"resultUrls": [LINK, None, 7, "file:///etc/passwd"]}},
    ],
)
def test_results_are_found_where_they_are(result: dict[str, Any]) -> None:
    assert task_state(record(state="success", **result), TASK) == Succeeded((LINK,), None)


@pytest.mark.parametrize(
    "result",
    [
        *({}, {"resultJson": None, "response": None}, {"resultJson": ""}, {"resultJson": "{"}, {"resultJson": "[]"}),
        *({"resultJson": '{"resultUrls":[]}', "response": {}}, {"response": {"resultUrls": "https://x"}}),
        {"resultJson": '{"resultObject":{"text":"hm"}}'},
        {"response": {"resultUrls": ["ftp://x/y.png"]}},
    ],
)
def test_success_without_a_result_shows_the_body(result: dict[str, Any]) -> None:
    state = task_state(record(state="success", **result), TASK)
    assert isinstance(state, Resultless)
    assert '"state": "success"' in state.words


@pytest.mark.parametrize(
    ("consumed", "usd"),
    [
        *(("18", "0.09"), ("3.0", "0.015"), ("0.8", "0.004"), ("0", "0"), ("1e1", "0.05")),
        *(("null", None), ('"18"', None), ("true", None), ("-1", None)),
    ],
)
def test_credits_become_dollars_exactly(consumed: str, usd: str | None) -> None:
    body = '{"code":200,"data":{"state":"success","creditsConsumed":%s,"response":{"resultUrls":["%s"]}}}'
    state = task_state(Answer(200, body % (consumed, LINK)), TASK)
    assert isinstance(state, Succeeded)
    assert state.charged == (None if usd is None else Decimal(usd))


MODERATED = [
    "Content was flagged by the safety system. Try different prompts or inputs.",
    "The input or output was flagged as sensitive. Please try again with different inputs.",
    "Your prompt was caught by our AI moderator. Please adjust it and try again!",
    "Request blocked: the picture did not pass the Google safety review.",
    "PUBLIC_ERROR_UNSAFE_GENERATION",
    "Your input was rejected. Please change it.",
]


@pytest.mark.parametrize("words", MODERATED)
@pytest.mark.parametrize("code", ["400", "500", None])
def test_moderation_is_told_apart_by_its_words(words: str, code: str | None) -> None:
    with pytest.raises(ModeratedError) as caught:
        task_state(record(state="fail", failCode=code, failMsg=words), TASK)
    assert words in caught.value.message
    assert "Reword the prompt" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("code", "words", "hint"),
    [
        ("500", "Internal Error", "the service's trouble"),
        ("500", "internal error, please try again later", "the service's trouble"),
        ("", "the server is busy", "the service's trouble"),
        (None, None, "the service's trouble"),
        ("422", "width too large", "Correct what it names"),
        (400, "odd", "Correct what it names"),
        ("", "[400] The parameters you passed are not valid.", "Correct what it names"),
        ("500", "[400] The parameters you passed are not valid.", "the service's trouble"),
    ],
)
def test_failures_say_whose_they_are(code: Any, words: str | None, hint: str) -> None:
    with pytest.raises(TaskFailedError) as caught:
        task_state(record(state="fail", failCode=code, failMsg=words), TASK)
    expected = f"The task failed at KIE ({code or 'no code'}: {words or 'no reason given'})."
    assert caught.value.message == expected
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (said(401), BadKeyError, "KIE does not accept the API key (401: Some words)."),
        (said(403), BadKeyError, "KIE denies access (403: Some words)."),
        (said(408), TaskFailedError, "its model gave no result for too long (408: Some words)."),
        (said(433), StopSubmittingError, "The API key has reached its spending limit (433: Some words)."),
        (said(501), TaskFailedError, "The task failed (501: Some words)."),
        *(
            (said(code), TransientError, f"({code}: Some words)")
            for code in (400, 402, 418, 429, 451, 455, 500, 505, 550)
        ),
        (said(200), TransientError, "an answer about something else"),
        (said(200, data=[]), TransientError, "an answer about something else"),
        (said(200, data={"taskId": "t2", "state": "success"}), TransientError, "an answer about something else"),
        (Answer(200, PAGE), TransientError, f"(200: {PAGE})"),
        (Answer(200, ""), TransientError, "(200: nothing)"),
        (Answer(404, PAGE), TransientError, "(404: "),
        (Answer(404, '{"status": 404, "message": "No message available"}'), TransientError, "(404: "),
        (Answer(408, PAGE), TransientError, "(408: "),
        (Answer(501, PAGE), TransientError, "(501: "),
        (Answer(503, PAGE), TransientError, "(503: "),
        (Answer(302, ""), TransientError, "(302: nothing)"),
        (Answer(401, ""), BadKeyError, "(401: nothing)"),
        (Answer(403, "error code: 1010"), BadKeyError, "The content network (Cloudflare)"),
    ],
)
def test_polls_that_tell_no_state(answer: Answer, error: type[ProviderError], words: str) -> None:
    with pytest.raises(ProviderError) as caught:
        task_state(answer, TASK)
    assert type(caught.value) is error
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("answer", [said(422), said(404), said(404, status=404)])
def test_unknown_to_the_service_is_not_yet_an_error(answer: Answer) -> None:
    assert isinstance(task_state(answer, TASK), NotVisible)


@given(st.integers(100, 999), st.text())
def test_nonsense_never_ends_a_task(status: int, text: str) -> None:
    with pytest.raises((TransientError, StopSubmittingError)):
        task_state(Answer(status, text), TASK)


# --- links and credits ------------------------------------------------------------


def test_a_fresh_link() -> None:
    assert fresh_link(said(200, data=LINK)) == LINK


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        *((said(422), GoneError), (said(404), GoneError), (said(400), GoneError)),
        *((said(200), TransientError), (said(200, data={"url": LINK}), TransientError), (said(401), TransientError)),
        *((said(429), TransientError), (Answer(404, PAGE), TransientError), (Answer(502, PAGE), TransientError)),
        (said(200, data="javascript:alert(1)"), TransientError),
    ],
)
def test_no_fresh_link(answer: Answer, error: type[ProviderError]) -> None:
    with pytest.raises(error) as caught:
        fresh_link(answer)
    assert str(answer.status) in caught.value.message or "Some words" in caught.value.message


@pytest.mark.parametrize(("number", "credits_"), [("2450", "2450"), ("2450.5", "2450.5"), ("0", "0"), ("-3", "-3")])
def test_credits(number: str, credits_: str) -> None:
    assert balance(Answer(200, f'{{"code":200,"msg":"success","data":{number}}}')) == Decimal(credits_)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        *((said(401), BadKeyError), (Answer(401, ""), BadKeyError), (said(403), BadKeyError)),
        *((Answer(403, "error code: 1010"), BadKeyError), (said(500), TransientError), (said(200), TransientError)),
        *((said(200, data=True), TransientError), (said(200, data="2450"), TransientError)),
        (Answer(200, PAGE), TransientError),
    ],
)
def test_no_credits_told(answer: Answer, error: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as caught:
        balance(answer)
    assert type(caught.value) is error
