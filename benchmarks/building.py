"""What a build adds to the work itself: 100 new drafts of 1K with eight files each, built and bare.

    python -m benchmarks.building [ASSETS]

`bare` reads the same manifest, draws the same pictures and exports the same files on as many threads; it plans,
records, checks and syncs nothing. Both are whole processes, one after the other in every round.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from assetgen.catalog import DRAFT
from assetgen.engine.ordering import order_of
from assetgen.executors.threads import Threads
from assetgen.imaging.export import export_file
from assetgen.manifest.recipe import Export, PresetExport, Recipe
from assetgen.plan.request import Asking
from assetgen.project import load
from assetgen.providers.draft import Draft
from benchmarks.measure import ASSETGEN, PYTHON, Case, Spread, interleaved, print_table, ratio
from benchmarks.projects import manifest, new_project

ROOT = Path(__file__).resolve().parents[1]
ASSETS = 100
SIZES = (24, 48, 72, 160)
FORMATS = ("png", "webp")
ROUNDS = 3


def main() -> None:
    assets = int(sys.argv[1]) if len(sys.argv) > 1 else ASSETS
    with TemporaryDirectory() as folder:
        app = new_project(Path(folder) / "project", manifest(assets, sizes=SIZES, formats=FORMATS))
        cases = {
            "bare": Case((PYTHON, "-m", "benchmarks.building", "--bare", str(app)), ROOT, partial(_clear, app)),
            "assetgen build": Case((ASSETGEN, "build", app.name), app.parent, partial(_clear, app)),
        }
        costs = interleaved(cases, ROUNDS, warming=0)
    cpu = {case: [cost.cpu / assets * 1000 for cost in each] for case, each in costs.items()}
    wall = {case: [cost.wall / assets * 1000 for cost in each] for case, each in costs.items()}
    rows = [
        (
            case,
            Spread.of(cpu[case]),
            Spread.of(wall[case]),
            ratio(cpu[case], cpu["bare"]),
            ratio(wall[case], wall["bare"]),
        )
        for case in cases
    ]
    columns = ("", "CPU ms an asset", "wall ms an asset", "CPU to bare", "wall to bare")
    title = f"building: {assets} new drafts, {len(SIZES) * len(FORMATS)} files each"
    print_table(title, columns, rows, [f"median (least-most) of {ROUNDS}"])


def _clear(app: Path) -> None:
    """Back to nothing but the manifest."""
    app.with_suffix(".lock").unlink(missing_ok=True)
    for name in (".assetgen", "output"):
        shutil.rmtree(app.parent / name, ignore_errors=True)


async def _bare(app: Path) -> None:
    folder = app.parent / "output"
    folder.mkdir()
    recipes = load([app], environ={}, cwd=app.parent).manifests[0].recipes
    async with Threads() as threads, asyncio.TaskGroup() as group:
        for recipe in recipes:
            group.create_task(_make(recipe, folder, Draft(threads), threads))


async def _make(recipe: Recipe, folder: Path, draft: Draft, threads: Threads) -> None:
    assert recipe.expected is not None
    asking = Asking(DRAFT, recipe.request, recipe.drawing)
    picture = await draft.submit(order_of(asking, recipe.expected))
    master = folder / f"{recipe.name}-master.png"
    await threads.run(master.write_bytes, picture.data)
    specs = [(spec.export, folder / Path(spec.path).name) for spec in recipe.outputs]
    exports = [(export, path) for export, path in specs if isinstance(export, Export | PresetExport)]
    await threads.run(export_file, master, exports, False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare"]:
        asyncio.run(_bare(Path(sys.argv[2])))
    else:
        main()
