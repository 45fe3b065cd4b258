"""One asset in full."""

from __future__ import annotations

from assetgen.catalog import CATALOG
from assetgen.catalog.presets.model import Look, PresetFile
from assetgen.errors import Place, Problem
from assetgen.manifest.recipe import AssetName, Borrowed, Cutout, Export, OutputPath, OutputSpec, PresetExport
from assetgen.plan.plan import Action, AssetPlan, Options
from assetgen.plan.planner import make_plan
from assetgen.plan.world import World
from assetgen.publish.decisions import decided
from assetgen.report.explain_parts import request_of as asking_of
from assetgen.report.explain_text import explain_text
from tests.report.samples import asset, real_plan
from tests.support.worlds import built, digest, entry, loaded, master, output, planned, recipe


def explained(of: AssetPlan) -> dict[str, list[str]]:
    """The lines under each title; the first block under an empty one."""
    blocks = [block.splitlines() for block in explain_text(of, 200).split("\n\n")]
    return {"": blocks[0]} | {title: [line.strip() for line in lines] for title, *lines in blocks[1:]}


def test_a_new_asset() -> None:
    coin = recipe(provider="kie", description="Shown on the credits screen", defaulted=frozenset({"resolution"}))
    plan = planned(coin)
    assert explained(plan) == {
        "": ["coin (app.yaml:3:3): generate, $0.09", "Shown on the credits screen"],
        "prompt": ["A coin"],
        "request": [
            "provider      kie",
            "model         nano-banana-pro",
            "aspect_ratio  1:1",
            "resolution    1K (default)",
            "take          0",
            "re-roll       0",
        ],
        "keys": [f"generate  {asking_of(plan).key}"],
        "outputs": ["output/coin.png  1024x1024, to be written"],
        "why": ["new"],
    }


def test_what_stands_and_what_is_added() -> None:
    before = recipe(outputs=(output("output/coin.png", width=24),))
    after = recipe(outputs=(*before.outputs, output("output/coin@2x.png", "@2x", width=48)))
    lines = explained(planned(after, built(before)))
    assert lines[""] == ["coin (app.yaml:3:3): export, $0.00"]
    assert lines["outputs"] == ["output/coin@2x.png  48x48, to be written", "output/coin.png     24x24, stands"]
    assert lines["keys"][1].startswith(f"picture                    {master().sha256} (1024x1024, by kie)")
    assert lines["why"] == ["size `@2x` (png) added"]


def test_the_key_is_that_of_the_picture_in_the_lock() -> None:
    coin = recipe()
    plan = planned(coin, built(coin, entry(coin, reroll=3)))
    assert plan.action is Action.UP_TO_DATE
    assert (asking_of(plan).provider, asking_of(plan).reroll) == ("kie", 3)
    assert "re-roll       3" in explained(plan)["request"]


def test_a_shared_picture() -> None:
    gem = real_plan(recipe("coin", provider="kie"), recipe("gem", provider="kie")).manifests[0].assets[1]
    assert "shared with   coin" in explained(gem)["request"]


def test_what_was_decided_is_told_while_it_holds() -> None:
    coin = recipe()
    accepted = decided(entry(coin), "accepted", by="Ann", note="lovely")
    assert "accepted by Ann: lovely" in explained(planned(coin, built(coin, accepted)))[""]
    other = entry(coin, master("another")).model_copy(update={"decision": accepted.decision})
    assert "accepted by Ann: lovely" not in explained(planned(coin, built(coin, other)))[""]


def test_a_blocked_asset_says_what_to_do() -> None:
    problem = Problem("edited", "edited", hint="keep it with `assetgen adopt MANIFEST coin`")
    blocked = asset(action=Action.BLOCKED, usd="0", reasons=("edited",), blocked=problem)
    assert explained(blocked)[""][1] == "hint: keep it with `assetgen adopt app.yaml coin`"


def test_what_a_service_or_a_manifest_says_cannot_drive_the_terminal() -> None:
    [only] = make_plan([(loaded(recipe(prompt="A \x1b[2Jcoin")), World())], Options(), CATALOG).assets
    assert explained(only)["prompt"] == ["A \\x1b[2Jcoin"]


def test_every_variant_has_its_own_key() -> None:
    coin = recipe(provider="kie", variants=2)
    plan = planned(coin)
    keys = [asking_of(plan, number).key for number in (1, 2)]
    assert explained(plan)["variants"] == [
        "1, picked  to be made for $0.09",
        f"re-roll 0, key {keys[0]}",
        "2          to be made for $0.09",
        f"re-roll 0, key {keys[1]}",
    ]
    assert keys[0] == explained(plan)["keys"][0].split()[1] != keys[1]


def test_the_key_is_that_of_the_picked_variant() -> None:
    coin = recipe(provider="kie", variants=2)
    locked = entry(coin)
    other = locked.masters[0].model_copy(update={"sha256": digest("other"), "reroll": 2})
    both = locked.model_copy(update={"masters": [locked.masters[0], other], "pick": digest("other")})
    plan = planned(coin, built(coin, both))
    assert explained(plan)["variants"][2:] == [
        f"2, picked  {digest('other')} (1024x1024, by kie)",
        f"re-roll 2, key {asking_of(plan).key}",
    ]
    assert (asking_of(plan).variant, asking_of(plan).reroll) == (2, 2)


def test_a_file_tells_whose_picture_it_shows() -> None:
    borrowed = Borrowed(AssetName("night"), Place("app.yaml", 5, 5))
    file = PresetFile("a.png", 8, None, "png", Look("dark"))
    export = PresetExport("ios-imageset", file, Export("png"), borrowed=borrowed)
    spec = OutputSpec(OutputPath("output/a.png"), "a", export)
    icon, night = recipe("icon", outputs=(spec,)), recipe("night", provider="draft")
    plan = make_plan([(loaded(icon, night), World())], Options(), CATALOG)
    assert explained(next(plan.assets))["outputs"] == ["output/a.png  to be written, shows `night`"]


def test_what_each_step_costs_where_several_are_paid_for() -> None:
    cut = explained(planned(recipe(provider="kie", cutout=Cutout("kie"))))
    assert cut["cost"] == ["generate  $0.09", "cutout    $0.005"]
    assert "cutout        by kie" in cut["request"]
    free = explained(planned(recipe(provider="kie", cutout=Cutout())))
    assert "cost" not in free
    assert "cutout        by key (default)" in free["request"]
