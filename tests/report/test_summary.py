"""How a build is summed up, to the letter."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from assetgen.engine.events import Begun, Result
from assetgen.engine.line import NotSentError
from assetgen.manifest.recipe import OutputPath
from assetgen.plan.plan import Action, Removed
from assetgen.providers.base import StopSubmittingError
from assetgen.report.paint import Paint
from assetgen.report.summary import last_line, summary_text
from tests.report.samples import Ended, asset, asset_id, built, failed, idle, plan_of, real_plan
from tests.support.worlds import recipe


def cut_short(requests: int, spent: str | None, *pending: str | None, unsure: str | None = "0") -> Begun:
    """How far an interrupted build got with an asset; prices are texts, None where they are not known."""
    usd = [None if price is None else Decimal(price) for price in (spent, unsure, *pending)]
    return Begun(asset_id("gem"), requests, usd[0], usd[1], tuple(usd[2:]))


PLAN = plan_of(asset("coin"), asset("gem"), asset("star"), idle("bolt"))


def test_all_went_well() -> None:
    ended = Ended(PLAN, (built("coin"), built("gem"), built("star")), 3, Decimal("0.09"))
    assert summary_text(ended) == ("3 built, 1 up to date in 12 s; spent $0.27, saved $0.09; files in output")


def test_drafts_are_free_and_called_drafts() -> None:
    one, two = recipe("coin"), recipe("gem")
    assert last_line(Ended(real_plan(one), (built("coin", spent="0"),), 1, seconds=0.4)) == (
        "1 built in 0.4 s; 1 free draft; files in output"
    )
    ended = Ended(real_plan(one, two), (built("coin", spent="0"), built("gem", spent="0")), 2, seconds=0.4)
    assert last_line(ended) == "2 built in 0.4 s; all of them free drafts; files in output"
    mixed = real_plan(one, recipe("gem", provider="kie"))
    assert "1 free draft; spent $0.09" in last_line(Ended(mixed, (built("coin", spent="0"), built("gem")), 2))


NOT_SENT = NotSentError.because(StopSubmittingError("")).message
"""The engine's own words."""


def test_nothing_to_do() -> None:
    ended = Ended(plan_of(idle("coin"), idle("gem")), saved=Decimal("0.18"))
    assert summary_text(ended) == "everything is up to date: 2 assets in output"


def test_each_failure_with_the_services_words_and_what_to_do() -> None:
    words = "kie: 501 Generation failed: the prompt was refused"
    ended = Ended(
        PLAN,
        (
            built("coin"),
            failed("gem", "moderated", words, "reword the prompt"),
            failed("star", "still_running", "`star` is still being made", "build again to collect it"),
        ),
        3,
    )
    assert summary_text(ended) == (
        f"error: `gem`: {words}\n"
        "hint: reword the prompt\n"
        "\n"
        "error: `star` is still being made\n"
        "hint: build again to collect it\n"
        "\n"
        "1 built, 2 failed, 1 up to date in 12 s; spent $0.09; files in output"
    )


def test_one_cause_is_told_once() -> None:
    names = [f"icon-{n}" for n in range(10)]
    ended = Ended(
        plan_of(*(asset(name) for name in names)),
        (
            failed(names[0], "credits", "kie: 402 no credits left", "top up"),
            *(failed(name, "not_sent", NOT_SENT, result=Result.SKIPPED) for name in names[1:]),
        ),
        saved=Decimal("0.18"),
    )
    assert summary_text(ended) == (
        "error: `icon-0`: kie: 402 no credits left\n"
        "  so nothing was ordered for `icon-1`, `icon-2`, `icon-3`, `icon-4`, `icon-5`, `icon-6`, `icon-7`, `icon-8` "
        "and 1 more either\n"
        "hint: top up\n"
        "\n"
        "1 failed, 9 skipped in 12 s"
    )


def test_of_what_some_was_ordered_is_not_said_that_nothing_was() -> None:
    names = ("coin", "gem", "star")
    begun = replace(failed("star", "not_sent", NOT_SENT, result=Result.SKIPPED), requests=2)
    ended = Ended(
        plan_of(*(asset(name) for name in names)),
        (
            failed("coin", "credits", "kie: 402 no credits left", "top up"),
            failed("gem", "not_sent", NOT_SENT, result=Result.SKIPPED),
            begun,
        ),
    )
    assert summary_text(ended).startswith(
        "error: `coin`: kie: 402 no credits left\n"
        "  so nothing was ordered for `gem` either\n"
        "  so no more was ordered for `star`; what was is kept for the next build\n"
    )


