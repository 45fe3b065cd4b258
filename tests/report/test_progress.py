"""Progress, line by line and as a picture."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from assetgen.engine.events import Listener, Outcome, Result, Stage
from assetgen.manifest.recipe import AssetId
from assetgen.report.live import LiveProgress
from assetgen.report.paint import PLAIN
from assetgen.report.progress import LineProgress, Verbosity
from tests.report.samples import asset_id, built, failed
from tests.support.fakes import FakeClock

COIN, GEM = asset_id("coin"), asset_id("gem")


def play(listener: Listener) -> None:
    """A build of two assets, one of which fails."""
    listener.began((COIN, GEM))
    for asset in (COIN, GEM):
        listener.moved(asset, Stage.WAITING)
        listener.moved(asset, Stage.SUBMITTING)
        listener.moved(asset, Stage.RUNNING, "queued")
        listener.moved(asset, Stage.RUNNING, "drawing")
    listener.said("the service asks us to slow down")
    listener.moved(COIN, Stage.DOWNLOADING)
    listener.moved(COIN, Stage.EXPORTING)
    listener.moved(COIN, Stage.WRITING)
    listener.ended(built("coin", "output/coin.png", "output/coin@2x.png"))
    listener.ended(failed("gem", "provider", "no"))


def lines(verbosity: Verbosity) -> list[str]:
    said: list[str] = []
    play(LineProgress(said.append, verbosity))
    return said


def test_plain_lines() -> None:
    assert lines(Verbosity.NORMAL) == [
        "coin: generating (queued)",
        "gem: generating (queued)",
        "the service asks us to slow down",
        "coin: built 2 files ($0.09)",
        "gem: failed: no",
    ]


def test_quiet() -> None:
    assert lines(Verbosity.QUIET) == []


def test_verbose() -> None:
    assert [line for line in lines(Verbosity.VERBOSE) if not line.startswith("gem")] == [
        "coin: generating (queued)",
        "the service asks us to slow down",
        "coin: downloading",
        "coin: exporting",
        "coin: writing",
        "coin: built 2 files ($0.09)",
        "  wrote output/coin.png",
        "  wrote output/coin@2x.png",
    ]


@pytest.mark.parametrize("verbosity", [Verbosity.NORMAL, Verbosity.VERBOSE])
def test_what_holds_assets_up_is_told_once_and_one_speaks_for_all(verbosity: Verbosity) -> None:
    said: list[str] = []
    progress = LineProgress(said.append, verbosity)
    for seconds in (2, 5):
        for asset in (COIN, GEM, asset_id("star")):
            progress.moved(asset, Stage.SUBMITTING)
            progress.moved(asset, Stage.WAITING, f"again in {seconds} s: KIE could not be reached.")
    progress.moved(COIN, Stage.SUBMITTING)
    progress.moved(COIN, Stage.RUNNING)
    progress.moved(GEM, Stage.WAITING, "again in 12 s: KIE could not be reached.")
    progress.moved(GEM, Stage.WAITING, "again in 2 s: too many requests")
    assert said == [
        "coin: waiting (again in 2 s: KIE could not be reached.)",
        "coin and 2 more: still waiting (again in 5 s)",
        "coin: generating",
        "gem and 1 more: still waiting (again in 12 s)",
        "gem: waiting (again in 2 s: too many requests)",
    ]


def test_looks_that_fail_are_told_once() -> None:
    said: list[str] = []
    progress = LineProgress(said.append, Verbosity.NORMAL)
    for _ in range(3):
        for asset in (COIN, GEM):
            progress.moved(asset, Stage.RUNNING, "no answer: KIE: the connection was reset")
    progress.moved(COIN, Stage.RUNNING, "generating")
    progress.moved(COIN, Stage.RUNNING, "no answer: KIE: the connection was lost")
    assert said == [
        "coin: generating (no answer: KIE: the connection was reset)",
        "coin: generating (no answer: KIE: the connection was lost)",
    ]


def test_each_further_try_of_a_download_is_said() -> None:
    said: list[str] = []
    progress = LineProgress(said.append, Verbosity.NORMAL)
    progress.moved(COIN, Stage.DOWNLOADING)
    for attempt in (2, 3):
        progress.moved(COIN, Stage.DOWNLOADING, f"again in {attempt} s, attempt {attempt} of 6: it broke off")
    assert said == [
        "coin: downloading (again in 2 s, attempt 2 of 6: it broke off)",
        "coin: still waiting (again in 3 s, attempt 3 of 6)",
    ]


def test_a_long_silence_is_broken_once_a_minute() -> None:
    said: list[str] = []
    clock = FakeClock(0)
    progress = LineProgress(said.append, Verbosity.NORMAL, clock=clock.time)
    for _ in range(26):
        progress.moved(COIN, Stage.RUNNING, "queued")
        progress.moved(GEM, Stage.DOWNLOADING)
        clock.advance(5)
    assert said == [
        "coin: generating (queued)",
        "still at work after 1 min 00 s: 1 generating (coin), 1 downloading (gem)",
        "still at work after 2 min 00 s: 1 generating (coin), 1 downloading (gem)",
    ]


def test_what_was_up_to_date_from_the_start_is_no_progress(terminal: io.StringIO) -> None:
    progress = LiveProgress(terminal, Verbosity.NORMAL, PLAIN, FakeClock().time)
    progress.began((COIN,))
    progress.ended(Outcome(GEM, Result.UP_TO_DATE))
    assert "0 of 1" in drawn(progress)


def test_a_state_called_as_its_stage_is_said_once() -> None:
    said: list[str] = []
    LineProgress(said.append, Verbosity.NORMAL).moved(COIN, Stage.RUNNING, "generating")
    assert said == ["coin: generating"]


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (built("coin", spent="0"), "coin: built 1 file"),
        (built("coin", spent=None), "coin: built 1 file (price unknown)"),
        (failed("coin", "credits", "no", result=Result.SKIPPED), "coin: skipped"),
        (failed("coin", "x", "KIE refused it (422). Reword it."), "coin: failed: KIE refused it (422)"),
        (failed("coin", "x", "version 1.5 is not known; nothing was sent"), "coin: failed: version 1.5 is not known"),
        (failed("coin", "x", "word " * 40), "coin: failed: " + "word " * 15 + "…"),
    ],
)
def test_endings(outcome: Outcome, line: str) -> None:
    said: list[str] = []
    LineProgress(said.append, Verbosity.NORMAL).ended(outcome)
    assert said == [line]


def test_only_who_wants_every_detail_hears_what_was_up_to_date() -> None:
    said: list[str] = []
    for verbosity in Verbosity:
        LineProgress(said.append, verbosity).ended(Outcome(COIN, Result.UP_TO_DATE))
    assert said == ["coin: up to date"]


def drawn(progress: LiveProgress) -> str:
    """The picture as it stands, as text."""
    console = Console(file=io.StringIO(), width=80, height=24, color_system=None)
    with console.capture() as capture:
        console.print(progress.picture())
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a drawing is drawn on: a stream that says it is a capable terminal."""
    monkeypatch.setenv("TERM", "xterm-256color")
    return io.StringIO()


