"""What a model is asked for beside the prompt: its parameters, what `input` adds, and what the model needs.

Everything is held against the table of models, in which the service's own rules stand: it ignores what it does not
know, and charges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assetgen.catalog import Catalog
from assetgen.catalog.models import Field, Model, Parameter, Pictures
from assetgen.digest import Json
from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.fields import ASPECT_RATIOS, RESOLUTIONS
from assetgen.manifest.setting import Setting
from assetgen.manifest.suggest import did_you_mean_of, known_words

PARAMETERS: Mapping[str, tuple[Json, ...]] = {
    "aspect_ratio": ASPECT_RATIOS,
    "resolution": RESOLUTIONS,
    "duration": (),
    "camera_fixed": (False, True),
    "seed": (),
}
"""Fields that are a model's parameters where it has them, with every value that some model knows."""


@dataclass(slots=True)
class Parameters:
    """See `Request`."""

    values: dict[str, Json] = field(default_factory=dict)
    defaulted: set[str] = field(default_factory=set)
    left_out: dict[str, Json] = field(default_factory=dict)


def parameters_of(settled: Settled, model: Model, setting: Setting) -> Parameters:
    """The model's parameters: as the asset says, else as `defaults` say where that applies, else built in. Of a model
    that is not in the table they are what is written, under the names of the manifest."""
    parameters = Parameters()
    if settled.asset.model != model.id:
        parameters.defaulted.add("model")
        if settled.asset.model is not None:
            parameters.left_out["model"] = settled.asset.model
    for name in PARAMETERS:
        if model.listed:
            _settle_parameter(name, settled, model, setting, parameters)
        elif (written := getattr(settled.asset, name)) is not None:
            parameters.values[name] = written
    _check_together(settled, model, parameters, setting)
    return parameters


def check_input(settled: Settled, model: Model, parameters: Parameters, setting: Setting) -> None:
    """What has a field of its own must not be said a second time in `input`, and the rest must be what the model
    takes."""
    own = {"prompt": "prompt", **{parameter.wire: parameter.name for parameter in model.parameters}}
    if model.first_frame is not None and settled.asset.source is not None:
        own[model.first_frame.wire] = "source"
    if model.pictures is not None and settled.asset.references:
        own[model.pictures.wire] = "references"
    if not model.listed:
        own |= {name: name for name in parameters.values}
    for name, value in (settled.asset.input or {}).items():
        path = settled.path("input", name)
        if name in own:
            message = f"{subject(path)} is not passed on: it is what `{own[name]}` says"
            setting.complain("value", message, setting.document.key_place(path), f"write `{own[name]}` instead")
            continue
        _check_further(name, value, settled, model, setting)


def check_pictures(settled: Settled, model: Model, setting: Setting) -> None:
    """A model that works on pictures needs one."""
    given = settled.asset.input or {}
    still = model.first_frame
    if still and still.required and settled.asset.source is None and still.wire not in given:
        message = f"the model `{model.id}` makes a video out of a still, and asset `{settled.name}` shows it none"
        hint = "write `source: asset:NAME`, a file or a URL, or take a model that needs none: "
        hint += _makers_of_videos(setting.catalog)
        setting.complain("missing-picture", message, settled.place("model"), hint)
    if model.pictures and model.pictures.required and not settled.asset.references and model.pictures.wire not in given:
        message = f"the model `{model.id}` works on pictures, and asset `{settled.name}` shows it none"
        hint = "write what it is to work on: `references: [asset:NAME]` or a file, or take a model that needs none"
        setting.complain("missing-picture", message, settled.place("model"), hint)


def _makers_of_videos(catalog: Catalog) -> str:
    """The models that make videos out of words alone."""
    videos = (model for model in catalog.models.values() if model.kind == "video")
    return ", ".join(f"`{one.id}`" for one in videos if not any(pictures.required for pictures in one.shown))


def _check_further(name: str, value: Json, settled: Settled, model: Model, setting: Setting) -> None:
    """A field of the service's own, which the table may know."""
    known = next((pictures for pictures in model.shown if pictures.wire == name), None) or model.other(name)
    if known is not None and not known.accepts(value):
        message = f"{subject(settled.path('input', name))} is not what the model `{model.id}` takes"
        setting.complain("value", message, settled.place("input", name), _allowed(known, value))


