"""Reading YAML: data with places, the same from either of PyYAML's parsers, whatever way the file is written."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from assetgen.errors import ManifestError, Place
from assetgen.manifest.document import Document
from assetgen.manifest.scalars import NumberRangeError, plain_value
from assetgen.manifest.source import FAST_LOADER, parse_document, read_document

LOADERS = pytest.mark.parametrize("loader", [yaml.SafeLoader, FAST_LOADER], ids=["python", "fast"])

TEXT = """\
# The first line
version: 1
brand:
  colors: {primary: "#EC4899", ink: '#000'}
vars: &vars
  list: [a, {b: c}]
  literal: |
    one
      {two}
  folded: >-
    three
    {four
again: *vars
empty:
"""


def document(text: str, loader: Any = FAST_LOADER) -> Document:
    return parse_document(text.encode(), "app.yaml", loader)


def at(place: Place) -> str:
    return str(place).removeprefix("app.yaml:")


@LOADERS
def test_data(loader: Any) -> None:
    variables = {"list": ["a", {"b": "c"}], "literal": "one\n  {two}\n", "folded": "three {four"}
    assert document(TEXT, loader).data == {
        "version": 1,
        "brand": {"colors": {"primary": "#EC4899", "ink": "#000"}},
        "vars": variables,
        "again": variables,
        "empty": None,
    }


@LOADERS
def test_places(loader: Any) -> None:
    found = document(TEXT, loader)
    assert at(found.key_place(("version",))) == "2:1"
    assert at(found.value_place(("version",))) == "2:10"
    assert at(found.value_place(("brand", "colors", "ink"))) == "4:37"
    assert at(found.value_place(("vars", "list", 1, "b"))) == "6:17"
    assert at(found.key_place(("vars", "list", 1))) == "6:13"
    assert at(found.value_place(("empty",))) == "14:7"


def test_what_is_behind_an_alias_has_the_place_of_its_anchor() -> None:
    found = document(TEXT)
    assert at(found.value_place(("again",))) == "13:8"
    assert at(found.key_place(("again", "list"))) == "6:3"
    assert at(found.value_place(("again", "list", 1, "b"))) == "6:17"
    assert at(found.text_place(("again", "literal"), 2, "two")) == "9:8"


def test_what_is_not_there_has_the_place_of_what_is_around_it() -> None:
    found = document(TEXT)
    assert at(found.key_place(("brand", "colors", "no"))) == "4:11"
    assert at(found.value_place(("no", "way"))) == "2:1"


@LOADERS
def test_places_in_texts(loader: Any) -> None:
    found = document(TEXT, loader)
    assert at(found.text_place(("vars", "literal"), 1)) == "8:5"
    assert at(found.text_place(("vars", "literal"), 2, "two")) == "9:8"
    assert at(found.text_place(("vars", "literal"), 9, "two")) == "9:8"
    assert at(found.text_place(("vars", "folded"), 1, "four")) == "12:6"
    assert at(found.text_place(("vars", "folded"), 1, "none")) == "10:11"
    assert at(found.text_place(("vars", "list", 1), 1, "c")) == "6:17"
    assert at(found.text_place(("version",), 1, "no")) == "2:10"


def test_line_ends_and_byte_order_marks_do_not_matter() -> None:
    plain = document(TEXT)
    for data in (b"\xef\xbb\xbf" + TEXT.encode(), TEXT.replace("\n", "\r\n").encode()):
        found = parse_document(data, "app.yaml")
        assert (found.data, found.keys, found.values) == (plain.data, plain.keys, plain.values)
        assert found.lines[1] == "version: 1"


@LOADERS
@pytest.mark.parametrize(
    "text",
    [
        *("a: @2x", "a:\n\t- b", "a: b: c", "a: [1, 2\nb: 3", "a: {b: 1\nc: 2", "a\nb: c", 'a: "x', "a: **bold**"),
        *('a: "\\q"', "a:\n  - x\n  y: 1", "a: `x`", "a: 1\n---\nb: 2", "a: ]", "a: > x", "{a: 1}}", "a: 'it's'"),
        *("a: !foo!bar 1", "%YAML 2.0\n---\na: 1", "a: &", "a: %x", "key: [", "a:\n  b: 1\n c: 2", "? [a]\n: b"),
    ],
)
def test_both_parsers_complain_in_the_same_words(loader: Any, text: str) -> None:
    def complaint(loader: Any) -> tuple[str, str | None]:
        with pytest.raises(ManifestError) as caught:
            document(text, loader)
        return caught.value.problems[0].message, caught.value.problems[0].hint

    assert complaint(loader) == complaint(FAST_LOADER)
    assert not complaint(loader)[0].startswith("this is not valid YAML")


def test_mistakes_that_do_not_stop_the_reading_are_collected() -> None:
    found = document("a: 1\na: 2\nb: !!str 5\n<<: {c: 1}\nd: .inf\n")
    assert [problem.message for problem in found.problems] == [
        "duplicate key `a`",
        "the tag `tag:yaml.org,2002:str` is not accepted: a manifest is plain data",
        "`<<` does not merge here",
        "this number is out of range",
    ]
    assert found.data == {"a": 2, "b": 5, "d": 1}


def test_mistakes_found_before_the_one_that_stops_are_kept() -> None:
    with pytest.raises(ManifestError) as caught:
        document("a: 1\na: 2\nb: [\n")
    assert [problem.code for problem in caught.value.problems] == ["yaml", "yaml"]


def test_keys_are_text_as_it_is_written() -> None:
    assert document("{1: a, true: b, 0x1: c, 16:9: d}").data == {"1": "a", "true": "b", "0x1": "c", "16:9": "d"}


def test_an_anchor_may_be_used_again() -> None:
    assert document("a: &x 1\nb: &x 2\nc: *x\n").data == {"a": 1, "b": 2, "c": 2}


def test_reading_a_file(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    path.write_text("output: x\n")
    found = read_document(path, "shown.yaml")
    assert (found.data, found.shown) == ({"output": "x"}, "shown.yaml")


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdefgh", min_size=1, max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


class CoreDumper(yaml.SafeDumper):
    """Quotes what YAML 1.2 reads as a number and YAML 1.1, which PyYAML writes, does not: `0E0`, `1e5`, `0o7`."""


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("app.lock", b'{"version": 1}', "app.lock is a lockfile, not a manifest"),
        ("coin.png", b"\x89PNG\r\n\x1a\n\x00", "coin.png is a picture, not a manifest"),
        ("coin.jpg", b"\xff\xd8\xff\xe0", "coin.jpg is a picture, not a manifest"),
    ],
)
def test_what_is_clearly_no_manifest_is_told_so(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ManifestError) as refused:
        read_document(tmp_path / name, name)
    assert refused.value.message == said


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain_text(value) else "'")


def plain_text(value: str) -> bool:
    try:
        return isinstance(plain_value(value), str)
    except NumberRangeError:
        return False


CoreDumper.add_representer(str, _text)


@given(PLAIN, st.booleans())
@example({"0E0": "0E0"}, False)
@example("0o7", True)
def test_plain_data_comes_back_from_any_style(value: Any, flow: bool) -> None:
    text = yaml.dump({"value": value}, Dumper=CoreDumper, default_flow_style=flow, allow_unicode=True)
    for loader in (yaml.SafeLoader, FAST_LOADER):
        found = document(text, loader)
        assert (found.data, found.problems) == ({"value": value}, ())


@given(st.binary(max_size=60))
def test_no_bytes_at_all_are_more_than_a_manifest_error(data: bytes) -> None:
    with contextlib.suppress(ManifestError):
        parse_document(data, "app.yaml")