def test_the_picture_shows_what_runs_and_how_far_it_is(terminal: io.StringIO) -> None:
    clock = FakeClock(0)
    progress = LiveProgress(terminal, Verbosity.NORMAL, PLAIN, clock.time)
    progress.began(tuple(asset_id(f"a{n}") for n in range(12)))
    for n in range(11):
        progress.moved(asset_id(f"a{n}"), Stage.RUNNING, "queued")
    progress.moved(asset_id("a11"), Stage.WAITING)
    clock.advance(65)
    progress.ended(built("a0", spent="0.09"))
    progress.ended(failed("a1", "provider", "no"))
    rows = drawn(progress).splitlines()
    assert len(rows) == 8 + 1 + 1
    assert rows[0].split(maxsplit=1)[1] == "a2  generating, queued  1 min 05 s"
    assert rows[8] == "  and 1 more"
    assert rows[9].endswith("2 of 12  1 failed  1 min 05 s  $0.09")


def test_a_state_called_as_its_stage_is_drawn_once(terminal: io.StringIO) -> None:
    progress = LiveProgress(terminal, Verbosity.NORMAL, PLAIN, FakeClock().time)
    progress.began((COIN,))
    progress.moved(COIN, Stage.RUNNING, "generating")
    assert drawn(progress).splitlines()[0].split(maxsplit=1)[1] == "coin  generating  0.0 s"


