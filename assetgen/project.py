"""A project as runs see it: its manifests, its environment, what stands there now, and the right to change it.

The corridor up to the plan; what `build`, `plan` and `upkeep` have in common.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assetgen import atomic, snapshot
from assetgen.catalog import CATALOG, Catalog
from assetgen.errors import UsageError, WriteError
from assetgen.lock.document import Lock
from assetgen.lock.reading import read_lock
from assetgen.manifest.recipe import LoadedManifest
from assetgen.plan.ownership import unknown_outputs
from assetgen.plan.plan import Options, Plan
from assetgen.plan.planner import Planner
from assetgen.plan.request import is_real
from assetgen.providers.address import is_loopback
from assetgen.store.blobs import Blobs
from assetgen.store.folder import state_path
from assetgen.store.hold import hold_when_free
from assetgen.store.observe import observe
from assetgen.store.state import State

if TYPE_CHECKING:
    from assetgen.engine.clock import Clock
    from assetgen.engine.events import Listener
    from assetgen.engine.record import LockRecord


@dataclass(frozen=True, slots=True)
class Project:
    """What a run works on: the manifests of one project root, and the environment that counts.

    `environ` is the process environment completed by `.env` and `.env.local`; `cwd` is where paths were typed.
    """

    root: Path
    manifests: tuple[LoadedManifest, ...]
    environ: Mapping[str, str]
    cwd: Path
    catalog: Catalog = CATALOG

    @property
    def loopback(self) -> bool:
        return is_loopback(self.environ.get("KIE_AI_BASE_URL", ""))


def load(paths: Sequence[Path], *, environ: Mapping[str, str], cwd: Path, catalog: Catalog = CATALOG) -> Project:
    """Read, validate and resolve manifests. Raises ManifestError with every problem of all of them, and UsageError
    when they lie in different projects."""
    from assetgen.manifest.load import load as load_manifests

    manifests = load_manifests(paths, catalog, cwd, _look)
    roots = {manifest.root for manifest in manifests}
    if len(roots) > 1:
        raise UsageError(
            "the manifests belong to different projects: " + ", ".join(sorted(str(root) for root in roots)),
            hint="run one command per project",
        )
    return Project(roots.pop(), manifests, environ, cwd, catalog)


def _look(file: Path) -> None:
    from assetgen.imaging.signature import recognised

    with file.open("rb") as opened:
        recognised(opened, f"`{file.name}`")


@dataclass(frozen=True, slots=True)
class Observed:
    """The plan, who made it, and the locks as they were read."""

    planner: Planner
    plan: Plan
    locks: Mapping[str, Lock]

    def records(self, state: State, clock: Clock) -> dict[str, LockRecord]:
        """The locks as a run keeps them, by manifest."""
        from assetgen.engine.record import LockRecord

        records = {}
        for manifest, world in ((m.manifest, m.world) for m in self.plan.manifests):
            elsewhere = self.plan.made - {spec.path for recipe in manifest.recipes for spec in recipe.outputs}
            name, lock = manifest.lock_name, self.locks[manifest.shown]
            records[manifest.shown] = LockRecord(manifest.lock_path, name, lock, world, elsewhere, state, clock)
        return records

    def teach(self, state: State) -> None:
        """Have the state remember what only the locks know: the next lock may be of another time, or another branch."""
        news = self.planner.news
        state.results.learn(news.results, news.cutouts)
        for base_key, count in news.takes.items():
            state.wishes.record_take(base_key, count)
        for part in self.plan.manifests:
            state.outputs.writing(unknown_outputs(part.manifest.lock_name, part.world))


def observed(project: Project, options: Options, state: State | None) -> Observed:
    """The corridor up to the plan. A manifest without assets is a library and has no lock, unless it once had some."""
    if options.refresh:
        options = replace(options, encoder=_encoder_version())
    manifests = [m for m in project.manifests if m.recipes or m.lock_path.exists()]
    locks = {m.shown: read_lock(m.lock_path) for m in manifests}
    blobs = Blobs(project.root)
    worlds = []
    for manifest in manifests:
        seen = observe(manifest, locks[manifest.shown], state, blobs, loopback=project.loopback, now_ns=time.time_ns())
        worlds.append((manifest, seen.world))
        seen.remember(state)
    planner = Planner(worlds, options, project.catalog)
    return Observed(planner, planner.plan(), locks)


def plan(project: Project, options: Options) -> Plan:
    """What `build` would do. Changes nothing on disk. Raises LockError, StateError and UsageError."""
    with State.open_for_reading(state_path(project.root)) or nullcontext() as state:
        return observed(project, options, state).plan


def _encoder_version() -> str:
    from assetgen.imaging.export import encoder_version

    return encoder_version()


@asynccontextmanager
async def held(project: Project, command: str, listener: Listener, clock: Clock) -> AsyncIterator[State]:
    """The project's store, ours alone until the end; what a killed run left half done is put right first."""
    hold = await hold_when_free(project.root, command, listener.said, clock.sleep)
    with hold, State.open(state_path(project.root)) as state:
        for task in state.journal.settle_interrupted():
            listener.said(
                f"an earlier build was stopped while it sent a request to {task.provider}: it may have been charged, "
                "and its task id is not known; look at the service's own log page"
            )
        _forget_emulated(project, state)
        yield state


def _forget_emulated(project: Project, state: State) -> None:
    """Tasks of an emulator mean nothing to the real service; their requests may be sent there."""
    for task in state.journal.open_tasks().values():
        if task.task is not None and not is_real(task.provider, task.task, loopback=project.loopback):
            state.journal.dropped(task.key)


def leave_answer(project: Project, typed: Sequence[str], environ: Mapping[str, str], said: str, since_ns: int) -> None:
    """Spare the next run of an unchanged project: `said` is then the answer to the manifests as `typed`. `environ` is
    the process environment, `since_ns` a time before the project was looked at, in nanoseconds since 1970."""
    manifests = project.manifests
    database = state_path(project.root)
    inputs = [path for m in manifests for path in (*m.sources, m.lock_path)]
    inputs += [project.root / ".env", project.root / ".env.local", database.with_name(f"{database.name}-wal")]
    recipes = [recipe for manifest in manifests for recipe in manifest.recipes]
    stand = {project.root / spec.path for recipe in recipes for spec in recipe.outputs}
    stand |= {project.root / r.name for recipe in recipes for r in recipe.request.references if r.kind == "file"}
    stand |= {project.root / index.path for manifest in manifests for index in manifest.indexes}
    with suppress(OSError, WriteError):
        taken = snapshot.take(
            environ,
            inputs=map(str, inputs),
            outputs=sorted(map(str, stand)),
            state=str(database),
            said=said,
            since_ns=since_ns,
        )
        if taken is not None:
            atomic.write_bytes(Path(snapshot.snapshot_path(typed, str(project.cwd))), taken)
