"""Pictures of ours shown to a service: each uploaded once, and its link remembered until shortly before it expires.

Uploads are free, so one that failed or went unanswered is simply made again. What is ordered with them is not known.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assetgen.digest import Digest
from assetgen.engine.line import Line
from assetgen.errors import AssetError
from assetgen.providers.base import (
    PictureFile,
    StopSubmittingError,
    UnavailableError,
    Uploaded,
    Uploader,
)
from assetgen.store.state import State


class UploadError(AssetError):
    """A picture could not be brought to the service; nothing was ordered with it."""

    code = "upload"


@dataclass(slots=True)
class Uploads:
    """The links of one run. `now` is the time in seconds since 1970: links outlive the run."""

    state: State
    now: Callable[[], float]
    _turns: defaultdict[tuple[str, Digest], asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def link(self, line: Line, picture: PictureFile, say: Callable[[str], None] = lambda _: None) -> str:
        """Where the service of a line's provider sees the picture; the empty text for one that needs no links.

        `say` is told why before each further try. Raises UploadError when all failed, RefusedError, NotSentError or
        StateError.
        """
        provider = line.provider
        if not isinstance(provider, Uploader):
            return ""
        async with self._turns[provider.shelf, picture.sha256]:
            known = self.state.uploads.link(provider.shelf, picture.sha256, self.now())
            return known or await self._put(line, provider, picture, say)

    def forget(self, links: Sequence[str]) -> None:
        """The service could not load some of these: they are uploaded again when next needed. Raises StateError."""
        self.state.uploads.forget(links)

    async def _put(self, line: Line, provider: Uploader, picture: PictureFile, say: Callable[[str], None]) -> str:
        async def once() -> Uploaded:
            async with line.fetching:
                return await provider.upload(picture)

        began = self.now()
        try:
            uploaded = await line.retried(line.provider.retries.upload, once, UnavailableError, say)
        except StopSubmittingError as error:
            raise line.refused(error) from error
        except UnavailableError as error:
            hint = "Nothing was ordered with it or charged; the next build tries again."
            raise UploadError(f"a picture could not be uploaded: {error.message}", hint=hint) from error
        self.state.uploads.remember(provider.shelf, picture.sha256, uploaded.url, began + uploaded.lifetime)
        return uploaded.url
