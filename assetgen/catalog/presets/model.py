"""What a preset says: which files there are, how each looks, and which text files a platform wants beside them.

Frozen data; knows no pixel, no manifest and no folder but those of the platform's own layout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Literal, TypeAlias

Format: TypeAlias = Literal["png", "webp", "avif", "jpg"]

Role: TypeAlias = Literal["main", "monochrome", "dark", "tinted", "ground"]
"""Which picture a file shows, and how: the asset's own; its silhouette; its counterpart for dark surroundings; the grey
one that a system tints; or nothing but the ground."""

Fit: TypeAlias = Literal["cover", "contain"]
"""`cover` fills the space and cuts off what stands out; `contain` shows all of the picture."""

Mask: TypeAlias = Literal["none", "circle", "squircle"]
"""What is cut out of the finished square. `squircle` is Apple's rounded rectangle."""

Alpha: TypeAlias = Literal["never", "where needed", "always"]
"""Whether a file has an alpha channel. `where needed`: unless all of it is opaque. `always`: also when it is."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies behind a picture: one colour, or several that run into one another from the top to the bottom (as in a
    CSS `linear-gradient` without an angle). `#RRGGBB` each."""

    colors: tuple[str, ...]

    @property
    def is_flat(self) -> bool:
        return len(set(self.colors)) == 1


WHITE = Ground(("#FFFFFF",))
"""What lies behind a transparent picture where a platform wants an opaque one and nobody chose a colour."""


DEFAULT_WIDTH = 192
"""Width of a picture at single density when nobody says: three times that, and four, is within the smallest picture of
every known model."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture becomes a file. Fractions are shares of the shorter edge of what they are taken from.

    `margin` is the transparent border that a platform keeps around its shape, on each side. Inside it lies the plate:
    the `ground` (None: nothing), with the picture on it, `inset` on each side, then cut by `mask`. With `safe` the
    farthest visible pixel of the picture is no farther from the middle than half of that share, whatever its shape, and
    `inset` does not count.
    """

    role: Role = "main"
    fit: Fit = "contain"
    ground: Ground | None = None
    alpha: Alpha = "where needed"
    margin: Fraction = Fraction(0)
    inset: Fraction = Fraction(0)
    safe: Fraction | None = None
    mask: Mask = "none"

    @property
    def told(self) -> str:
        """What tells this look from the others of its preset, in words: `opaque circle`; empty for a plain one. No
        measure is in it."""
        words = {
            self.role: self.role != "main",
            "opaque": self.alpha == "never",
            "safe": self.safe is not None,
            self.mask: self.mask != "none",
        }
        return " ".join(word for word, tells in words.items() if tells)


@dataclass(frozen=True, slots=True)
class PresetFile:
    """One picture file. `path` is below the preset's folder, `width` and `height` are pixels; a `height` of None
    follows the shape of the picture. `max_bytes` is the platform's own limit."""

    path: str
    width: int
    height: int | None
    format: Format
    look: Look
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a container: `points` at `scale`, so that 16 points at 2 are 32 pixels, drawn for 16."""

    points: int
    scale: int = 1

    @property
    def pixels(self) -> int:
        return self.points * self.scale


@dataclass(frozen=True, slots=True)
class Container:
    """A file that holds the same picture at several sizes.

    `png_from` is for ICO: frames of that many pixels and more are stored as PNG, smaller ones as plain bitmaps.
    """

    path: str
    kind: Literal["ico", "icns"]
    frames: tuple[Frame, ...]
    look: Look
    png_from: int = 0


@dataclass(frozen=True, slots=True)
class PresetIndex:
    """A text file that the platform reads beside the pictures."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """What a person pastes: written beside the files for review, never published. `where` ends `paste it ...`."""

    path: str
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class PresetOutput:
    """All that a preset makes of one asset."""

    files: tuple[PresetFile, ...] = ()
    containers: tuple[Container, ...] = ()
    indexes: tuple[PresetIndex, ...] = ()
    snippet: Snippet | None = None

    @property
    def pictures(self) -> tuple[PresetFile | Container, ...]:
        return (*self.files, *self.containers)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that is published: pictures and indexes, not the snippet."""
        return (*(picture.path for picture in self.pictures), *(index.path for index in self.indexes))

    @property
    def roles(self) -> frozenset[Role]:
        """Which pictures are needed; `ground` is none."""
        return frozenset(picture.look.role for picture in self.pictures) - {"ground"}


@dataclass(frozen=True, slots=True)
class Brand:
    """What presets may want to know of the asset's brand. Colours are `#RRGGBB`."""

    name: str | None = None
    colors: Mapping[str, str] = field(default_factory=dict)
    gradients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """The asset that a preset is made from. Its name is one that a manifest allows. `width` and `height` are the pixels
    that its picture is expected to have, None when that is not known; `cutout` says that its background is removed;
    `alt` says in words what it shows."""

    name: str
    width: int | None = None
    height: int | None = None
    cutout: bool = False
    alt: str = ""


@dataclass(frozen=True, slots=True)
class PresetOptions:
    """What somebody wrote beside the preset's name; None, False and empty where they wrote nothing.

    `inset` replaces the preset's own, as a share of the edge. `background` is a colour or the name of a brand gradient.
    `monochrome`, `dark` and `tinted` are True to make that icon from the asset itself, or name another asset. `width`
    is what the picture measures at single density, in points, dp or pixels. `widths` and `formats` are for `web`.
    `classic` asks for every size of an iOS icon instead of the one that Xcode scales.
    """

    inset: float | None = None
    background: str | None = None
    monochrome: bool | str = False
    dark: bool | str = False
    tinted: bool | str = False
    width: int | None = None
    widths: tuple[int, ...] = ()
    formats: tuple[Format, ...] = ()
    classic: bool = False

    def written(self) -> frozenset[str]:
        """The names of the options that somebody wrote."""
        values = {own.name: getattr(self, own.name) for own in fields(self)}
        return frozenset(
            name for name, value in values.items() if value is not None and value is not False and value != ()
        )


@dataclass(frozen=True, slots=True)
class PresetOrder:
    """What a preset is expanded from: options that were found to be right, with their words resolved. `others` are the
    assets that options name, by option, as far as they are known."""

    subject: Subject
    options: PresetOptions
    brand: Brand
    background: Ground | None = None
    inset: Fraction | None = None
    others: Mapping[str, Subject] = field(default_factory=dict)

    @property
    def ground(self) -> Ground:
        """For what has to be opaque."""
        return self.background or WHITE

    @property
    def fit(self) -> Fit:
        """A cutout is shown whole; a picture that fills its own canvas fills the icon's too."""
        return self.fit_of("main")

    def fit_of(self, role: Role) -> Fit:
        """The same for a role, which may have a picture of its own."""
        return "contain" if self.others.get(role, self.subject).cutout else "cover"


@dataclass(frozen=True, slots=True)
class OptionProblem:
    """A mistake in the use of a preset; `option` is None when it is the preset itself."""

    option: str | None
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset as others see it. `options` are the names of PresetOptions that mean something to it. `check` returns
    what no rule common to all presets would find."""

    name: str
    summary: str
    options: frozenset[str]
    expand: Callable[[PresetOrder], PresetOutput]
    check: Callable[[PresetOrder], tuple[OptionProblem, ...]] = lambda _: ()
