"""Getting a picture made: journal, submit, poll, download, store.

The order of the journal's records around each await is what keeps money safe; product.md section 5. Nothing here
decides whether a picture is wanted: that is the plan's.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from assetgen.catalog import DRAFT
from assetgen.digest import Digest, canonical_json
from assetgen.engine.events import Stage
from assetgen.engine.line import Line
from assetgen.engine.polling import poll_delays
from assetgen.engine.shop import Job, Shop
from assetgen.errors import AssetError, BlockedError, MaybeChargedError, PictureError, StillRunningError
from assetgen.imaging.decode import inspect
from assetgen.manifest.recipe import PixelSize
from assetgen.plan.plan import Collected, Ordered, Redrawn
from assetgen.plan.request import Asking
from assetgen.plan.world import StoredMaster
from assetgen.providers.base import (
    Accepted,
    Finished,
    GoneError,
    ModeratedError,
    Order,
    ProviderError,
    RefusedError,
    StopSubmittingError,
    Submission,
    Succeeded,
    TaskFailedError,
    TaskId,
    TransientError,
    UnavailableError,
)

GRACE = 10.0
"""Seconds that an interrupted run still waits for the answer to a submission on its way: the answer is a task id."""


class DownloadError(AssetError):
    """A finished picture could not be brought here; its task is kept."""

    code = "download"


@dataclass(frozen=True, slots=True)
class Ordering:
    """One picture on order."""

    shop: Shop
    job: Job
    line: Line
    ordered: Ordered

    @property
    def asking(self) -> Asking:
        return self.ordered.asking

    async def master(self) -> StoredMaster:
        """The finished picture, stored. Raises what the provider raised, StillRunningError or MaybeChargedError."""
        async with self.line.alive:
            if self.ordered.open is not None and self.ordered.open.task is not None:
                return await self._collect(TaskId(self.ordered.open.task), resumed=True)
            submission = await self._submit()
            if isinstance(submission, Finished):
                return await self._keep_bytes(submission.data)
            return await self._collect(submission.task, resumed=False)

    # --- submit ----------------------------------------------------------------------------------------------------

    async def _submit(self) -> Submission:
        if self.asking.reroll:
            self.shop.state.record_take(self.asking.base_key, self.asking.reroll)
        self.job.at(Stage.WAITING)
        return await self.line.retried(self.line.provider.retries.submit, self._submit_once, UnavailableError)

    async def _submit_once(self) -> Submission:
        await self.line.turn()
        self.job.at(Stage.SUBMITTING)
        self._intend()
        sending = asyncio.ensure_future(self.line.provider.submit(order_of(self.asking, self.ordered.expected)))
        try:
            await asyncio.wait({sending})
        except asyncio.CancelledError:
            await asyncio.wait({sending}, timeout=GRACE)
            with suppress(ProviderError, MaybeChargedError):
                self._answered(sending)
            raise
        return self._answered(sending)

    def _intend(self) -> None:
        if self._journalled:
            request = canonical_json(self.asking.locked().model_dump(exclude_defaults=True)).decode()
            self.shop.state.intend(self.asking.key, self.asking.provider, request, self.ordered.usd)

    @property
    def _journalled(self) -> bool:
        """Drafts are free and made here: there is nothing to remember before they are done."""
        return self.asking.provider != DRAFT

    def _answered(self, sending: asyncio.Future[Submission]) -> Submission:
        """Journal what became of a submission, and return or raise it. Has no await: nothing can come between."""
        state, key = self.shop.state, self.asking.key
        if not sending.done():
            sending.cancel()
            state.ambiguous(key)
            raise MaybeChargedError("interrupted before the service answered")
        try:
            submission = sending.result()
        except (UnavailableError, RefusedError, ModeratedError, StopSubmittingError) as error:
            state.withdrawn(key)
            if isinstance(error, StopSubmittingError):
                self.line.refusal = error
            raise
        except BaseException as error:
            state.ambiguous(key)
            raise MaybeChargedError(_said(error), hint=_AMBIGUOUS_HINT) from error
        self.job.requests += 1
        if isinstance(submission, Accepted):
            state.accepted(key, submission.task)
        return submission

    # --- wait and collect --------------------------------------------------------------------------------------------

    async def _collect(self, task: TaskId, *, resumed: bool) -> StoredMaster:
        succeeded = await self._wait(task, resumed=resumed)
        self.job.at(Stage.DOWNLOADING)
        try:
            digest, size, kind = await downloaded(self.shop, self.line, succeeded, self.asking.key)
        except TransientError as error:
            hint = f"it is paid for and not lost: task {task} is kept, and the next build collects it"
            raise DownloadError(error.message, hint=hint) from error
        return self._keep(digest, size, kind, task=task, charged=succeeded.charged)

    async def _wait(self, task: TaskId, *, resumed: bool) -> Succeeded:
        clock, patience = self.shop.clock, self.line.tuning.image_timeout
        deadline = clock.time() + patience
        self.job.at(Stage.RUNNING, "resumed" if resumed else "")
        delays = poll_delays(self.line.tuning, self.line.dice)
        while True:
            if not resumed:
                await clock.sleep(next(delays))
            resumed = False
            state = await self._poll(task)
            if isinstance(state, Succeeded):
                return state
            self.job.at(Stage.RUNNING, state)
            if clock.time() >= deadline:
                raise StillRunningError(
                    f"task {task} was still running after {patience:g} s",
                    hint="it is not lost and not paid for again: run the same build later to collect it",
                )

    async def _poll(self, task: TaskId) -> Succeeded | str:
        """The result, or a word on how it is going. A poll that fails says nothing about the task."""
        try:
            state = await self.line.provider.poll(task)
        except TransientError as error:
            return f"no answer: {error.message}"
        except (TaskFailedError, ModeratedError):
            self.shop.state.dropped(self.asking.key)
            raise
        except GoneError:
            self.shop.state.gone(self.asking.key)
            raise
        return state if isinstance(state, Succeeded) else state.state

    # --- store -------------------------------------------------------------------------------------------------------

    async def _keep_bytes(self, data: bytes) -> StoredMaster:
        target = self.shop.blobs.incoming(self.asking.key)
        await self.shop.threads.run(target.write_bytes, data)
        return self._keep(*await stored_picture(self.shop, target))

    def _keep(
        self, digest: Digest, size: PixelSize, kind: str, *, task: TaskId | None = None, charged: Decimal | None = None
    ) -> StoredMaster:
        master = StoredMaster(digest, size, kind, self.asking.provider, task, self._usd(), charged)
        self.shop.state.finished(self.asking.key, master)
        if size != self.ordered.expected:
            self.job.notes.append(f"asked for {self.ordered.expected}, received {size}")
        return master

    def _usd(self) -> Decimal | None:
        """What the picture was expected to cost when it was ordered, also where it was ordered by an earlier run."""
        opened = self.ordered.open
        return opened.usd if opened is not None and opened.task is not None else self.ordered.usd


_AMBIGUOUS_HINT = (
    "it may have been charged: look at the service's own log page. It is not sent again in this run; "
    "the next build sends it once more"
)


def _said(error: BaseException) -> str:
    return error.message if isinstance(error, AssetError) else f"the submission broke off: {type(error).__name__}"


def order_of(asking: Asking, expected: PixelSize) -> Order:
    """A request as its provider gets it."""
    request = asking.request
    return Order(
        model=request.model,
        prompt=request.prompt,
        parameters=request.parameters,
        input=request.input,
        drawing=asking.drawing,
        expected=expected,
        take=request.take,
        reroll=asking.reroll,
    )


async def downloaded(shop: Shop, line: Line, result: Succeeded, name: str) -> tuple[Digest, PixelSize, str]:
    """Fetch a result, check that it is a picture, and store it as received. Raises TransientError when every try
    failed; the task can be asked again later."""

    async def once() -> tuple[Digest, PixelSize, str]:
        target = shop.blobs.incoming(name)
        await line.provider.fetch(result, target)
        try:
            return await stored_picture(shop, target)
        except PictureError as error:
            raise TransientError(f"the result is not usable: {error.message}", hint=error.hint) from error

    return await line.retried(line.provider.retries.fetch, once, TransientError)


async def stored_picture(shop: Shop, file: Path) -> tuple[Digest, PixelSize, str]:
    """Check a received file and move it into the store: its digest, pixel size and format. Raises PictureError; what was
    refused is overwritten by the next attempt."""
    facts = await shop.threads.run(inspect, file)
    digest = await shop.threads.run(shop.blobs.put_file, file)
    return digest, PixelSize(facts.width, facts.height), facts.format


# --- pictures that are pinned but whose bytes are gone ---------------------------------------------------------------


async def collect_again(shop: Shop, job: Job, line: Line, collected: Collected) -> StoredMaster:
    """Ask the service once more for the result of a finished task (rule 3). Raises BlockedError with the remedies when
    it has it no longer, or has something else."""
    master = collected.kept.master
    task = TaskId(master.task or "")
    job.at(Stage.DOWNLOADING, f"task {task}")
    try:
        state = await line.retried(line.provider.retries.poll, lambda: line.provider.poll(task), TransientError)
        if not isinstance(state, Succeeded):
            raise BlockedError(_lost(job, f"task {task} is {state.state}"), hint=_lost_hint(job))
        digest, _, _ = await downloaded(shop, line, state, master.sha256)
    except (GoneError, TaskFailedError, TransientError) as error:
        raise BlockedError(_lost(job, error.message), hint=_lost_hint(job)) from error
    return _pinned(job, master, digest)


async def draw_again(shop: Shop, job: Job, line: Line, redrawn: Redrawn) -> StoredMaster:
    """Recreate a draft whose bytes are gone. Raises BlockedError when it comes out differently (rule 3)."""
    job.at(Stage.SUBMITTING)
    submission = await line.provider.submit(order_of(redrawn.drawn, redrawn.kept.master.size))
    job.requests += 1
    if not isinstance(submission, Finished):
        raise BlockedError(_lost(job, "it was not drawn here"), hint=_lost_hint(job))
    target = shop.blobs.incoming(redrawn.drawn.key)
    await shop.threads.run(target.write_bytes, submission.data)
    digest, _, _ = await stored_picture(shop, target)
    return _pinned(job, redrawn.kept.master, digest)


def _pinned(job: Job, master: StoredMaster, digest: Digest) -> StoredMaster:
    if digest != master.sha256:
        raise BlockedError(_lost(job, "what came now is a different picture"), hint=_lost_hint(job))
    return master


def _lost(job: Job, why: str) -> str:
    return f"the picture of `{job.asset}` is needed, is not in the store and cannot be had again: {why}"


def _lost_hint(job: Job) -> str:
    return (
        "restore .assetgen/ from whoever built it, undo the change that needs it, or make a different picture with "
        f"--regenerate {job.asset}"
    )
