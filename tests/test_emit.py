"""`emit` from the manifest to the files: what they tell, when they are written, and whose they are."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from assetgen.manifest.indexes import LANGUAGES
from assetgen.publish.index import SUFFIXES
from tests.support.space import Space

HEAD = "version: 1\npublish: web/img\nemit: [src/assets.json]\n"
COIN = "  coin: {prompt: A coin, description: A coin, sizes: {'@1x': 24, hero: 160}}\n"
MANIFEST = f"{HEAD}assets:\n{COIN}"
INDEX = "src/assets.json"


def told(space: Space) -> dict[str, Any]:
    assets: dict[str, Any] = json.loads(space.read(INDEX))["assets"]
    return assets


def planned(space: Space) -> tuple[str, list[str]]:
    (row,) = space.run_ok("plan", "app.yaml", "--json").json["manifests"][0]["emit"]
    return row["action"], row["reasons"]


@pytest.fixture
def app(space: Space) -> Space:
    space.write("app.yaml", MANIFEST)
    assert planned(space) == ("write", ["new"])
    space.run_ok("build", "app.yaml")
    return space


def test_every_language_that_may_be_asked_for_can_be_written() -> None:
    assert set(LANGUAGES) == set(SUFFIXES)


def test_it_tells_of_every_output_and_a_second_build_does_nothing(app: Space) -> None:
    assets = told(app)
    assert list(assets) == ["coin", "coinHero"]
    hero = assets["coinHero"]
    assert hero["path"] == "../web/img/coin-hero.png", "where it is published, seen from the index"
    assert (hero["width"], hero["height"], hero["format"], hero["alt"]) == (160, 160, "png", "A coin")
    assert hero["color"].startswith("#")
    assert hero["thumbhash"] == assets["coin"]["thumbhash"]
    before = app.tree(store=False)
    assert planned(app) == ("up-to-date", [])
    assert app.run_ok("build", "app.yaml").stderr == "everything is up to date: 1 asset in output/app\n"
    assert app.run_ok("check", "app.yaml").exit_code == 0
    assert app.tree(store=False) == before


def test_all_languages_at_once(space: Space) -> None:
    files = [f"gen/assets{ending}" for ending in LANGUAGES]
    space.write("app.yaml", MANIFEST.replace("src/assets.json", ", ".join(files)))
    assert "; wrote gen/assets.json, gen/assets.ts," in space.run_ok("build", "app.yaml").stderr
    assert all("coinHero" in space.read(file) or "COIN_HERO" in space.read(file) for file in files)


def test_it_follows_its_assets(app: Space) -> None:
    app.write("app.yaml", MANIFEST + "  gem: {prompt: A gem, sizes: [40]}\n")
    assert planned(app) == ("write", ["assets change"])
    app.run_ok("build", "app.yaml")
    assert list(told(app)) == ["coin", "coinHero", "gem40"]
    app.write("app.yaml", MANIFEST.replace("description: A coin", "description: Credits"))
    assert planned(app) == ("write", ["what it tells of changed"])
    app.run_ok("build", "app.yaml")
    assert {name: row["alt"] for name, row in told(app).items()} == {"coin": "Credits", "coinHero": "Credits"}


def test_a_run_over_some_assets_keeps_the_others_in_it(app: Space) -> None:
    app.write("app.yaml", MANIFEST + "  gem: {prompt: A gem, sizes: [40]}\n  orb: {prompt: An orb, sizes: [40]}\n")
    app.run_ok("build", "app.yaml", "--only", "gem")
    assert list(told(app)) == ["coin", "coinHero", "gem40"]
    app.run_ok("build", "app.yaml")
    assert list(told(app)) == ["coin", "coinHero", "gem40", "orb40"]


def test_what_is_missing_is_written_again_byte_for_byte(app: Space) -> None:
    before = app.tree()
    (app.root / INDEX).unlink()
    assert planned(app) == ("write", ["missing"])
    assert app.run("check", "app.yaml").exit_code == 3
    app.run_ok("build", "app.yaml")
    assert app.tree() == before


def test_strangers_and_edits_are_kept(space: Space) -> None:
    space.write("app.yaml", MANIFEST)
    space.write(INDEX, "mine")
    built = space.run("build", "app.yaml", "--json")
    document = built.json["manifests"][0]
    assert (built.exit_code, document["assets"][0]["result"]) == (1, "built"), "the pictures do not wait for it"
    assert document["emit"][0]["error"]["code"] == "blocked"
    assert "`src/assets.json` is in the way: no lock or store knows it" in built.stderr
    assert space.read(INDEX) == "mine"
    space.run_ok("build", "app.yaml", "--overwrite")
    space.write(INDEX, "edited")
    assert space.run("check", "app.yaml").exit_code == 3
    assert "`src/assets.json` was edited by hand" in space.run("build", "app.yaml").stderr
    assert space.read(INDEX) == "edited"
    space.run_ok("build", "app.yaml", "--overwrite")
    assert list(told(space)) == ["coin", "coinHero"]


def test_one_that_is_named_no_more_is_left_for_clean(app: Space) -> None:
    app.write("app.yaml", MANIFEST.replace("emit: [src/assets.json]\n", ""))
    assert app.run("check", "app.yaml").exit_code == 3
    assert "src/assets.json is no longer emitted" in app.run_ok("plan", "app.yaml").stdout
    app.run_ok("build", "app.yaml")
    assert app.run("check", "app.yaml").exit_code == 0
    assert INDEX in app.tree()
    app.run_ok("clean", "app.yaml")
    assert INDEX not in app.tree()


def test_a_clone_without_a_store_is_up_to_date(app: Space) -> None:
    shutil.rmtree(app.root / ".assetgen")
    assert app.run("check", "app.yaml").exit_code == 0
    assert planned(app) == ("up-to-date", [])


def test_asked_for_later_it_looks_at_the_files_that_stand(space: Space) -> None:
    space.write("app.yaml", MANIFEST.replace("emit: [src/assets.json]\n", ""))
    space.run_ok("build", "app.yaml")
    space.write("app.yaml", MANIFEST)
    built = space.run_ok("build", "app.yaml", "--json").json
    assert (built["totals"]["built"], built["manifests"][0]["emit"][0]["result"]) == (0, "built")
    assert told(space)["coin"]["thumbhash"]
