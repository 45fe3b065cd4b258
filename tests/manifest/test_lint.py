"""Warnings: what each rule finds, what it leaves alone, and how it is silenced."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen.manifest.lint import MEANINGS, RULES
from tests.manifest.support import loaded, problems, said

TOP = 'brand: {colors: {primary: "#EC4899"}}\ndefaults: {exclude: [text, logos]}\n'
PROMPT = "A coin in {{ brand.colors.primary }} on a plain white background"


def warnings(folder: Path, text: str) -> list[str]:
    """`line:column message | hint` of each."""
    return [f"{said(warning)} | {warning.hint}" for warning in loaded(folder, text).warnings]


def codes(folder: Path, asset: str, top: str = TOP) -> list[str]:
    """The names of the warnings of a manifest with one asset with these fields."""
    return [warning.code for warning in loaded(folder, f"{top}assets:\n  coin: {{{asset}}}\n").warnings]


def asking(words: str) -> str:
    return f"prompt: '{words}'"


def test_a_good_manifest_has_none(tmp_path: Path) -> None:
    assert codes(tmp_path, asking(PROMPT)) == []


def test_every_rule_is_explained() -> None:
    assert list(MEANINGS) == list(RULES)


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("no-hex-colour", asking('A coin in pink {{ brand.colors.primary | lower | replace("#", "") }}')),
        ("literal-brand-colour", asking(f"{PROMPT}, rim in #ec4899")),
        ("no-exclusions", f"{asking(PROMPT)}, exclude: []"),
        ("several-subjects", asking(f"{PROMPT}. A set of six flat icons")),
        ("several-subjects", asking(f"{PROMPT}. Four badges")),
        ("transparent-background", asking("A coin in {{ brand.colors.primary }}, transparent background")),
        ("no-plain-background", f"{asking('A coin in {{ brand.colors.primary }} in a meadow')}, removeBg: true"),
        ("no-plain-background", f"{asking('A coin in {{ brand.colors.primary }}')}, removeBg: {{remover: difference}}"),
        ("excluded-and-asked-for", asking(f"{PROMPT} with a small logo")),
        ("excluded-and-asked-for", asking(f"{PROMPT}, showing text")),
        ("density-label", f"{asking(PROMPT)}, sizes: {{2x: 64}}"),
        ("text-excluded", asking(f'{PROMPT}, engraved "ACME"')),
        ("illegible-text", f"{asking(PROMPT + ', the word SALE')}, exclude: [logos], model: google/nano-banana"),
        ("long-prompt", asking(PROMPT + " and on" * 1300)),
        ("unlisted-model", f"{asking(PROMPT)}, model: brand/new"),
        ("unlisted-input", f"{asking(PROMPT)}, input: {{output_fromat: png}}"),
    ],
)
def test_what_is_warned_of(tmp_path: Path, code: str, fields: str) -> None:
    assert codes(tmp_path, fields) == [code]
    assert codes(tmp_path, fields, f"{TOP}lint: {{off: [{code}]}}\n") == []


@pytest.mark.parametrize(
    "fields",
    [
        asking(f"{PROMPT}, rim in #000000"),
        f"{asking(PROMPT + '. No text anywhere.')}, exclude: []",
        asking(f"{PROMPT}. A set of keys, two coins"),
        asking(f"{PROMPT}, without a logo"),
        asking(f"{PROMPT}, the left third empty, to hold text"),
        asking(f"{PROMPT}, textured, contextual"),
        f"{asking(PROMPT + ', the word SALE')}, exclude: [logos]",
        f"{asking(PROMPT + ', the word SALE')}, exclude: [logos], model: z-image",
        f"{asking(PROMPT + ', the word SALE')}, exclude: [logos], model: wan/2-7-image",
        f"{asking(PROMPT + ', no word SALE')}, exclude: [logos], model: google/nano-banana",
        f"{asking(PROMPT)}, removeBg: true",
        asking(f"{PROMPT}, a transparent glass dome"),
        f"{asking(PROMPT + '. A set of four icons')}, grid: {{rows: 1, columns: 2, cells: [a, b]}}",
    ],
)
def test_what_is_left_alone(tmp_path: Path, fields: str) -> None:
    assert codes(tmp_path, fields) == []


def test_a_density_without_its_sign_is_warned_of_at_its_label(tmp_path: Path) -> None:
    text = f"{TOP}assets: {{coin: {{{asking(PROMPT)}, sizes: {{'@1x': 32, 2x: 64}}}}}}\n"
    assert warnings(tmp_path, text) == [
        '3:112 the size `2x` makes `coin-2x`, and apps look for `coin@2x` [density-label] | write `"@2x"`, in quotes'
    ]


def test_what_true_replaces_is_said(tmp_path: Path) -> None:
    """An empty mapping, and no line at all, keep what the defaults say."""
    text = f"""\
