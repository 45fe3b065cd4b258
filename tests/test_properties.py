"""Over random manifests and edits: what the plan says is what the build does, and a second build does nothing."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
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
    shows: tuple[tuple[int, str], ...] = ()

    @property
    def is_sheet(self) -> bool:
        return bool(self.cells) and "crop" not in str(self.remove_bg)  # a sheet is cut where it is

    @property
    def pictures(self) -> int:
        return self.variants * (2 if self.matrix else 1)

    def written(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"prompt": f"Picture {self.prompt}", "formats": list(self.formats), "take": self.take}
        if self.remove_bg is not False:
            fields |= {"removeBg": self.remove_bg, "background": "#FFFFFF"}
        if self.is_sheet:
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
    shows=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["", "", "cutout", "cell"])), max_size=2).map(tuple),
)
manifests = st.dictionaries(st.sampled_from(NAMES), assets, min_size=1, max_size=4)


def document(manifest: dict[str, Asset], prefix: str = "") -> dict[str, Any]:
    """The manifest's text as data; with a prefix, every asset is renamed to begin with it."""
    written = {name: asset.written() for name, asset in manifest.items()}
    for name, fields in written.items():
        fields |= {"references": shown} if (shown := references(manifest, name, prefix)) else {}
        fields |= {"moved_from": name} if prefix else {}
    return {
        "version": 1,
        "defaults": {"provider": "fake"},
        "assets": {f"{prefix}{name}": fields for name, fields in written.items()},
    }


def references(manifest: dict[str, Asset], name: str, prefix: str) -> list[str]:
    """What an asset shows: those before it among the names, or parts of them, so that nothing is circular."""
    before = [other for other in NAMES[: NAMES.index(name)] if other in manifest]
    return [_reference(before[at % len(before)], part, manifest, prefix) for at, part in manifest[name].shows if before]


def _reference(name: str, part: str, manifest: dict[str, Asset], prefix: str) -> str:
    asset = manifest[name]
    address = f"asset:{prefix}{name}{'-light' if asset.matrix else ''}"
    if part == "cutout" and asset.remove_bg is not False:
        return f"{address}#cutout"
    return f"{address}/{asset.cells[-1]}" if part == "cell" and asset.is_sheet else address


@dataclass
class House:
    """A project in a folder of its own, built with a provider that counts."""

    root: Path
    provider: CountingProvider = field(default_factory=CountingProvider)
    prefix: str = ""

    def load(self, manifest: dict[str, Asset]) -> Project:
        (self.root / "app.yaml").write_text(yaml.safe_dump(document(manifest, self.prefix)))
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
    planned = sum(len(asset.orders) for asset in plan.assets)
    waits = any(asset.awaits for asset in plan.assets)  # it may turn out that less has to be done
    assert sent == report.requests <= planned
    assert waits or sent == planned
    assert sum(plan.totals.actions.values()) == plan.totals.assets
    built = {outcome.asset for outcome in report.outcomes if outcome.result is Result.BUILT}
    busy = {asset.asset for asset in plan.assets if asset.action is not Action.UP_TO_DATE}
    assert built == busy or (waits and built < busy)
    SEEN.update(asset.action for asset in plan.assets)
    SHOWN.update(part for part in PARTS if part in str(document(manifest)))
    before = house.pictures()
    again, _, resent = house.build(manifest)
    assert again.up_to_date
    assert (resent, house.pictures()) == (0, before)
    return sent


SEEN: Counter[Action] = Counter()
PARTS = ("asset:", "#cutout", "/", "removeBg", "grid", "matrix", "variants")
SHOWN: Counter[str] = Counter()
"""What builds had to do, over all examples, and how often an asset showed another, its cutout, a cell of it, and so on.
"""

few = builds(12)


def test_a_build_does_what_was_planned_and_a_second_one_nothing() -> None:
    """And manifests ask for all that this file speaks of: what it promises would mean nothing where there was none."""

    @few
    @given(history=st.lists(manifests, min_size=1, max_size=4))
    def over(history: list[dict[str, Asset]]) -> None:
        def test(house: House) -> None:
            for manifest in history:
                holds(house, manifest)

        in_a_house(test)

    over()
    assert {Action.GENERATE, Action.EXPORT} <= SEEN.keys()
    assert set(PARTS) <= SHOWN.keys()


def with_the_picks_of(first: dict[str, Asset], second: dict[str, Asset]) -> dict[str, Asset]:
    """What is picked stays until somebody picks another: taking `pick` out of a manifest is no revert."""
    return {name: replace(asset, pick=first.get(name, asset).pick) for name, asset in second.items()}


@few
@given(first=manifests, second=manifests)
def test_reverting_brings_every_picture_back_for_nothing(first: dict[str, Asset], second: dict[str, Asset]) -> None:
    def test(house: House) -> None:
        holds(house, first)
        before = house.pictures()
        holds(house, with_the_picks_of(first, second))
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
            sent = holds(house, manifest, regenerate=(named,))
            shown = any(f"asset:{named}" in str(fields) for fields in document(manifest)["assets"].values())
            assert sent >= manifest[named].pictures if shown else sent == manifest[named].pictures
        before = house.pictures()
        target = house.root / lost
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        assert holds(house, manifest) == 0
        assert house.pictures() == before

    in_a_house(test)


@few
@given(manifest=manifests, drawn=st.data())
def test_a_size_or_format_never_orders_a_picture(manifest: dict[str, Asset], drawn: st.DataObject) -> None:
    def test(house: House) -> None:
        holds(house, manifest)
        changed = {
            name: replace(asset, sizes=drawn.draw(st.sampled_from([(), (8,), (16, 32)])), formats=("webp", "png"))
            for name, asset in manifest.items()
        }
        assert holds(house, changed) == 0

    in_a_house(test)


@builds(8)
@given(manifest=manifests)
def test_new_names_order_nothing_and_take_every_file_along(manifest: dict[str, Asset]) -> None:
    def test(house: House) -> None:
        holds(house, manifest)
        before = house.pictures()
        house.prefix = "new-"
        assert holds(house, manifest) == 0
        assert house.pictures() == {f"new-{name}": digest for name, digest in before.items()}

    in_a_house(test)
