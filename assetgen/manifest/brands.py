"""Brands and sub-brands: what a sub-brand leaves out it has from the brand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assetgen.manifest.document import Data
from assetgen.manifest.models import Brand
from assetgen.manifest.template import seen_by_templates


@dataclass(frozen=True, slots=True)
class Palette:
    """A brand with everything inherited. `colors` keep the order in which they are written."""

    name: str | None
    colors: Mapping[str, str]
    gradients: Mapping[str, list[str]]
    style: list[str]

    def as_names(self) -> dict[str, object]:
        """What templates know as `brand`. A brand without a name has no `name`."""
        names: dict[str, object] = {"colors": self.colors, "gradients": self.gradients, "style": self.style}
        return names if self.name is None else {"name": self.name, **names}


NOTHING = Palette(None, {}, {}, [])


@dataclass(frozen=True, slots=True)
class Brands:
    """All brands of a manifest, and the same as templates see them."""

    own: Palette
    subs: Mapping[str, Palette]
    own_names: object
    subs_names: Mapping[str, object]
    all_names: object

    def palette(self, name: str | None) -> Palette:
        return self.own if name is None else self.subs[name]

    def names(self, name: str | None) -> object:
        return self.own_names if name is None else self.subs_names[name]


def brands_of(brand: Brand | None, subs: Mapping[str, Brand]) -> Brands:
    """Inheritance applied."""
    own = _inherit(NOTHING, brand) if brand else NOTHING
    palettes = {name: _inherit(own, sub) for name, sub in subs.items()}
    return Brands(
        own,
        palettes,
        seen_by_templates(own.as_names(), "brand"),
        {name: seen_by_templates(palette.as_names(), "brand") for name, palette in palettes.items()},
        seen_by_templates({name: palette.as_names() for name, palette in palettes.items()}, "brands"),
    )


def brand_as_written(data: Data) -> Brand:
    """The brand that someone meant whose brand has mistakes: good enough to look for mistakes elsewhere."""
    written = data if isinstance(data, dict) else {}
    name, style = written.get("name"), written.get("style")
    return Brand.model_construct(
        name=str(name) if name is not None else None,
        colors={key: str(value) for key, value in _mapping(written, "colors").items()},
        gradients={key: _texts(value) for key, value in _mapping(written, "gradients").items()},
        style=_texts(style),
    )


def _inherit(parent: Palette, brand: Brand) -> Palette:
    return Palette(
        parent.name if brand.name is None else brand.name,
        {**parent.colors, **(brand.colors or {})},
        {**parent.gradients, **(brand.gradients or {})},
        parent.style if brand.style is None else brand.style,
    )


def _mapping(written: dict[str, Data], key: str) -> dict[str, Data]:
    value = written.get(key)
    return value if isinstance(value, dict) else {}


def _texts(value: Data) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
