"""Icons that show the picture of another asset: what an edit costs (never a generation of the borrower), who waits for
whom, what becomes of a borrower whose lender fails, and what people decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from assetgen.digest import Digest
from assetgen.errors import UsageError
from assetgen.plan.lending import shows_draft
from assetgen.plan.plan import Action, Options
from assetgen.plan.world import World
from assetgen.publish.decisions import Standing, decided, standing
from assetgen.report.review.past import why_changed
from assetgen.store.blobs import Blobs
from tests.engine.test_graph import Picky, Steady
from tests.support.counting import CountingProvider
from tests.support.house import House

ICON = "prompt: A icon, presets: [{preset: ios-imageset, width: 8, dark: night}]"
ASSETS = {"icon": ICON, "night": "prompt: A night", "day": "prompt: A day"}
OWN = {f"icon{scale}.png" for scale in ("", "@2x", "@3x")}
DARK = {f"icon-dark{scale}.png" for scale in ("", "@2x", "@3x")}
MARK = b"trainedAlgorithmicMedia"


def house(folder: Path, provider: CountingProvider | None = None, **assets: str) -> House:
    made = House(folder, provider or CountingProvider())
    made.makes(**(ASSETS | assets))
    return made


def names(files: Mapping[str, Digest], before: Mapping[str, Digest]) -> set[str]:
    """The files that differ, by their names."""
    return {Path(path).name for path in files.keys() | before.keys() if files.get(path) != before.get(path)}


def bytes_of(it: House, name: str) -> bytes:
    return next((it.root / "output").rglob(name)).read_bytes()


EDITS = {
    "its prompt": (("prompt: A icon", "prompt: A boat"), ["boat"], OWN, set()),
    "the lender's prompt": (
        ("prompt: A night", "prompt: A moon"),
        ["moon"],
        {"night.png", *DARK},
        {"the dark picture `night` of preset `ios-imageset` will change"},
    ),
    "another lender": (
        ("dark: night", "dark: day"),
        [],
        DARK,
        {"the dark picture `day` of preset `ios-imageset` changed"},
    ),
    "the lender's cutout": (
        ("prompt: A night", "prompt: A night, removeBg: true"),
        [],
        {"night.png", *DARK},
        {"the dark picture `night` of preset `ios-imageset` will change"},
    ),
    "no lender": (("width: 8, dark: night", "width: 8"), [], set(), set()),
    "a size of the lender": (("prompt: A night", "prompt: A night, sizes: [4]"), [], {"night-4.png"}, set()),
    "its width": (("width: 8", "width: 9"), [], OWN | DARK, set()),
    "a new name of its own": (
        ("  icon: {", "  app: {moved_from: icon, "),
        [],
        OWN | DARK | {name.replace("icon", "app") for name in OWN | DARK},
        set(),
    ),
    "a new name of the lender": (("  night: {", "  moon: {moved_from: night, "), [], {"night.png", "moon.png"}, set()),
}


@pytest.mark.parametrize(("edit", "ordered", "changed", "reasons"), EDITS.values(), ids=EDITS)
async def test_what_an_edit_makes_run(
    tmp_path: Path, edit: tuple[str, str], ordered: list[str], changed: set[str], reasons: set[str]
) -> None:
    it = house(tmp_path)
    assert set((await it.build()).results.values()) == {"built"}
    assert sorted(it.ordered) == ["day", "icon", "night"]
    before = it.files
    it.edit(*edit)
    if "moon: {moved_from" in edit[1]:
        it.edit("dark: night", "dark: moon")
    icon = it.planned()["app" if "app" in edit[1] else "icon"]
    assert reasons <= set(icon.reasons)
    assert icon.usd == 0 or "boat" in ordered
    await it.build()
    assert it.ordered[3:] == ordered
    assert names(it.files, before) == changed
    assert set((await it.build()).results.values()) == {"up-to-date"}


async def test_a_run_over_the_borrower_brings_the_lender_along(tmp_path: Path) -> None:
    it = house(tmp_path)
    assert set((await it.build(Options(only=("icon",), dependencies=True))).results) == {"icon", "night"}
    it.edit("prompt: A night", "prompt: A moon")
    assert set((await it.build(Options(only=("night",), dependencies=True))).results) == {"night"}
    assert it.planned()["icon"].reasons == ("the dark picture `night` of preset `ios-imageset` changed",)


@pytest.mark.parametrize("shown", ["asset:icon", '"asset:icon#cutout"'])
async def test_the_lender_may_show_the_borrower_to_its_model(tmp_path: Path, shown: str) -> None:
    """The usual way to a dark icon: the same picture at night."""
    it = house(tmp_path, icon=f"{ICON}, removeBg: true", night=f"prompt: A night, references: [{shown}]")
    assert set((await it.build()).results.values()) == {"built"}
    assert it.ordered.index("icon") < it.ordered.index("night")
    assert set((await it.build()).results.values()) == {"up-to-date"}
    it.edit("prompt: A icon", "prompt: A boat")
    assert {name: plan.action for name, plan in it.planned().items()} == {
        "icon": Action.GENERATE,
        "night": Action.GENERATE,
        "day": Action.UP_TO_DATE,
    }
    await it.build()
    assert it.ordered[3:] == ["boat", "night"]


async def test_two_may_lend_to_one_another(tmp_path: Path) -> None:
    both = "presets: [{preset: ios-imageset, width: 8, dark: icon}], removeBg: true"
    it = house(tmp_path, icon=f"{ICON}, removeBg: true", night=f"prompt: A night, {both}")
    assert set((await it.build()).results.values()) == {"built"}
    assert bytes_of(it, "night-dark.png") == bytes_of(it, "icon.png")
    assert set((await it.build()).results.values()) == {"up-to-date"}


async def test_a_borrower_whose_lender_fails_keeps_the_picture_that_it_paid_for(tmp_path: Path) -> None:
    provider = Picky(fails="A night")
    it = house(tmp_path, provider)
    built = await it.build()
    assert built.results == {"icon": "dependency_failed", "night": "task_failed", "day": "built"}
    assert built.said("icon").startswith("its files show `night`, which did not get its picture")
    assert "icon" not in it.lock.assets
    provider.fails = ""
    assert set((await it.build()).results.values()) <= {"built", "up-to-date"}
    assert sorted(it.ordered) == ["day", "icon", "night", "night"]


async def test_a_lender_that_cannot_go_on_stops_the_borrower_before_anything_is_paid(tmp_path: Path) -> None:
    it = house(tmp_path)
    (tmp_path / "output/app").mkdir(parents=True)
    (tmp_path / "output/app/night.png").write_text("mine")
    built = await it.build()
    assert built.results == {"icon": "dependency_failed", "night": "blocked", "day": "built"}
    assert built.said("icon").startswith("`icon` shows `night`, which cannot be made now: `output/app/night.png` is in")
    assert it.ordered == ["day"]


async def test_a_borrower_goes_on_with_what_a_stopped_lender_has(tmp_path: Path) -> None:
    it = house(tmp_path)
    await it.build()
    (tmp_path / "output/app/night.png").write_text("mine")
    it.edit("prompt: A night", "prompt: A moon")
    assert (await it.build()).results == {"icon": "up-to-date", "night": "edited", "day": "up-to-date"}
    it.edit("width: 8", "width: 9")
    assert (await it.build()).results["icon"] == "built"
    assert len(it.ordered) == 3


async def test_an_equal_picture_leaves_the_files_as_they_are(tmp_path: Path) -> None:
    it = house(tmp_path, Steady())
    await it.build()
    before, lock = it.files, it.lock.assets["icon"]
    assert (await it.build(Options(regenerate=("night",)))).report.requests == 1
    assert (it.files, it.lock.assets["icon"]) == (before, lock)
    assert set((await it.build()).results.values()) == {"up-to-date"}


async def test_bytes_that_the_store_lost_are_got_back_by_the_lender(tmp_path: Path) -> None:
    it = house(tmp_path)
    await it.build()
    blob = Blobs(tmp_path).path(it.lock.assets["night"].master.sha256)
    blob.unlink()
    assert {plan.action for plan in it.planned().values()} == {Action.UP_TO_DATE}, "nobody needs them"
    it.edit("width: 8", "width: 9")
    plan, lock = it.planned(), it.lock.assets["night"]
    assert (plan["night"].action, plan["icon"].action) == (Action.RESUME, Action.EXPORT)
    assert plan["night"].reasons[-1] == "files of `icon` show it"
    assert (await it.build()).results == {"icon": "built", "night": "built", "day": "up-to-date"}
    assert (len(it.ordered), it.lock.assets["night"]) == (3, lock)


async def test_a_damaged_picture_is_got_back_by_the_next_build(tmp_path: Path) -> None:
    it = house(tmp_path)
    await it.build()
    Blobs(tmp_path).path(it.lock.assets["night"].master.sha256).write_bytes(b"damaged")
    it.edit("width: 8", "width: 9")
    assert (await it.build()).said("icon").startswith("the picture of `night`, which its files show, was damaged")
    assert (await it.build()).results == {"icon": "built", "night": "built", "day": "up-to-date"}


async def test_a_lost_picture_keeps_the_borrower_as_it_is(tmp_path: Path) -> None:
    it = house(tmp_path)
    await it.build()
    before, blob = it.files, Blobs(tmp_path).path(it.lock.assets["night"].master.sha256)
    blob.unlink()
    it.provider = CountingProvider()
    it.edit("width: 8", "width: 9")
    assert (await it.build()).results == {"icon": "dependency_failed", "night": "blocked", "day": "up-to-date"}
    assert (it.files, it.ordered) == (before, [])


async def test_a_persons_dark_icon_stands_until_the_lender_changes(tmp_path: Path) -> None:
    it = house(tmp_path)
    await it.build()
    dark = next((tmp_path / "output").rglob("icon-dark.png"))
    dark.write_bytes(bytes_of(it, "day.png"))
    assert await it.adopt("icon") == ("icon: adopted output/app/icon/ios-imageset/icon.imageset/icon-dark.png",)
    assert set((await it.build()).results.values()) == {"up-to-date"}
    it.edit("prompt: A night", "prompt: A moon")
    assert any("replaces your adopted output" in reason for reason in it.planned()["icon"].reasons)
    with pytest.raises(UsageError, match="its files show `night`, which has no picture or will change"):
        await it.adopt("icon")


async def test_a_decision_is_about_the_borrowed_picture_too(tmp_path: Path) -> None:
    it = house(tmp_path)
    await it.build()
    accepted = decided(it.lock.assets["icon"], "accepted")
    assert accepted.decision is not None
    it.edit("prompt: A night", "prompt: A night, sizes: [8]")
    it.edit("width: 8", "width: 9")
    await it.build()
    resized = it.lock.assets["icon"].model_copy(update={"decision": accepted.decision})
    assert standing(resized) is Standing.ACCEPTED
    it.edit("prompt: A night", "prompt: A moon")
    await it.build()
    changed = it.lock.assets["icon"].model_copy(update={"decision": accepted.decision})
    assert standing(changed) is Standing.UNDECIDED
    assert why_changed(changed, accepted.decision) == ("the dark picture changed",)


async def test_a_real_icon_with_a_draft_for_the_dark(tmp_path: Path) -> None:
    """Each file is marked as what it shows; and while one shows a draft, the asset is one that is not finished."""
    it = house(tmp_path, night="prompt: A night, provider: draft")
    await it.build()
    assert (MARK in bytes_of(it, "icon.png"), MARK in bytes_of(it, "icon-dark.png")) == (True, False)
    entries = it.lock.assets
    assert [shows_draft(entries[name], World(entries=entries)) for name in ("icon", "day")] == [True, False]
    it.edit("provider: draft", "provider: fake")
    await it.build()
    assert MARK in bytes_of(it, "icon-dark.png")
    assert not shows_draft(it.lock.assets["icon"], World(entries=it.lock.assets))
