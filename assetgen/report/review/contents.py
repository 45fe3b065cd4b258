"""What a review page shows, as frozen data. Knows no plan, no store and no HTML.

Links are relative to the page and already quoted for a URL; None where the file does not stand on this machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from assetgen.digest import Digest
from assetgen.manifest.recipe import PixelSize
from assetgen.publish.decisions import Standing


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a prompt: in both texts, only in the new one, or only in the accepted one."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, small inside the page (`thumbnail`, WebP) and, by its link, in full. Of a video, which `moves`, the
    first frame is small."""

    size: PixelSize
    thumbnail: bytes
    link: str | None
    moves: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """One output. `length` is in bytes; `group` the preset or the cell of a grid that it belongs to, if any. `look`
    tells it from the plain pictures of its preset, as `circle` does. The page shows what `shows`, and names the
    rest."""

    path: str
    format: str
    size: PixelSize
    length: int | None
    link: str | None
    group: str = ""
    look: str = ""

    @property
    def name(self) -> str:
        """Its name in its folder; in a preset, which has folders of its own, its place there."""
        return self.path.partition(f"/{self.group}/")[2] or self.path.rpartition("/")[2]

    @property
    def shows(self) -> bool:
        return self.link is not None and self.format in _SHOWN | _MOVING

    @property
    def moves(self) -> bool:
        return self.format in _MOVING

    @property
    def square(self) -> bool:
        return self.size.width == self.size.height > 0


_SHOWN = frozenset({"png", "webp", "avif", "jpg", "gif", "ico"})
_MOVING = frozenset({"mp4", "webm"})


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several pictures of an asset, numbered from one."""

    number: int
    picture: Picture
    picked: bool


Fact: TypeAlias = tuple[str, str]
"""A name and a value, for people."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One asset as a reviewer sees it.

    `manifest` is its path from the project's root. `seen` is the digest that a decision about it binds to, None while
    it has no picture. It has `changed` when another picture was decided about before; `accepted` is the one accepted
    then, where it is at hand. `why` says what made the picture change, `next` what the next build would do to it,
    `failure` what stands in its way. `colors` are the brand's, by name, as `#RRGGBB`. `retake` is what another picture
    would cost, empty where none may be asked for.
    """

    manifest: str
    name: str
    seen: Digest | None
    standing: Standing
    picture: Picture | None
    description: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    by: str = ""
    draft: bool = False
    changed: bool = False
    accepted: Picture | None = None
    why: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    failure: str = ""
    warnings: tuple[str, ...] = ()
    prompt: tuple[Word, ...] = ()
    facts: tuple[Fact, ...] = ()
    files: tuple[File, ...] = ()
    variants: tuple[Variant, ...] = ()
    retake: str = ""
    colors: tuple[Fact, ...] = ()

    @property
    def needs_me(self) -> bool:
        """Whether there is a picture that nobody decided about."""
        return self.seen is not None and self.standing is Standing.UNDECIDED

    @property
    def alt(self) -> str:
        """What the picture is, for those who do not see it."""
        return self.description or f"Picture of {self.name}"

    @property
    def icon(self) -> File | None:
        """The file that shows best how it does in a tab; None for what is not meant to be an icon."""
        return self._square_of(_TAB) if self._is_icon else None

    @property
    def tile(self) -> File | None:
        """The file that shows best how it does on a home screen; None for what is not meant to be an icon."""
        return self._square_of(_TILE) if self._is_icon else None

    def system_icon(self, role: str) -> File | None:
        """The iOS icon for a `dark` home screen, or for one whose owner had it `tinted`; None where none is made."""
        icons = (file for file in self.files if file.group == _IOS_ICON and file.look == role and file.shows)
        return next(icons, None)

    @property
    def _is_icon(self) -> bool:
        """A preset of icons makes one, and so does a small square file; a sheet of several pictures is none."""
        plain = [file for file in self.files if file.square and file.shows and not file.moves]
        small = any(file.size.width <= _LARGEST_ICON and not file.group for file in plain)
        return small or any(file.group in _ICON_PRESETS for file in plain)

    def _square_of(self, edge: int) -> File | None:
        """The smallest plain square file of at least `edge` pixels, else the largest."""
        plain = [file for file in self.files if file.square and file.shows and not file.moves and not file.look]
        enough = [file for file in plain if file.size.width >= edge]
        if enough:
            return min(enough, key=lambda file: file.size.width)
        return max(plain, key=lambda file: file.size.width, default=None)

    @property
    def groups(self) -> Iterator[tuple[str, tuple[File, ...]]]:
        """The files of each group, those of none first."""
        for group in sorted({file.group for file in self.files}):
            yield group, tuple(file for file in self.files if file.group == group)


_LARGEST_ICON = 64
_TAB, _TILE = 32, 120
"""A tab shows 16 pixels and a home screen 60, twice as many on a dense screen."""

_IOS_ICON = "ios-appicon"
_ICON_PRESETS = frozenset({_IOS_ICON, "android-launcher", "favicon", "pwa", "macos", "windows"})


@dataclass(frozen=True, slots=True)
class Review:
    """Everything on one page. In dollars: `spent` is what the pictures cost that wait for a decision, `saved` what was
    not bought again for the others. `unpriced` counts pictures whose price nobody knows."""

    title: str
    subjects: tuple[Subject, ...]
    spent: Decimal
    saved: Decimal
    unpriced: int = 0

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags, those of most assets first."""
        counts = Counter(tag for subject in self.subjects for tag in subject.tags)
        return tuple(sorted(counts, key=lambda tag: (-counts[tag], tag)))

    @property
    def groups(self) -> Iterator[tuple[str, tuple[Subject, ...]]]:
        """The subjects of each manifest, by its name."""
        for manifest in dict.fromkeys(subject.manifest for subject in self.subjects):
            yield manifest, tuple(subject for subject in self.subjects if subject.manifest == manifest)
