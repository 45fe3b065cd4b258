"""The streams: data on stdout, everything that people read meanwhile on stderr; with `--json` one document on stdout.

Knows what the terminal can do. A reader that went away (`| head`) is no error: we go on in silence, since a build must
not stop for it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

from assetgen.engine.events import Listener
from assetgen.errors import Problem, WriteError
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.problems import problem_text, problems_text
from assetgen.report.progress import LineProgress, Verbosity

UNBOUNDED = 10_000
"""Width in cells where no terminal shows the text: `grep` wants whole lines."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a stream can show: how many cells a line has, whether in colour, and whether it can be drawn over."""

    width: int = UNBOUNDED
    paint: Paint = PLAIN
    live: bool = False


NOWHERE = Screen()
"""A file or a pipe."""


def screen_of(stream: TextIO, environ: Mapping[str, str], *, color: bool = True) -> Screen:
    """The screen behind a stream. NO_COLOR and `color` turn colour off, CI and a dumb terminal also the drawing."""
    terminal = stream.isatty()
    dumb = environ.get("TERM") == "dumb" or (sys.platform == "win32" and "WT_SESSION" not in environ)
    return Screen(
        width=shutil.get_terminal_size().columns if terminal or "COLUMNS" in environ else UNBOUNDED,
        paint=Paint(on=terminal and color and not dumb and not environ.get("NO_COLOR")),
        live=terminal and not dumb and not environ.get("CI"),
    )


class Console:
    """Where words go. With `json`, stdout is kept for the one document and people's text goes to stderr."""

    def __init__(
        self,
        out: TextIO,
        err: TextIO,
        *,
        json: bool = False,
        verbosity: Verbosity = Verbosity.NORMAL,
        out_screen: Screen = NOWHERE,
        err_screen: Screen = NOWHERE,
    ) -> None:
        self.json = json
        self.verbosity = verbosity
        self.result_screen = err_screen if json else out_screen
        self.screen = err_screen
        self._out = out
        self._err = err

    @classmethod
    def on(
        cls, out: TextIO, err: TextIO, environ: Mapping[str, str], *, json: bool, verbosity: Verbosity, color: bool
    ) -> Console:
        """A console on two streams, as they and the environment allow."""
        screens = [screen_of(stream, environ, color=color) for stream in (out, err)]
        return cls(out, err, json=json, verbosity=verbosity, out_screen=screens[0], err_screen=screens[1])

    @property
    def verbose(self) -> bool:
        return self.verbosity is Verbosity.VERBOSE

    @property
    def quiet(self) -> bool:
        return self.verbosity is Verbosity.QUIET

    def result(self, text: str) -> None:
        """What the command was asked for, for people: on stdout unless that is kept for JSON."""
        self._write(self._err if self.json else self._out, f"{text}\n")

    def document(self, document: Mapping[str, Any]) -> None:
        """The one JSON document."""
        from assetgen.report.machine import dumped

        self._write(self._out, dumped(document))

    def data(self, text: str) -> None:
        """Text for other programs, as it is."""
        self._write(self._out, text)

    def say(self, text: str) -> None:
        """Something about the run, on stderr."""
        self._write(self._err, f"{text}\n")

    def warn(self, problem: Problem) -> None:
        """A problem that stops nothing."""
        if not self.quiet:
            self.say(problem_text(problem, self.screen.paint, "warning"))

    def warnings(self, warnings: Iterable[Problem]) -> None:
        """Several of them, with a blank line after each."""
        text = problems_text(warnings, self.screen.paint, "warning")
        if text and not self.quiet:
            self.say(f"{text}\n")

    def problems(self, problems: Iterable[Problem]) -> None:
        """What stops the command: text for people, and the document for programs."""
        problems = tuple(problems)
        self.say(problems_text(problems, self.screen.paint))
        if self.json:
            from assetgen.report.machine import errors_document

            self.document(errors_document(problems))

    @contextlib.contextmanager
    def progress(self) -> Iterator[Listener]:
        """A listener that shows a build going on: drawn on a terminal, line by line elsewhere."""
        if not self.screen.live or self.quiet:
            yield LineProgress(self.say, self.verbosity, self.screen.paint, time.monotonic)
            return
        from assetgen.report.live import LiveProgress

        with LiveProgress(self._err, self.verbosity, self.screen.paint, time.monotonic) as listener:
            yield listener

    def _write(self, stream: TextIO, text: str) -> None:
        try:
            stream.write(text)
            stream.flush()
        except OSError as error:
            if stream is self._out and not isinstance(error, BrokenPipeError):
                raise WriteError(f"the output cannot be written: {error.strerror}") from error
            forget(stream)


def forget(stream: TextIO) -> None:
    """Nobody reads this stream any more: whatever is still in it, or follows, goes nowhere."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
