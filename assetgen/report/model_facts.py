"""What the table knows of one model, as rows of words: for the terminal and for the reference page alike. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from assetgen.catalog.models import Field, Model, Parameter, Pictures
from assetgen.catalog.models.model import Price, Unit
from assetgen.digest import Json
from assetgen.report.words import money

HEADINGS: Mapping[str, str] = {
    "image": "Stills from a prompt",
    "edit": "Stills from a prompt and at least one picture",
    "video": "Videos",
    "upscale": "Larger pictures",
    "remove-background": "Pictures without their background",
}
"""The kinds of models, in the order of listings."""

_PER: Mapping[Unit, str] = {
    "picture": "a picture",
    "second": "a second",
    "megapixel": "a megapixel",
    "video": "a video",
}


def facts(model: Model) -> Iterator[tuple[str, str]]:
    """Everything that is known of a model, as (name, words)."""
    yield "price", "; ".join(price_rows(model)) or "not known"
    if model.priced:
        yield "priced", f"{model.priced.date}, {model.priced.text}"
    if model.needs_prompt:
        yield "prompt", _prompt(model)
    for pictures in model.shown:
        yield from _pictures(model, pictures)
    for parameter in model.parameters:
        yield parameter.name, _parameter(parameter)
    for further in model.others:
        yield f"input.{further.name}", _further(further, model.fixed)
    if model.impossible:
        yield "not together", "; ".join(map(_combination, model.impossible))
    if model.sizes:
        yield "pixel sizes", _sizes(model)
    if model.longest_edge:
        yield "longest edge", f"{model.longest_edge:,} pixels"
    if model.writes:
        yield (
            "text",
            f"{'drawn legibly' if model.writes.holds else 'not promised to be legible'}: {model.writes.source}",
        )
    if model.edited_by:
        yield "edited by", f"`{model.edited_by}`, which makes the second picture for `removeBg` by `difference`"
    yield "waiting", f"{model.patience} s, then the next build collects the result"
    if model.remark:
        yield "note", model.remark


def price_span(model: Model) -> str:
    """The price in one phrase, from the lowest to the highest: `$0.09 to $0.12 a picture`."""
    if model.tiers:
        amounts, unit = [tier.usd for tier in model.tiers], _PER["picture"]
    elif model.prices:
        amounts, unit = [price.usd for price in model.prices], _PER[model.prices[0].per]
    else:
        return "not known"
    lowest, highest = min(amounts), max(amounts)
    return f"{_usd(lowest)} {unit}" if lowest == highest else f"{_usd(lowest)} to {_usd(highest)} {unit}"


def resolutions(model: Model) -> str:
    """The resolutions in one phrase; empty for a model without."""
    parameter = model.parameter("resolution")
    return " ".join(parameter.allowed) if parameter else ""


def price_rows(model: Model) -> Iterator[str]:
    """Every price that is known, with what it holds for."""
    for tier in model.tiers:
        yield f"{_usd(tier.usd)} up to {tier.edge} pixels along the longer edge"
    for price in model.prices:
        said = ", ".join(_condition(model, name, value) for name, value in price.when.items() if value is not None)
        yield f"{_usd(price.usd)} {_PER[price.per]}{f' ({said})' if said and _varies(model, price) else ''}"


def _varies(model: Model, price: Price) -> bool:
    return any(other.usd != price.usd for other in model.prices)


def _condition(model: Model, name: str, value: Json) -> str:
    """A value on the wire, as a manifest says it."""
    parameter = next((p for p in model.parameters if p.wire == name), None)
    if parameter is None:
        return f"{name}: {_word(value)}"
    return f"{parameter.name}: {_word(parameter.from_wire(value))}"


def _prompt(model: Model) -> str:
    if model.prompt_limit is None:
        return "no limit is documented"
    least = f"{model.prompt_least} to " if model.prompt_least > 1 else "at most "
    return f"{least}{model.prompt_limit:,} characters"


def _pictures(model: Model, pictures: Pictures) -> Iterator[tuple[str, str]]:
    name = "source" if pictures is model.first_frame else "references" if model.needs_prompt else "picture"
    many = "one" if pictures.most == 1 else f"at most {pictures.most}"
    limits = [f"{', '.join(pictures.formats)} of at most {pictures.max_bytes / 1_000_000:g} MB"]
    if pictures.max_edge:
        least = f"{pictures.min_edge:,} to" if pictures.min_edge else "at most"
        limits.append(f"{least} {pictures.max_edge:,} pixels an edge")
    if pictures.max_pixels:
        limits.append(f"at most {pictures.max_pixels / 1_000_000:g} megapixels")
    yield name, f"{many}{', required' if pictures.required else ''}: {'; '.join(limits)} (`{pictures.wire}`)"


def _parameter(parameter: Parameter) -> str:
    wire = "" if parameter.wire == parameter.name else f" (`{parameter.wire}`)"
    default = "" if parameter.default is None else f"; the service's default is {_word(parameter.default)}"
    return f"{' '.join(parameter.allowed)}{default}{wire}"


def _further(further: Field, fixed: Mapping[str, Json]) -> str:
    if further.name in fixed:
        return f"{further.allowed}; assetgen sends {_word(fixed[further.name])}"
    default = "" if further.default is None else f"; {_word(further.default)} when it is not said"
    return f"{further.allowed}{default}"


def _combination(refused: Mapping[str, tuple[Json, ...]]) -> str:
    return " with ".join(f"{name} {', '.join(map(_word, values))}" for name, values in refused.items())


def _sizes(model: Model) -> str:
    """The sizes of the lowest resolution, and how much larger the others are."""
    by_resolution: dict[str, dict[str, tuple[int, int]]] = {}
    for (ratio, resolution), size in model.sizes.items():
        by_resolution.setdefault(resolution, {})[ratio] = size
    first, *others = by_resolution
    sizes = ", ".join(f"{ratio} {width}x{height}" for ratio, (width, height) in by_resolution[first].items())
    ratio, (width, _) = next(iter(by_resolution[first].items()))
    larger = [f"{name} {by_resolution[name][ratio][0] // width} times as wide and high" for name in others]
    return f"at {'; '.join((f'{first}: {sizes}', *larger))}"


def _usd(usd: Decimal) -> str:
    """Prices as the list has them, to the last digit."""
    return money(usd) if usd == usd.quantize(Decimal("0.0001")) else f"${usd.normalize():f}"


def _word(value: Json) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
