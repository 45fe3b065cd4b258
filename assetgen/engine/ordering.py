"""Getting a picture made: submit, poll, download, store, each step in the journal before the next.

The order of the records around each await is what keeps money safe; product.md section 5. Nothing here decides
whether a picture is wanted: that is the plan's.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from assetgen.engine.clock import wait_at_most
from assetgen.engine.events import Stage
from assetgen.engine.gallery import Gallery
from assetgen.engine.journal import Journal
from assetgen.engine.line import Line
from assetgen.engine.polling import poll_delays
from assetgen.engine.purse import NOTHING, Reservation
from assetgen.engine.receiving import Received, UnusableError, disappointed, downloaded, received, to_its_end
from assetgen.engine.shop import Job, Shop
from assetgen.errors import AssetError, AssetgenError, MaybeChargedError, PictureError, StateError, StillRunningError
from assetgen.manifest.recipe import PixelSize
from assetgen.plan.doubt import AMBIGUITIES
from assetgen.plan.plan import Ordered
from assetgen.plan.refusal import REFUSALS
from assetgen.plan.request import Asking
from assetgen.plan.world import StoredMaster
from assetgen.providers.base import (
    Accepted,
    GoneError,
    LinkRefusedError,
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
"""Seconds that an interrupted run still waits for the answer to a submission on its way, and for what the answer brings
to be kept: a task id, or the picture itself."""

_NOT_ACCEPTED = (UnavailableError, RefusedError, ModeratedError, StopSubmittingError)
"""What a submission may end with that surely cost nothing."""


class DownloadError(AssetError):
    """A finished picture could not be brought here; its task is kept."""

    code = "download"


class Ordering:
    """One picture on order."""

    def __init__(self, shop: Shop, job: Job, line: Line, ordered: Ordered, gallery: Gallery) -> None:
        self._shop = shop
        self._gallery = gallery
        self._links: tuple[str, ...] = ()
        self._job = job
        self._line = line
        self._ordered = ordered
        self._journal = Journal(shop.state, ordered.asking, ordered.usd)
        self._reserved: Reservation | None = None
        self._pending = False

    @property
    def _asking(self) -> Asking:
        return self._ordered.asking

    @property
    def _called(self) -> str:
        """As the command line names the picture."""
        name, number = self._job.asset.name, self._asking.variant
        return f"{name}/{number}" if number > 1 else name

    async def master(self) -> StoredMaster:
        """The finished picture, stored. Raises what the provider raised, DownloadError, StillRunningError,
        MaybeChargedError or StateError."""
        opened = self._ordered.open
        if opened is not None and opened.task is not None:
            async with self._line.alive:
                return await self._collect(TaskId(opened.task), resumed=True)
        await self._prepare()
        async with self._line.alive:
            submission = await self._submit()
            if isinstance(submission, Accepted):
                return await self._collect(submission.task, resumed=False)
            return await to_its_end(self._keep_bytes(submission.data), self._shop.clock, GRACE)

    # --- submit ----------------------------------------------------------------------------------------------------

    async def _prepare(self) -> None:
        """Have what the request shows, which may be on order itself: nobody waits for that with a place in the line,
        or all places could be held by those who wait for one."""
        if self._ordered.open is not None:
            self._shop.listener.said(
                f"`{self._job.asset}`: an earlier submission was never answered and may have been charged; "
                "it is sent once more"
            )
        if self._ordered.refused is not None:
            self._shop.listener.said(
                f"`{self._job.asset}`: this very request was refused before, and is sent once more as it is"
            )
        self._in_line()
        await self._show()

    async def _submit(self) -> Submission:
        policy = self._line.provider.retries.submit
        try:
            return await self._line.retried(policy, self._submit_once, UnavailableError, self._in_line)
        except LinkRefusedError:
            self._shop.uploads.forget(self._links)
            await self._show()
            return await self._line.retried(policy, self._submit_once, UnavailableError, self._in_line)

    async def _show(self) -> None:
        """Have the pictures where the service sees them; nothing is on order yet."""
        self._links = await self._gallery.links(self._line, self._asking, self._ordered.pictures)

    def _in_line(self, why: str = "") -> None:
        self._job.at(Stage.WAITING, why)

    async def _submit_once(self) -> Submission:
        async with self._line.turn():
            return await self._send()

    async def _send(self) -> Submission:
        self._reserved = self._job.purse.reserve(self._ordered.usd)
        self._job.at(Stage.SUBMITTING)
        self._journal.intend()
        sending = asyncio.ensure_future(self._line.provider.submit(self._order()))
        try:
            await asyncio.wait({sending})
        except asyncio.CancelledError:
            with suppress(asyncio.CancelledError):  # asked twice to stop: then at once
                await wait_at_most(self._shop.clock, GRACE, sending)
            with suppress(AssetgenError):
                self._answered(sending)
            raise
        return self._answered(sending)

    def _order(self) -> Order:
        return order_of(self._asking, self._ordered.expected, self._links)

    def _answered(self, sending: asyncio.Future[Submission]) -> Submission:
        """Journal what became of a submission, and return or raise it. Has no await: nothing can come between."""
        if not sending.done():
            sending.cancel()
            raise self._in_doubt("The build was interrupted before the service answered.")
        try:
            submission = sending.result()
        except _NOT_ACCEPTED as error:
            self._costs(NOTHING)
            self._journal.withdrawn()
            if isinstance(error, ModeratedError):
                self._refused(error)
            if isinstance(error, StopSubmittingError):
                raise self._line.refused(error) from error
            raise
        except ProviderError as error:
            raise self._in_doubt(error.message, error.hint) from error
        except Exception as error:
            if not self._journal.keeps:
                raise
            raise self._in_doubt(f"The submission broke off with a bug: {type(error).__name__}.") from error
        except BaseException:
            self._in_doubt("")
            raise
        if isinstance(submission, Accepted):
            self._accepted(submission.task)
            self._pending = True
            self._job.pending.append(self._ordered.usd)
        self._job.requests += 1
        self._job.spent = self._ordered.usd
        return submission

    def _refused(self, error: ModeratedError, task: TaskId | None = None) -> None:
        """Have it in mind for the next build, and say what that will do."""
        self._journal.refused(error.message, task)
        before = self._ordered.refused.count if self._ordered.refused else 0
        if before + 1 >= REFUSALS:
            again = f"It was refused before, too; only {self._ordered.again} {self._called} sends the same again."
            _hinted(error, f"{error.hint or ''} {again}")

    def _accepted(self, task: TaskId) -> None:
        if self._journal.belongs_to_another(task):
            raise self._in_doubt(f"The service answered with task {task}, which it had given to another request.")
        self._journal.accepted(task)

    def _in_doubt(self, what: str, hint: str | None = None) -> MaybeChargedError:
        """Journal that nobody knows whether the request was accepted; returns the words for it."""
        self._journal.doubtful()
        self._job.requests += 1
        self._job.unsure = self._ordered.usd
        before = self._ordered.open.ambiguous if self._ordered.open else 0
        if before + 1 < AMBIGUITIES:
            then = "It is not sent again in this run; the next build sends it once more."
        else:
            then = f"It was sent before, too; only {self._ordered.again} {self._called} sends it again."
        return MaybeChargedError(what, hint=f"{hint or 'Look at the log page of the service.'} {then}")

    # --- wait and collect --------------------------------------------------------------------------------------------

    async def _collect(self, task: TaskId, *, resumed: bool) -> StoredMaster:
        try:
            succeeded = await self._wait(task, resumed=resumed)
            if succeeded.charged is not None and not resumed:
                self._costs(succeeded.charged)
            self._journal.delivered(succeeded.urls)
            self._job.at(Stage.DOWNLOADING)
            return self._keep(await self._download(succeeded, task), task=task, charged=succeeded.charged)
        except StateError as error:
            raise self._named(error) from error
        finally:
            self._journal.catch_up()

    def _collected(self) -> None:
        """What this run has on order there is not to be waited for any more."""
        if self._pending:
            self._job.pending.remove(self._ordered.usd)
            self._pending = False

    def _costs(self, usd: Decimal) -> None:
        """What this run pays for the picture, now that the service says so."""
        self._job.spent = usd
        if self._reserved is not None:
            self._reserved.settle(usd)

    def _named(self, error: StateError) -> StateError:
        """With the id of the task, where that stands nowhere else."""
        if not self._journal.lost:
            return error
        lost = f"task {self._journal.unrecorded} was accepted and is not recorded"
        return StateError(f"{error.message}; {lost}", hint=error.hint)

    async def _wait(self, task: TaskId, *, resumed: bool) -> Succeeded:
        clock, patience = self._shop.clock, self._line.tuning.patience(self._asking.request.kind)
        deadline = clock.time() + patience
        self._job.at(Stage.RUNNING, "resumed" if resumed else "")
        delays = poll_delays(self._line.tuning, self._line.dice)
        if not resumed:
            await self._shop.wakeups.pause(task, next(delays), clock)
        while not isinstance(state := await self._poll(task, resumed=resumed), Succeeded):
            self._job.at(Stage.RUNNING, state)
            if clock.time() >= deadline:
                raise StillRunningError(f"task {task} was not done after {patience:g} s: {state}", hint=_kept(task))
            await self._shop.wakeups.pause(task, next(delays), clock)
        return state

    async def _poll(self, task: TaskId, *, resumed: bool) -> Succeeded | str:
        """The result, or a word on how it is going. A poll that fails says nothing about the task, and where an earlier
        run was told of links to the result, they need no answer."""
        self._journal.catch_up()
        try:
            found = await self._line.provider.poll(task)
        except (TaskFailedError, ModeratedError) as error:
            self._journal.dropped()
            self._collected()
            self._shop.uploads.forget(self._links)  # it may have been one of them
            if not resumed:
                self._costs(NOTHING)
            if isinstance(error, ModeratedError):
                self._refused(error, task)
            raise
        except (TransientError, GoneError, StopSubmittingError) as error:
            links = self._journal.links() if resumed else ()
            return Succeeded(links, None) if links else self._unanswered(task, error)
        return found if isinstance(found, Succeeded) else found.state

    def _unanswered(self, task: TaskId, error: ProviderError) -> str:
        if isinstance(error, GoneError):
            self._journal.gone()
            raise error
        if isinstance(error, StopSubmittingError):
            self._line.refused(error)
            raise _hinted(error, f"{error.hint or ''} {_kept(task)}")
        return f"no answer: {error.message}"

    async def _download(self, result: Succeeded, task: TaskId) -> Received:
        """What cannot be fetched or used today may be there tomorrow: plain builds ask again, a re-roll need not."""
        try:
            return await downloaded(
                self._shop, self._job, self._line, result, self._asking.key, self._asking.request.kind
            )
        except GoneError:
            self._journal.gone()
            raise
        except UnusableError as error:
            self._journal.gone()
            another = f"If it stays so, {self._ordered.again} {self._called} orders another picture."
            raise DownloadError(
                error.message, hint=f"The next build fetches it again by task {task}. {another}"
            ) from error
        except TransientError as error:
            raise DownloadError(error.message, hint=_kept(task)) from error

    # --- store -------------------------------------------------------------------------------------------------------

    async def _keep_bytes(self, data: bytes) -> StoredMaster:
        try:
            return self._keep(await received(self._shop, data, self._asking.key, self._asking.request.kind))
        except PictureError:
            self._journal.doubtful()
            raise

    def _keep(self, picture: Received, *, task: TaskId | None = None, charged: Decimal | None = None) -> StoredMaster:
        size = picture.size
        master = StoredMaster(picture.sha256, size, picture.format, self._asking.provider, task, self._usd(), charged)
        self._journal.finished(master)
        self._collected()
        if asked := disappointed(self._ordered, size):
            self._job.notes.append(f"asked for {asked}, received {size}")
        return master

    def _usd(self) -> Decimal | None:
        """What the picture was expected to cost when it was ordered, also where it was ordered by an earlier run."""
        opened = self._ordered.open
        return opened.usd if opened is not None and opened.task is not None else self._ordered.usd


def _kept(task: TaskId) -> str:
    return f"Task {task} is kept: the next build collects it, and it is not paid for again."


def _hinted(error: ProviderError, hint: str) -> ProviderError:
    error.problems = (replace(error.problems[0], hint=hint.strip()),)
    return error


def order_of(asking: Asking, expected: PixelSize, links: tuple[str, ...] = ()) -> Order:
    """A request as its provider gets it; `links` are where its service sees the pictures."""
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
        links=links,
        labels=tuple(shown.label for shown in asking.shown),
        kind=request.kind,
        begins=any(shown.begins for shown in asking.shown),
        variant=asking.variant,
    )
