"""What the service checks before it takes a request, and its words when it does not. Pure.

Checked by the table of models, as strictly as the service's documentation is: required fields, choices in exact case,
ranges, and combinations that it does not make. Fields that a model does not have are ignored without a word, as the
service does, and charged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from assetgen.catalog.models import Field, Model, Pictures
from assetgen.catalog.models.field import is_link
from assetgen.digest import Json
from assetgen.manifest.recipe import PixelSize

USD_PER_CREDIT = Decimal("0.005")

_FACTOR = 2
"""How many times larger a model makes pictures that does not say."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A business error: the body's `code` and `msg`, answered with HTTP 200."""

    code: int
    words: str


@dataclass(frozen=True, slots=True)
class Job:
    """A request that passed: what will be made, at which price. `source` is the picture that it works on or begins
    with, and `size` how large the result will be, where that follows from the source. `first` is the request that the
    source was drawn for, and its turn, where it was drawn here."""

    model: Model
    input: Mapping[str, Json]
    credits: Decimal
    call_back: str | None
    source: bytes | None = None
    size: PixelSize | None = None
    first: tuple[Job, int] | None = None

    @property
    def prompt(self) -> str:
        return str(self.input.get("prompt", ""))

    @property
    def parameters(self) -> Mapping[str, Json]:
        """Parameters under the catalog's names, with the service's defaults where none was sent."""
        return self.model.from_wire(self.input)


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
    words = _invalid_prompt(model, fields.get("prompt")) or _invalid_field(model, fields)
    if words:
        return Refusal(500, words)
    call_back = body.get("callBackUrl")
    price = model.price_on_wire(fields) or Decimal(0)
    return Job(model, fields, price / USD_PER_CREDIT, call_back if isinstance(call_back, str) else None)


def enlarging(job: Job, source: bytes, size: PixelSize) -> Job | Refusal:
    """The same request of a model that enlarges, now that its picture is there: such models are paid by the size of
    the result."""
    factor = int(str(job.input.get("upscale_factor", _FACTOR)))
    larger = PixelSize(size.width * factor, size.height * factor)
    longest = job.model.longest_edge
    if longest is not None and max(larger.width, larger.height) > longest:
        return Refusal(500, "upscale_factor is not within the range of allowed options")
    price = job.model.price_of_size(larger.width, larger.height) or Decimal(0)
    return replace(job, credits=price / USD_PER_CREDIT, source=source, size=larger)


def _invalid_prompt(model: Model, prompt: Json) -> str | None:
    if not model.needs_prompt:
        return None
    if prompt is None or (isinstance(prompt, str) and not prompt.strip()):
        return "prompt is required"
    least, most = model.prompt_least, model.prompt_limit
    if not isinstance(prompt, str) or len(prompt) < least or (most is not None and len(prompt) > most):
        return "prompt is not within the range of allowed options"
    return None


def _invalid_field(model: Model, fields: Mapping[str, Json]) -> str | None:
    """Values are compared exactly: `1k` is not `1K`, and 5 is not "5"."""
    for parameter in model.parameters:
        value = fields.get(parameter.wire)
        if value is None and parameter.required:
            return f"{parameter.wire} is required"
        if value is not None and parameter.from_wire(value) is None:
            return f"This {parameter.wire} is not within the range of allowed options"
    known: list[tuple[str, Field | Pictures]] = [
        *((pictures.wire, pictures) for pictures in model.shown),
        *((field.name, field) for field in model.others),
    ]
    for name, field in known:
        value = fields.get(name)
        if value is None and field.required:
            return f"{name} is required"
        if value is not None and not field.accepts(value):
            return _words(name, field, value)
    refused = model.refuses(model.from_wire(fields))
    return f"This {_wire(model, [*refused][-1])} is not within the range of allowed options" if refused else None


def links_in(model: Model, fields: Mapping[str, Json]) -> tuple[str, ...]:
    """The links to pictures of an input that passed."""
    found = [fields.get(pictures.wire) for pictures in model.shown]
    return tuple(str(link) for links in found if links for link in (links if isinstance(links, list) else [links]))


def begins_with(job: Job, link: str) -> bool:
    """Whether a link is that of the still with which a video begins."""
    taken = job.model.first_frame
    shown = job.input.get(taken.wire) if taken else None
    return link in (shown if isinstance(shown, list) else [shown])


def _words(name: str, field: Field | Pictures, value: Json) -> str:
    """What the service says of a value that it does not take."""
    links = value if isinstance(value, list) else [value]
    if isinstance(field, Pictures) and any(isinstance(link, str) and not is_link(link) for link in links):
        return f"{name} file type not supported"
    if isinstance(field, Field) and field.kind == "choice":
        return f"This {name} is not within the range of allowed options"
    return f"{name} is not within the range of allowed options"


def _wire(model: Model, name: str) -> str:
    parameter = model.parameter(name)
    return parameter.wire if parameter else name
