"""Plain data that remembers where in its file every key and value was written. Knows no YAML and no manifest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from assetgen.errors import Place, Problem
from assetgen.manifest.scalars import Scalar

Data: TypeAlias = "Scalar | list[Data] | dict[str, Data]"

KeyPath: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys of mappings and indexes of lists, from the top."""

Mark: TypeAlias = tuple[int, int]
"""Line and column, from 1."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LongText:
    """A text over several lines of the file, `first` to `last`, from 1. In a `literal` one (YAML's `|`) the lines of
    the text are the lines of the file; otherwise YAML folded them."""

    first: int
    last: int
    literal: bool


@dataclass(frozen=True, slots=True)
class Document:
    """One file, or one with others beneath. `shown` is its name in messages; `problems` are mistakes that did not stop
    the reading.

    `aliases` maps the path of an alias to the path of what it stands for, whose marks it shares. `beneath` are the
    files that this one extends, nearest first: `data` is then what all of them come to, and places lead into any.
    """

    shown: str
    data: Data
    lines: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    keys: Mapping[KeyPath, Mark] = field(default_factory=dict)
    values: Mapping[KeyPath, Mark] = field(default_factory=dict)
    long_texts: Mapping[KeyPath, LongText] = field(default_factory=dict)
    aliases: Mapping[KeyPath, KeyPath] = field(default_factory=dict)
    beneath: tuple[Document, ...] = ()

    def at(self, path: KeyPath) -> Data:
        """The value at `path`, None where there is none."""
        found = self.data
        for step in path:
            if isinstance(found, dict) and step in found:
                found = found[str(step)]
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found

    def key_place(self, path: KeyPath) -> Place:
        """Where the last key of `path` is written; the value where there is no such key (an entry of a list)."""
        for layer in self._layers:
            mark = layer._find(layer.keys, path)
            if mark:
                return Place(layer.shown, *mark)
        return self.value_place(path)

    def value_place(self, path: KeyPath) -> Place:
        """Where the value at `path` begins; that of the nearest value around it when `path` leads nowhere."""
        for length in range(len(path), -1, -1):
            for layer in self._layers:
                mark = layer._find(layer.values, path[:length])
                if mark:
                    return Place(layer.shown, *mark)
        return Place(self.shown)

    def text_place(self, path: KeyPath, line: int, word: str = "") -> Place:
        """Where `word` stands, behind a `{`, in the `line`-th line (from 1) of the text at `path`, as nearly as YAML's
        folding of lines lets that be known."""
        written_in = next((layer for layer in self._layers if layer._find(layer.values, path)), self)
        return written_in._own_text_place(path, line, word)

    def _own_text_place(self, path: KeyPath, line: int, word: str) -> Place:
        text = self._find(self.long_texts, path)
        if text is None:
            return self._word_from(self.value_place(path), word)
        if text.literal:
            return self._word_in(min(text.first + line - 1, text.last), word)
        numbers = range(text.first, text.last + 1)
        found = next((number for number in numbers if _column(self._line(number), word) is not None), None)
        return self._word_in(found, word) if found else self.value_place(path)

    def problem(self, code: str, message: str, place: Place, hint: str | None = None) -> Problem:
        """A problem in this file or one beneath, with the line that it points into."""
        layer = next((layer for layer in self._layers if layer.shown == place.file), self)
        return Problem(code, message, place, hint, layer._line(place.line) if place.line else None)

    @property
    def _layers(self) -> tuple[Document, ...]:
        return (self, *self.beneath)

    def _find(self, marks: Mapping[KeyPath, T], path: KeyPath) -> T | None:
        found = marks.get(path)
        if found is not None or not self.aliases:
            return found
        for length in range(len(path), 0, -1):
            original = self.aliases.get(path[:length])
            if original is not None:
                return self._find(marks, original + path[length:])
        return None

    def _line(self, number: int) -> str:
        return self.lines[number - 1] if number <= len(self.lines) else ""

    def _word_in(self, number: int, word: str) -> Place:
        return Place(self.shown, number, word_column(self._line(number), word))

    def _word_from(self, place: Place, word: str) -> Place:
        column = _column(self._line(place.line), word, place.column - 1) if place.line else None
        return place if column is None else Place(place.file, place.line, column)


def word_column(line: str, word: str) -> int:
    """The column, from 1, of `word` behind a `{` of the line, that of its first character where there is no such."""
    return _column(line, word) or len(line) - len(line.lstrip()) + 1


def _column(line: str, word: str, start: int = 0) -> int | None:
    """The column of the whole word `word` in the first braces behind `start` that hold it."""
    if not word:
        return None
    match = re.compile(rf"\{{.*?(?<!\w)({re.escape(word)})(?!\w)").search(line, start)
    return match.start(1) + 1 if match else None
