"""The command line from outside: options, help, errors, exit codes, and whole runs of every command."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assetgen.cli import cli, guarded
from assetgen.commands import manual
from assetgen.emulator.run import Emulator, running_emulator
from assetgen.errors import (
    AssetgenError,
    BudgetError,
    LockError,
    ManifestError,
    PlanChangedError,
    Problem,
    StateError,
    UsageError,
)
from tests.support.space import CHILD_PATH, Result, Space

MANIFEST = """\
version: 1
brand:
  colors: {primary: "#EC4899"}
providers:
  kie: {poll_initial: 0.02, poll_max: 0.02}
assets:
  coin:
    prompt: A coin in {{ brand.colors.primary }}
    sizes: {"@1x": 24, "@2x": 48}
    tags: [icon]
  hero:
    prompt: A wide scene
    aspect_ratio: 16:9
    sizes: [64]
    formats: [webp]
"""


@pytest.fixture
def app(space: Space) -> Space:
    """A project with a manifest of two assets."""
    space.write(".git/HEAD", "")
    space.write("app.yaml", MANIFEST)
    return space


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with running_emulator() as running:
        yield running


def keys(emulator: Emulator) -> dict[str, str]:
    return {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": "emulator", "ASSETGEN_PROVIDER": "kie"}


# --- help and misuse -----------------------------------------------------------------------------------------------


def test_the_manual_page_lists_exactly_the_commands_there_are(space: Space) -> None:
    grouped = [name for names in manual.GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(cli.commands)
    page = space.run_ok("--help").stdout
    sections = re.findall(r"^(\S.*):$", page, re.MULTILINE)
    assert sections == ["Quick start", *manual.GROUPS, "Options", "Environment", "Exit codes", "Examples"]
    for name in grouped:
        assert re.search(rf"^  {name}\s+[A-Z]", page, re.MULTILINE), name
    assert max(map(len, page.splitlines())) <= 100


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_teaches_with_examples(space: Space, name: str) -> None:
    page = space.run_ok(name, "--help").stdout
    assert page == space.run_ok(name, "-h").stdout
    assert re.search(rf"^  Examples?:\n    assetgen {name}\b", page, re.MULTILINE)


def examples() -> Iterator[tuple[str, str]]:
    """Every command in the words of `--help`, with what follows it on its line."""
    texts = [*vars(manual).values(), *(command for command, _ in (*manual.QUICK_START, *manual.EXAMPLES))]
    for text in texts:
        if isinstance(text, str):
            yield from re.findall(rf"assetgen ({'|'.join(cli.commands)})\b(.*)", text)


@pytest.mark.parametrize(("name", "rest"), sorted(set(examples())))
def test_examples_name_only_what_exists(name: str, rest: str) -> None:
    known = {option for parameter in cli.commands[name].params for option in parameter.opts}
    assert set(re.findall(r"(?<!\S)--?[a-z-]+", rest)) <= known


def test_the_version(space: Space) -> None:
    assert re.fullmatch(r"assetgen \d+\.\d+\.\d+\n", space.run_ok("--version").stdout)


def test_without_a_command_there_is_help_and_an_exit_code(space: Space) -> None:
    result = space.run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Quick start" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["biuld"], "error: there is no command `biuld`\nhint: did you mean `build`? known: init, validate,"),
        (["frobnicate"], "error: there is no command `frobnicate`\nhint: known: init, validate,"),
        (["build"], "error: MANIFEST is missing\nhint: see `assetgen build --help`"),
        (["adopt", "app.yaml"], "error: NAME is missing\nhint: see `assetgen adopt --help`"),
        (["plan", "app.yaml", "--jsno"], "error: no such option '--jsno'\nhint: did you mean `--json`?"),
        (["--jsno"], "error: no such option '--jsno'\nhint: see `assetgen --help`"),
        (["build", "app.yaml", "-j", "0"], "error: invalid value for '-j' / '--jobs': 0 is not in the range"),
        (["build", "app.yaml", "-j", "two"], "error: invalid value for '-j' / '--jobs': 'two' is not a valid whole"),
        (["build", "app.yaml", "--max-cost", "lots"], "invalid value for '--max-cost': `lots` is no amount of US"),
        (["build", "app.yaml", "--max-cost", "-1"], "invalid value for '--max-cost': `-1` is no amount of US dollars"),
        (["build", "app.yaml", "--max-cost", "nan"], "`nan` is no amount of US dollars, such as 2.50"),
        (["build", "app.yaml", "-v", "-q"], "error: -v and -q contradict each other\nhint: leave one of them out"),
        (["plan", "app.yaml", "--draft", "--provider", "kie"], "error: --draft and --provider kie contradict each"),
        (
            ["plan", "app.yaml", "--provider", "kiee"],
            "--provider names an unknown provider: `kiee`\nhint: did you mean",
        ),
        (["plan", "app.yaml", "--only", "coni"], "error: --only coni matches no asset\nhint: did you mean `coin`?"),
        (["explain", "app.yaml", "coni"], "there is no asset `coni` in app.yaml\nhint: did you mean `coin`?"),
        (["schema", "locks"], "error: there is no schema of `locks`\nhint: there are: manifest, lock"),
        (["init", "--template", "web"], "the template `web` is not available yet\nhint: available: app"),
        (["init", "--template", "ap"], "error: there is no template `ap`\nhint: did you mean `app`?"),
        (["emulator", "--latency", "soon"], "error: `soon` is no latency\nhint: write seconds"),
        (["emulator", "--fault", "oops"], "error: the fault `oops` cannot be read: it has to be CALL:WHEN:WHAT"),
    ],
)
def test_misuse_is_explained(app: Space, arguments: list[str], words: str) -> None:
    before = app.tree(store=True)
    result = app.run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert app.tree(store=True) == before


def test_an_unknown_provider_in_the_environment_is_named(app: Space) -> None:
    result = app.run("plan", "app.yaml", env={"ASSETGEN_PROVIDER": "kiee"})
    assert result.exit_code == 2
    assert "error: ASSETGEN_PROVIDER names an unknown provider: `kiee`" in result.stderr


def test_misuse_is_explained_to_programs_too(app: Space) -> None:
    for arguments in (
        ["build", "--json"],
        ["plan", "--json", "missing.yaml"],
        ["plan", "app.yaml", "--json", "--onyl"],
    ):
        result = app.run(*arguments)
        assert result.exit_code == 2
        [error] = result.json["errors"]
        assert sorted(error) == ["code", "column", "file", "hint", "line", "message"]
        assert error["message"] in result.stderr


# --- the boundary --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (ManifestError((Problem("a", "x"), Problem("b", "y"))), 2),
        (LockError("x"), 2),
        (StateError("x"), 2),
        (BudgetError("x"), 4),
        (PlanChangedError("x"), 3),
        (AssetgenError("x"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_cause_has_its_exit_code(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> int:
        raise error

    assert guarded(command, []) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert guarded(command, ["--json"]) == code
    assert len(json.loads(capsys.readouterr().out)["errors"]) == (2 if isinstance(error, ManifestError) else 1)


def test_what_nobody_expected_comes_through() -> None:
    def command() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        guarded(command, [])


def python(program: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a program that uses assetgen, in a process of its own."""
    environment = os.environ | {"PYTHONPATH": CHILD_PATH} | environ
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False)


