"""No service is paid to look at a draft that is about to become a picture: then it would have to be paid once more."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen.plan.plan import Action, Options
from tests.support.counting import CountingProvider
from tests.support.house import House

REAL = Options(provider="fake")
DRAFTS = Options(draft=True)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A banner is to be made by a service, and shows a gem that nobody named a provider for."""
    made = House(tmp_path / "project", CountingProvider())
    made.makes("", gem="prompt: A gem", banner="prompt: A banner, provider: fake, references: ['asset:gem']")
    return made


async def test_nothing_is_ordered_with_a_draft_that_nobody_wants(house: House) -> None:
    for results in ({"gem": "built", "banner": "blocked"}, {"gem": "up-to-date", "banner": "blocked"}):
        built = await house.build()
        assert built.results == results
        assert built.said("banner") == (
            "`banner` shows `gem`, which is only a draft | make it real in the same run with `--provider fake`, or "
            "draft this one too with `--draft`"
        )
    assert house.ordered == []


async def test_both_are_made_in_one_run_and_paid_for_once(house: House) -> None:
    await house.build()
    assert (await house.build(REAL)).results == {"gem": "built", "banner": "built"}
    assert (await house.build()).results == {"gem": "up-to-date", "banner": "up-to-date"}
    assert house.ordered == ["gem", "banner"]


async def test_both_are_drafted_for_nothing(house: House) -> None:
    assert (await house.build(DRAFTS)).results == {"gem": "built", "banner": "built"}
    assert house.ordered == []


async def test_a_banner_that_is_there_stays_as_it_is(house: House) -> None:
    house.edit(", references: ['asset:gem']", "")
    await house.build()
    house.edit("provider: fake", "provider: fake, frozen: true, references: ['asset:gem']")
    assert house.planned()["banner"].action is Action.UP_TO_DATE


async def test_a_draft_that_the_manifest_asks_for_is_shown_and_said(house: House) -> None:
    house.edit("A gem", "A gem, provider: draft")
    assert house.planned()["banner"].notes == ("`gem`, which it shows, is a draft, as its `provider` wants",)
    assert (await house.build()).results == {"gem": "built", "banner": "built"}
    assert house.ordered == ["banner"]
