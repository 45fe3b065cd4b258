"""The composition root: the only module that knows every seam. Reads like the corridor:
load, observe, plan, execute, lock, report.

Programs and commands call `load`, `plan`, `build`, `adopt` and `clean`; nothing here prints.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

from assetgen import atomic, snapshot
from assetgen.catalog import CATALOG, DRAFT, Catalog
from assetgen.engine.clock import Clock, MonotonicClock
from assetgen.engine.events import Listener, Outcome, Silence
from assetgen.errors import UsageError, WriteError
from assetgen.lock import Entry, Lock, LockedOutput, Orphan, read_lock
from assetgen.manifest.recipe import LoadedManifest, OutputPath, Tuning
from assetgen.plan.cost import check_budget
from assetgen.plan.plan import AssetPlan, Kept, ManifestPlan, Options, Plan
from assetgen.plan.planner import make_plan
from assetgen.plan.request import is_real
from assetgen.providers.address import is_loopback
from assetgen.store.blobs import Blobs
from assetgen.store.folder import state_path
from assetgen.store.hold import hold_when_free
from assetgen.store.observe import lock_name, observe
from assetgen.store.state import State

if TYPE_CHECKING:
    from assetgen.engine.line import Line
    from assetgen.engine.purse import Purse
    from assetgen.engine.record import LockRecord
    from assetgen.engine.shop import Shop
    from assetgen.engine.wakeups import Wakeups
    from assetgen.providers.base import Provider, ProviderContext
    from assetgen.publish.orphans import CleanedFile

    Provide: TypeAlias = Callable[[str, ProviderContext], Provider]

SILENCE = Silence()
MONOTONIC = MonotonicClock()

UNLIMITED = 1_000_000
"""Submissions per period for what is made on this machine."""


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


@dataclass(frozen=True, slots=True)
class Callbacks:
    """Where a service may post that a task is final: a public address, and the `port` of this machine behind it."""

    url: str
    port: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may cost and use. `max_cost` is in US dollars for the whole run; `jobs` are image workers."""

    max_cost: Decimal | None = None
    allow_unpriced: bool = False
    fail_fast: bool = False
    jobs: int | None = None
    callbacks: Callbacks | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Report:
    """How a build went. `spent` sums what was ordered, `unsure` what may have been charged besides, `saved` what the
    lock and the store made unnecessary to buy again, all in US dollars (None when a price was unknown); `seconds` is
    wall time. An interrupted run has no outcomes for what it did not finish."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    requests: int
    spent: Decimal | None
    unsure: Decimal | None
    saved: Decimal
    seconds: float
    interrupted: bool = False

    @property
    def failed(self) -> bool:
        return any(outcome.problem for outcome in self.outcomes)


def load(paths: Sequence[Path], *, environ: Mapping[str, str], cwd: Path, catalog: Catalog = CATALOG) -> Project:
    """Read, validate and resolve manifests. Raises ManifestError with every problem of all of them, and UsageError
    when they lie in different projects."""
    from assetgen.manifest.load import load as load_manifests

    manifests = load_manifests(paths, catalog, cwd)
    roots = {manifest.root for manifest in manifests}
    if len(roots) > 1:
        raise UsageError(
            "the manifests belong to different projects: " + ", ".join(sorted(str(root) for root in roots)),
            hint="run one command per project",
        )
    return Project(roots.pop(), manifests, environ, cwd, catalog)


def plan(project: Project, options: Options) -> Plan:
    """What `build` would do. Changes nothing on disk. Raises LockError, StateError and UsageError."""
    with State.open_for_reading(state_path(project.root)) or nullcontext() as state:
        return _observed(project, options, state).plan


async def build(
    project: Project,
    options: Options,
    limits: Limits = NO_LIMITS,
    listener: Listener = SILENCE,
    clock: Clock = MONOTONIC,
    provide: Provide | None = None,
) -> Report:
    """Do it. Raises BudgetError before anything is sent; what fails per asset is in the report. When cancelled, it ends
    early: what was finished is kept and reported, and the same build goes on from there. `provide` makes a provider
    from its name; without it the registry does."""
    from assetgen.engine.execute import Run, execute

    began = clock.time()
    async with _held(project, "build", listener, clock) as state:
        observed = _observed(project, options, state)
        check_budget(observed.plan, limits.max_cost, allow_unpriced=limits.allow_unpriced)
        async with _shop(project, state, limits, listener, clock, provide) as shop:
            purses = _purses(observed.plan, limits)
            run = Run(shop, observed.plan, observed.records(state, clock), purses, limits.fail_fast)
            interrupted = await _interrupted(execute(run))
    return _report(observed.plan, run.ended, clock.time() - began, interrupted=interrupted)


def _purses(plan: Plan, limits: Limits) -> dict[str, Purse]:
    """What each manifest's orders may cost: its own budget, and what the whole run may cost."""
    from assetgen.engine.purse import Limit, Purse

    whole = [Limit("--max-cost", limits.max_cost)] if limits.max_cost is not None else []
    return {
        shown: Purse([*whole, *([Limit(f"the budget of {shown}", budget)] if budget is not None else [])])
        for shown, budget in ((manifest.manifest.shown, manifest.manifest.budget) for manifest in plan.manifests)
    }