defaults: {{removeBg: {{remover: difference, crop: true}}}}
assets:
  coin: {{{asking("A coin")}, removeBg: true}}
  gem: {{{asking("A gem")}, removeBg: {{}}}}
  star: {{{asking("A star")}}}
"""
    [warning] = [warning for warning in warnings(tmp_path, text) if "replaced-default" in warning]
    assert warning.endswith(
        '`true` replaces what `defaults` say of `removeBg` for `coin`: `remover: "difference"`, `crop: true` '
        "[replaced-default] | delete the line to keep it, or write out what you mean"
    )


def test_text_is_warned_of_where_it_stands(tmp_path: Path) -> None:
    """A video that begins with a still shows the text of that; what `exclude` says of its own is not taken twice."""
    text = """\
defaults: {exclude: [logos, text]}
assets:
  sign:
    prompt: |
      A shop window with
      a sign saying "OPEN"
  film:
    type: video
    model: kling-2.6/text-to-video
    prompt: [A street., 'Neon letters saying "OPEN".']
  pan:
    type: video
    source: asset:sign
    prompt: Slow pan over the sign saying "OPEN"
"""
    assert warnings(tmp_path, text) == [
        '6:9 the prompt of asset `sign` asks for text, and its `exclude` forbids `text`: `sign saying "OPEN"` '
        "[text-excluded] | write an `exclude` of its own, without it: it then replaces the one of `defaults`",
        "10:31 asset `film` asks for text, which the model `kling-2.6/text-to-video` does not promise to draw legibly: "
        '`letters saying "OPEN"` [illegible-text] | '
        "draw the text in a still, and begin the video with it: `source: asset:NAME`",
    ]


@pytest.mark.parametrize(
    ("model", "said_of_it"),
    [
        ("nano-bananna-pro", "there is no model `nano-bananna-pro` in the table: was `nano-banana-pro` meant?"),
        ("nano-banan-pro", "there is no model `nano-banan-pro` in the table: was `nano-banana-pro` meant?"),
        ("imagen4", "there is no model `imagen4` in the table: was `google/imagen4` meant?"),
        ("ideogram/v3", "there is no model `ideogram/v3` in the table: was `ideogram/v3-text-to-image` meant?"),
        (
            "gpt-image-2",
            "there is no model `gpt-image-2` in the table: was `gpt-image-2-text-to-image` or "
            "`gpt-image-2-image-to-image` meant?",
        ),
        ("nano-banana-3", "the model `nano-banana-3` is not known here, so its price and its parameters are unknown"),
        ("brand/new", "the model `brand/new` is not known here, so its price and its parameters are unknown"),
    ],
)
def test_a_model_that_is_not_in_the_table(tmp_path: Path, model: str, said_of_it: str) -> None:
    text = f"{TOP}assets:\n  coin:\n    {asking(PROMPT)}\n    model: {model}\n"
    assert warnings(tmp_path, text)[0].startswith(f"6:12 {said_of_it} [unlisted-model]")


def test_videos_are_warned_of_what_is_nothing_about_stills(tmp_path: Path) -> None:
    film = "type: video, prompt: A coin and more, input: {a: 1}"
    assert codes(tmp_path, f"{film}, model: brand/new", TOP.replace("brand", "vars")) == ["unlisted-model"]
    assert codes(tmp_path, f"{film}, model: bytedance/v1-pro-text-to-video") == ["unlisted-input"]


def test_a_brand_without_colours_asks_for_none(tmp_path: Path) -> None:
    assert codes(tmp_path, asking("A coin"), "defaults: {exclude: [text]}\n") == []


def test_each_colour_is_found_where_it_stands(tmp_path: Path) -> None:
    text = f"""\
{TOP}assets:
  coin:
    prompt: |
      A coin in {{{{ brand.colors.primary }}}},
      rim in #EC4899
  gem:
    prompt: [A gem in, 'bright #ec4899']
