"""A sheet from manifest to files, through the emulator: one order, however its cells are named, placed and cut."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from assetgen.emulator.run import running_emulator
from tests.support.pictures import png
from tests.support.shop import QUICKLY, Shop
from tests.support.space import Space

MANIFEST = f"""{QUICKLY}defaults: {{provider: kie}}
assets:
  badges:
    prompt: A sheet of badges
    aspect_ratio: "3:2"
    grid: {{rows: 2, columns: 3, cells: [coin, gem, star, bolt, crown, heart]}}
    sizes: [24, 48]
"""
CELLS = ("coin", "gem", "star", "bolt", "crown", "heart")


EXPLAINED = {
    "badges/star": (0, "cells\n  badges/star  row 1, column 3 of 2 x 3\n"),
    "badges/stat": (2, "`badges` has no cell or variant `stat`\nhint: did you mean `star`?"),
    "theme": (2, "`theme` is a matrix in app.yaml\nhint: name one of its assets: theme-light, theme-dark\n"),
    "theme/3": (2, "there is no asset `theme/3`"),
}


@pytest.fixture
def shop(space: Space) -> Iterator[Shop]:
    with running_emulator(faults=["download:*:size-300x200"]) as emulator:
        yield Shop(space, emulator, "badges", MANIFEST)


@pytest.fixture
def built(shop: Shop) -> Shop:
    assert shop.sends() == 1
    return shop


def test_one_order_makes_every_cell(built: Shop) -> None:
    assert set(built.files) == {f"badges-{cell}-{size}.png" for cell in CELLS for size in (24, 48)}
    assert len(set(built.files.values())) == len(built.files)
    assert built.entry["outputs"]["output/app/badges-bolt-24.png"]["export"] == {
        "format": "png",
        "width": 24,
        "height": 24,
        "cell": {"row": 2, "column": 1, "rows": 2, "columns": 3},
    }


def test_a_renamed_cell_is_the_same_picture(built: Shop) -> None:
    before = built.files
    built.edit("crown", "tiara")
    assert built.sends() == 0
    for size in (24, 48):
        assert built.files[f"badges-tiara-{size}.png"] == before[f"badges-crown-{size}.png"]


def test_cells_that_change_places_change_pictures_and_nothing_is_ordered(built: Shop) -> None:
    before = built.files
    built.edit("coin, gem,", "gem, coin,")
    plan = built.planned()
    assert (plan["action"], plan["cost"]["usd"]) == ("export", 0)
    assert (
        "cell of size `24` (png) of cell `gem` changed: `row 1, column 2 of 2 x 3` -> `row 1, column 1 of 2 x 3`"
        in (plan["reasons"])
    )
    assert built.sends() == 0
    assert built.files["badges-coin-24.png"] == before["badges-gem-24.png"]
    assert built.files["badges-gem-24.png"] == before["badges-coin-24.png"]
    assert built.files["badges-star-24.png"] == before["badges-star-24.png"]
    built.edit("gem, coin,", "coin, gem,")
    assert built.sends() == 0
    assert built.files == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("heart]", "heart], gutter: 8"),
        ("rows: 2, columns: 3", "rows: 3, columns: 2"),
        ("sizes: [24, 48]", "sizes: {'@1x': 24, hero: 96}"),
        ("sizes: [24, 48]", "formats: [webp, jpg]"),
        ("    grid: {rows: 2, columns: 3, cells: [coin, gem, star, bolt, crown, heart]}\n", ""),
    ],
)
def test_cutting_otherwise_is_free(built: Shop, old: str, new: str) -> None:
    built.edit(old, new)
    assert built.sends() == 0


def test_a_grid_for_a_picture_that_was_made_without_one(built: Shop) -> None:
    before = built.files
    line = "    grid: {rows: 2, columns: 3, cells: [coin, gem, star, bolt, crown, heart]}\n"
    built.edit(line, "")
    assert built.sends() == 0
    built.edit("    sizes", f"{line}    sizes")
    assert built.sends() == 0
    assert before.items() <= built.files.items()


def test_without_the_store_nothing_is_missing_and_a_cell_is_cut_from_what_the_service_kept(built: Shop) -> None:
    before = built.files
    shutil.rmtree(built.space.root / ".assetgen")
    assert built.sends() == 0
    built.edit("[24, 48]", "[24, 48, 96]")
    assert built.sends() == 0
    assert before.items() <= built.files.items()


def test_a_gutter_that_is_not_there_fails_the_asset_and_keeps_its_picture(built: Shop) -> None:
    before = built.files
    built.edit("heart]", "heart], gutter: auto")
    report = built.run("build", "--json")
    assert report.exit_code == 1
    error = report.json["manifests"][0]["assets"][0]["error"]
    assert error["code"] == "export"
    assert "no gutter is to be seen between column 1 and column 2" in error["message"]
    assert built.files == before
    built.edit(", gutter: auto", "")
    assert built.sends() == 0


def test_an_edited_cell_is_kept_and_can_be_adopted(built: Shop) -> None:
    retouched = png(24, 24)
    built.space.write("output/app/badges-gem-24.png", retouched)
    report = built.run("build", "--json")
    assert report.json["manifests"][0]["assets"][0]["error"]["code"] == "edited"
    assert built.run("adopt", "badges").exit_code == 0
    assert built.sends() == 0
    assert (built.space.root / "output/app/badges-gem-24.png").read_bytes() == retouched
    built.edit("[24, 48]", "[24, 48, 96]")
    assert built.sends() == 0


def test_cells_alone_cannot_be_adopted_as_the_sheet_that_they_are_cut_from(shop: Shop) -> None:
    for cell in CELLS:
        for size in (24, 48):
            shop.space.write(f"output/app/badges-{cell}-{size}.png", png(size, size))
    result = shop.run("adopt", "badges")
    assert result.exit_code == 2
    assert "the cells of `badges` cannot be adopted: there is no sheet yet" in result.stderr


def test_a_renamed_sheet_takes_its_cells_along(built: Shop) -> None:
    before = built.files
    built.edit("  badges:\n", "  medals:\n    moved_from: badges\n")
    assert built.sends() == 0
    assert built.files == {path.replace("badges", "medals"): digest for path, digest in before.items()}


def test_the_draft_of_a_sheet_shows_the_names_of_today(shop: Shop) -> None:
    shop.edit("provider: kie", "provider: draft")
    assert shop.built()["totals"]["requests"] == 1
    before = shop.files
    shop.edit("heart]", "moon]")
    asset = shop.planned()
    assert any(reason.startswith("grid on the draft changed") for reason in asset["reasons"])
    assert shop.built()["totals"]["requests"] == 1
    assert shop.files["badges-coin-24.png"] == before["badges-coin-24.png"]
    assert shop.files["badges-moon-24.png"] != before["badges-heart-24.png"]


def test_explain_takes_the_names_that_references_and_flags_take(space: Space) -> None:
    theme = "  theme: {prompt: 'A {{ matrix.theme }} sky', matrix: {theme: [light, dark]}}\n"
    space.write("app.yaml", MANIFEST + theme)
    for name, (code, words) in EXPLAINED.items():
        told = space.run("explain", "app.yaml", name, env={"NO_COLOR": "1"})
        assert (told.exit_code, words in told.stdout + told.stderr) == (code, True), name
    assert "output/app/badges-gem-24.png" not in space.run_ok("explain", "app.yaml", "badges/star").stdout