async def _interrupted(work: Coroutine[Any, Any, None]) -> bool:
    """Do the work; whether it was cancelled. The run then ends like any other, with what was finished."""
    try:
        await work
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        return True
    return False


@dataclass(frozen=True, slots=True)
class _Observed:
    """The plan, and the locks as they were read."""

    plan: Plan
    locks: Mapping[str, Lock]

    def records(self, state: State, clock: Clock) -> dict[str, LockRecord]:
        """The locks as a run keeps them, by manifest."""
        from assetgen.engine.record import LockRecord

        made = frozenset(spec.path for m in self.plan.manifests for r in m.manifest.recipes for spec in r.outputs)
        return {
            m.manifest.shown: LockRecord(
                m.manifest.lock_path, lock_name(m.manifest), self.locks[m.manifest.shown], m.world, made, state, clock
            )
            for m in self.plan.manifests
        }


def _observed(project: Project, options: Options, state: State | None) -> _Observed:
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
    return _Observed(make_plan(worlds, options, project.catalog), locks)


def _encoder_version() -> str:
    from assetgen.imaging.export import encoder_version

    return encoder_version()


def leave_answer(project: Project, typed: Sequence[str], environ: Mapping[str, str], said: str, since_ns: int) -> None:
    """Spare the next run of an unchanged project: `said` is then the answer to the manifests as `typed`. `environ` is
    the process environment, `since_ns` a time before the project was looked at, in nanoseconds since 1970."""
    manifests = project.manifests
    database = state_path(project.root)
    inputs = [path for m in manifests for path in (*m.sources, m.lock_path)]
    inputs += [project.root / ".env", project.root / ".env.local", database.with_name(f"{database.name}-wal")]
    outputs = {project.root / spec.path for m in manifests for recipe in m.recipes for spec in recipe.outputs}
    with suppress(OSError, WriteError):
        taken = snapshot.take(
            environ,
            inputs=map(str, inputs),
            outputs=sorted(map(str, outputs)),
            state=str(database),
            said=said,
            since_ns=since_ns,
        )
        if taken is not None:
            atomic.write_bytes(Path(snapshot.snapshot_path(typed, str(project.cwd))), taken)


@asynccontextmanager
async def _shop(
    project: Project, state: State, limits: Limits, listener: Listener, clock: Clock, provide: Provide | None
) -> AsyncIterator[Shop]:
    """The seams of one run, closed again in the end, whatever ends it."""
    from assetgen.engine.line import Line, Lines
    from assetgen.engine.shop import Shop
    from assetgen.executors.threads import Threads
    from assetgen.providers.base import ProviderContext
    from assetgen.providers.registry import provider_named

    try:
        async with Threads(limits.jobs) as threads, _wakeups(project, limits.callbacks, listener) as wakeups:
            callback_url = limits.callbacks.url if limits.callbacks else None

            def open_line(name: str) -> Line:
                tuning = _tuning(project, name, threads.jobs)
                context = ProviderContext(project.environ, project.catalog, tuning, threads, callback_url)
                provider = (provide or provider_named)(name, context)
                return Line(provider, tuning, clock, Random())  # noqa: S311 - jitter, no secret

            lines = Lines(open_line)
            try:
                yield Shop(project.root, state, Blobs(project.root), lines, threads, clock, listener, wakeups)
            finally:
                await lines.close()
    finally:
        _sweep(project)  # when no thread writes any more


@asynccontextmanager
async def _wakeups(project: Project, callbacks: Callbacks | None, listener: Listener) -> AsyncIterator[Wakeups]:
    """What may cut the waiting for tasks short: posts to our port, as long as the run lasts; or nothing."""
    from assetgen.engine.wakeups import Wakeups

    wakeups = Wakeups()
    if callbacks is None:
        yield wakeups
        return
    from assetgen.providers.webhook import listening

    key = project.environ.get("KIE_AI_WEBHOOK_KEY", "").strip()
    async with listening(callbacks.port, wakeups.wake, key=key, now=time.time) as heard:
        yield wakeups
    if heard.refused:
        listener.said(
            f"{heard.refused} of {heard.posts} callbacks were not signed with KIE_AI_WEBHOOK_KEY and counted for "
            "nothing: compare it with the webhook key in the settings of the service"
        )


def _tuning(project: Project, provider: str, jobs: int) -> Tuning:
    """How a provider is used: as the first manifest that tunes it says. Drafts know no limits but our own workers."""
    if provider == DRAFT:
        return Tuning(rate_limit=UNLIMITED, concurrency=2 * jobs)
    tuned = (manifest.tuning[provider] for manifest in project.manifests if provider in manifest.tuning)
    return next(tuned, Tuning())


