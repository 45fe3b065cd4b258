"""What the service checks before it takes a request."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assetgen.catalog import CATALOG
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
