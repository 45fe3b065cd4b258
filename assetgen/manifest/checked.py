"""A document held against the models: every part of the manifest that holds to them, and all that is wrong with the
rest. What the values then amount to is not known here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import ValidationError

from assetgen.errors import Problem
from assetgen.manifest.asset_model import Asset, Defaults
from assetgen.manifest.brands import Brands, brand_as_written, brands_of
from assetgen.manifest.complaints import Checked, canonical, described, empty_values, subject
from assetgen.manifest.document import Data, Document, KeyPath
from assetgen.manifest.fields import Written
from assetgen.manifest.models import Brand, Head
from assetgen.manifest.naming import NAME_RULE, fold, is_name

M = TypeVar("M", Brand, Asset)
W = TypeVar("W", bound=Written)

_PARTS = frozenset(("brand", "brands", "defaults", "assets"))
"""Keys whose mappings are checked one by one, so that a mistake in one leaves the others of use."""


@dataclass(frozen=True, slots=True)
class CheckedManifest:
    """`top` is the manifest without brands, defaults and assets."""

    top: Head
    brands: Brands
    defaults: Checked[Defaults]
    assets: Mapping[str, Checked[Asset]]
    problems: tuple[Problem, ...]


def check(model: type[W], data: Data, document: Document, path: KeyPath) -> Checked[W]:
    """Holds the mapping at `path` of the document against `model`. One with mistakes is still of use: the keys in error
    are left out, so that everything else can be checked in the same run."""
    if isinstance(data, dict) and next(empty_values(data), None) is None:
        try:
            return Checked(model.model_validate(data), canonical(data))
        except ValidationError:
            pass  # said below, of each key
    from assetgen.manifest.mistakes import without_mistakes  # only mistakes pay for their words

    return without_mistakes(model, data, document, path)


def check_document(document: Document) -> CheckedManifest:
    """Everything in the document that holds to the models, and a problem for everything else."""
    data = document.data
    if not isinstance(data, dict):
        return _no_mapping(document)
    problems = list(document.problems)
    top = check(Head, {key: value for key, value in data.items() if key not in _PARTS}, document, ())
    brand = check(Brand, data.get("brand", {}), document, ("brand",))
    defaults = check(Defaults, data.get("defaults", {}), document, ("defaults",))
    problems += (*top.problems, *brand.problems, *defaults.problems)
    subs = _check_each(Brand, data, "brands", document, problems)
    assets = _check_each(Asset, data, "assets", document, problems)
    for key in ("vars", "brand", "brands"):
        problems += _unrendered(data.get(key), document, (key,))
    own = _brand(brand, data.get("brand"))
    brands = brands_of(own, {name: _brand(sub, _at(data, "brands", name)) for name, sub in subs.items()})
    return CheckedManifest(top.value, brands, defaults, assets, tuple(problems))


def check_beneath(document: Document) -> tuple[Problem, ...]:
    """What is wrong with a file that another extends: all of it but its assets, which nobody asked for."""
    data = document.data
    if isinstance(data, dict):
        document = replace(document, data={key: value for key, value in data.items() if key != "assets"})
    return check_document(document).problems


def _no_mapping(document: Document) -> CheckedManifest:
    place = document.value_place(())
    if document.data is None:
        problem = document.problem("empty", "the manifest is empty", place, "`assetgen init` writes a first one")
    else:
        message = f"a manifest is a mapping, not {described(document.data)}"
        problem = document.problem("type", message, place, "begin it with `version: 1`")
    nothing = Checked(Defaults(), {})
    return CheckedManifest(Head(), brands_of(None, {}), nothing, {}, (*document.problems, problem))


def _check_each(
    model: type[M], data: Mapping[str, Data], key: str, document: Document, problems: list[Problem]
) -> dict[str, Checked[M]]:
    """The mapping of names to mappings at `key`, less the names that cannot be."""
    written = data.get(key, {})
    if not isinstance(written, dict):
        message = f"`{key}` must be a mapping of names, not {described(written)}"
        problems.append(document.problem("type", message, document.value_place((key,)), _names_hint(key, written)))
        return {}
    found: dict[str, Checked[M]] = {}
    names: dict[str, str] = {}
    for name, value in written.items():
        checked = check(model, value, document, (key, name))
        problems += checked.problems
        if not is_name(name):
            problems.append(_bad_name(document, (key, name), f"`{name}` cannot be a name", NAME_RULE))
        elif fold(name) in names:
            message = f"`{name}` and `{names[fold(name)]}` are one name: case does not count"
            problems.append(_bad_name(document, (key, name), message, "choose another name for one of them"))
        elif isinstance(value, dict):
            names[fold(name)] = name
            found[name] = checked
    return found


def _names_hint(key: str, written: Data) -> str:
    return (
        "write each name as a key: `coin: {prompt: ...}`"
        if isinstance(written, list)
        else f"write `{key}:` and names below"
    )


def _bad_name(document: Document, path: KeyPath, message: str, hint: str) -> Problem:
    return document.problem("name", message, document.key_place(path), hint)


def _brand(checked: Checked[Brand], written: Data) -> Brand:
    return brand_as_written(written) if checked.problems else checked.value


def _at(data: Mapping[str, Data], key: str, name: str) -> Data:
    part = data.get(key)
    return part.get(name) if isinstance(part, dict) else None


def _unrendered(data: Data, document: Document, path: KeyPath) -> Iterator[Problem]:
    """Templates in values that templates use: they would reach the prompt as they stand."""
    if isinstance(data, dict):
        items: Iterable[tuple[str | int, Data]] = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    else:
        items = ()
        if isinstance(data, str) and ("{{" in data or "{%" in data):
            message = f"{subject(path)} holds a template, but is not rendered"
            place = document.value_place(path)
            yield document.problem("template", message, place, "write the value out, or move the template to `prompt`")
    for key, value in items:
        yield from _unrendered(value, document, (*path, key))
