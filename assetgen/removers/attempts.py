"""Making a removal's call again where that may help and costs nothing twice. Waits as it is told to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from assetgen.removers.base import BusyError, Cut, Removal, RemovalError, Remover, UnsureError


async def removed(
    remover: Remover,
    removal: Removal,
    *,
    sleep: Callable[[float], Awaitable[None]],
    spread: Callable[[], float],
    priced: bool,
    say: Callable[[str], None] = lambda _: None,
) -> Cut:
    """What `remover` makes of `removal`, asked as often as its patience says.

    What was surely not done is always asked for again, what may have been done only when calls are not `priced`.
    `sleep` waits for seconds, `spread` draws evenly from -1 to 1, `say` is told why before each wait. Raises the last
    failure.
    """
    again: tuple[type[RemovalError], ...] = (BusyError,) if priced else (BusyError, UnsureError)
    failures = 0
    while True:
        try:
            return await remover.remove(removal)
        except again as error:
            failures += 1
            if failures >= remover.patience.attempts:
                raise
            after = error.retry_after if isinstance(error, BusyError) else None
            wait = remover.patience.delay(failures, spread(), after)
            attempt = f"attempt {failures + 1} of {remover.patience.attempts}"
            say(f"again in {wait:.0f} s, {attempt}: {error.message}")
        await sleep(wait)
