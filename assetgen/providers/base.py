"""The seam to whoever makes masters: what a provider is asked, what it may answer, and how it may fail.

A provider makes exactly one attempt per call and says by the error's class what that attempt means for money. Waiting,
retrying, journalling and rate limiting are the engine's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NewType, Protocol, TypeAlias, TypeVar, TypeVarTuple, runtime_checkable

from assetgen.catalog import Catalog
from assetgen.digest import Digest, Json
from assetgen.errors import AssetError
from assetgen.manifest.recipe import Drawing, Kind, PixelSize, Tuning

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

TaskId = NewType("TaskId", str)


@dataclass(frozen=True, slots=True)
class Order:
    """A request as a provider gets it. `expected` is the size that the model is known to return; `take`, `reroll` and
    `variant` tell apart the pictures asked for by one and the same request. `links` are where the service of an
    `Uploader` sees the pictures that the model is shown, in order; `labels` are what the user calls them, empty where
    nothing. Where it `begins` with one, that is the first."""

    model: str
    prompt: str
    parameters: Mapping[str, Json]
    input: Mapping[str, Json]
    drawing: Drawing
    expected: PixelSize
    take: int = 0
    reroll: int = 0
    links: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    kind: Kind = "image"
    begins: bool = False
    variant: int = 1


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture on this machine that a service is to see; `format` is what its bytes are: `png`, `jpeg`, `webp`."""

    file: Path
    sha256: Digest
    format: str


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Where a service can see a picture, and for how many more seconds that may be relied on."""

    url: str
    lifetime: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service took the request; the result is collected by this id."""

    task: TaskId


@dataclass(frozen=True, slots=True)
class Finished:
    """The picture itself: what a provider without tasks answers at once."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Running:
    """Not done yet. `state` is the service's own word, for people."""

    state: str


@dataclass(frozen=True, slots=True)
class Succeeded:
    """Done: where the results can be fetched, and what the service says it charged, in US dollars."""

    urls: tuple[str, ...]
    charged: Decimal | None


Submission: TypeAlias = Accepted | Finished
TaskState: TypeAlias = Running | Succeeded


class ProviderError(AssetError):
    """The service said no. `words` are its own code and message; they are part of the message too."""

    code = "provider"


class RefusedError(ProviderError):
    """The request itself is wrong or unwanted (validation, unknown model): not accepted, not charged, not resent."""

    code = "refused"


class LinkRefusedError(RefusedError):
    """The service could not load a picture behind a link that it was given: one uploaded anew may do."""


class ModeratedError(ProviderError):
    """The service's safety system refuses this prompt or its picture."""

    code = "moderated"


class UnavailableError(ProviderError):
    """Surely not accepted and not charged: may be sent again after `retry_after` seconds (None: as the policy says)."""

    code = "unavailable"

    def __init__(self, message: str, *, hint: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class AmbiguousError(ProviderError):
    """Sent, and no answer that tells whether it was accepted. Must not be resent in this run."""

    code = "maybe_charged"


class StopSubmittingError(ProviderError):
    """No credits, a bad key, a spending cap: no further submission can succeed."""

    code = "credits"


class BadKeyError(StopSubmittingError):
    """The service does not accept the API key, or there is none."""

    code = "auth"


class TaskFailedError(ProviderError):
    """The task ended without a picture. Not charged."""

    code = "task_failed"


class TransientError(ProviderError):
    """A poll or a download did not work this time; the task is not affected."""

    code = "transient"


class GoneError(ProviderError):
    """The service no longer knows the task or its result."""

    code = "gone"


@dataclass(frozen=True, slots=True)
class Backoff:
    """How one kind of call is made again after it failed. Seconds; `attempts` counts the first call too. `jitter` is
    the share by which a wait may be shorter or longer, so that parallel callers do not march in step."""

    initial: float
    factor: float
    maximum: float
    attempts: int
    jitter: float = 0.25

    def delay(self, failures: int, spread: float, retry_after: float | None = None) -> float:
        """Seconds to wait after `failures` (from 1) failed calls in a row.

        `spread` is drawn by the caller, evenly from -1 to 1. A service's own `retry_after` is never undercut.
        """
        growth = self.factor ** min(failures - 1, 64)
        wait = min(self.initial * growth, self.maximum) * (1 + self.jitter * spread)
        return wait if retry_after is None else max(wait, retry_after * (1 + self.jitter * abs(spread)))


@dataclass(frozen=True, slots=True)
class Retries:
    """A provider's policy: what may be made again, and how patiently. `submit` and `upload` hold for UnavailableError,
    `poll` and `fetch` for TransientError; no other error is ever answered by making the same call again."""

    submit: Backoff
    poll: Backoff
    fetch: Backoff
    upload: Backoff = Backoff(initial=1, factor=2, maximum=15, attempts=5)


ONCE = Retries(*[Backoff(initial=0, factor=1, maximum=0, attempts=1)] * 3)
"""For a provider whose failures do not pass by themselves."""


class Executor(Protocol):
    """What runs a function that takes long off the event loop."""

    def run(self, function: Callable[[*Ts], T], *args: *Ts) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """What a provider may be made from. `environment` holds its keys and addresses, and is never shown. The service
    may post to `callback_url` that a task is final; it is no part of the request as keys and the lock know it."""

    environment: Mapping[str, str] = field(repr=False)
    catalog: Catalog
    tuning: Tuning
    executor: Executor
    callback_url: str | None = None


class Provider(Protocol):
    """What turns an order into a master.

    `submit` raises RefusedError, ModeratedError, UnavailableError, AmbiguousError or StopSubmittingError.
    `poll` raises TaskFailedError (with ModeratedError for its moderation kind), TransientError, GoneError or
    StopSubmittingError (the key was withdrawn; the task lives on).
    `fetch` streams the first result into `target`, which it creates, and raises TransientError or GoneError; a link
    that expired is refreshed by the provider itself, once. A `target` that cannot be written is a WriteError.
    `retries` says which of these the engine may answer by the same call again, and when.
    """

    name: str
    retries: Retries

    async def submit(self, order: Order) -> Submission: ...

    async def poll(self, task: TaskId) -> TaskState: ...

    async def fetch(self, result: Succeeded, target: Path) -> None: ...

    async def close(self) -> None: ...


@runtime_checkable
class Uploader(Protocol):
    """What a provider is besides, whose service sees pictures only behind links of its own.

    `shelf` names where they are put: a link found there by one run is good for the next. `upload` puts one there, which
    costs nothing and may be done again; it raises UnavailableError, RefusedError or StopSubmittingError.
    """

    shelf: str

    async def upload(self, picture: PictureFile) -> Uploaded: ...
