"""A run as a whole: what goes wrong in one asset stays there, whatever it is, and nothing that was finished is lost."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assetgen.build import Limits
from assetgen.engine.line import Line, Lines
from assetgen.errors import UsageError, WriteError
from assetgen.lock.reading import read_lock
from assetgen.manifest.recipe import Tuning
from assetgen.plan.plan import Options
from assetgen.providers.base import (
    Accepted,
    BadKeyError,
    Order,
    Provider,
    ProviderContext,
    RefusedError,
    Running,
    Succeeded,
    TaskId,
    TaskState,
    UnavailableError,
)
from assetgen.store.folder import state_path
from tests.support.counting import CountingProvider, InstantClock
from tests.support.house import House
from tests.support.mounts import pinned
from tests.support.network import GuardError

NAMES = ("coin", "gem", "star")
OTHERS = {"gem": "built", "star": "built"}


class Scripted(CountingProvider):
    """Does what a test says when the coin is concerned: `at` names a call, and what happens before or after it."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, Callable[[], Any]] = {}
        self.calls: list[str] = []

    async def submit(self, order: Order) -> Accepted:
        name = order.prompt.removeprefix("A ")
        self._call("submit", name)
        accepted = await super().submit(order)
        self._call("answer", name)
        return accepted

    async def poll(self, task: TaskId) -> TaskState:
        return self._call("poll", self._name(task)) or await super().poll(task)

    async def fetch(self, result: Succeeded, target: Path) -> None:
        self._call("fetch", self._name(result.urls[0]))
        await super().fetch(result, target)

    async def close(self) -> None:
        self._call("close", "coin")

    def _name(self, task: str) -> str:
        return self.orders[int(task.removeprefix("task-")) - 1].prompt.removeprefix("A ")

    def _call(self, call: str, name: str) -> Any:
        self.calls.append(f"{call} {name}")
        if name == "coin" and call in self.at:
            return self.at[call]()
        return None


def raises(error: BaseException) -> Callable[[], Any]:
    def act() -> None:
        raise error

    return act


@pytest.fixture
def provider() -> Scripted:
    return Scripted()


@pytest.fixture
def house(tmp_path: Path, provider: Scripted) -> House:
    house = House(tmp_path / "project", provider)
    house.wants(*NAMES)
    return house


# --- what nobody expected -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["poll", "fetch"])
async def test_a_bug_in_one_assets_way_is_its_own_failure_and_its_task_is_kept(
    house: House, provider: Scripted, call: str
) -> None:
    provider.at[call] = raises(KeyError("a secret, perhaps"))
    built = await house.build()
    assert built.results == {"coin": "bug", **OTHERS}
    assert "a bug in assetgen or in a plugin: KeyError at test_execute.py:" in built.said("coin")
    assert "secret" not in built.said("coin")
    assert isinstance(built.outcomes["coin"].bug, KeyError)
    provider.at.clear()
    assert (await house.build()).results["coin"] == "built"
    assert house.ordered.count("coin") == 1


async def test_a_bug_while_submitting_leaves_it_in_doubt_whether_something_was_ordered(
    house: House, provider: Scripted
) -> None:
    provider.at["answer"] = raises(KeyError("taskId"))
    built = await house.build()
    assert built.results == {"coin": "maybe_charged", **OTHERS}
    assert built.said("coin").startswith("The submission broke off with a bug: KeyError.")
    assert isinstance(built.outcomes["coin"].bug, KeyError)
    assert house.consistent() == 1


async def test_what_no_handler_may_swallow_ends_the_run_and_is_in_the_journal(house: House, provider: Scripted) -> None:
    provider.at["answer"] = raises(GuardError("out of bounds"))
    with pytest.raises(GuardError):
        await house.build()
    assert house.consistent() == 1


async def test_too_little_memory_is_said_in_plain_words(house: House, provider: Scripted) -> None:
    provider.at["fetch"] = raises(MemoryError())
    built = await house.build()
    assert built.results == {"coin": "memory", **OTHERS}
    assert "-j 1" in built.said("coin")


async def test_wrong_use_ends_the_run(house: House) -> None:
    def provide(name: str, context: ProviderContext) -> Provider:
        raise UsageError("its address is none")

    house.provide = provide  # type: ignore[method-assign]  # a plugin that does not like its settings
    with pytest.raises(UsageError):
        await house.build()


