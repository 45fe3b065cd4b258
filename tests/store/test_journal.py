"""The journal: what was sent is known after any crash, and nothing is sent twice (rule 8 and section 5)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from assetgen.errors import StateError
from assetgen.plan.world import OpenTask
from assetgen.store.state import State
from tests.store.samples import JOURNAL, KEY, MASTER, OTHER, USD, bytes_of
from tests.support.stepped import Stepped


def sent(state: State, times: int = 1) -> None:
    """Send the request and hear nothing, so many times."""
    for _ in range(times):
        state.journal.intend(KEY, "kie", "{}", USD)
        state.journal.ambiguous(KEY)


def test_a_request_from_intent_to_result(state: State) -> None:
    state.journal.intend(KEY, "kie", '{"prompt": "a coin"}', USD)
    assert state.journal.open_tasks() == {KEY: OpenTask(KEY, "kie", None, 1, USD)}
    state.journal.accepted(KEY, "t1")
    assert state.journal.open_tasks() == {KEY: OpenTask(KEY, "kie", "t1", 0, USD)}
    assert state.journal.links(KEY) == ()
    state.journal.delivered(KEY, ["http://127.0.0.1/1.png", "http://127.0.0.1/2.png"])
    assert state.journal.links(KEY) == ("http://127.0.0.1/1.png", "http://127.0.0.1/2.png")
    state.journal.finished(KEY, MASTER)
    assert state.journal.open_tasks() == {}
    assert state.results.masters() == {KEY: MASTER}


def test_what_was_surely_not_accepted_leaves_the_row_as_it_was(state: State) -> None:
    state.journal.intend(KEY, "kie", "{}", USD)
    state.journal.withdrawn(KEY)
    assert state.journal.open_tasks() == {}
    sent(state)
    before = state.journal.open_tasks()
    state.journal.intend(KEY, "kie", "{}", Decimal(9))
    state.journal.withdrawn(KEY)
    assert state.journal.open_tasks() == before == {KEY: OpenTask(KEY, "kie", None, 1, USD)}


def test_ambiguities_add_up_until_there_is_a_result(state: State) -> None:
    sent(state, times=2)
    assert state.journal.open_tasks()[KEY].ambiguous == 2
    state.journal.intend(KEY, "kie", "{}", USD)
    state.journal.accepted(KEY, "t3")
    assert state.journal.open_tasks() == {KEY: OpenTask(KEY, "kie", "t3", 2, USD)}
    state.journal.dropped(KEY)
    assert state.journal.open_tasks() == {KEY: OpenTask(KEY, "kie", None, 2, USD)}
    state.journal.intend(KEY, "kie", "{}", USD)
    state.journal.finished(KEY, MASTER)
    assert state.journal.open_tasks() == {}


def test_a_task_that_failed_at_the_service_is_over(state: State) -> None:
    state.journal.intend(KEY, "kie", "{}", None)
    state.journal.accepted(KEY, "t1")
    state.journal.dropped(KEY)
    assert state.journal.open_tasks() == {}


def test_a_task_that_the_service_does_not_know_is_kept_and_marked(state: State) -> None:
    state.journal.intend(KEY, "kie", "{}", USD)
    state.journal.accepted(KEY, "t1")
    state.journal.gone(KEY)
    assert state.journal.open_tasks() == {KEY: OpenTask(KEY, "kie", "t1", 0, USD, gone=True)}
    with pytest.raises(StateError):
        state.journal.intend(KEY, "kie", "{}", USD)
    state.journal.finished(KEY, MASTER)
    assert state.journal.open_tasks() == {}


@pytest.mark.parametrize("alive", ["sending", "accepted"])
def test_a_second_submission_of_a_request_that_is_alive_is_impossible(state: State, alive: str) -> None:
    state.journal.intend(KEY, "kie", "{}", USD)
    if alive == "accepted":
        state.journal.accepted(KEY, "t1")
    before = state.journal.open_tasks()
    with pytest.raises(StateError, match="already holds what must not be there twice"):
        state.journal.intend(KEY, "kie", "{}", USD)
    assert state.journal.open_tasks() == before
    state.journal.intend(OTHER, "kie", "{}", USD)


@pytest.mark.parametrize(
    "say",
    [
        lambda state: state.journal.accepted(KEY, "t1"),
        lambda state: state.journal.ambiguous(KEY),
        lambda state: state.journal.withdrawn(KEY),
        lambda state: state.journal.dropped(KEY),
        lambda state: state.journal.gone(KEY),
        lambda state: state.journal.delivered(KEY, []),
    ],
)
def test_what_was_not_sent_cannot_be_answered(state: State, say: Callable[[State], None]) -> None:
    with pytest.raises(RuntimeError, match="no such submission"):
        say(state)


def test_an_interrupted_submission_is_one_ambiguity_more_and_is_counted_once(state: State) -> None:
    sent(state)
    state.journal.intend(KEY, "kie", "{}", USD)
    state.journal.intend(OTHER, "kie", "{}", None)
    state.journal.accepted(OTHER, "t2")
    assert state.journal.settle_interrupted() == (OpenTask(KEY, "kie", None, 2, USD),)
    assert state.journal.settle_interrupted() == ()
    assert state.journal.open_tasks() == {
        KEY: OpenTask(KEY, "kie", None, 2, USD),
        OTHER: OpenTask(OTHER, "kie", "t2", 0, None),
    }


def test_a_result_is_remembered_and_its_journal_closed_together_or_not_at_all(state: State, path: Path) -> None:
    state.journal.intend(KEY, "kie", "{}", USD)
    state.journal.accepted(KEY, "t1")
    with sqlite3.connect(path) as other:
        other.execute("CREATE TRIGGER no BEFORE DELETE ON submissions BEGIN SELECT RAISE(ABORT, 'no'); END")
    other.close()
    with pytest.raises(StateError):
        state.journal.finished(KEY, MASTER)
    assert state.results.masters() == {}
    assert state.journal.open_tasks()[KEY].task == "t1"


AFTERWARDS = {
    "opened": (None, None),
    "intended": (None, 1),
    "accepted": ("t1", 0),
    "finished": (None, None),
}


@pytest.mark.parametrize("killed_at", AFTERWARDS)
def test_killed_between_any_two_steps_the_journal_says_what_was_done(path: Path, killed_at: str) -> None:
    with Stepped(JOURNAL, path) as child:
        while child.reached() != killed_at:
            child.go_on()
        child.kill()
    before = bytes_of(path.parent)
    reading = State.open_for_reading(path)
    assert reading is not None
    seen = (reading.journal.open_tasks(), reading.results.masters())
    reading.close()
    assert bytes_of(path.parent) == before
    with State.open(path) as state:
        state.journal.settle_interrupted()
        assert (state.journal.open_tasks(), state.results.masters()) == seen
        task = state.journal.open_tasks().get(KEY)
        assert (task and task.task, task and task.ambiguous) == AFTERWARDS[killed_at]
        assert (KEY in state.results.masters()) == (killed_at == "finished")


def test_what_was_asked_for_can_be_recognized(state: State) -> None:
    state.journal.intend(KEY, "kie", '{"prompt": "a coin"}', USD)
    state.journal.ambiguous(KEY)
    state.journal.intend(OTHER, "kie", '{"prompt": "a gem"}', USD)
    assert state.journal.requests() == {KEY: '{"prompt": "a coin"}', OTHER: '{"prompt": "a gem"}'}
