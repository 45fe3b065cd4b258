"""Near misses: which known word a misspelt one was probably meant to be. Pure text."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MOST_WORDS_LISTED = 12


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` most likely stands for, None when none is near."""
    words = tuple(known)
    near = _closest(word, words, 0.75)
    if near is None and len(word) > 1:
        near = next((name for name in words if word.casefold() in re.split(r"[-_/. ]", name.casefold())), None)
    return near or _closest(word, words, 0.6)


def nearly(word: str, known: Iterable[str]) -> list[str]:
    """The known words that `word` most surely stands for, at most three: a slip of the keyboard, never of a digit,
    since `model-3` may well follow `model-2`; else those that it is a whole part of, as `imagen4` of `google/imagen4`.
    """
    words = tuple(known)
    near = _closest(word, (name for name in words if _digits(name) == _digits(word)), 0.88)
    if near is not None:
        return [near]
    part = word.casefold()
    return [name for name in words if name.startswith((f"{part}-", f"{part}/")) or name.endswith(f"/{part}")][:3]


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint that names the nearest known word, else the known words when they are few."""
    words = tuple(known)
    near = closest(word, words)
    if near is not None:
        return f"did you mean `{near}`?"
    return known_words(words) if 0 < len(words) <= _MOST_WORDS_LISTED else None


def did_you_mean_of(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word and all known ones: for short, closed lists."""
    words = tuple(known)
    near = closest(word, words)
    return f"did you mean `{near}`? {known_words(words)}" if near else known_words(words)


def known_words(words: Iterable[str]) -> str:
    return "known: " + (", ".join(words) or "none")


def _closest(word: str, known: Iterable[str], cutoff: float) -> str | None:
    from difflib import get_close_matches  # only mistakes pay for it

    candidates = {plain(candidate): candidate for candidate in known}
    found = get_close_matches(plain(word), candidates, n=1, cutoff=cutoff)
    return candidates[found[0]] if found else None


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def plain(word: str) -> str:
    """Without what people mistype most, which is case, `-` and `_`: `aspectRatio` is `aspect_ratio`."""
    return word.casefold().replace("_", "").replace("-", "")
