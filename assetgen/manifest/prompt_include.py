"""Jinja's way to the files that templates include, and from a failure back to the line that it came from.

Part of `prompt_jinja`, imported with it. Which files there are is decided in `template_files`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType

from jinja2 import BaseLoader, Environment, TemplateSyntaxError
from jinja2.exceptions import TemplateNotFound

from assetgen.manifest.template import Scope, TemplateError, TemplateFile, check_braces
from assetgen.manifest.template_files import MissingTemplateError, TemplateFolders

OWN_TEXT = "<template>"
"""What Jinja calls the file of a template that stands in a manifest."""


class NotFoundError(TemplateNotFound):
    """Jinja's word for a missing file, which `ignore missing` waits for; `reason` is ours."""

    def __init__(self, name: str, reason: TemplateError) -> None:
        super().__init__(name)
        self.reason = reason


class Includes(BaseLoader):
    """Loads files for Jinja. `scope` are the names that the rendering under way may use."""

    def __init__(self, folders: TemplateFolders) -> None:
        self.folders = folders
        self.scope: Scope = {}
        self._files: dict[str, TemplateFile] = {}

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - Jinja's signature
        template: str,
    ) -> tuple[str, str, Callable[[], bool] | None]:
        try:
            file = self.folders.read(template)
        except MissingTemplateError as error:
            raise NotFoundError(template, error) from None
        self._files[file.shown] = file
        try:
            check_braces(file.text, self.scope)
        except TemplateError as error:
            error.file = file
            raise
        return file.text, file.shown, None

    def file(self, shown: str | None) -> TemplateFile | None:
        return self._files.get(shown) if shown is not None else None

    def located(self, error: TemplateError, cause: Exception) -> TemplateError:
        """`error` with the place where `cause` came about: a line of a file, or of the manifest's own text."""
        if isinstance(cause, TemplateSyntaxError):
            error.file = self.file(cause.filename)
        elif error.file is None:
            steps = [step for step in _steps(cause.__traceback__) if step[0] == OWN_TEXT or step[0] in self._files]
            if steps:
                shown, error.line = steps[-1]
                error.file = self.file(shown)
        return error


def _steps(traceback: TracebackType | None) -> Iterator[tuple[str, int]]:
    """File and line of each frame; Jinja gives its templates frames of their own."""
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next