def _sweep(project: Project) -> None:
    """Remove temporary files of ours that an interruption left in output folders."""
    folders = {project.root / spec.path for m in project.manifests for r in m.recipes for spec in r.outputs}
    for folder in {path.parent for path in folders}:
        atomic.sweep(folder)


@asynccontextmanager
async def _held(project: Project, command: str, listener: Listener, clock: Clock) -> AsyncIterator[State]:
    """The project's store, ours alone until the end; what a killed run left half done is put right first."""
    hold = await hold_when_free(project.root, command, listener.said, clock.sleep)
    with hold, State.open(state_path(project.root)) as state:
        for task in state.settle_interrupted():
            listener.said(
                f"an earlier build was stopped while it sent a request to {task.provider}: it may have been charged, "
                "and its task id is not known; look at the service's own log page"
            )
        _forget_emulated(project, state)
        yield state


def _forget_emulated(project: Project, state: State) -> None:
    """Tasks of an emulator mean nothing to the real service; their requests may be sent there."""
    for task in state.open_tasks().values():
        if task.task is not None and not is_real(task.provider, task.task, loopback=project.loopback):
            state.dropped(task.key)


def _report(plan: Plan, outcomes: tuple[Outcome, ...], seconds: float, *, interrupted: bool) -> Report:
    saved = (asset.master.master.usd for asset in plan.assets if isinstance(asset.master, Kept))
    return Report(
        plan=plan,
        outcomes=outcomes,
        requests=sum(outcome.requests for outcome in outcomes),
        spent=_sum(outcome.spent for outcome in outcomes),
        unsure=_sum(outcome.unsure for outcome in outcomes),
        saved=sum((usd for usd in saved if usd is not None), Decimal(0)),
        seconds=seconds,
        interrupted=interrupted,
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None as soon as one of them is unknown."""
    total = Decimal(0)
    for usd in amounts:
        if usd is None:
            return None
        total += usd
    return total


async def adopt(project: Project, names: Sequence[str], listener: Listener = SILENCE) -> tuple[str, ...]:
    """Take files and inputs as they now are as correct; returns a sentence per asset. `names` may be globs.

    Raises UsageError when there is nothing to adopt, PictureError for a file that is no picture."""
    from assetgen.engine.adopting import adopted_entry

    options = Options(only=tuple(names), overwrite=True)
    async with _held(project, "adopt", listener, MONOTONIC) as state:
        observed = _observed(project, options, state)
        records = observed.records(state, MONOTONIC)
        ambient = project.environ.get("ASSETGEN_PROVIDER") or DRAFT
        said = []
        for manifest in observed.plan.manifests:
            for asset in manifest.assets:
                entry = adopted_entry(asset, manifest.world, project.root, state, Blobs(project.root), ambient)
                records[manifest.manifest.shown].put(asset, entry)
                said.append(_adopted(asset, entry))
            records[manifest.manifest.shown].flush()
    return tuple(said)


def _adopted(asset: AssetPlan, entry: Entry) -> str:
    changed = [path for path, output in entry.outputs.items() if output != _output(asset.previous, path)]
    what = ", ".join(changed) if changed else "its request as it now reads; no file differs"
    return f"{asset.asset}: adopted {what}"


def _output(entry: Entry | None, path: str) -> LockedOutput | None:
    return entry.outputs.get(path) if entry else None


async def clean(project: Project, *, dry_run: bool = False, listener: Listener = SILENCE) -> tuple[CleanedFile, ...]:
    """Remove files that no asset makes any more, while their bytes are still ours; with `dry_run` only say which."""
    from assetgen.publish.orphans import clean as clean_orphans

    async with _held(project, "clean", listener, MONOTONIC) as state:
        observed = _observed(project, Options(), state)
        records = observed.records(state, MONOTONIC)
        done: list[CleanedFile] = []
        for manifest in observed.plan.manifests:
            cleaned = clean_orphans(project.root, _orphans(manifest), manifest.world, dry_run=dry_run)
            done += cleaned
            if not dry_run:
                record = records[manifest.manifest.shown]
                for removed in manifest.removed:
                    record.remove(removed)
                record.drop_orphans(file.path for file in cleaned if file.fate != "kept: edited by hand")
                record.flush()
    return tuple(done)


def _orphans(manifest: ManifestPlan) -> dict[OutputPath, Orphan]:
    """The files that no asset makes: the lock's orphans, and what assets leave that are gone from the manifest."""
    made = {spec.path for recipe in manifest.manifest.recipes for spec in recipe.outputs}
    left = {
        path: Orphan(sha256=manifest.world.entries[removed.name].outputs[path].sha256, asset=removed.name)
        for removed in manifest.removed
        for path in removed.paths
    }
    return {path: orphan for path, orphan in {**manifest.world.orphans, **left}.items() if path not in made}
