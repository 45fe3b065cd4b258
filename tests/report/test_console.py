"""Which words go to which stream, and what a screen can show."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from assetgen.errors import Problem, WriteError
from assetgen.report.console import UNBOUNDED, Console, Screen, forget, screen_of
from assetgen.report.live import LiveProgress
from assetgen.report.paint import Paint
from assetgen.report.progress import LineProgress, Verbosity


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Streams:
    """A console on two streams in memory."""

    def __init__(self, *, json: bool = False, verbosity: Verbosity = Verbosity.NORMAL) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()
        self.console = Console(self.out, self.err, json=json, verbosity=verbosity)

    @property
    def said(self) -> tuple[str, str]:
        return self.out.getvalue(), self.err.getvalue()


def test_results_are_data_and_messages_are_not() -> None:
    streams = Streams()
    streams.console.result("a table")
    streams.console.say("a message")
    assert streams.said == ("a table\n", "a message\n")


def test_with_json_stdout_holds_one_document() -> None:
    streams = Streams(json=True)
    streams.console.result("a table")
    streams.console.document({"totals": {}})
    assert streams.said == ('{\n  "totals": {}\n}\n', "a table\n")


def test_problems_are_told_to_people_and_to_programs() -> None:
    streams = Streams(json=True)
    streams.console.problems([Problem("usage", "MANIFEST is missing")])
    assert '"message": "MANIFEST is missing"' in streams.out.getvalue()
    assert streams.err.getvalue() == "error: MANIFEST is missing\n"
    plain = Streams()
    plain.console.problems([Problem("usage", "MANIFEST is missing")])
    assert plain.said == ("", "error: MANIFEST is missing\n")


def test_a_warning_is_not_for_the_quiet() -> None:
    loud, quiet = Streams(), Streams(verbosity=Verbosity.QUIET)
    for streams in (loud, quiet):
        streams.console.warn(Problem("x", "odd"))
    assert (loud.said[1], quiet.said[1]) == ("warning: odd\n", "")


@pytest.mark.parametrize(
    ("environ", "color", "screen"),
    [
        ({"TERM": "xterm", "COLUMNS": "70"}, True, Screen(70, Paint(on=True), live=True)),
        ({"TERM": "xterm", "COLUMNS": "70"}, False, Screen(70, Paint(), live=True)),
        ({"TERM": "xterm", "COLUMNS": "70", "NO_COLOR": "1"}, True, Screen(70, Paint(), live=True)),
        ({"TERM": "xterm", "COLUMNS": "70", "NO_COLOR": ""}, True, Screen(70, Paint(on=True), live=True)),
        ({"TERM": "xterm", "COLUMNS": "70", "CI": "true"}, True, Screen(70, Paint(on=True), live=False)),
        ({"TERM": "dumb", "COLUMNS": "70"}, True, Screen(70, Paint(), live=False)),
    ],
)
def test_what_a_terminal_can_show(
    environ: dict[str, str], color: bool, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", environ["COLUMNS"])
    assert screen_of(Terminal(), environ, color=color) == screen


def test_a_pipe_gets_whole_lines_without_colour() -> None:
    assert screen_of(io.StringIO(), {"TERM": "xterm"}) == Screen(UNBOUNDED, Paint(), live=False)


def test_progress_is_drawn_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    drawing = Console(io.StringIO(), io.StringIO(), err_screen=Screen(live=True))
    with drawing.progress() as listener:
        assert isinstance(listener, LiveProgress)
    with Streams().console.progress() as listener:
        assert isinstance(listener, LineProgress)
    quiet = Console(io.StringIO(), io.StringIO(), err_screen=Screen(live=True), verbosity=Verbosity.QUIET)
    with quiet.progress() as listener:
        assert isinstance(listener, LineProgress)


def test_a_reader_that_went_away_stops_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        console = Console(pipe, pipe)
        for _ in range(3):
            console.result("a table")
            console.say("a message")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_data_that_cannot_be_written_is_an_error() -> None:
    with Path("/dev/full").open("w") as full:
        console = Console(full, io.StringIO())
        with pytest.raises(WriteError, match="the output cannot be written: No space left"):
            console.result("a table")
        forget(full)
