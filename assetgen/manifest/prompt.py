"""Templates in the manifest's texts: `{{ brand.colors.primary }}`.

Plain names, and lists joined by a separator, are put in here at once; everything else goes to Jinja's sandbox in
`prompt_jinja`, which is imported only then. Both give the same text. What the names mean is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from assetgen.manifest.template import LONGEST_TEXT, Scope, Series, TemplateError, printed
from assetgen.manifest.template_files import TemplateFolders

Renderer: TypeAlias = Callable[[str, Scope], str]


class Templates:
    """Renders the templates of a manifest, compiling each only once. They may include files in `folders`."""

    def __init__(self, folders: TemplateFolders | None = None) -> None:
        self.folders = TemplateFolders() if folders is None else folders
        self._jinja: Renderer | None = None

    def render(self, text: str, scope: Scope) -> str:
        """`text` with its templates filled in. Raises TemplateError."""
        if len(text) > LONGEST_TEXT:
            raise TemplateError(f"it is longer than {LONGEST_TEXT:,} characters")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "{" not in text:  # most texts: names, exclusions, descriptions
            return text
        plain = fill_in(text, scope)
        if plain is None:
            return self._render_with_jinja(text, scope)
        if len(plain) > LONGEST_TEXT:
            raise TemplateError(f"what it becomes is longer than {LONGEST_TEXT:,} characters")
        return plain

    def _render_with_jinja(self, text: str, scope: Scope) -> str:
        if self._jinja is None:
            from assetgen.manifest.prompt_jinja import Sandbox  # start-up: most manifests never need it

            self._jinja = Sandbox(self.folders).render
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
