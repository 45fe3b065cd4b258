"""What templates see of a manifest, and how they fail: shared by the fast path in `prompt` and by `prompt_jinja`.

Mappings are ordered by key, so that the order of keys in a manifest can never change a prompt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

LONGEST_TEXT = 100_000
"""Characters of a template, and of what it may become."""


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A file that templates include: its text, and how messages name it."""

    shown: str
    text: str


class TemplateError(Exception):
    """A template that cannot be rendered: a sentence, a hint, and where: `word` in the `line`-th line, from 1, of the
    text itself or of a `file` that it includes."""

    file: TemplateFile | None = None

    def __init__(self, message: str, hint: str | None = None, line: int = 1, word: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line
        self.word = word


class Names(dict[str, object]):
    """A mapping as templates see it. `path` is what a template calls it."""

    __slots__ = ("path",)

    def __init__(self, values: Mapping[str, object], path: str) -> None:
        super().__init__(values)
        self.path = path


class Series(list[object]):
    """A list as templates see it. `path` is what a template calls it."""

    __slots__ = ("path",)

    def __init__(self, values: list[object], path: str) -> None:
        super().__init__(values)
        self.path = path


Scope: TypeAlias = Mapping[str, object]
"""The names that a template may use."""


_DOTTED = r"(?P<name>(?P<first>[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*)+)"
_ALMOST = (
    re.compile(rf"(?<!\{{)\$?\{{\s*{_DOTTED}\s*\}}(?!\}})"),
    re.compile(rf"(?<!\{{)(?<!\w){_DOTTED}\s*\}}\}}"),
    re.compile(rf"\${_DOTTED}"),
)
"""`${brand.name}` and `{brand.name}`, `brand.name }}`, `$brand.name`."""

_WHOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def check_braces(text: str, scope: Scope) -> None:
    """Raises TemplateError for what is nearly a template, or one of other tools, and would be sent, and paid for, as it
    stands. `{% raw %}` says that it is meant."""
    if "{% raw" in text or not ("{" in text or "}" in text or "$" in text):
        return
    if any(part.count('"') % 2 or part.count("'") % 2 for part in _WHOLE.findall(text)):
        return  # braces in quotes: where templates end can then only be said by reading them
    rest = _WHOLE.sub(lambda found: "\n" * found[0].count("\n") or " ", text)
    for found in (match for almost in _ALMOST for match in almost.finditer(rest)):
        if isinstance(scope.get(found["first"]), Mapping):
            line = rest.count("\n", 0, found.start()) + 1
            message = f"`{found[0]}` is no template and would stay as it stands"
            raise TemplateError(message, f"write `{{{{ {found['name']} }}}}`", line, found["name"])


def seen_by_templates(value: object, path: str) -> object:
    """Plain data as templates see it: mappings ordered by key, everything knowing what it is called."""
    if isinstance(value, Mapping):
        return Names({key: seen_by_templates(value[key], f"{path}.{key}") for key in sorted(value)}, path)
    if isinstance(value, list | tuple):
        return Series([seen_by_templates(item, f"{path}[{index}]") for index, item in enumerate(value)], path)
    return value


def printed(value: object) -> str | None:
    """What a template writes for a value, None when it cannot be written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None
