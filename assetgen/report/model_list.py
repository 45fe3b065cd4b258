"""The models on a terminal: all of them in a table, or one of them in full. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assetgen.catalog.models import DOCUMENTED, Model
from assetgen.report.model_facts import HEADINGS, facts, price_span, resolutions
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.words import folded, padded

_GAP = 2


def list_text(models: Sequence[Model], paint: Paint = PLAIN) -> str:
    """Every model with its price and its resolutions, by what it makes."""
    widest = max((len(model.id) for model in models), default=0)
    priciest = max((len(price_span(model)) for model in models), default=0)
    blocks = []
    for kind, heading in HEADINGS.items():
        rows = [_row(model, widest, priciest) for model in models if model.kind == kind]
        if rows:
            blocks.append("\n".join((paint.bold(heading), *rows)))
    dated = sorted({model.priced.date for model in models if model.priced})
    prices = f"prices as of {dated[0]} to {dated[-1]}" if dated else "no prices"
    last = f"As the service documents them on {DOCUMENTED}, {prices}; `assetgen models ID` says all about one."
    return "\n\n".join((*blocks, last))


def model_text(model: Model, width: int = 80, paint: Paint = PLAIN) -> str:
    """All about one model."""
    return "\n".join((f"{paint.bold(model.id)}: {HEADINGS[model.kind].lower()}", *_table(model, width)))


def _row(model: Model, widest: int, priciest: int) -> str:
    cells = (padded(model.id, widest), padded(price_span(model), priciest), resolutions(model))
    return f"  {(' ' * _GAP).join(cells)}".rstrip()


def _table(model: Model, width: int) -> Iterator[str]:
    rows = list(facts(model))
    widest = max(len(name) for name, _ in rows)
    indent = " " * (widest + 2 * _GAP)
    for name, words in rows:
        text = folded(words.replace("`", ""), max(width - len(indent), 20), indent)
        yield f"  {padded(name, widest)}  {text.lstrip()}"
