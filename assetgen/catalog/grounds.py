"""The grounds that a picture is shown on for `difference`, and the words that ask for another one. Data, no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

GroundName: TypeAlias = Literal["black", "white"]

BLACK: GroundName = "black"
WHITE: GroundName = "white"

COLORS: Mapping[GroundName, str] = {BLACK: "#000000", WHITE: "#FFFFFF"}

_WORDS = (
    "Reproduce this picture exactly and change only its plain background: make it one uniform, pure {name} ({color}) "
    "up to all four edges. The subject keeps its position, size, shape, colours, lighting and sharpness, and its soft "
    "edges and shadows. Where it is see-through, as glass and hair are, the new background shows through as the old "
    "one did. Add nothing and remove nothing."
)
_ASKED = re.compile(r"change only its plain background: make it one uniform, pure (black|white) \(")


def words_for(ground: GroundName) -> str:
    """What a model is asked that is shown a picture, to have the same on another ground."""
    return _WORDS.format(name=ground, color=COLORS[ground])


def ground_asked_for(prompt: str) -> GroundName | None:
    """The ground that a prompt of `words_for` asks for, None for any other prompt."""
    found = _ASKED.search(prompt)
    return None if found is None else BLACK if found[1] == BLACK else WHITE
