"""The rebuilder, rule by rule (product contract, section 7): each test names the rule that it holds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assetgen.catalog import CATALOG
from assetgen.manifest.recipe import AssetName, Drawing, Recipe
from assetgen.plan.plan import Action, Collected, Kept, Options, Ordered, Redrawn, Shared
from assetgen.plan.planner import make_plan
from assetgen.plan.request import Asking
from assetgen.plan.world import FileFact, OpenTask, StoredMaster, Take, World, WrittenOutput
from tests.support.worlds import asking, built, digest, entry, loaded, master, output, planned, recipe

COIN = recipe()
KIE = {"provider": "kie"}


def test_a_built_asset_is_up_to_date() -> None:
    plan = planned(COIN, built(COIN))
    assert (plan.action, plan.reasons, plan.usd) == (Action.UP_TO_DATE, (), Decimal(0))


def test_a_new_asset_is_generated_at_its_price() -> None:
    plan = planned(COIN, World(), KIE)
    assert (plan.action, plan.reasons, plan.usd) == (Action.GENERATE, ("new",), Decimal("0.09"))


def test_a_new_asset_is_drafted_for_nothing_when_nobody_names_a_provider() -> None:
    plan = planned(COIN)
    assert isinstance(plan.master, Ordered)
    assert (plan.master.asking.provider, plan.usd) == ("draft", Decimal(0))


# --- rule 1: what is part of the key --------------------------------------------------------------------------------


def test_rule_1_white_space_in_a_prompt_is_not_part_of_the_key() -> None:
    assert asking(recipe(prompt="A\n  coin")).key == asking(recipe(prompt="A coin")).key


@pytest.mark.parametrize(
    "other",
    [
        recipe(prompt="A gem"),
        recipe(take=1),
        recipe(parameters={"aspect_ratio": "1:1", "resolution": "2K"}),
        recipe(model="other"),
    ],
)
def test_rule_1_what_is_asked_for_is_part_of_the_key(other: Recipe) -> None:
    assert asking(other).key != asking(COIN).key


def test_rule_1_the_name_is_part_of_the_key_of_drafts_alone() -> None:
    gem = recipe("gem")
    assert asking(gem).key == asking(COIN).key
    assert asking(gem, "draft").key != asking(COIN, "draft").key


def test_rule_1_equal_requests_share_one_master() -> None:
    plan = make_plan([(loaded(COIN, recipe("gem")), World())], Options(provider="kie"), CATALOG)
    first, second = plan.manifests[0].assets
    assert (first.action, second.action) == (Action.GENERATE, Action.EXPORT)
    assert isinstance(second.master, Shared)
    assert second.master.leader == first.asset
    assert plan.totals.usd == Decimal("0.09")


# --- rule 2: stale means that the request as written differs ---------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (recipe(prompt="A coin in #DB2777"), "prompt changed: added `in #DB2777`"),
        (recipe(prompt="A gem"), "prompt changed: `coin` -> `gem`"),
        (recipe(take=2), "take changed: `0` -> `2`"),
        (recipe(parameters={"aspect_ratio": "16:9", "resolution": "1K"}), "aspect_ratio changed: `1:1` -> `16:9`"),
        (recipe(provider="other"), "provider changed: `kie` -> `other`"),
    ],
)
def test_rule_2_a_changed_request_is_said_field_by_field(now: Recipe, reason: str) -> None:
    plan = planned(now, built(COIN))
    assert (plan.action, plan.reasons) == (Action.GENERATE, (reason,))


def test_rule_2_a_changed_colour_is_quoted() -> None:
    was, now = recipe(prompt="A coin (#EC4899), centred."), recipe(prompt="A coin (#DB2777), centred.")
    assert planned(now, built(was)).reasons == ("prompt changed: `#EC4899` -> `#DB2777`",)


def test_rule_2_a_new_built_in_default_makes_nothing_stale() -> None:
    was = recipe(defaulted=frozenset({"resolution"}))
    now = recipe(defaulted=frozenset({"resolution"}), parameters={"aspect_ratio": "1:1", "resolution": "2K"})
    assert planned(now, built(was)).action is Action.UP_TO_DATE


def test_rule_2_writing_the_default_down_makes_nothing_stale() -> None:
    assert planned(COIN, built(recipe(defaulted=frozenset({"resolution"})))).action is Action.UP_TO_DATE


def test_rule_2_writing_another_value_does() -> None:
    was = recipe(defaulted=frozenset({"resolution"}))
    now = recipe(parameters={"aspect_ratio": "1:1", "resolution": "4K"})
    assert planned(now, built(was)).reasons == ("resolution changed: `1K` -> `4K`",)


def test_rule_2_a_model_table_that_learns_a_parameter_makes_nothing_stale() -> None:
    was = recipe(parameters={"aspect_ratio": "1:1"}, left_out={"resolution": "1K"})
    assert planned(COIN, built(was)).action is Action.UP_TO_DATE


def test_rule_2_a_new_key_scheme_makes_nothing_stale() -> None:
    """The lock pins the picture: nothing is looked up by key while the request is the locked one."""
    assert planned(COIN, built(COIN, results={}, takes={})).action is Action.UP_TO_DATE


def test_rule_2_a_newer_encoder_alone_makes_nothing_out_of_date() -> None:
    assert planned(COIN, built(COIN), {"encoder": "pillow 2"}).action is Action.UP_TO_DATE
    plan = planned(COIN, built(COIN), {"encoder": "pillow 2", "refresh": ("coin",)})
    assert (plan.action, plan.reasons) == (Action.EXPORT, ("encoder of the png is newer: pillow 2",))


# --- rule 3: the lock wins -------------------------------------------------------------------------------------------


def test_rule_3_another_result_for_the_same_key_is_never_substituted() -> None:
    plan = planned(COIN, built(COIN, results={asking(COIN).key: master("another")}))
    assert (plan.action, plan.master) == (Action.UP_TO_DATE, Kept(master()))


def with_size(of: Recipe) -> Recipe:
    return replace(of, outputs=(*of.outputs, output("output/coin-64.png", "64", width=64, height=64)))


def test_an_added_size_is_exported_from_the_master_at_hand() -> None:
    plan = planned(with_size(COIN), built(COIN))
    assert (plan.action, plan.reasons, plan.usd) == (Action.EXPORT, ("size `64` (png) added",), Decimal(0))


def test_rule_3_a_paid_master_that_is_gone_is_collected_by_its_task() -> None:
    plan = planned(with_size(COIN), built(COIN, blobs=frozenset()))
    assert (plan.action, plan.master, plan.usd) == (Action.RESUME, Collected(Kept(master())), Decimal(0))


def test_rule_3_a_master_that_cannot_be_had_blocks_and_names_the_remedies() -> None:
    locked = entry(COIN, master(provider="adopted"))
    plan = planned(with_size(COIN), built(COIN, locked, blobs=frozenset()))
    assert plan.action is Action.BLOCKED
    assert plan.blocked is not None
    assert "--regenerate coin" in (plan.blocked.hint or "")


def test_rule_3_a_draft_that_is_gone_is_drawn_again() -> None:
    locked = entry(COIN, provider="draft")
    plan = planned(with_size(COIN), built(COIN, locked, blobs=frozenset()))
    assert isinstance(plan.master, Redrawn)


# --- rule 4: the provider in effect ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "named", "provider"),
    [
        ({}, None, "draft"),
        ({"ambient_provider": "kie"}, None, "kie"),
        ({"ambient_provider": "kie"}, "draft", "draft"),
        ({"provider": "kie"}, "draft", "kie"),
        ({"draft": True}, "kie", "draft"),
    ],
)
def test_rule_4_flag_then_manifest_then_environment(options: dict[str, Any], named: str | None, provider: str) -> None:
    plan = planned(recipe(provider=named), World(), options)
    assert isinstance(plan.master, Ordered)
    assert plan.master.asking.provider == provider


@pytest.mark.parametrize("options", [{"provider": "draft"}, {"draft": True}, {"ambient_provider": "draft"}, KIE])
def test_rule_4_flag_and_environment_alone_are_no_reason(options: dict[str, Any]) -> None:
    assert planned(COIN, built(COIN), options).action is Action.UP_TO_DATE


def test_rule_4_the_lock_keeps_a_real_provider_in_effect() -> None:
    plan = planned(recipe(prompt="A gem"), built(COIN), {"ambient_provider": "draft"})
    assert isinstance(plan.master, Ordered)
    assert plan.master.asking.provider == "kie"


@pytest.mark.parametrize(
    ("manifest", "options", "hint"),
    [
        (None, {"provider": "draft"}, "leave out --provider draft; or keep"),
        (None, {"draft": True}, "leave out --draft; or keep"),
        ("draft", {}, "write `provider: kie` in the manifest instead of `draft` or build with --provider kie; or keep"),
        (
            "draft",
            {"draft": True},
            "leave out --draft and write `provider: kie` in the manifest instead of `draft`; or",
        ),
    ],
)
def test_rule_4_a_draft_never_replaces_a_real_master(manifest: str | None, options: dict[str, Any], hint: str) -> None:
    """The hint takes back what asked for the draft."""
    plan = planned(recipe(prompt="A gem", provider=manifest), built(COIN), options)
    assert plan.action is Action.BLOCKED
    assert plan.blocked is not None
    assert plan.blocked.message == "a draft would replace the real picture of `coin`"
    assert f"to have it made, {hint}" in str(plan.blocked.hint)


def test_rule_4_a_manifest_that_turns_to_draft_keeps_the_real_picture() -> None:
    assert planned(recipe(provider="draft"), built(COIN)).action is Action.UP_TO_DATE


def test_rule_4_a_draft_is_out_of_date_once_the_provider_is_real() -> None:
    plan = planned(COIN, built(COIN, entry(COIN, provider="draft")), KIE)
    assert (plan.action, plan.reasons) == (Action.GENERATE, ("only a draft so far, `kie` is to make it",))


@pytest.mark.parametrize(("loopback", "action"), [(True, Action.UP_TO_DATE), (False, Action.GENERATE)])
def test_rule_4_an_emulated_master_counts_as_a_draft_elsewhere(loopback: bool, action: Action) -> None:
    locked = entry(COIN, master(task="emulator-1"))
    assert planned(COIN, built(COIN, locked, loopback=loopback), KIE).action is action


def test_rule_4_naming_the_provider_that_made_it_is_no_change() -> None:
    assert planned(recipe(provider="kie"), built(COIN)).action is Action.UP_TO_DATE


# --- rule 5: takes ---------------------------------------------------------------------------------------------------


def test_rule_5_a_re_roll_is_a_new_take() -> None:
    plan = planned(COIN, built(COIN), {"regenerate": ("coin",)})
    assert isinstance(plan.master, Ordered)
    assert (plan.action, plan.master.asking.reroll, plan.reasons) == (Action.GENERATE, 1, ("re-roll asked for",))


def test_rule_5_a_re_roll_counts_on_from_the_lock_when_the_state_is_gone() -> None:
    plan = planned(COIN, built(COIN, entry(COIN, reroll=3)), {"regenerate": ("coin",)})
    assert isinstance(plan.master, Ordered)
    assert plan.master.asking.reroll == 4


def unfinished(*, task: str | None = "t2", ambiguous: int = 0) -> dict[str, Any]:
    key = asking(COIN, reroll=1).key
    return {
        "takes": {asking(COIN).base_key: Take(1, {"coin": 1})},
        "open": {key: OpenTask(key, "kie", task, ambiguous)},
    }


@pytest.mark.parametrize("options", [{"regenerate": ("coin",)}, {}])
def test_rule_5_an_unfinished_take_is_resumed_and_not_started_again(options: dict[str, Any]) -> None:
    plan = planned(COIN, built(COIN, **unfinished()), options)
    assert isinstance(plan.master, Ordered)
    assert (plan.action, plan.master.asking.reroll, plan.usd) == (Action.RESUME, 1, Decimal(0))


def test_rule_5_a_take_that_the_service_does_not_know_is_asked_for_again_and_given_up_by_a_re_roll() -> None:
    facts = unfinished()
    facts["open"] = {key: replace(task, gone=True) for key, task in facts["open"].items()}
    assert planned(COIN, built(COIN, **facts)).action is Action.RESUME
    again = planned(COIN, built(COIN, **facts), {"regenerate": ("coin",)})
    assert isinstance(again.master, Ordered)
    assert (again.action, again.master.asking.reroll) == (Action.GENERATE, 2)


def test_rule_5_a_finished_take_that_no_asset_got_is_taken_now() -> None:
    key = asking(COIN, reroll=1).key
    takes = {asking(COIN).base_key: Take(1, {"coin": 1})}
    facts: dict[str, Any] = {"takes": takes, "results": {key: master("second")}}
    for options in ({}, {"regenerate": ("coin",)}):
        plan = planned(COIN, built(COIN, blobs=frozenset({master("second").sha256}), **facts), options)
        assert plan.master == Kept(master("second"), asking(COIN, reroll=1))


def test_rule_5_a_take_that_was_put_aside_stays_aside() -> None:
    """A lock checked out from history pins the older picture, whatever the state remembers (rule 3 too)."""
    key = asking(COIN, reroll=1).key
    takes = {asking(COIN).base_key: Take(1)}
    facts: dict[str, Any] = {"takes": takes, "results": {key: master("second")}}
    assert planned(COIN, built(COIN, **facts)).action is Action.UP_TO_DATE
    again = planned(COIN, built(COIN, **facts), {"regenerate": ("coin",)})
    assert isinstance(again.master, Ordered)
    assert again.master.asking.reroll == 2


def test_rule_5_returning_to_an_earlier_request_returns_to_its_newest_take() -> None:
    results = {asking(COIN, reroll=n).key: master(f"take {n}") for n in (0, 1)}
    facts: dict[str, Any] = {"takes": {asking(COIN).base_key: Take(1)}, "results": results}
    world = built(COIN, entry(recipe(prompt="A gem")), blobs=frozenset({digest("take 1")}), **facts)
    plan = planned(COIN, world)
    assert isinstance(plan.master, Kept)
    assert (plan.action, plan.master.master, plan.usd) == (Action.EXPORT, master("take 1"), Decimal(0))


# --- unanswered submissions (section 5) ------------------------------------------------------------------------------


def open_task(of: Asking, task: str | None, ambiguous: int) -> dict[str, Any]:
    return {"open": {of.key: OpenTask(of.key, of.provider, task, ambiguous, Decimal("0.09"))}}


def test_an_open_task_is_resumed_for_nothing() -> None:
    plan = planned(COIN, World(**open_task(asking(COIN), "t9", 0)), KIE)
    assert (plan.action, plan.usd) == (Action.RESUME, Decimal(0))


def test_an_unanswered_submission_is_sent_once_more_and_said() -> None:
    plan = planned(COIN, World(**open_task(asking(COIN), None, 1)), KIE)
    assert (plan.action, plan.usd) == (Action.GENERATE, Decimal("0.09"))
    assert "may have been charged" in plan.reasons[-1]


def test_after_a_second_silence_only_a_re_roll_sends_it_again() -> None:
    world = World(**open_task(asking(COIN), None, 2))
    plan = planned(COIN, world, KIE)
    assert plan.action is Action.BLOCKED
    assert plan.blocked is not None
    assert (plan.blocked.code, "--regenerate coin" in (plan.blocked.hint or "")) == ("maybe_charged", True)
    again = planned(COIN, world, KIE | {"regenerate": ("coin",)})
    assert again.action is Action.GENERATE


def test_a_task_of_an_emulator_is_not_looked_for_at_the_real_service() -> None:
    world = World(**open_task(asking(COIN), "emulator-1", 0))
    assert planned(COIN, world, KIE).action is Action.GENERATE
    assert planned(COIN, replace(world, loopback=True), KIE).action is Action.RESUME


# --- rule 7: files in the way ----------------------------------------------------------------------------------------

PATH = COIN.outputs[0].path
STRANGER = {PATH: FileFact("file", digest("stranger"))}


def test_rule_7_a_stranger_blocks_before_any_payment() -> None:
    plan = planned(COIN, World(files=STRANGER), KIE)
    assert (plan.action, plan.master) == (Action.BLOCKED, None)
    assert plan.reasons[0] == "`output/coin.png` is in the way: no lock or store knows it"
    assert planned(COIN, World(files=STRANGER), KIE | {"overwrite": True}).action is Action.GENERATE


def test_rule_7_an_edited_output_is_kept_until_overwrite() -> None:
    world = built(COIN, files=STRANGER)
    plan = planned(COIN, world)
    assert plan.blocked is not None
    assert (plan.action, plan.blocked.code) == (Action.BLOCKED, "edited")
    over = planned(COIN, world, {"overwrite": True})
    assert (over.action, over.usd) == (Action.EXPORT, Decimal(0))


def test_rule_7_equal_bytes_are_taken_over() -> None:
    from assetgen.plan.request import export_key

    known = WrittenOutput(digest("stranger"), export_key(master().sha256, COIN.outputs[0].export))
    world = World(
        files=STRANGER,
        written={output("output/elsewhere.png").path: known},
        results={asking(COIN).key: master()},
        blobs=frozenset({master().sha256}),
    )
    assert planned(COIN, world, KIE).action is Action.EXPORT


def test_rule_7_a_folder_in_the_way_blocks_even_overwrite() -> None:
    assert planned(COIN, World(files={PATH: FileFact("other")}), KIE | {"overwrite": True}).action is Action.BLOCKED


# --- outputs ---------------------------------------------------------------------------------------------------------


def test_a_deleted_output_is_restored() -> None:
    plan = planned(COIN, built(COIN, files={}))
    assert (plan.action, plan.reasons) == (Action.EXPORT, ("output missing: output/coin.png",))


def test_a_deleted_output_that_stands_published_is_not_missing() -> None:
    published = recipe(outputs=(output("output/coin.png", published=("app/coin.png",)),))
    world = built(published, files={published.outputs[0].published[0]: FileFact("file", digest("output/coin.png"))})
    plan = planned(published, world)
    assert (plan.action, plan.notes) == (Action.UP_TO_DATE, ("output/coin.png will be copied back from app/coin.png",))
    assert len(plan.writes) == 1


def test_changed_settings_are_said_and_cost_nothing() -> None:
    now = recipe(outputs=(output("output/coin.png", quality=60),))
    plan = planned(now, built(COIN))
    assert (plan.action, plan.reasons) == (Action.EXPORT, ("quality of the png added: `60`",))


def test_a_size_that_is_gone_is_said() -> None:
    plan = planned(COIN, built(with_size(COIN)))
    assert (plan.action, plan.reasons) == (Action.EXPORT, ("no longer made: output/coin-64.png",))
    assert plan.dropped == ("output/coin-64.png",)


# --- rule 11: frozen and moved_from ----------------------------------------------------------------------------------


def test_rule_11_a_frozen_asset_keeps_its_picture_and_notes_the_difference() -> None:
    plan = planned(recipe(prompt="A gem", frozen=True), built(COIN))
    assert (plan.action, plan.notes) == (Action.UP_TO_DATE, ("frozen: prompt changed: `coin` -> `gem`",))


def test_rule_11_sizes_of_a_frozen_asset_still_follow() -> None:
    assert planned(replace(with_size(COIN), frozen=True), built(COIN)).action is Action.EXPORT


@pytest.mark.parametrize(("name", "action"), [("*", Action.UP_TO_DATE), ("coin", Action.GENERATE)])
def test_rule_11_only_its_exact_name_re_rolls_a_frozen_asset(name: str, action: Action) -> None:
    assert planned(recipe(frozen=True), built(COIN), {"regenerate": (name,)}).action is action


def test_rule_11_renaming_moves_files_and_pays_nothing() -> None:
    gem = recipe("gem", moved_from=AssetName("coin"))
    plan = planned(gem, built(COIN))
    assert (plan.action, plan.usd, plan.moved_from) == (Action.EXPORT, Decimal(0), "coin")
    assert [write.source for write in plan.writes] == ["output/coin.png"]
    assert plan.moved == {"output/coin.png": digest("output/coin.png")}
    assert plan.reasons == ("renamed from `coin`", "output/coin.png moves to output/gem.png")


def test_rule_11_moved_from_counts_only_while_the_lock_lacks_the_new_name() -> None:
    gem = recipe("gem", moved_from=AssetName("coin"))
    assert planned(gem, built(gem)).action is Action.UP_TO_DATE


# --- the lock and the state ------------------------------------------------------------------------------------------


def test_an_entry_that_the_lock_lacks_is_written_again() -> None:
    plan = planned(COIN, built(COIN, unrecorded=frozenset({"coin"})))
    assert (plan.action, plan.reasons, plan.writes) == (Action.EXPORT, ("not in the lock yet",), ())


def test_entries_whose_asset_is_gone_are_removed_only_by_a_whole_run() -> None:
    world = built(COIN)
    gem = recipe("gem")
    whole = make_plan([(loaded(gem), world)], Options(), CATALOG)
    assert [removed.name for removed in whole.manifests[0].removed] == ["coin"]
    part = make_plan([(loaded(gem), world)], Options(only=("gem",)), CATALOG)
    assert part.manifests[0].removed == ()


def test_drafts_are_drawn_again_when_what_they_show_changes() -> None:
    now = recipe(drawing=Drawing("coin", {"primary": "#000000"}, remove_bg=False))
    locked = entry(COIN, StoredMaster(digest("d"), master().size, "png", "draft"), provider="draft")
    assert planned(now, built(COIN, locked)).action is Action.GENERATE
    assert planned(now, built(COIN)).action is Action.UP_TO_DATE


def test_rule_4_an_unfinished_draft_re_roll_never_replaces_a_real_master() -> None:
    draft = asking(COIN, "draft")
    facts: dict[str, Any] = {
        "takes": {draft.base_key: Take(1, {"coin": 1})},
        "results": {draft.key_of(1): master("d", "draft")},
    }
    assert planned(COIN, built(COIN, **facts), {"draft": True}).action is Action.UP_TO_DATE
