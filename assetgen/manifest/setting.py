"""What all assets of one manifest have in common while they are resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from assetgen.catalog import Catalog
from assetgen.errors import Place, Problem
from assetgen.manifest.brands import Brands
from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.document import Document, word_column
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
            check_braces(text, scope)
            return self.templates.render(text, scope)
        except TemplateError as error:
            path = settled.path(field, *inner)
            place = self.document.text_place(path, error.line, error.word)
            problem = self.document.problem("template", f"{subject(path)}: {error.message}", place, error.hint)
            self.problems.append(_in_file(error, error.file) if error.file else problem)
            return None


def _in_file(error: TemplateError, file: TemplateFile) -> Problem:
    """The problem in an included file: the same for all assets that include it."""
    lines = file.text.split("\n")
    line = lines[error.line - 1] if error.line <= len(lines) else ""
    place = Place(file.shown, error.line, word_column(line, error.word))
    return Problem("template", error.message, place, error.hint, line)
