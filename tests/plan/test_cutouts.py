"""What removing backgrounds adds to the verdicts (product contract, rules 2, 3 and 8)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assetgen.catalog import CATALOG
from assetgen.catalog.removers import REMOVERS
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import Cutout, Export, PixelSize, Recipe
from assetgen.plan.commission import removing
from assetgen.plan.cutout_records import known_from, locked_cutout, removal_key, trim_key
from assetgen.plan.plan import Action, AssetPlan, Collected, Cutting, Kept, KeptCutout, Options, Ordered
from assetgen.plan.planner import make_plan
from assetgen.plan.request import export_key
from assetgen.plan.world import FileFact, OpenTask, StoredCutout, World, WrittenOutput
from tests.support.worlds import SQUARE, built, digest, entry, loaded, master, output, planned, recipe

PLAIN = Cutout()
TRIMMED = Cutout(crop=True, padding=0.05)
SERVED = Cutout(remover="service")
KIE = {"provider": "kie"}
FREE, PRICE = Decimal(0), Decimal("0.02")


def coin(cutout: Cutout | None = PLAIN, **fields: Any) -> Recipe:
    return recipe(cutout=cutout, **fields)


def cut(text: str = "cutout", remover: str = "key") -> StoredCutout:
    return StoredCutout(digest(text), PixelSize(900, 900), remover, "1")


def kept(of: Recipe, remover: str = "key") -> KeptCutout:
    trimmed = of.cutout is not None and of.cutout.crop
    return KeptCutout(cut(remover=remover), replace(cut("whole", remover), size=SQUARE) if trimmed else None)


def locked(of: Recipe, remover: str = "key", **made: Any) -> Entry:
    assert of.cutout is not None
    return entry(of, **made).model_copy(update={"cutout": locked_cutout(of.cutout, kept(of, remover))})


def world(of: Recipe, remover: str = "key", *, blobs: tuple[str, ...] = ("master", "cutout"), **facts: Any) -> World:
    """The world after such a recipe was built, with these pictures in the store."""
    return built(of, locked(of, remover), **({"blobs": frozenset(map(digest, blobs))} | facts))


def priced(of: Recipe, seen: World, options: dict[str, Any] | None = None) -> AssetPlan:
    """The verdict where calls of the service have a price."""
    manifest = replace(loaded(of), service_usd=PRICE)
    return make_plan([(manifest, seen)], Options(**(options or {})), CATALOG).manifests[0].assets[0]


def with_size(of: Recipe) -> Recipe:
    return replace(of, outputs=(*of.outputs, output("output/coin-64.png", "64", width=64, height=64)))


# --- when something is cut out ---------------------------------------------------------------------------------------


def test_a_built_cutout_is_up_to_date() -> None:
    plan = planned(coin(), world(coin()))
    assert (plan.action, plan.reasons, plan.usd) == (Action.UP_TO_DATE, (), FREE)


def test_a_new_asset_is_generated_and_then_cut_out() -> None:
    plan = planned(coin(), World(), KIE)
    assert (plan.action, plan.reasons, plan.usd) == (Action.GENERATE, ("new",), Decimal("0.09"))
    assert plan.cutout == Cutting(PLAIN, "key")


@pytest.mark.parametrize(
    ("was", "now", "reasons"),
    [
        (None, PLAIN, ("removeBg added",)),
        (PLAIN, None, ("removeBg removed",)),
        (PLAIN, SERVED, ("remover changed: `key` -> `service`",)),
        (SERVED, PLAIN, ("remover changed: `service` -> `key`",)),
        (PLAIN, Cutout(holes=True), ("removeBg holes changed: `false` -> `true`",)),
        (TRIMMED, Cutout(crop=True, padding=0.1), ("removeBg padding changed: `0.05` -> `0.1`",)),
        (
            PLAIN,
            TRIMMED,
            ("removeBg crop changed: `false` -> `true`", "removeBg padding changed: `0` -> `0.05`"),
        ),
    ],
)
def test_rule_2_changed_settings_are_said_field_by_field_and_never_generate(
    was: Cutout | None, now: Cutout | None, reasons: tuple[str, ...]
) -> None:
    remover = (was.remover if was else None) or "key"
    seen = world(coin(was), remover) if was else built(coin(was))
    plan = planned(coin(now), seen, KIE)
    assert (plan.reasons, plan.usd, plan.master) == (reasons, FREE, Kept(master()))
    assert plan.action is (Action.CUTOUT if now else Action.EXPORT)
    assert [write.locked for write in plan.writes] == [None], "made again from the other picture"


@pytest.mark.parametrize(("was", "now"), [(PLAIN, Cutout(remover="key")), (Cutout(remover="key"), PLAIN)])
def test_rule_2_writing_the_default_remover_down_makes_nothing_stale(was: Cutout, now: Cutout) -> None:
    assert planned(coin(now), world(coin(was))).action is Action.UP_TO_DATE


def test_rule_2_a_newer_remover_alone_makes_nothing_out_of_date_and_refresh_applies_it() -> None:
    old = locked(coin())
    assert old.cutout is not None
    old = old.model_copy(update={"cutout": old.cutout.model_copy(update={"version": "0"})})
    seen = built(coin(), old, blobs=frozenset({digest("master"), digest("cutout")}))
    assert planned(coin(), seen).action is Action.UP_TO_DATE
    plan = planned(coin(), seen, {"refresh": ("coin",)})
    newer = f"the remover `key` is newer: {REMOVERS['key'].version}"
    assert (plan.action, plan.reasons[0], plan.cutout) == (Action.CUTOUT, newer, Cutting(PLAIN, "key"))


def test_a_changed_request_is_cut_out_anew_without_a_reason_of_its_own() -> None:
    plan = planned(coin(prompt="A gem"), world(coin()))
    assert (plan.action, plan.reasons) == (Action.GENERATE, ("prompt changed: `coin` -> `gem`",))
    assert isinstance(plan.cutout, Cutting)


# --- results ---------------------------------------------------------------------------------------------------------


def results(settings: Cutout, remover: str = "key") -> dict[str, Any]:
    """The facts that the cutout of `world` was trimmed so once."""
    return {"cutouts": {trim_key(digest("cutout"), settings.padding, SQUARE): cut("trimmed", remover)}}


def test_going_back_to_earlier_settings_brings_the_earlier_cutout_back() -> None:
    seen = world(coin(), blobs=("master", "cutout", "trimmed"), **results(TRIMMED))
    plan = planned(coin(TRIMMED), seen)
    assert plan.cutout == KeptCutout(cut("trimmed"), cut())
    assert (plan.action, len(plan.reasons)) == (Action.EXPORT, 2)


def test_another_crop_only_trims_what_the_remover_made() -> None:
    settings = Cutout(remover="service", crop=True, padding=0.2)
    plan = priced(coin(settings), world(coin(SERVED), "service"))
    assert plan.cutout == Cutting(settings, "service", whole=cut(remover="service"))
    assert (plan.action, plan.usd) == (Action.CUTOUT, FREE)


def test_what_a_lock_says_is_known_wherever_the_store_is() -> None:
    """Two assets with one picture; only one of them is in a lock with a cutout."""
    gem = recipe("gem", cutout=PLAIN)
    seen = built(coin(), locked(coin()), blobs=frozenset({digest("cutout")}))
    seen = replace(seen, entries={**seen.entries, "gem": entry(recipe("gem"))})
    plan = make_plan([(loaded(coin(), gem), seen)], Options(), CATALOG).manifests[0].assets[1]
    assert plan.cutout == KeptCutout(cut())


def test_a_lock_entry_is_a_result_for_each_of_its_steps() -> None:
    made = known_from(locked(coin(TRIMMED)))
    assert made == {
        removal_key(digest("master"), "key", holes=False): replace(cut("whole"), size=SQUARE),
        trim_key(digest("whole"), 0.05, SQUARE): cut(),
    }


# --- rule 3: the lock wins -------------------------------------------------------------------------------------------


def test_rule_3_another_result_for_the_same_key_is_never_substituted() -> None:
    other = {removal_key(digest("master"), "key", holes=False): cut("another")}
    plan = planned(with_size(coin()), world(coin(), cutouts=other))
    assert (plan.action, plan.cutout) == (Action.EXPORT, KeptCutout(cut()))


def test_rule_3_lost_bytes_are_cut_out_again_and_must_come_out_the_same() -> None:
    plan = planned(with_size(coin()), world(coin(), blobs=("master",)))
    assert (plan.action, plan.cutout) == (Action.CUTOUT, Cutting(PLAIN, "key", pinned=KeptCutout(cut())))
    assert plan.reasons == ("cut out again: the bytes of its cutout are not in the store", "size `64` (png) added")
    assert len(plan.kept) == 1, "what stands is not written again"


def test_rule_3_a_deleted_store_collects_the_picture_and_cuts_it_out_again() -> None:
    plan = planned(with_size(coin()), world(coin(), blobs=()))
    assert (plan.action, plan.master) == (Action.RESUME, Collected(Kept(master())))
    assert plan.cutout == Cutting(PLAIN, "key", pinned=KeptCutout(cut()))


def test_a_deleted_store_alone_makes_nothing_out_of_date() -> None:
    assert planned(coin(SERVED), world(coin(SERVED), "service", blobs=())).action is Action.UP_TO_DATE


def test_a_cutout_at_hand_needs_no_master() -> None:
    plan = planned(with_size(coin()), world(coin(), blobs=("cutout",)))
    assert (plan.action, plan.master) == (Action.EXPORT, Kept(master()))


def test_the_uncut_picture_needs_its_master() -> None:
    original = output("output/coin-original.png", original=True)
    plan = planned(replace(coin(), outputs=(*coin().outputs, original)), world(coin(), blobs=("cutout",)))
    assert isinstance(plan.master, Collected)
    assert (plan.cutout, plan.reasons[-1]) == (KeptCutout(cut()), "the uncut png added")


def test_trimming_alone_is_done_again_where_the_whole_cutout_is_at_hand() -> None:
    plan = planned(with_size(coin(TRIMMED)), world(coin(TRIMMED), blobs=("whole",)))
    assert plan.cutout == Cutting(TRIMMED, "key", whole=replace(cut("whole"), size=SQUARE), pinned=kept(coin(TRIMMED)))
    assert (plan.action, plan.master) == (Action.CUTOUT, Kept(master()))


# --- rule 8: paid steps ----------------------------------------------------------------------------------------------


def test_rule_8_a_service_has_its_price_beside_that_of_the_picture() -> None:
    plan = priced(coin(SERVED), World(), KIE)
    assert (plan.usd, plan.cutout) == (Decimal("0.11"), Cutting(SERVED, "service", PRICE))


def test_rule_8_what_a_service_made_is_never_asked_for_again() -> None:
    plan = planned(with_size(coin(SERVED)), world(coin(SERVED), "service", blobs=("master",)))
    assert plan.action is Action.BLOCKED
    assert plan.blocked is not None
    assert "`service` is not asked twice" in plan.blocked.message
    assert "--refresh coin" in (plan.blocked.hint or "")


def test_rule_8_but_refresh_asks_again() -> None:
    seen = world(coin(SERVED), "service", blobs=("master",))
    plan = priced(with_size(coin(SERVED)), seen, {"refresh": ("coin",)})
    assert (plan.action, plan.cutout, plan.usd) == (Action.CUTOUT, Cutting(SERVED, "service", PRICE), PRICE)


def unanswered(count: int) -> dict[str, Any]:
    key = removal_key(digest("master"), "service", holes=False)
    return {"open": {key: OpenTask(key, "service", None, count, PRICE)}}


def test_an_unanswered_call_is_made_once_more_and_then_only_when_asked_for() -> None:
    once, twice = (built(coin(None), **unanswered(count)) for count in (1, 2))
    plan = priced(coin(SERVED), once)
    assert (plan.action, plan.usd) == (Action.CUTOUT, PRICE)
    assert "may have been charged" in plan.reasons[1]
    blocked = priced(coin(SERVED), twice).blocked
    assert blocked is not None
    assert (blocked.code, "--refresh coin" in (blocked.hint or "")) == ("maybe_charged", True)
    assert priced(coin(SERVED), twice, {"refresh": ("coin",)}).action is Action.CUTOUT
    assert planned(coin(SERVED), twice).action is Action.CUTOUT, "where calls cost nothing there is no doubt"


def test_one_picture_is_cut_out_once_and_paid_for_once() -> None:
    both = replace(loaded(coin(SERVED), recipe("gem", cutout=SERVED)), service_usd=PRICE)
    plan = make_plan([(both, World())], Options(provider="kie"), CATALOG)
    assert [asset.usd for asset in plan.assets] == [Decimal("0.11"), FREE]
    assert [asset.action for asset in plan.assets] == [Action.GENERATE, Action.CUTOUT]


# --- drafts and adopted pictures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("remover", ["service", "rembg"])
def test_drafts_are_cut_out_by_key_for_nothing(remover: str) -> None:
    plan = priced(coin(Cutout(remover=remover)), World())
    assert isinstance(plan.master, Ordered)
    assert isinstance(plan.cutout, Cutting)
    assert (plan.cutout.remover, plan.usd) == ("key", FREE)
    assert plan.notes == (f"its draft is cut out by `key`; `{remover}` will cut out the real picture",)


def test_a_draft_that_was_cut_out_by_key_is_up_to_date_whoever_is_named() -> None:
    served = coin(SERVED)
    seen = built(served, locked(served, provider="draft"))
    assert planned(served, seen).action is Action.UP_TO_DATE
    assert planned(coin(PLAIN), seen).action is Action.UP_TO_DATE


def test_what_a_person_put_in_place_is_taken_as_it_is() -> None:
    seen = built(coin(), entry(coin(), master(provider="adopted")))
    plan = planned(coin(), seen)
    assert (plan.action, plan.cutout) == (Action.UP_TO_DATE, None)


# --- files -----------------------------------------------------------------------------------------------------------


def test_rule_7_a_stranger_blocks_before_any_call_of_a_service() -> None:
    seen = built(coin(None), files={coin().outputs[0].path: FileFact("file", digest("stranger"))})
    plan = priced(coin(SERVED), seen)
    assert (plan.action, plan.cutout, plan.usd) == (Action.BLOCKED, None, FREE)


def test_rule_7_a_file_that_holds_the_export_of_the_cutout_already_is_taken_over() -> None:
    path, export = coin().outputs[0].path, Export("png")
    written = {path: WrittenOutput(digest("ours"), export_key(digest("cutout"), export))}
    seen = World(files={path: FileFact("file", digest("ours"))}, written=written)
    seen = replace(seen, entries={"gem": locked(coin())}, blobs=frozenset({digest("cutout"), digest("master")}))
    assert planned(coin(), seen, KIE).blocked is None


def test_keys_are_those_of_what_is_done() -> None:
    assert removal_key(digest("a"), "key", holes=False) != removal_key(digest("a"), "key", holes=True)
    assert removal_key(digest("a"), "key", holes=False) != removal_key(digest("a"), "rembg", holes=False)
    assert trim_key(digest("a"), 0.1, SQUARE) != trim_key(digest("a"), 0.2, SQUARE)


# --- cutouts on order ------------------------------------------------------------------------------------------------

BY_MODEL = Cutout(remover="kie")
ORDER = removing("recraft/remove-background", "kie", digest("master"))
CENTS = Decimal("0.005")


def test_a_model_that_cuts_out_has_its_price_beside_that_of_the_picture() -> None:
    plan = planned(coin(BY_MODEL), World(), KIE)
    assert (plan.action, plan.usd) == (Action.GENERATE, Decimal("0.095"))
    plan = planned(coin(BY_MODEL), world(coin()))
    assert (plan.action, plan.usd, plan.reasons) == (Action.CUTOUT, CENTS, ("remover changed: `key` -> `kie`",))


def test_a_task_that_cuts_out_already_is_collected_for_nothing() -> None:
    task = OpenTask(ORDER.key, "kie", "t7", 0, CENTS)
    plan = planned(coin(BY_MODEL), world(coin(), open={ORDER.key: task}))
    assert (plan.action, plan.usd) == (Action.CUTOUT, FREE)
    assert "task t7 removes its background" in plan.reasons[1]


@pytest.mark.parametrize(("times", "action"), [(1, Action.CUTOUT), (2, Action.BLOCKED)])
def test_an_unanswered_order_of_a_cutout_is_sent_once_more_and_then_only_when_asked_for(
    times: int, action: Action
) -> None:
    seen = world(coin(), open={ORDER.key: OpenTask(ORDER.key, "kie", None, times, CENTS)})
    assert planned(coin(BY_MODEL), seen).action is action
    assert planned(coin(BY_MODEL), seen, {"refresh": ("coin",)}).action is Action.CUTOUT


def test_a_cutout_that_came_and_was_not_recorded_is_not_paid_for_again() -> None:
    seen = world(coin(), blobs=("master", "cutout", "came"), results={ORDER.key: master("came")})
    plan = planned(coin(BY_MODEL), seen)
    assert (plan.action, plan.usd) == (Action.CUTOUT, FREE)


@pytest.mark.parametrize("options", [{"draft": True}, {"provider": "draft"}])
@pytest.mark.parametrize("settings", [BY_MODEL, SERVED])
def test_a_run_that_makes_drafts_pays_for_no_cutout(settings: Cutout, options: dict[str, Any]) -> None:
    plan = priced(coin(settings), world(coin()), options)
    assert (plan.action, plan.usd) == (Action.BLOCKED, FREE)
    assert planned(coin(), built(coin(None)), options).action is Action.CUTOUT, "what is free is done"
