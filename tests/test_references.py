"""What an edit of a reference, or of an asset that others show, makes run: through the emulator over real HTTP, with
submissions and uploads counted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assetgen.digest import digest_of
from assetgen.emulator.run import running_emulator
from tests.support.pictures import gif, png
from tests.support.space import Space
from tests.test_edits import Project

MANIFEST = """\
version: 1
providers:
  kie: {poll_initial: 0.02, poll_max: 0.02}
defaults: {provider: kie, sizes: [32]}
assets:
  banner:
    prompt: A banner with {{ references[0].label }}
    references: [{asset: gem, label: the gem}, brand/mood.png]
  gem: {prompt: A gem, references: [asset:coin]}
  coin: {prompt: A coin, references: [brand/mood.png]}
  star: {prompt: A star, references: [brand/mood.png]}
  moon: {prompt: A moon}
"""
ASSETS = 5


@pytest.fixture
def project(space: Space) -> Iterator[Project]:
    with running_emulator(faults=["download:*:size-256x256"]) as emulator:
        made = Project(space, emulator)
        made.write(MANIFEST)
        mood(made, 1)
        yield made


@pytest.fixture
def built(project: Project) -> Project:
    assert project.sends() == ASSETS
    return project


def mood(project: Project, shade: int) -> None:
    """Another moodboard."""
    project.space.write("brand/mood.png", png(8, 8, (shade, 0, 0)))


def sent(project: Project) -> list[Any]:
    """The inputs of all requests, in order."""
    bodies: list[Any] = list(project.emulator.accepted)
    return [body["input"] for body in bodies]


def sends_only(project: Project, name: str) -> int:
    """How many submissions a build of one asset, with what it shows, makes."""
    before = project.emulator.creates
    project.build("--only", name)
    return project.emulator.creates - before


def reasons(project: Project, name: str, *flags: str) -> list[str]:
    plan = project.space.run("plan", "app.yaml", "--json", *flags, env=project.env)
    found: list[str] = project.asset(name, plan)["reasons"]
    return found


def explained(project: Project, name: str) -> str:
    """What `explain` says, without its line breaks."""
    return " ".join(project.space.run_ok("explain", "app.yaml", name, env=project.env).stdout.split())


def test_models_are_shown_links_and_told_which_is_which(built: Project) -> None:
    by_prompt = {fields["prompt"]: fields for fields in sent(built)}
    shelf = f"{built.emulator.base_url}/uploads/assetgen/"
    mood_link = shelf + digest_of(png(8, 8, (1, 0, 0))) + ".png"
    assert by_prompt["A coin"]["image_input"] == [mood_link]
    assert "image_input" not in by_prompt["A moon"]
    banner = by_prompt["Image 1 (the gem): A banner with the gem"]
    gem = built.lock["assets"]["gem"]["masters"][0]["sha256"]
    assert banner["image_input"] == [f"{shelf}{gem}.png", mood_link]
    assert built.lock["assets"]["banner"]["request"]["references"] == [
        {"label": "the gem", "sha256": gem, "source": "asset:gem"},
        {"sha256": digest_of(png(8, 8, (1, 0, 0))), "source": "brand/mood.png"},
    ]
    assert built.lock["assets"]["banner"]["request"]["prompt"] == "A banner with the gem"


def test_each_picture_is_uploaded_once(built: Project) -> None:
    assert built.emulator.uploads == 3  # the moodboard, the coin, the gem
    built.edit("A star", "A comet")
    assert built.sends() == 1
    assert built.emulator.uploads == 3


def test_an_asset_without_references_keeps_its_lock_entry_as_it_was(built: Project) -> None:
    assert "references" not in built.lock["assets"]["moon"]["request"]


def test_a_replaced_reference_makes_what_shows_it_and_what_shows_that(built: Project) -> None:
    mood(built, 2)
    assert reasons(built, "star") == ["reference brand/mood.png changed"]
    assert reasons(built, "gem") == ["`coin`, which it shows, will change"]
    assert reasons(built, "banner") == ["`gem`, which it shows, will change", "reference brand/mood.png changed"]
    assert reasons(built, "moon") == []
    assert built.sends() == 4
    mood(built, 1)
    assert built.sends() == 0


def test_a_touched_reference_makes_nothing(built: Project) -> None:
    file = built.space.root / "brand/mood.png"
    os.utime(file, (1, 1))
    assert built.sends() == 0
    data = file.read_bytes()
    file.unlink()
    file.write_bytes(data)
    assert built.sends() == 0


def test_a_moved_reference_makes_nothing(built: Project) -> None:
    shutil.move(built.space.root / "brand/mood.png", built.space.root / "board.png")
    built.write(MANIFEST.replace("brand/mood.png", "board.png"))
    assert built.sends() == 0


def test_a_no_op_build_notices_a_replaced_reference(built: Project) -> None:
    for path in (built.space.root / "brand/mood.png", *built.space.root.rglob("*")):
        if path.is_file() and ".assetgen" not in path.parts:
            os.utime(path, (1_000_000_000, 1_000_000_000))
    built.build()
    built.build()
    mood(built, 3)
    assert built.space.run("check", "app.yaml", env=built.env).exit_code == 3
    assert built.sends() == 4


def test_a_re_rolled_asset_makes_what_shows_it(built: Project) -> None:
    assert built.sends("--regenerate", "gem") == 2
    assert built.sends("--regenerate", "coin") == 3


def test_a_new_size_of_an_asset_makes_nothing_of_what_shows_it(built: Project) -> None:
    built.edit("gem: {prompt: A gem,", "gem: {prompt: A gem, sizes: [16, 48], formats: [webp],")
    assert built.sends() == 0


def test_a_renamed_asset_that_others_show_costs_nothing(built: Project) -> None:
    built.edit("  gem: {", "  jewel: {moved_from: gem, ")
    built.edit("asset: gem", "asset: jewel")
    assert built.sends() == 0


@pytest.mark.parametrize(
    ("old", "new", "count", "reason"),
    [
        ("[asset:coin]", "[asset:coin, asset:moon]", 2, "reference added: asset:moon"),
        ("[asset:coin]", "[asset:moon]", 2, "reference added: asset:moon"),
        ("[asset:coin]", "[]", 2, "reference removed: asset:coin"),
        ("[asset:coin]", "[{asset: coin, label: a coin}]", 2, "label of reference asset:coin added: `a coin`"),
    ],
)
def test_other_references_are_another_request(built: Project, old: str, new: str, count: int, reason: str) -> None:
    before = built.space.read("app.yaml")
    built.edit(old, new)
    assert reason in reasons(built, "gem")
    assert built.sends() == count
    built.write(before)
    assert built.sends() == 0


def test_the_order_of_references_counts(built: Project) -> None:
    built.edit("[{asset: gem, label: the gem}, brand/mood.png]", "[brand/mood.png, {asset: gem, label: the gem}]")
    built.edit("{{ references[0].label }}", "{{ references[1].label }}")
    assert reasons(built, "banner") == ["references reordered"]
    assert built.sends() == 1
    assert sent(built)[-1]["prompt"] == "Image 2 (the gem): A banner with the gem"


def test_only_brings_along_what_is_shown(project: Project) -> None:
    for name, count, names in (("gem", 2, {"gem", "coin"}), ("moon", 1, {"moon"}), ("banner", 1, set())):
        plan = project.space.run("plan", "app.yaml", "--json", "--only", name, env=project.env)
        assert {asset["name"] for asset in assets_of(plan) if asset["action"] == "generate"} == names or {"banner"}
        assert sends_only(project, name) == count


def test_a_failed_asset_skips_what_shows_it_and_nothing_else(project: Project) -> None:
    project.emulator.script("poll:~A coin:fail?words=Internal Error")
    result = project.build("--json", expect=1)
    ended = {asset["name"]: (asset["result"], (asset["error"] or {}).get("code")) for asset in assets_of(result)}
    assert ended == {
        "banner": ("skipped", "dependency_failed"),
        "gem": ("skipped", "dependency_failed"),
        "coin": ("failed", "task_failed"),
        "star": ("built", None),
        "moon": ("built", None),
    }
    assert "shows `coin`, which did not get its picture" in project.asset("gem", result)["error"]["message"]
    project.emulator.heal()
    assert project.sends() == 3


def test_a_blocked_asset_keeps_what_shows_it_and_orders_nothing_new(built: Project) -> None:
    built.edit("A coin", "A new coin")
    built.space.write("output/app/coin-32.png", b"retouched")
    before = built.emulator.creates
    result = built.build("--json", expect=1)
    assert built.asset("coin", result)["error"]["code"] == "edited"
    assert built.asset("gem", result)["result"] == "up-to-date"
    built.edit("prompt: A gem", "prompt: A new gem")
    result = built.build("--json", expect=1)
    assert (built.asset("gem", result)["result"], built.emulator.creates) == ("skipped", before)
    assert "which cannot be made now" in built.asset("gem", result)["error"]["message"]


def test_an_upload_that_expired_at_the_service_is_made_again_without_regenerating(project: Project) -> None:
    project.emulator.script("create:1:code-451")
    assert sends_only(project, "star") == 1 + 1  # refused once, which costs nothing
    assert project.emulator.uploads == 2


def test_a_picture_lost_from_the_store_is_got_back_to_be_shown(built: Project) -> None:
    shutil.rmtree(built.space.root / ".assetgen")
    built.edit("prompt: A gem", "prompt: A bright gem")
    assert sends_only(built, "gem") == 1
    coin = built.lock["assets"]["coin"]["masters"][0]["sha256"]
    assert sent(built)[-1]["image_input"][0].endswith(f"{coin}.png")


def test_a_large_reference_is_shown_smaller_and_that_is_said(project: Project) -> None:
    project.space.write("brand/mood.png", gif(6, 6))
    result = project.build("--only", "star")
    assert "the model was shown a copy of brand/mood.png, turned from GIF into PNG" in result.stderr
    assert project.lock["assets"]["star"]["request"]["references"][0]["sha256"] == digest_of(gif(6, 6))


def test_drafts_show_references_too(project: Project) -> None:
    project.build("--provider", "draft")
    assert project.emulator.requests == 0
    pictures = project.pictures
    mood(project, 9)
    plan = project.space.run("plan", "app.yaml", "--json", "--provider", "draft", env=project.env)
    assert project.asset("coin", plan)["action"] == "generate"
    result = project.build("--json", "--provider", "draft")
    assert project.asset("gem", result)["result"] == "up-to-date"
    assert project.pictures == pictures


def assets_of(result: Any) -> list[Any]:
    found: list[Any] = result.json["manifests"][0]["assets"]
    return found


def test_nothing_of_an_upload_is_in_the_lock(built: Project) -> None:
    assert "http" not in built.space.read("app.lock")
    assert Path(built.space.root / "brand/mood.png").read_bytes() == png(8, 8, (1, 0, 0))


# --- cells of a sheet ------------------------------------------------------------------------------------------------

SHEET = """\
version: 1
providers:
  kie: {poll_initial: 0.02, poll_max: 0.02}
