"""The language of faults: what it says, and what it says about text that it cannot read."""

from __future__ import annotations

import json

import pytest

from assetgen.emulator.faults import (
    BadResult,
    Call,
    Drip,
    Fail,
    Fault,
    OtherSize,
    Reply,
    Script,
    State,
    Twist,
    parse_fault,
)
from assetgen.errors import UsageError
from assetgen.manifest.recipe import PixelSize


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("create:2:reset", Fault(Call.CREATE, Twist.RESET, 2, 2)),
        ("create:*:reset-after", Fault(Call.CREATE, Twist.RESET, 1, None, after=True)),
        ("create:2-4:hang", Fault(Call.CREATE, Twist.HANG, 2, 4)),
        ("poll:3+:state-archived", Fault(Call.POLL, State("archived"), 3, None)),
        ("poll:~coin@1:fail?code=422&words=Too odd", Fault(Call.POLL, Fail("422", "Too odd"), 1, 1, "coin")),
        ("poll:~a coin: red:result-null", Fault(Call.POLL, BadResult("null"), 1, None, "a coin: red")),
        ("download:1:size-100x50", Fault(Call.DOWNLOAD, OtherSize(PixelSize(100, 50)), 1, 1)),
        ("download:1:drip?pause=0.5", Fault(Call.DOWNLOAD, Drip(0.5), 1, 1)),
        ("create:1:raw?status=202&body=ok", Fault(Call.CREATE, Reply(202, "ok"), 1, 1)),
        ("credit:1:empty", Fault(Call.CREDIT, Reply(200, ""), 1, 1)),
    ],
)
def test_compact_form(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


def test_codes_and_http_statuses_carry_the_services_words() -> None:
    fault = parse_fault("create:1:http-429?retry_after=3")
    assert isinstance(fault.effect, Reply)
    assert (fault.effect.status, fault.effect.retry_after) == (429, 3)
    assert json.loads(fault.effect.body) == {
        "code": 429,
        "msg": "Your call frequency is too high. Please try again later.",
        "data": None,
    }
    in_the_body = parse_fault("create:1:code-402?words=No money").effect
    assert isinstance(in_the_body, Reply)
    assert in_the_body.status == 200
    assert json.loads(in_the_body.body)["msg"] == "No money"


def test_json_form_says_the_same() -> None:
    text = '{"call": "create", "when": "2+", "what": "code-429", "words": "What? & why", "retry_after": 3}'
    fault = parse_fault(text)
    assert (fault.call, fault.first, fault.last) == (Call.CREATE, 2, None)
    assert isinstance(fault.effect, Reply)
    assert json.loads(fault.effect.body)["msg"] == "What? & why"
    assert fault.effect.retry_after == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("create", "it has to be CALL:WHEN:WHAT"),
        ("create:reset", "it has to be CALL:WHEN:WHAT"),
        ("delete:1:reset", "there is no call `delete`; there are create, poll, download, refresh, credit"),
        ("create:0:reset", "`0` does not say when: 2, 2-4, 2+ or *"),
        ("create:soon:reset", "`soon` does not say when: 2, 2-4, 2+ or *"),
        ("create:1:explode", "there is no fault `explode`"),
        ("create:1:code-4", "there is no fault `code-4`"),
        ("create:1:corrupt", "`corrupt` cannot happen to `create`"),
        ("download:1:fail", "`fail` cannot happen to `download`"),
        ("poll:1:size-1x1", "`size-1x1` cannot happen to `poll`"),
        ("poll:1:reset-after", "only `create` can be accepted first"),
        ("create:1:code-429?colour=red", "there is no value `colour`"),
        ("create:1:http-503?retry_after=soon", "could not convert string to float: 'soon'"),
        ("{", "it is not valid JSON"),
        ('{"what": "reset"}', "there is no call ``"),
    ],
)
def test_unreadable_faults_say_why(text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_fault(text)
    assert caught.value.message.startswith(f"the fault `{text}` cannot be read: {words}")
    assert caught.value.hint == "for example: create:2:http-500-html"


def test_a_script_counts_calls_of_the_kind_and_prompt() -> None:
    script = Script(map(parse_fault, ("create:2:reset", "create:~coin@2+:hang", "poll:*:half")))
    struck = [script.strike(Call.CREATE, prompt) for prompt in ("a coin", "a hat", "two coins", "coin", "a hat")]
    assert [fault and fault.effect for fault in struck] == [None, Twist.RESET, Twist.HANG, Twist.HANG, None]
    assert script.strike(Call.CREDIT, "") is None


def test_faults_added_later_count_from_then_on() -> None:
    script = Script()
    script.strike(Call.POLL, "")
    script.add(parse_fault("poll:1:reset"))
    assert script.strike(Call.POLL, "") is not None
    assert script.strike(Call.POLL, "") is None
    script.add(parse_fault("poll:*:reset"))
    script.clear()
    assert script.strike(Call.POLL, "") is None