"""
    assert warnings(tmp_path, text) == [
        "7:14 `#EC4899` is `brand.colors.primary`, written out [literal-brand-colour] | "
        "write `{{ brand.colors.primary }}`: the prompt then follows the brand",
        "9:32 `#ec4899` is `brand.colors.primary`, written out [literal-brand-colour] | "
        "write `{{ brand.colors.primary }}`: the prompt then follows the brand",
    ]


def test_assets_without_exclusions_are_named_together(tmp_path: Path) -> None:
    text = "assets:\n" + "".join(f"  a{number}: {{prompt: A coin}}\n" for number in range(5))
    assert [line.split(" | ")[0] for line in warnings(tmp_path, text)] == [
        "2:3 nothing says what must not be in the picture of `a0`, `a1`, `a2` and 2 more [no-exclusions]"
    ]


def test_what_no_template_uses(tmp_path: Path) -> None:
    text = """\
brand: {colors: {primary: "#EC4899", ink: "#0F172A", mint: "#00FFAA"}}
vars: {used: 1, old: 2, dashed-name: 3}
defaults: {exclude: [text]}
assets:
  coin: {prompt: "A coin in {{ brand.colors.primary }} {{ vars['used'] }} with nice colors"}
"""
    assert warnings(tmp_path, text) == [
        "1:38 no template uses the brand colours `ink`, `mint` [unused-colour] | "
        "use it as `{{ brand.colors.ink }}`, or delete it",
        "2:17 no template uses the variables `old`, `dashed-name` [unused-variable] | "
        "use it as `{{ vars.old }}`, or delete it",
    ]


@pytest.mark.parametrize(
    "use",
    [
        "{% for name in brand.colors %}{{ brand.colors[name] }}{% endfor %}",
        "{{ brand.colors.values() | join }}",
        "{% include 'colours.txt' %}",
        "{{ brands.pro.colors.ink }} {{ brand.colors.primary }}",
    ],
)
def test_uses_that_are_seen(tmp_path: Path, use: str) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/colours.txt").write_text("{{ brand.colors.ink }}{{ brand.colors.primary }}")
    top = 'templates: prompts\nbrand: {colors: {primary: "#EC4899", ink: "#0F172A"}}\nbrands: {pro: {name: Pro}}\n'
    assert "unused-colour" not in codes(tmp_path, f'prompt: "{use}"', top)


def test_presets_use_colours_too(tmp_path: Path) -> None:
    """What lies behind an icon, and the theme colour of a web manifest."""
    top = 'brand: {colors: {primary: "#EC4899", night: "#0F172A"}}\n'
    uses = "prompt: A coin, presets: [favicon, {preset: windows, background: night}]"
    assert "unused-colour" not in codes(tmp_path, uses, top)
    assert "unused-colour" in codes(tmp_path, uses.replace("night", "'#000'"), top)


def test_what_an_extended_file_brings_may_be_for_others(tmp_path: Path) -> None:
    """Its `lint` counts too."""
    brand = "brand: {colors: {primary: '#EC4899', ink: '#000000'}}\nvars: {a: 1}\nlint: {off: [no-exclusions]}\n"
    (tmp_path / "brand.yaml").write_text(brand)
    assert codes(tmp_path, asking(PROMPT), "extends: brand.yaml\n") == []


def test_names_of_warnings_are_checked(tmp_path: Path) -> None:
    text = "lint: {off: [no-hex-color, unused-variable]}\nassets: {coin: {prompt: A coin}}\n"
    (problem,) = problems(tmp_path, text)
    assert said(problem) == "1:14 there is no warning `no-hex-color`"
    assert (problem.hint or "").startswith("did you mean `no-hex-colour`? known: no-hex-colour, literal-")