def test_assets_that_share_a_problem_are_listed() -> None:
    names = ("coin", "gem", "star")
    both = [failed(name, "not_sent", NOT_SENT, result=Result.SKIPPED) for name in names]
    assert summary_text(Ended(PLAN, tuple(both))).startswith(f"skipped: {NOT_SENT}\n  `coin`, `gem`, `star`\n\n")


def test_an_unknown_price_is_not_hidden() -> None:
    ended = Ended(PLAN, (built("coin"), built("gem", spent=None)), 2)
    assert "spent $0.09 and an unknown amount" in last_line(ended)


def test_what_may_have_been_charged_is_told_apart() -> None:
    doubtful = replace(failed("gem", "maybe_charged", "never answered"), unsure=Decimal("0.09"))
    assert "; spent $0.09, perhaps $0.09 more;" in last_line(Ended(PLAN, (built("coin"), doubtful), 2))
    unpriced = replace(doubtful, unsure=None)
    assert "; perhaps an unknown amount more" in last_line(Ended(PLAN, (unpriced,), 1))


def test_an_interruption_says_how_to_go_on() -> None:
    ended = Ended(PLAN, (built("coin"),), 2, interrupted=True)
    assert last_line(ended) == (
        "interrupted after 12 s: 1 built, 1 up to date, 2 not finished; spent $0.09; files in output; "
        "run the same command again to go on"
    )


def test_an_interruption_before_anything_ended() -> None:
    ended = Ended(plan_of(asset()), seconds=1, interrupted=True)
    assert last_line(ended) == "interrupted after 1.0 s: 1 not finished; run the same command again to go on"


@pytest.mark.parametrize(
    ("begun", "words"),
    [
        (cut_short(1, "0.09", "0.09"), "spent $0.09; 1 ordered for $0.09 and not collected yet"),
        (cut_short(2, "0.18", "0.09"), "spent $0.18; 1 ordered for $0.09 and not collected yet"),
        (cut_short(2, "0.18"), "spent $0.27"),
        (cut_short(1, None, None), "spent $0.09; 1 ordered for an unknown amount and not collected yet"),
        (cut_short(1, "0", unsure="0.09"), "spent $0.09, perhaps $0.09 more"),
        (cut_short(0, "0"), "spent $0.09"),
    ],
)
def test_an_interruption_says_what_is_on_order(begun: Begun, words: str) -> None:
    ended = Ended(PLAN, (built("coin"),), 2, interrupted=True, saved=Decimal(1), begun=(begun,))
    assert last_line(ended) == (
        f"interrupted after 12 s: 1 built, 1 up to date, 2 not finished; {words}; files in output; "
        "run the same command again to go on"
    )


def test_a_long_last_line_is_broken_between_words() -> None:
    ended = Ended(PLAN, (built("coin"),), 2, interrupted=True)
    lines = summary_text(ended, 40, Paint(on=True)).splitlines()
    assert len(lines) > 2
    assert " ".join(lines) == last_line(ended, Paint(on=True))
    assert all(len(line) <= 40 for line in lines[1:])


def test_what_is_left_over_and_noted_comes_first() -> None:
    plan = plan_of(asset("coin"), removed=(Removed("old", (OutputPath("output/old.png"),)),))
    ended = Ended(plan, (built("coin", notes=("the service made 1254x1254 pixels",)),), 1)
    assert summary_text(ended, 200).splitlines() == [
        "note: `coin`: the service made 1254x1254 pixels",
        "note: `old` is no longer in the manifest; its files stay until `assetgen clean app.yaml`: output/old.png",
        "",
        "1 built in 12 s; spent $0.09; files in output",
    ]
    assert summary_text(ended, quiet=True) == "1 built in 12 s; spent $0.09; files in output"


def test_blocked_assets_are_failures() -> None:
    plan = plan_of(asset(action=Action.BLOCKED, usd="0"))
    ended = Ended(plan, (failed("coin", "blocked", "`output/coin.png` is in the way", "move it away"),), seconds=0)
    assert summary_text(ended) == (
        "error: `coin`: `output/coin.png` is in the way\nhint: move it away\n\n1 failed in 0.0 s"
    )
