"""The line to one provider: its rate limit, how many tasks may be alive, and whether submitting still makes sense."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from assetgen.engine.clock import Clock
from assetgen.engine.limiter import SlidingWindow
from assetgen.errors import AssetError
from assetgen.manifest.recipe import Tuning
from assetgen.providers.base import Backoff, Provider, ProviderError, StopSubmittingError, UnavailableError

T = TypeVar("T")

FETCHES = 8
"""Downloads at once. More would share the same network: all would come late instead of some soon, each with buffers."""

CLOSING = 5.0
"""Seconds that providers get to close. What they hold ends with the process anyway."""


class NotSentError(AssetError):
    """Nothing was sent for this asset because sending made no sense any more; it counts as skipped."""

    code = "not_sent"

    @classmethod
    def because(cls, refusal: StopSubmittingError) -> NotSentError:
        """Says why in a word: the refusal itself is told in full, once, by the asset that met it."""
        return cls(f"not sent: no order can succeed in this run any more ({refusal.code})")


class Line:
    """One provider during one run. `alive` bounds its running tasks and `fetching` its downloads; `refusal` is why
    submitting stopped, if it did."""

    def __init__(self, provider: Provider, tuning: Tuning, clock: Clock, dice: Random) -> None:
        self.provider = provider
        self.tuning = tuning
        self.clock = clock
        self.dice = dice
        self.alive = asyncio.Semaphore(tuning.concurrency)
        self.fetching = asyncio.Semaphore(FETCHES)
        self.refusal: StopSubmittingError | None = None
        self._window = SlidingWindow(tuning.rate_limit, tuning.rate_period, clock)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for permission to submit, which the block does. Raises NotSentError once all of it is refused."""
        self._check()
        number = await self._window.turn()
        try:
            self._check()
            yield
        finally:
            self._window.answered(number)

    def _check(self) -> None:
        if self.refusal is not None:
            raise NotSentError.because(self.refusal)

    def refused(self, refusal: StopSubmittingError) -> AssetError:
        """Submit nothing more. Returns what the asset that met the refusal ends with: the first one with the refusal
        itself; the others, whose requests were on their way then, as if nothing had been sent for them."""
        if self.refusal is None:
            self.refusal = refusal
            return refusal
        return NotSentError.because(self.refusal)

    async def retried(
        self,
        policy: Backoff,
        call: Callable[[], Awaitable[T]],
        on: type[ProviderError],
        say: Callable[[str], None] = lambda _: None,
    ) -> T:
        """Make a call, and again after each failure of the kind `on`, as the policy says; `say` is told why before each
        wait. Raises the last failure."""

        def wait(state: RetryCallState) -> float:
            failure = state.outcome.exception() if state.outcome else None
            after = failure.retry_after if isinstance(failure, UnavailableError) else None
            return policy.delay(state.attempt_number, 2 * self.dice.random() - 1, after)

        def tell(state: RetryCallState) -> None:
            failure = state.outcome.exception() if state.outcome else None
            if isinstance(failure, ProviderError) and state.next_action:
                attempt = f"attempt {state.attempt_number + 1} of {policy.attempts}"
                say(f"again in {state.next_action.sleep:.0f} s, {attempt}: {failure.message}")

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(on),
            stop=stop_after_attempt(policy.attempts),
            wait=wait,
            before_sleep=tell,
            sleep=self.clock.sleep,
            reraise=True,
        )

        async def attempt() -> T:  # tenacity awaits only what it can see to be a coroutine function
            return await call()

        return await retrying(attempt)


class Lines:
    """The lines of one run, opened when first used. A provider that cannot be opened refuses everything after that."""

    def __init__(self, open_line: Callable[[str], Line], *, patience: float = CLOSING) -> None:
        """`patience` is how many seconds of real time a provider gets to close."""
        self._open_line = open_line
        self._patience = patience
        self._open: dict[str, Line] = {}
        self._refused: dict[str, StopSubmittingError] = {}

    def to(self, provider: str) -> Line:
        """The line to a provider. Raises what opening it raised the first time, NotSentError after that."""
        if provider in self._refused:
            raise NotSentError.because(self._refused[provider])
        if provider not in self._open:
            try:
                self._open[provider] = self._open_line(provider)
            except StopSubmittingError as error:
                self._refused[provider] = error
                raise
        return self._open[provider]

    async def close(self) -> None:
        """Close all of them, however they take it: what a run achieved is not lost over a farewell."""
        closing = [asyncio.ensure_future(line.provider.close()) for line in self._open.values()]
        try:
            if closing:
                await asyncio.wait(closing, timeout=self._patience)
        finally:
            for farewell in closing:
                if not farewell.cancel() and not farewell.cancelled():
                    farewell.exception()  # looked at, so that nobody logs it
