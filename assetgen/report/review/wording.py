"""Two prompts as one text, with what was added and what was removed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from assetgen.report.review.contents import Word

_WORDS = re.compile(r"\s+|#?\w+|[^\w\s]")


def compared(was: str | None, now: str) -> tuple[Word, ...]:
    """The words of `now`, among them those that only `was` had; white space counts for nothing (rule 1). Without a
    `was` nothing is marked."""
    new = " ".join(now.split())
    if was is None:
        return (Word("same", new),)
    return tuple(_compared(_WORDS.findall(" ".join(was.split())), _WORDS.findall(new)))


def _compared(old: list[str], new: list[str]) -> Iterator[Word]:
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Word("same", "".join(new[j1:j2]))
            continue
        if i2 > i1:
            yield Word("removed", "".join(old[i1:i2]))
        if j2 > j1:
            yield Word("added", "".join(new[j1:j2]))
