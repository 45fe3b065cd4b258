"""The answer for an unchanged project: given only while everything holds that it was made from."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assetgen import snapshot
from assetgen.project import leave_answer, load
from tests.support.space import CHILD_PATH, Space

LATER = 3_000_000_000
SAID = "everything is up to date: 1 asset in output/app\n"


@dataclass
class Project:
    """A folder with a manifest, its lock and one output, and the snapshot of it."""

    root: Path

    def __post_init__(self) -> None:
        for name in ("app.yaml", "app.lock", "output/coin.png", ".assetgen/state.sqlite"):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(name)

    def take(self, since_ns: int | None = None, environ: dict[str, str] | None = None) -> bytes | None:
        taken = snapshot.take(
            environ or {},
            inputs=[str(self.root / name) for name in ("app.yaml", "app.lock", ".env", ".assetgen/state.sqlite-wal")],
            outputs=[str(self.root / "output/coin.png")],
            state=str(self.root / ".assetgen/state.sqlite"),
            said=SAID,
            since_ns=time.time_ns() + LATER if since_ns is None else since_ns,
        )
        if taken is not None:
            path = Path(snapshot.snapshot_path(["app.yaml"], str(self.root)))
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(taken)
        return taken

    def answer(self, *arguments: str, environ: dict[str, str] | None = None) -> str | None:
        return snapshot.answer(arguments or ("build", "app.yaml"), environ or {}, str(self.root))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path / "project")
    assert made.take() is not None
    return made


@pytest.mark.parametrize("command", ["build", "check"])
def test_an_unchanged_project_is_answered_for(project: Project, command: str) -> None:
    assert project.answer(command, "app.yaml") == SAID


@pytest.mark.parametrize(
    "arguments",
    [("plan", "app.yaml"), ("build",), ("build", "app.yaml", "--json"), ("build", "./app.yaml"), ("build", "b.yaml")],
)
def test_any_other_question_takes_the_ordinary_way(project: Project, arguments: tuple[str, ...]) -> None:
    assert project.answer(*arguments) is None


def edited(name: str) -> Callable[[Project], object]:
    return lambda project: (project.root / name).write_text("something else")


def touched_back(project: Project) -> None:
    """Other bytes of the same length under the old modification time: only the change time tells."""
    path = project.root / "output/coin.png"
    before = path.stat()
    path.write_text("output/gem.png_"[: before.st_size].ljust(before.st_size))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def relinked(project: Project) -> None:
    """The very files, under another folder that the path now leads to."""
    (project.root / "output").rename(project.root / "elsewhere")
    (project.root / "output").symlink_to("elsewhere")


CHANGES: dict[str, Callable[[Project], object]] = {
    "the manifest": edited("app.yaml"),
    "the lock": edited("app.lock"),
    "the lock is gone": lambda project: (project.root / "app.lock").unlink(),
    "an output": edited("output/coin.png"),
    "an output, with its old time put back": touched_back,
    "an output is gone": lambda project: (project.root / "output/coin.png").unlink(),
    "an env file appears": edited(".env"),
    "the output folder is elsewhere": relinked,
    "the state": edited(".assetgen/state.sqlite"),
    "somebody writes the state": edited(".assetgen/state.sqlite-wal"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_ends_it(project: Project, change: Callable[[Project], object]) -> None:
    change(project)
    assert project.answer() is None


def test_a_touched_manifest_does_not(project: Project) -> None:
    os.utime(project.root / "app.yaml")
    assert project.answer() == SAID


@pytest.mark.parametrize("variable", snapshot.VARIABLES)
def test_the_environment_that_counts_ends_it(project: Project, variable: str) -> None:
    assert project.answer(environ={"HOME": "elsewhere"}) == SAID
    assert project.answer(environ={variable: "kie"}) is None


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:20], lambda data: b"x" + data[1:]])
def test_a_damaged_snapshot_is_no_answer(project: Project, damage: Callable[[bytes], bytes]) -> None:
    path = Path(snapshot.snapshot_path(["app.yaml"], str(project.root)))
    path.write_bytes(damage(path.read_bytes()))
    assert project.answer() is None


def test_what_changed_just_now_is_not_trusted(project: Project) -> None:
    assert project.take(since_ns=time.time_ns()) is None


def test_it_imports_nothing_of_the_command_line(project: Project) -> None:
    code = (
        "import sys; from assetgen.__main__ import main; sys.argv = ['assetgen', 'build', 'app.yaml']; code = main();"
        "print(code, sorted({'click', 'pydantic', 'yaml', 'sqlite3', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": CHILD_PATH},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("0 []\n", SAID)


def built_and_answered_for(space: Space, **files: str) -> None:
    """A real project with `app.yaml` and these files, everything up to date; commands on it are answered for."""
    space.write(".git/HEAD", "")
    for name, text in files.items():
        space.write(f"{name}.yaml", text)
    space.run_ok("build", "app.yaml")
    made = load([space.root / "app.yaml"], environ={}, cwd=space.root)
    leave_answer(made, ["app.yaml"], {}, SAID, time.time_ns() + LATER)
    assert answered_for(space)


def answered_for(space: Space) -> bool:
    return snapshot.answer(["check", "app.yaml"], {}, str(space.root)) == SAID


def test_a_real_project_is_answered_for_until_it_changes(space: Space) -> None:
    built_and_answered_for(space, app="assets:\n  coin: {prompt: A coin, sizes: [16]}\n")
    (space.root / "output/app/coin-16.png").unlink()
    assert not answered_for(space)


def test_an_extended_file_counts_as_the_manifest(space: Space) -> None:
    built_and_answered_for(
        space,
        app="extends: mid.yaml\nassets: {coin: {prompt: 'In {{ brand.colors.primary }}', sizes: [16]}}\n",
        mid="extends: brand.yaml\n",
        brand="brand: {colors: {primary: '#EC4899'}}\n",
    )
    space.write("brand.yaml", "brand: {colors: {primary: '#000000'}}\n")
    assert not answered_for(space)
    assert space.run("check", "app.yaml").exit_code == 3


def test_a_file_that_a_template_includes_counts_as_the_manifest(space: Space) -> None:
    space.write("prompts/style.txt", "calm")
    app = "templates: prompts\nassets: {coin: {prompt: \"A coin, {% include 'style.txt' %}\", sizes: [16]}}\n"
    built_and_answered_for(space, app=app)
    space.write("prompts/style.txt", "loud")
    assert not answered_for(space)
    assert space.run("check", "app.yaml").exit_code == 3
