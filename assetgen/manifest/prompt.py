"""Templates in the manifest's texts: `{{ brand.colors.primary }}`.

Plain names, and lists joined by a separator, are put in here at once; everything else goes to Jinja's sandbox in
`prompt_jinja`, which is imported only then. Both give the same text. What the names mean is not known here.

Mappings are ordered by key, so that the order of keys in a manifest can never change a prompt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

LONGEST_TEXT = 100_000
"""Characters of a template, and of what it may become."""


class TemplateError(Exception):
    """A template that cannot be rendered: a sentence, a hint, and where: `word` in the `line`-th line, from 1."""

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

Renderer: TypeAlias = Callable[[str, Scope], str]


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


class Templates:
    """Renders the templates of a run, compiling each only once."""

    def __init__(self) -> None:
        self._jinja: Renderer | None = None

    def render(self, text: str, scope: Scope) -> str:
        """`text` with its templates filled in. Raises TemplateError."""
        if len(text) > LONGEST_TEXT:
            raise TemplateError(f"it is longer than {LONGEST_TEXT:,} characters")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        plain = fill_in(text, scope)
        if plain is None:
            return self._render_with_jinja(text, scope)
        if len(plain) > LONGEST_TEXT:
            raise TemplateError(f"what it becomes is longer than {LONGEST_TEXT:,} characters")
        return plain

    def _render_with_jinja(self, text: str, scope: Scope) -> str:
        if self._jinja is None:
            from assetgen.manifest.prompt_jinja import Sandbox  # start-up: most manifests never need it

            self._jinja = Sandbox().render
        return self._jinja(text, scope)


_OPENING = re.compile(r"\{[{%#]")
_NAME = re.compile(
    r"""\{\{ [ \t]*
    ([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    [ \t]* (?: \| [ \t]* join \( [ \t]* ("[^"\\\n]*"|'[^'\\\n]*') [ \t]* \) [ \t]* )? \}\}""",
    re.VERBOSE,
)


def fill_in(text: str, scope: Scope) -> str | None:
    """`text` with plain `{{ dotted.name }}` and `{{ dotted.name | join(", ") }}` replaced; None when it holds anything
    else, or anything that is wrong: Jinja then does it or says what is wrong."""
    parts: list[str] = []
    end = 0
    while opening := _OPENING.search(text, end):
        match = _NAME.match(text, opening.start())
        value = _value_of(match, scope) if match else None
        if match is None or value is None:
            return None
        parts += (text[end : match.start()], value)
        end = match.end()
    return "".join((*parts, text[end:]))


def _value_of(match: re.Match[str], scope: Scope) -> str | None:
    value: object = scope
    for name in match[1].split("."):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    separator = match[2]
    if separator is None:
        return printed(value)
    if isinstance(value, Series) and all(isinstance(item, str) for item in value):
        return separator[1:-1].join(map(str, value))
    return None
