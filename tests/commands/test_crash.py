"""A bug of ours: one line for people, a file with everything, no secrets anywhere."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import pytest

from assetgen import __version__
from assetgen.commands.crash import hidden, problem_of

SECRET = "sk-1234567890"


def bug(words: str = "what now") -> Exception:
    try:
        raise KeyError(words)
    except KeyError as error:
        return error


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose store exists, with a folder for temporary files of its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "project" / ".assetgen").mkdir(parents=True)
    return tmp_path / "project"


def report(folder: Path) -> str:
    [path] = folder.glob("*bug-*.txt")
    return path.read_text()


def test_the_report_says_all_that_is_needed(project: Path) -> None:
    below = project / "below"
    below.mkdir()
    with contextlib.chdir(below):
        problem = problem_of(bug(), ["build", "app.yaml"], {})
    text = report(project / ".assetgen")
    assert f"assetgen {__version__}, Python 3." in text
    assert "pydantic 2." in text
    assert "command: assetgen build app.yaml\n" in text
    assert "Traceback (most recent call last):" in text
    assert problem.message.startswith("this is a bug in assetgen: KeyError: 'what now'; please report it with ")
    assert "\n" not in problem.message


def test_without_a_store_it_is_a_temporary_file(project: Path, tmp_path: Path) -> None:
    (project / ".assetgen").rmdir()
    with contextlib.chdir(project):
        problem_of(bug(), [], {})
    assert list(project.iterdir()) == []
    assert "KeyError" in report(tmp_path / "temporary")


def test_secrets_stay_here(project: Path) -> None:
    (project / ".env.local").write_text("KIE_AI_API_KEY=sk-from-a-file\n")
    words = f"sent {SECRET} and sk-from-a-file"
    arguments = ["build", f"https://me:pass@host/x?token=abc&sig={SECRET}"]
    with contextlib.chdir(project):
        problem = problem_of(bug(words), arguments, {"KIE_AI_API_KEY": SECRET, "PATH": "KeyError"})
    text = report(project / ".assetgen") + problem.message
    for secret in (SECRET, "sk-from-a-file", "me:pass", "abc"):
        assert secret not in text
    assert "KeyError: 'sent [hidden] and [hidden]'" in text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Authorization: Bearer abc.def", "Authorization: Bearer [hidden]"),
        ("https://user:pw@host/a", "https://[hidden]@host/a"),
        ("https://host/a?key=1&b=2", "https://host/a?[hidden]&[hidden]"),
        ("nothing to see", "nothing to see"),
    ],
)
def test_what_looks_secret_is_hidden(text: str, safe: str) -> None:
    assert hidden(text, []) == safe


def test_a_secret_within_another_is_hidden_whole() -> None:
    assert hidden("abcdefgh", ["abcdef", "abcdefgh"]) == "[hidden]"


def test_a_report_that_cannot_be_written_is_no_second_bug(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".assetgen").rmdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with contextlib.chdir(project):
        problem = problem_of(bug(), [], {})
    assert problem.message.endswith("its report cannot be written: No such file or directory")
