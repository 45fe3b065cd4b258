"""What is committed: nothing of anybody's machine, nothing that does not parse, nothing that lies about its version."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml

import assetgen
from tests.support.space import CHECKOUT

TOP_LEVEL = frozenset(
    {
        "assetgen",
        "manifests",
        "schemas",
        "tests",
        "docs",
        "benchmarks",
        ".ci",
        ".gitignore",
        "pyproject.toml",
        "Makefile",
    }
    | {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"}
)

REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "conda" + ".org")
"""Package registries: where packages come from is for each installation to say. Spelled so as not to find itself."""

MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(?:work|root|tmp|home|Users|private|opt)/")
"""The start of a path that exists on somebody's machine only."""

CONFLICT = re.compile(r"^<{7} .*^={7}$.*^>{7} ", re.MULTILINE | re.DOTALL)


@cache
def tracked() -> tuple[str, ...]:
    """The paths of all committed files that still stand."""
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    try:
        listing = subprocess.run(git, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("this is not a git checkout")
    return tuple(name for name in listing.split("\0") if (CHECKOUT / name).is_file())


@cache
def texts() -> dict[str, str]:
    """The committed files that are text."""
    contents = {name: (CHECKOUT / name).read_bytes() for name in tracked()}
    return {name: data.decode() for name, data in contents.items() if b"\0" not in data}


def test_nothing_else_lies_at_the_top() -> None:
    assert {name.partition("/")[0] for name in tracked()} <= TOP_LEVEL


def test_no_package_registry_is_named() -> None:
    assert [(name, host) for name, text in texts().items() for host in REGISTRIES if host in text] == []


def test_no_path_of_a_machine_is_named() -> None:
    found = [(name, line) for name, text in texts().items() for line in text.splitlines() if MACHINE_PATH.search(line)]
    assert found == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("cd /" + "root/x", True),
        ('Path("/' + 'tmp/x")', True),
        ("output/" + "tmp/x", False),
        ("https://host/" + "home/x", False),
    ],
)
def test_what_counts_as_a_path_of_a_machine(line: str, found: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is found


def test_no_conflict_is_committed() -> None:
    assert [name for name, text in texts().items() if CONFLICT.search(text)] == []


def test_text_ends_with_one_newline_and_has_no_carriage_returns() -> None:
    untidy = [name for name, text in texts().items() if text and (not text.endswith("\n") or text.endswith("\n\n"))]
    assert untidy == []
    assert [name for name in texts() if "\r" in texts()[name]] == []


def test_json_parses() -> None:
    for name, text in texts().items():
        if Path(name).suffix in {".json", ".lock"}:
            json.loads(text)


def test_yaml_parses() -> None:
    for name, text in texts().items():
        if Path(name).suffix in {".yaml", ".yml"}:
            assert yaml.safe_load(text) is not None, name


def test_the_requirements_name_no_place_and_pin_everything() -> None:
    for name in (".ci/requirements.txt", ".ci/requirements-dev.txt"):
        text = (CHECKOUT / name).read_text()
        for requirement in text.replace(" \\\n", " ").splitlines():
            assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; [\w. '=!<>]+)?( +--hash=sha256:[0-9a-f]{64})+", requirement), (
                name
            )


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    runtime, development = project["dependencies"], project["optional-dependencies"]["dev"]
    assert _names(runtime) <= _pinned("requirements.txt")
    assert _names([*runtime, *development]) <= _pinned("requirements-dev.txt")


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}


def _pinned(name: str) -> set[str]:
    return {line.split("==")[0] for line in (CHECKOUT / ".ci" / name).read_text().splitlines() if "==" in line}


def test_the_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
    assert assetgen.__version__ == version
    assert re.search(rf"^## \[?{re.escape(version)}\b", (CHECKOUT / "CHANGELOG.md").read_text(), re.MULTILINE)


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make here")
def test_the_makefile_explains_itself() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets
    help_text = subprocess.run(["make", "-s"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"make ([a-z-]+) +\S", help_text) == targets[1].split()
