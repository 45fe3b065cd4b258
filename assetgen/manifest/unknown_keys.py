"""Keys that a manifest does not have: which one was meant, or where it belongs. Pure text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from assetgen.manifest.asset_model import Asset, Defaults, QualityByFormat
from assetgen.manifest.document import KeyPath
from assetgen.manifest.fields import SPELLINGS
from assetgen.manifest.models import Brand, Lint, Manifest, ProviderTuning
from assetgen.manifest.suggest import closest, did_you_mean, nearly, plain

_NAMED = frozenset(("brands", "providers", "assets"))
"""Keys whose mapping is from names that users give to models of ours."""

_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("width", "height", "dimensions", "resize", "pixels", "retina", "scales"), "sizes"),
    **dict.fromkeys(("ratio", "shape", "aspect"), "aspect_ratio"),
    **dict.fromkeys(("bg", "nobg", "transparent", "transparency", "removebackground", "cutout", "matte"), "removeBg"),
    **dict.fromkeys(("negativeprompt", "negative", "avoid", "without"), "exclude"),
    **dict.fromkeys(("image", "images", "inputimage", "imageinput", "imageurls", "ref", "refs"), "references"),
    **dict.fromkeys(("n", "count", "numimages", "samples", "candidates", "alternatives"), "variants"),
    **dict.fromkeys(("alt", "alttext", "desc", "title", "caption", "comment", "note"), "description"),
    **dict.fromkeys(("out", "outdir", "outputdir", "dest", "destination", "target", "folder", "dir"), "output"),
    **dict.fromkeys(("text", "instructions"), "prompt"),
    **dict.fromkeys(("compression", "compress"), "quality"),
    **dict.fromkeys(("maxsize", "maxfilesize", "maxkb", "bytes"), "max_bytes"),
    **dict.fromkeys(("ext", "extension", "extensions", "filetype", "outputformat"), "formats"),
    **dict.fromkeys(("icons", "icon", "platforms"), "presets"),
    **dict.fromkeys(("scale", "enlarge"), "upscale"),
    **dict.fromkeys(("engine",), "model"),
    **dict.fromkeys(("service", "api"), "provider"),
    **dict.fromkeys(("renamedfrom", "oldname", "previously", "was"), "moved_from"),
    **dict.fromkeys(("lock", "locked", "pinned"), "frozen"),
    **dict.fromkeys(("params", "parameters", "options", "extra"), "input"),
    **dict.fromkeys(("reroll", "revision", "iteration"), "take"),
    **dict.fromkeys(("cols",), "columns"),
    **dict.fromkeys(("gap", "spacing"), "gutter"),
    **dict.fromkeys(("names", "items"), "cells"),
    **dict.fromkeys(("palette", "primary", "primarycolor", "secondary", "secondarycolor", "accent"), "colors"),
    **dict.fromkeys(("disable", "disabled", "ignore", "silence"), "off"),
    **dict.fromkeys(("eur", "amount", "max", "limit", "dollars"), "usd"),
    **dict.fromkeys(("timeout", "patience"), "image_timeout"),
    **dict.fromkeys(("interval", "pollinterval"), "poll_initial"),
    **dict.fromkeys(("variables", "values", "context"), "vars"),
    **dict.fromkeys(("include", "includes", "base", "inherit"), "extends"),
}
"""By what other tools, and people, call a thing: our key for it."""

_SECRETS = frozenset(("apikey", "key", "token", "secret", "url", "baseurl", "endpoint"))


def key_hint(key: str, holder: KeyPath) -> str | None:
    """Where an unknown key of the mapping at `holder` belongs, or what it was probably meant to be."""
    strange = next((character for character in key if not character.isprintable() or ord(character) == 0xA0), None)
    if strange is not None:
        return f"it has the character U+{ord(strange):04X} in it: write plain spaces"
    model = _model_at(holder)
    if model is None:
        return None
    if model is ProviderTuning and plain(key) in _SECRETS:
        return "keys and addresses come from the environment, such as `KIE_AI_API_KEY`: a manifest is committed"
    if model is QualityByFormat and key == "png":
        return "PNG files are always lossless"
    if model is Asset and key == "name":
        return "an asset is called what stands before its `:`"
    return _misplaced(key, model) or _inner(key, model) or _guess(key, model)


def meant_key(key: str, known: Collection[str]) -> str | None:
    """Which of the known keys an unknown one was probably meant to be."""
    elsewhere = _ELSEWHERE.get(plain(key))
    return elsewhere if elsewhere in known else closest(key, known)


def keys_of(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The keys of a model as they are written."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _guess(key: str, model: type[BaseModel]) -> str | None:
    meant = meant_key(key, keys_of(model))
    if meant is None:
        return did_you_mean(key, keys_of(model))
    if model is Lint and meant == "off":
        return "did you mean `off`? It lists the warnings to silence"
    if model is Brand and meant == "colors" and key not in ("colours", "color", "palette"):
        return f'did you mean `colors: {{{key}: "#EC4899"}}`?'
    return f"did you mean `{meant}`?"


def _misplaced(key: str, model: type[BaseModel]) -> str | None:
    if model is Manifest and key in keys_of(Asset):
        return f"`{key}` belongs in an asset or in `defaults`"
    if model in (Asset, Defaults) and key in keys_of(Manifest):
        return f"`{key}` belongs at the top of the manifest"
    if model is Defaults and key in keys_of(Asset):
        return f"`{key}` belongs in an asset"
    return None


def _inner(key: str, model: type[BaseModel]) -> str | None:
    """`crop` on an asset belongs in its `removeBg`; `preset` is a slip, and `width` what other tools call `sizes`."""
    if _ELSEWHERE.get(plain(key)) in keys_of(model) or nearly(key, keys_of(model)):
        return None
    inner = {name: _model_in(field.annotation) for name, field in keys_of(model).items()}
    holder = next((name for name, found in inner.items() if found and key in keys_of(found)), None)
    return f"`{key}` belongs in `{holder}`" if holder else None


def _model_at(path: KeyPath) -> type[BaseModel] | None:
    """The model of the mapping at `path`."""
    model: type[BaseModel] = Manifest
    steps = iter(path)
    for step in steps:
        if isinstance(step, int):
            continue
        field = keys_of(model).get(SPELLINGS.get(step, step))
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return None
        if step in _NAMED:
            next(steps, None)
        model = inner
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field's type mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
