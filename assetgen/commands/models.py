"""`assetgen models`: what is known of the models. No network, no project."""

from __future__ import annotations

from assetgen.catalog import CATALOG
from assetgen.catalog.models import Model
from assetgen.commands.shell import Shell
from assetgen.errors import UsageError


def run(shell: Shell, id_: str | None) -> int:
    """List all models, or say all about the one called `id_`. Raises UsageError when there is none."""
    from assetgen.report.model_list import list_text, model_text

    models = tuple(CATALOG.models.values()) if id_ is None else (_model(id_),)
    screen = shell.console.result_screen
    text = list_text(models, screen.paint) if id_ is None else model_text(models[0], screen.width, screen.paint)
    if not shell.console.json:
        shell.console.result(text)
        return 0
    from assetgen.report.model_data import models_document

    shell.console.document(models_document(models))
    return 0


def _model(id_: str) -> Model:
    if id_ in CATALOG.models:
        return CATALOG.models[id_]
    from assetgen.manifest.suggest import closest

    near = closest(id_, CATALOG.models)
    guess = f"did you mean `{near}`? " if near else ""
    hint = f"{guess}`assetgen models` lists those that are known; a manifest may name any other all the same"
    raise UsageError(f"nothing is known of a model `{id_}`", hint=hint)