defaults: {provider: kie, sizes: [32]}
assets:
  sheet:
    prompt: Two badges
    grid: {rows: 1, columns: 2, cells: [gem, star]}
  banner: {prompt: A banner, references: [{asset: sheet/star, label: the star}]}
"""


@pytest.fixture
def sheet(project: Project) -> Project:
    project.write(SHEET)
    assert project.sends() == 2
    return project


def test_a_cell_is_shown_cut_out_of_its_sheet(sheet: Project) -> None:
    from io import BytesIO
    from urllib.request import urlopen

    from PIL import Image

    [link] = sent(sheet)[-1]["image_input"]
    with urlopen(link) as answer:
        assert Image.open(BytesIO(answer.read())).size == (128, 256)
    reference = sheet.lock["assets"]["banner"]["request"]["references"][0]
    assert reference == {
        "cell": {"column": 2, "columns": 2, "row": 1, "rows": 1},
        "label": "the star",
        "sha256": sheet.lock["assets"]["sheet"]["masters"][0]["sha256"],
        "source": "asset:sheet/star",
    }
    assert f"master of sheet {reference['sha256'][:12]}, of which this cell is sent" in explained(sheet, "banner")


@pytest.mark.parametrize(
    ("old", "new", "count", "reason"),
    [
        ("cells: [gem, star]", "cells: [star, gem]", 1, "reference asset:sheet/star changed"),
        ("cells: [gem, star]}", "cells: [gem, star], gutter: 8}", 1, "reference asset:sheet/star changed"),
        ("asset: sheet/star", "asset: sheet/gem", 1, "reference added: asset:sheet/gem"),
        ("asset: sheet/star", "asset: sheet", 1, "reference added: asset:sheet"),
        ("Two badges", "Two medals", 2, "`sheet`, which it shows, will change"),
    ],
)
def test_another_part_of_the_sheet_is_another_picture(
    sheet: Project, old: str, new: str, count: int, reason: str
) -> None:
    sheet.edit(old, new)
    assert reason in reasons(sheet, "banner")
    assert sheet.sends() == count
    sheet.edit(new, old)
    assert sheet.sends() == 0


def test_a_renamed_cell_that_is_shown_costs_nothing(sheet: Project) -> None:
    sheet.edit("[gem, star]", "[gem, comet]")
    sheet.edit("sheet/star", "sheet/comet")
    assert sheet.sends() == 0


# --- cutouts ---------------------------------------------------------------------------------------------------------

CUT = """\
version: 1
providers:
  kie: {poll_initial: 0.02, poll_max: 0.02}
