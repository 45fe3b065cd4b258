"""A YAML file, read into a `Document`: plain data with places.

The only module that knows YAML, and only its syntax: what the keys mean is not known here. It reads events and not
PyYAML's node tree, so that depth and aliases are limited before anything is built, and so that either of PyYAML's
parsers gives the same result.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from assetgen.errors import ManifestError, Place, Problem
from assetgen.manifest.document import Data, Document, KeyPath, LongText, Mark
from assetgen.manifest.scalars import NumberRangeError, plain_value
from assetgen.manifest.suggest import closest, did_you_mean
from assetgen.manifest.yaml_words import Complaint, in_plain_words

LARGEST_FILE = 2 * 1024 * 1024
"""Bytes. Ten thousand assets fit."""

DEEPEST = 32
"""Levels of nesting."""

MOST_ALIASED = 100_000
"""Values that all aliases of a file together may stand for: ten lines of aliases to aliases could otherwise stand for
billions."""

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8")
"""How files begin that are no text."""

FAST_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_SIX_DIGITS = re.compile("[0-9a-fA-F]{6}")
_STRANGE_SPACE = re.compile("[\xa0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]")
"""What looks like a space, or like nothing, and is none in YAML."""

_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_document(path: Path, shown: str) -> Document:
    """The file at `path`, called `shown` in messages. Raises ManifestError for a file that cannot be read at all."""
    data = _read_bytes(path, shown)
    if path.suffix == ".lock" and data.lstrip().startswith(b"{"):
        hint = f"name the manifest that it belongs to: {shown.removesuffix('.lock')}.yaml"
        raise _file_error("not-a-manifest", f"{shown} is a lockfile, not a manifest", shown, hint)
    return parse_document(data, shown)


def parse_document(data: bytes, shown: str, loader: Any = FAST_LOADER) -> Document:
    """The YAML document in `data`. Raises ManifestError for what is not one document of plain data."""
    text = _decode(data, shown)
    lines = tuple(_LINE_END.split(text))
    builder = _Builder(shown, lines)
    try:
        value = builder.document(loader(text).get_event)  # `yaml.parse` does the same in twice the calls
    except yaml.MarkedYAMLError as error:
        raise ManifestError((*builder.problems, _syntax_problem(error, shown, lines))) from None
    except _StopError as error:
        raise ManifestError((*builder.problems, error.problem)) from None
    return Document(
        shown,
        value,
        lines,
        tuple(builder.problems),
        builder.keys,
        builder.values,
        builder.long_texts,
        builder.aliases,
    )


def _read_bytes(path: Path, shown: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise _file_error("folder", f"{shown} is a folder", shown, _manifests_in(path, shown))
        if not stat.S_ISREG(mode):
            raise _file_error("unreadable", f"{shown} is not a regular file", shown)
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise _file_error("missing-file", f"{shown} does not exist", shown, _sibling_hint(path)) from None
    except OSError as error:
        raise _file_error("unreadable", f"{shown} cannot be read: {error.strerror}", shown) from None
    if len(data) > LARGEST_FILE:
        raise _file_error("too-large", f"{shown} is larger than 2 MiB", shown, "split it into several manifests")
    return data


def _decode(data: bytes, shown: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _file_error("encoding", f"{shown} is UTF-16, not UTF-8", shown, "save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith(_PICTURES):
            raise _file_error("not-a-manifest", f"{shown} is a picture, not a manifest", shown) from None
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        message = f"byte {data[error.start]:#04x} is not UTF-8"
        raise ManifestError((Problem("encoding", message, Place(shown, line, column), "save it as UTF-8"),)) from None
    bad = _NOT_TEXT.search(text)
    if bad:
        raise ManifestError((_control_character(text, bad.start(), shown),))
    return text


def _control_character(text: str, index: int, shown: str) -> Problem:
    before = _LINE_END.split(text[:index])
    message = f"the control character U+{ord(text[index]):04X} is not text"
    return Problem("encoding", message, Place(shown, len(before), len(before[-1]) + 1), "delete it")


def _file_error(code: str, message: str, shown: str, hint: str | None = None) -> ManifestError:
    return ManifestError((Problem(code, message, Place(shown), hint),))


def _manifests_in(folder: Path, shown: str) -> str:
    names = sorted(entry.name for entry in folder.glob("*.y*ml"))
    return f"name a manifest in it: {shown.rstrip('/')}/{names[0]}" if names else "name a manifest file"


def _sibling_hint(path: Path) -> str | None:
    if not path.parent.is_dir():
        return f"there is no folder {path.parent.name} either" if path.parent.name else None
    names = sorted(entry.name for entry in path.parent.glob("*.y*ml"))
    return did_you_mean(path.name, names) if names else "`assetgen init` writes a first manifest"


def _syntax_problem(error: yaml.MarkedYAMLError, shown: str, lines: tuple[str, ...]) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = _mark(mark) if mark else (1, 1)
    begin = _mark(error.context_mark) if error.context_mark else None
    words = in_plain_words(Complaint(error.problem or str(error), place, begin), lines)
    excerpt = lines[words.mark[0] - 1] if words.mark[0] <= len(lines) else None
    return Problem("yaml", words.sentence, Place(shown, *words.mark), words.hint, excerpt)


def _mark(mark: Any) -> Mark:
    return mark.line + 1, mark.column + 1


class _StopError(Exception):
    """The document cannot be read on from here."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True)
class _Anchor:
    """What an anchor stands for; `size` counts the values in it and stays None until it is complete."""

    path: KeyPath
    value: Data = None
    size: int | None = None


