"""The page about what an edit costs: every row of its table is what `plan` says of the manifest above it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from assetgen import build
from assetgen.emulator.run import running_emulator
from assetgen.plan.plan import AssetPlan, Options, Ordered
from assetgen.project import load
from tests.support.pictures import png
from tests.support.space import CHECKOUT, Space

PAGE = (CHECKOUT / "docs/concepts/what-is-made-again.md").read_text()
MANIFEST = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split(" | "))
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith(("| you", "|---"))
]

Edit = Callable[[Space], object]
"""Changes the project; may return options to plan with."""


def edited(old: str, new: str) -> Edit:
    def edit(space: Space) -> None:
        text = space.read("app.yaml")
        assert old in text
        space.write("app.yaml", text.replace(old, new))

    return edit


def coin(line: str) -> Edit:
    return edited("  coin:\n", f"  coin:\n    {line}\n")


def hero(line: str) -> Edit:
    return edited("  hero:\n", f"  hero:\n    {line}\n")


def top(line: str) -> Edit:
    return edited("version: 1\n", f"version: 1\n{line}\n")


def lost(*paths: str) -> Edit:
    def lose(space: Space) -> None:
        for path in paths:
            target = space.root / path
            shutil.rmtree(target) if target.is_dir() else target.unlink()

    return lose


def written(path: str, edge: int) -> Edit:
    return lambda space: space.write(path, png(edge, edge))


def dated(space: Space) -> None:
    os.utime(space.root / "brand/counter.png", (1, 1))


def both(one: Edit, other: Edit) -> Edit:
    def edit(space: Space) -> None:
        one(space)
        other(space)

    return edit


WORD = edited("A {{ vars.metal }} coin", "A shiny {{ vars.metal }} coin")

EDITS: Mapping[str, tuple[Edit, ...]] = {
    "comments, layout, the order of keys": (
        top("# A comment"),
        edited("{provider: kie, exclude: [logos]}", "\n  exclude:\n  - logos\n  provider: kie"),
    ),
    "the spaces and line breaks of a prompt": (
        edited("A counter with Image 1 on it", '"A  counter with\\n Image 1 on it"'),
    ),
    "`description`, `tags`": (edited("credits screen", "shop"), coin("tags: [shop]")),
    "`budget`, `lint`, `providers`, `publish`": (
        top("budget: {usd: 1}"),
        top("lint: {off: [no-exclusions]}"),
        top("providers: {kie: {poll_max: 20}}"),
        top("publish: app"),
    ),
    "a word in the prompt of `coin`": (WORD,),
    "a variable that its prompt uses": (edited("metal: gold", "metal: silver"),),
    "the colour `primary`, which its prompt names": (edited("#EC4899", "#DB2777"),),
    "the colour `ink`, which none names": (edited("#0F172A", "#111111"),),
    "`exclude` in `defaults`": (edited("[logos]", "[logos, people]"),),
    "the model, `aspect_ratio` or `resolution` of `hero`": (
        hero("model: nano-banana-2"),
        hero("aspect_ratio: 16:9"),
        hero("resolution: 2K"),
    ),
    "`take: 1` for `coin`": (coin("take: 1"),),
    "`--regenerate coin`": (lambda _: Options(regenerate=("coin",)),),
    "`sizes`, `formats`, `quality` or `max_bytes` of `coin`": (
        edited("[32, 64]", "[32, 48]"),
        coin("formats: [webp]"),
        coin("formats: [png, webp]\n    quality: {webp: 50}"),
        coin("max_bytes: 100000"),
    ),
    "a preset of `coin` with `dark: hero`": (coin("presets: [{preset: ios-imageset, width: 16, dark: hero}]"),),
    "`filename`, or the folder `output`": (
        top("output: pictures"),
        edited("defaults: {", "defaults: {filename: '{{ name }}/{{ size }}.{{ ext }}', "),
    ),
    "`removeBg: {crop: true}` for `coin`": (edited("removeBg: true", "removeBg: {crop: true}"),),
    "`upscale` by a model, for `coin`": (coin("upscale: {model: topaz/image-upscale}"),),
    "`variants: 3` for `hero`": (edited("variants: 2", "variants: 3"),),
    "`pick: 2` for `hero`": (hero("pick: 2"),),
    "the bytes of `brand/counter.png`": (written("brand/counter.png", 9),),
    "the date of `brand/counter.png`": (dated,),
    "`provider: draft` instead of `kie`": (edited("provider: kie", "provider: draft"),),
    "a word in the prompt of `coin`, and `frozen: true`": (both(WORD, coin("frozen: true")),),
    "an output is deleted": (lost("output/app/coin-32.png"),),
    "an output is edited by hand": (written("output/app/coin-32.png", 5),),
    "`.assetgen/` is deleted, as in a fresh clone": (lost(".assetgen"),),
    "the lock is deleted": (lost("app.lock"),),
    "the lock and `.assetgen/` are deleted, the outputs stay": (lost("app.lock", ".assetgen"),),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The project of the page, built with an emulator's pictures, and the environment that it was built in."""
    space = Space(tmp_path_factory.mktemp("page") / "project")
    space.write(".git/HEAD", "")
    space.write("brand/counter.png", png(8, 8))
    space.write("app.yaml", MANIFEST)
    with running_emulator(faults=["download:*:size-256x256"]) as emulator:
        env = {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": "emulator"}
        space.run_ok("build", "app.yaml", env=env)
    return space.root, env


def test_the_table_has_every_edit() -> None:
    assert [row[0] for row in ROWS] == list(EDITS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_row_is_what_the_plan_says(
    built: tuple[Path, dict[str, str]], tmp_path: Path, row: tuple[str, str, str, str]
) -> None:
    root, env = built
    what, coins, heroes, pictures = row
    for number, edit in enumerate(EDITS[what]):
        space = Space(tmp_path / str(number))
        shutil.copytree(root, space.root, dirs_exist_ok=True, copy_function=shutil.copy2)
        options = edit(space)
        project = load([space.root / "app.yaml"], environ=env, cwd=space.root)
        plan = build.plan(project, options if isinstance(options, Options) else Options())
        actions = {str(asset.asset.name): asset.action.value for asset in plan.assets}
        assert (actions, sum(map(_paid, plan.assets))) == ({"coin": coins, "hero": heroes}, int(pictures)), number


def _paid(asset: AssetPlan) -> int:
    return len(asset.orders) + isinstance(asset.upscale, Ordered)
