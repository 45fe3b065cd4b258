"""Where the members of a JSON document stand in its text; the json module does not say. Knows nothing of locks."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import TypeAlias

JsonPath: TypeAlias = tuple[str | int, ...]
"""The way to a member: keys of objects, indexes in lists."""


def spelled(path: JsonPath) -> str:
    """A place in a JSON document as people write it: `assets.coin.masters[0].width`."""
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f"[{part}]"
        elif re.fullmatch(r"[\w-]+", part):
            words += f".{part}"
        else:
            words += f"[{json.dumps(part, ensure_ascii=False)}]"
    return f"`{words.removeprefix('.')}`"


def offsets(text: str) -> dict[JsonPath, int]:
    """Where each member of a JSON document starts."""
    return dict(_members(text))


def repeated(text: str) -> Iterator[tuple[JsonPath, int]]:
    """The members that stand there a second time."""
    seen: set[JsonPath] = set()
    for path, offset in _members(text):
        if path in seen:
            yield path, offset
        seen.add(path)


def _members(text: str) -> list[tuple[JsonPath, int]]:
    """Every member of a valid JSON document, in order: its path, and the offset of its key or, in a list, its value."""
    found: list[tuple[JsonPath, int]] = []
    with contextlib.suppress(RecursionError):  # deeper than anything of ours: the places found so far will do
        _walk(text, _behind_space(text, 0), (), found)
    return found


def _walk(text: str, at: int, path: JsonPath, found: list[tuple[JsonPath, int]]) -> int:
    """Note the members of the value that starts at `at`; returns the offset behind it."""
    opening = text[at]
    if opening not in "{[":
        return _DECODER.raw_decode(text, at)[1]
    at, count = _behind_space(text, at + 1), 0
    while text[at] not in "}]":
        part: str | int = count
        start = at
        if opening == "{":
            part, at = _DECODER.raw_decode(text, at)
            at = _behind_space(text, _behind_space(text, at) + 1)
        found.append(((*path, part), start))
        at = _behind_space(text, _walk(text, at, (*path, part), found))
        at = _behind_space(text, at + 1) if text[at] == "," else at
        count += 1
    return at + 1


_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


def _behind_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