def _settle_parameter(name: str, settled: Settled, model: Model, setting: Setting, parameters: Parameters) -> None:
    parameter = model.parameter(name)
    written: Json = getattr(settled.asset, name)
    if written is not None:
        if parameter is not None and parameter.accepts(written):
            parameters.values[name] = written
            return
        if settled.is_own(name) or not _known_somewhere(name, written, setting.catalog):
            _wrong_parameter(name, written, parameter, settled, model, setting)
            return
        parameters.left_out[name] = written
    if parameter is None:
        return
    built_in: Json = getattr(setting.catalog, name, None) if model.kind != "video" else None
    default = built_in if parameter.accepts(built_in) else parameter.default
    if default is not None:
        parameters.values[name] = default
        parameters.defaulted.add(name)


def _known_somewhere(name: str, value: Json, catalog: Catalog) -> bool:
    found = (model.parameter(name) for model in catalog.models.values())
    return value in PARAMETERS[name] or any(parameter.accepts(value) for parameter in found if parameter)


def _wrong_parameter(
    name: str, value: Json, parameter: Parameter | None, settled: Settled, model: Model, setting: Setting
) -> None:
    field_name = subject(settled.path(name))
    if parameter is None:
        message = f"{field_name} does not apply to the model `{model.id}`"
        setting.complain("not-applicable", message, settled.place(name), "delete the line")
        return
    message = f"{field_name} cannot be `{value}`: the model `{model.id}` does not know it"
    known = parameter.allowed
    hint = _ratio_hint(str(value), known) if name == "aspect_ratio" else _hint(str(value), known)
    setting.complain("value", message, settled.place(name), hint)


_SHAPES = {"square": "1:1", "landscape": "16:9", "wide": "16:9", "widescreen": "16:9", "portrait": "9:16"}
_RESOLUTIONS = {"1024": "1K", "2048": "2K", "4096": "4K", "hd": "720p", "fullhd": "1080p", "fhd": "1080p", "uhd": "4K"}


def _hint(value: str, known: Sequence[str]) -> str:
    """Also for resolutions as screens and pixels are called: `HD`, `1024x1024`."""
    edge = re.split(r"\s*[x×*]\s*", value.lower())[-1].replace(" ", "").removesuffix("px")
    meant = _RESOLUTIONS.get(edge)
    if meant in known:
        return f"did you mean `{meant}`? {known_words(known)}"
    return did_you_mean_of(value, known)


def _ratio_hint(value: str, known: Sequence[str]) -> str:
    """No ratio is nearly another, but one may be written in another way."""
    plain = value.strip().lower()
    meant = _SHAPES.get(plain) or re.sub(r"[\s/x×-]+", ":", plain)
    return f"did you mean `{meant}`? {known_words(known)}" if meant in known else known_words(known)


def _check_together(settled: Settled, model: Model, parameters: Parameters, setting: Setting) -> None:
    """Some values exclude each other; one that came from a default gives way to nothing, so people are asked."""
    refused = model.refuses(parameters.values)
    if refused is None:
        return
    said = " with ".join(f"`{name}: {parameters.values[name]}`" for name in refused)
    name = next((name for name in reversed(tuple(refused)) if settled.is_written(name)), "model")
    possible = ", ".join(f"`{value}`" for value in _possible(name, model, parameters))
    hint = f"with the rest as it is, `{name}` can be {possible}" if possible else "change one of them"
    setting.complain("value", f"the model `{model.id}` does not make {said}", settled.place(name), hint)


def _possible(name: str, model: Model, parameters: Parameters) -> Iterator[str]:
    parameter = model.parameter(name)
    for value in parameter.values if parameter else ():
        if model.refuses({**parameters.values, name: value}) is None:
            yield str(value)


def _allowed(further: Field | Pictures, value: Json) -> str:
    if isinstance(further, Field) and further.kind == "choice" and isinstance(value, str):
        return did_you_mean_of(value, further.values)
    return f"it has to be {further.allowed}"
