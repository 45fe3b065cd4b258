"""Edit -> what runs: every row is built through the emulator over real HTTP, and submissions are counted.

What people fear most is held here: paying twice, and a picture changing that nobody asked to change.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from assetgen.emulator.run import Emulator, running_emulator
from tests.support.space import Result, Space

MANIFEST = """\
version: 1
brand:
  name: Acme
  colors: {primary: "#EC4899", ink: "#0F172A"}
providers:
  kie: {poll_initial: 0.02, poll_max: 0.02}
defaults:
  provider: kie
  exclude: [text]
assets:
  coin:
    description: Shown on the credits screen
    prompt: A coin in {{ brand.colors.primary }}
    sizes: {"@1x": 24, "@2x": 48}
  gem:
    prompt: A gem in {{ brand.colors.primary }}
    sizes: [32]
  star:
    prompt: A star
    sizes: [32]
  bolt:
    prompt: A bolt
    sizes: [32]
  crown:
    prompt: A crown
    sizes: [32]
  heart:
    prompt: A heart
    sizes: [32]
"""
ASSETS = 6


class Project:
    """A project whose manifest is built through an emulator."""

    def __init__(self, space: Space, emulator: Emulator) -> None:
        self.space = space
        self.emulator = emulator
        self.env = {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": "secret-key"}
        self.write(MANIFEST)
        space.write(".git/HEAD", "")

    def write(self, text: str) -> None:
        self.space.write("app.yaml", text)

    def edit(self, old: str, new: str) -> None:
        text = self.space.read("app.yaml")
        assert old in text
        self.write(text.replace(old, new))

    def build(self, *flags: str, env: dict[str, str] | None = None, expect: int = 0) -> Result:
        result = self.space.run("build", "app.yaml", *flags, env=self.env | (env or {}))
        assert result.exit_code == expect, result.stdout + result.stderr
        return result

    def sends(self, *flags: str, env: dict[str, str] | None = None, expect: int = 0) -> int:
        """How many submissions a build makes; the plan must have said so, and a second build must do nothing."""
        env = self.env | (env or {})
        plan = self.space.run("plan", "app.yaml", "--json", *flags, env=env).json
        before = self.emulator.creates
        report = self.space.run("build", "app.yaml", "--json", *flags, env=env)
        assert report.exit_code == expect, report.stdout + report.stderr
        sent = self.emulator.creates - before
        assert sent == report.json["totals"]["requests"] == plan["totals"]["generate"]
        if expect == 0:
            self.idle(env)
        return sent

    def idle(self, env: dict[str, str] | None = None) -> None:
        """Everything is up to date, and building says so without sending or writing anything."""
        before, tree = self.emulator.creates, self.space.tree()
        assert self.space.run("check", "app.yaml", env=env or self.env).exit_code == 0
        report = self.space.run_ok("build", "app.yaml", "--json", env=env or self.env).json
        assert {asset["result"] for asset in report["manifests"][0]["assets"]} <= {"up-to-date"}
        assert (self.emulator.creates, self.space.tree()) == (before, tree)

    @property
    def pictures(self) -> dict[str, str]:
        return {path: digest for path, digest in self.space.tree().items() if path.startswith("output/")}

    @property
    def lock(self) -> Any:
        return json.loads(self.space.read("app.lock"))

    def asset(self, name: str, result: Result) -> Any:
        return next(asset for asset in result.json["manifests"][0]["assets"] if asset["name"] == name)


@pytest.fixture
def project(space: Space) -> Iterator[Project]:
    with running_emulator(faults=["download:*:size-256x256"]) as emulator:
        yield Project(space, emulator)


@pytest.fixture
def built(project: Project) -> Project:
    assert project.sends() == ASSETS
    return project


def test_a_first_build_makes_every_asset_and_the_second_nothing(project: Project) -> None:
    assert project.sends() == ASSETS
    assert set(project.pictures) == {
        "output/app/coin.png",
        "output/app/coin@2x.png",
        *(f"output/app/{name}-32.png" for name in ("gem", "star", "bolt", "crown", "heart")),
    }
    assert set(project.lock["assets"]) == {"coin", "gem", "star", "bolt", "crown", "heart"}


def test_comments_key_order_and_yaml_style_change_nothing(built: Project) -> None:
    before = built.pictures
    head, body = MANIFEST.split("assets:\n")
    entries = body.replace("  gem:", "\0  gem:").replace("  star:", "\0  star:").split("\0")
    built.write("# A comment\n" + head + "assets:\n" + entries[2] + entries[1] + entries[0])
    built.edit('sizes: {"@1x": 24, "@2x": 48}', "sizes:\n      '@1x': 24 # small\n      '@2x': 48")
    built.edit("prompt: A star", 'prompt: "A\\x20star"')
    assert built.sends() == 0
    assert built.pictures == before


def test_a_changed_description_changes_nothing(built: Project) -> None:
    lock = built.lock
    built.edit("Shown on the credits screen", "Shown in the shop")
    assert built.sends() == 0
    assert built.lock == lock


def test_a_colour_used_by_two_prompts_makes_two(built: Project) -> None:
    before = built.pictures
    built.edit("#EC4899", "#DB2777")
    plan = built.space.run("plan", "app.yaml", "--json", env=built.env)
    assert built.asset("coin", plan)["reasons"] == ["prompt changed: `#EC4899` -> `#DB2777`"]
    assert built.sends() == 2
    changed = {path for path, digest in built.pictures.items() if before[path] != digest}
    assert changed == {"output/app/coin.png", "output/app/coin@2x.png", "output/app/gem-32.png"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"@1x": 24, "@2x": 48}', '{"@1x": 24, "@2x": 48, "@3x": 72}'),
        ('{"@1x": 24, "@2x": 48}', '{"@1x": 24, "@2x": 64}'),
        ("    sizes: [32]\n  star:", "    sizes: [32]\n    formats: [webp, avif]\n  star:"),
        ("    sizes: [32]\n  star:", "    sizes: [32]\n    formats: [webp]\n    quality: {webp: 40}\n  star:"),
    ],
)
def test_sizes_formats_and_quality_cost_nothing(built: Project, old: str, new: str) -> None:
    built.edit(old, new)
    assert built.sends() == 0


def test_an_added_asset_makes_one(built: Project) -> None:
    before = built.pictures
    built.write(MANIFEST + "  moon: {prompt: A moon}\n")
    assert built.sends() == 1
    assert before.items() <= built.pictures.items()


def test_a_removed_asset_leaves_orphans_and_says_so(built: Project) -> None:
    built.write(MANIFEST.replace("  heart:\n    prompt: A heart\n    sizes: [32]\n", ""))
    said = built.build()
    assert "output/app/heart-32.png" in said.stdout + said.stderr
    assert built.lock["orphans"]["output/app/heart-32.png"]["asset"] == "heart"
    assert "heart" not in built.lock["assets"]
    built.idle()
    built.space.run_ok("clean", "app.yaml", env=built.env)
    assert "output/app/heart-32.png" not in built.pictures
    assert "orphans" not in built.lock
    built.write(MANIFEST)
    assert built.sends() == 0


def test_a_reverted_prompt_brings_the_earlier_picture_back(built: Project) -> None:
    before = built.pictures
    built.edit("A star", "A comet")
    assert built.sends() == 1
    assert built.pictures != before
    built.edit("A comet", "A star")
    assert built.sends() == 0
    assert built.pictures == before


def test_a_deleted_output_is_restored(built: Project) -> None:
    before = built.pictures
    (built.space.root / "output/app/coin@2x.png").unlink()
    assert built.space.run("check", "app.yaml", env=built.env).exit_code == 3
    assert built.sends() == 0
    assert built.pictures == before


def test_an_output_edited_by_hand_is_kept_until_overwrite(built: Project) -> None:
    before = built.pictures
    built.space.write("output/app/star-32.png", b"retouched")
    result = built.build("--json", expect=1)
    assert built.asset("star", result)["error"]["code"] == "edited"
    assert built.asset("coin", result)["result"] == "up-to-date"
    assert built.space.read("output/app/star-32.png") == "retouched"
    assert built.sends("--overwrite") == 0
    assert built.pictures == before


def test_an_edited_output_can_be_adopted(built: Project) -> None:
    from tests.support.pictures import png

    retouched = png(32, 32)
    built.space.write("output/app/star-32.png", retouched)
    built.space.run_ok("adopt", "app.yaml", "star", env=built.env)
    built.idle()
    assert (built.space.root / "output/app/star-32.png").read_bytes() == retouched


def test_a_changed_prompt_can_be_adopted_without_a_new_picture(built: Project) -> None:
    before = built.pictures
    built.edit("A star", "A bright star, reworded")
    built.space.run_ok("adopt", "app.yaml", "star", env=built.env)
    assert built.sends() == 0
    assert built.pictures == before


def test_without_the_store_everything_is_up_to_date(built: Project) -> None:
    shutil.rmtree(built.space.root / ".assetgen")
    built.idle()


@pytest.mark.parametrize("rerolled", [False, True])
def test_without_the_lock_the_store_knows(built: Project, rerolled: bool) -> None:
    if rerolled:
        assert built.sends("--regenerate", "coin") == 1
    before, lock = built.pictures, built.lock
    (built.space.root / "app.lock").unlink()
    assert built.sends() == 0
    assert (built.pictures, built.lock) == (before, lock)


def test_a_stranger_in_the_way_blocks_before_any_payment(project: Project) -> None:
    project.space.write("output/app/coin.png", b"mine")
    result = project.build("--json", expect=1)
    assert project.asset("coin", result)["error"]["code"] == "blocked"
    assert project.emulator.creates == ASSETS - 1
    assert project.space.read("output/app/coin.png") == "mine"


@pytest.mark.parametrize(
    ("flags", "env"), [(("--provider", "draft"), {}), (("--draft",), {}), ((), {"ASSETGEN_PROVIDER": "draft"})]
)
def test_switching_the_provider_alone_changes_nothing(
    built: Project, flags: tuple[str, ...], env: dict[str, str]
) -> None:
    before = built.pictures
    assert built.sends(*flags, env=env) == 0
    assert built.pictures == before


def test_a_size_added_without_the_store_collects_the_picture_by_its_task(built: Project) -> None:
    shutil.rmtree(built.space.root / ".assetgen")
    built.edit('"@2x": 48', '"@2x": 48, hero: 160')
    assert built.sends() == 0
    assert "output/app/coin-hero.png" in built.pictures


def test_a_size_added_when_the_picture_is_nowhere_is_blocked_with_its_remedies(built: Project) -> None:
    before = built.pictures
    shutil.rmtree(built.space.root / ".assetgen")
    built.edit('"@2x": 48', '"@2x": 48, hero: 160')
    with running_emulator() as elsewhere:
        result = built.build("--json", env={"KIE_AI_BASE_URL": elsewhere.base_url}, expect=1)
        assert elsewhere.creates == 0
    error = built.asset("coin", result)["error"]
    assert error["code"] == "blocked"
    assert "--regenerate coin" in error["message"]
    assert built.pictures == before


def test_a_re_roll_pays_once_and_keeps_the_others(built: Project) -> None:
    before = built.pictures
    assert built.sends("--regenerate", "coin") == 1
    changed = {path for path, digest in built.pictures.items() if before[path] != digest}
    assert changed == {"output/app/coin.png", "output/app/coin@2x.png"}


def test_a_renamed_asset_costs_nothing(built: Project) -> None:
    before = built.pictures
    built.edit("  star:\n", "  comet:\n    moved_from: star\n")
    assert built.sends() == 0
    assert built.pictures == {path.replace("star", "comet"): digest for path, digest in before.items()}
    assert "star" not in built.lock["assets"]
    assert not built.lock.get("orphans")


def test_outputs_published_by_hand_are_copied_back(built: Project) -> None:
    built.edit("defaults:\n", "publish: mobile\ndefaults:\n")
    shutil.copytree(built.space.root / "output/app", built.space.root / "mobile")
    before = built.pictures
    shutil.rmtree(built.space.root / "output")
    assert built.space.run("check", "app.yaml", env=built.env).exit_code == 0
    assert built.sends() == 0
    assert built.pictures == before


def test_the_key_is_nowhere(built: Project) -> None:
    result = built.build("-v")
    assert "secret-key" not in result.stdout + result.stderr
    for path in built.space.root.rglob("*"):
        assert not path.is_file() or b"secret-key" not in path.read_bytes(), path


def test_a_matrix_pays_for_each_member_once(project: Project) -> None:
    """A value more is one picture more; renaming the whole is none, nor is renaming a value whose prompt stays."""
    project.edit(
        "  heart:\n    prompt: A heart\n",
        "  heart:\n    matrix: {kind: [warm, cold]}\n    prompt: A {{ matrix.kind }} heart\n",
    )
    assert project.sends() == ASSETS + 1
    project.edit("[warm, cold]", "[warm, cold, broken]")
    assert project.sends() == 1
    project.edit("  heart:\n", "  love:\n    moved_from: heart\n")
    project.edit("{{ matrix.kind }}", "{% if matrix.kind == 'icy' %}cold{% else %}{{ matrix.kind }}{% endif %}")
    project.edit("cold, broken", "icy, broken")
    assert project.sends() == 0
    assert sorted(path for path in project.pictures if "love" in path or "heart" in path) == [
        "output/app/heart-cold-32.png",  # its value was renamed, and `moved_from` speaks of the whole
        *(f"output/app/love-{kind}-32.png" for kind in ("broken", "icy", "warm")),
    ]
    assert project.sends("--regenerate", "love") == 3
