"""Over random days of work: the app never loses what people put there, and shows what the lock says."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assetgen import handover
from assetgen.digest import digest_of_file
from assetgen.errors import BlockedError
from assetgen.plan.plan import Options
from assetgen.publish.copies import Consent
from assetgen.publish.decisions import Standing, standing
from tests.support.counting import CountingProvider
from tests.support.house import EVERYTHING, PAID, House
from tests.support.pictures import png

NAMES = ("coin", "gem")
EDITED = png(8, 8, (9, 9, 9))

days = st.lists(
    st.sampled_from(
        [
            *("build", "accept", "reject", "publish", "publish all", "prune", "rollback", "edit", "restore", "lose"),
            *("prompt 0", "prompt 1", "prompt 2", "gem gone", "gem back", "two sizes", "one size", "move"),
        ]
    ),
    min_size=3,
    max_size=14,
)


class Team(House):
    """People at work on a project. `edited` are the files in the app that somebody changed by hand."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, CountingProvider())
        self.prompt, self.gem, self.sizes, self.place = 0, True, "[32]", "pub"
        self.edited: set[str] = set()
        self._write()

    def _write(self) -> None:
        coin = f"prompt: A coin {self.prompt}, sizes: {self.sizes}"
        assets = {"coin": coin} | ({"gem": "prompt: A gem, sizes: [32]"} if self.gem else {})
        self.makes(f"publish: {self.place}\n{PAID}", **assets)

    async def do(self, what: str) -> None:
        """One thing that somebody does, and what has to hold of it."""
        match what.split():
            case ["build"]:
                await self.build()
            case ["accept" | "reject"]:
                verdict = "accepted" if what == "accept" else "rejected"
                await handover.decide_named(self.project(), ["c*"], verdict)  # type: ignore[arg-type]
            case ["publish", *everything]:
                await self.publishes(Consent(undecided=bool(everything)))
            case ["prune"]:
                await self.publishes(Consent(), prune=True)
            case ["rollback"]:
                await self.rolls_back()
            case ["edit"]:
                self.edits()
            case ["restore"]:
                await self.publishes(Consent(undecided=True, overwrite=True))
            case ["lose"]:
                self.lose()
            case _:
                self.changes(what)

    def changes(self, what: str) -> None:
        match what.split():
            case ["prompt", number]:
                self.prompt = int(number)
            case ["gem", where]:
                self.gem = where == "back"
            case [number, "sizes" | "size"]:
                self.sizes = "[16, 32]" if number == "two" else "[32]"
            case ["move"]:
                self.place = "app" if self.place == "pub" else "pub"
        self._write()

    def edits(self) -> None:
        published = sorted(path for path in self.files if not path.startswith("output/"))
        if published:
            (self.root / published[0]).write_bytes(EDITED)
            self.edited.add(published[0])

    def lose(self) -> None:
        if (self.root / ".assetgen").exists():
            super().lose()

    async def publishes(self, consent: Consent, *, prune: bool = False) -> None:
        before = self.files
        report = await handover.publish(self.project(), EVERYTHING, consent, prune=prune)
        self._replaced_only(before, overwrite=consent.overwrite)
        for publication in report.publications:
            for copy in publication.copies:
                assert self.files[copy.place] == copy.sha256
            assert publication.copies == () or publication.standing is not Standing.REJECTED
        again = await handover.publish(self.project(), EVERYTHING, consent, prune=prune, dry_run=True)
        assert not [publication for publication in again.publications if publication.changes]

    async def rolls_back(self) -> None:
        before = self.files
        try:
            await handover.rollback(self.project(), "coin")
        except BlockedError:
            assert self.files == before
            return
        self._replaced_only(before, overwrite=False)
        files = handover.published(self.project(), Options(only=("coin",)))
        assert not [file for file in files if file.differs and file.place not in self.edited]

    def _replaced_only(self, before: Mapping[str, str], *, overwrite: bool) -> None:
        """What somebody edited stays as it is, whatever else happens, unless it is overwritten."""
        changed = {path for path, digest in before.items() if self.files.get(path) != digest}
        assert not any(path.startswith("output/") for path in changed)
        if overwrite:
            self.edited -= changed
        assert not changed & self.edited

    def agrees(self) -> None:
        """What the lock says of the app is so, but for what people edited; what was accepted is what is wanted."""
        lock = self.lock
        recorded = {path: digest for entry in lock.assets.values() for path, digest in entry.published.items()}
        recorded |= {path: orphan.sha256 for path, orphan in lock.orphans.items() if orphan.published}
        for path, digest in recorded.items():
            assert path in self.edited or digest_of_file(self.root / path) == digest, path
        places = {path for path in self.files if not path.startswith("output/")}
        assert places <= recorded.keys() | self.edited
        rejected = [name for name, entry in lock.assets.items() if standing(entry) is Standing.REJECTED]
        assert all(name == "coin" for name in rejected)


def worked(day: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        team = Team(Path(folder) / "project")
        for what in ("build", "accept", "publish", *day):
            asyncio.run(team.do(what))
            team.agrees()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(["edit", "publish", "restore"])
@example(["publish all", "gem gone", "edit", "prune", "build", "prune"])
@example(["prompt 1", "build", "accept", "publish", "rollback", "edit", "rollback", "restore"])
@given(days)
def test_the_app_shows_what_the_lock_says_and_keeps_what_people_edit(day: list[str]) -> None:
    worked(day)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days)
def test_on_many_days_too(day: list[str]) -> None:
    worked(day)
