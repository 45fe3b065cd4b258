"""The plan as a table, to the letter."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from assetgen import build
from assetgen.errors import Place, Problem
from assetgen.manifest.recipe import OutputPath, PixelSize
from assetgen.plan.plan import Action, AssetPlan, IndexPlan, Options, Plan, Removed
from assetgen.report.paint import Paint
from assetgen.report.plan_text import plan_text
from assetgen.report.reasons import in_short, notes_in_short
from tests.report.samples import asset, idle, plan_of, real_plan
from tests.support.counting import CountingProvider
from tests.support.house import House
from tests.support.worlds import entry, output, recipe


def test_a_row_for_each_asset_with_work_and_the_totals() -> None:
    plan = plan_of(
        asset("coin", reasons=("prompt changed: `#EC4899` -> `#DB2777`",)),
        asset("hero-wide", usd=None),
        asset("gem", Action.EXPORT, "0", reasons=("size `@3x` (png) added", "size `hero` (png) added")),
        asset("star", Action.GENERATE, "0"),
        idle("bolt"),
    )
    assert plan_text(plan) == (
        "app.yaml\n"
        "  coin       generate    $0.09  prompt changed: `#EC4899` -> `#DB2777`\n"
        "  hero-wide  generate  unknown  new\n"
        "  gem        export       free  size `@3x` (png) added; size `hero` (png) added\n"
        "  star       generate     free  new\n"
        "\n"
        "5 assets: 3 generate, 1 export, 1 up to date; $0.09 and 1 of unknown price"
    )


def test_what_is_up_to_date_is_one_line() -> None:
    assert plan_text(plan_of(idle("coin"), idle("gem"))) == "everything is up to date: 2 assets in output"


def test_every_asset_when_asked_for() -> None:
    assert plan_text(plan_of(idle("coin")), every=True) == (
        "app.yaml\n  coin  up to date\n\neverything is up to date: 1 asset in output"
    )


def test_notes_are_told_though_there_is_nothing_to_do() -> None:
    plan = plan_of(idle("coin", notes=("frozen: prompt changed",)))
    assert "  coin  up to date\n                      note: frozen: prompt changed\n" in plan_text(plan)


def test_reasons_are_wrapped_under_themselves() -> None:
    reasons = ("prompt changed: `a` -> `b`", "output missing: output/app/coin@2x.png")
    assert plan_text(plan_of(asset(reasons=reasons)), 50).splitlines()[1:4] == [
        "  coin  generate  $0.09  prompt changed: `a` ->",
        "                         `b`; output missing:",
        "                         output/app/coin@2x.png",
    ]


def test_a_blocked_asset_says_what_to_do() -> None:
    problem = Problem("edited", "`output/coin.png` was edited by hand", hint="keep it with `assetgen adopt`")
    plan = plan_of(asset(action=Action.BLOCKED, usd="0", reasons=(problem.message,), blocked=problem))
    assert plan_text(plan) == (
        "app.yaml\n"
        "  coin  blocked    `output/coin.png` was edited by hand\n"
        "                   hint: keep it with `assetgen adopt`\n"
        "\n"
        "1 asset: 1 blocked; $0.00"
    )


def test_a_resumed_task_costs_nothing_more() -> None:
    plan = plan_of(asset(action=Action.RESUME, usd="0", reasons=("task t1 is already paid for",)))
    assert "  coin  resume  free  task t1 is already paid for\n" in plan_text(plan)


def test_long_names_have_a_line_of_their_own() -> None:
    name = "an-asset-with-quite-a-long-name-indeed"
    assert plan_text(plan_of(asset(name), asset("gem"))).splitlines()[1:4] == [
        f"  {name}",
        "       generate  $0.09  new",
        "  gem  generate  $0.09  new",
    ]


def test_what_is_left_over_is_told() -> None:
    plan = plan_of(
        idle("coin"),
        removed=(Removed("old", tuple(OutputPath(f"output/old-{n}.png") for n in range(5))), Removed("bare", ())),
        orphans=("output/stray.png",),
    )
    assert plan_text(plan, 200).splitlines()[1:4] == [
        "  `old` is no longer in the manifest; its files stay until `assetgen clean app.yaml`: "
        "output/old-0.png, output/old-1.png, output/old-2.png and 2 more",
        "  `bare` is no longer in the manifest",
        "  1 file belongs to no asset any more and can go with `assetgen clean app.yaml`: output/stray.png",
    ]


def test_a_file_that_is_made_again_is_not_left_over() -> None:
    again = replace(plan_of(asset(), orphans=("output/coin.png",)), made=frozenset({OutputPath("output/coin.png")}))
    assert "belongs to no asset" not in plan_text(again)


def test_index_files_stand_in_the_table() -> None:
    edited = Problem("edited", "edited by hand", hint="keep it with `assetgen adopt MANIFEST coin`")
    plan = plan_of(asset("coin"))
    indexes = (
        IndexPlan(OutputPath("src/assets.ts"), ("new",)),
        IndexPlan(OutputPath("a.json"), ("edited by hand",), edited),
    )
    plan = replace(plan, manifests=(replace(plan.manifests[0], indexes=indexes),))
    assert plan_text(plan, 100).splitlines()[1:5] == [
        "  coin           generate  $0.09  new",
        "  src/assets.ts  emit       free  new",
        "  a.json         blocked          edited by hand",
        "                                  hint: keep it with `assetgen adopt app.yaml coin`",
    ]


def test_on_a_narrow_screen_names_give_way_to_reasons() -> None:
    plan = plan_of(asset("theme-hero-light", reasons=("prompt changed: added `a wide sky`",)), asset("gem"))
    assert plan_text(plan, 52).splitlines()[1:4] == [
        "  theme-hero-light",
        "       generate  $0.09  prompt changed: added `a",
        "                        wide sky`",
    ]


def test_orphans_do_not_make_a_plan_out_of_date() -> None:
    assert plan_text(plan_of(idle(), orphans=("output/stray.png",))).endswith(
        "everything is up to date: 1 asset in output"
    )


def test_the_planners_own_words() -> None:
    plan = real_plan(recipe("coin", provider="kie"), recipe("gem"))
    assert plan_text(plan) == (
        "app.yaml\n  coin  generate  $0.09  new\n  gem   generate   free  new\n\n2 assets: 2 generate; $0.09"
    )


def test_how_large_the_files_will_be_for_who_wants_every_detail() -> None:
    wide = recipe(
        "hero",
        outputs=(
            output("output/hero-1280.webp", "1280", format="webp", width=1280),
            output("output/hero-1280.avif", "1280", format="avif", width=1280),
            output("output/hero-640x480.webp", "640x480", format="webp", width=640, height=480),
        ),
    )
    wide = replace(wide, expected=PixelSize(2752, 1536))
    assert "makes: 1280x714, 640x480 (webp, avif)\n" in plan_text(real_plan(wide), every=True)
    assert "makes" not in plan_text(real_plan(wide))
    assert "makes" not in plan_text(real_plan(replace(wide, expected=None)), every=True)


def budgeted(usd: str, *assets: AssetPlan) -> Plan:
    (entry,) = plan_of(*assets).manifests
    manifest = replace(entry.manifest, budget=Decimal(usd), budget_place=Place("app.yaml", 14, 15))
    return Plan((replace(entry, manifest=manifest),), Options())


def test_what_the_budget_says() -> None:
    three = [asset(name) for name in ("coin", "gem", "star")]
    assert plan_text(budgeted("2", *three)).endswith("; $0.27\n$0.27 of the budget of $2.00")
    assert plan_text(budgeted("0.1", *three)).endswith(
        "; $0.27\nover the budget of $0.10 (app.yaml:14): a build would stop before the first paid call"
    )
    assert plan_text(budgeted("2", asset(usd=None))).endswith(
        "\na price is unknown: under the budget of $2.00 (app.yaml:14) a build needs --allow-unpriced"
    )
    assert "budget" not in plan_text(budgeted("2", idle("coin")))
    assert "budget" not in plan_text(budgeted("0", asset(usd="0")))


def test_two_budgets_are_told_apart() -> None:
    one = budgeted("2", asset("coin")).manifests[0]
    both = Plan((one, replace(one, manifest=replace(one.manifest, shown="web.yaml"))), Options())
    assert plan_text(both).splitlines()[-2:] == [
        "$0.09 of the budget of app.yaml of $2.00",
        "$0.09 of the budget of web.yaml of $2.00",
    ]


def test_what_looks_like_a_rename_is_said() -> None:
    gone = Removed("coin", (OutputPath("output/coin.png"),))
    hint = "  hint: renamed? write `moved_from: coin` under `token`, and its picture is kept"
    assert hint in plan_text(plan_of(asset("token"), idle("gem", previous=entry(recipe("gem"))), removed=(gone,)), 200)
    two = plan_text(plan_of(asset("coins"), asset("star"), removed=(gone,)), 200)
    assert "write `moved_from: coin` under `coins`" in two
    assert "under its new name" in plan_text(plan_of(asset("xyz"), asset("star"), removed=(gone,)), 200)
    assert "renamed" not in plan_text(plan_of(idle("gem", previous=entry(recipe("gem"))), removed=(gone,)), 200)


def test_a_rename_is_known_by_what_is_asked_for(tmp_path: Path) -> None:
    house = House(tmp_path / "project", CountingProvider())

    def advice(before: dict[str, str], after: dict[str, str]) -> list[str]:
        house.makes(**before)
        asyncio.run(house.build())
        house.makes(**after)
        text = plan_text(build.plan(house.project(), Options()), 200)
        return [line.partition("renamed? ")[2] for line in text.splitlines() if "renamed?" in line]

    first = {"coin": "prompt: A coin", "gem": "prompt: A gem"}
    assert advice(first, {"token": "prompt: A gem", "jewel": "prompt: A coin"}) == [
        "write `moved_from: coin` under `jewel`, and its picture is kept",
        "write `moved_from: gem` under `token`, and its picture is kept",
    ]
    assert advice(first, {"coin": "prompt: A coin", "jewel": "prompt: A blue gem"}) == [
        "write `moved_from: gem` under `jewel`, and its picture is kept while it asks for the same"
    ]
    hero = "matrix: {theme: [light, dark]}, prompt: 'A {{ matrix.theme }} hero'"
    assert advice({"hero": hero}, {"hero": hero.replace("[light, dark]", "[light, night]")}) == [
        "the prompt of `hero-night` is not that of `hero-dark`: while it says the same, whatever the value is called, "
        "the picture is kept"
    ]


def test_a_model_whose_name_is_nearly_a_known_one_is_noted() -> None:
    """Before it is asked: its price is unknown, so no budget would have said anything."""
    note = "note: no model `nano-bananna-pro` is known: was `nano-banana-pro` meant?"
    assert note in plan_text(real_plan(recipe(model="nano-bananna-pro")), 200)
    assert "meant" not in plan_text(real_plan(recipe(model="brand/new")), 200)


def test_a_move_from_nowhere_is_noted() -> None:
    moved = asset("token", recipe=recipe("token", moved_from="coni"))
    gone = Removed("coin", ())
    assert "note: moved_from: `coni` is not in the lock; did you mean `coin`?" in plan_text(
        plan_of(moved, removed=(gone,)), 200
    )
    assert "note: moved_from: `coni` is not in the lock\n" in plan_text(plan_of(moved), 200)


def test_reasons_of_several_formats_and_files_are_said_once() -> None:
    reasons = (
        "width of size `hero` (png) changed: `160` -> `170`; height of size `hero` (png) changed: `160` -> `170`",
        "width of size `hero` (webp) changed: `160` -> `170`; height of size `hero` (webp) changed: `160` -> `170`",
        "prompt changed: `a (png)` -> `b (webp)`",
        *(f"output missing: out/{n}.png" for n in range(5)),
        "the png added",
        "the jpg added",
        "quality of size `@2x` (webp) changed: `80` -> `70`",
    )
    assert in_short(reasons) == [
        "size `hero` (png, webp) changed: `160` -> `170`",
        "prompt changed: `a (png)` -> `b (webp)`",
        "output missing: out/0.png, out/1.png, out/2.png and 2 more",
        "the png, jpg added",
        "quality of size `@2x` (webp) changed: `80` -> `70`",
    ]


def test_colour_moves_nothing() -> None:
    coloured = plan_text(plan_of(asset(), idle("gem")), paint=Paint(on=True), every=True)
    plain = plan_text(plan_of(asset(), idle("gem")), every=True)
    assert "\x1b[" in coloured
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[33m"):
        coloured = coloured.replace(code, "")
    assert coloured == plain


def test_files_that_come_back_are_told_together() -> None:
    notes = [f"out/{n}.png will be copied back from app/{n}.png" for n in range(4)]
    assert notes_in_short(notes[:1]) == notes[:1]
    assert notes_in_short(("frozen", *notes)) == [
        "frozen",
        "4 files will be copied back from where they are published: out/0.png, out/1.png, out/2.png and 1 more",
    ]
    assert notes_in_short(notes[:1], done=True) == ["out/0.png was copied back from app/0.png"]
