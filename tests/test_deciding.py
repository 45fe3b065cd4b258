"""`accept` and `reject`: decisions are in the lock, about pictures, and change nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assetgen.lock.entry import Entry
from assetgen.lock.reading import read_lock
from assetgen.publish.decisions import Standing, picture_of, standing
from tests.support.drafts import Drafts
from tests.support.pictures import png
from tests.support.space import Space

MANIFEST = """\
version: 1
assets:
  coin: {prompt: A coin, sizes: [16]}
  gem: {prompt: A gem, sizes: [16]}
"""


@pytest.fixture
def app(space: Space, drafts: Drafts) -> Space:
    return drafts.into(space, MANIFEST)


def entry(app: Space, name: str) -> Entry:
    return read_lock(app.root / "app.lock").assets[name]


def standings(app: Space) -> dict[str, str]:
    return {name: standing(entry).value for name, entry in read_lock(app.root / "app.lock").assets.items()}


def idle(app: Space) -> None:
    """Nothing is out of date, and a build changes nothing."""
    before = app.tree()
    app.run_ok("check", "app.yaml")
    app.run_ok("build", "app.yaml")
    assert app.tree() == before


def test_pictures_are_accepted_and_rejected_by_name(app: Space) -> None:
    assert app.run_ok("accept", "app.yaml", "coin", "--by", "Ann").stdout == "coin: accepted by Ann\n"
    result = app.run_ok("reject", "app.yaml", "g*", "--note", "too dark")
    assert (result.stdout, result.stderr) == ("gem: rejected: too dark\n", "1 rejected\n")
    assert standings(app) == {"coin": "accepted", "gem": "rejected"}
    assert app.run_ok("reject", "app.yaml", "coin").stdout == "coin: rejected (was accepted)\n"
    idle(app)


def test_all_means_what_nobody_decided_about(app: Space) -> None:
    app.run_ok("reject", "app.yaml", "gem")
    assert app.run_ok("accept", "app.yaml", "--all").stdout == "coin: accepted\n"
    assert standings(app) == {"coin": "accepted", "gem": "rejected"}
    assert "nothing to decide" in app.run_ok("accept", "app.yaml", "--all").stderr


def test_saying_it_twice_changes_nothing(app: Space) -> None:
    app.run_ok("accept", "app.yaml", "coin", "--note", "nice")
    before = app.tree()
    assert app.run_ok("accept", "app.yaml", "coin").stdout == "coin: accepted already\n"
    assert app.tree() == before


def test_another_picture_is_undecided_and_the_earlier_one_is_still_accepted(app: Space) -> None:
    app.run_ok("accept", "app.yaml", "coin")
    app.write("app.yaml", MANIFEST.replace("A coin", "A shiny coin"))
    app.run_ok("build", "app.yaml")
    assert standings(app)["coin"] == "undecided"
    app.write("app.yaml", MANIFEST)
    app.run_ok("build", "app.yaml")
    assert standings(app)["coin"] == "accepted"
    idle(app)


def test_a_new_size_format_and_quality_keep_the_decision(app: Space) -> None:
    app.run_ok("accept", "app.yaml", "coin")
    app.write("app.yaml", MANIFEST.replace("A coin, sizes: [16]", "A coin, sizes: [16, 32], formats: [png, webp]"))
    app.run_ok("build", "app.yaml")
    assert standings(app)["coin"] == "accepted"
    assert len(entry(app, "coin").outputs) == 4


def test_a_renamed_asset_takes_its_decision_along(app: Space) -> None:
    app.write("output/app/coin-16.png", png(16, 16, (1, 2, 3)))  # a draft shows its name, so it would be another one
    app.run_ok("adopt", "app.yaml", "coin")
    app.run_ok("accept", "app.yaml", "coin")
    app.write("app.yaml", MANIFEST.replace("coin: {", "token: {moved_from: coin, "))
    app.run_ok("accept", "app.yaml", "token", "--by", "Ann")
    app.run_ok("build", "app.yaml")
    decision = entry(app, "token").decision
    assert decision is not None
    assert (standings(app), decision.by) == ({"gem": "undecided", "token": "accepted"}, "Ann")


def test_what_has_no_picture_cannot_be_decided_about(app: Space) -> None:
    app.write("app.yaml", MANIFEST + "  star: {prompt: A star}\n")
    result = app.run("accept", "app.yaml", "star", "coin")
    assert (result.exit_code, result.stdout) == (1, "coin: accepted\n")
    assert "`star` has no picture yet that could be accepted" in result.stderr
    assert app.run_ok("accept", "app.yaml", "*").stdout == "coin: accepted already\ngem: accepted\n"


def test_json_tells_what_changed(app: Space) -> None:
    app.run_ok("accept", "app.yaml", "gem")
    document = app.run_ok("reject", "app.yaml", "gem", "coin", "--note", "dull", "--json").json
    (manifest,) = document["manifests"]
    assert manifest["manifest"] == "app.yaml"
    assert [(row["name"], row["was"], row["decision"], row["note"]) for row in manifest["assets"]] == [
        ("coin", "undecided", "rejected", "dull"),
        ("gem", "accepted", "rejected", "dull"),
    ]
    assert document["totals"] == {"assets": 2, "changed": 2, "failed": 0}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("accept",), "MANIFEST is missing"),
        (("accept", "app.yaml"), "NAME is missing"),
        (("accept", "app.yaml", "coin", "--all"), "--all and names contradict each other"),
        (("reject", "app.yaml", "con"), "there is no asset `con` in app.yaml"),
        (("accept", "--from", "nowhere.json"), "cannot read the decisions"),
        (("accept", "app.yaml", "coin", "--from", "d.json"), "--from brings names and notes of its own"),
    ],
)
def test_wrong_use_is_told(app: Space, arguments: tuple[str, ...], sentence: str) -> None:
    before = app.tree()
    result = app.run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert app.tree() == before


# --- decisions of a review page --------------------------------------------------------------------------------------


def row(app: Space, asset: str, decision: str = "accepted", **more: Any) -> dict[str, Any]:
    return {
        "manifest": "app.yaml",
        "asset": asset,
        "picture": picture_of(entry(app, asset)),
        "decision": decision,
    } | more


def decide(app: Space, *rows: Any, version: int = 1) -> str:
    app.write("d.json", json.dumps({"version": version, "decisions": list(rows)}))
    return "d.json"


def test_a_file_of_decisions_is_taken_over(app: Space) -> None:
    file = decide(app, row(app, "coin", by="Ann"), row(app, "gem", "rejected", note="dull", by=None))
    assert app.run_ok("accept", "--from", file).stdout == "coin: accepted by Ann\ngem: rejected: dull\n"
    assert standings(app) == {"coin": "accepted", "gem": "rejected"}
    assert app.run_ok("accept", "--from", decide(app, row(app, "gem", "undecided"))).stdout == (
        "gem: undecided (was rejected)\n"
    )
    assert standings(app)["gem"] == Standing.UNDECIDED


def test_a_decision_about_a_picture_that_changed_is_refused_and_the_others_count(app: Space) -> None:
    file = decide(app, row(app, "coin"), row(app, "gem"))
    app.write("app.yaml", MANIFEST.replace("A coin", "A shiny coin"))
    app.run_ok("build", "app.yaml")
    result = app.run("accept", "--from", file, "--json")
    assert result.exit_code == 1
    assert "the picture of `coin` is not the one that was accepted: it changed since" in result.stderr
    assert [row["error"] and row["error"]["code"] for row in result.json["manifests"][0]["assets"]] == ["changed", None]
    assert standings(app) == {"coin": "undecided", "gem": "accepted"}


def test_a_decision_about_an_asset_that_is_gone_keeps_no_other_from_counting(app: Space) -> None:
    result = app.run("accept", "--from", decide(app, row(app, "coin") | {"asset": "con"}, row(app, "gem")))
    assert (result.exit_code, result.stdout) == (1, "gem: accepted\n")
    assert "error: there is no asset `con` in app.yaml\nhint: did you mean `coin`?" in result.stderr
    assert "1 accepted, 1 decision not recorded" in result.stderr


def test_decisions_about_several_manifests_are_found_from_anywhere_in_the_project(app: Space) -> None:
    app.write("web/site.yaml", "assets: {hero: {prompt: A hero, sizes: [16]}}\n")
    app.run_ok("build", "web/site.yaml")
    hero = read_lock(app.root / "web/site.lock").assets["hero"]
    rows = row(app, "coin"), {**row(app, "coin"), "manifest": "web/site.yaml", "asset": "hero"}
    rows[1]["picture"] = picture_of(hero)
    file = decide(app, *rows)
    assert app.run_ok("accept", "web/site.yaml", "--from", file).stdout == "hero: accepted\n"
    inside = Space(app.root / "deep")
    assert inside.run_ok("accept", "--from", f"../{file}").stdout == "coin: accepted\nhero: accepted already\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "d.json:1:2: error: the decisions are not valid JSON"),
        ("[]", "it has no list `decisions`"),
        ('{"decisions": []}', "these decisions have version None"),
        ('{"version": 1, "decisions": []}', "d.json holds no decision about anything"),
        ('{"version": 1, "decisions": [1]}', "`decisions[0]` is not an object"),
        ('{"version": 1, "decisions": [{"colour": 1}]}', "has an unknown key `colour`"),
        ('{"version": 1, "decisions": [{"manifest": "app.yaml"}]}', "has no `asset`"),
        ({"decision": "maybe"}, "has the decision `maybe`"),
        ({"picture": "abc"}, "has a `picture` that is not a SHA-256"),
        ({"note": 3}, "has a `note` that is no text"),
        ({"manifest": "nowhere.yaml"}, "nowhere.yaml"),
    ],
)
def test_a_file_that_makes_no_sense_is_told(app: Space, content: str | dict[str, Any], sentence: str) -> None:
    if isinstance(content, str):
        app.write("d.json", content)
    else:
        decide(app, row(app, "coin") | content)
    before = app.tree()
    result = app.run("accept", "--from", "d.json")
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert app.tree() == before
