"""Providers by name, imported only when asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assetgen.catalog import CATALOG
from assetgen.errors import UsageError
from assetgen.executors.threads import Threads
from assetgen.manifest.recipe import Tuning
from assetgen.providers.base import ProviderContext
from assetgen.providers.registry import BUILT_IN, provider_named
from tests.support.space import CHECKOUT


def context(**environment: str) -> ProviderContext:
    return ProviderContext(environment, CATALOG, Tuning(), Threads(1))


def test_every_provider_of_the_catalog_is_built_in() -> None:
    assert set(BUILT_IN) == set(CATALOG.providers)


@pytest.mark.parametrize("name", CATALOG.providers)
async def test_built_in_providers(name: str) -> None:
    provider = provider_named(name, context(KIE_AI_API_KEY="key"))
    assert provider.name == name
    assert provider.retries.submit.attempts >= 1
    await provider.close()


def test_an_unknown_name_is_answered_with_a_guess() -> None:
    with pytest.raises(UsageError, match="unknown provider `kiee`") as caught:
        provider_named("kiee", context())
    assert caught.value.hint == "did you mean `kie`? Known: draft, kie"


def test_plugins_come_by_entry_point_and_replace_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme_provider.py").write_text(
        "class Acme:\n    name = 'acme'\n    def __init__(self, context): self.context = context\n", encoding="utf-8"
    )
    information = tmp_path / "acme-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(
        "[assetgen.providers]\nacme = acme_provider:Acme\ndraft = acme_provider:Acme\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert provider_named("acme", context()).name == "acme"
    assert provider_named("draft", context()).name == "draft"
    with pytest.raises(UsageError) as caught:
        provider_named("acmee", context())
    assert caught.value.hint == "did you mean `acme`? Known: acme, draft, kie"


def test_asking_for_one_provider_does_not_import_the_other() -> None:
    code = (
        "import sys, assetgen.providers.registry as r, assetgen.providers.address;"
        "assert not {'aiohttp', 'PIL'} & set(sys.modules), 'the registry alone';"
        "from assetgen.providers.base import ProviderContext;"
        "from assetgen.catalog import CATALOG;"
        "from assetgen.manifest.recipe import Tuning;"
        "r.provider_named('draft', ProviderContext({}, CATALOG, Tuning(), None));"
        "assert 'aiohttp' not in sys.modules, 'draft'"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
