"""The summary of a review: what needs somebody, in Markdown, JSON and JUnit; foreign words stay words."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest

from assetgen.errors import Problem
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import OutputPath
from assetgen.plan.plan import Action, AssetPlan, Plan
from assetgen.plan.world import FileFact, World
from assetgen.publish.decisions import Verdict, decided, picture_of
from assetgen.report.review_machine import as_json, junit
from assetgen.report.review_markdown import LONGEST, headline, markdown
from assetgen.report.review_summary import Row, Status, rows_of
from tests.report.samples import asset, idle, plan_of
from tests.support.worlds import digest, entry, master, output, recipe


def built(
    name: str,
    verdict: Verdict | None = None,
    note: str | None = None,
    action: Action = Action.UP_TO_DATE,
    **fields: Any,
) -> AssetPlan:
    """An asset that has a picture for nine cents."""
    of = recipe(name, **fields)
    locked = decided(entry(of, master(name)), verdict, note=note)
    return asset(name, action, "0.09" if action is Action.GENERATE else "0", recipe=of, previous=locked)


def rows(*assets: AssetPlan) -> tuple[Row, ...]:
    return rows_of(standing_there(plan_of(*assets)))


def standing_there(plan: Plan) -> Plan:
    """The same, with every output in place."""
    (part,) = plan.manifests
    outputs = [item for row in part.assets if row.previous for item in row.previous.outputs.items()]
    world = World(files={OutputPath(path): FileFact("file", locked.sha256) for path, locked in outputs})
    return replace(plan, manifests=(replace(part, world=world),))


BLOCKED = Problem("edited", "`output/gem.png` was edited by hand")
ALL = (
    built("coin", "accepted"),
    built("star"),
    built("bolt", "rejected", "too *dark*"),
    built("crown", "accepted", action=Action.GENERATE),
    asset("heart"),
    replace(idle("gem", blocked=BLOCKED, previous=entry(recipe("gem"))), action=Action.BLOCKED),
)


def test_every_asset_has_the_status_that_needs_somebody_most() -> None:
    assert {row.asset.name: row.status for row in rows(*ALL)} == {
        "coin": Status.ACCEPTED,
        "star": Status.UNDECIDED,
        "bolt": Status.REJECTED,
        "crown": Status.STALE,
        "heart": Status.MISSING,
        "gem": Status.BLOCKED,
    }


def test_the_table_shows_what_needs_somebody_and_counts_the_rest() -> None:
    text = markdown(rows(*ALL))
    assert text.startswith(
        "### 6 pictures: 1 blocked, 1 not built, 1 to decide, 1 rejected, 1 out of date; "
        "$0.09 for what waits for a decision\n\n**app.yaml**\n\n| | asset |"
    )
    assert "| star | 🟨 to decide | a first picture | $0.09 |" in text
    assert "| bolt | 🟥 rejected | too &#42;dark&#42; | $0.09 |" in text
    assert "| gem | 🟥 blocked | <code>output/gem.png</code> was edited by hand | $0.09 |" in text
    assert '<a href="output/star.png"><img src="output/star.png" width="96" alt="star"></a>' in text
    assert text.endswith("\n🟩 1 asset accepted and up to date\n")
    assert "coin" not in text


def test_where_all_is_accepted_there_is_no_table() -> None:
    text = markdown(rows(built("coin", "accepted")))
    assert text == "### 1 picture: all accepted\n\n🟩 1 asset accepted and up to date\n"


def test_a_picture_that_changed_says_why() -> None:
    before = decided(entry(recipe("coin", prompt="A coin"), master("old")), "accepted")
    assert before.decision is not None
    decision = before.decision.model_copy(update={"request": before.request})
    now = entry(recipe("coin", prompt="A shiny coin"), master("new")).model_copy(update={"decision": decision})
    (row,) = rows(idle("coin", previous=now))
    assert (row.status, row.why) == (Status.UNDECIDED, ("prompt changed: added `shiny`",))
    assert "| prompt changed: added <code>shiny</code> |" in markdown([row])


@pytest.mark.parametrize(
    "words",
    [
        "<img src=x onerror=alert(1)>",
        "a | b | c",
        "[click](https://example.com)",
        "@everyone and #12",
        "`` code ` |",
        "line\n| one | two |\n\n# head",
        "*bold* _thin_ ~~gone~~ \\|",
        "www.example.com https://example.com",
    ],
)
def test_foreign_words_stay_words(words: str) -> None:
    text = markdown(rows(built("bolt", "rejected", words, description=words)))
    (line,) = [line for line in text.splitlines() if "bolt" in line]
    assert line.count("|") == 6
    visible = re.sub(r"<code>|</code>", "", line)
    why = visible.split(" | ")[3]
    assert not re.search(r"[<>*_\[\]`~@]|://|www\.|#\d+(?!;)", re.sub(r"&#\d+;", "", why)), why
    assert "<img src=x" not in line
    assert "onerror=alert(1)>" not in line


def test_a_comment_is_not_longer_than_one_may_be() -> None:
    text = markdown(rows(*(built(f"asset-{number}", "rejected", "dull " * 20) for number in range(1000))))
    assert LONGEST * 0.9 < len(text) < 65_536
    assert re.search(r"\n\nand \d+ more that did not fit here\n", text)


def test_unknown_prices_are_not_hidden() -> None:
    unknown = entry(recipe("coin"), replace(master(), usd=None))
    assert headline(rows(idle("coin", previous=unknown))) == (
        "1 picture: 1 to decide; an unknown amount for what waits for a decision"
    )
    assert "| unknown |" in markdown(rows(idle("coin", previous=unknown)))


def test_a_master_that_several_share_was_paid_once() -> None:
    shared = [idle(name, previous=entry(recipe(name), master("one"))) for name in ("coin", "gem")]
    assert "$0.09 for what waits" in headline(rows(*shared))


@pytest.mark.parametrize(
    ("widths", "wanted"),
    [((16, 128, 1024), "output/128.png"), ((16, 64), "output/64.png"), ((2048,), "output/2048.png")],
)
def test_the_thumbnail_is_small_and_large_enough(widths: tuple[int, ...], wanted: str) -> None:
    of = recipe("coin", outputs=tuple(output(f"output/{width}.png", width=width) for width in widths))
    locked = entry(of)
    sized = {p: o.model_copy(update={"width": o.export.width}) for p, o in locked.outputs.items()}
    (row,) = rows(idle("coin", recipe=of, previous=locked.model_copy(update={"outputs": sized})))
    assert row.thumbnail == wanted


def test_a_file_that_does_not_stand_is_not_linked() -> None:
    (row,) = rows_of(plan_of(built("coin")))
    assert row.thumbnail is None


def test_the_thumbnail_may_be_the_published_file() -> None:
    of = recipe("coin", outputs=(output("output/coin.png", published=("app/coin.png",)),))
    plan = plan_of(idle("coin", recipe=of, previous=entry(of)))
    world = World(files={OutputPath("app/coin.png"): FileFact("file", digest("output/coin.png"))})
    (row,) = rows_of(replace(plan, manifests=(replace(plan.manifests[0], world=world),)))
    assert row.thumbnail == "app/coin.png"


def test_programs_get_all_of_it() -> None:
    document = as_json(rows(*ALL))
    assert document["totals"] == {
        "assets": 6,
        "blocked": 1,
        "not_built": 1,
        "to_decide": 1,
        "rejected": 1,
        "out_of_date": 1,
        "accepted": 1,
        "usd": 0.09,
        "unpriced": 0,
    }
    star = document["manifests"][0]["assets"][1]
    previous = ALL[1].previous
    assert isinstance(previous, Entry)
    assert (star["name"], star["status"], star["decision"]) == ("star", "to decide", "undecided")
    assert (star["picture"], star["cost"], star["thumbnail"]) == (
        picture_of(previous),
        {"usd": 0.09},
        "output/star.png",
    )
    gem = document["manifests"][0]["assets"][5]
    assert gem["error"] == {"code": "edited", "message": "`output/gem.png` was edited by hand"}


def test_ci_gets_a_case_for_each_asset() -> None:
    suites = ElementTree.fromstring(junit(rows(*ALL)))
    (suite,) = suites
    assert {name: suite.get(name) for name in ("name", "tests", "errors", "failures", "skipped")} == {
        "name": "app.yaml",
        "tests": "6",
        "errors": "1",
        "failures": "3",
        "skipped": "1",
    }
    said = {case.get("name"): [(child.tag, child.get("message")) for child in case] for case in suite}
    assert said["coin"] == []
    assert said["star"] == [("skipped", "to decide: a first picture")]
    assert said["bolt"] == [("failure", "rejected: too *dark*")]
    assert said["heart"] == [("failure", "not built: the next build: new")]


def test_xml_holds_whatever_people_write() -> None:
    words = 'a"<b>&\x00\x1b]]>\udc80 ende'.replace("\udc80", "")
    suites = ElementTree.fromstring(junit(rows(built("coin", "rejected", words))))
    message = suites[0][0][0].get("message")
    assert message == 'rejected: a"<b>&\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}]]> ende'


def test_costs_are_exact() -> None:
    assert rows(built("coin"))[0].usd == Decimal("0.09")
