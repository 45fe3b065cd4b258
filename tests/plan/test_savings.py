"""What a build did not have to pay, since a picture was there: to the cent, and nothing for what stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.counting import CountingProvider
from tests.support.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, CountingProvider())


async def test_only_a_picture_that_would_have_been_ordered_saves_anything(house: House) -> None:
    house.makes(coin="prompt: A coin", gem="prompt: A gem", ruby="prompt: A gem")
    assert str((await house.build()).report.saved) == "0.09"  # one picture for gem and ruby
    assert not (await house.build()).report.saved
    house.edit("A coin", "A star")
    assert not (await house.build()).report.saved
    house.edit("A star", "A coin")
    assert str((await house.build()).report.saved) == "0.09"  # it comes back from the store
    house.edit("prompt: A coin", "prompt: A coin, sizes: [8]")
    assert not (await house.build()).report.saved
