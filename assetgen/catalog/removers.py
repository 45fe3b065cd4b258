"""The removers that are known: what each one's work costs, and whether it may be done again. Data, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KEY = "key"
"""The embedded remover: the default, and the one that cuts out drafts."""

SERVICE = "service"


@dataclass(frozen=True, slots=True)
class RemoverFacts:
    """`version` is recorded with each result. `free` tells that the work is done on this machine and costs nothing, so
    that it may be done again to recreate bytes (rule 8). `by_color` tells that it goes by the background's colour, so
    that `holes` can be asked of it. With a `model` the cutout is ordered from the provider that has it. One that works
    on `pairs` has a second picture ordered, on another ground, from whoever made the first; the rest is free."""

    version: str
    free: bool
    by_color: bool = False
    model: str | None = None
    pairs: bool = False


REMOVERS: Mapping[str, RemoverFacts] = {
    KEY: RemoverFacts("3", free=True, by_color=True),
    SERVICE: RemoverFacts("1", free=False),
    "rembg": RemoverFacts("1", free=True),
    "kie": RemoverFacts("1", free=False, model="recraft/remove-background"),
    "difference": RemoverFacts("1", free=False, pairs=True),
}
