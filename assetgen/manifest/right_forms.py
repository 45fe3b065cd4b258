"""What people write in a shorter way than there is, and how it is written: `quality: 80`, `sizes: 24`, `budget: $2`.

Hints for values that are wrong already; judges nothing. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from assetgen.manifest.fields import BOX_PATTERN


def _as_size(value: object) -> str | None:
    """`24px`, `24 x 24` and `24*24` as sizes; a single size as a list."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else f"write `sizes: [{value}]`"
    numbers = re.fullmatch(r"\s*(\d+)\s*(?:px)?(?:\s*[xX*×]\s*(\d+)\s*(?:px)?)?\s*", str(value))
    if numbers is None or str(value).isdigit() or re.fullmatch(BOX_PATTERN, str(value)):
        return None
    return f"write `{numbers[1]}x{numbers[2]}`" if numbers[2] else f"write `{numbers[1]}`, without a unit"


def _as_money(value: object) -> str | None:
    amount = re.fullmatch(r"\s*\$?\s*(\d+(?:\.\d+)?)\s*(?:\$|USD|usd)?\s*", str(value))
    return amount[1] if amount and not isinstance(value, bool) else None


def _as_budget(value: object) -> str | None:
    amount = _as_money(value)
    return f"write `budget: {{usd: {amount}}}`" if amount else None


def _as_usd(value: object) -> str | None:
    amount = _as_money(value) if isinstance(value, str) else None
    return f"write `usd: {amount}`, without quotes or a `$`" if amount else None


def _as_quality(value: object) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return f"write `quality: {{webp: {value}, avif: {value}, jpg: {value}}}`" if whole else None


def _as_format(value: object) -> str | None:
    return "write `jpg`" if str(value).lower() == "jpeg" else None


RIGHT_FORMS: Mapping[str, Callable[[object], str | None]] = {
    "sizes": _as_size,
    "budget": _as_budget,
    "usd": _as_usd,
    "quality": _as_quality,
    "formats": _as_format,
}
"""For keys that people write in a shorter way than there is: what they meant, as a hint."""
