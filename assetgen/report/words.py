"""How numbers, money, time and foreign text are written for people. Pure; knows no stream and no asset."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable

from assetgen.plan.cost import money as money

_INVISIBLE = (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Control characters, and those that turn the direction of text: a service's words must not drive the terminal."""

_ESCAPES = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in _INVISIBLE if chr(code) not in "\n\t"
}


def printable(text: str) -> str:
    """`text` with everything that could steer a terminal made visible."""
    return text.translate(_ESCAPES)


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 05 s`, `1 h 02 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def listed(items: Iterable[str], most: int) -> str:
    """The first `most` items, and how many more there are."""
    items = list(items)
    shown = ", ".join(items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most} more"


def columns(text: str) -> int:
    """How many terminal cells `text` takes: wide characters take two, combining ones none."""
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, width: int) -> str:
    """`text` followed by as many spaces as it takes to fill `width` cells."""
    return text + " " * (width - columns(text))


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def wrapped(line: str, width: int) -> str:
    """A coloured line broken between words, at the latest after `width` cells; a word never is."""
    lines = [""]
    for word in line.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and columns(_COLOUR.sub("", longer)) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


_GLUE = "\ue000"
"""Stands for a space at which no line is broken."""

_COMMAND = re.compile(r"`(?:assetgen|pip) [^`\n]+`")


def folded(text: str, width: int, indent: str = "") -> str:
    """`text` wrapped to `width` cells, later lines indented. Words longer than a line, as paths are, stay whole, and so
    do quoted commands that fit on one: they are there to be copied."""
    width = max(20, width)
    lines = _COMMAND.sub(lambda found: _glued(found[0], width), text).splitlines() or [""]
    wrapped = [
        part
        for line in lines
        for part in textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
    ]
    return f"\n{indent}".join(wrapped).replace(_GLUE, " ")


def _glued(command: str, width: int) -> str:
    return command.replace(" ", _GLUE) if len(command) <= width else command
