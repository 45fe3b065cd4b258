"""What the service checks before it takes a request."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assetgen.catalog import CATALOG
from assetgen.catalog.models import Model
from assetgen.digest import Json
from assetgen.emulator.rules import Job, Refusal, examine, prompt_in


def body(**input_: Any) -> dict[str, Json]:
    return {"model": "nano-banana-pro", "input": input_}


@pytest.mark.parametrize(
    ("request_body", "code", "words"),
    [
        (None, 422, "The request body must be a JSON object."),
        ({}, 422, "The model name you specified is not supported."),
        ({"model": "nano-banana-prp", "input": {}}, 422, "The model name you specified is not supported."),
        ({"model": "nano-banana-pro"}, 500, "input is required"),
        (body(), 500, "prompt is required"),
        (body(prompt="  "), 500, "prompt is required"),
        (body(prompt=7), 500, "prompt is not within the range of allowed options"),
        (body(prompt="x" * 10_001), 500, "prompt is not within the range of allowed options"),
        (body(prompt="x", aspect_ratio="7:5"), 500, "This aspect_ratio is not within the range of allowed options"),
        (body(prompt="x", resolution="1k"), 500, "This resolution is not within the range of allowed options"),
        (body(prompt="x", resolution=1), 500, "This resolution is not within the range of allowed options"),
        (body(prompt="x", output_format="webp"), 500, "This output_format is not within the range of allowed options"),
        (body(prompt="x", image_input="https://a/b.png"), 500, "image_input is not within the range"),
        (body(prompt="x", image_input=["https://a/b.png"] * 9), 500, "image_input is not within the range"),
        (body(prompt="x", image_input=["data:image/png;base64,AAAA"]), 500, "image_input file type not supported"),
    ],
)
def test_refusals(request_body: Json, code: int, words: str) -> None:
    refusal = examine(request_body, CATALOG.models)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert refusal.words.startswith(words)


def test_unknown_fields_are_ignored_without_a_word_and_charged() -> None:
    job = examine(body(prompt="x", aspect_ration="7:5", image_input=["https://a/b.png"]), CATALOG.models)
    assert isinstance(job, Job)
    assert job.credits == Decimal(18)
    assert job.parameters == {"aspect_ratio": "1:1", "resolution": "1K"}


@pytest.mark.parametrize("request_body", [None, [], {"input": []}, {"input": {"prompt": 3}}, "text"])
def test_no_shape_of_a_body_confuses_the_search_for_its_prompt(request_body: Json) -> None:
    assert prompt_in(request_body) == ""


def whole(model: Model) -> dict[str, Json]:
    """The least that the service takes for a model: what assetgen sends when nobody says anything."""
    parameters = {p.name: p.default for p in model.parameters if p.default is not None}
    shown: dict[str, Json] = {
        pictures.wire: ["https://a/b.png"] if pictures.many else "https://a/b.png" for pictures in model.shown
    }
    return {"prompt": "A star", **shown, **model.on_wire(parameters, {})}


def words(model: Model, fields: dict[str, Json]) -> str | None:
    answer = examine({"model": model.id, "input": fields}, CATALOG.models)
    return answer.words if isinstance(answer, Refusal) else None


every_model = pytest.mark.parametrize("model", CATALOG.models.values(), ids=list(CATALOG.models))


@every_model
def test_every_model_takes_what_assetgen_sends(model: Model) -> None:
    assert words(model, whole(model)) is None


@every_model
def test_every_model_insists_on_what_it_requires(model: Model) -> None:
    required = [
        *(["prompt"] if model.needs_prompt else []),
        *(parameter.wire for parameter in model.parameters if parameter.required),
        *(field.name for field in model.others if field.required),
        *(pictures.wire for pictures in model.shown if pictures.required),
    ]
    for name in required:
        fields = {key: value for key, value in whole(model).items() if key != name}
        assert words(model, fields) == f"{name} is required"


@every_model
def test_every_model_compares_exactly(model: Model) -> None:
    for parameter in model.parameters:
        wrongs: list[Json] = ["square-ish", 5.5, ["1:1"], {}]
        for wrong in wrongs:
            assert words(model, {**whole(model), parameter.wire: wrong}) is not None, parameter.wire
    for field in model.others:
        assert words(model, {**whole(model), field.name: {}}) is not None, field.name
    for pictures in model.shown:
        many: Json = ["https://a/b.png"] * (pictures.most + 1)
        assert words(model, {**whole(model), pictures.wire: many}) is not None, pictures.wire
        data: Json = ["data:image/png;base64,AA"] if pictures.many else "data:image/png;base64,AA"
        assert words(model, {**whole(model), pictures.wire: data}) == f"{pictures.wire} file type not supported"


def test_combinations_that_the_service_does_not_make() -> None:
    model = CATALOG.models["gpt-image-2-text-to-image"]
    fields: dict[str, Json] = {"prompt": "A star", "aspect_ratio": "1:1", "resolution": "4K"}
    assert words(model, fields) == "This resolution is not within the range of allowed options"
    assert words(model, {"prompt": "A star", "resolution": "2K"}) is not None  # no ratio means auto


@pytest.mark.parametrize(
    ("model", "fields", "charged"),
    [
        ("seedream/5-pro-text-to-image", {"quality": "high"}, "14"),
        ("bytedance/v1-pro-image-to-video", {"resolution": "1080p", "duration": "10"}, "140"),
        ("kling-2.6/image-to-video", {"sound": True}, "110"),
        ("recraft/remove-background", {}, "1"),
    ],
)
def test_what_is_charged(model: str, fields: dict[str, Json], charged: str) -> None:
    job = examine({"model": model, "input": {**whole(CATALOG.models[model]), **fields}}, CATALOG.models)
    assert isinstance(job, Job)
    assert job.credits == Decimal(charged)
