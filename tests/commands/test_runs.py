"""Whole runs of every command, with drafts: what is said, what is written, how it ends."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.commands.samples import MANIFEST
from tests.support.space import CHECKOUT, Space


def test_init_validate_plan_build_check(space: Space) -> None:
    first = space.run_ok("init")
    assert first.stdout == "wrote manifests/app.yaml\n"
    assert first.stderr == (
        "next: assetgen build manifests/app.yaml\n"
        "note: a key goes into .env.local, which must not be committed: write `.env.local` into .gitignore\n"
    )
    assert space.run_ok("validate", "manifests/app.yaml").stdout == "manifests/app.yaml: ok, 3 assets\n"
    assert space.run("check", "manifests/app.yaml").exit_code == 3
    assert "3 assets: 3 generate; $0.00\n" in space.run_ok("plan", "manifests/app.yaml").stdout
    built = space.run_ok("build", "manifests/app.yaml")
    assert built.stdout == ""
    assert "coin: built 8 files\n" in built.stderr
    assert re.search(r"^3 built in .*; all of them free drafts; files in output/app$", built.stderr, re.MULTILINE)
    tree = space.tree()
    assert "output/app/coin@2x.png" in tree
    up_to_date = "everything is up to date: 3 assets in output/app\n"
    assert space.run_ok("build", "manifests/app.yaml").stderr == up_to_date
    assert space.run_ok("check", "manifests/app.yaml").stdout == up_to_date
    assert space.tree() == tree


def test_init_never_overwrites(space: Space) -> None:
    space.write("manifests/app.yaml", "mine\n")
    result = space.run("init")
    assert result.exit_code == 2
    assert result.stderr.startswith("manifests/app.yaml: error: manifests/app.yaml exists already and is kept\n")
    assert space.read("manifests/app.yaml") == "mine\n"


def test_init_elsewhere(space: Space) -> None:
    space.write("mobile/.gitignore", "node_modules\n.env*\n")
    result = space.run_ok("init", "mobile")
    assert result.stderr == "next: cd mobile && assetgen build manifests/app.yaml\n"
    space.run_ok("build", "mobile/manifests/app.yaml")
    assert "output/app/coin.png" in space.tree()


@pytest.mark.parametrize(
    ("within", "folder", "output"),
    [
        ("", "mobile", "mobile/output/app"),
        ("apps", "web", "apps/web/output/app"),
        ("my apps", ".", "my apps/output/app"),
    ],
)
def test_two_apps_of_one_repository_have_folders_of_their_own(
    tmp_path: Path, within: str, folder: str, output: str
) -> None:
    repo = Space(tmp_path / "repo")
    repo.write(".git/HEAD", "")
    here = Space(repo.root / within) if within else repo
    said = here.run_ok("init", folder).stderr
    path = "manifests/app.yaml" if folder == "." else f"{folder}/manifests/app.yaml"
    assert said.startswith(f"next: assetgen build {path}\n")
    assert ("../.env.local" in said) == bool(within)
    built = here.run_ok("build", path)
    assert (repo.root / output / "coin.png").exists()
    seen = os.path.relpath(repo.root / output, here.root)
    assert f"files in {seen}\n" in built.stderr
    again = here.run_ok("build", path).stderr
    assert again == f"everything is up to date: 3 assets in {seen}\n"
    assert again == here.run_ok("plan", path).stdout == here.run_ok("check", path).stdout


def test_init_where_nothing_can_be_written(space: Space) -> None:
    space.write("manifests", "a file\n")
    result = space.run("init")
    assert result.exit_code == 1
    assert "manifests/app.yaml cannot be written" in result.stderr


def test_a_plan_in_json_is_what_a_build_then_does(app: Space) -> None:
    plan = app.run_ok("plan", "app.yaml", "--json")
    assert "coin  generate  free  new" in plan.stderr
    built = app.run_ok("build", "app.yaml", "--json").json
    assert plan.json["totals"].items() <= built["totals"].items()
    assert [row["result"] for row in built["manifests"][0]["assets"]] == ["built", "built"]
    assert built["totals"]["built"] == built["totals"]["requests"] == 2
    again = app.run_ok("build", "app.yaml", "--json").json
    assert [row["result"] for row in again["manifests"][0]["assets"]] == ["up-to-date", "up-to-date"]
    assert (again["totals"]["up_to_date"], again["totals"]["requests"]) == (2, 0)


def test_a_dry_run_is_a_plan(app: Space) -> None:
    assert app.run_ok("build", "app.yaml", "--dry-run").stdout == app.run_ok("plan", "app.yaml").stdout
    assert (
        app.run_ok("build", "app.yaml", "--dry-run", "--json").stdout == app.run_ok("plan", "app.yaml", "--json").stdout
    )
    assert not (app.root / ".assetgen").exists()


def test_choosing_assets(app: Space) -> None:
    assert "coin: built 2 files" in app.run_ok("build", "app.yaml", "--only", "c*").stderr
    assert "1 asset: 1 generate" in app.run_ok("plan", "app.yaml", "--only", "hero").stdout
    assert "everything is up to date: 1 asset" in app.run_ok("plan", "app.yaml", "--tag", "icon").stdout


def test_quiet_and_verbose(app: Space) -> None:
    verbose = app.run_ok("build", "app.yaml", "-v").stderr
    assert "  coin  generate  free  new\n" in verbose
    assert "  wrote output/app/coin@2x.png\n" in verbose
    app.write("app.yaml", MANIFEST.replace("A wide", "Another wide"))
    quiet = app.run_ok("build", "app.yaml", "-q")
    assert re.fullmatch(r"1 built, 1 up to date in .*\n", quiet.stderr)
    assert app.run_ok("check", "app.yaml", "--quiet").stdout.count("\n") == 1
    assert "hero  up to date" in app.run_ok("plan", "app.yaml", "-v").stdout


def test_all_problems_at_once_with_places(app: Space) -> None:
    app.write("app.yaml", MANIFEST.replace("prompt: A wide", "promt: A wide").replace("[webp]", "[wep]"))
    result = app.run("validate", "app.yaml", "--json")
    assert result.exit_code == 2
    places = [(error["file"], error["line"], error["column"]) for error in result.json["errors"]]
    assert places == sorted(places)
    assert {("app.yaml", 12, 5), ("app.yaml", 15, 15)} <= set(places)
    assert "app.yaml:12:5: error: " in result.stderr
    assert "  12 |     promt: A wide scene\n     |     ^\nhint: did you mean `prompt`?\n" in result.stderr


def test_validate_says_what_is_fine(app: Space) -> None:
    app.write("brand.yaml", "brand: {name: Acme}\n")
    assert app.run_ok("validate", "app.yaml", "brand.yaml").stdout == (
        "app.yaml: ok, 2 assets\nbrand.yaml: ok, no assets, a library for others\n"
    )
    found = app.run_ok("validate", "app.yaml", "--json").json
    assert (found["errors"], [warning["code"] for warning in found["warnings"]]) == (
        [],
        ["no-exclusions", "no-hex-colour"],
    )
    assert not (app.root / ".assetgen").exists()


def test_warnings_are_told_by_validate_and_counted_where_something_can_still_be_done(app: Space) -> None:
    """By a build only when it makes something: an unchanged project has one line."""
    warned = "app.yaml:12:13: warning: the prompt of asset `hero` names no colour by its hex value [no-hex-colour]"
    count = "2 warnings; `assetgen validate app.yaml` shows them\n"
    for command, shown in (("validate", 0), ("plan", 1), ("check", 0), ("build", 1), ("build", 0), ("plan", 1)):
        told = app.run(command, "app.yaml").stderr
        assert (told.count(count), warned in told) == (shown, command == "validate"), command
    assert warned in app.run_ok("plan", "-v", "app.yaml").stderr
    for arguments in (["validate", "-q"], ["plan", "-q"], ["build", "-q", "--overwrite"]):
        assert "warning" not in app.run_ok(*arguments, "app.yaml").stderr
    app.write("app.yaml", f"{MANIFEST}lint: {{off: [no-hex-colour]}}\n")
    assert "no-hex-colour" not in app.run_ok("validate", "app.yaml").stderr


def test_a_hand_edited_output_is_kept_and_can_be_adopted(app: Space) -> None:
    app.run_ok("build", "app.yaml")
    mine = app.root.joinpath("output/app/coin@2x.png").read_bytes()
    app.write("output/app/coin.png", mine)
    result = app.run("build", "app.yaml", "--json")
    assert result.exit_code == 1
    [row, _] = result.json["manifests"][0]["assets"]
    assert (row["result"], row["error"]["code"]) == ("failed", "edited")
    assert "hint: keep it with `assetgen adopt app.yaml coin`" in result.stderr
    assert "coin: adopted output/app/coin.png" in app.run_ok("adopt", "app.yaml", "coin").stdout
    assert app.run_ok("build", "app.yaml").stderr == "everything is up to date: 2 assets in output/app\n"
    assert app.root.joinpath("output/app/coin.png").read_bytes() == mine


def test_what_no_asset_makes_any_more_is_told_and_cleaned(app: Space) -> None:
    app.run_ok("build", "app.yaml")
    app.write("app.yaml", MANIFEST.partition("  hero:")[0])
    assert "`hero` is no longer in the manifest" in app.run("check", "app.yaml").stdout
    assert "`hero` is no longer in the manifest" in app.run_ok("build", "app.yaml").stderr
    assert "1 file belongs to no asset any more" in app.run_ok("plan", "app.yaml").stdout
    assert app.run_ok("clean", "app.yaml", "--dry-run").stdout == "output/app/hero-64.webp: would be removed\n"
    cleaned = app.run_ok("clean", "app.yaml")
    assert (cleaned.stdout, cleaned.stderr) == ("output/app/hero-64.webp: removed\n", "1 file removed\n")
    assert "output/app/hero-64.webp" not in app.tree()
    assert app.run_ok("clean", "app.yaml").stderr == "nothing to clean: every file belongs to an asset\n"


def test_explain(app: Space) -> None:
    app.run_ok("build", "app.yaml")
    text = app.run_ok("explain", "app.yaml", "coin").stdout
    assert text.startswith("coin (app.yaml:7:3): up to date, $0.00\n\nprompt\n  A coin in #EC4899\n\nrequest\n")
    for row in (r"provider +draft", r"model +nano-banana-pro \(default\)", r"generate +[0-9a-f]{64}"):
        assert re.search(rf"^  {row}$", text, re.MULTILINE), row
    app.write("app.yaml", MANIFEST.replace("#EC4899", "#DB2777"))
    assert "why\n  prompt changed: `#EC4899` -> `#DB2777`\n" in app.run_ok("explain", "app.yaml", "coin").stdout


@pytest.mark.parametrize("kind", [[], ["manifest"], ["lock"]])
def test_schemas(space: Space, kind: list[str]) -> None:
    schema = space.run_ok("schema", *kind).json
    assert schema["type"] == "object"
    assert "assets" in schema["properties"]


# --- what the docs show --------------------------------------------------------------------------------------------

DOCS = CHECKOUT / "docs"


def test_the_guide_shows_what_happens(space: Space) -> None:
    guide = (DOCS / "guide" / "getting-started.md").read_text()
    space.run_ok("init")
    built = space.run_ok("build", "manifests/app.yaml").stderr.splitlines()
    assert sorted(built[:3]) == ["coin: built 8 files", "empty-state: built 1 file", "hero: built 6 files"]
    assert all(f"\n{line}\n" in guide for line in built[:3])
    assert re.sub(r"in [^;]*;", "in 0.6 s;", built[3], count=1) in guide
    assert space.run_ok("build", "manifests/app.yaml").stderr in guide
    space.write("manifests/app.yaml", space.read("manifests/app.yaml").replace("hero: 160", "hero: 160, large: 320"))
    assert space.run_ok("plan", "manifests/app.yaml").stdout in guide


def test_the_reference_shows_problems_as_they_are(space: Space) -> None:
    reference = (DOCS / "reference" / "commands.md").read_text()
    space.run_ok("init")
    space.write("manifests/app.yaml", space.read("manifests/app.yaml").replace("provider: draft", "provider: kiee"))
    result = space.run("validate", "manifests/app.yaml", "--json")
    assert result.stderr in reference
    assert result.stdout in reference


@pytest.mark.parametrize("template", ["icons", "web", "video"])
def test_every_template_builds_without_a_warning(space: Space, template: str) -> None:
    path = f"manifests/{template}.yaml"
    assert space.run_ok("init", "--template", template).stdout == f"wrote {path}\n"
    assert "warning" not in space.run_ok("plan", path).stderr
    built = space.run_ok("build", path, "--json").json
    assert built["totals"]["built"] == built["totals"]["assets"]
    assert space.run_ok("check", path).exit_code == 0


def test_all_templates_live_in_one_project(space: Space) -> None:
    paths = [f"manifests/{template}.yaml" for template in ("app", "icons", "web", "video")]
    for template in ("app", "icons", "web", "video"):
        space.run_ok("init", "--template", template)
    assert space.run_ok("plan", *paths).stderr == ""
