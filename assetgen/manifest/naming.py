"""Names: what they may look like, when two are the same, and which files they make. Pure text."""

from __future__ import annotations

import re
import unicodedata

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
LABEL_PATTERN = r"^@?[A-Za-z0-9][A-Za-z0-9_.-]*$"

DEFAULT_FILENAME = "{{ name }}{{ suffix }}.{{ ext }}"
"""Template of an output's file name where none is written."""

NAME_RULE = "a name has letters, digits, `_`, `.` and `-`, and begins with a letter or digit"

_NAME = re.compile(NAME_PATTERN.removesuffix("$") + r"\Z", re.ASCII)


def is_name(text: str) -> bool:
    return _NAME.match(text) is not None


def fold(text: str) -> str:
    """Equal for names and paths that one file system or another takes for the same."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).casefold()


def suffix_of(label: str) -> str:
    """What a size's label adds to a file name: `@2x` as it is, nothing for `@1x` and for the master's size."""
    if not label or label == "@1x":
        return ""
    return label if label.startswith("@") else f"-{label}"
