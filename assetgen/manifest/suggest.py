"""Near misses: which known word a misspelt one was probably meant to be. Pure text."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_WORDS_LISTED = 12


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` most likely stands for, None when none is near."""
    from difflib import get_close_matches  # only mistakes pay for it

    plain = {_plain(candidate): candidate for candidate in known}
    found = get_close_matches(_plain(word), plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None


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


def _plain(word: str) -> str:
    """Case, `-` and `_` are what people mistype most: `aspectRatio` is `aspect_ratio`."""
    return word.casefold().replace("_", "").replace("-", "")