def test_what_holds_an_asset_up_is_in_the_picture(terminal: io.StringIO) -> None:
    """On one line however much there is to say, and its seconds run down."""
    clock = FakeClock()
    progress = LiveProgress(terminal, Verbosity.NORMAL, PLAIN, clock.time)
    progress.began((COIN, GEM))
    progress.moved(GEM, Stage.WAITING)
    progress.moved(COIN, Stage.DOWNLOADING, "again in 8 s, attempt 2 of 6: no connection")
    for seconds, left in ((0, 8), (3, 5), (30, 0)):
        clock.advance(seconds)
        [row, _] = drawn(progress).splitlines()
        words = row.split(maxsplit=1)[1]
        assert words.startswith(f"coin  downloading, again in {left} s (2/6): no connection  ")
    progress.moved(COIN, Stage.RUNNING, "no answer: " + "words " * 40)
    assert len(drawn(progress).splitlines()) == 2


def test_nothing_is_drawn_before_there_is_work(terminal: io.StringIO) -> None:
    assert drawn(LiveProgress(terminal, Verbosity.NORMAL, PLAIN, FakeClock().time)).strip() == ""


def test_what_is_done_stays_when_the_picture_goes(terminal: io.StringIO) -> None:
    with LiveProgress(terminal, Verbosity.NORMAL, PLAIN, FakeClock().time) as progress:
        play(progress)
    text = terminal.getvalue()
    assert "coin: built 2 files ($0.09)" in text
    assert "gem: failed: no" in text
    assert "the service asks us to slow down" in text
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1  # the cursor is back


def test_names_and_words_are_not_markup(terminal: io.StringIO) -> None:
    with LiveProgress(terminal, Verbosity.VERBOSE, PLAIN, FakeClock().time) as progress:
        progress.began((COIN,))
        progress.moved(COIN, Stage.RUNNING, "[red]state[/red]")
        progress.said("[bold]a long path/" + "x" * 200)
        assert "[red]state[/red]" in drawn(progress)
    assert "[bold]a long path/" + "x" * 200 in terminal.getvalue()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"wrote": ("a.png",), "dropped": ("b.png", "c.png")}, "built 1 file; 2 files no longer made"),
        ({"dropped": ("b.png",)}, "recorded; 1 file no longer made"),
        ({}, "recorded, its files stay as they are"),
        ({"requests": 1, "spent": Decimal("0.09")}, "generated ($0.09), its files stay as they are"),
        ({"wrote": ("a.png", "b.png"), "replaced": ("a.png",)}, "built 2 files; replaced your adopted a.png"),
    ],
)
def test_what_a_build_did_besides_or_instead_of_writing_files(fields: dict[str, Any], words: str) -> None:
    said: list[str] = []
    LineProgress(said.append, Verbosity.NORMAL).ended(Outcome(COIN, Result.BUILT, **fields))
    assert said == [f"coin: {words}"]


def test_assets_of_one_name_are_told_apart_by_their_manifests() -> None:
    said: list[str] = []
    progress = LineProgress(said.append, Verbosity.NORMAL)
    site = AssetId("site.yaml", COIN.name)
    progress.began((COIN, site, GEM))
    for asset in (COIN, site, GEM):
        progress.moved(asset, Stage.RUNNING)
    progress.ended(Outcome(site, Result.BUILT, wrote=("a.png",)))
    assert said == [
        "coin (app.yaml): generating",
        "coin (site.yaml): generating",
        "gem: generating",
        "coin (site.yaml): built 1 file",
    ]
