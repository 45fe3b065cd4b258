"""The command line from outside: options, help, errors and exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assetgen.cli.boundary import guarded
from assetgen.cli.commands import cli
from assetgen.commands import manual
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
from tests.commands.samples import MANIFEST
from tests.support.space import CHILD_PATH, Space


@pytest.fixture
def app(space: Space) -> Space:
    """A project with a manifest of two assets."""
    space.write(".git/HEAD", "")
    space.write("app.yaml", MANIFEST)
    return space


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
        (["init", "--template", "icon"], "there is no template `icon`\nhint: did you mean `icons`?"),
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


def test_who_names_no_manifest_is_told_of_the_only_one(space: Space) -> None:
    space.write("manifests/brand.yaml", "brand: {name: Acme}\n")
    space.write("manifests/app.yaml", "assets: {coin: {prompt: A coin.}}\n")
    expected = "error: MANIFEST is missing\nhint: did you mean `assetgen build manifests/app.yaml`?\n"
    assert space.run("build").stderr == expected
    assert "`assetgen plan manifests/app.yaml`" in space.run("plan", "--draft").stderr
    space.write("manifests/icons.yaml", "assets: [\n")
    assert "see `assetgen build --help`" in space.run("build").stderr
    assert not (space.root / ".assetgen").exists()


def test_a_broken_lock_is_named_as_it_can_be_opened_from_here(app: Space) -> None:
    app.write("app.lock", "{\n")
    assert app.run("plan", "app.yaml").stderr.startswith("app.lock:")


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
    app.write("app.yaml", f"{MANIFEST}lint: {{off: [no-hex-colour, no-exclusions]}}\n")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "assetgen", *arguments]
    environment = os.environ | {"PYTHONPATH": CHILD_PATH}
    child = subprocess.run(
        command, cwd=app.root, env=environment, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (child.returncode, child.stderr) == (code, "")


def test_a_folder_that_is_gone_has_words(tmp_path: Path) -> None:
    program = """
import os, sys
from assetgen import __main__
os.mkdir("gone"); os.chdir("gone"); os.rmdir(os.getcwd())
sys.argv = ["assetgen", "plan", "app.yaml"]
sys.exit(__main__.main())
"""
    child = python(program, tmp_path)
    assert (child.returncode, child.stderr) == (
        2,
        "error: the current folder does not exist any more\nhint: change to another one\n",
    )
