"""Doing the plan: one TaskGroup, no phases. Each asset flows through its own steps while the others do theirs.

What fails fails alone; what was finished is kept, whatever ends the run.
"""

from __future__ import annotations

import asyncio
import traceback
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from assetgen import atomic
from assetgen.engine.cutters import NotAskedError
from assetgen.engine.enlarging import base_of
from assetgen.engine.entries import entry_of
from assetgen.engine.events import Begun, Outcome, Result
from assetgen.engine.line import NotSentError
from assetgen.engine.pictures import masters_of, outputs_of
from assetgen.engine.purse import OverBudgetError
from assetgen.engine.removing import is_kept, remove_left
from assetgen.engine.run import (
    DependencyFailedError,
    Run,
    hand_on,
    hand_on_art,
    hand_on_cutout,
    open_pictures,
    planned_again,
    release,
)
from assetgen.engine.shop import Job
from assetgen.errors import AssetError, AssetgenError, LockError, MaybeChargedError, Problem, StateError, WriteError
from assetgen.plan.lending import at_hand
from assetgen.plan.plan import Action, AssetPlan, Cutting, Kept, ManifestPlan, asking_of
from assetgen.plan.showing import DEPENDENCY

_SKIPS = (NotSentError, NotAskedError, DependencyFailedError, OverBudgetError)
"""Failures that are another's: the asset itself was not tried."""


async def execute(run: Run) -> None:
    """Bring every asset of the plan up to date. When cancelled, what was finished is in the lock before this raises."""
    active = [asset for asset in run.plan.assets if asset.action is not Action.UP_TO_DATE or asset.writes]
    run.shop.listener.began(tuple(asset.asset for asset in active))
    open_pictures(run)
    try:
        for manifest in run.plan.manifests:
            for removed in manifest.removed:
                run.records[manifest.manifest.shown].remove(removed)
        await _all_assets(run)
    finally:
        for manifest in run.plan.manifests:
            _remove_moved(run, manifest)
        _flush_all(run)
    for asset in run.plan.assets:
        run.outcomes.setdefault(asset.asset, Outcome(asset.asset, Result.SKIPPED, _stopped(asset)))


async def _all_assets(run: Run) -> None:
    """Tasks that are paid for already go first: nothing new takes their place in the line."""
    jobs = [(manifest, asset) for manifest in run.plan.manifests for asset in manifest.assets]
    jobs.sort(key=lambda job: job[1].action is not Action.RESUME)
    try:
        async with asyncio.TaskGroup() as group:
            run.tasks += [group.create_task(_asset(run, manifest, asset)) for manifest, asset in jobs]
    except BaseExceptionGroup as errors:
        raise _first(errors) from errors


def _remove_moved(run: Run, manifest: ManifestPlan) -> None:
    """The files of renamed assets that now stand elsewhere. What cannot be removed stays an orphan, for `clean`."""
    built = [run.plans[asset.asset] for asset in manifest.assets if _result(run, asset) is Result.BUILT]
    left = {path: digest for asset in built for path, digest in asset.moved.items()}
    if left:
        with suppress(WriteError, StateError):
            fates = remove_left(run.shop.root, left, run.plan.made)
            run.records[manifest.manifest.shown].drop_orphans(path for path in fates if not is_kept(fates[path]))


def _flush_all(run: Run) -> None:
    """Write every lock for good, whatever becomes of the others. Raises what kept one from being written that no asset
    fails for."""
    failures = [failure for manifest in run.plan.manifests if (failure := _flush(run, manifest))]
    if failures:
        raise failures[0]


def _flush(run: Run, manifest: ManifestPlan) -> AssetgenError | None:
    """Write one lock. One that cannot be written fails the assets that it should tell of; returns why when there is
    none."""
    try:
        run.records[manifest.manifest.shown].flush()
    except (LockError, StateError, WriteError) as error:
        built = [asset for asset in manifest.assets if _result(run, asset) is Result.BUILT]
        hint = "; ".join(filter(None, (error.hint, "the pictures are in place, and the next build records them")))
        for asset in built:
            problem = replace(error.problems[0], place=None, hint=hint)
            run.outcomes[asset.asset] = replace(run.outcomes[asset.asset], result=Result.FAILED, problem=problem)
        return None if built else error
    return None


def _result(run: Run, plan: AssetPlan) -> Result | None:
    outcome = run.outcomes.get(plan.asset)
    return outcome.result if outcome else None


