"""Where services put their pictures, and what an answer without one is taken for."""

from __future__ import annotations

import base64
import json

import pytest

from assetgen.removers.base import RemovalError, SpoiledError, UnsureError
from assetgen.removers.service_answers import Answer, picture_in
from tests.removers.service_server import in_base64, packed, without_background

CUTOUT = packed(without_background())
PLAIN = in_base64(CUTOUT)
URI = f"data:image/png;base64,{PLAIN}"


def said(value: object) -> Answer:
    return Answer(200, json.dumps(value).encode(), "application/json")


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "application/json", "text/html"])
def test_bytes_are_the_picture_whatever_they_are_called(kind: str) -> None:
    assert picture_in(Answer(200, CUTOUT, kind)) == CUTOUT


@pytest.mark.parametrize("text", [PLAIN, URI, f" {PLAIN}\n", PLAIN.rstrip("="), "\n".join([PLAIN[:76], PLAIN[76:]])])
@pytest.mark.parametrize("place", ["image", "data", "result", "output", "base64", "b64_json"])
def test_a_picture_is_found_at_the_usual_places(place: str, text: str) -> None:
    assert picture_in(said({"status": "ok", place: text})) == CUTOUT


@pytest.mark.parametrize(
    "value",
    [
        {"data": {"image": PLAIN}},
        {"result": {"base64": URI, "width": 48}},
        {"output": [PLAIN]},
        {"data": [{"b64_json": PLAIN}]},
        [{"image": PLAIN}],
        {"image": {"name": "x.png", "data": PLAIN}},
        {"data": {"id": 7, "image": PLAIN}, "result": "success"},
        {"result": "success", "image": PLAIN},
        PLAIN,
    ],
)
def test_a_picture_is_found_one_level_down(value: object) -> None:
    assert picture_in(said(value)) == CUTOUT


def test_the_other_alphabet_of_base64_is_understood() -> None:
    odd = bytes(range(251, 256)) * 30
    assert picture_in(said({"image": base64.urlsafe_b64encode(odd).decode()})) == odd


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "{}"),
        ([], "[]"),
        ({"image": None}, '{"image": null}'),
        ({"image": "https://cdn.example/" + "x" * 80}, "https://cdn.example"),
        ({"image": "!" * 100, "message": "still working"}, "still working"),
        ({"detail": [{"msg": "field required"}]}, "field required"),
        ({"error": {"code": 7, "message": "quota"}}, "quota"),
        ({"data": {"data": {"data": {"image": PLAIN}}}}, "data"),
    ],
)
def test_json_without_a_picture_is_refused_in_the_services_words(value: object, words: str) -> None:
    with pytest.raises(RemovalError, match="answered without a picture: ") as caught:
        picture_in(said(value))
    assert words in caught.value.message
    assert type(caught.value) is SpoiledError


def test_json_that_is_nested_without_end_is_no_crash() -> None:
    with pytest.raises(UnsureError):
        picture_in(Answer(200, b"[" * 200_000))


def test_words_are_one_printable_line_without_the_key() -> None:
    answer = Answer(200, b"", secret="s3cret")
    assert answer.quoted("a\n\tb\x1b[31m  s3cret\u202e!") == "a b [31m [key] !"
    assert len(answer.quoted("long " * 100)) == 200
    assert "s3cret" not in repr(answer)


@pytest.mark.parametrize(("after", "seconds"), [("7", 7.0), ("0.5", 0.5), ("", None), ("soon", None), ("-1", None)])
def test_retry_after_is_read_when_it_is_a_number(after: str, seconds: float | None) -> None:
    assert Answer(429, b"", after=after).retry_after() == seconds
