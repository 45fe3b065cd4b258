"""What is known of one model: what it accepts under which names, what it returns, what it costs. Data and pure sums."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import sqrt
from typing import Literal, TypeAlias

from assetgen.catalog.models.field import Field, is_link, plain
from assetgen.digest import Json

ModelKind: TypeAlias = Literal["image", "video", "edit", "upscale", "remove-background"]
"""`edit` makes an image out of at least one other; the last two need no prompt."""

Unit: TypeAlias = Literal["picture", "second", "megapixel", "video"]

PATIENCE: Mapping[ModelKind, int] = {"image": 600, "edit": 600, "upscale": 600, "remove-background": 600, "video": 1200}
"""Seconds after which a build stops waiting; the task lives on."""

_EDGES: Mapping[str, int] = {"1K": 1024, "2K": 2048, "3K": 3072, "4K": 4096}
"""Edge of a square picture, in pixels."""

_STEP = 16
"""Models return multiples of this many pixels, more or less."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of the manifest that a model understands, the name that it has on the wire, and its allowed `values` as
    the manifest writes them; `spelled` says which of them are written otherwise on the wire. Where there are no
    values, `least` and `most` bound a whole number.

    `default` is what is asked for, in the manifest's words, when nobody says anything and the default of all models is
    not among the values; None sends nothing. `required` is what the service refuses to do without.
    """

    name: str
    wire: str
    values: tuple[Json, ...] = ()
    spelled: Mapping[str | int, Json] = field(default_factory=dict)
    default: Json = None
    required: bool = False
    least: int | None = None
    most: int | None = None

    def accepts(self, value: Json) -> bool:
        """Whether a manifest may say this. Types count: `5` is not `"5"`, and `true` is not 1."""
        if self.values:
            return any(type(known) is type(value) and known == value for known in self.values)
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def on_wire(self, value: Json) -> Json:
        """The manifest's value as the service spells it."""
        return self.spelled.get(value, value) if isinstance(value, str | int) else value

    def from_wire(self, value: Json) -> Json:
        """The service's value as the manifest writes it; None when there is no such value."""
        if not self.values:
            return value if self.accepts(value) else None
        return next((known for known in self.values if _same(self.on_wire(known), value)), None)

    @property
    def allowed(self) -> tuple[str, ...]:
        """The values in words, for messages and listings."""
        if self.values:
            return tuple(_word(value) for value in self.values)
        return (f"{plain(self.least or 0)} to {plain(self.most)}" if self.most is not None else "a whole number",)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The input of a model that takes pictures: its name on the wire, how many it takes, and what each may be at most,
    in bytes and in pixels along the longer edge (None: no limit is documented), with `max_pixels` in all and `min_edge`
    at least along the shorter one. Without `many` it is one link, not a list; what is `numbered` is called `Image 1`,
    `Image 2` before the prompt; what is `required` has to be there. Where the service names no size of files, it is
    the one that holds for most of its models."""

    wire: str
    most: int
    max_bytes: int = 10_000_000
    max_edge: int | None = None
    formats: tuple[str, ...] = ("png", "jpeg", "webp")
    many: bool = True
    numbered: bool = True
    required: bool = False
    min_edge: int | None = None
    max_pixels: int | None = None

    def accepts(self, value: Json) -> bool:
        """Whether the service takes this value for the field: a link or a list of them, not too many."""
        if not self.many:
            return is_link(value)
        return isinstance(value, list) and self.required <= len(value) <= self.most and all(map(is_link, value))

    @property
    def allowed(self) -> str:
        """What it takes, in words that complete "has to be ..."."""
        return f"a list of at most {self.most} public links to pictures" if self.many else "a public link to a picture"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for one `per`, where the fields on the wire have the values of `when`."""

    usd: Decimal
    when: Mapping[str, Json] = field(default_factory=dict)
    per: Unit = "picture"


