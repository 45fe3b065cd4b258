"""Small recipes, lock entries and worlds for planning tests: everything has a default, tests say what matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from assetgen.catalog import CATALOG
from assetgen.digest import Digest, digest_of
from assetgen.errors import Place
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedMaster, LockedOutput
from assetgen.manifest.recipe import (
    AssetName,
    Drawing,
    Export,
    LoadedManifest,
    OutputPath,
    OutputSpec,
    PixelSize,
    Recipe,
    Request,
)
from assetgen.plan.plan import AssetPlan, Options
from assetgen.plan.planner import make_plan
from assetgen.plan.request import Asking, locked_export
from assetgen.plan.world import FileFact, StoredMaster, World

SQUARE = PixelSize(1024, 1024)


def digest(text: str) -> Digest:
    return digest_of(text.encode())


def recipe(name: str = "coin", **fields: Any) -> Recipe:
    """One asset with a single PNG output at `output/NAME.png`. `prompt`, `parameters`, `take`, `defaulted`, `left_out`
    go into its request; `outputs` and the rest are the recipe's own."""
    request = {key: fields.pop(key) for key in ("take", "defaulted", "left_out") if key in fields}
    return Recipe(
        name=AssetName(name),
        place=Place("app.yaml", 3, 3),
        request=Request(
            model=fields.pop("model", "nano-banana-pro"),
            prompt=fields.pop("prompt", "A coin"),
            parameters=fields.pop("parameters", {"aspect_ratio": "1:1", "resolution": "1K"}),
            **request,
        ),
        drawing=fields.pop("drawing", Drawing(name, {"primary": "#EC4899"}, remove_bg=False)),
        outputs=fields.pop("outputs", (output(f"output/{name}.png"),)),
        expected=SQUARE,
        **fields,
    )


def output(path: str, label: str = "", published: tuple[str, ...] = (), **export: Any) -> OutputSpec:
    places = tuple(OutputPath(place) for place in published)
    return OutputSpec(OutputPath(path), label, Export(**({"format": "png"} | export)), places)


def master(text: str = "master", provider: str = "kie", task: str | None = "t1") -> StoredMaster:
    return StoredMaster(digest(text), SQUARE, "png", provider, task if provider == "kie" else None, Decimal("0.09"))


def asking(of: Recipe, provider: str = "kie", reroll: int = 0) -> Asking:
    return Asking(provider, of.request, of.drawing, of.provider, reroll)


def entry(of: Recipe, made: StoredMaster | None = None, provider: str = "kie", reroll: int = 0) -> Entry:
    """The lock entry of a recipe that was built: its outputs hold the bytes named after their paths."""
    made = made or master(provider=provider)
    return Entry(
        request=asking(of, provider, reroll).locked(),
        masters=[
            LockedMaster(
                sha256=made.sha256,
                width=made.size.width,
                height=made.size.height,
                format=made.format,
                provider=made.provider,
                task_id=made.task,
                usd=made.usd,
            )
        ],
        outputs={
            spec.path: LockedOutput(
                sha256=digest(spec.path), width=1024, height=1024, export=locked_export(spec.export), encoder="pillow 1"
            )
            for spec in of.outputs
        },
    )


def built(of: Recipe, locked: Entry | None = None, **facts: Any) -> World:
    """The world after a recipe was built: locked, its files in place, its master at hand; `facts` replace parts."""
    locked = locked or entry(of)
    files = {OutputPath(path): FileFact("file", out.sha256) for path, out in locked.outputs.items()}
    world = World(entries={str(of.name): locked}, files=files, blobs=frozenset({locked.master.sha256}))
    return replace(world, **facts)


def loaded(*recipes: Recipe, budget: str | None = None) -> LoadedManifest:
    root = Path("project")
    return LoadedManifest(
        path=root / "app.yaml",
        shown="app.yaml",
        root=root,
        lock_path=root / "app.lock",
        output=OutputPath("output"),
        publish=(),
        budget=Decimal(budget) if budget else None,
        tuning={},
        recipes=recipes,
        sources=(),
    )


def planned(of: Recipe, world: World | None = None, options: Mapping[str, Any] | None = None) -> AssetPlan:
    """The verdict on one asset alone."""
    plan = make_plan([(loaded(of), world or World())], Options(**(options or {})), CATALOG)
    return plan.manifests[0].assets[0]
