"""Manifests for the tests of this room: written to a folder, loaded, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

from assetgen.catalog import CATALOG, Catalog
from assetgen.errors import ManifestError, Problem
from assetgen.manifest.load import load
from assetgen.manifest.recipe import Export, LoadedManifest, Recipe


def loaded(folder: Path, text: str, catalog: Catalog = CATALOG) -> LoadedManifest:
    """The manifest with this text, as `app.yaml` in the folder."""
    (folder / "app.yaml").write_text(text, encoding="utf-8")
    (manifest,) = load([Path("app.yaml")], catalog, folder)
    return manifest


def recipe(folder: Path, text: str, catalog: Catalog = CATALOG) -> Recipe:
    """The only asset of the manifest with this text."""
    (only,) = loaded(folder, text, catalog).recipes
    return only


def exports(made: Recipe) -> list[Export]:
    """The settings of its outputs, none of which belongs to a preset."""
    return [spec.export for spec in made.outputs if isinstance(spec.export, Export)]


def problems(folder: Path, text: str | bytes, catalog: Catalog = CATALOG) -> tuple[Problem, ...]:
    """Everything that is wrong with the manifest; nothing when it loads."""
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "app.yaml").write_bytes(data)
    try:
        load([Path("app.yaml")], catalog, folder)
    except ManifestError as error:
        return error.problems
    return ()


def said(problem: Problem) -> str:
    """`line:column message`, for comparing."""
    place = problem.place
    assert place is not None
    return f"{place.line}:{place.column} {problem.message}" if place.line else problem.message
