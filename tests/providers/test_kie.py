"""The real provider against the real emulator, over loopback HTTP: every kind of trouble and what it is called."""

from __future__ import annotations

import json
import traceback
from collections.abc import Awaitable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from assetgen.catalog import CATALOG
from assetgen.errors import AssetgenError, UsageError
from assetgen.executors.threads import Threads
from assetgen.manifest.recipe import PixelSize, Tuning
from assetgen.providers.base import (
    Accepted,
    AmbiguousError,
    BadKeyError,
    GoneError,
    LinkRefusedError,
    ModeratedError,
    Order,
    ProviderContext,
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
from assetgen.providers.kie import GRACE, Kie, kie_from, request_body
from tests.support.fakes import FakeClock
from tests.support.kie import IMPATIENT, KEY, QUICK, SMALL, kie_on_emulator, order


async def done(kie: Kie, an_order: Order | None = None) -> Succeeded:
    state = await kie.poll((await kie.submit(an_order or order())).task)
    assert isinstance(state, Succeeded)
    return state


# --- the happy way ------------------------------------------------------------


async def test_from_order_to_picture(tmp_path: Path) -> None:
    async with kie_on_emulator() as (kie, emulator):
        submission = await kie.submit(order("A coin", seed=7))
        assert isinstance(submission, Accepted)
        assert emulator.accepted == [
            {
                "model": "nano-banana-pro",
                "input": {
                    "prompt": "A coin",
                    "output_format": "png",
                    "aspect_ratio": "1:1",
                    "resolution": "1K",
                    "seed": 7,
                },
            }
        ]
        state = await kie.poll(submission.task)
        assert isinstance(state, Succeeded)
        assert state.charged == Decimal("0.09")
        assert (await kie.account()).credits == 99_982
        await kie.fetch(state, tmp_path / "master")
        assert (tmp_path / "master").stat().st_size > 100


async def test_a_running_task_tells_its_state() -> None:
    async with kie_on_emulator(latency="inf") as (kie, emulator):
        task = (await kie.submit(order())).task
        assert await kie.poll(task) == Running("waiting")
        emulator.finish_all()
        assert isinstance(await kie.poll(task), Succeeded)


async def test_what_is_passed_through_as_input_comes_last() -> None:
    body = request_body(order(output_format="jpg", aspect_ratio="auto"), SMALL.models)
    sent = body["input"]
    assert isinstance(sent, dict)
    assert (sent["output_format"], sent["aspect_ratio"]) == ("jpg", "auto")


async def test_a_parameter_that_the_model_lacks_is_not_sent() -> None:
    async with kie_on_emulator() as (kie, emulator):
        with pytest.raises(RefusedError) as caught:
            await kie.submit(replace(order(), parameters={"aspect_ration": "1:1"}))
        assert caught.value.message == "The model `nano-banana-pro` has no parameter `aspect_ration`."
        assert emulator.requests == 0


async def test_a_model_that_the_catalog_lacks_is_for_the_service_to_know() -> None:
    async with kie_on_emulator() as (kie, emulator):
        unlisted = replace(order(seed=7), model="brand/new", parameters={"aspect_ratio": "16:9"})
        with pytest.raises(RefusedError, match="422: The model name you specified is not supported"):
            await kie.submit(unlisted)
        assert emulator.accepted == []
    assert request_body(unlisted, SMALL.models) == {
        "model": "brand/new",
        "input": {"prompt": "A coin", "aspect_ratio": "16:9", "seed": 7},
    }


# --- submitting ------------------------------------------------------------

VALIDATION = "This aspect_ratio is not within the range of allowed options"

SUBMIT_FAULTS: list[tuple[str, type[ProviderError], str, int]] = [
    ("reset", AmbiguousError, "but the connection was closed without an answer: it may have been accepted", 0),
    ("reset-after", AmbiguousError, "but the connection was closed without an answer: it may have been accepted", 1),
    ("hang", AmbiguousError, "but no answer came in time: it may have been accepted", 0),
    ("hang-after", AmbiguousError, "but no answer came in time: it may have been accepted", 1),
    ("half", AmbiguousError, "but the answer broke off half-way: it may have been accepted", 1),
    ("empty", AmbiguousError, "but its answer names no task (200: nothing)", 0),
    ("html", AmbiguousError, "but its answer names no task (200: <!DOCTYPE html>", 0),
    ("html-after", AmbiguousError, "but its answer names no task (200: <!DOCTYPE html>", 1),
    ("invalid-json", AmbiguousError, 'but its answer names no task (200: {"code": 200', 0),
    ("no-id", AmbiguousError, "but its answer names no task (200: success)", 1),
    ("redirect", AmbiguousError, "but its answer names no task (307: nothing)", 0),
    ("http-500-html", AmbiguousError, "but its answer names no task (500: <!DOCTYPE html>", 0),
    ("http-502-html-after", AmbiguousError, "but its answer names no task (502: <!DOCTYPE html>", 1),
    ("http-503", AmbiguousError, "but its answer names no task (503: Something else)", 0),
    ("code-408", AmbiguousError, "but its answer names no task (408: Upstream is currently", 0),
    ("code-501", AmbiguousError, "but its answer names no task (501: Generation failed)", 0),
    ("code-401", BadKeyError, "KIE does not accept the API key (401: You do not have access permissions).", 0),
    ("http-401", BadKeyError, "KIE does not accept the API key (401: You do not have access permissions).", 0),
    ("code-402", StopSubmittingError, "The KIE account has not enough credits (402: Credits insufficient: ", 0),
    ("code-404", RefusedError, "KIE does not know what was asked for (404: Task not found).", 0),
    ("code-422?words=No such model", RefusedError, "KIE refuses the request (422: No such model).", 0),
    ("code-429", UnavailableError, "KIE takes no more requests at the moment (429: Your call frequency is", 0),
    ("http-429", UnavailableError, "KIE takes no more requests at the moment (429: Your call frequency is", 0),
    ("http-429-html", UnavailableError, "KIE takes no more requests at the moment (429: <!DOCTYPE html>", 0),
    ("code-433", StopSubmittingError, "The API key has reached its spending limit (433: Sub-key usage", 0),
    ("code-451", LinkRefusedError, "KIE could not load an input picture (451: Failed to fetch the image).", 0),
    ("code-455", UnavailableError, "KIE is under maintenance (455: ", 0),
    ("code-500", UnavailableError, "KIE could not take the request (500: Server exception, please try again later", 0),
    (f"code-500?words={VALIDATION}", RefusedError, f"KIE refuses the request (500: {VALIDATION}).", 0),
    ("code-505", RefusedError, "KIE has switched this model off (505: Feature disabled).", 0),
    ("code-550", UnavailableError, "KIE's queue is full (550: ", 0),
    ("raw?status=403&body=error code: 1010", BadKeyError, "The content network (Cloudflare) before KIE turned", 0),
    ("code-400?words=Content was flagged", ModeratedError, "refuses this prompt or its picture (400: Content was", 0),
]


@pytest.mark.parametrize(("fault", "error", "words", "accepted"), SUBMIT_FAULTS)
async def test_submitting(fault: str, error: type[ProviderError], words: str, accepted: int) -> None:
    timeouts = IMPATIENT if "hang" in fault else QUICK
    async with kie_on_emulator(f"create:1:{fault}", timeouts=timeouts) as (kie, emulator):
        with pytest.raises(ProviderError) as caught:
            await kie.submit(order())
        assert type(caught.value) is error
        assert words in caught.value.message
        assert caught.value.hint
        assert (emulator.creates, len(emulator.accepted)) == (1, accepted), "one attempt, and never a second"
        assert isinstance(await kie.submit(order()), Accepted), "the next order is none the worse"


async def test_retry_after_reaches_the_engine() -> None:
    async with kie_on_emulator("create:1:http-429?retry_after=3", "create:2:code-429?retry_after=1.5") as (kie, _):
        waits = []
        for _ in range(2):
            with pytest.raises(UnavailableError) as caught:
                await kie.submit(order())
            waits.append(caught.value.retry_after)
        assert waits == [3, 1.5]


async def test_the_emulators_own_refusals() -> None:
    async with kie_on_emulator(credits=20) as (kie, _):
        with pytest.raises(RefusedError, match="This output_format is not within the range of allowed options"):
            await kie.submit(order(output_format="gif"))
        await kie.submit(order())
        with pytest.raises(StopSubmittingError, match="not enough credits"):
            await kie.submit(order())


async def test_extra_fields_do_not_matter() -> None:
    async with kie_on_emulator("create:1:extra-fields", "poll:1:extra-fields", "credit:1:extra-fields") as (kie, _):
        await done(kie)
        assert (await kie.account()).credits == 99_982


async def test_a_task_id_given_twice_is_not_believed_twice() -> None:
    async with kie_on_emulator("create:2:reused-id") as (kie, emulator):
        first = await kie.submit(order("coin"))
        with pytest.raises(AmbiguousError, match=f"answered with task {first.task}, which it had given to another"):
            await kie.submit(order("hat"))
        assert len(emulator.accepted) == 2


async def test_nor_is_the_id_of_a_task_that_an_earlier_run_ordered() -> None:
    async with kie_on_emulator("create:2:reused-id") as (kie, emulator):
        old = (await kie.submit(order("coin"))).task
        later = Kie(KEY, SMALL.models, address=emulator.base_url, timeouts=QUICK)
        await later.poll(old)
        with pytest.raises(AmbiguousError, match=f"answered with task {old}"):
            await later.submit(order("hat"))
        await later.close()


# --- polling ------------------------------------------------------------

POLL_FAULTS: list[tuple[str, type[ProviderError], str]] = [
    ("reset", TransientError, "KIE: the connection was closed without an answer while asking for the task."),
    ("hang", TransientError, "KIE: no answer came in time while asking for the task."),
    ("half", TransientError, "KIE: the answer broke off half-way while asking for the task."),
    ("empty", TransientError, "KIE did not tell how the task stands (200: nothing)."),
    ("html", TransientError, "KIE did not tell how the task stands (200: <!DOCTYPE html>"),
    ("invalid-json", TransientError, "KIE did not tell how the task stands (200: "),
    ("redirect", TransientError, "KIE did not tell how the task stands (307: nothing)."),
    ("http-502-html", TransientError, "KIE did not tell how the task stands (502: "),
    ("http-404-html", TransientError, "KIE did not tell how the task stands (404: "),
    ("code-429", TransientError, "KIE did not tell how the task stands (429: "),
    ("code-455", TransientError, "KIE did not tell how the task stands (455: "),
    ("code-500", TransientError, "KIE did not tell how the task stands (500: "),
    ("code-505", TransientError, "KIE did not tell how the task stands (505: "),
    ("code-408", TaskFailedError, "The task failed: its model gave no result for too long (408: "),
    ("code-501", TaskFailedError, "The task failed (501: Generation failed)."),
    ("code-401", BadKeyError, "KIE does not accept the API key (401: "),
    ("fail?words=internal error, please try again later", TaskFailedError, "(500: internal error, please try again"),
    ("fail?code=400&words=[400] The parameters are not valid.", TaskFailedError, "(400: [400] The parameters"),
    ("fail?code=422&words=Your input was rejected.", ModeratedError, "(422: Your input was rejected.)"),
    ("state-fail", TaskFailedError, "The task failed at KIE (no code: no reason given)."),
]


@pytest.mark.parametrize(("fault", "error", "words"), POLL_FAULTS)
async def test_polling(fault: str, error: type[ProviderError], words: str) -> None:
    timeouts = IMPATIENT if fault == "hang" else QUICK
    async with kie_on_emulator(f"poll:1-2:{fault}", timeouts=timeouts) as (kie, emulator):
        task = (await kie.submit(order())).task
        with pytest.raises(ProviderError) as caught:
            await kie.poll(task)
        assert type(caught.value) is error
        assert words in caught.value.message
        assert caught.value.hint
        assert len(emulator.accepted) == 1
        if error is TransientError:
            emulator.heal()
            assert isinstance(await kie.poll(task), Succeeded), "the task was not affected"


@pytest.mark.parametrize(("fault", "shown"), [("state-archived", "archived"), ("state-generating", "generating")])
async def test_unknown_states_are_still_running(fault: str, shown: str) -> None:
    async with kie_on_emulator(f"poll:1:{fault}") as (kie, _):
        task = (await kie.submit(order())).task
        assert await kie.poll(task) == Running(shown)
        assert isinstance(await kie.poll(task), Succeeded)


async def test_an_answer_about_another_task_is_not_this_tasks_picture() -> None:
    async with kie_on_emulator("poll:1:other-task") as (kie, _):
        await kie.submit(order("coin"))
        task = (await kie.submit(order("hat"))).task
        with pytest.raises(TransientError, match="an answer about something else"):
            await kie.poll(task)
        assert isinstance(await kie.poll(task), Succeeded)


async def test_a_new_task_may_be_unknown_for_a_while() -> None:
    clock = FakeClock()
    async with kie_on_emulator("poll:1-2:code-422", "poll:3:code-404", clock=clock.time) as (kie, _):
        task = (await kie.submit(order())).task
        for _ in range(3):
            assert await kie.poll(task) == Running("not visible yet")
            clock.advance(GRACE / 3 - 1)
        assert isinstance(await kie.poll(task), Succeeded)


async def test_a_task_that_stays_unknown_is_gone() -> None:
    clock = FakeClock()
    async with kie_on_emulator(clock=clock.time) as (kie, _):
        task = TaskId("emulator-of-another-account")
        assert await kie.poll(task) == Running("not visible yet")
        clock.advance(GRACE - 1)
        assert await kie.poll(task) == Running("not visible yet")
        clock.advance(1)
        with pytest.raises(GoneError) as caught:
            await kie.poll(task)
        assert caught.value.message == f"KIE does not know task {task} (422: recordInfo is null)."


@pytest.mark.parametrize("kind", ["missing", "null", "empty", "invalid"])
async def test_success_without_a_result_is_waited_for_and_never_taken_for_a_failure(kind: str) -> None:
    """The task is charged: were it taken for failed, the next build would order it again."""
    clock = FakeClock()
    async with kie_on_emulator(f"poll:1-3:result-{kind}", clock=clock.time) as (kie, _):
        task = (await kie.submit(order())).task
        for seconds in (GRACE - 1, 1):
            assert await kie.poll(task) == Running("done, its result not there yet")
            clock.advance(seconds)
        with pytest.raises(GoneError, match=f"KIE reports that task {task} succeeded, without a result: ") as caught:
            await kie.poll(task)
        assert "The next build asks again" in (caught.value.hint or "")
        assert isinstance(await kie.poll(task), Succeeded), "asked again, and there it is"


async def test_a_task_that_was_seen_has_its_grace_anew() -> None:
    """One answer out of line, long after, does not end a task."""
    clock = FakeClock()
    async with kie_on_emulator("poll:1:code-422", "poll:3:code-422", clock=clock.time, latency="inf") as (kie, _):
        task = (await kie.submit(order())).task
        shown = []
        for _ in range(4):
            state = await kie.poll(task)
            assert isinstance(state, Running)
            shown.append(state.state)
            clock.advance(GRACE)
        assert shown == ["not visible yet", "waiting", "not visible yet", "waiting"]


# --- results ------------------------------------------------------------


@pytest.mark.parametrize("fault", ["expired", "forbidden", "http-410"])
async def test_an_expired_link_is_exchanged_once(tmp_path: Path, fault: str) -> None:
    async with kie_on_emulator(f"download:1:{fault}") as (kie, emulator):
        await kie.fetch(await done(kie), tmp_path / "master")
        assert [received.path.partition("emulator-")[0] for received in emulator.received[2:]] == [
            *("/files/", "/api/v1/common/download-url", "/files/fresh/")
        ]


@pytest.mark.parametrize(
    ("faults", "error", "words"),
    [
        (["download:*:http-404"], GoneError, "KIE no longer has the result (its link answers 404)."),
        (["download:*:http-410"], GoneError, "KIE no longer has the result (its link answers 410)."),
        (["download:*:http-403"], TransientError, "KIE's result link answers 403."),
        (["download:1:http-404", "download:2:http-500"], TransientError, "KIE's result link answers 500."),
        (["download:*:expired", "refresh:*:code-422?words=Not ours"], GoneError, "has the result (422: Not ours)."),
        (["download:*:forbidden", "refresh:*:code-422?words=Not ours"], TransientError, "result link answers 403."),
        (["download:*:expired", "refresh:*:code-429"], TransientError, "KIE gave no new link for the result (429: "),
        (["download:*:expired", "refresh:*:code-401"], TransientError, "KIE gave no new link for the result (401: "),
        (["download:*:expired", "refresh:*:html"], TransientError, "KIE gave no new link for the result (200: <!DOC"),
        (["download:*:expired", "refresh:*:reset"], TransientError, "closed without an answer while fetching"),
    ],
)
async def test_links_that_stay_dead(tmp_path: Path, faults: list[str], error: type[ProviderError], words: str) -> None:
    async with kie_on_emulator(*faults) as (kie, emulator):
        state = await done(kie)
        with pytest.raises(ProviderError) as caught:
            await kie.fetch(state, tmp_path / "master")
        assert type(caught.value) is error
        assert words in caught.value.message
        assert caught.value.hint
        assert emulator.downloads <= 2, "refreshed once"


@pytest.mark.parametrize("link", ["https://", "http://[", "gopher://x/y", "http:///x.png"])
async def test_links_that_lead_nowhere(tmp_path: Path, link: str) -> None:
    async with kie_on_emulator() as (kie, _):
        with pytest.raises(TransientError):
            await kie.fetch(Succeeded((link,), None), tmp_path / "master")


@pytest.mark.parametrize("fault", ["code-500", "empty", "reset", "http-503-html"])
async def test_credits_that_cannot_be_read_are_transient(fault: str) -> None:
    async with kie_on_emulator(f"credit:*:{fault}") as (kie, emulator):
        with pytest.raises(TransientError):
            await kie.account()
        emulator.heal()
        assert (await kie.account()).credits == 100_000


# --- keys ------------------------------------------------------------


def context(**environment: str) -> ProviderContext:
    return ProviderContext(environment, CATALOG, Tuning(), Threads(1))


def test_a_missing_key_names_the_three_ways_out() -> None:
    for environment in ({}, {"KIE_AI_API_KEY": "  "}, {"KIE_AI_BASE_URL": "https://api.example.com"}):
        with pytest.raises(BadKeyError) as caught:
            kie_from(context(**environment))
        assert caught.value.message == "KIE_AI_API_KEY is not set, so nothing can be ordered from KIE."
        for way in (".env", "`--draft`", "`--provider draft`"):
            assert way in (caught.value.hint or "")


@pytest.mark.parametrize("key", ["sk-\u200b1", "two words", "line\nend", "\x00"])
def test_an_unusable_key_is_refused_unquoted(key: str) -> None:
    with pytest.raises(BadKeyError, match="KIE_AI_API_KEY holds characters that no API key has") as caught:
        kie_from(context(KIE_AI_API_KEY=key))
    assert key not in str(caught.value)


def test_plain_http_is_for_loopback_only() -> None:
    with pytest.raises(UsageError, match="KIE_AI_BASE_URL is a plain http address"):
        kie_from(context(KIE_AI_API_KEY=KEY, KIE_AI_BASE_URL="http://api.example.com"))


async def test_an_emulator_needs_no_key() -> None:
    async with kie_on_emulator() as (_, emulator):
        kie = kie_from(context(KIE_AI_BASE_URL=emulator.base_url))
        assert (await kie.account()).credits == 100_000
        assert emulator.received[-1].headers["Authorization"] == "Bearer emulator"
        await kie.close()


async def test_a_wrong_key_is_said() -> None:
    async with kie_on_emulator(api_key="another") as (kie, emulator):
        for call in (kie.submit(order()), kie.poll(TaskId("t")), kie.account()):
            with pytest.raises(BadKeyError, match="KIE does not accept the API key"):
                await call
        assert emulator.accepted == []


ECHO = json.dumps({"code": 500, "msg": f"bad key {KEY}", "data": {"failMsg": KEY}})
ECHOES = [
    *(
        f'{{"call": "create", "what": "raw", "status": "{status}", "body": {json.dumps(ECHO)}}}'
        for status in (200, 502)
    ),
    f"create:1:raw?body={KEY}",
    f"create:1:http-401?words=Key {KEY} is not known",
    f"create:1:code-422?words={KEY}",
    f"create:1:code-429?words={KEY}",
    f"poll:1:fail?code={KEY}&words={KEY}",
    f"poll:1:raw?body={KEY}",
    f"poll:1:code-401?words={KEY}",
    f"download:1:http-404-html,refresh:1:code-422?words={KEY}",
    f"credit:1:code-401?words={KEY}",
    *("create:1:reset", "create:1:redirect", "create:1:half", "poll:1:reset", "download:1:half", "download:*:redirect"),
]


@pytest.mark.parametrize("faults", ECHOES)
async def test_the_key_is_nowhere_in_what_a_failure_shows(tmp_path: Path, faults: str) -> None:
    """Not in messages, hints, chained exceptions or reprs, even when the service itself quotes it."""
    script = [faults] if faults.startswith("{") else faults.split(",")
    async with kie_on_emulator(*script) as (kie, emulator):
        shown = [repr(kie), repr(context(KIE_AI_API_KEY=KEY))]
        for life in (_whole_life(kie, tmp_path / "master"), kie.account()):
            shown += await _shown(life)
        assert any(KEY in str(received.headers) for received in emulator.received), "the key was really sent"
    assert KEY not in "\n".join(shown)


async def _whole_life(kie: Kie, target: Path) -> None:
    await kie.fetch(await done(kie), target)


async def _shown(life: Awaitable[object]) -> list[str]:
    """Everything that could be printed of what a call raised, also by a debugger that follows every link."""
    try:
        await life
    except AssetgenError as error:
        chain: list[BaseException] = [error]
        while (linked := chain[-1].__cause__ or chain[-1].__context__) is not None:
            chain.append(linked)
        texts = [text for each in chain for text in (str(each), repr(each), repr(vars(each)))]
        return [*texts, "".join(traceback.format_exception(error))]
    return []


def test_expected_size_does_not_travel() -> None:
    assert request_body(replace(order(), expected=PixelSize(9, 9)), SMALL.models) == request_body(order(), SMALL.models)