class _Builder:
    """Turns parsing events into data, and remembers places and mistakes on the way."""

    _next: Callable[[], Any]

    def __init__(self, shown: str, lines: tuple[str, ...]) -> None:
        self._shown = shown
        self._lines = lines
        self._anchors: dict[str, _Anchor] = {}
        self._size = 0
        self._aliased = 0
        self.problems: list[Problem] = []
        self.keys: dict[KeyPath, Mark] = {}
        self.values: dict[KeyPath, Mark] = {}
        self.long_texts: dict[KeyPath, LongText] = {}
        self.aliases: dict[KeyPath, KeyPath] = {}

    def document(self, next_event: Callable[[], Any]) -> Data:
        """The value of the one document in the stream, None when there is none."""
        self._next = next_event
        next_event()  # the start of the stream
        if isinstance(next_event(), yaml.StreamEndEvent):
            return None
        value = self._value(next_event(), ())
        next_event()  # the end of the document
        after = next_event()
        if isinstance(after, yaml.DocumentStartEvent):
            self._stop(after, "a second YAML document begins here", "put it into a manifest of its own")
        return value

    def _value(self, event: Any, path: KeyPath) -> Data:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        if len(path) > DEEPEST:
            self._stop(event, f"this is nested more than {DEEPEST} levels deep", "a manifest needs fewer")
        self.values[path] = _mark(event.start_mark)
        if event.tag:
            self._complain(event, f"the tag `{event.tag}` is not accepted: a manifest is plain data", "delete the tag")
        return self._anchored(event, path) if event.anchor else self._content(event, path)

    def _anchored(self, event: Any, path: KeyPath) -> Data:
        anchor = self._anchors[event.anchor] = _Anchor(path)
        before = self._size
        anchor.value = self._content(event, path)
        anchor.size = self._size - before
        return anchor.value

    def _alias(self, event: Any, path: KeyPath) -> Data:
        anchor = self._anchors.get(event.anchor)
        if anchor is None:
            near = closest(event.anchor, self._anchors)
            self._stop(event, f"unknown alias `*{event.anchor}`", f"did you mean `*{near}`?" if near else None)
        if anchor.size is None:
            self._stop(event, f"the alias `*{event.anchor}` stands inside what it stands for", "write the value out")
        self._size += anchor.size
        self._aliased += anchor.size
        if self._aliased > MOST_ALIASED:
            self._stop(event, f"aliases stand for more than {MOST_ALIASED:,} values", "write fewer aliases to aliases")
        self.values[path] = _mark(event.start_mark)
        self.aliases[path] = anchor.path
        return anchor.value

    def _content(self, event: Any, path: KeyPath) -> Data:
        self._size += 1
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return self._mapping(path)

    def _scalar(self, event: Any, path: KeyPath) -> Data:
        if event.end_mark.line > event.start_mark.line:
            first = event.start_mark.line + (2 if event.style in ("|", ">") else 1)
            last = event.end_mark.line + (1 if event.end_mark.column else 0)
            self.long_texts[path] = LongText(first, last, event.style == "|")
        if event.style:
            return self._quoted(event)
        try:
            return plain_value(event.value)
        except NumberRangeError:
            if _SIX_DIGITS.fullmatch(event.value):  # a colour, such as 5e1234
                return str(event.value)
            self._complain(event, "this number is out of range", "put it in quotes if it is text")
            return 1  # stands in, so that nothing more is said about it

    def _quoted(self, event: Any) -> str:
        text = str(event.value)
        bad = _NOT_TEXT.search(text) if event.style == '"' else None
        if bad:
            self._complain(event, f"the control character U+{ord(bad[0]):04X} is not text", "leave the escape out")
        return text

    def _list(self, path: KeyPath) -> list[Data]:
        values: list[Data] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _mapping(self, path: KeyPath) -> dict[str, Data]:
        mapping: dict[str, Data] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            inner = (*path, key)
            if key in mapping:
                self._complain(event, f"duplicate key `{key}`", f"it is first written at line {self.keys[inner][0]}")
            self.keys.setdefault(inner, _mark(event.start_mark))
            value = self._value(self._next(), inner)
            if key == "<<" and not event.style:
                self._complain(event, "`<<` does not merge here", "write what assets share under `defaults`")
            else:
                mapping[key] = value
        return mapping

    def _key(self, event: Any) -> str:
        """Keys are text as it is written: `1` and `true` too."""
        if isinstance(event, yaml.MappingStartEvent):
            self._stop(event, "text cannot begin with `{{`", "put the text in quotes")
        if not isinstance(event, yaml.ScalarEvent) or not event.value:
            self._stop(event, "a key has to be plain text", "quote it if it begins with a special character")
        strange = _STRANGE_SPACE.match(event.value)
        if strange:
            character = f"the space U+{ord(strange[0]):04X}"
            self._stop(event, f"{character} is no indent in YAML", "indent with plain spaces")
        if event.tag or event.anchor:
            self._complain(event, "a key cannot have a tag or an anchor", "put it before the value")
        return str(event.value)

    def _complain(self, event: Any, message: str, hint: str | None) -> None:
        self.problems.append(self._problem(event, message, hint))

    def _stop(self, event: Any, message: str, hint: str | None) -> NoReturn:
        raise _StopError(self._problem(event, message, hint))

    def _problem(self, event: Any, message: str, hint: str | None) -> Problem:
        line, column = _mark(event.start_mark)
        return Problem("yaml", message, Place(self._shown, line, column), hint, self._lines[line - 1])
