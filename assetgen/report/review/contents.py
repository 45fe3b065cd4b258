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
    """A picture, small inside the page (`thumbnail`, WebP) and, by its link, in full."""

    size: PixelSize
    thumbnail: bytes
    link: str | None


@dataclass(frozen=True, slots=True)
class File:
    """One output. `length` is in bytes; `label` is the size as the manifest names it."""

    path: str
    label: str
    format: str
    size: PixelSize
    length: int | None
    link: str | None


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
        """The file that shows best how it does as an icon: the smallest square one of at least 32 pixels. None for
        what is not meant to be one."""
        squares = [file for file in self.files if file.size.width == file.size.height and file.link]
        if not any(file.size.width <= _LARGEST_ICON for file in squares):
            return None
        enough = [file for file in squares if file.size.width >= _SHARP_TAB]
        return min(enough or squares, key=lambda file: file.size.width)


_LARGEST_ICON = 64
_SHARP_TAB = 32
"""A tab shows 16 pixels, twice as many on a dense screen."""


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
