"""The seam to whoever removes backgrounds: what a remover is asked, what it answers, and how it may fail.

A remover makes exactly one attempt per call and says by the error's class what that attempt means: whether it may be
made again, and whether it may have been charged. Keys, journal and prices are the engine's; `attempts` makes a call
again as the remover's policy allows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar, TypeVarTuple

from assetgen.digest import Digest
from assetgen.errors import AssetError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class Removal:
    """What a remover is asked: to write `source` without its background to `target`.

    `holes` asks for enclosed spots of the background's colour too; a remover that does not go by colour ignores it.
    """

    source: Path
    target: Path
    holes: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """What came of it: pixel size, and the `foreground`, the share of the picture's area that is left, from 0 to 1.
    `note` is for people: what is odd about the result without being wrong. `pixels` is a digest of what the result
    shows, however its file is packed."""

    width: int
    height: int
    foreground: float
    note: str | None = None
    pixels: Digest | None = None


class RemovalError(AssetError):
    """The background cannot be removed, or not so that the result can be used. Trying again changes nothing."""

    code = "removal"


class BusyError(RemovalError):
    """Surely not done and not charged: may be tried again after `retry_after` seconds (None: as the policy says)."""

    code = "unavailable"

    def __init__(self, message: str, *, hint: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class UnsureError(RemovalError):
    """A service was asked, and no usable answer came: it may have done the work, and charged for it."""

    code = "maybe_charged"


class SpoiledError(RemovalError):
    """The service did its work, and the result cannot be used: trying again changes nothing, and it may have been
    charged."""


class StopRemovingError(RemovalError):
    """No credits: no other picture can succeed either."""

    code = "credits"


class BadKeyError(StopRemovingError):
    """The service does not accept the API key, or wants one."""

    code = "auth"


@dataclass(frozen=True, slots=True)
class Patience:
    """How a call is made again after it failed. Seconds; `attempts` counts the first call too. `jitter` is the share by
    which a wait may be shorter or longer, so that parallel callers do not march in step."""

    initial: float = 1
    factor: float = 2
    maximum: float = 30
    attempts: int = 5
    jitter: float = 0.25

    def delay(self, failures: int, spread: float, retry_after: float | None = None) -> float:
        """Seconds to wait after `failures` (from 1) failed calls in a row.

        `spread` is drawn by the caller, evenly from -1 to 1. A service's own `retry_after` is never undercut.
        """
        wait = min(self.initial * self.factor ** min(failures - 1, 64), self.maximum) * (1 + self.jitter * spread)
        return wait if retry_after is None else max(wait, retry_after * (1 + self.jitter * abs(spread)))


LARGE_PIXELS = 4_300_000
"""Pictures of more are worked on one at a time: cutting one out takes more than about 200 MB."""

ONCE = Patience(initial=0, factor=1, maximum=0, attempts=1)
"""For a remover whose failures do not pass by themselves."""


class Executor(Protocol):
    """What runs a function that takes long off the event loop; `run_large` lets in one at a time."""

    def run(self, function: Callable[[*Ts], T], *args: *Ts) -> Awaitable[T]: ...

    def run_large(self, function: Callable[[*Ts], T], *args: *Ts) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True)
class RemoverContext:
    """What a remover may be made from. `environment` holds its key and address, and is never shown."""

    environment: Mapping[str, str] = field(repr=False)
    executor: Executor


class Remover(Protocol):
    """What turns a picture into one without its background.

    `remove` reads `source` (anything that assetgen.imaging.decode reads), writes `target` as a PNG in RGBA with
    straight alpha and black where nothing is seen, and raises RemovalError, PictureError for a source that is no
    picture, or WriteError for a target that cannot be written. It never writes a picture that still has its background.

    `version` is recorded with each result, for people; a newer one alone makes nothing out of date. `calls_service`
    says that the picture leaves this machine, and that a call may cost money.
    """

    name: str
    version: str
    calls_service: bool
    patience: Patience

    async def remove(self, removal: Removal) -> Cut: ...

    async def close(self) -> None: ...
