"""Loading manifests: several in one run, and the same whatever way they are written."""

from __future__ import annotations

import gc
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assetgen.catalog import CATALOG
from assetgen.errors import ManifestError
from assetgen.manifest.load import load
from assetgen.manifest.recipe import LoadedManifest, Recipe
from tests.manifest.support import loaded
from tests.support.space import CHECKOUT

COIN = "assets: {coin: {prompt: A coin.}}\n"


def messages(folder: Path, *names: str) -> list[str]:
    try:
        load([Path(name) for name in names], CATALOG, folder)
    except ManifestError as error:
        return [f"{problem.place}: {problem.message}" for problem in error.problems]
    return []


def test_several_manifests(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(COIN)
    (tmp_path / "b.yaml").write_text(COIN)
    first, second = load([Path("b.yaml"), tmp_path / "a.yaml"], CATALOG, tmp_path)
    assert (first.shown, second.shown) == ("b.yaml", "a.yaml")
    assert (first.output, second.output) == ("output/b", "output/a")


def test_a_manifest_named_twice_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(COIN)
    assert len(load([Path("a.yaml"), Path("./a.yaml"), tmp_path / "a.yaml"], CATALOG, tmp_path)) == 1


def test_no_manifest_at_all(tmp_path: Path) -> None:
    assert load([], CATALOG, tmp_path) == ()


def test_two_manifests_with_one_output(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("output: out\n" + COIN)
    (tmp_path / "b.yaml").write_text("output: out\n" + COIN)
    assert messages(tmp_path, "a.yaml", "b.yaml") == [
        "b.yaml:2:10: an output of asset `coin` and an output of asset `coin` in a.yaml are one file: `out/coin.png`"
    ]


def test_two_manifests_may_share_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("output: out\npublish: web\n" + COIN)
    (tmp_path / "b.yaml").write_text("output: out\npublish: web\nassets: {gem: {prompt: A gem.}}\n")
    assert messages(tmp_path, "a.yaml", "b.yaml") == []


def test_two_manifests_that_publish_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("publish: web\n" + COIN)
    (tmp_path / "b.yaml").write_text("publish: web\n" + COIN)
    assert messages(tmp_path, "a.yaml", "b.yaml") == [
        "b.yaml:2:10: a published file of asset `coin` and a published file of asset `coin` in a.yaml are one file: "
        "`web/coin.png`"
    ]


def test_two_manifests_with_one_lock(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text("output: a\n" + COIN)
    (tmp_path / "app.yml").write_text("output: b\n" + COIN)
    assert messages(tmp_path, "app.yaml", "app.yml") == [
        "app.yml: the lock and the lock in app.yaml are one file: `app.lock`"
    ]
    (tmp_path / "app.yml").write_text("brand: {name: Acme}\n")
    assert messages(tmp_path, "app.yaml", "app.yml") == []


def test_two_files_that_only_a_link_makes_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    coin = "  coin: {prompt: a, output: real, filename: x.png}\n"
    gem = "  gem: {prompt: b, output: link, filename: x.png}\n"
    (tmp_path / "a.yaml").write_text("assets:\n" + coin + gem)
    assert messages(tmp_path, "a.yaml") == [
        "a.yaml:3:44: an output of asset `gem` and an output of asset `coin` are one file: `link/x.png`"
    ]


@pytest.mark.parametrize("filename", ["a.yaml", "a.lock"])
def test_an_output_over_a_manifest_or_a_lock(tmp_path: Path, filename: str) -> None:
    (tmp_path / "a.yaml").write_text(f"assets: {{coin: {{prompt: a, output: ., filename: {filename}}}}}\n")
    assert messages(tmp_path, "a.yaml") == [f"a.yaml:1:49: `filename` of asset `coin`: `{filename}` would hold a png"]


def test_an_output_over_a_manifest_that_is_called_like_a_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("assets: {coin: {prompt: a, output: ., filename: a.png}}\n")
    assert messages(tmp_path, "a.png") == [
        "a.png:1:49: an output of asset `coin` and the manifest are one file: `a.png`"
    ]


def test_the_garbage_collector_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("[")
    gc.disable()
    try:
        messages(tmp_path, "a.yaml")
        assert not gc.isenabled()
    finally:
        gc.enable()
    messages(tmp_path, "a.yaml")
    assert gc.isenabled()


# --- the same manifest, written in other ways ------------------------------------------------------------------------

MANIFEST: dict[str, Any] = {
    "version": 1,
    "brand": {"name": "Acme", "colors": {"primary": "#EC4899", "ink": "#0F172A"}, "style": ["clean", "calm"]},
    "brands": {"pro": {"name": "Pro", "colors": {"primary": "#8B5CF6"}}, "plain": {"style": ["plain"]}},
    "vars": {"metal": "gold", "words": {"one": 1, "two": [1, 2]}},
    "defaults": {"resolution": "2K", "exclude": ["text"], "quality": {"webp": 80, "jpg": 85}},
    "assets": {
        "coin": {
            "prompt": "A coin in {{ brand.colors.primary }} of {{ vars.metal }}.\nCalm light.\n",
            "sizes": {"@1x": 24, "@2x": 48, "hero": "160x90"},
            "formats": ["png", "webp"],
            "frozen": False,
        },
        "names": {
            "prompt": "{% for name, color in brand.colors.items() %}{{ name }}={{ color }} {% endfor %}end.",
            "brand": "pro",
            "aspect_ratio": "16:9",
            "input": {"b": {"y": 1, "x": 2}, "a": [1]},
        },
        "listed": {"prompt": ["One.", "Two {{ brand.style | join(', ') }}."], "brand": "plain", "take": 2},
    },
}


def shuffled(value: Any, draw: Any) -> Any:
    """The same data with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = draw(st.permutations(list(value)))
        return {key: shuffled(value[key], draw) for key in keys}
    return [shuffled(item, draw) for item in value] if isinstance(value, list) else value


@st.composite
def rewritten(draw: Any) -> str:
    """`MANIFEST` in some order, style, width and with comments."""
    data = shuffled(MANIFEST, draw)
    if draw(st.booleans()):
        text = json.dumps(data, indent=draw(st.sampled_from([None, 2])))
    else:
        text = yaml.safe_dump(
            data,
            sort_keys=False,
            default_flow_style=draw(st.sampled_from([True, False, None])),
            default_style=draw(st.sampled_from([None, "'", '"'])) if draw(st.booleans()) else None,
            width=draw(st.sampled_from([20, 60, 200])),
            indent=draw(st.integers(2, 6)),
        )
        text = text.replace("!!int ", "").replace("!!bool ", "")
    before: str = draw(st.sampled_from(["", "# A comment\n", "---\n", "\n\n"]))
    after: str = draw(st.sampled_from(["", "\n# The end\n"]))
    return before + text + after


def essence(manifest: LoadedManifest) -> dict[str, Recipe]:
    """The recipes, whatever order they and their outputs are in."""
    return {
        recipe.name: replace(recipe, place=manifest.recipes[0].place, outputs=tuple(sorted(recipe.outputs, key=str)))
        for recipe in manifest.recipes
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rewritten")


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(text=rewritten())
def test_comments_key_order_and_yaml_style_change_nothing(folder: Path, text: str) -> None:
    if any(style in text for style in ("'24'", '"24"', "'1'", '"1"', "'false'", '"false"')):
        return  # quoting a number makes it text, which is another manifest
    once, again = loaded(folder, json.dumps(MANIFEST)), loaded(folder, text)
    first = once.recipes[0].place
    assert essence(again) == {
        name: replace(recipe, place=again.recipes[0].place) for name, recipe in essence(once).items()
    }, first


def test_a_hundred_assets_share_one_compiled_template(tmp_path: Path) -> None:
    assets = {f"a{n}": {"prompt": "{{ asset.name | upper }}"} for n in range(100)}
    assert loaded(tmp_path, json.dumps({"assets": assets})).recipes[99].request.prompt == "A99"


@pytest.mark.parametrize("name", sorted(path.name for path in (CHECKOUT / "manifests").glob("*.yaml")))
def test_the_examples_load(name: str) -> None:
    path = CHECKOUT / "manifests" / name
    (manifest,) = load([path], CATALOG, CHECKOUT)
    assert manifest.recipes
    assert all(recipe.description and recipe.provider is None for recipe in manifest.recipes)
    first = path.read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schemas/manifest.schema.json"
