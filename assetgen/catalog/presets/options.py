"""From the options that somebody wrote beside a preset to an order that it understands. Mistakes are data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

from assetgen.catalog.presets.model import (
    Brand,
    Ground,
    OptionProblem,
    Preset,
    PresetOptions,
    PresetOrder,
    Subject,
)

MOST_INSET = 0.5
"""Borders of half the edge on each side leave nothing in between."""

MOST_PIXELS = 16_384
"""No width beyond this is asked for."""

NOBODY: Mapping[str, Subject] = MappingProxyType({})


def option_problems(
    preset: Preset, subject: Subject, options: PresetOptions, brand: Brand, others: Mapping[str, Subject]
) -> tuple[OptionProblem, ...]:
    """What is wrong with `options` for `preset`: first what is wrong anywhere, then what only this preset finds."""
    found = (*_foreign(preset, options), *_bad_values(options, brand))
    return found or preset.check(order_of(subject, options, brand, others))


def order_of(
    subject: Subject, options: PresetOptions, brand: Brand, others: Mapping[str, Subject] = NOBODY
) -> PresetOrder:
    """`options` with their words resolved. Decimals keep what was written: 0.1 is a tenth."""
    inset = None if options.inset is None else Fraction(str(options.inset))
    return PresetOrder(subject, options, brand, _ground(options.background, brand), inset, others)


def _ground(text: str | None, brand: Brand) -> Ground | None:
    if text is None:
        return None
    if text in brand.gradients:
        return Ground(tuple(brand.gradients[text]))
    color = brand.colors.get(text, text)
    return Ground((_long(color),))


def _long(color: str) -> str:
    """`#rgb` as `#RRGGBB`."""
    digits = color.removeprefix("#")
    return "#" + "".join(digit * (2 if len(digits) == 3 else 1) for digit in digits).upper()


def _foreign(preset: Preset, options: PresetOptions) -> Iterator[OptionProblem]:
    for name in sorted(options.written() - preset.options):
        known = ", ".join(sorted(preset.options)) or "none"
        yield OptionProblem(
            name, f"`{name}` means nothing to the preset `{preset.name}`", f"delete it; options of this preset: {known}"
        )


def _bad_values(options: PresetOptions, brand: Brand) -> Iterator[OptionProblem]:
    if options.inset is not None and not 0 <= options.inset < MOST_INSET:
        yield OptionProblem(
            "inset",
            f"an inset of {options.inset} leaves nothing of the picture",
            "write a share of the edge from 0 to less than 0.5, such as 0.1",
        )
    if options.background is not None and not _is_ground(options.background, brand):
        names = ", ".join((*brand.gradients, *brand.colors)) or "none"
        yield OptionProblem(
            "background",
            f"`{options.background}` is neither a colour nor a gradient of the brand",
            f"write `#RRGGBB`, in quotes, or a name; the brand has: {names}",
        )
    for name in ("width", "widths"):
        for width in _widths(options, name):
            if not 1 <= width <= MOST_PIXELS:
                yield OptionProblem(name, f"{width} is not a width", f"write pixels from 1 to {MOST_PIXELS}")
    if len(set(options.widths)) < len(options.widths):
        yield OptionProblem("widths", "a width stands twice in `widths`", "delete one of them")


def _widths(options: PresetOptions, name: str) -> tuple[int, ...]:
    if name == "widths":
        return options.widths
    return () if options.width is None else (options.width,)


def _is_ground(text: str, brand: Brand) -> bool:
    return (
        text in brand.gradients
        or text in brand.colors
        or re.fullmatch(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})", text) is not None
    )


def full_square(order: PresetOrder, option: str, thing: str) -> tuple[OptionProblem, ...]:
    """`option: true` makes `thing` of what is not transparent, and so needs something that is."""
    if getattr(order.options, option) is not True or order.subject.cutout:
        return ()
    message = f"`{option}: true` needs a transparent background: {thing} cannot be made of a full square"
    return (OptionProblem(option, message, f"set `removeBg: true`, or delete `{option}`"),)


def needs_silhouette(order: PresetOrder) -> tuple[OptionProblem, ...]:
    """For presets that make one of `monochrome`: of the asset itself, or of the one that it names."""
    named = order.others.get("monochrome")
    if named is None or named.cutout:
        return full_square(order, "monochrome", "a silhouette")
    message = f"`{named.name}` keeps its background: a silhouette cannot be made of a full square"
    return (OptionProblem("monochrome", message, f"set `removeBg: true` for `{named.name}`"),)


def same_dark_picture(order: PresetOrder) -> tuple[OptionProblem, ...]:
    """For sets of pictures, where the dark one is shown as it is: made from the asset itself it would be no other."""
    if order.options.dark is not True:
        return ()
    hint = f"name the asset to show there instead, such as `dark: {order.subject.name}-dark`, or delete it"
    return (OptionProblem("dark", "`dark: true` would write the same picture twice", hint),)
