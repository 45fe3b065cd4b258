"""The pages about presets say what presets do: every file, every index, every option, the snippet word for word."""

from __future__ import annotations

import re

import pytest

from assetgen.catalog.presets.model import Brand, PresetOptions, Subject
from assetgen.catalog.presets.registry import BUILT_IN, expand
from tests.support.space import CHECKOUT

PAGES = CHECKOUT / "docs" / "presets"
BRAND = Brand("Acme", {"primary": "#EC4899"}, {"sunrise": ("#F472B6", "#EC4899", "#BE185D")})
SUBJECT = Subject("coin", 1024, 1024, cutout=True, alt="A stack of coins")
BLOCK = re.compile(r"^```\w+\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_page_shows_what_its_preset_makes(name: str) -> None:
    width = 24 if "width" in BUILT_IN[name].options else None
    output = expand(name, SUBJECT, PresetOptions(width=width), BRAND)
    blocks = BLOCK.findall(page(name))
    assert "\n".join(sorted(output.paths)) in blocks
    assert output.snippet is not None
    assert output.snippet.text.rstrip("\n") in blocks
    shown = {index.text.rstrip("\n") for index in output.indexes}
    assert shown <= set(blocks)
    assert f"](../images/preset-{name}.png)" in page(name)
    assert (PAGES.parent / "images" / f"preset-{name}.png").is_file()


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_page_explains_every_option_and_no_other(name: str) -> None:
    table = page(name).partition("## Options")[2]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == BUILT_IN[name].options


def test_the_list_names_all_presets() -> None:
    rows = re.findall(r"^\| \[([\w-]+)\]\(([\w-]+)\.md\) \| (.*) \|$", page("README"), re.MULTILINE)
    assert rows == [(preset.name, preset.name, preset.summary) for preset in BUILT_IN.values()]