BUG = """
import sys
from assetgen import __main__, cli
from assetgen.commands import validate
def bug(*_): raise RuntimeError("what now, sk-secret-key")
validate.run = bug
sys.argv = ["assetgen", "validate", "app.yaml", *sys.argv[1:]]
sys.exit(__main__.main())
"""


def test_a_bug_is_one_line_and_a_file(app: Space) -> None:
    (app.root / ".assetgen").mkdir()
    child = python(BUG, app.root, KIE_AI_API_KEY="sk-secret-key")
    assert (child.returncode, child.stdout) == (70, "")
    [line] = child.stderr.splitlines()
    said = re.fullmatch(
        r"error: this is a bug in assetgen: RuntimeError: what now, \[hidden\]; please report it with (.*)", line
    )
    assert said, line
    report = Path(said[1]).read_text()
    assert Path(said[1]).parent == app.root / ".assetgen"
    assert "Traceback" in report
    assert "sk-secret-key" not in report


BUG_OF_AN_ASSET = """
import sys
from assetgen import __main__
from assetgen.providers import draft
async def submit(self, order):
    if "wide" in order.prompt: raise RuntimeError("what now, sk-secret-key")
    return await real(self, order)
real, draft.Draft.submit = draft.Draft.submit, submit
sys.argv = ["assetgen", "build", "app.yaml"]
sys.exit(__main__.main())
"""


