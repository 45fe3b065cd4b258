"""Where prices come from. One line for each price list that was read; a model names the one that holds for it."""

from __future__ import annotations

from decimal import Decimal

from assetgen.catalog.models.model import Price, Source, Unit
from assetgen.digest import Json

AUGUST = Source("2026-08-11", "price pages of kie.ai, read from 2026-07-22 to 2026-08-11")
JUNE = Source("2026-06-09", "public price list of kie.ai of 2026-06-09")
HEARSAY = Source("2026-06-09", "agreeing third parties; the public price list of 2026-06-09 does not have it")


def usd(amount: str, per: Unit = "picture", **when: Json) -> Price:
    """A price in US dollars, where the fields on the wire have the values of `when`."""
    return Price(Decimal(amount), when, per)
