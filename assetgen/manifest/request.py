"""What a provider is asked for: the model, its parameters, and the prompt with its exclusions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assetgen.catalog import DRAFT, Catalog
from assetgen.catalog.models import Model, Parameter
from assetgen.digest import Json
from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.fields import ASPECT_RATIOS, RESOLUTIONS
from assetgen.manifest.recipe import Request
from assetgen.manifest.setting import Setting
from assetgen.manifest.suggest import closest, did_you_mean_of, known_words
from assetgen.manifest.template import Scope

PARAMETERS: Mapping[str, tuple[str, ...]] = {"aspect_ratio": ASPECT_RATIOS, "resolution": RESOLUTIONS}
"""Fields that are a model's parameters where it has them, with every value that some model knows."""


@dataclass(slots=True)
class Parameters:
    """See `Request`."""

    values: dict[str, Json] = field(default_factory=dict)
    defaulted: set[str] = field(default_factory=set)
    left_out: dict[str, Json] = field(default_factory=dict)


def model_of(settled: Settled, setting: Setting) -> Model | None:
    """The model that makes the asset, None when it is not known."""
    catalog = setting.catalog
    written = settled.asset.model
    model = catalog.models.get(catalog.image_model if written is None else written)
    if model is None or model.kind != "image":
        _wrong_model(str(written), model, settled, setting)
        return None
    _check_provider(settled, model, setting)
    return model


def parameters_of(settled: Settled, model: Model, setting: Setting) -> Parameters:
    """The model's parameters: as the asset says, else as `defaults` say where that applies, else built in."""
    parameters = Parameters(defaulted=set() if settled.is_written("model") else {"model"})
    for name in PARAMETERS:
        _settle_parameter(name, settled, model, setting, parameters)
    return parameters


def request_of(settled: Settled, model: Model, parameters: Parameters, prompt: str, setting: Setting) -> Request:
    """The whole request."""
    _check_input(settled, model, setting)
    if len(prompt) > model.prompt_limit:
        message = f"the prompt of asset `{settled.name}` has {len(prompt):,} characters"
        hint = f"the model `{model.id}` takes {model.prompt_limit:,}"
        setting.complain("prompt-too-long", message, settled.place("prompt"), hint)
    return Request(
        model=model.id,
        prompt=prompt,
        parameters=parameters.values,
        input=settled.asset.input or {},
        take=settled.asset.take or 0,
        defaulted=frozenset(parameters.defaulted),
        left_out=parameters.left_out,
    )


def prompt_of(settled: Settled, scope: Scope, setting: Setting) -> str | None:
    """The rendered prompt with its exclusions, trimmed; None when there is none or it cannot be rendered."""
    prompt, exclude = settled.asset.prompt, settled.asset.exclude or []
    if prompt is None:
        if "prompt" not in settled.broken:
            message = f"asset `{settled.name}` has no prompt"
            setting.complain("missing-prompt", message, settled.place("prompt"), "write `prompt:` and what to draw")
        return None
    if isinstance(prompt, str):
        lines = [setting.render(settled, "prompt", prompt, scope)]
    else:
        lines = [setting.render(settled, "prompt", line, scope, index) for index, line in enumerate(prompt)]
    unwanted = [setting.render(settled, "exclude", item, scope, index) for index, item in enumerate(exclude)]
    if None in lines or None in unwanted:
        return None
    text = _joined(" ", lines)
    if not text:
        message = f"the prompt of asset `{settled.name}` comes out empty"
        setting.complain("missing-prompt", message, settled.place("prompt"), "write what to draw")
        return None
    nothing_of = _joined(", no ", unwanted)
    return f"{text} No {nothing_of}." if nothing_of else text


def _wrong_model(written: str, model: Model | None, settled: Settled, setting: Setting) -> None:
    place = settled.place("model")
    if model is not None:
        message = f"the model `{written}` makes videos ({subject(settled.path('model'))})"
        setting.complain("wrong-model", message, place)
        return
    near = closest(written, setting.catalog.models)
    known = ", ".join(setting.catalog.models)
    hint = f"did you mean `{near}`?" if near else f"known: {known}; further models are not available yet"
    setting.complain("unknown-model", f"unknown model `{written}`", place, hint)


def _check_provider(settled: Settled, model: Model, setting: Setting) -> None:
    provider = settled.asset.provider
    if provider is None:
        return
    place = settled.place("provider")
    if provider not in setting.catalog.providers:
        hint = did_you_mean_of(provider, setting.catalog.providers)
        setting.complain("unknown-provider", f"unknown provider `{provider}`", place, hint)
    elif provider not in (DRAFT, model.provider):
        message = f"the provider `{provider}` does not have the model `{model.id}`"
        setting.complain("wrong-model", message, place, f"write `provider: {model.provider}`, or another model")


def _settle_parameter(name: str, settled: Settled, model: Model, setting: Setting, parameters: Parameters) -> None:
    parameter = model.parameter(name)
    written: str | None = getattr(settled.asset, name)
    if written is not None:
        if parameter is not None and written in parameter.values:
            parameters.values[name] = written
            return
        if settled.is_own(name) or not _known_somewhere(name, written, setting.catalog):
            _wrong_parameter(name, written, parameter, settled, model, setting)
            return
        parameters.left_out[name] = written
    built_in: str = getattr(setting.catalog, name)
    if parameter is not None and built_in in parameter.values:
        parameters.values[name] = built_in
        parameters.defaulted.add(name)


def _known_somewhere(name: str, value: str, catalog: Catalog) -> bool:
    found = (model.parameter(name) for model in catalog.models.values())
    return value in PARAMETERS[name] or any(value in parameter.values for parameter in found if parameter)


def _wrong_parameter(
    name: str, value: str, parameter: Parameter | None, settled: Settled, model: Model, setting: Setting
) -> None:
    field_name = subject(settled.path(name))
    if parameter is None:
        message = f"{field_name} does not apply to the model `{model.id}`"
        setting.complain("not-applicable", message, settled.place(name), "delete the line")
        return
    message = f"{field_name} cannot be `{value}`: the model `{model.id}` does not know it"
    known = parameter.values
    hint = _ratio_hint(value, known) if name == "aspect_ratio" else did_you_mean_of(value, known)
    setting.complain("value", message, settled.place(name), hint)


def _ratio_hint(value: str, known: Sequence[str]) -> str:
    """No ratio is nearly another, but one may be written in another way."""
    meant = re.sub(r"[\s/x×-]+", ":", value.strip().lower())
    return f"did you mean `{meant}`? {known_words(known)}" if meant in known else known_words(known)


def _check_input(settled: Settled, model: Model, setting: Setting) -> None:
    """What has a field of its own must not be said a second time in `input`."""
    own = {"prompt": "prompt", **{parameter.wire: parameter.name for parameter in model.parameters}}
    for name in settled.asset.input or {}:
        if name in own:
            path = settled.path("input", name)
            message = f"{subject(path)} is not passed on: it is what `{own[name]}` says"
            setting.complain("value", message, setting.document.key_place(path), f"write `{own[name]}` instead")


def _joined(separator: str, texts: list[str | None]) -> str:
    return separator.join(filter(None, ((text or "").strip() for text in texts)))
