"""The composition root: the only module that knows every seam. Reads like the corridor:
load, observe, plan, execute, lock, report.

Programs and commands call `plan` and `build` with a project from `project.load`; nothing here prints.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

from assetgen import atomic
from assetgen.catalog import DRAFT
from assetgen.engine.clock import MONOTONIC, Clock
from assetgen.engine.events import SILENCE, Begun, Listener, Outcome, Result
from assetgen.manifest.recipe import Tuning
from assetgen.plan.cost import check_budget, saved_by
from assetgen.plan.plan import Options, Plan
from assetgen.project import Project, held, observed, plan
from assetgen.store.blobs import Blobs
from assetgen.store.state import State

if TYPE_CHECKING:
    from assetgen.engine.line import Line
    from assetgen.engine.purse import Purse
    from assetgen.engine.run import Run
    from assetgen.engine.shop import Shop
    from assetgen.engine.wakeups import Wakeups
    from assetgen.providers.base import Provider, ProviderContext
    from assetgen.removers.base import Remover, RemoverContext

    Provide: TypeAlias = Callable[[str, ProviderContext], Provider]
    Remove: TypeAlias = Callable[[str, RemoverContext], Remover]

__all__ = ["NO_LIMITS", "UNLIMITED", "Callbacks", "Limits", "Report", "build", "plan"]

UNLIMITED = 1_000_000
"""Submissions per period for what is made on this machine."""


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
    """How a build went. `spent` sums what was ordered, `unsure` what may have been charged besides, `saved` what built
    assets needed not order, since the store or another asset of the run had the picture; all in US dollars (None when a
    price was unknown). `seconds` is wall time. An interrupted run has no outcomes for what it did not finish: `begun`
    tells what that cost, which counts in the sums. `emitted` are index files, under their paths."""

    plan: Plan = field(repr=False)  # asyncio.run spells out what it returns, however large that is
    outcomes: tuple[Outcome, ...] = field(repr=False)
    requests: int
    spent: Decimal | None
    unsure: Decimal | None
    saved: Decimal
    seconds: float
    interrupted: bool = False
    emitted: tuple[Outcome, ...] = ()
    begun: tuple[Begun, ...] = ()

    @property
    def failed(self) -> bool:
        return any(outcome.problem for outcome in (*self.outcomes, *self.emitted))


async def build(
    project: Project,
    options: Options,
    limits: Limits = NO_LIMITS,
    listener: Listener = SILENCE,
    clock: Clock = MONOTONIC,
    provide: Provide | None = None,
    remove: Remove | None = None,
) -> Report:
    """Do it. Raises BudgetError before anything is sent; what fails per asset is in the report. When cancelled, it ends
    early: what was finished is kept and reported, and the same build goes on from there. `provide` makes a provider
    from its name, `remove` a remover; without them the registries do."""
    began = clock.time()
    async with held(project, "build", listener, clock) as state:
        seen = observed(project, options, state)
        seen.teach(state)
        if seen.plan.idle:
            return _report(seen.plan, _unchanged(seen.plan), clock.time() - began, interrupted=False)
        from assetgen.engine.run import Run

        check_budget(seen.plan, limits.max_cost, allow_unpriced=limits.allow_unpriced)
        async with _shop(project, state, limits, listener, clock, provide, remove) as shop:
            purses = _purses(seen.plan, limits)
            run = Run(shop, seen.plan, seen.records(state, clock), purses, seen.planner.again, limits.fail_fast)
            emitted: list[Outcome] = []
            interrupted = await _interrupted(_execute(run, shop, emitted))
    report = _report(seen.plan, run.ended, clock.time() - began, tuple(run.begun), interrupted=interrupted)
    return replace(report, emitted=tuple(emitted))


async def _execute(run: Run, shop: Shop, emitted: list[Outcome]) -> None:
    """The assets, then the index files that tell of them; what became of those is added to `emitted`."""
    from assetgen.engine.execute import execute

    await execute(run)
    for manifest in run.plan.manifests:
        if manifest.indexes or manifest.left_indexes:
            from assetgen.publish.emitting import Press, emit_indexes

            press = Press(shop.root, shop.state, shop.threads, manifest, run.records[manifest.manifest.shown])
            emitted += await emit_indexes(press)


def _unchanged(plan: Plan) -> tuple[Outcome, ...]:
    return tuple(Outcome(asset.asset, Result.UP_TO_DATE, notes=asset.notes) for asset in plan.assets)


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


@asynccontextmanager
async def _shop(
    project: Project,
    state: State,
    limits: Limits,
    listener: Listener,
    clock: Clock,
    provide: Provide | None,
    remove: Remove | None,
) -> AsyncIterator[Shop]:
    """The seams of one run, closed again in the end, whatever ends it."""
    from assetgen.engine.cutters import Cutters
    from assetgen.engine.line import Line, Lines
    from assetgen.engine.shop import Shop
    from assetgen.engine.uploading import Uploads
    from assetgen.engine.web import Web
    from assetgen.executors.threads import Threads
    from assetgen.providers.base import ProviderContext
    from assetgen.providers.registry import provider_named
    from assetgen.removers.base import RemoverContext
    from assetgen.removers.registry import remover_named

    try:
        async with Threads(limits.jobs) as threads, _wakeups(project, limits.callbacks, listener) as wakeups:
            callback_url = limits.callbacks.url if limits.callbacks else None

            def open_line(name: str) -> Line:
                tuning = _tuning(project, name, threads.jobs)
                context = ProviderContext(project.environ, project.catalog, tuning, threads, callback_url)
                provider = (provide or provider_named)(name, context)
                return Line(provider, tuning, clock, Random())  # noqa: S311 - jitter, no secret

            context = RemoverContext(project.environ, threads)
            lines, cutters = Lines(open_line), Cutters(lambda name: (remove or remover_named)(name, context))
            try:
                blobs, uploads = Blobs(project.root), Uploads(state, time.time)
                web = Web(blobs, threads, clock)
                yield Shop(
                    root=project.root,
                    state=state,
                    blobs=blobs,
                    lines=lines,
                    threads=threads,
                    clock=clock,
                    listener=listener,
                    uploads=uploads,
                    web=web,
                    cutters=cutters,
                    wakeups=wakeups,
                )
            finally:
                try:
                    await cutters.close()
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


def _report(
    plan: Plan, outcomes: tuple[Outcome, ...], seconds: float, begun: tuple[Begun, ...] = (), *, interrupted: bool
) -> Report:
    built = {outcome.asset for outcome in outcomes if outcome.result is Result.BUILT}
    all_of_them: tuple[Outcome | Begun, ...] = (*outcomes, *begun)
    return Report(
        plan=plan,
        outcomes=outcomes,
        requests=sum(one.requests for one in all_of_them),
        spent=_sum(one.spent for one in all_of_them),
        unsure=_sum(one.unsure for one in all_of_them),
        saved=saved_by(plan, built),
        seconds=seconds,
        interrupted=interrupted,
        begun=begun,
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None as soon as one of them is unknown."""
    total = Decimal(0)
    for usd in amounts:
        if usd is None:
            return None
        total += usd
    return total
