"""A manifest as the rules of `lint` see it, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assetgen.catalog import Catalog
from assetgen.errors import Place
from assetgen.manifest.cascade import Settled
from assetgen.manifest.document import Document
from assetgen.manifest.recipe import Recipe
from assetgen.manifest.request import exclusions_of


@dataclass(frozen=True, slots=True)
class Pictured:
    """An asset with its prompt: `words` are the rendered prompt without its exclusions."""

    settled: Settled
    recipe: Recipe
    words: str

    def warning(self, message: str, hint: str, place: Place | None = None) -> Found:
        return Found(message, place or self.settled.place("prompt"), hint)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule has to say."""

    message: str
    place: Place
    hint: str


@dataclass(frozen=True, slots=True)
class Linted:
    """A manifest as rules see it: `document` as it is written, `files` the texts that its templates include."""

    document: Document
    assets: Sequence[Pictured]
    catalog: Catalog
    files: Sequence[str]

    @property
    def pictures(self) -> Sequence[Pictured]:
        """The assets that are no videos: what makes a good still is nothing to them."""
        return [asset for asset in self.assets if asset.recipe.request.kind == "image"]


Rule: TypeAlias = Callable[[Linted], Iterator[Found]]


def pictured(settled: Settled, recipe: Recipe) -> Pictured:
    """The asset for the rules."""
    prompt = recipe.request.prompt
    words = prompt.rpartition(" No ")[0] if exclusions_of(settled) else prompt
    return Pictured(settled, recipe, words or prompt)
