"""KIE (https://kie.ai): many models behind one job API. Orders tasks, polls them and fetches their results.

One attempt per call; `retries` says what may be repeated, `kie_answers` what an answer means. Its traps, from its
documentation and the field: errors come as HTTP 200 with the status in the body; every call, also GET, needs a
Content-Type; no User-Agent means 403; there is no idempotency key, so an unanswered `createTask` cannot be found again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from assetgen.catalog.models import Model, Pictures, introduction, unlisted
from assetgen.digest import Json
from assetgen.providers.address import is_loopback, service_address
from assetgen.providers.base import (
    Accepted,
    AmbiguousError,
    Backoff,
    BadKeyError,
    GoneError,
    Order,
    PictureFile,
    ProviderContext,
    RefusedError,
    Retries,
    Running,
    Succeeded,
    TaskId,
    TaskState,
    TransientError,
    Uploaded,
)
from assetgen.providers.http import Answer, Client, Phase, Timeouts
from assetgen.providers.kie_answers import (
    KIE,
    NotVisible,
    Resultless,
    accepted_task,
    balance,
    fresh_link,
    gone,
    lost_result,
    task_state,
)
from assetgen.providers.kie_files import KieFiles

KEY_VARIABLE = "KIE_AI_API_KEY"
ADDRESS_VARIABLE = "KIE_AI_BASE_URL"
ADDRESS = "https://api.kie.ai"
UPLOAD_VARIABLE = "KIE_AI_UPLOAD_URL"
UPLOAD_ADDRESS = "https://kieai.redpandaai.co"
EMULATOR_KEY = "emulator"
"""Sent to a loopback address when no key is set, so that trying the emulator needs none."""

GRACE = 90.0
"""Seconds for which a task may be unknown to the service in a row, or without the result of its success: it shows both
with a delay."""

LARGEST_RESULT = 200_000_000
"""Bytes: far more than a 4K picture or a video of ten seconds needs."""

RETRIES = Retries(
    submit=Backoff(initial=2, factor=2.45, maximum=30, attempts=10),  # 2, 5, 12, 29, 30 ...: about 200 seconds in all
    poll=Backoff(initial=2, factor=2, maximum=15, attempts=5),
    fetch=Backoff(initial=1, factor=2, maximum=15, attempts=6),
)
"""The first waits are those that have worked against the service's rate limit, which looks back over 10 seconds."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is left to spend; a credit is half a US cent. `date` is the service's own time, in seconds since 1970, where
    it says so."""

    credits: Decimal
    date: float | None


class Kie:
    """The provider `kie`."""

    name = "kie"
    retries = RETRIES

    def __init__(
        self,
        api_key: str,
        models: Mapping[str, Model],
        *,
        address: str = ADDRESS,
        upload_address: str | None = None,
        timeouts: Timeouts | None = None,
        largest: int = LARGEST_RESULT,
        clock: Callable[[], float] = time.monotonic,
        callback_url: str | None = None,
    ) -> None:
        """`upload_address` is where pictures are put, None for where that is by default; `clock` is monotonic, in
        seconds; `largest` the most bytes of a result; `callback_url` is where KIE posts that a task is final. Raises
        BadKeyError, UsageError."""
        self._address = service_address(address, variable=ADDRESS_VARIABLE)
        authorization = {"Authorization": f"Bearer {_usable_key(api_key)}"}
        self._headers = {**authorization, "Content-Type": "application/json"}
        self._models = models
        self._clock = clock
        self._callback = {} if callback_url is None else {"callBackUrl": callback_url}
        self._client = Client(
            KIE,
            timeouts=timeouts or Timeouts(),
            largest=largest,
            secret="" if api_key == EMULATOR_KEY else api_key,
        )
        shelf = upload_address or default_upload_address(address)
        self._files = KieFiles(self._client, service_address(shelf, variable=UPLOAD_VARIABLE), authorization)
        self.shelf = self._files.shelf
        self._known: set[TaskId] = set()
        self._missing_since: dict[TaskId, float] = {}

    async def submit(self, order: Order) -> Accepted:
        body = request_body(order, self._models) | self._callback
        task = accepted_task(await self._call(Phase.SUBMIT, "POST", "/api/v1/jobs/createTask", body=body))
        if task in self._known:
            raise AmbiguousError(
                f"KIE answered with task {task}, which it had given to another request.",
                hint=f"Look at {KIE.log_page} whether there is a second task; it may have been charged.",
            )
        self._known.add(task)
        return Accepted(task)

    async def poll(self, task: TaskId) -> TaskState:
        self._known.add(task)
        answer = await self._call(Phase.POLL, "GET", "/api/v1/jobs/recordInfo", parameters={"taskId": task})
        state = task_state(answer, task)
        if not isinstance(state, NotVisible | Resultless):
            self._missing_since.pop(task, None)
            return state
        since = self._missing_since.setdefault(task, self._clock())
        if self._clock() - since >= GRACE:
            raise gone(task, state)
        return Running("not visible yet" if isinstance(state, NotVisible) else "done, its result not there yet")

    async def fetch(self, result: Succeeded, target: Path) -> None:
        """A link that is refused or gone is exchanged for a fresh one, once."""
        link = result.urls[0]
        status = await self._client.download(link, target)
        if status in (403, 404, 410):
            status = await self._client.download(await self._refreshed(link, status), target)
        if status in (404, 410):
            raise lost_result(f"its link answers {status}")
        if status != 200:
            raise TransientError(
                f"KIE's result link answers {status}.", hint="The result is kept; it is fetched again."
            )

    async def upload(self, picture: PictureFile) -> Uploaded:
        return await self._files.upload(picture)

    async def account(self) -> Account:
        """The account as it is now. Raises BadKeyError or TransientError."""
        answer = await self._call(Phase.POLL, "GET", "/api/v1/chat/credit")
        return Account(balance(answer), answer.date)

    async def close(self) -> None:
        await self._client.close()

    async def _refreshed(self, link: str, status: int) -> str:
        try:
            return fresh_link(await self._call(Phase.FETCH, "POST", "/api/v1/common/download-url", body={"url": link}))
        except GoneError:
            if status != 403:
                raise
        raise TransientError("KIE's result link answers 403.", hint="The result is kept; it is fetched again.")

    async def _call(
        self,
        phase: Phase,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        body: Json = None,
    ) -> Answer:
        url = self._address + path
        return await self._client.call(phase, method, url, headers=self._headers, parameters=parameters, body=body)


def kie_from(context: ProviderContext) -> Kie:
    """The provider as the environment describes it. Raises BadKeyError without a key, UsageError for a bad address."""
    key, address = key_and_address(context.environment)
    uploads = context.environment.get(UPLOAD_VARIABLE, "").strip() or None
    models = context.catalog.models
    return Kie(key, models, address=address, upload_address=uploads, callback_url=context.callback_url)


def default_upload_address(address: str) -> str:
    """Where pictures go when nobody says so: to whoever takes the orders, so that a key and pictures which are meant
    for an emulator or a gateway never leave for the real service."""
    return UPLOAD_ADDRESS if address.rstrip("/") == ADDRESS else address


def key_and_address(environment: Mapping[str, str]) -> tuple[str, str]:
    """The API key (empty when there is none) and the service's address that an environment asks for, unchecked."""
    address = environment.get(ADDRESS_VARIABLE, "").strip() or ADDRESS
    key = environment.get(KEY_VARIABLE, "").strip()
    return key or (EMULATOR_KEY if is_loopback(address) else ""), address