defaults: {provider: kie, sizes: [32]}
assets:
  banner: {prompt: A banner, references: ["asset:coin#cutout"]}
  coin: {prompt: "A coin, on a plain white background", removeBg: true}
"""


@pytest.fixture
def cut(project: Project) -> Project:
    project.write(CUT)
    assert project.sends() == 2
    return project


def test_a_cutout_is_shown_as_it_was_cut_out(cut: Project) -> None:
    coin = cut.lock["assets"]["coin"]
    [link] = sent(cut)[-1]["image_input"]
    assert link.endswith(f"{coin['cutout']['sha256']}.png")
    reference = cut.lock["assets"]["banner"]["request"]["references"][0]
    assert reference == {"cutout": {}, "sha256": coin["masters"][0]["sha256"], "source": "asset:coin#cutout"}
    assert f"master of coin {reference['sha256'][:12]}, of which its cutout is sent" in explained(cut, "banner")


def test_other_settings_of_a_cutout_are_another_picture(cut: Project) -> None:
    cut.edit("removeBg: true", "removeBg: {crop: true}")
    assert reasons(cut, "banner") == ["reference asset:coin#cutout changed"]
    assert cut.sends() == 1
    cut.edit("removeBg: {crop: true}", "removeBg: {crop: false}")
    assert cut.sends() == 0
    cut.edit("#cutout", "")
    assert cut.sends() == 1


def test_to_write_the_default_remover_down_changes_nothing(cut: Project) -> None:
    before = cut.space.read("app.lock")
    cut.edit("removeBg: true", "removeBg: {remover: key}")
    assert (reasons(cut, "banner"), cut.sends()) == ([], 0)
    assert cut.space.read("app.lock") == before


def test_a_lost_cutout_is_cut_out_again_to_be_shown(cut: Project) -> None:
    shutil.rmtree(cut.space.root / ".assetgen")
    cut.edit("A banner", "A new banner")
    assert cut.sends() == 1
    [link] = sent(cut)[-1]["image_input"]
    assert link.endswith(f"{cut.lock['assets']['coin']['cutout']['sha256']}.png")


def test_a_picture_that_cannot_be_cut_out_skips_what_shows_its_cutout(project: Project) -> None:
    project.write(CUT.replace("removeBg: true", "removeBg: {remover: service}"))
    result = project.build("--json", expect=1)
    assert project.asset("coin", result)["result"] == "failed"
    assert project.asset("banner", result)["result"] == "skipped"
    assert not any(body["prompt"] == "A banner" for body in sent(project))
