"""The JSON documents, as section 3 of the product contract has them."""

from __future__ import annotations

import json
from decimal import Decimal

from assetgen.engine.events import Outcome, Result
from assetgen.errors import Place, Problem
from assetgen.plan.plan import Action
from assetgen.report.machine import build_document, dumped, errors_document, plan_document
from tests.report.samples import Ended, asset, asset_id, built, failed, idle, plan_of
from tests.support.worlds import output, recipe

COUNTS = {"generate": 0, "upscale": 0, "cutout": 0, "export": 0, "resume": 0, "blocked": 0, "up_to_date": 0}


def test_a_plan() -> None:
    coin = recipe(outputs=(output("output/coin.png"), output("output/coin@2x.png", "@2x")))
    plan = plan_of(asset(recipe=coin), asset("hero", usd=None), idle("gem"))
    assert plan_document(plan) == {
        "manifests": [
            {
                "manifest": "app.yaml",
                "assets": [
                    {
                        "name": "coin",
                        "action": "generate",
                        "reasons": ["new"],
                        "cost": {"usd": 0.09},
                        "outputs": ["output/coin.png", "output/coin@2x.png"],
                    },
                    {
                        "name": "hero",
                        "action": "generate",
                        "reasons": ["new"],
                        "cost": {"usd": None},
                        "outputs": ["output/hero.png"],
                    },
                    {
                        "name": "gem",
                        "action": "up-to-date",
                        "reasons": [],
                        "cost": {"usd": 0},
                        "outputs": ["output/gem.png"],
                    },
                ],
            }
        ],
        "totals": {**COUNTS, "assets": 3, "generate": 2, "up_to_date": 1, "usd": 0.09, "unpriced": 1},
    }


def test_the_counts_sum_to_the_assets() -> None:
    totals = plan_document(plan_of(*(asset(action.value, action) for action in Action)))["totals"]
    assert sum(totals[name] for name in COUNTS) == totals["assets"] == len(Action)
    assert all(totals[name] == 1 for name in COUNTS)


def test_money_has_no_noise() -> None:
    document = plan_document(plan_of(*(asset(f"a{n}", usd="0.09") for n in range(3)), asset("b", usd="0.73")))
    assert '"usd": 1,' in dumped(plan_document(plan_of(asset(usd="1.00"))))
    assert json.loads(dumped(document))["totals"]["usd"] == 1
    assert '"usd": 0.27,' in dumped(plan_document(plan_of(*(asset(f"a{n}") for n in range(3)))))


def test_a_build() -> None:
    plan = plan_of(asset("coin"), asset("gem"), asset("star"), idle("bolt"))
    ended = Ended(
        plan,
        (
            built("coin"),
            failed("gem", "maybe_charged", "sent and never answered", "look at the log page"),
            failed("star", "credits", "no credits left", result=Result.SKIPPED),
            Outcome(asset_id("bolt"), Result.UP_TO_DATE),
        ),
        requests=2,
        seconds=1.23456,
    )
    document = build_document(ended)
    assert [(row["name"], row["result"], row["error"]) for row in document["manifests"][0]["assets"]] == [
        ("coin", "built", None),
        ("gem", "failed", {"code": "maybe_charged", "message": "sent and never answered; look at the log page"}),
        ("star", "skipped", {"code": "credits", "message": "no credits left"}),
        ("bolt", "up-to-date", None),
    ]
    assert document["totals"] == {
        **COUNTS,
        "assets": 4,
        "generate": 3,
        "up_to_date": 1,
        "usd": 0.27,
        "unpriced": 0,
        "built": 1,
        "failed": 1,
        "skipped": 1,
        "requests": 2,
        "seconds": 1.235,
    }


def test_a_build_has_everything_that_its_plan_has() -> None:
    plan = plan_of(asset(), idle("gem"))
    planned, ended = plan_document(plan), build_document(Ended(plan, (built(),)))
    assert planned["totals"].items() <= ended["totals"].items()
    for before, after in zip(planned["manifests"][0]["assets"], ended["manifests"][0]["assets"], strict=True):
        assert before.items() <= after.items()


def test_errors() -> None:
    problems = [
        Problem("unknown_key", "unknown key `promt`", Place("app.yaml", 3, 5), "did you mean `prompt`?", "    promt:"),
        Problem("lock", "this is not JSON", Place("app.lock")),
        Problem("usage", "MANIFEST is missing"),
    ]
    nothing = {"file": None, "line": None, "column": None, "hint": None}
    assert errors_document(problems) == {
        "errors": [
            {
                "file": "app.yaml",
                "line": 3,
                "column": 5,
                "code": "unknown_key",
                "message": "unknown key `promt`",
                "hint": "did you mean `prompt`?",
            },
            {**nothing, "file": "app.lock", "code": "lock", "message": "this is not JSON"},
            {**nothing, "code": "usage", "message": "MANIFEST is missing"},
        ]
    }


def test_documents_are_ascii_and_end_with_a_line() -> None:
    text = dumped(errors_document([Problem("x", "größer \udcff")]))
    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text)["errors"][0]["message"] == "größer \udcff"


def test_charges_of_a_service_keep_their_digits() -> None:
    assert plan_document(plan_of(asset(usd="0.0825")))["totals"]["usd"] == 0.0825
    assert plan_document(plan_of(asset(usd=str(Decimal("0.1") + Decimal("0.2")))))["totals"]["usd"] == 0.3