def request_body(order: Order, models: Mapping[str, Model]) -> dict[str, Json]:
    """The body of `createTask`: the model, and its input under the names of the wire.

    What the user passes through as `input` comes last, as it is. Raises RefusedError for a parameter that the catalog's
    model does not have: the service would silently ignore it, and charge. Of a model that the catalog does not have,
    the service says itself what it thinks.
    """
    model = models.get(order.model) or unlisted(order.model)
    numbered = model.pictures is not None and model.pictures.numbered
    words = (introduction(order.labels[order.begins :]) if numbered else "") + order.prompt
    prompt: dict[str, Json] = {"prompt": words} if model.needs_prompt else {}
    try:
        fields = model.on_wire(order.parameters, {**_pictures(order, model), **order.input})
    except KeyError as name:
        message = f"The model `{model.id}` has no parameter `{name.args[0]}`."
        raise RefusedError(message, hint="See `assetgen models`.") from None
    return {"model": model.id, "input": {**prompt, **fields}}


def _pictures(order: Order, model: Model) -> dict[str, Json]:
    """Where the model sees its pictures, as it wants to be told."""
    first, others = order.links[: order.begins], order.links[order.begins :]
    return {**_shown(first, model.first_frame, model), **_shown(others, model.pictures, model)}


def _shown(links: tuple[str, ...], taken: Pictures | None, model: Model) -> dict[str, Json]:
    if not links:
        return {}
    if taken is None or len(links) > taken.most:
        words = f"at most {taken.most} pictures" if taken else "no pictures"
        raise RefusedError(f"The model `{model.id}` takes {words}.", hint="See `assetgen models`.")
    return {taken.wire: list(links) if taken.many else links[0]}


def _usable_key(key: str) -> str:
    if not key:
        raise BadKeyError(
            f"{KEY_VARIABLE} is not set, so nothing can be ordered from KIE.",
            hint="Set it in the environment or in .env.local in the project root, which you do not commit, "
            "or fill in free placeholders with `--draft`, or build nothing but those with `--provider draft`.",
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise BadKeyError(
            f"{KEY_VARIABLE} holds characters that no API key has.",
            hint="Copy the key again, without quotes, spaces or line ends.",
        )
    return key
