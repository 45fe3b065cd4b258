"""Work that several want and that is done once: whoever comes second waits for the first, and shares its fate."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Hashable
from typing import Any, TypeVar

from assetgen.store.blobs import MissingBlobError

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


async def once(under_way: dict[K, asyncio.Future[T]], key: K, work: Coroutine[Any, Any, T]) -> T:
    """What comes of a step. Where a picture was missing, the next one tries anew: it may be there again by then."""
    if key in under_way:
        work.close()
        return await asyncio.shield(under_way[key])
    result = under_way[key] = asyncio.get_running_loop().create_future()
    try:
        made = await work
    except BaseException as error:
        if isinstance(error, MissingBlobError):
            del under_way[key]
        if isinstance(error, Exception):
            result.set_exception(error)
            result.exception()  # looked at, so that nobody logs it
        else:
            result.cancel()
        raise
    result.set_result(made)
    return made
