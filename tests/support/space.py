"""A project of its own for a test: write files, run commands, look at what stands there afterwards.

Knows the command line and nothing below it.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from click.testing import CliRunner

from assetgen.digest import digest_of

CHECKOUT = Path(__file__).resolve().parents[2]
CHILD_PATH = os.pathsep.join([str(CHECKOUT / "tests" / "support" / "child"), str(CHECKOUT)])


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended and what it said."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.stdout)


class Space:
    """A temporary project at `root`; commands run with it as the current folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._children: list[subprocess.Popen[str]] = []
        root.mkdir(parents=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for child in self._children:
            if child.poll() is None:
                child.kill()
            child.communicate()

    def write(self, path: str, content: str | bytes) -> Path:
        """Put a file at `path`, with the folders it needs. Text is written as UTF-8, line ends as they are."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def tree(self, *, store: bool = False) -> dict[str, str]:
        """Every file and its SHA-256; the store's own files (`.assetgen/`) only when asked for."""
        files = {path.relative_to(self.root).as_posix(): path for path in self.root.rglob("*") if path.is_file()}
        return {
            name: digest_of(path.read_bytes())
            for name, path in sorted(files.items())
            if store or not name.startswith(".assetgen/")
        }

    def run(self, *arguments: str, env: Mapping[str, str | None] | None = None) -> Result:
        """Run a command in this process. An `env` value of None removes the variable; a bug of ours surfaces."""
        from assetgen.cli.commands import cli

        with contextlib.chdir(self.root):
            result = CliRunner(catch_exceptions=False).invoke(cli, arguments, env=env, prog_name="assetgen")
        return Result(result.exit_code, result.stdout, result.stderr)

    def run_ok(self, *arguments: str, env: Mapping[str, str | None] | None = None) -> Result:
        """Run a command that has to succeed."""
        result = self.run(*arguments, env=env)
        assert result.exit_code == 0, f"assetgen {' '.join(arguments)} exited {result.exit_code}\n{result.stderr}"
        return result

    def spawn(self, *arguments: str, env: Mapping[str, str | None] | None = None) -> subprocess.Popen[str]:
        """Start a command as a process of its own, with nothing to read; for signals, and for two at once."""
        variables = {**os.environ, "PYTHONPATH": CHILD_PATH, **(env or {})}
        child = subprocess.Popen(
            [sys.executable, "-m", "assetgen", *arguments],
            cwd=self.root,
            env={name: value for name, value in variables.items() if value is not None},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._children.append(child)
        return child

    def finish(self, child: subprocess.Popen[str], timeout: float = 60) -> Result:
        """Wait at most `timeout` seconds for a spawned command. Its exit code is minus the signal that killed it."""
        stdout, stderr = child.communicate(timeout=timeout)
        return Result(child.returncode, stdout, stderr)