def _fail_fast(run: Run) -> None:
    """The first failure ends the others; their tasks stay in the journal and are collected by the next build."""
    run.stopped = True
    for task in run.tasks:
        if task is not asyncio.current_task():
            task.cancel()


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one failure worth telling of several that ended a run together: one of ours, if there is any."""
    leaves: list[BaseException] = []
    for error in group.exceptions:
        leaves.append(_first(error) if isinstance(error, BaseExceptionGroup) else error)
    return next((error for error in leaves if isinstance(error, AssetgenError)), leaves[0])


# --- one asset -------------------------------------------------------------------------------------------------------


async def _asset(run: Run, manifest: ManifestPlan, plan: AssetPlan) -> None:
    job = Job(plan.asset, run.shop.listener, run.purses[manifest.manifest.shown])
    try:
        outcome = await _outcome(run, manifest, plan, job)
    except asyncio.CancelledError:
        if not run.stopped:
            run.begun.append(Begun(plan.asset, job.requests, job.spent, job.unsure, tuple(job.pending)))
            raise
        outcome = _ended(plan, job, Result.SKIPPED, _stopped(plan))
    except (AssetError, StateError) as error:
        result = Result.SKIPPED if isinstance(error, _SKIPS) else Result.FAILED
        outcome = replace(_ended(plan, job, result, _problem(plan, error)), bug=_bug_behind(error))
    except AssetgenError:
        raise  # wrong use: it concerns the run as a whole
    except Exception as error:
        outcome = replace(_ended(plan, job, Result.FAILED, _unexpected(plan, error)), bug=error)
    finally:
        release(run, plan.asset)
    run.outcomes[plan.asset] = outcome
    run.shop.listener.ended(outcome)
    if outcome.result is Result.FAILED and run.fail_fast and not run.stopped:
        _fail_fast(run)


async def _outcome(run: Run, manifest: ManifestPlan, plan: AssetPlan, job: Job) -> Outcome:
    record = run.records[manifest.manifest.shown]
    hand_on_art(run, plan.asset, at_hand(plan))
    if plan.awaits:
        plan = await planned_again(run, plan, record)
    if isinstance(plan.master, Kept):
        hand_on(run, plan, plan.master.master)
        hand_on_cutout(run, plan, plan.cutout)
        hand_on_art(run, plan.asset, at_hand(plan))
    if plan.blocked is not None:
        result = Result.SKIPPED if plan.blocked.code == DEPENDENCY else Result.FAILED
        return _ended(plan, job, result, plan.blocked)
    if plan.action is Action.UP_TO_DATE and not plan.writes:
        record.needs_nothing(plan)
        return _ended(plan, job, Result.UP_TO_DATE)
    for write in plan.writes:  # before anything is paid for
        atomic.check_writable(run.shop.root / write.spec.path, root=run.shop.root)
    _check_parts(run, plan)
    for asking in filter(None, map(asking_of, plan.masters.values())):
        record.asks(plan.recipe.name, asking)
    record.places(plan)
    masters = await masters_of(run, manifest, plan, job)
    base = await base_of(run, manifest, plan, job, masters[plan.picked])
    cutout, outputs = await outputs_of(run, manifest, plan, job, base)
    if plan.action is Action.UP_TO_DATE:
        return _ended(plan, job, Result.UP_TO_DATE)
    record.put(plan, entry_of(plan, masters, base, cutout, outputs))
    return _ended(plan, job, Result.BUILT)


def _check_parts(run: Run, plan: AssetPlan) -> None:
    """What an asset takes is there before anything is ordered. Raises MissingPartError, and RemovalError."""
    if isinstance(plan.cutout, Cutting) and plan.cutout.whole is None and plan.cutout.order is None:
        run.shop.cutters.to(plan.cutout.remover)
    copies = isinstance(plan.master, Kept) and not any(write.renders for write in plan.writes)
    if plan.recipe.request.kind == "video" and not copies:
        from assetgen.imaging.video import extra

        extra.check()


def _problem(plan: AssetPlan, error: AssetgenError) -> Problem:
    return replace(error.problems[0], place=plan.recipe.place)


def _bug_behind(error: AssetgenError) -> Exception | None:
    """What broke a submission off, if nobody expected it."""
    cause = error.__cause__ if isinstance(error, MaybeChargedError) else None
    return cause if isinstance(cause, Exception) and not isinstance(cause, AssetgenError) else None


def _unexpected(plan: AssetPlan, error: Exception) -> Problem:
    """Says what and where, and not in the error's own words: those may hold anything, also a key."""
    if isinstance(error, MemoryError):
        hint = "close other programs, or use fewer image workers (-j 1)"
        return Problem("memory", "there was not enough memory for its pictures", plan.recipe.place, hint)
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return Problem(
        "bug",
        f"a bug in assetgen or in a plugin: {type(error).__name__}{where}",
        plan.recipe.place,
        "the other assets are not affected, and nothing is paid for twice; please report it",
    )


def _stopped(plan: AssetPlan) -> Problem:
    return Problem("stopped", "stopped by --fail-fast", plan.recipe.place, "run the build again: it goes on from here")


def _ended(plan: AssetPlan, job: Job, result: Result, problem: Problem | None = None) -> Outcome:
    return Outcome(
        asset=plan.asset,
        result=result,
        problem=problem,
        wrote=tuple(write.spec.path for write in plan.writes) if problem is None else (),
        dropped=plan.dropped if problem is None else (),
        replaced=plan.replaced if problem is None else (),
        notes=(*plan.notes, *job.notes),
        requests=job.requests,
        spent=job.spent,
        unsure=job.unsure,
    )
