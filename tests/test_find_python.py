"""`.ci/find-python`: which Python makes the environment, and what people read when none can."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.space import CHECKOUT


def python(folder: Path, name: str, version: str, *, venv: bool = True) -> str:
    """A stand-in that answers what the script asks of a Python."""
    major, minor = version.split(".")
    answers = f"""#!/bin/sh
    case "$2" in
        *print*) echo {version} ;;
        *"< (3, 11)"*) exit {int((int(major), int(minor)) < (3, 11))} ;;
        *ensurepip*) exit {int(not venv)} ;;
    esac
    """
    path = folder / name
    path.write_text(answers)
    path.chmod(0o755)
    return str(path)


def find(*candidates: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environ = os.environ | ({"PATH": path} if path else {})
    return subprocess.run(
        ["/bin/sh", str(CHECKOUT / ".ci" / "find-python"), *candidates],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_python_that_runs_this_will_do() -> None:
    assert find(sys.executable).stdout == f"{sys.executable}\n"


def test_the_first_that_is_new_enough_and_complete_is_taken(tmp_path: Path) -> None:
    old = python(tmp_path, "old", "3.10")
    bare = python(tmp_path, "bare", "3.13", venv=False)
    good = python(tmp_path, "good", "3.11")
    assert find("not-there", old, bare, good, python(tmp_path, "later", "3.12")).stdout == f"{good}\n"


def test_without_a_wish_the_newest_on_the_path_is_taken(tmp_path: Path) -> None:
    python(tmp_path, "python3", "3.11")
    newest = python(tmp_path, "python3.13", "3.13")
    assert find(path=str(tmp_path)).stdout == f"{newest}\n"


@pytest.mark.parametrize(
    ("version", "venv", "words"),
    [
        ("3.11", False, ["is Python 3.11, but comes without venv", "sudo apt-get install python3-venv"]),
        ("3.10", True, ["error: no Python 3.11 or newer", "(3.10)", "make PYTHON="]),
        ("2.7", False, ["error: no Python 3.11 or newer", "(2.7)"]),
    ],
)
def test_when_none_will_do_people_read_what_to_install(
    tmp_path: Path, version: str, venv: bool, words: list[str]
) -> None:
    found = find(python(tmp_path, "python3", version, venv=venv))
    assert (found.returncode, found.stdout) == (1, "")
    assert [word for word in words if word not in found.stderr] == []


def test_no_python_at_all(tmp_path: Path) -> None:
    found = find(path=str(tmp_path))
    assert found.returncode == 1
    assert "looked for: python3.13 python3.12 python3.11 python3\n" in found.stderr
