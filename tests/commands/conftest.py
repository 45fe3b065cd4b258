"""A small project, and a service to build it with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assetgen.emulator.run import Emulator, running_emulator
from tests.commands.samples import MANIFEST
from tests.support.space import Space


@pytest.fixture
def app(space: Space) -> Space:
    """A project with a manifest of two assets."""
    space.write(".git/HEAD", "")
    space.write("app.yaml", MANIFEST)
    return space


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with running_emulator() as running:
        yield running
