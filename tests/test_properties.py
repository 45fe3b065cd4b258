"""Over random manifests and edits: what the plan says is what the build does, and a second build does nothing."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from assetgen import build
from assetgen.catalog import Catalog
from assetgen.catalog.models import NANO_BANANA_PRO
from assetgen.digest import digest_of_file
from assetgen.engine.events import Result
from assetgen.plan.plan import Action, Options, Plan
from assetgen.project import Project, load
from tests.support.counting import CountingProvider, InstantClock
from tests.support.examples import builds

MODEL = replace(NANO_BANANA_PRO, provider="fake")
CATALOG = Catalog(providers=("draft", "fake"), models={MODEL.id: MODEL})
NAMES = ("coin", "gem", "star", "bolt")


@dataclass(frozen=True)
class Asset:
    """An asset as a random manifest writes it."""

    prompt: int = 0
    sizes: tuple[int, ...] = ()
    formats: tuple[str, ...] = ("png",)
    take: int = 0
    remove_bg: Any = False
    cells: tuple[str, ...] = ()
    variants: int = 1
    pick: int | None = None
    matrix: bool = False

    @property
    def pictures(self) -> int:
        return self.variants * (2 if self.matrix else 1)

    def written(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"prompt": f"Picture {self.prompt}", "formats": list(self.formats), "take": self.take}
        if self.remove_bg is not False:
            fields |= {"removeBg": self.remove_bg, "background": "#FFFFFF"}
        if self.cells and "crop" not in str(self.remove_bg):  # a sheet is cut where it is
            fields["grid"] = {"rows": 1, "columns": len(self.cells), "cells": list(self.cells)}
        fields |= {"variants": self.variants} if self.variants > 1 else {}
        fields |= {"pick": min(self.pick, self.variants)} if self.pick else {}
        if self.matrix:
            fields |= {"matrix": {"theme": ["light", 2]}, "prompt": fields["prompt"] + " {{ matrix.theme }}"}
        return fields | ({"sizes": list(self.sizes)} if self.sizes else {})


CUTOUTS = st.sampled_from([False, True, {"crop": True}, {"crop": True, "padding": 0.1}, {"holes": True, "keep": True}])
assets = st.builds(
    Asset,
    prompt=st.integers(0, 2),
    sizes=st.lists(st.sampled_from([8, 16, 32]), unique=True, max_size=2).map(tuple),
    formats=st.sampled_from([("png",), ("webp",), ("png", "jpg")]),
    take=st.integers(0, 1),
    remove_bg=CUTOUTS,
    cells=st.sampled_from([(), (), ("on", "off"), ("off", "on"), ("on", "idle")]),
    variants=st.sampled_from([1, 1, 2, 3]),
    pick=st.sampled_from([None, None, 1, 2]),
    matrix=st.booleans(),
)
manifests = st.dictionaries(st.sampled_from(NAMES), assets, min_size=1, max_size=4)


@dataclass
class House:
    """A project in a folder of its own, built with a provider that counts."""

    root: Path
    provider: CountingProvider = field(default_factory=CountingProvider)

    def load(self, manifest: dict[str, Asset]) -> Project:
        document = {
            "version": 1,
            "defaults": {"provider": "fake"},
            "assets": {name: asset.written() for name, asset in manifest.items()},
        }
        (self.root / "app.yaml").write_text(yaml.safe_dump(document))
        return load([self.root / "app.yaml"], environ={}, cwd=self.root, catalog=CATALOG)

    def build(self, manifest: dict[str, Asset], **options: Any) -> tuple[Plan, build.Report, int]:
        """Plan, then build; returns both with the number of submissions made."""
        project, chosen = self.load(manifest), Options(**options)
        plan, before = build.plan(project, chosen), len(self.provider.orders)
        report = asyncio.run(build.build(project, chosen, clock=InstantClock(), provide=self.provider.provide))
        return plan, report, len(self.provider.orders) - before

    def pictures(self) -> dict[str, str]:
        files = (self.root / "output").rglob("*") if (self.root / "output").exists() else ()
        return {path.name: digest_of_file(path) for path in files if path.is_file()}


def in_a_house(test: Callable[[House], None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / ".git").mkdir()
        test(House(root))


def holds(house: House, manifest: dict[str, Asset], **options: Any) -> int:
    """Build once as planned, then once more for nothing; returns the submissions of the first."""
    plan, report, sent = house.build(manifest, **options)
    assert sent == sum(len(asset.orders) for asset in plan.assets) == report.requests
    assert sum(plan.totals.actions.values()) == plan.totals.assets
    assert {outcome.asset for outcome in report.outcomes if outcome.result is Result.BUILT} == {
        asset.asset for asset in plan.assets if asset.action is not Action.UP_TO_DATE
    }
    before = house.pictures()
    again, _, resent = house.build(manifest)
    assert again.up_to_date
    assert (resent, house.pictures()) == (0, before)
    return sent


few = builds(12)


@few
@given(history=st.lists(manifests, min_size=1, max_size=4))
def test_a_build_does_what_was_planned_and_a_second_one_nothing(history: list[dict[str, Asset]]) -> None:
    def test(house: House) -> None:
        for manifest in history:
            holds(house, manifest)

    in_a_house(test)


@few
@given(first=manifests, second=manifests)
def test_reverting_brings_every_picture_back_for_nothing(first: dict[str, Asset], second: dict[str, Asset]) -> None:
    def test(house: House) -> None:
        holds(house, first)
        before = house.pictures()
        holds(house, second)
        assert holds(house, first) == 0
        assert before.items() <= house.pictures().items()

    in_a_house(test)


@few
@given(manifest=manifests, named=st.sampled_from(NAMES), lost=st.sampled_from(["app.lock", ".assetgen", "output"]))
def test_losing_the_lock_the_store_or_the_outputs_costs_nothing(
    manifest: dict[str, Asset], named: str, lost: str
) -> None:
    def test(house: House) -> None:
        holds(house, manifest)
        if named in manifest:
            assert holds(house, manifest, regenerate=(named,)) == manifest[named].pictures
        before = house.pictures()
        target = house.root / lost
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        assert holds(house, manifest) == 0
        assert house.pictures() == before

    in_a_house(test)


@few
@given(manifest=manifests, renamed=st.data())
def test_a_size_or_format_never_orders_a_picture(manifest: dict[str, Asset], renamed: st.DataObject) -> None:
    def test(house: House) -> None:
        holds(house, manifest)
        changed = {
            name: replace(asset, sizes=renamed.draw(st.sampled_from([(), (8,), (16, 32)])), formats=("webp", "png"))
            for name, asset in manifest.items()
        }
        assert holds(house, changed) == 0

    in_a_house(test)
