"""The models as documentation: every key explained, every example valid, schema and reference page as committed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from assetgen.manifest import mistakes
from assetgen.manifest.asset_model import Asset, Defaults
from assetgen.manifest.fields import Written
from assetgen.manifest.models import Manifest, ProviderTuning
from assetgen.manifest.reference import in_yaml, reference_text
from assetgen.manifest.schema import manifest_schema, schema_text
from assetgen.manifest.source import parse_document
from assetgen.manifest.unknown_keys import keys_of
from tests.manifest.support import loaded, problems, said
from tests.support.pictures import png
from tests.support.space import CHECKOUT


def written_models() -> Iterator[type[BaseModel]]:
    for model in Written.__subclasses__():
        yield model
        yield from model.__subclasses__()


FIELDS = [(model, key) for model in written_models() for key in keys_of(model)]


@pytest.mark.parametrize(("model", "key"), FIELDS, ids=[f"{model.__name__}.{key}" for model, key in FIELDS])
def test_every_key_is_explained_by_an_example_that_is_valid(model: type[BaseModel], key: str) -> None:
    field = keys_of(model)[key]
    assert field.description
    assert field.description.endswith((".", ".`"))
    assert field.examples
    name = next(name for name, found in model.model_fields.items() if found is field)
    model.__pydantic_validator__.validate_assignment(model.model_construct(), name, field.examples[0])


@pytest.mark.parametrize(("model", "key"), FIELDS, ids=[f"{model.__name__}.{key}" for model, key in FIELDS])
def test_every_example_survives_being_written(model: type[BaseModel], key: str) -> None:
    examples = keys_of(model)[key].examples
    assert examples
    found = parse_document(f"{key}: {in_yaml(examples[0])}".encode(), "x")
    assert found.data == {key: json.loads(json.dumps(examples[0]))}


def test_the_manifest_at_the_top_of_the_page_is_one_without_a_warning(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(version: 1\n\n.*?)```", reference_text(), re.DOTALL)
    manifest = loaded(tmp_path, text)
    assert manifest.warnings == ()
    assert [spec.path for spec in manifest.recipes[0].outputs] == [
        f"output/app/coin{density}.{format_}" for density in ("", "@2x") for format_ in ("png", "webp")
    ]


BESIDE: Mapping[str, dict[str, Any]] = {
    "pick": {"variants": 2},
    "input": {"model": "ideogram/v3-text-to-image"},
    "filename": {"sizes": [32]},
    **{key: {"type": "video"} for key in ("type", "source", "duration", "camera_fixed", "seed", "poster")},
}
"""What an asset has to say so that it may have the key of an example."""


@pytest.mark.parametrize("key", keys_of(Asset))
def test_every_example_of_an_asset_holds_in_a_manifest(tmp_path: Path, key: str) -> None:
    examples = keys_of(Asset)[key].examples
    assert examples
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand/moodboard.png").write_bytes(png(8, 8))
    gem = {"prompt": "A gem", **BESIDE.get(key, {}), key: examples[0]}
    if gem.get("type") == "video":
        gem |= {"source": "asset:coin"}
    brand = {"colors": {"primary": "#EC4899"}}
    assets = {"coin": {"prompt": "A coin"}, "banner": {"prompt": "A banner"}, "gem": gem}
    text = json.dumps({"brand": brand, "brands": {"pro": {}}, "assets": assets})
    assert [said(problem) for problem in problems(tmp_path, text)] == []


def test_defaults_have_every_key_of_an_asset_but_its_earlier_name() -> None:
    assert set(keys_of(Asset)) - set(keys_of(Defaults)) == {"moved_from"}


def test_the_schema_is_as_committed() -> None:
    """When it is not: `make schemas`."""
    assert (CHECKOUT / "schemas" / "manifest.schema.json").read_text() == schema_text()


def test_the_reference_page_is_as_committed() -> None:
    """When it is not: `make docs`."""
    assert (CHECKOUT / "docs" / "reference" / "manifest.md").read_text() == reference_text()


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from nodes(item)


def test_the_schema_allows_no_null_and_leads_to_every_definition() -> None:
    schema = manifest_schema()
    assert all(node.get("type") != "null" for node in nodes(schema))
    assert all("default" not in node or node["default"] is not None for node in nodes(schema))
    used = {node["$ref"].rpartition("/")[2] for node in nodes(schema) if "$ref" in node}
    assert used == set(schema["$defs"])


def test_the_schema_knows_both_spellings() -> None:
    asset = manifest_schema()["$defs"]["Asset"]["properties"]
    assert asset["remove_bg"]["description"] == "The same as `removeBg`."


BAD_VALUES: list[Any] = [None, True, 5, -5, 1.5, "x", "", [], ["x"], [5], [[]], {}, {"x": 1}, {"a b": "x"}, "9" * 70]


@pytest.mark.parametrize(("model", "key"), [pair for pair in FIELDS if pair[0] in (Asset, Manifest, ProviderTuning)])
def test_pydantic_never_speaks_to_users(tmp_path: Path, model: type[BaseModel], key: str) -> None:
    for value in BAD_VALUES:
        line = {key: value}
        data = {Asset: {"assets": {"coin": line}}, ProviderTuning: {"providers": {"kie": line}}}.get(model, line)
        for problem in problems(tmp_path, json.dumps(data)):
            words = f"{problem.message} {problem.hint}".lower().replace("`input`", "")
            assert not any(word in words for word in ("input", "valid", "pydantic", "something else", "<")), words
            assert problem.place is not None


def test_every_kind_of_complaint_has_words() -> None:
    assert all(phrase for phrase in mistakes._PHRASES.values())
