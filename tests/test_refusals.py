"""What a safety system refuses: sent once more by the next build, which says so, and then only when somebody asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen.engine.events import Silence
from assetgen.plan.plan import Action, Options
from assetgen.providers.base import Accepted, ModeratedError, Order, TaskId, TaskState
from tests.support.counting import CountingProvider
from tests.support.house import House


class Prudish(CountingProvider):
    """Takes orders and refuses their pictures, or while `at_once` the orders themselves, as long as it is `easily`
    shocked."""

    def __init__(self, *, at_once: bool) -> None:
        super().__init__()
        self.at_once = at_once
        self.easily = True

    async def submit(self, order: Order) -> Accepted:
        accepted = await super().submit(order)
        if self.at_once:
            self._look()
        return accepted

    async def poll(self, task: TaskId) -> TaskState:
        self._look()
        return await super().poll(task)

    def _look(self) -> None:
        if self.easily:
            raise ModeratedError("It was flagged.", hint="Reword the prompt.")


class Ears(Silence):
    """Remembers what is said of the run."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def said(self, message: str) -> None:
        self.heard.append(message)


@pytest.fixture(params=[True, False], ids=["the order", "the picture"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    house = House(tmp_path / "project", Prudish(at_once=request.param))
    house.makes(coin="prompt: A coin")
    return house


async def test_once_more_and_then_no_more(house: House) -> None:
    assert (await house.build()).said("coin") == "It was flagged. | Reword the prompt."
    again = house.planned()["coin"]
    assert (again.action, again.reasons) == (
        Action.GENERATE,
        ("new", "refused before, and sent once more as it is: It was flagged."),
    )
    built = await house.build(listener=(ears := Ears()))
    assert ears.heard == ["`coin`: this very request was refused before, and is sent once more as it is"]
    assert "It was refused before, too; only --regenerate coin sends the same again." in built.said("coin")
    for _ in range(2):
        built = await house.build()
        assert (built.results, built.report.requests) == ({"coin": "moderated"}, 0)
    assert "refused 2 times: It was flagged. | reword its prompt" in built.said("coin")
    assert house.ordered == ["coin"] * 2


async def test_another_prompt_is_another_matter(house: House) -> None:
    for _ in range(2):
        await house.build()
    house.edit("A coin", "A gem")
    assert house.planned()["coin"].reasons == ("new",)
    house.edit("A gem", "A coin")
    assert house.planned()["coin"].blocked


async def test_the_same_is_sent_for_who_asks_for_it(house: House) -> None:
    for _ in range(2):
        await house.build()
    assert isinstance(house.provider, Prudish)
    house.provider.easily = False
    assert (await house.build(Options(regenerate=("coin",)))).results == {"coin": "built"}
    assert (await house.build()).results == {"coin": "up-to-date"}


async def test_who_has_a_picture_may_keep_it_for_the_refused_prompt(house: House) -> None:
    assert isinstance(house.provider, Prudish)
    house.provider.easily = False
    await house.build()
    house.provider.easily = True
    house.edit("A coin", "A rude coin")
    for _ in range(3):
        built = await house.build()
    assert "or keep the picture that there is with `assetgen adopt MANIFEST coin`" in built.said("coin")
    await house.adopt("coin")
    assert (await house.build()).results == {"coin": "up-to-date"}


async def test_a_picture_that_there_is_stays_when_its_re_roll_is_refused(house: House) -> None:
    assert isinstance(house.provider, Prudish)
    house.provider.easily = False
    await house.build()
    house.provider.easily = True
    assert (await house.build(Options(regenerate=("coin",)))).results == {"coin": "moderated"}
    assert (await house.build()).results == {"coin": "up-to-date"}
