"""What all assets of one manifest have in common while they are resolved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from assetgen.catalog import Catalog
from assetgen.errors import Place, Problem
from assetgen.manifest.brands import Brands
from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.document import Document, KeyPath, word_column
from assetgen.manifest.paths import Boundary
from assetgen.manifest.prompt import Templates
from assetgen.manifest.template import Scope, TemplateError, TemplateFile, check_braces

Look: TypeAlias = Callable[[Path], None]
"""Looks at a file that should be a picture. Raises PictureError that says what it is instead, and OSError."""


@dataclass(slots=True)
class Setting:
    """The manifest around an asset. `problems` gathers what is wrong with any of them; `output` and `publish` are safe
    paths; `assets` are all of them, by folded name."""

    document: Document
    catalog: Catalog
    templates: Templates
    boundary: Boundary
    brands: Brands
    variables: object
    output: str
    publish: tuple[str, ...]
    look: Look
    assets: Mapping[str, Settled] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, code: str, message: str, place: Place, hint: str | None = None) -> None:
        self.problems.append(self.document.problem(code, message, place, hint))

    def render(self, settled: Settled, field: str, text: str, scope: Scope, *inner: int) -> str | None:
        """The text of a field, or of an entry of it, with its template filled in; None when that cannot be done."""
        try:
            return self._filled_in(text, scope)
        except TemplateError as error:
            path = settled.path(field, *inner)
            self.problems += [self._explained(one, path) for one in (error, *self._others(text, scope))]
            return None

    def _filled_in(self, text: str, scope: Scope) -> str:
        check_braces(text, scope)
        return self.templates.render(text, scope)

    def _others(self, text: str, scope: Scope) -> Iterator[TemplateError]:
        """What else is wrong with a text: rendering ends at its first mistake. Where a tag gives names to what stands
        behind it, nothing can be said of the parts alone."""
        for part in _EXPRESSION.finditer(text) if not _NAMING.search(text) else ():
            try:
                self._filled_in(part[0], scope)
            except TemplateError as error:
                error.line += text.count("\n", 0, part.start())
                yield error

    def _explained(self, error: TemplateError, path: KeyPath) -> Problem:
        if error.file:
            return _in_file(error, error.file)
        place = self.document.text_place(path, error.line, error.word)
        return self.document.problem("template", f"{subject(path)}: {error.message}", place, error.hint)


_NAMING = re.compile(r"\{%(?![-+]?\s*include\b)")
"""A tag that may give names; what is included is not seen outside."""

_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def _in_file(error: TemplateError, file: TemplateFile) -> Problem:
    """The problem in an included file: the same for all assets that include it."""
    lines = file.text.split("\n")
    line = lines[error.line - 1] if error.line <= len(lines) else ""
    place = Place(file.shown, error.line, word_column(line, error.word))
    return Problem("template", error.message, place, error.hint, line)
