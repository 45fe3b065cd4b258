"""The service's side: what is accepted, how tasks progress, what they cost, what outlives a restart."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.digest import Json
from assetgen.emulator.options import Latency, Options, make_options, parse_latency
from assetgen.emulator.rules import Refusal
from assetgen.emulator.tasks import Desk, RateWindow, Task
from assetgen.errors import UsageError
from tests.support.fakes import FakeClock


def body(prompt: str = "A coin", **input_: Any) -> dict[str, Json]:
    return {"model": "nano-banana-pro", "input": {"prompt": prompt, **input_}}


def taken(desk: Desk, request: Json) -> Task:
    task = desk.accept(request)
    assert isinstance(task, Task)
    return task


def test_rate_window_admits_no_more_than_its_limit_in_any_period() -> None:
    window = RateWindow(2, 10)
    assert [window.admits(now) for now in (0, 4, 5, 9.9, 10, 10.1, 14, 20)] == [
        *(True, True, False, False),
        *(True, False, True, True),
    ]


def test_rate_window_without_limit_admits_everything() -> None:
    assert all(RateWindow(0, 10).admits(0) for _ in range(100))


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 5))
def test_rate_window_holds_for_any_arrivals(gaps: list[float], limit: int) -> None:
    window, now, admitted = RateWindow(limit, 10), 0.0, []
    for gap in gaps:
        now += gap
        if window.admits(now):
            admitted.append(now)
    assert all(sum(start <= time < start + 10 for time in admitted) <= limit for start in admitted)


def test_a_task_goes_through_the_services_states() -> None:
    clock = FakeClock()
    desk = Desk(make_options(latency=10), clock.time)
    task = taken(desk, body())
    seen = []
    for _ in range(6):
        seen.append(desk.record(task, "link")["state"])
        clock.advance(2)
    assert seen == ["waiting", "queuing", "generating", "generating", "generating", "success"]


def test_a_finished_record_has_every_field_of_the_real_one() -> None:
    clock = FakeClock()
    desk = Desk(make_options(latency=59), clock.time)
    task = taken(desk, body())
    clock.advance(100)
    record = desk.record(task, "https://x/y.png")
    assert record == {
        "taskId": task.id,
        "model": "nano-banana-pro",
        "state": "success",
        "successFlag": 1,
        "param": json.dumps({"model": "nano-banana-pro", "input": '{"prompt": "A coin"}'}),
        "costTime": 59,
        "creditsConsumed": 18.0,
        "createTime": 1_790_001_000_000,
        "updateTime": 1_790_001_059_000,
        "completeTime": 1_790_001_059_000,
        "failCode": None,
        "failMsg": None,
        "resultJson": '{"resultUrls": ["https://x/y.png"]}',
        "response": {"resultUrls": ["https://x/y.png"]},
    }


def test_a_failed_task_gives_its_credits_back_once() -> None:
    desk = Desk(Options(credits=Decimal(100)), FakeClock().time)
    task = taken(desk, body())
    assert desk.credits_left == 82
    for words in ("Internal Error", "later words"):
        task = desk.fail(task.id, "500", words)
    assert desk.credits_left == 100
    record = desk.record(task, "link")
    assert [record[name] for name in ("state", "successFlag", "failCode", "failMsg", "resultJson")] == [
        *("fail", 3, "500", "Internal Error", "")
    ]


def test_credits_run_out() -> None:
    desk = Desk(Options(credits=Decimal(40)), FakeClock().time)
    assert [isinstance(desk.accept(body()), Task) for _ in range(3)] == [True, True, False]
    refusal = desk.accept(body())
    assert isinstance(refusal, Refusal)
    assert refusal.code == 402
    assert desk.credits_left == 4
    assert len(desk.accepted) == 2


def test_prices_follow_the_resolution() -> None:
    desk = Desk(Options(credits=Decimal(100)), FakeClock().time)
    taken(desk, body(resolution="4K"))
    assert desk.credits_left == 76


def test_ids_depend_on_the_request_and_its_turn_alone() -> None:
    first, second = (Desk(make_options(), FakeClock().time) for _ in range(2))
    coin, hat, coin_again = (taken(first, body(prompt)) for prompt in ("coin", "hat", "coin"))
    assert (coin.turn, hat.turn, coin_again.turn) == (0, 0, 1)
    assert len({coin.id, hat.id, coin_again.id}) == 3
    assert [taken(second, body(prompt)).id for prompt in ("hat", "coin", "coin")] == [hat.id, coin.id, coin_again.id]
    assert all(task.id.startswith("emulator-") for task in (coin, hat, coin_again))
    assert taken(Desk(make_options(seed=1), FakeClock().time), body("coin")).id != coin.id


def test_the_callback_address_is_not_part_of_the_request() -> None:
    desk = Desk(make_options(), FakeClock().time)
    taken(desk, body())
    assert taken(desk, body() | {"callBackUrl": "http://localhost/x"}).turn == 1


def test_finish_all_ends_what_runs_and_leaves_the_rest() -> None:
    clock = FakeClock()
    desk = Desk(make_options(latency="inf"), clock.time)
    task = taken(desk, body())
    clock.advance(1e6)
    assert desk.record(task, "link")["state"] == "waiting"
    desk.finish_all()
    finished = desk.task(task.id)
    assert finished is not None
    assert desk.record(finished, "link")["state"] == "success"


def test_new_tasks_stay_hidden_as_long_as_configured() -> None:
    clock = FakeClock()
    desk = Desk(make_options(hidden=3.0), clock.time)
    task = taken(desk, body())
    assert not desk.is_visible(task)
    clock.advance(3)
    assert desk.is_visible(task)


def test_the_state_file_outlives_the_emulator(tmp_path: Path) -> None:
    options = make_options(state=tmp_path / "state.jsonl", latency=10)
    clock = FakeClock()
    desk = Desk(options, clock.time)
    coin, hat = taken(desk, body("coin")), taken(desk, body("hat"))
    desk.fail(hat.id, "500", "Internal Error")
    clock.advance(60)
    again = Desk(options, clock.time)
    assert again.task(coin.id) == coin
    failed = again.task(hat.id)
    assert failed is not None
    assert failed.failure == ("500", "Internal Error")
    assert again.credits_left == desk.credits_left
    assert again.accepted == desk.accepted
    assert taken(again, body("coin")).turn == 1


def test_a_damaged_state_file_is_named(tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    state.write_text('{"body"', encoding="utf-8")
    with pytest.raises(UsageError, match=r"state\.jsonl:1: the emulator's state cannot be read"):
        Desk(make_options(state=state), FakeClock().time)


def test_latency_reads_from_text() -> None:
    assert parse_latency("2.5") == Latency(2.5)
    assert parse_latency("lognormal:30,0.5") == Latency(30, 0.5)
    assert parse_latency("inf") == Latency(math.inf)
    for text in ("soon", "-1", "lognormal:3", ""):
        with pytest.raises(UsageError, match=f"`{text}` is no latency"):
            parse_latency(text)


def test_log_normal_latency_is_spread_around_its_median_and_repeatable() -> None:
    latency = Latency(30, 0.5)
    durations = [latency.of(f"task-{number}", 1) for number in range(500)]
    assert 27 < median(durations) < 33
    assert max(durations) > 60 > 20 > min(durations)
    assert durations == [latency.of(f"task-{number}", 1) for number in range(500)]
    assert durations != [latency.of(f"task-{number}", 2) for number in range(500)]
