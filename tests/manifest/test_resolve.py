"""What a manifest comes to: defaults, brands, prompts, parameters, sizes and places."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from assetgen.catalog import CATALOG, Catalog
from assetgen.catalog.models import NANO_BANANA_PRO, Parameter
from assetgen.errors import Place
from assetgen.manifest.recipe import Export, PixelSize, Recipe, Tuning
from tests.manifest.support import exports, loaded, problems, recipe, said

COIN = "assets:\n  coin:\n    prompt: A coin.\n"


def outputs(made: Recipe) -> list[str]:
    return [spec.path for spec in made.outputs]


def test_the_least_that_a_manifest_can_say(tmp_path: Path) -> None:
    manifest = loaded(tmp_path, COIN)
    assert (manifest.shown, manifest.root, manifest.lock_path) == ("app.yaml", tmp_path, tmp_path / "app.lock")
    assert (manifest.output, manifest.publish, manifest.budget) == ("output/app", (), None)
    assert manifest.sources == (tmp_path / "app.yaml",)
    (coin,) = manifest.recipes
    assert (coin.name, coin.place, coin.provider) == ("coin", Place("app.yaml", 2, 3), None)
    assert coin.request.prompt == "A coin."
    assert coin.request.parameters == {"aspect_ratio": "1:1", "resolution": "1K"}
    assert coin.request.defaulted == {"model", "aspect_ratio", "resolution"}
    assert coin.expected == PixelSize(1024, 1024)
    (spec,) = coin.outputs
    assert (spec.path, spec.label, spec.published) == ("output/app/coin.png", "", ())
    assert spec.export == Export("png")


def test_a_manifest_without_assets_is_a_library(tmp_path: Path) -> None:
    assert loaded(tmp_path, "version: 1\nbrand: {name: Acme}\n").recipes == ()


def test_defaults_lie_under_assets(tmp_path: Path) -> None:
    made = recipe(
        tmp_path,
        """
defaults:
  provider: kie
  resolution: 2K
  formats: [png, webp]
  sizes: {a: 10, b: 20}
  quality: {webp: 80}
  input: {one: {x: 1, y: 2}, two: 2}
  tags: [all]
assets:
  coin:
    prompt: A coin.
    formats: [webp]
    sizes: {b: 30, c: 40}
    input: {one: {y: 3}}
""",
    )
    assert made.provider == "kie"
    assert made.request.parameters["resolution"] == "2K"
    assert made.request.defaulted == {"model", "aspect_ratio"}
    assert made.request.input == {"one": {"x": 1, "y": 3}, "two": 2}
    assert made.tags == ("all",)
    assert [spec.label for spec in made.outputs] == ["a", "b", "c"]
    assert [(export.width, export.quality) for export in exports(made)] == [
        (10, 80),
        (30, 80),
        (40, 80),
    ]


def test_what_defaults_say_places_its_mistakes_there(tmp_path: Path) -> None:
    text = "defaults:\n  sizes: {a: 2000}\n  exclude: ['{{ x }}']\n" + COIN + "    sizes: {b: 3000}\n"
    assert [said(problem) for problem in problems(tmp_path, text)] == [
        "2:14 size `a` of asset `coin` is larger than the picture, which is 1024x1024",
        "3:17 an entry of `exclude` in `defaults`: `x` is not defined",
        "7:16 size `b` of asset `coin` is larger than the picture, which is 1024x1024",
    ]


@pytest.mark.parametrize(
    ("prompt", "rendered"),
    [
        ("A coin.", "A coin."),
        ("'  A coin.  '", "A coin."),
        ("|\n      A coin\n        in gold.\n", "A coin\n  in gold."),
        (">\n      A coin\n      in gold.\n", "A coin in gold."),
        ("[A coin, in gold.]", "A coin in gold."),
        ("['{{ asset.name }}', '{% if false %}no{% endif %}', ' end. ']", "coin end."),
    ],
)
def test_prompts(tmp_path: Path, prompt: str, rendered: str) -> None:
    assert recipe(tmp_path, f"assets:\n  coin:\n    prompt: {prompt}").request.prompt == rendered


def test_exclusions_are_one_sentence(tmp_path: Path) -> None:
    made = recipe(tmp_path, "vars: {w: logos}\n" + COIN + "    exclude: [text, '{{ vars.w }}', typography]\n")
    assert made.request.prompt == "A coin. No text, no logos, no typography."
    assert recipe(tmp_path, "defaults: {exclude: [text]}\n" + COIN + "    exclude: []\n").request.prompt == "A coin."


def test_what_templates_know_of_their_asset(tmp_path: Path) -> None:
    made = recipe(
        tmp_path,
        """
assets:
  coin:
    aspect_ratio: 16:9
    tags: [a, b]
    prompt: "{{ asset.name }} {{ asset.aspect_ratio }} {{ asset.resolution }} {{ asset.model }} {{ asset.tags | join }}"
    description: " For {{ asset.name }}. "
