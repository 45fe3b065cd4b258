"""Limits on spending: held to the cent, however many orders are on their way, and whatever the service charges."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.build import Limits
from assetgen.engine.purse import Limit, OverBudgetError, Purse, Reservation
from assetgen.errors import BudgetError
from assetgen.providers.base import (
    Accepted,
    AmbiguousError,
    Order,
    RefusedError,
    Succeeded,
    TaskFailedError,
    TaskId,
    TaskState,
)
from tests.support.counting import CountingProvider
from tests.support.fakes import FakeClock
from tests.support.house import House

PRICE = Decimal("0.09")
prices = st.decimals(0, 3, places=2)


@given(limit=prices, orders=st.lists(st.tuples(prices, st.sampled_from(["keep", "release", "settle"]))))
def test_what_is_reserved_never_exceeds_the_limit(limit: Decimal, orders: list[tuple[Decimal, str]]) -> None:
    known = Limit("--max-cost", limit)
    purse = Purse([known])
    for price, ending in orders:
        try:
            reserved = purse.reserve(price)
        except OverBudgetError:
            assert known.taken + price > limit
            continue
        assert known.taken <= limit
        if ending != "keep":
            reserved.settle(price / 2 if ending == "settle" else Decimal(0))


def test_an_order_draws_on_every_limit_and_a_refusal_on_none() -> None:
    run, manifest = Limit("--max-cost", Decimal(1)), Limit("the budget of app.yaml", Decimal("0.10"))
    Purse([run, manifest]).reserve(PRICE)
    with pytest.raises(OverBudgetError, match=r"\$0.09 of the budget of app.yaml of \$0.10 are spent or reserved"):
        Purse([run, manifest]).reserve(PRICE)
    assert (run.taken, manifest.taken) == (PRICE, PRICE)


def test_what_costs_nothing_passes_when_all_is_spent_and_more() -> None:
    limit = Limit("--max-cost", PRICE)
    purse = Purse([limit])
    purse.reserve(PRICE).settle(Decimal(2))
    purse.reserve(Decimal(0))
    with pytest.raises(OverBudgetError, match="an unknown amount"):
        purse.reserve(None)


def test_a_settled_reservation_is_what_it_was_settled_to() -> None:
    limit = Limit("--max-cost", Decimal(1))
    reserved = Reservation(Purse([limit]), Decimal(0))
    for charged in ("0.20", "0.50", "0"):
        reserved.settle(Decimal(charged))
        assert limit.taken == Decimal(charged)


# --- in a build -----------------------------------------------------------------------------------------------------


class Dear(CountingProvider):
    """Charges `charge`; `troubles` are what submissions or polls end with instead, by what was asked for."""

    def __init__(self, charge: str = "0.09") -> None:
        super().__init__()
        self.charge = Decimal(charge)
        self.troubles: dict[str, Exception] = {}

    async def submit(self, order: Order) -> Accepted:
        accepted = await super().submit(order)
        self._meet(f"submit {order.prompt}")
        return accepted

    async def poll(self, task: TaskId) -> TaskState:
        self._meet(f"poll {self.orders[int(task.removeprefix('task-')) - 1].prompt}")
        return Succeeded((task,), self.charge)

    def _meet(self, call: str) -> None:
        if call in self.troubles:
            raise self.troubles[call]


def house_with(root: Path, provider: Dear, *, budget: str = "") -> House:
    """Orders one picture in ten seconds: what one costs is known before the next is ordered."""
    house = House(root / "project", provider)
    top = "providers: {fake: {rate_limit: 1}}\n" + (f"budget: {{usd: {budget}}}\n" if budget else "")
    house.wants("coin", "gem", "star", top=top)
    return house


@pytest.mark.parametrize(("budget", "flag"), [("0.26", None), ("", Decimal("0.26"))])
async def test_a_plan_that_costs_more_sends_nothing(tmp_path: Path, budget: str, flag: Decimal | None) -> None:
    house = house_with(tmp_path, Dear(), budget=budget)
    with pytest.raises(BudgetError, match=r"this build would cost \$0.27"):
        await house.build(limits=Limits(max_cost=flag))
    assert house.ordered == []


@pytest.mark.parametrize(("budget", "flag"), [("0.27", None), ("", Decimal("0.27"))])
async def test_a_service_that_charges_more_than_the_table_is_stopped_in_time(
    tmp_path: Path, budget: str, flag: Decimal | None
) -> None:
    house = house_with(tmp_path, Dear(charge="0.12"), budget=budget)
    built = await house.build(limits=Limits(max_cost=flag), clock=FakeClock())
    assert built.results == {"coin": "built", "gem": "built", "star": "budget"}
    assert built.report.spent == Decimal("0.24")
    assert "not sent: $0.24 of" in built.said("star")
    assert house.ordered == ["coin", "gem"]


async def test_what_surely_cost_nothing_is_given_back(tmp_path: Path) -> None:
    provider = Dear(charge="0.12")
    provider.troubles = {"submit A coin": RefusedError("no"), "poll A gem": TaskFailedError("broken")}
    built = await house_with(tmp_path, provider, budget="0.27").build(clock=FakeClock())
    assert built.results == {"coin": "refused", "gem": "task_failed", "star": "built"}
    assert (built.report.spent, built.report.unsure) == (Decimal("0.12"), Decimal(0))


async def test_what_was_perhaps_charged_stays_reserved(tmp_path: Path) -> None:
    provider = Dear(charge="0.18")
    provider.troubles = {"submit A coin": AmbiguousError("no answer")}
    built = await house_with(tmp_path, provider, budget="0.27").build(clock=FakeClock())
    assert built.results == {"coin": "maybe_charged", "gem": "built", "star": "budget"}
    assert (built.report.spent, built.report.unsure) == (Decimal("0.18"), PRICE)
    assert built.report.requests == 2


async def test_what_an_earlier_run_ordered_costs_nothing_now(tmp_path: Path) -> None:
    provider = Dear()
    house = house_with(tmp_path, provider)
    provider.troubles = {f"poll A {name}": KeyError() for name in ("coin", "gem", "star")}
    assert (await house.build()).report.spent == 3 * PRICE
    provider.troubles.clear()
    built = await house.build(limits=Limits(max_cost=Decimal(0)))
    assert set(built.results.values()) == {"built"}
    assert built.report.spent == 0
