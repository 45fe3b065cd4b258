"""What a plain YAML scalar means: the YAML 1.2 core rules (https://yaml.org/spec/1.2.2/#1032-tag-resolution), as the
manifest narrows them. Knows text and values only, no YAML.

Only `true` and `false` are booleans and only nothing, `~` and `null` are null, so that `no`, `on`, `16:9` and
`12:30:45` stay the text that was written.
"""

from __future__ import annotations

import math
import re
from typing import TypeAlias

Scalar: TypeAlias = bool | int | float | str | None

_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
_NUMBER_STARTS = frozenset("+-.0123456789")
_DECIMAL = re.compile(r"[-+]?[0-9]+", re.ASCII)
_OCTAL = re.compile(r"0o[0-7]+", re.ASCII)
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", re.ASCII)

LONGEST_NUMBER = 100
"""Characters; a longer run of digits is surely not meant as a number, and slow to read as one."""


class NumberRangeError(ValueError):
    """A number that no computer arithmetic of ours can hold: infinite, not a number, or absurdly long."""


def plain_value(text: str) -> Scalar:
    """The value of an unquoted scalar. Raises NumberRangeError."""
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _NUMBER_STARTS else text


def _number(text: str) -> int | float | str:
    if _DECIMAL.fullmatch(text):
        return int(_short(text))
    if _OCTAL.fullmatch(text):
        return int(_short(text)[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(_short(text)[2:], 16)
    if _FLOAT.fullmatch(text):
        return _finite(float(_short(text)))
    if _NOT_FINITE.fullmatch(text):
        raise NumberRangeError(text)
    return text


def _short(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise NumberRangeError(text)
    return text


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise NumberRangeError(str(value))
    return value