def test_a_bug_that_one_asset_met_is_its_own(app: Space) -> None:
    child = python(BUG_OF_AN_ASSET, app.root, KIE_AI_API_KEY="sk-secret-key")
    assert child.returncode == 1, child.stderr
    assert "coin: built 2 files" in child.stderr
    said = re.search(r"`hero` met a bug in assetgen; please report it with (.*)", child.stderr)
    assert said, child.stderr
    report = Path(said[1]).read_text()
    assert "command: assetgen build app.yaml\n" in report
    assert "RuntimeError: what now, [hidden]" in report
    assert "Traceback" not in child.stderr
    assert "sk-secret-key" not in child.stderr + report


def test_a_bug_is_told_to_programs_too(app: Space, tmp_path: Path) -> None:
    child = python(BUG.replace("*sys.argv[1:]", '"--json"'), app.root, TMPDIR=str(tmp_path))
    assert child.returncode == 70
    assert json.loads(child.stdout)["errors"][0]["code"] == "bug"
    assert not (app.root / ".assetgen").exists()


@pytest.mark.parametrize(
    ("arguments", "code"), [(["plan", "app.yaml"], 0), (["check", "app.yaml"], 3), (["schema"], 0)]
)
def test_a_reader_that_went_away_changes_nothing(app: Space, arguments: list[str], code: int) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "assetgen", *arguments]
    environment = os.environ | {"PYTHONPATH": CHILD_PATH}
    child = subprocess.run(
        command, cwd=app.root, env=environment, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (child.returncode, child.stderr) == (code, "")


# --- whole runs ----------------------------------------------------------------------------------------------------


def test_init_validate_plan_build_check(space: Space) -> None:
    first = space.run_ok("init")
    assert (first.stdout, first.stderr) == ("wrote manifests/app.yaml\n", "next: assetgen build manifests/app.yaml\n")
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
    result = space.run_ok("init", "mobile")
    assert result.stderr == "next: cd mobile && assetgen build manifests/app.yaml\n"
    space.run_ok("build", "mobile/manifests/app.yaml")
    assert "output/app/coin.png" in space.tree()


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
    assert app.run_ok("validate", "app.yaml", "--json").json == {"errors": []}
    assert not (app.root / ".assetgen").exists()


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


# --- through the emulator ------------------------------------------------------------------------------------------


def test_a_build_with_the_service(app: Space, emulator: Emulator) -> None:
    plan = app.run_ok("plan", "app.yaml", env=keys(emulator)).stdout
    assert "  coin  generate  $0.09  new\n" in plan
    assert "2 assets: 2 generate; $0.18\n" in plan
    built = app.run_ok("build", "app.yaml", env=keys(emulator)).stderr
    assert "coin: generating" in built
    assert "coin: built 2 files ($0.09)\n" in built
    assert re.search(r"^2 built in .*; spent \$0\.18; files in output/app$", built, re.MULTILINE)
    assert app.run_ok("build", "app.yaml", env=keys(emulator)).stderr == (
        "everything is up to date: 2 assets in output/app\n"
    )
    assert emulator.creates == 2


def test_the_services_own_words_reach_people_and_programs(app: Space, emulator: Emulator) -> None:
    emulator.script("create:~coin:code-422?words=The prompt is rude")
    result = app.run("build", "app.yaml", "--json", env=keys(emulator))
    assert result.exit_code == 1
    coin, hero = result.json["manifests"][0]["assets"]
    assert (coin["result"], hero["result"]) == ("failed", "built")
    assert "The prompt is rude" in coin["error"]["message"]
    assert "The prompt is rude" in result.stderr
    assert "422" in result.stderr
    emulator.heal()
    assert app.run_ok("build", "app.yaml", env=keys(emulator)).stderr.count("built 2 files") == 1


@pytest.mark.parametrize("how", ["flag", "manifest"])
def test_a_budget_stops_before_anything_is_sent(app: Space, emulator: Emulator, how: str) -> None:
    if how == "manifest":
        app.write("app.yaml", MANIFEST + "budget: {usd: 0.10}\n")
    flags = ["--max-cost", "$0.10"] if how == "flag" else []
    result = app.run("build", "app.yaml", "--json", *flags, env=keys(emulator))
    assert (result.exit_code, emulator.creates) == (4, 0)
    assert result.json["errors"][0]["code"] == "budget"
    app.run_ok("build", "app.yaml", *flags, "--only", "coin", env=keys(emulator))


def test_an_address_from_a_checkout_is_not_sent_my_key(app: Space, emulator: Emulator) -> None:
    app.write(".env", f"KIE_AI_BASE_URL={emulator.base_url}\n")
    result = app.run("build", "app.yaml", "--provider", "kie", env={"KIE_AI_API_KEY": "my-own-key"})
    warning = ".env:1:1: warning: KIE_AI_BASE_URL comes from .env and KIE_AI_API_KEY from your own environment"
    assert warning in result.stderr
    assert not any("my-own-key" in str(request) for request in emulator.received)


def test_env_files_are_enough(app: Space, emulator: Emulator) -> None:
    app.write(".env", f"KIE_AI_BASE_URL={emulator.base_url}\nASSETGEN_PROVIDER=kie\n")
    app.write(".env.local", "KIE_AI_API_KEY=emulator\n")
    app.run_ok("build", "app.yaml")
    assert emulator.creates == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_interrupting_a_build(app: Space, number: signal.Signals, flags: list[str]) -> None:
    with running_emulator(latency="inf") as slow:
        child = app.spawn("build", "app.yaml", *flags, env=keys(slow))
        assert child.stderr is not None
        heard = [child.stderr.readline() for _ in range(2)]
        assert all("generating" in line for line in heard)
        child.send_signal(number)
        ended = app.finish(child)
        assert ended.exit_code == 130
        assert "stopping: what was ordered is recorded" in ended.stderr
        assert re.search(
            r"^interrupted after .*: 2 not finished; run the same command again", ended.stderr, re.MULTILINE
        )
        assert "Traceback" not in ended.stderr
        if flags:
            assert {row["error"]["code"] for row in ended.json["manifests"][0]["assets"]} == {"interrupted"}
        slow.finish_all()
        app.run_ok("build", "app.yaml", env=keys(slow))
        assert slow.creates == 2


def emulated(child: subprocess.Popen[str]) -> dict[str, str]:
    """The variables that an emulator printed."""
    assert child.stdout is not None
    return dict(child.stdout.readline().strip().split("=", 1) for _ in range(2))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_emulator_prints_what_to_set_and_ends_when_told(app: Space, number: signal.Signals) -> None:
    child = app.spawn("emulator", "--credits", "20", "--state", "tasks.json")
    variables = emulated(child)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", variables["KIE_AI_BASE_URL"])
    result: Result = app.run("build", "app.yaml", "--provider", "kie", env=variables)
    assert "built" in result.stderr
    child.send_signal(number)
    ended = app.finish(child)
    assert (ended.exit_code, ended.stderr) == (0, "listening; Ctrl-C ends it\nstopped\n")
    assert (app.root / "tasks.json").exists()


def test_a_taken_port_is_explained(app: Space, emulator: Emulator) -> None:
    port = emulator.base_url.rpartition(":")[2]
    result = app.run("emulator", "--port", port)
    assert result.exit_code == 2
    assert f"the emulator cannot listen on 127.0.0.1:{port}" in result.stderr


# --- what the docs show --------------------------------------------------------------------------------------------

DOCS = Path(__file__).parents[1] / "docs"


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
