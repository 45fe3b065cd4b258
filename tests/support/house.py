"""A project that is built by calling `build.build`, with a service that a test has in its hands and a clock of its own.

For tests of the engine below the command line; its pictures are small and done at once.
"""

from __future__ import annotations

import shutil
from collections.abc import Coroutine, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from assetgen import build, upkeep
from assetgen.catalog import Catalog
from assetgen.catalog.models import NANO_BANANA_PRO
from assetgen.digest import Digest, digest_of_file
from assetgen.engine.clock import Clock
from assetgen.engine.events import SILENCE, Listener, Outcome
from assetgen.imaging.decode import inspect
from assetgen.lock.document import Lock
from assetgen.lock.reading import read_lock
from assetgen.plan.plan import AssetPlan, Options
from assetgen.project import Project, load
from assetgen.providers.base import Provider, ProviderContext
from assetgen.providers.registry import provider_named
from assetgen.removers.base import Remover, RemoverContext
from assetgen.removers.registry import remover_named
from assetgen.store.folder import state_path
from assetgen.store.state import State
from tests.support.counting import CountingProvider, InstantClock
from tests.support.erasing import CountingRemover

MODEL = replace(NANO_BANANA_PRO, provider="fake")
CATALOG = Catalog(providers=("draft", "fake"), models={MODEL.id: MODEL})

PAID = "defaults: {provider: fake}\n"

EVERYTHING = Options()
LIMITS = build.Limits(jobs=1)


class House:
    """A project at `root` whose assets come from `provider`, under the name `fake`; `manifest` is its file there, and
    `catalog` what it knows."""

    manifest = "app.yaml"
    catalog = CATALOG

    def __init__(self, root: Path, provider: CountingProvider) -> None:
        self.root = root
        self.provider = provider
        self.remover: CountingRemover | None = None
        (root / ".git").mkdir(parents=True, exist_ok=True)

    def wants(self, *names: str, top: str = "") -> None:
        """A manifest with these assets, each asking for its name; `top` are more lines for its top level."""
        assets = "".join(f"  {name}: {{prompt: A {name}}}\n" for name in names)
        self.write(f"version: 1\n{top}defaults: {{provider: fake, sizes: [24]}}\nassets:\n{assets}")

    def makes(self, top: str = PAID, **assets: str) -> None:
        """A manifest with these assets, each with its fields as YAML; pictures are as large as they come."""
        lines = "".join(f"  {name}: {{{fields}}}\n" for name, fields in assets.items())
        self.write(f"version: 1\n{top}assets:\n{lines}")

    def write(self, manifest: str) -> None:
        (self.root / self.manifest).parent.mkdir(parents=True, exist_ok=True)
        (self.root / self.manifest).write_text(manifest)

    def edit(self, old: str, new: str) -> None:
        text = (self.root / self.manifest).read_text()
        assert old in text
        self.write(text.replace(old, new))

    def started(
        self,
        options: Options = EVERYTHING,
        *,
        clock: Clock | None = None,
        limits: build.Limits = LIMITS,
        listener: Listener = SILENCE,
        also: Sequence[str] = (),
    ) -> Coroutine[Any, Any, build.Report]:
        """A build of the manifest, and in the same run of those in `also`."""
        project = self.project(*also)
        return build.build(project, options, limits, listener, clock or InstantClock(), self.provide, self.remove)

    async def build(self, options: Options = EVERYTHING, **others: Any) -> Built:
        return Built(await self.started(options, **others))

    def planned(self, options: Options = EVERYTHING) -> dict[str, AssetPlan]:
        return {plan.asset.name: plan for plan in build.plan(self.project(), options).assets}

    async def adopt(self, *names: str) -> tuple[str, ...]:
        return await upkeep.adopt(self.project(), names)

    async def clean(self, *also: str) -> dict[str, str]:
        """What became of each file that was left behind."""
        return {file.path: file.fate for file in await upkeep.clean(self.project(*also))}

    def project(self, *also: str) -> Project:
        paths = [self.root / name for name in (self.manifest, *also)]
        return load(paths, environ={}, cwd=self.root, catalog=self.catalog)

    def lose(self) -> None:
        """A fresh clone, when the service has long deleted everything."""
        shutil.rmtree(self.root / ".assetgen")
        self.provider = CountingProvider()

    def provide(self, name: str, context: ProviderContext) -> Provider:
        return self.provider if name == "fake" else provider_named(name, context)

    def remove(self, name: str, context: RemoverContext) -> Remover:
        """`remover`, if there is one, stands for the service."""
        return self.remover if name == "service" and self.remover else remover_named(name, context)

    @property
    def files(self) -> dict[str, Digest]:
        """Every picture in the project, by its path."""
        found = (path for path in self.root.rglob("*.png") if ".assetgen" not in path.parts)
        return {path.relative_to(self.root).as_posix(): digest_of_file(path) for path in found}

    @property
    def lock(self) -> Lock:
        return read_lock((self.root / self.manifest).with_suffix(".lock"))

    @property
    def ordered(self) -> Sequence[str]:
        """What was asked for, in order."""
        return [order.prompt.removeprefix("A ") for order in self.provider.orders]

    def state(self) -> State | None:
        return State.open_for_reading(state_path(self.root))

    def consistent(self) -> int:
        """Nothing is half there: not in the lock, the journal or the outputs. Returns how many submissions are in
        doubt."""
        read_lock(self.root / "app.lock")
        for path in (self.root / "output").rglob("*"):
            assert path.is_dir() or path.suffix in (".json", ".txt") or inspect(path).format == "png", path
        with self.state() or nullcontext() as state:
            tasks, results = (state.journal.open_tasks(), state.results.masters()) if state else ({}, {})
        ids = {f"task-{number + 1}" for number in range(len(self.provider.orders))}
        assert {task.task for task in tasks.values() if task.task} <= ids
        assert not tasks.keys() & results.keys(), "finished, and still open"
        return sum(task.ambiguous for task in tasks.values())


class Built:
    """How a build went."""

    def __init__(self, report: build.Report) -> None:
        self.report = report

    @property
    def outcomes(self) -> dict[str, Outcome]:
        return {outcome.asset.name: outcome for outcome in self.report.outcomes}

    @property
    def results(self) -> dict[str, str]:
        """How each asset ended: its result, or the code of its problem."""
        return {name: o.problem.code if o.problem else o.result.value for name, o in self.outcomes.items()}

    def said(self, name: str) -> str:
        """What is told of an asset that did not get there."""
        problem = self.outcomes[name].problem
        return f"{problem.message} | {problem.hint}" if problem else ""
