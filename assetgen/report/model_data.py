"""The models as a JSON document, for programs: everything that the table has. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from assetgen.catalog.models import DOCUMENTED, Field, Model, Parameter, Pictures
from assetgen.report.model_facts import HEADINGS


def models_document(models: Iterable[Model]) -> dict[str, Any]:
    """The whole table, or a part of it, in the order of listings."""
    order = list(HEADINGS)
    listed = sorted(models, key=lambda model: order.index(model.kind))
    return {"documented": DOCUMENTED, "models": [_model(model) for model in listed]}


def _model(model: Model) -> dict[str, Any]:
    return {
        "id": model.id,
        "provider": model.provider,
        "kind": model.kind,
        "prompt": {"least": model.prompt_least, "most": model.prompt_limit} if model.needs_prompt else None,
        "parameters": [_parameter(parameter) for parameter in model.parameters],
        "input": [_field(further, model) for further in model.others],
        "pictures": _pictures(model.pictures),
        "first_frame": _pictures(model.first_frame),
        "output_formats": list(model.output_formats),
        "impossible": [{name: list(values) for name, values in refused.items()} for refused in model.impossible],
        "sizes": [
            {"aspect_ratio": ratio, "resolution": resolution, "width": width, "height": height}
            for (ratio, resolution), (width, height) in model.sizes.items()
        ],
        "factors": list(model.factors),
        "longest_edge": model.longest_edge,
        "prices": _prices(model),
        "priced": {"date": model.priced.date, "source": model.priced.text} if model.priced else None,
        "writes": {"legibly": model.writes.holds, "source": model.writes.source} if model.writes else None,
        "edited_by": model.edited_by,
        "patience": model.patience,
        "remark": model.remark or None,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "wire": parameter.wire,
        "values": [{"manifest": value, "wire": parameter.on_wire(value)} for value in parameter.values],
        "least": parameter.least,
        "most": parameter.most,
        "default": parameter.default,
        "required": parameter.required,
    }


def _field(further: Field, model: Model) -> dict[str, Any]:
    return {
        "name": further.name,
        "kind": further.kind,
        "values": list(further.values),
        "least": further.least,
        "most": further.most,
        "default": further.default,
        "sent": model.fixed.get(further.name),
        "required": further.required,
    }


def _pictures(pictures: Pictures | None) -> dict[str, Any] | None:
    if pictures is None:
        return None
    return {
        "wire": pictures.wire,
        "most": pictures.most,
        "required": pictures.required,
        "formats": list(pictures.formats),
        "max_bytes": pictures.max_bytes,
        "max_edge": pictures.max_edge,
        "min_edge": pictures.min_edge,
        "max_pixels": pictures.max_pixels,
    }


def _prices(model: Model) -> list[dict[str, Any]]:
    """Prices by the values on the wire that they hold for; `null` is a field that is not sent."""
    tiers = [_price(tier.usd, "picture", max_edge=tier.edge) for tier in model.tiers]
    return [*tiers, *(_price(price.usd, price.per, when=dict(price.when)) for price in model.prices)]


def _price(usd: Decimal, per: str, **condition: Any) -> dict[str, Any]:
    return {"usd": float(usd), "per": per, **condition}