""",
    )
    assert made.request.prompt == "coin 16:9 1K nano-banana-pro ab"
    assert made.description == "For coin."


BRANDS = """
brand:
  name: Acme
  colors: {primary: "#ec4899", ink: "#123"}
  gradients: {sun: ["#000", "#fff"]}
  style: [clean]
brands:
  pro: {name: Acme Pro, colors: {primary: "#8B5CF6", extra: "#ABCDEF"}}
  plain: {style: []}
assets:
  coin: {prompt: "{{ brand.name }} {{ brand.colors.primary }} {{ brands.pro.colors.ink }}"}
  pro:
    brand: pro
    prompt: "{{ brand.name }} {{ brand.colors.primary }} {{ brand.style | join }} {{ brand.colors.ink }}"
  plain: {brand: plain, prompt: "{{ brand.name }}{{ brand.style | join }} {{ brand.gradients.sun | join('-') }}"}
"""


def test_brands_inherit_what_they_leave_out(tmp_path: Path) -> None:
    coin, pro, plain = loaded(tmp_path, BRANDS).recipes
    assert coin.request.prompt == "Acme #EC4899 #112233"
    assert pro.request.prompt == "Acme Pro #8B5CF6 clean #112233"
    assert plain.request.prompt == "Acme #000000-#FFFFFF"


def test_a_drawing_has_the_colours_of_its_brand_in_their_order(tmp_path: Path) -> None:
    coin, pro, _ = loaded(tmp_path, BRANDS).recipes
    assert list(coin.drawing.colors.items()) == [("primary", "#EC4899"), ("ink", "#112233")]
    assert list(pro.drawing.colors.items()) == [("primary", "#8B5CF6"), ("ink", "#112233"), ("extra", "#ABCDEF")]
    assert (coin.drawing.name, coin.drawing.remove_bg) == ("coin", False)


PLAIN_MODEL = replace(
    NANO_BANANA_PRO,
    id="plain",
    parameters=(Parameter("aspect_ratio", "ratio", ("4:3", "2:1")),),
    sizes={},
    prompt_limit=20,
)
TWO_MODELS = Catalog(models={**CATALOG.models, "plain": PLAIN_MODEL})


def test_defaults_that_do_not_apply_are_left_out_and_remembered(tmp_path: Path) -> None:
    made = recipe(
        tmp_path, "defaults: {resolution: 4K, aspect_ratio: 16:9}\n" + COIN + "    model: plain\n", TWO_MODELS
    )
    assert made.request.parameters == {}
    assert made.request.left_out == {"resolution": "4K", "aspect_ratio": "16:9"}
    assert made.request.defaulted == frozenset()
    assert made.expected is None


def test_a_default_for_videos_leaves_images_at_what_is_built_in(tmp_path: Path) -> None:
    made = recipe(tmp_path, "defaults: {resolution: 720p}\n" + COIN)
    assert made.request.parameters["resolution"] == "1K"
    assert made.request.left_out == {"resolution": "720p"}
    assert "resolution" in made.request.defaulted


def test_the_same_on_an_asset_is_an_error(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, COIN + "    model: plain\n    resolution: 4K\n", TWO_MODELS)
    assert said(problem) == "5:17 `resolution` in asset `coin` does not apply to the model `plain`"
    assert problem.hint == "delete the line"


def test_a_model_brings_its_own_values_and_limit(tmp_path: Path) -> None:
    made = recipe(tmp_path, COIN + "    model: plain\n    aspect_ratio: 2:1\n", TWO_MODELS)
    assert made.request.parameters == {"aspect_ratio": "2:1"}
    (problem,) = problems(tmp_path, COIN + "    model: plain\n    exclude: [typography]\n", TWO_MODELS)
    assert problem.message == "the prompt of asset `coin` has 22 characters"


def test_a_provider_that_does_not_have_the_model(tmp_path: Path) -> None:
    catalog = Catalog(providers=("draft", "kie", "other"))
    (problem,) = problems(tmp_path, COIN + "    provider: other\n", catalog)
    assert said(problem) == "4:15 the provider `other` does not have the model `nano-banana-pro`"
    assert problem.hint == "write `provider: kie`, or another model"


def test_a_model_of_videos_does_not_make_images(tmp_path: Path) -> None:
    film = replace(NANO_BANANA_PRO, id="film", kind="video")
    (problem,) = problems(tmp_path, COIN + "    model: film\n", Catalog(models={**CATALOG.models, "film": film}))
    assert problem.message == "the model `film` makes videos (`model` in asset `coin`)"


def test_sizes_and_suffixes(tmp_path: Path) -> None:
    made = recipe(
        tmp_path, COIN + '    sizes: {"@1x": 24, "@2x": 48, hero: 160, box: 60x40}\n    formats: [png, webp]\n'
    )
    assert outputs(made) == [
        "output/app/coin.png",
        "output/app/coin.webp",
        "output/app/coin@2x.png",
        "output/app/coin@2x.webp",
        "output/app/coin-hero.png",
        "output/app/coin-hero.webp",
        "output/app/coin-box.png",
        "output/app/coin-box.webp",
    ]
    assert [(export.width, export.height) for export in exports(made)[::2]] == [
        (24, 24),
        (48, 48),
        (160, 160),
        (60, 40),
    ]


def test_a_number_is_a_width_unless_the_asset_is_square(tmp_path: Path) -> None:
    for ratio, height in (("1:1", 64), ("16:9", None), ("auto", None)):
        made = recipe(tmp_path, COIN + f"    aspect_ratio: {ratio}\n    sizes: [64]\n")
        assert (exports(made)[0].width, exports(made)[0].height) == (64, height)


def test_exports_hold_what_is_written_and_nothing_else(tmp_path: Path) -> None:
    made = recipe(
        tmp_path,
        "defaults: {fit: inside, quality: {webp: lossless, jpg: 85}}\n"
        + COIN
        + "    sizes: [64, 30x20]\n    aspect_ratio: 4:3\n    formats: [png, webp, avif, jpg]\n"
        + "    background: '#abc'\n    upscale: true\n    provenance: false\n",
    )
    png = Export("png", 64, background="#AABBCC", upscale=True, provenance=False)
    assert [spec.export for spec in made.outputs[:4]] == [
        png,
        replace(png, format="webp", quality="lossless"),
        replace(png, format="avif"),
        replace(png, format="jpg", quality=85),
    ]
    assert made.outputs[4].export == replace(png, width=30, height=20, fit="inside")


def test_lossless_in_defaults_is_for_formats_that_can_be(tmp_path: Path) -> None:
    made = recipe(tmp_path, "defaults: {quality: lossless, formats: [png, webp, avif, jpg]}\n" + COIN)
    assert [export.quality for export in exports(made)] == [None, "lossless", None, None]


@pytest.mark.parametrize("upscale", ["", "    upscale: false\n"])
def test_sizes_are_held_against_the_size_that_the_model_returns(tmp_path: Path, upscale: str) -> None:
    assert problems(tmp_path, COIN + "    resolution: 2K\n    sizes: [2048]\n" + upscale) == ()
    assert len(problems(tmp_path, COIN + "    resolution: 2K\n    sizes: [2049]\n" + upscale)) == 1
    assert problems(tmp_path, COIN + "    sizes: [2049]\n    upscale: true\n") == ()
    assert problems(tmp_path, COIN + "    model: plain\n    sizes: [2049]\n", TWO_MODELS) == ()


def test_file_names_are_templates(tmp_path: Path) -> None:
    made = recipe(
        tmp_path,
        COIN
        + "    tags: [icons]\n    sizes: [64, 128]\n"
        + "    filename: '{{ asset.tags[0] }}/{{ width }}x{{ height }}/{{ name }}{{ suffix }}{{ size }}.{{ ext }}'\n",
    )
    assert outputs(made) == ["output/app/icons/64x64/coin-6464.png", "output/app/icons/128x128/coin-128128.png"]


def test_folders(tmp_path: Path) -> None:
    text = "output: out/\npublish: [web/img, ./ios]\nassets:\n  coin: {prompt: a}\n"
    text += "  gem: {prompt: b, output: ., publish: app, filename: 'sub/{{ name }}.{{ ext }}'}\n"
    manifest = loaded(tmp_path, text)
    coin, gem = manifest.recipes
    assert (manifest.output, manifest.publish) == ("out", ("web/img", "ios"))
    assert coin.outputs[0].path == "out/coin.png"
    assert coin.outputs[0].published == ("web/img/coin.png", "ios/coin.png")
    assert gem.outputs[0].path == "sub/gem.png"
    assert gem.outputs[0].published == ("app/sub/gem.png",)


def test_whatever_else_an_asset_says(tmp_path: Path) -> None:
    made = recipe(
        tmp_path, COIN + "    take: 3\n    frozen: true\n    moved_from: old\n    tags: [a]\n    input: {seed: 1}\n"
    )
    assert (made.request.take, made.frozen, made.moved_from, made.tags) == (3, True, "old", ("a",))
    assert made.request.input == {"seed": 1}


def test_budget_is_exact(tmp_path: Path) -> None:
    assert loaded(tmp_path, "budget: {usd: 0.1}\n").budget == Decimal("0.1")
    assert loaded(tmp_path, "budget: {usd: 5}\n").budget == 5


def test_tuning(tmp_path: Path) -> None:
    tuning = loaded(tmp_path, "providers: {kie: {poll_initial: 1, concurrency: 7, image_timeout: 0.5}}\n").tuning
    assert tuning == {"draft": Tuning(), "kie": Tuning(poll_initial=1, concurrency=7, image_timeout=0.5)}


def test_places_follow_the_other_spelling(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, COIN + "    remove_bg: maybe\n")
    assert said(problem) == "4:16 `remove_bg` in asset `coin` must be true, false or a mapping, not text"