@pytest.mark.parametrize("trouble", [raises(RuntimeError("closed twice")), raises(asyncio.CancelledError())])
async def test_a_farewell_that_fails_loses_nothing(
    house: House, provider: Scripted, trouble: Callable[[], Any]
) -> None:
    provider.at["close"] = trouble
    assert (await house.build()).results == {"coin": "built", **OTHERS}


async def test_a_farewell_that_hangs_is_cut_short(provider: Scripted) -> None:
    async def close() -> None:
        await asyncio.Event().wait()

    provider.close = close  # type: ignore[method-assign]  # the one call that Scripted cannot hang
    lines = Lines(lambda name: Line(provider, Tuning(), InstantClock(), Random()), patience=0.01)
    lines.to("fake")
    await lines.close()


# --- refusals that concern all ---------------------------------------------------------------------------------------


async def test_a_provider_that_cannot_be_opened_is_told_by_one_asset(house: House) -> None:
    def provide(name: str, context: ProviderContext) -> Provider:
        raise BadKeyError("there is no key", hint="set one")

    house.provide = provide  # type: ignore[method-assign]  # as the real one does without a key
    built = await house.build()
    assert sorted(built.results.values()) == ["auth", "not_sent", "not_sent"]


async def test_a_task_whose_poll_says_that_the_key_is_bad_is_kept_and_nothing_more_is_sent(
    house: House, provider: Scripted
) -> None:
    house.edit("defaults:", "providers: {fake: {concurrency: 1}}\ndefaults:")
    provider.at["poll"] = raises(BadKeyError("the key was withdrawn", hint="Get another."))
    built = await house.build()
    assert built.results == {"coin": "auth", "gem": "not_sent", "star": "not_sent"}
    assert "Get another. Task task-1 is kept: the next build collects it" in built.said("coin")
    provider.at.clear()
    assert (await house.build()).results == dict.fromkeys(NAMES, "built")
    assert house.ordered == ["coin", "gem", "star"]


# --- sharing, stopping, order ----------------------------------------------------------------------------------------


async def test_who_shares_a_picture_that_does_not_come_is_skipped(house: House, provider: Scripted) -> None:
    house.wants("coin")
    house.edit("A coin}", "A coin}\n  gold: {prompt: A coin}")
    provider.at["submit"] = raises(RefusedError("no coins today"))
    built = await house.build()
    assert built.results == {"coin": "refused", "gold": "dependency_failed"}
    provider.at.clear()
    assert (await house.build()).results == {"coin": "built", "gold": "built"}
    assert house.ordered == ["coin"]


async def test_fail_fast_stops_the_others_and_loses_nothing_of_theirs(house: House, provider: Scripted) -> None:
    provider.at["poll"] = raises(RefusedError("not this one"))
    built = await house.build(limits=Limits(fail_fast=True, jobs=1))
    assert built.results["coin"] == "refused"
    assert set(built.results.values()) <= {"refused", "stopped", "built"}
    assert not built.report.interrupted
    provider.at.clear()
    assert not (await house.build()).report.failed
    assert sorted(house.ordered) == ["coin", "gem", "star"]


async def test_what_is_paid_for_is_collected_before_anything_is_ordered(house: House, provider: Scripted) -> None:
    house.wants("gem", "coin")
    house.edit("defaults:", "providers: {fake: {concurrency: 1}}\ndefaults:")
    provider.at["poll"] = lambda: Running("generating")
    await house.build(Options(only=("coin",)))
    provider.at.clear()
    provider.calls.clear()
    await house.build()
    assert provider.calls[:3] == ["poll coin", "fetch coin", "submit gem"]


async def test_why_a_request_waits_is_said(house: House, provider: Scripted) -> None:
    provider.at["submit"] = raises(UnavailableError("too many requests"))
    built = await house.build()
    assert built.results == {"coin": "unavailable", **OTHERS}
    assert house.consistent() == 0


# --- a disk that takes nothing, a lock that somebody else writes ------------------------------------------------------


def refuse(house: House, *statements: str) -> Callable[[], None]:
    """From now on the journal takes no such statements, as on a full disk; without any it takes all again."""

    def act() -> None:
        with contextlib.closing(sqlite3.connect(state_path(house.root))) as connection:
            for verb in ("INSERT", "UPDATE", "DELETE"):
                connection.execute(f"DROP TRIGGER IF EXISTS no_{verb}")
            for verb in statements:
                trigger = f"CREATE TRIGGER no_{verb} BEFORE {verb} ON submissions"
                connection.execute(f"{trigger} BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END")
            connection.commit()

    return act