@dataclass(frozen=True, slots=True)
class Tier:
    """US dollars for a picture whose longer edge has at most `edge` pixels."""

    edge: int
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """Where the prices of a model come from, and the last day on which they were read there."""

    date: str
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Whether a model is said to be good at something, and who says so."""

    holds: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model of one provider.

    `parameters` are fields of the manifest, `others` the further fields that `input` may set, `fixed` what is always
    sent unless `input` says otherwise. `pictures` are those that it works on or is shown, `first_frame` the one that a
    video begins with; None for a model that takes no such thing. `impossible` are combinations of
    parameters that the service refuses. `sizes` maps (aspect ratio, resolution) to the expected (width, height) in
    pixels. `factors` are those by which it enlarges, as the wire spells them, and `longest_edge` the most pixels that
    it does so to; `tiers` are the prices of a model that is paid by the size of its result. `writes` says whether it
    draws words that can be read, None where nobody says. A model that is not `listed` is one that nothing is known of.
    `edited_by` is the model that works on what this one makes, where that is another.
    """

    id: str
    provider: str = "kie"
    kind: ModelKind = "image"
    prompt_least: int = 1
    prompt_limit: int | None = None
    parameters: tuple[Parameter, ...] = ()
    others: tuple[Field, ...] = ()
    fixed: Mapping[str, Json] = field(default_factory=dict)
    pictures: Pictures | None = None
    first_frame: Pictures | None = None
    impossible: tuple[Mapping[str, tuple[Json, ...]], ...] = ()
    sizes: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    factors: Mapping[float, str] = field(default_factory=dict)
    longest_edge: int | None = None
    prices: tuple[Price, ...] = ()
    tiers: tuple[Tier, ...] = ()
    priced: Source | None = None
    writes: Claim | None = None
    remark: str = ""
    listed: bool = True
    edited_by: str | None = None

    @property
    def patience(self) -> int:
        return PATIENCE[self.kind]

    @property
    def needs_prompt(self) -> bool:
        return self.kind in ("image", "edit", "video")

    @property
    def shown(self) -> tuple[Pictures, ...]:
        """All fields that take pictures."""
        return tuple(filter(None, (self.first_frame, self.pictures)))

    @property
    def output_formats(self) -> tuple[str, ...]:
        """The formats that can be chosen; empty where the service decides."""
        chosen = self.other("output_format")
        return chosen.values if chosen else ()

    def parameter(self, name: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def other(self, name: str) -> Field | None:
        """A field that only `input` sets, by its name on the wire."""
        return next((one for one in self.others if one.name == name), None)

    def on_wire(self, parameters: Mapping[str, Json], further: Mapping[str, Json]) -> dict[str, Json]:
        """What is sent beside prompt and pictures: what is always sent, the manifest's `parameters` under the names of
        the wire, and `further` fields (`input`) as they are. Raises KeyError for a parameter that the model lacks."""
        wired: dict[str, Json] = {one.name: one.default for one in self.others if one.required and _given(one.default)}
        wired |= self.fixed
        for name, value in parameters.items():
            parameter = self.parameter(name)
            if parameter is None and self.listed:
                raise KeyError(name)
            wired[parameter.wire if parameter else name] = parameter.on_wire(value) if parameter else value
        return {**wired, **further}

    def from_wire(self, wired: Mapping[str, Json]) -> dict[str, Json]:
        """The manifest's parameters in an `input`, with the service's defaults where nothing was sent."""
        found = {p.name: p.from_wire(wired[p.wire]) if p.wire in wired else p.default for p in self.parameters}
        return {name: value for name, value in found.items() if value is not None}

    def refuses(self, parameters: Mapping[str, Json]) -> Mapping[str, tuple[Json, ...]] | None:
        """The combination among the parameters that the service does not take together, if there is one."""
        return next(
            (bad for bad in self.impossible if all(parameters.get(name) in bad[name] for name in bad)),
            None,
        )

    def price(self, parameters: Mapping[str, Json], further: Mapping[str, Json] | None = None) -> Decimal | None:
        """US dollars for what these parameters and this `input` ask for, None when unknown."""
        return self.price_on_wire(self.on_wire(parameters, further or {}))

    def price_on_wire(self, wired: Mapping[str, Json]) -> Decimal | None:
        """US dollars for an `input` as it is sent, None when unknown."""
        known = {one.name: one.default for one in self.others if _given(one.default)}
        known |= {p.wire: p.on_wire(p.default) for p in self.parameters if _given(p.default)}
        said = {**known, **wired}
        for price in self.prices:
            if all(_same(said.get(name), value) for name, value in price.when.items()):
                return self._reckoned(price, said)
        return None

    def price_of_size(self, width: int, height: int) -> Decimal | None:
        """US dollars for a result of this many pixels, of a model that makes pictures out of pictures."""
        if self.tiers:
            return next((tier.usd for tier in self.tiers if max(width, height) <= tier.edge), None)
        return self.prices[0].usd if self.prices else None

    def size(self, parameters: Mapping[str, Json]) -> tuple[int, int] | None:
        """Expected (width, height) in pixels, None when unknown. `auto` is planned as square."""
        ratio = parameters.get("aspect_ratio")
        return self.sizes.get(("1:1" if ratio == "auto" else str(ratio), str(parameters.get("resolution"))))

    def _reckoned(self, price: Price, said: Mapping[str, Json]) -> Decimal | None:
        match price.per:
            case "picture" | "video":
                return price.usd
            case "second":
                duration = self.parameter("duration")
                seconds = said.get(duration.wire if duration else "duration")
                return price.usd * Decimal(str(seconds)) if isinstance(seconds, int | str) else None
            case "megapixel":
                return None  # the sizes of these models are not known


def editor_of(id_: str, models: Mapping[str, Model]) -> Model | None:
    """The model that can be shown a picture of the model `id_`, and makes one of the kind; None when there is none."""
    model = models.get(id_)
    editor = models.get(model.edited_by) if model and model.edited_by else model
    return editor if editor and editor.pictures and editor.kind in ("image", "edit") else None


def introduction(labels: Sequence[str]) -> str:
    """What goes before the prompt for a model that is shown pictures, some of which have a label (others: empty): says
    which is which, `Image 1 (the coin): `. Empty when none has one."""
    if not any(labels):
        return ""
    numbered = (f"Image {number} ({label})" for number, label in enumerate(labels, 1) if label)
    return f"{', '.join(numbered)}: "


def unlisted(id_: str, kind: ModelKind = "image") -> Model:
    """A model that the table does not have: nothing is known of it but its name."""
    return Model(id=id_, kind=kind, listed=False)


def nominal_size(parameters: Mapping[str, Json]) -> tuple[int, int]:
    """(width, height) in pixels to reckon with where a model's sizes are not known: the ratio that was asked for, with
    as many pixels as the square of that resolution has; 1024x1024 where neither is known. A resolution such as `720p`
    is the shorter edge, of 16:9 where no ratio was asked for."""
    lines = re.fullmatch(r"(\d+)p", str(parameters.get("resolution")))
    if lines:
        return _screen(int(lines[1]), str(parameters.get("aspect_ratio")))
    edge = _EDGES.get(str(parameters.get("resolution")), 1024)
    width, found, height = str(parameters.get("aspect_ratio")).partition(":")
    if not (found and width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        return edge, edge
    stretch = sqrt(int(width) / int(height))
    return _stepped(edge * stretch), _stepped(edge / stretch)


def _screen(shorter: int, ratio: str) -> tuple[int, int]:
    found = re.fullmatch(r"([1-9]\d*):([1-9]\d*)", ratio)
    width, height = (int(found[1]), int(found[2])) if found else (16, 9)
    longer = round(shorter * max(width, height) / min(width, height) / 2) * 2
    return (longer, shorter) if width >= height else (shorter, longer)


def _stepped(pixels: float) -> int:
    return max(_STEP, round(pixels / _STEP) * _STEP)


def _given(value: Json) -> bool:
    return value is not None


def _same(one: Json, other: Json) -> bool:
    return type(one) is type(other) and one == other


def _word(value: Json) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
