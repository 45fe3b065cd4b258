"""The schemas that are committed are the ones that the command prints."""

from __future__ import annotations

import json

import pytest

from assetgen.commands.schema import KINDS, schema
from tests.support.space import CHECKOUT


@pytest.mark.parametrize("kind", KINDS)
def test_the_committed_schema_is_current(kind: str) -> None:
    """When it is not: `make schemas`."""
    committed = json.loads((CHECKOUT / "schemas" / f"{kind}.schema.json").read_text())
    assert committed == schema(kind)
