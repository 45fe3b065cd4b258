"""Taking back what was published just now: the app is as it was, and nothing that changed since is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen import handover, upkeep
from assetgen.errors import UsageError
from assetgen.handover import PublishReport
from assetgen.plan.plan import Options
from assetgen.publish.copies import Consent
from tests.support.counting import CountingProvider
from tests.support.house import EVERYTHING, PAID, House

NEW = "pub/gem.png"
CHANGED = "pub/coin.png"


@pytest.fixture
async def app(tmp_path: Path) -> House:
    """A house that published one picture, has another take of that accepted, and a second asset."""
    house = House(tmp_path, CountingProvider())
    house.makes(f"publish: pub\n{PAID}", coin="prompt: A coin", gem="prompt: A gem")
    await house.build()
    await handover.decide_named(house.project(), ["coin"], "accepted")
    await publish(house)
    await house.build(Options(regenerate=("coin",)))
    await handover.decide_named(house.project(), ["*"], "accepted")
    return house


async def publish(house: House) -> PublishReport:
    return await handover.publish(house.project(), EVERYTHING, Consent())


async def test_the_app_and_the_lock_are_as_they_were(app: House) -> None:
    before, files = app.lock, app.files
    report = await publish(app)
    assert {CHANGED, NEW} <= {path for path, digest in app.files.items() if files.get(path) != digest}
    await upkeep.unpublish(app.project(), report.publications)
    assert (app.lock, app.files) == (before, files)
    again = await publish(app)
    assert [str(copy.place) for one in again.publications for copy in one.changes] == [CHANGED, NEW]


@pytest.mark.parametrize("place", [CHANGED, NEW])
async def test_a_file_that_was_edited_since_stays(app: House, place: str) -> None:
    report = await publish(app)
    (app.root / place).write_bytes(b"mine")
    with pytest.raises(Exception, match="changed"):
        await upkeep.unpublish(app.project(), report.publications)
    assert (app.root / place).read_bytes() == b"mine"


async def test_an_asset_that_was_decided_about_since_stays(app: House) -> None:
    report = await publish(app)
    await handover.decide_named(app.project(), ["coin"], "rejected")
    published = app.files
    with pytest.raises(UsageError, match="`coin` changed since, so that cannot be undone"):
        await upkeep.unpublish(app.project(), report.publications)
    assert app.files == published
