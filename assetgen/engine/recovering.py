"""Pictures that the lock pins and whose bytes are gone: collected again by their task, or drawn again (rule 3).

Never substitutes another picture, and never pays.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from assetgen.engine.events import Stage
from assetgen.engine.line import Line
from assetgen.engine.once import once
from assetgen.engine.ordering import order_of
from assetgen.engine.receiving import downloaded, received
from assetgen.engine.shop import Job, Shop
from assetgen.errors import BlockedError
from assetgen.manifest.recipe import VIDEO_FORMATS, Kind
from assetgen.plan.plan import Collected, Redrawn
from assetgen.plan.world import StoredMaster
from assetgen.providers.base import Finished, GoneError, Succeeded, TaskFailedError, TaskId, TransientError
from assetgen.store.blobs import MissingBlobError


async def collect_again(
    shop: Shop, job: Job, line: Line, collected: Collected, *, what: str = "picture", again: str = "--regenerate"
) -> StoredMaster:
    """Ask the service once more for the result of a finished task. Raises BlockedError with the remedies when it has it
    no longer, or has something else; `what` it is in a word, and the option that orders another one `again`."""
    master = collected.kept.master
    lost = partial(_lost, job, what, again)
    return await _returned(shop, master, partial(_collected, shop, job, line, master, lost))


async def draw_again(shop: Shop, job: Job, line: Line, redrawn: Redrawn) -> StoredMaster:
    """Recreate a draft. Raises BlockedError when it comes out differently."""
    return await _returned(shop, redrawn.kept.master, partial(_drawn, shop, job, line, redrawn))


async def _returned(
    shop: Shop, master: StoredMaster, work: Callable[[], Coroutine[Any, Any, StoredMaster]]
) -> StoredMaster:
    """The picture, with its bytes in the store. Several assets may have it: one of them gets it back for all."""
    if master.sha256 not in shop.returning and await _is_there(shop, master):
        return master
    try:
        return await once(shop.returning, master.sha256, work())
    finally:
        shop.returning.pop(master.sha256, None)


async def _is_there(shop: Shop, master: StoredMaster) -> bool:
    try:
        await shop.threads.run(shop.blobs.verified, master.sha256)
    except MissingBlobError:
        return False
    return True


async def _collected(
    shop: Shop, job: Job, line: Line, master: StoredMaster, lost: Callable[[str], BlockedError]
) -> StoredMaster:
    task = TaskId(master.task or "")
    job.at(Stage.DOWNLOADING, f"task {task}")
    say = partial(job.at, Stage.DOWNLOADING)
    try:
        state = await line.retried(line.provider.retries.poll, lambda: line.provider.poll(task), TransientError, say)
        if not isinstance(state, Succeeded):
            raise lost(f"task {task} is {state.state}")
        kind: Kind = "video" if master.format in VIDEO_FORMATS else "image"
        picture = await downloaded(shop, job, line, state, master.sha256, kind)
    except (GoneError, TaskFailedError) as error:
        raise lost(error.message) from error
    except TransientError as error:
        raise _not_yet(job, task, error) from error
    if picture.sha256 != master.sha256:
        raise lost("what came now is a different picture")
    return master


async def _drawn(shop: Shop, job: Job, line: Line, redrawn: Redrawn) -> StoredMaster:
    lost = partial(_lost, job, "picture", "--regenerate")
    job.at(Stage.SUBMITTING)
    submission = await line.provider.submit(order_of(redrawn.drawn, redrawn.kept.master.size))
    job.requests += 1
    if not isinstance(submission, Finished):
        raise lost("it was not drawn here")
    picture = await received(shop, submission.data, redrawn.drawn.key, redrawn.drawn.request.kind)
    if picture.sha256 != redrawn.kept.master.sha256:
        raise lost("what came now is a different picture")
    return redrawn.kept.master


def _not_yet(job: Job, task: TaskId, error: TransientError) -> BlockedError:
    return BlockedError(
        f"the picture of `{job.asset}` is needed, is not in the store and could not be had just now: {error.message}",
        hint=f"build again: it is asked for once more by task {task}, which costs nothing",
    )


def _lost(job: Job, what: str, again: str, why: str) -> BlockedError:
    return BlockedError(
        f"the {what} of `{job.asset}` is needed, is not in the store and cannot be had again: {why}",
        hint=f"restore .assetgen/ from whoever built it, undo the change that needs it, or make a different {what} "
        f"with {again} {job.asset.name}",
    )
