"""Pictures from addresses that manifests name: fetched once in a run, checked, and kept in the store.

A picture that is pinned is never replaced by what its address shows today.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from assetgen.digest import Digest
from assetgen.engine.clock import Clock
from assetgen.errors import BlockedError, PictureError
from assetgen.executors.threads import Threads
from assetgen.providers.base import Backoff, TransientError
from assetgen.store.blobs import Blobs, MissingBlobError

PATIENCE = Backoff(initial=1, factor=2, maximum=15, attempts=4, jitter=0)


@dataclass(slots=True)
class Web:
    """What a run fetches."""

    blobs: Blobs
    threads: Threads
    clock: Clock
    _found: dict[str, Digest] = field(default_factory=dict)
    _turns: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def picture(self, url: str, say: Callable[[str], None]) -> Digest:
        """The picture behind an address as it is today, in the store; `say` is told why before each further try. Raises
        FetchError and PictureError."""
        async with self._turns[url]:
            if url not in self._found:
                self._found[url] = await self._kept(url, await self._fetched(url, say))
        return self._found[url]

    async def pinned(self, url: str, digest: Digest, say: Callable[[str], None]) -> None:
        """Have the picture that is pinned in the store, fetched again where that lost it. Raises BlockedError when the
        address shows another one by now, FetchError and PictureError."""
        try:
            await self.threads.run(self.blobs.verified, digest)
        except MissingBlobError:
            if await self.picture(url, say) != digest:
                raise _replaced(url, digest) from None

    async def _fetched(self, url: str, say: Callable[[str], None]) -> bytes:
        from assetgen.providers.web import FetchError, fetch_picture

        for failures in range(1, PATIENCE.attempts + 1):
            try:
                return await fetch_picture(url)
            except (TransientError, FetchError) as error:
                if isinstance(error, FetchError) or failures == PATIENCE.attempts:
                    hint = error.hint or "Run the build again later, or save the picture in the project instead."
                    raise FetchError(f"the reference {url} was not fetched: {error.message}", hint=hint) from error
                pause = PATIENCE.delay(failures, 0)
                say(f"again in {pause:.0f} s, attempt {failures + 1} of {PATIENCE.attempts}: {error.message}")
            await self.clock.sleep(pause)
        raise AssertionError("the last failure is raised")

    async def _kept(self, url: str, data: bytes) -> Digest:
        try:
            return await self.threads.run(_put_picture, self.blobs, data)
        except PictureError as error:
            words = error.message.removeprefix("the picture ")
            raise PictureError(f"the reference {url} cannot be shown: it {words}", hint=error.hint) from error


def _put_picture(blobs: Blobs, data: bytes) -> Digest:
    """Keep bytes that can be decoded as a picture. Raises PictureError and WriteError."""
    from assetgen.imaging.decode import decode

    decode(data)
    return blobs.put_bytes(data)


def _replaced(url: str, digest: Digest) -> BlockedError:
    return BlockedError(
        f"the picture that the lock pins for {url} ({digest[:12]}) is needed, is not in the store, and the address "
        "shows another one now",
        hint="restore .assetgen/ from whoever built it, or take the new picture with --refresh",
    )
