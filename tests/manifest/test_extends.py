"""`extends`: what lies underneath, what wins, and places in every file of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen.catalog import CATALOG
from assetgen.errors import ManifestError
from assetgen.manifest.load import load
from assetgen.manifest.recipe import LoadedManifest
from tests.manifest.support import exports

BRAND = """\
brand:
  name: Acme
  colors: {primary: "#EC4899", ink: "#0F172A"}
  style: [clean, calm]
brands:
  pro: {name: Acme Pro}
vars: {currency: credits, deep: {a: 1, b: 2}}
defaults:
  resolution: 2K
  formats: [webp]
  quality: {webp: 80}
providers:
  kie: {poll_max: 20, image_timeout: 900}
output: output/never
publish: never
budget: {usd: 1}
assets:
  never: 5
"""


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def loaded(folder: Path, *names: str) -> tuple[LoadedManifest, ...]:
    return load([Path(name) for name in names or ("app.yaml",)], CATALOG, folder)


def prompt(folder: Path) -> str:
    return loaded(folder)[0].recipes[0].request.prompt


def wrong(folder: Path, *names: str) -> list[str]:
    """Everything that is wrong, with its place and hint."""
    with pytest.raises(ManifestError) as caught:
        loaded(folder, *names)
    return [f"{problem.place} {problem.message} | {problem.hint}" for problem in caught.value.problems]


def test_what_an_extended_file_brings(tmp_path: Path) -> None:
    app = """\
extends: brand.yaml
brand: {colors: {ink: "#000000"}, style: [loud]}
vars: {deep: {b: 3}}
defaults: {quality: {avif: 50}}
providers: {kie: {poll_max: 30}}
assets:
  coin:
    prompt: >-
      {{ brand.name }} {{ brands.pro.name }} {{ brands.pro.colors.ink }} {{ brand.colors.primary }}
      {{ brand.style | join(",") }} {{ vars.currency }} {{ vars.deep.a }}{{ vars.deep.b }}
    formats: [webp, avif]
"""
    write(tmp_path, brand=BRAND, app=app)
    (manifest,) = loaded(tmp_path)
    (coin,) = manifest.recipes
    assert coin.request.prompt == "Acme Acme Pro #000000 #EC4899 loud credits 13"
    assert coin.request.parameters["resolution"] == "2K"
    assert [export.quality for export in exports(coin)] == [80, 50]
    assert (manifest.tuning["kie"].poll_max, manifest.tuning["kie"].image_timeout) == (30, 900)
    assert (manifest.output, manifest.publish, manifest.budget) == ("output/app", (), None)
    assert manifest.lock_path == tmp_path / "app.lock"
    assert manifest.sources == (tmp_path / "app.yaml", tmp_path / "brand.yaml")


def test_the_last_of_several_files_wins_and_each_path_is_relative_to_its_own_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        app="extends: [shared/a.yaml, shared/b.yaml]\nassets: {coin: {prompt: '{{ vars.values() | join }}'}}\n",
        shared__a="extends: base.yaml\nvars: {x: a, y: a}\n",
        shared__b="extends: [base.yaml]\nvars: {y: b}\n",
        shared__base="vars: {x: base, y: base, z: base}\n",
    )
    assert prompt(tmp_path) == "basebbase"
    assert [path.stem for path in loaded(tmp_path)[0].sources] == ["app", "b", "base", "a"]


def test_an_extended_file_is_a_library_of_its_own_too(tmp_path: Path) -> None:
    write(tmp_path, brand="brand: {name: Acme}\n", app="extends: brand.yaml\nassets: {coin: {prompt: A coin.}}\n")
    library, app = loaded(tmp_path, "brand.yaml", "app.yaml")
    assert (library.recipes, library.sources) == ((), (tmp_path / "brand.yaml",))
    assert len(app.recipes) == 1


def test_mistakes_are_named_in_the_file_that_they_are_in(tmp_path: Path) -> None:
    brand = """\
brand: {colors: {primary: pink, ink: "#0F172A"}}
vras: {}
defaults:
  resolution: 8K
  removeBg: 7
  exclude:
    - "{{ nothing }}"
  sizes: [4000]
