"""What the service checks before it takes a request, and its words when it does not. Pure.

Documented for nano-banana-pro; other models are checked by what the catalog knows of them. Fields that a model does not
have are ignored without a word, as the service does, and charged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from assetgen.catalog.models import Model
from assetgen.digest import Json

USD_PER_CREDIT = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A business error: the body's `code` and `msg`, answered with HTTP 200."""

    code: int
    words: str


@dataclass(frozen=True, slots=True)
class Job:
    """A request that passed: what will be made, at which price."""

    model: Model
    input: Mapping[str, Json]
    credits: Decimal
    call_back: str | None

    @property
    def prompt(self) -> str:
        return str(self.input["prompt"])

    @property
    def parameters(self) -> Mapping[str, Json]:
        """Parameters under the catalog's names, with the service's defaults: its first value where none was sent."""
        return {p.name: self.input.get(p.wire, p.values[0]) for p in self.model.parameters}


_EXTRA_CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {"nano-banana-pro": {"output_format": ("png", "jpg")}}
"""Choices that the service documents and manifests do not have."""


def prompt_in(body: Json) -> str:
    """The prompt of a request in whatever shape it is; empty when there is none."""
    fields = body.get("input") if isinstance(body, Mapping) else None
    prompt = fields.get("prompt") if isinstance(fields, Mapping) else None
    return prompt if isinstance(prompt, str) else ""


def examine(body: Json, models: Mapping[str, Model]) -> Job | Refusal:
    """Whether the service would take this `createTask` body. Says nothing of credits."""
    if not isinstance(body, Mapping):
        return Refusal(422, "The request body must be a JSON object.")
    model = models.get(str(body.get("model")))
    if model is None:
        return Refusal(
            422,
            "The model name you specified is not supported. Please verify your input and use one of the supported "
            "models provided by KIE.",
        )
    fields = body.get("input")
    if not isinstance(fields, Mapping):
        return Refusal(500, "input is required")
    words = (
        _invalid_prompt(model, fields.get("prompt")) or _invalid_choice(model, fields) or _invalid_links(model, fields)
    )
    if words:
        return Refusal(500, words)
    call_back = body.get("callBackUrl")
    job = Job(model, fields, Decimal(0), call_back if isinstance(call_back, str) else None)
    price = model.price(job.parameters) or Decimal(0)
    return Job(model, fields, price / USD_PER_CREDIT, job.call_back)


def _invalid_prompt(model: Model, prompt: Json) -> str | None:
    if prompt is None or (isinstance(prompt, str) and not prompt.strip()):
        return "prompt is required"
    if not isinstance(prompt, str) or len(prompt) > model.prompt_limit:
        return "prompt is not within the range of allowed options"
    return None


def _invalid_choice(model: Model, fields: Mapping[str, Json]) -> str | None:
    """Choices are compared exactly: `1k` is not `1K`."""
    choices = {p.wire: p.values for p in model.parameters} | dict(_EXTRA_CHOICES.get(model.id, {}))
    for name, allowed in choices.items():
        if fields.get(name) is not None and fields[name] not in allowed:
            return f"This {name} is not within the range of allowed options"
    return None


def links_in(model: Model, fields: Mapping[str, Json]) -> tuple[str, ...]:
    """The links to pictures of an input that passed."""
    links = fields.get(model.pictures.wire) if model.pictures else None
    return tuple(map(str, links)) if isinstance(links, list) else (str(links),) if links else ()


def _invalid_links(model: Model, fields: Mapping[str, Json]) -> str | None:
    if model.pictures is None or (links := fields.get(model.pictures.wire)) is None:
        return None
    name, many = model.pictures.wire, isinstance(links, list)
    if many is not model.pictures.many or (isinstance(links, list) and len(links) > model.pictures.most):
        return f"{name} is not within the range of allowed options"
    each = links if isinstance(links, list) else [links]
    if not all(isinstance(link, str) and link.startswith(("http://", "https://")) for link in each):
        return f"{name} file type not supported"
    return None
