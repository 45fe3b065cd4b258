"""The worked example of CONTRIBUTING.md, installed as a plugin and driven through the seam."""

from __future__ import annotations

import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from assetgen.catalog import CATALOG
from assetgen.executors.threads import Threads
from assetgen.manifest.recipe import Drawing, PixelSize, Tuning
from assetgen.providers.base import Finished, GoneError, Order, Provider, ProviderContext, RefusedError, TaskId
from assetgen.providers.registry import provider_named

ORDER = Order(
    model="any",
    prompt="A coin.",
    parameters={},
    input={},
    drawing=Drawing("coin", {"primary": "#EC4899", "ink": "#0F172A"}, remove_bg=False),
    expected=PixelSize(48, 32),
)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What pip leaves behind for a package with the entry point of the guide."""
    metadata = tmp_path / "swatch-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: swatch\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[assetgen.providers]\nswatch = tests.support.swatch:swatch\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])


@pytest.mark.usefixtures("installed")
async def test_an_installed_provider_is_found_by_name_and_makes_pictures() -> None:
    async with Threads(1) as threads:
        context = ProviderContext(environment={}, catalog=CATALOG, tuning=Tuning(), executor=threads)
        provider: Provider = provider_named("swatch", context)
        finished = await provider.submit(ORDER)
        assert isinstance(finished, Finished)
        with Image.open(BytesIO(finished.data)) as picture:
            assert (picture.size, picture.getpixel((0, 0))) == ((48, 32), (0xEC, 0x48, 0x99))
        with pytest.raises(RefusedError, match="no colour"):
            await provider.submit(replace(ORDER, drawing=Drawing("coin", {}, remove_bg=False)))
        with pytest.raises(GoneError, match="knows no task t-1"):
            await provider.poll(TaskId("t-1"))
        await provider.close()
