"""The reasons of a verdict in fewer words: what holds for several formats or files is said once. Pure text.

Works on the planner's own sentences. One that it does not know stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assetgen.report.words import listed

_MOST_FILES = 3
"""How many files are named before `and N more`."""

_FORMAT = re.compile(r"(?<=` \()(?:png|webp|avif|jpg)(?=\))|(?<=\bthe )(?:png|webp|avif|jpg)\b")
"""A format behind the size that it belongs to, ``size `hero` (png)``, or on its own, `the png`."""

_BOTH_EDGES = re.compile(r"width of (.+?) (changed: .+?); height of \1 \2(?=;|$)")
"""The number of a square's size is both its edges."""

_FILE = re.compile(r"((?:output missing|no longer made): )(.+)")

_FORMATS, _FILES = "\0", "\1"
"""Where formats, or files, stand in a sentence that holds for several."""


def in_short(reasons: Iterable[str]) -> list[str]:
    """The same reasons, each where it is first given."""
    grouped: dict[str, list[str]] = {}
    for reason in reasons:
        sentence, subject = _split(reason)
        grouped.setdefault(sentence, []).extend(subject)
    return [_joined(sentence, subjects) for sentence, subjects in grouped.items()]


_COPIED_BACK = re.compile(r"(.+) will be copied back from (.+)")


def notes_in_short(notes: Iterable[str], *, done: bool = False) -> list[str]:
    """The same notes, with one for all files that come back from where they are published, or, when `done`, came."""
    notes = list(notes)
    found = [found for note in notes if (found := _COPIED_BACK.fullmatch(note))]
    if not found:
        return notes
    others = [note for note in notes if not _COPIED_BACK.fullmatch(note)]
    if len(found) == 1:
        path, source = found[0].groups()
        return [*others, f"{path} {'was' if done else 'will be'} copied back from {source}"]
    paths = listed((copy[1] for copy in found), _MOST_FILES)
    fate = "were" if done else "will be"
    return [*others, f"{len(found)} files {fate} copied back from where they are published: {paths}"]


def _split(reason: str) -> tuple[str, list[str]]:
    """A sentence without what it is about, and that: the one format or file, or nothing."""
    file = _FILE.fullmatch(reason)
    if file:
        return file[1] + _FILES, [file[2]]
    formats = list(dict.fromkeys(_FORMAT.findall(reason)))
    if len(formats) != 1:
        return reason, []
    return _FORMAT.sub(_FORMATS, _BOTH_EDGES.sub(r"\1 \2", reason)), formats


def _joined(sentence: str, subjects: list[str]) -> str:
    return sentence.replace(_FORMATS, ", ".join(subjects)).replace(_FILES, listed(subjects, _MOST_FILES))
