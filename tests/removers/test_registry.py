"""Removers by name: lazily, with a guess for a misspelling, and with plugins from installed packages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assetgen.catalog.removers import REMOVERS
from assetgen.errors import UsageError
from assetgen.executors.threads import Threads
from assetgen.removers.base import ONCE, Patience, RemovalError, RemoverContext
from assetgen.removers.registry import BUILT_IN, remover_named
from tests.support.space import CHECKOUT

PLUGIN = """
from assetgen.removers.base import ONCE

class Eraser:
    name, version, calls_service, patience = "eraser", "7", False, ONCE

def eraser(context):
    return Eraser()
"""


@pytest.fixture
async def context() -> AsyncIterator[RemoverContext]:
    async with Threads(1) as threads:
        yield RemoverContext({"BG_REMOVE_URL": "https://bg.example/remove", "BG_REMOVE_API_KEY": "s3cret"}, threads)


def test_the_built_in_ones_are_those_of_the_catalog() -> None:
    assert set(BUILT_IN) == {name for name, facts in REMOVERS.items() if facts.model is None and not facts.pairs}


@pytest.mark.skipif(find_spec("rembg") is not None, reason="the extra `rembg` is installed")
async def test_what_is_not_installed_is_said_before_anything_is_made(context: RemoverContext) -> None:
    with pytest.raises(RemovalError, match="the remover `rembg` is not installed"):
        remover_named("rembg", context)


@pytest.mark.parametrize("name", BUILT_IN)
async def test_the_built_in_ones_answer_to_their_names(name: str, context: RemoverContext) -> None:
    if name == "rembg" and find_spec("rembg") is None:
        pytest.skip("the extra `rembg` is not installed")
    remover = remover_named(name, context)
    assert remover.name == name
    assert remover.version == REMOVERS[name].version
    assert remover.calls_service == (name == "service")
    assert (remover.patience == ONCE) == (name != "service")
    await remover.close()


async def test_an_unknown_name_gets_a_guess(context: RemoverContext) -> None:
    with pytest.raises(UsageError, match="unknown remover `rembgg`") as caught:
        remover_named("rembgg", context)
    assert caught.value.hint == "did you mean `rembg`? Known: key, rembg, service"


async def test_what_is_missing_is_said_when_it_is_asked_for() -> None:
    async with Threads(1) as threads:
        with pytest.raises(RemovalError, match="needs BG_REMOVE_URL"):
            remover_named("service", RemoverContext({}, threads))


async def test_secrets_do_not_show(context: RemoverContext) -> None:
    assert "s3cret" not in repr(context)


async def test_an_installed_package_can_offer_one(tmp_path: Path, context: RemoverContext) -> None:
    (tmp_path / "erasing.py").write_text(PLUGIN)
    facts = tmp_path / "erasing-1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: erasing\nVersion: 1\n")
    (facts / "entry_points.txt").write_text("[assetgen.removers]\neraser = erasing:eraser\nkey = erasing:eraser\n")
    sys.path.insert(0, str(tmp_path))
    try:
        assert remover_named("eraser", context).version == "7"
        assert remover_named("key", context).name == "key"  # never replaced
    finally:
        sys.path.remove(str(tmp_path))
        sys.modules.pop("erasing", None)


def test_the_registry_imports_no_remover() -> None:
    asks = "import sys, assetgen.removers.registry; print(*{'numpy', 'PIL', 'aiohttp', 'rembg'} & set(sys.modules))"
    child = subprocess.run([sys.executable, "-c", asks], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert child.stdout.split() == []


def test_patience_grows_to_its_limit_and_never_undercuts_the_service() -> None:
    patience = Patience(initial=1, factor=2, maximum=10, attempts=9, jitter=0.5)
    assert [patience.delay(failures, 0) for failures in (1, 2, 3, 4, 5, 6)] == [1, 2, 4, 8, 10, 10]
    assert patience.delay(1, 1) == 1.5
    assert patience.delay(1, -1) == 0.5
    assert patience.delay(1, -1, retry_after=7) == 10.5
    assert patience.delay(100_000, 0) == 10
