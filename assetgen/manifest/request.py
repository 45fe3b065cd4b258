"""What a provider is asked for: the model, and the prompt with its exclusions. See `parameters` for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assetgen.catalog import DRAFT
from assetgen.catalog.models import Model, unlisted
from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.parameters import Parameters, check_input, check_pictures
from assetgen.manifest.recipe import Kind, Reference, Request
from assetgen.manifest.references import longest_introduction
from assetgen.manifest.setting import Setting
from assetgen.manifest.suggest import did_you_mean_of
from assetgen.manifest.template import Scope

_MAKES: Mapping[str, str] = {
    "image": "makes pictures",
    "video": "makes videos",
    "upscale": "enlarges pictures",
    "remove-background": "removes backgrounds",
}
"""What models do, by their kind."""

_INSTEAD: Mapping[str, str] = {
    "upscale": "name a model that draws, and write this one under `upscale`",
    "remove-background": "name a model that draws, and write `removeBg: {remover: kie}`",
}


def model_of(settled: Settled, setting: Setting) -> Model | None:
    """The model that makes the asset, None when it cannot. One that is not in the table is taken as it is written; one
    in `defaults` that makes something of another kind is left out."""
    catalog, kind = setting.catalog, kind_of(settled)
    built_in = catalog.video_model if kind == "video" else catalog.image_model
    written = built_in if settled.asset.model is None else settled.asset.model
    model = catalog.models.get(written) or unlisted(written, kind)
    if _makes(model) != kind and not settled.is_own("model") and _makes(model) in ("image", "video"):
        model = catalog.models.get(built_in) or unlisted(built_in, kind)
    if _makes(model) != kind:
        message = f"the model `{written}` {_MAKES[_makes(model)]} ({subject(settled.path('model'))})"
        hint = _INSTEAD.get(_makes(model), f"write `type: {_makes(model)}`, or take another model")
        setting.complain("wrong-model", message, settled.place("model"), hint)
        return None
    if not model.listed and (meant := _misspelt(written, catalog.models)):
        message, hint = f"unknown model `{written}`", f"did you mean `{meant}`? Its name has to be exact"
        setting.complain("unknown-model", message, settled.place("model"), hint)
        return None
    _check_provider(settled, model, setting)
    return model


def kind_of(settled: Settled) -> Kind:
    """What is to be made."""
    return settled.asset.type or "image"


def _makes(model: Model) -> str:
    return "image" if model.kind == "edit" else model.kind


def request_of(
    settled: Settled,
    model: Model,
    parameters: Parameters,
    prompt: str,
    references: tuple[Reference, ...],
    setting: Setting,
) -> Request:
    """The whole request."""
    check_input(settled, model, parameters, setting)
    check_pictures(settled, model, setting)
    _check_length(settled, model, len(prompt) + longest_introduction(references, model), setting)
    return Request(
        model=model.id,
        prompt=prompt,
        parameters=parameters.values,
        input=settled.asset.input or {},
        take=settled.asset.take or 0,
        defaulted=frozenset(parameters.defaulted),
        left_out=parameters.left_out,
        references=references,
        kind=kind_of(settled),
    )


def prompt_of(settled: Settled, scope: Scope, setting: Setting) -> str | None:
    """The rendered prompt with its exclusions, trimmed; None when there is none or it cannot be rendered."""
    prompt, exclude = settled.asset.prompt, exclusions_of(settled)
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


def exclusions_of(settled: Settled) -> list[str]:
    """What must not be in the picture. Those of `defaults` are written for pictures: a video has its own."""
    if kind_of(settled) == "video" and not settled.is_own("exclude"):
        return []
    return settled.asset.exclude or []


def _misspelt(written: str, known: Iterable[str]) -> str | None:
    """The known model whose name differs in nothing but case, spaces and dashes: such a model of its own there is
    not."""
    plain = {_plain(name): name for name in known}
    return plain.get(_plain(written))


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name.casefold())


def _check_length(settled: Settled, model: Model, length: int, setting: Setting) -> None:
    if model.prompt_limit is not None and length > model.prompt_limit:
        hint = f"the model `{model.id}` takes {model.prompt_limit:,}"
    elif length < model.prompt_least:
        hint = f"the model `{model.id}` takes no fewer than {model.prompt_least}"
    else:
        return
    message = f"the prompt of asset `{settled.name}` has {length:,} characters"
    code = "prompt-too-long" if length > model.prompt_least else "prompt-too-short"
    setting.complain(code, message, settled.place("prompt"), hint)


def _check_provider(settled: Settled, model: Model, setting: Setting) -> None:
    provider = settled.asset.provider
    if provider is None:
        return
    place = settled.place("provider")
    if provider not in setting.catalog.providers:
        hint = did_you_mean_of(provider, setting.catalog.providers)
        setting.complain("unknown-provider", f"unknown provider `{provider}`", place, hint)
    elif model.listed and provider not in (DRAFT, model.provider):
        message = f"the provider `{provider}` does not have the model `{model.id}`"
        setting.complain("wrong-model", message, place, f"write `provider: {model.provider}`, or another model")


def _joined(separator: str, texts: list[str | None]) -> str:
    return separator.join(filter(None, ((text or "").strip() for text in texts)))
