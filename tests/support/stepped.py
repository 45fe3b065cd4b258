"""A process that does one step at a time, and can be killed between any two of them. No sleeps: it waits to be told."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.space import CHECKOUT

_PRELUDE = """
import signal
import sys

signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background jobs are started without

def step(said=""):
    print(said, flush=True)
    if not sys.stdin.readline():
        sys.exit("nobody drives this process any more")
"""


class Stepped:
    """Runs `code`, which calls `step("what happened")` to report and to wait until it may go on.

    `arguments` are its `sys.argv[1:]`.
    """

    def __init__(self, code: str, *arguments: str | Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PRELUDE + textwrap.dedent(code), *map(str, arguments)],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        return self._process.pid

    def reached(self) -> str:
        """Wait for the next `step`; returns what it said."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the process ended early with {self._process.wait()}"
        return line.rstrip("\n")

    def go_on(self) -> None:
        """Let it run to its next `step`."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self._process.kill()
        self._process.communicate()

    def finish(self) -> int:
        """Let it run to its end; returns its exit code."""
        self._process.communicate("\n", timeout=30)
        return self._process.returncode
