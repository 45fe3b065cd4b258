"""Everything that can go wrong between us and the service, each through a whole build, and the build after it.

Every row of the tables hits one asset of three. Whatever happens: the others are built, the message names the asset and
carries the service's own words and the next step, nothing hangs, and once the trouble is over the next build completes
without paying again for anything that the service still has.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from assetgen.commands.shell import Selection
from assetgen.emulator.run import running_emulator
from assetgen.providers.http import Timeouts
from tests.support.kie import KEY, QUICK, SMALL
from tests.support.space import Space
from tests.support.works import Built, Works, works

PAGE = "Bad gateway"
NAMES = ("coin", "gem", "star")
HANGING = Timeouts(connect=5, call=0.5, stall=0.5, download=5)
"""For services that never answer; long enough for all others."""

IMPATIENT = {"create": QUICK, "poll": HANGING, "download": replace(QUICK, stall=0.5)}
"""By the kind of call that may hang, so that no other comes too late on a busy machine."""


@dataclass(frozen=True)
class Trouble:
    """`fault` strikes every call of its kind for the coin, which fails with `code`, in `words` of the service and with
    `advice`. `tasks` are what the service has for it after the first build, and after the second, when all is well."""

    fault: str
    code: str
    words: str
    advice: str
    tasks: tuple[int, int] = (1, 1)
    also: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        return (self.fault.replace(":", ":~coin:", 1), *self.also)


ONCE_MORE = "the next build sends it once more"
LOOK = "https://kie.ai/logs"
LOST, TWICE = (0, 1), (1, 2)

CREATE = [
    # sent, and no answer that tells: once more in the next build, never in this one
    Trouble("create:reset", "maybe_charged", "connection was closed without an answer", ONCE_MORE, LOST),
    Trouble("create:reset-after", "maybe_charged", "connection was closed without an answer", ONCE_MORE, TWICE),
    Trouble("create:hang", "maybe_charged", "no answer came in time", LOOK, LOST),
    Trouble("create:hang-after", "maybe_charged", "no answer came in time", ONCE_MORE, TWICE),
    Trouble("create:half", "maybe_charged", "the answer broke off half-way", ONCE_MORE, TWICE),
    Trouble("create:empty-after", "maybe_charged", "names no task (200: nothing)", ONCE_MORE, TWICE),
    Trouble("create:invalid-json-after", "maybe_charged", "names no task (200: ", ONCE_MORE, TWICE),
    Trouble("create:html-after", "maybe_charged", PAGE, ONCE_MORE, TWICE),
    Trouble("create:no-id", "maybe_charged", "names no task (200: success)", ONCE_MORE, TWICE),
    Trouble("create:redirect", "maybe_charged", "names no task (307: ", ONCE_MORE, LOST),
    Trouble("create:http-502-html", "maybe_charged", PAGE, ONCE_MORE, LOST),
    Trouble("create:http-504-html-after", "maybe_charged", PAGE, ONCE_MORE, TWICE),
    Trouble("create:code-299-after", "maybe_charged", "(299: Something else)", ONCE_MORE, TWICE),
    # surely not accepted, and still not after every try
    Trouble("create:code-429", "unavailable", "(429: Your call frequency is too high.", "Nothing was charged", LOST),
    Trouble("create:code-455", "unavailable", "(455: Service unavailable: the system is", "try again later", LOST),
    Trouble("create:code-550", "unavailable", "(550: Connection denied: the job queue is full.", "again later", LOST),
    Trouble("create:code-500", "unavailable", "(500: Server exception", "again later", LOST),
    # the request itself is wrong
    Trouble("create:code-422?words=No such model", "refused", "(422: No such model)", "in the manifest", LOST),
    Trouble("create:http-413-html", "refused", "(413: ", "Correct what it names in the manifest", LOST),
    Trouble("create:code-500?words=text is required", "refused", "(500: text is required)", "Correct what it", LOST),
    Trouble("create:code-505", "refused", "(505: Feature disabled)", "another model", LOST),
    Trouble("create:code-422?words=Caught by our AI moderator", "moderated", "AI moderator", "Reword the prompt", LOST),
]

AGAIN = "the next build collects it, and it is not paid for again"
WAITED = "was not done after 600 s: "

POLL = [
    # no word about the task: it may well run on
    Trouble("poll:reset", "still_running", f"{WAITED}no answer: KIE: the connection was closed", AGAIN),
    Trouble("poll:empty", "still_running", "(200: nothing)", AGAIN),
    Trouble("poll:html", "still_running", PAGE, AGAIN),
    Trouble("poll:http-502-html", "still_running", "(502: ", AGAIN),
    Trouble("poll:code-429", "still_running", "(429: Your call frequency is too high.", AGAIN),
    Trouble("poll:code-455", "still_running", "(455: Service unavailable", AGAIN),
    Trouble("poll:state-archived", "still_running", f"{WAITED}archived", AGAIN),
    # the service does not know it, or says success and shows nothing
    Trouble("poll:code-422", "gone", "(422: recordInfo is null)", "--regenerate"),
    Trouble("poll:code-404", "gone", "(404: Task not found)", "--regenerate"),
    *(
        Trouble(f"poll:result-{kind}", "gone", "succeeded, without a result", "The next build asks again")
        for kind in ("missing", "null", "empty", "invalid")
    ),
    # it failed, which is not charged: the next build orders a new one
    Trouble("poll:fail?words=Internal Error", "task_failed", "(500: Internal Error)", "Run the build again", TWICE),
    Trouble("poll:fail?code=422&words=Bad size", "task_failed", "(422: Bad size)", "in the manifest", TWICE),
    Trouble("poll:fail?words=flagged as sensitive", "moderated", "flagged as sensitive", "Reword the prompt", TWICE),
    Trouble("poll:code-501", "task_failed", "(501: Generation failed)", "Run the build again", TWICE),
    Trouble("poll:code-408", "task_failed", "(408: Upstream is currently", "Run the build again", TWICE),
]

UNUSABLE = "the result is not usable: "
ANOTHER = "If it stays so, --regenerate coin orders another picture"

DOWNLOAD = [
    Trouble("download:http-404", "gone", "its link answers 404", "Results are kept for 14 days"),
    Trouble("download:expired", "download", "(500: ", AGAIN, also=("refresh:~coin:code-500",)),
    Trouble("download:http-403", "download", "result link answers 403", AGAIN),
    Trouble("download:http-500", "download", "result link answers 500", AGAIN),
    Trouble("download:reset", "download", "the connection was closed", AGAIN),
    Trouble("download:half", "download", "broke off half-way", AGAIN),
    Trouble("download:empty", "download", "sent an empty file", AGAIN),
    Trouble("download:html", "download", "sent a web page instead of the file", AGAIN),
    Trouble("download:redirect", "download", "it redirected too many times", AGAIN),
    Trouble("download:wrong-type", "download", UNUSABLE, ANOTHER),
    Trouble("download:corrupt", "download", UNUSABLE, ANOTHER),
    Trouble("download:bomb", "download", "50000x50000 pixels", ANOTHER),
]

PASSING = {
    "create": (
        *("1-3:code-429", "1-3:http-429?retry_after=4", "1-2:code-500", "1:http-429-html", "1-2:code-455"),
        *("*:extra-fields", "*:drip?pause=0.001"),
    ),
    "poll": (
        *("1-2:reset", "1:hang", "1-2:html", "1-2:invalid-json", "1-2:code-500", "1-2:code-429", "1:half"),
        *("1-2:code-422", "1-2:code-404", "1-2:result-missing", "1-2:state-archived", "*:extra-fields"),
    ),
    "download": (
        *("*:expired", "*:forbidden", "1:reset", "1:hang", "1-2:half", "1:empty", "1-2:corrupt", "1:wrong-type"),
        *("1-2:http-503", "1:redirect", "*:drip?pause=0.001", "*:chunked", "*:jpeg", "*:size-48x30"),
    ),
}
"""What a second try cures, or what is no trouble at all: each hits an asset of its own, all in one build."""


@pytest.fixture
def project(space: Space) -> Iterator[Works]:
    with works(space) as project:
        project.wants(*NAMES)
        yield project


@pytest.mark.parametrize("trouble", [*CREATE, *POLL, *DOWNLOAD], ids=lambda trouble: trouble.fault)
def test_a_fault_hits_one_asset_and_costs_nothing_twice(project: Works, trouble: Trouble) -> None:
    project.emulator.script(*trouble.faults)
    first = project.build(timeouts=HANGING if "hang" in trouble.fault else QUICK)

    assert {first.results[name] for name in ("gem", "star")} == {"built"}, first.text
    assert project.orders == Counter(coin=trouble.tasks[0], gem=1, star=1)
    assert KEY not in first.text + json.dumps(first.assets)
    told(first, trouble)

    project.emulator.heal()
    second = project.build()
    assert second.exit_code == 0, second.text
    assert project.orders == Counter(coin=trouble.tasks[1], gem=1, star=1)
    assert len(project.outputs) == len(NAMES)
    project.idle()


def told(built: Built, trouble: Trouble) -> None:
    error = built.error("coin")
    assert (built.exit_code, error["code"]) == (1, trouble.code)
    assert trouble.words in error["message"]
    paragraph = next(part for part in built.text.split("\n\n") if "error: `coin`" in part)
    assert paragraph.startswith("app.yaml:"), "it says where the asset is written"
    assert trouble.words in paragraph
    assert trouble.advice in paragraph.partition("\nhint: ")[2]


@pytest.mark.parametrize("call", PASSING)
def test_what_passes_by_itself_is_waited_for(project: Works, call: str) -> None:
    names = [f"a{number:02}" for number in range(len(PASSING[call]))]
    project.wants(*names)
    project.emulator.script(*(f"{call}:~{name}@{what}" for name, what in zip(names, PASSING[call], strict=True)))
    built = project.build(timeouts=IMPATIENT[call])
    assert (built.exit_code, set(built.results.values())) == (0, {"built"}), built.text
    assert project.orders == Counter(names)
    project.emulator.heal()
    project.idle()


# --- sent, and never answered -------------------------------------------------------------------------------------


def test_what_was_never_answered_is_sent_once_more_by_the_next_build_and_then_only_when_asked(project: Works) -> None:
    project.emulator.script("create:~coin:reset-after")
    project.build()
    again = project.build()
    assert (
        "`coin`: an earlier submission was never answered and may have been charged; it is sent once more" in again.text
    )
    assert "It was sent before, too; only --regenerate coin sends it again." in again.text
    assert project.orders["coin"] == 2

    project.emulator.heal()
    for _ in range(2):
        blocked = project.build()
        assert (blocked.exit_code, blocked.error("coin")["code"]) == (1, "maybe_charged")
        assert "send it again with --regenerate coin" in blocked.text
    assert project.orders["coin"] == 2

    assert project.build(Selection(regenerate=("coin",))).results["coin"] == "built"
    assert project.orders["coin"] == 3
    project.idle()


def test_what_was_perhaps_charged_is_told_apart_from_what_was_spent(project: Works) -> None:
    project.emulator.script("create:~coin:reset-after")
    assert "spent $0.18, perhaps $0.09 more" in project.build().text


def test_a_task_id_that_belongs_to_another_request_is_not_believed(project: Works) -> None:
    project.emulator.script("poll:~gem:state-waiting")
    project.build(Selection(only=("gem",)))
    project.emulator.heal()
    project.emulator.script("create:~coin:reused-id")
    built = project.build(Selection(only=("gem", "coin")))
    assert (built.results["gem"], built.error("coin")["code"]) == ("built", "maybe_charged")
    assert "answered with task emulator-" in built.text
    project.emulator.heal()
    assert project.build().exit_code == 0
    assert project.orders == {"gem": 1, "star": 1, "coin": 2}
    assert len(set(project.outputs.values())) == len(NAMES), "nobody got another's picture"


def test_an_answer_about_another_task_is_no_answer(project: Works) -> None:
    project.build(Selection(only=("gem",)))
    project.emulator.script("poll:~coin:other-task")
    built = project.build()
    assert built.error("coin")["code"] == "still_running"
    assert "an answer about something else" in built.text
    project.emulator.heal()
    assert project.build().exit_code == 0
    assert project.orders == Counter(NAMES)
    assert len(set(project.outputs.values())) == len(NAMES)


# --- nothing more can be ordered ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "named", "words", "advice"),
    [
        (401, "auth", "KIE does not accept the API key", "Check KIE_AI_API_KEY"),
        (403, "auth", "KIE denies access", "list of allowed addresses"),
        (402, "credits", "The KIE account has not enough credits", "Top up"),
        (433, "credits", "The API key has reached its spending limit", "Raise the key's limit"),
    ],
)
def test_a_refusal_of_everything_is_told_once_and_what_is_in_flight_is_finished(
    project: Works, code: int, named: str, words: str, advice: str
) -> None:
    project.wants("a", "b", "c", "d", "e", "f")
    project.emulator.script(f"create:3+:code-{code}")
    built = project.build()
    assert built.exit_code == 1
    assert Counter(built.results.values()) == {"built": 2, "failed": 1, "skipped": 3}
    assert words in built.text
    assert built.text.count(advice) == 1
    assert {asset["error"]["code"] for asset in built.assets.values() if asset["error"]} == {named, "not_sent"}
    project.emulator.heal()
    assert project.build().exit_code == 0
    assert set(project.orders.values()) == {1}
    project.idle()


def test_a_key_that_is_withdrawn_while_a_task_runs_loses_nothing(project: Works) -> None:
    project.emulator.script("poll:~coin:code-401")
    built = project.build()
    assert built.error("coin")["code"] == "auth"
    assert AGAIN in built.text
    project.emulator.heal()
    assert project.build().exit_code == 0
    assert project.orders == Counter(NAMES)


def test_without_a_key_the_three_ways_out_are_named_once(project: Works) -> None:
    del project.environ["KIE_AI_API_KEY"]
    project.environ["KIE_AI_BASE_URL"] = "https://kie.invalid"
    space = project.space
    result = space.run("build", "app.yaml", "--json", env=project.environ)
    assert result.exit_code == 1
    assert "error: `coin`: KIE_AI_API_KEY is not set" in result.stderr
    assert "so nothing was ordered for `gem`, `star` either" in result.stderr
    for way in (".env.local", "`--draft`", "--provider draft"):
        assert result.stderr.count(way) == 1


def test_a_service_that_is_not_there(project: Works) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = project.environ["KIE_AI_BASE_URL"]
        project.environ["KIE_AI_BASE_URL"] = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        built = project.build()
    assert set(built.results.values()) == {"failed"}
    assert {built.error(name)["code"] for name in NAMES} == {"unavailable"}
    problems = built.text.split("\n\n")[-2]
    assert problems.count("error: KIE could not be reached: no connection could be made") == 1
    assert all(f"`{name}`" in problems for name in NAMES)
    project.environ["KIE_AI_BASE_URL"] = address
    assert project.build().exit_code == 0
    assert project.orders == Counter(NAMES)


# --- waiting ------------------------------------------------------------------------------------------------------


def test_a_task_that_never_ends_is_collected_when_it_has(space: Space) -> None:
    with works(space, latency="inf") as project:
        project.wants("coin", "gem")
        for _ in range(2):
            built = project.build()
            assert (built.exit_code, built.error("coin")["code"]) == (1, "still_running")
            assert AGAIN in built.text
        project.emulator.finish_all()
        assert project.build().exit_code == 0
        assert project.orders == Counter(["coin", "gem"])
        project.idle()


def test_a_storm_of_refusals_passes(project: Works) -> None:
    project.wants(*(names := [f"a{number}" for number in range(8)]))
    project.emulator.script("create:1-24:code-429", "create:25-32:http-429?retry_after=7")
    built = project.build()
    assert (built.exit_code, built.totals["requests"]) == (0, len(names))
    assert project.orders == Counter(names)


class Hurried:
    """Real time, a hundred times faster."""

    def time(self) -> float:
        return time.monotonic() * 100

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 100)


@pytest.mark.real_time
def test_sixty_orders_at_once_pass_a_service_that_takes_twenty_in_ten_seconds_and_destroys_the_rest(
    space: Space,
) -> None:
    clock = Hurried()
    with running_emulator(rate_limit=20, rate_period=10, clock=clock.time, catalog=SMALL) as emulator:
        project = Works(space, emulator, clock)
        project.wants(*(names := [f"a{number:02}" for number in range(60)]))
        built = project.build()
        assert (built.exit_code, built.totals["requests"], built.totals["built"]) == (0, 60, 60), built.text
        assert project.orders == Counter(names)
        project.idle()


# --- what is received ---------------------------------------------------------------------------------------------


def test_bytes_decide_the_format_not_the_name(project: Works) -> None:
    project.emulator.script("download:~coin:jpeg")
    assert project.build().exit_code == 0
    assert project.lock["assets"]["coin"]["masters"][0]["format"] == "jpeg"
    assert (project.space.root / "output/app/coin-24.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_of_another_size_is_kept_and_said(project: Works) -> None:
    project.emulator.script("download:~coin:size-48x30")
    built = project.build()
    assert built.exit_code == 0
    assert "`coin`: asked for 1024x1024, received 48x30" in built.text
    master = project.lock["assets"]["coin"]["masters"][0]
    assert (master["width"], master["height"]) == (48, 30)


def test_a_redirect_to_another_host_takes_no_credentials_along(project: Works) -> None:
    project.emulator.script("download:~coin@1:redirect", "create:~gem@1:redirect", "poll:~star@1:redirect")
    project.build()
    home = int(project.environ["KIE_AI_BASE_URL"].rpartition(":")[2])
    elsewhere = [received for received in project.emulator.received if received.port != home]
    assert [received.method for received in elsewhere] == ["GET"], "only the download followed"
    assert elsewhere[0].path.startswith("/files/")
    assert not {"authorization", "cookie"} & {name.lower() for name in elsewhere[0].headers}
    assert KEY not in str(elsewhere[0])


@pytest.mark.parametrize("fault", ["download:~coin:corrupt", "download:~coin:http-404", "poll:~coin:result-null"])
def test_what_cannot_be_had_is_ordered_anew_only_when_asked(project: Works, fault: str) -> None:
    project.emulator.script(fault)
    for _ in range(2):
        assert project.build().exit_code == 1
    assert project.orders["coin"] == 1
    project.emulator.heal()
    assert project.build(Selection(regenerate=("coin",))).exit_code == 0
    assert project.orders["coin"] == 2
    project.idle()


def test_links_known_from_before_need_no_answer(project: Works) -> None:
    """The service's records are lost, its files are not: what was paid for is still collected."""
    project.emulator.script("download:~coin:http-500")
    project.build()
    project.emulator.heal()
    project.emulator.script("poll:~coin:code-401")
    assert project.build().exit_code == 0
    assert project.orders == Counter(NAMES)
    project.idle()