vars: {a: 1, a: 2}
"""
    write(tmp_path, brand=brand, app="extends: brand.yaml\nassets:\n  coin: {prompt: '{{ brand.colour }}'}\n")
    assert wrong(tmp_path, "app.yaml", "brand.yaml") == [
        "app.yaml:3:28 `prompt` in asset `coin`: `brand` has no `colour` | did you mean `colors`?",
        'brand.yaml:1:27 `pink` is not a colour (`brand.colors.primary`) | write `"#FFC0CB"`',
        "brand.yaml:2:1 unknown key `vras` | did you mean `vars`?",
        "brand.yaml:4:15 `resolution` in `defaults` cannot be `8K`: the model `nano-banana-pro` does not know it | "
        "known: 1K, 2K, 4K",
        "brand.yaml:5:13 `removeBg` in `defaults` must be true, false or a mapping, not a number | None",
        "brand.yaml:7:11 an entry of `exclude` in `defaults`: `nothing` is not defined | "
        "known: brand, brands, vars, matrix, asset, references",
        "brand.yaml:9:14 duplicate key `a` | it is first written at line 9",
    ]


def test_mistakes_show_the_line_of_their_own_file(tmp_path: Path) -> None:
    write(tmp_path, brand="# one\nbrand: {name: 5}\n", app="extends: brand.yaml\nassets: {coin: {prompt: A coin.}}\n")
    with pytest.raises(ManifestError) as caught:
        loaded(tmp_path)
    assert [problem.excerpt for problem in caught.value.problems] == ["brand: {name: 5}"]


def test_what_an_asset_overrides_is_complained_of_where_it_holds(tmp_path: Path) -> None:
    app = "extends: brand.yaml\ndefaults: {sizes: {b: 2000}}\nassets:\n  coin: {prompt: A coin., sizes: {c: 3000}}\n"
    write(tmp_path, brand="defaults: {sizes: {a: 1500}}\n", app=app)
    assert [line.split(" of ")[0] for line in wrong(tmp_path)] == [
        "app.yaml:2:23 size `b`",
        "app.yaml:4:38 size `c`",
        "brand.yaml:1:23 size `a`",
    ]


def test_two_spellings_of_a_default_are_one(tmp_path: Path) -> None:
    write(
        tmp_path,
        brand="defaults: {remove_bg: false}\n",
        app="extends: brand.yaml\ndefaults: {removeBg: false}\nassets: {coin: {prompt: A coin.}}\n",
    )
    assert prompt(tmp_path) == "A coin."


@pytest.mark.parametrize(
    ("extends", "message"),
    [
        ("brnd.yaml", "1:10 `extends`: brnd.yaml does not exist | did you mean `brand.yaml`?"),
        (
            "no/brand.yaml",
            "1:10 `extends`: no/brand.yaml does not exist | the path is relative to the folder of app.yaml",
        ),
        ("[brand.yaml, sub]", "1:23 `extends`: sub is a folder | name a manifest file"),
        ("app.yaml", "1:10 `extends` goes round in a circle: app.yaml -> app.yaml | delete one of these `extends`"),
        (
            "/brand.yaml",
            "1:10 `extends`: `/brand.yaml` is no relative path | write it relative to the file that it stands in",
        ),
        (
            "https://a.b/c.yaml",
            "1:10 `extends`: `https://a.b/c.yaml` is no relative path | "
            "write it relative to the file that it stands in",
        ),
        ('"sub\\\\brand.yaml"', "1:10 `extends`: `sub\\brand.yaml` has a backslash | separate folders with `/`"),
        ("5", "1:10 `extends` must be a file or a list of files, not a number | None"),
    ],
)
def test_a_file_that_cannot_be_extended(tmp_path: Path, extends: str, message: str) -> None:
    """What it would have brought is not asked for again at every line that uses it."""
    (tmp_path / "sub").mkdir()
    app = f"extends: {extends}\nassets: {{coin: {{prompt: 'A coin.'}}}}\n"
    write(tmp_path, brand="brand: {name: Acme}\n", app=app)
    assert wrong(tmp_path) == [f"app.yaml:{message}"]


def test_a_missing_file_is_one_mistake_and_others_are_told_too(tmp_path: Path) -> None:
    app = "extends: brand.yaml\nassets:\n  coin: {prompt: '{{ brand.name }} {{ vars.x }}', taek: 1}\n"
    write(tmp_path, app=app, other="assets: {gem: {promt: A gem}}\n")
    assert [line.split(" | ")[0] for line in wrong(tmp_path, "app.yaml", "other.yaml")] == [
        "app.yaml:1:10 `extends`: brand.yaml does not exist",
        "app.yaml:3:51 unknown key `taek` in asset `coin`",
        "other.yaml:1:16 unknown key `promt` in asset `gem`",
    ]


def test_a_circle_of_several_files_also_through_links(tmp_path: Path) -> None:
    write(
        tmp_path,
        app="extends: a.yaml\nassets: {coin: {prompt: A coin.}}\n",
        a="extends: b.yaml\n",
        b="extends: here/a.yaml\n",
    )
    (tmp_path / "here").symlink_to(".")
    assert wrong(tmp_path) == [
        "b.yaml:1:10 `extends` goes round in a circle: a.yaml -> b.yaml -> here/a.yaml | delete one of these `extends`"
    ]


def test_many_diamonds_are_read_once_each(tmp_path: Path) -> None:
    for level in range(40):
        write(tmp_path, **{f"l{level}": f"extends: [l{level + 1}.yaml, r{level + 1}.yaml]\n"})
        write(tmp_path, **{f"r{level}": f"extends: [l{level + 1}.yaml, r{level + 1}.yaml]\n"})
    write(tmp_path, l40="vars: {x: left}\n", r40="vars: {x: right}\n")
    write(tmp_path, app="extends: l0.yaml\nassets: {coin: {prompt: '{{ vars.x }}'}}\n")
    assert prompt(tmp_path) == "right"
    assert len(loaded(tmp_path)[0].sources) == 82


def test_an_extended_file_that_is_no_mapping(tmp_path: Path) -> None:
    write(tmp_path, empty="", list="- a\n", app="extends: [empty.yaml, list.yaml]\nassets: {coin: {prompt: A coin.}}\n")
    assert [line.split(" | ")[0] for line in wrong(tmp_path)] == [
        "empty.yaml the manifest is empty",
        "list.yaml:1:1 a manifest is a mapping, not a list",
    ]
