"""What a run may still spend: money is reserved before a request is sent, and given back when it surely cost nothing.

The plan was checked against the same limits before the run; this holds them also where the service charges more than
the price table says. Amounts are US dollars. Has no awaits: parallel submissions cannot both take the last cent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from assetgen.errors import AssetError
from assetgen.plan.cost import money

NOTHING = Decimal(0)


class OverBudgetError(AssetError):
    """Nothing was sent for this asset because the money left does not pay for it; it counts as skipped."""

    code = "budget"


@dataclass(slots=True)
class Limit:
    """One limit, named for people: what is reserved and spent of it so far."""

    name: str
    usd: Decimal
    taken: Decimal = NOTHING


class Purse:
    """What the orders of one manifest draw on: all of its limits at once. Without limits it is bottomless."""

    def __init__(self, limits: Iterable[Limit] = ()) -> None:
        self._limits = tuple(limits)

    def reserve(self, usd: Decimal | None) -> Reservation:
        """Set money aside for one order; an unknown price (None) reserves nothing. Raises OverBudgetError."""
        amount = usd or NOTHING
        for limit in self._limits:
            if usd != NOTHING and limit.taken + amount > limit.usd:
                raise _over(limit, usd)
        self._take(amount)
        return Reservation(self, amount)

    def _take(self, usd: Decimal) -> None:
        for limit in self._limits:
            limit.taken += usd


@dataclass(slots=True)
class Reservation:
    """Money set aside for one order. It stays taken until something better is known."""

    purse: Purse
    usd: Decimal

    def settle(self, charged: Decimal) -> None:
        """What the order really cost; nothing, when it surely was not charged."""
        self.purse._take(charged - self.usd)
        self.usd = charged


def _over(limit: Limit, usd: Decimal | None) -> OverBudgetError:
    cost = "an unknown amount" if usd is None else money(usd)
    return OverBudgetError(
        f"not sent: {money(limit.taken)} of {limit.name} of {money(limit.usd)} are spent or reserved, and this would "
        f"cost {cost}",
        hint="the service charged more than the price table says; raise the limit, then run the build again",
    )