async def test_a_task_id_that_cannot_be_recorded_at_once_is_recorded_later(house: House, provider: Scripted) -> None:
    house.wants("coin")
    polled: list[TaskState | None] = [Running("generating"), Running("generating"), None]

    def poll() -> TaskState | None:
        if len(polled) == 2:
            refuse(house)()
        return polled.pop(0) if len(polled) > 1 else Running("for ever")

    provider.at = {"answer": refuse(house, "UPDATE"), "poll": poll}
    assert (await house.build()).results == {"coin": "still_running"}
    assert house.consistent() == 0
    provider.at.clear()
    assert (await house.build()).results == {"coin": "built"}
    assert house.ordered == ["coin"]


async def test_a_task_id_that_is_never_recorded_does_not_keep_its_picture_away(
    house: House, provider: Scripted
) -> None:
    house.wants("coin")
    provider.at = {"answer": refuse(house, "UPDATE")}
    assert (await house.build()).results == {"coin": "built"}
    assert house.consistent() == 0


async def test_a_task_id_that_the_journal_never_took_is_known_to_the_next_build(
    house: House, provider: Scripted
) -> None:
    provider.at = {"answer": refuse(house, "UPDATE", "DELETE")}
    house.wants("coin")
    assert (await house.build()).results == {"coin": "state"}
    refuse(house)()
    assert house.consistent() == 0, "it is not in doubt, also for who only reads"
    provider.at.clear()
    assert (await house.build()).results == {"coin": "built"}
    assert house.ordered == ["coin"]


async def test_a_task_id_that_stands_nowhere_is_told(house: House, provider: Scripted) -> None:
    def answer() -> None:
        refuse(house, "UPDATE", "DELETE")()
        reserve = state_path(house.root).with_name("state.sqlite-reserve")
        reserve.unlink()
        reserve.mkdir()

    provider.at = {"answer": answer}
    house.wants("coin")
    built = await house.build()
    assert built.results == {"coin": "state"}
    assert "task task-1 was accepted and is not recorded" in built.said("coin")


async def test_nothing_is_sent_that_cannot_be_recorded(house: House, provider: Scripted) -> None:
    await house.build(Options(only=("gem",)))
    refuse(house, "INSERT")()
    built = await house.build()
    assert built.results == {"coin": "state", "gem": "up-to-date", "star": "state"}
    assert house.ordered == ["gem"]
    refuse(house)()
    assert not (await house.build()).report.failed


async def test_a_lock_that_cannot_be_written_fails_what_it_should_tell_of_and_costs_nothing(
    house: House, provider: Scripted
) -> None:
    """Somebody merges branches while the build runs, and the lock has a conflict."""
    lock = house.root / "app.lock"
    provider.at["fetch"] = lambda: lock.write_text("<<<<<<< ours\n")
    built = await house.build()
    assert built.results == dict.fromkeys(NAMES, "lock")
    assert "the pictures are in place, and the next build records them" in built.said("gem")
    lock.unlink()
    provider.at.clear()
    assert not (await house.build()).report.failed
    assert sorted(house.ordered) == ["coin", "gem", "star"]
    assert (await house.build()).results == dict.fromkeys(NAMES, "up-to-date")


async def test_a_lock_that_cannot_be_written_keeps_no_other_from_it(house: House, provider: Scripted) -> None:
    house.wants("coin")
    (house.root / "more.yaml").write_text((house.root / "app.yaml").read_text().replace("coin", "gem"))
    lock = house.root / "app.lock"
    provider.at["fetch"] = lambda: lock.write_text("<<<<<<< ours\n")
    built = await house.build(also=["more.yaml"])
    assert built.results == {"coin": "lock", "gem": "built"}
    assert set(read_lock(house.root / "more.lock").assets) == {"gem"}


async def test_a_lock_that_cannot_forget_is_told_though_no_asset_fails_for_it(house: House) -> None:
    await house.build()
    house.wants("coin")
    lock, before = house.root / "app.lock", (house.root / "app.lock").read_bytes()
    with pinned(lock), pytest.raises(WriteError, match="the system is using it"):
        await house.build()
    assert lock.read_bytes() == before
    assert not (await house.build()).report.failed
    assert set(read_lock(lock).assets) == {"coin"}
