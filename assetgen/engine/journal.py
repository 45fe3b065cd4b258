"""The journal of one order: what the state database is told, and when, so that nothing is ever paid for twice.

Knows the order of records, not the service. Every record is on the disk when its method returns.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal

from assetgen.catalog import DRAFT
from assetgen.digest import canonical_json
from assetgen.errors import StateError
from assetgen.plan.request import EMULATED, Asking
from assetgen.plan.world import StoredMaster
from assetgen.providers.base import TaskId
from assetgen.store.state import State


class Journal:
    """One request's records. `keeps` is False for drafts: they are free and made here, so only their results count.

    `unrecorded` is the id of an accepted task while the disk takes nothing: it is kept in mind, and written down with
    the next record that succeeds; `lost` tells that it stands nowhere else meanwhile.
    """

    def __init__(self, state: State, asking: Asking, usd: Decimal | None) -> None:
        self.keeps = asking.provider != DRAFT
        self.unrecorded: TaskId | None = None
        self.lost = False
        self._state = state
        self._asking = asking
        self._usd = usd

    def intend(self) -> None:
        """The request is about to be sent. Raises StateError, and nothing may be sent then."""
        if self.keeps:
            request = canonical_json(self._asking.locked().model_dump(exclude_defaults=True)).decode()
            self._state.journal.intend(self._asking.key, self._asking.provider, request, self._usd)

    def withdrawn(self) -> None:
        """It was surely not accepted."""
        if self.keeps:
            self._state.journal.withdrawn(self._asking.key)

    def doubtful(self) -> None:
        """Nobody knows whether it was accepted. Where that cannot be written, the intent left alone says the same."""
        if self.keeps:
            with suppress(StateError):
                self._state.journal.ambiguous(self._asking.key)

    def belongs_to_another(self, task: TaskId) -> bool:
        """Whether the id of a task that was just accepted is that of an earlier one. Emulators that start over give the
        same ids again."""
        if not self.keeps or task.startswith(EMULATED):
            return False
        with suppress(StateError):
            return self._state.journal.knows_task(task)
        return False

    def accepted(self, task: TaskId) -> None:
        """It was; the task goes on also where that cannot be written down yet."""
        self.unrecorded = task
        self.catch_up()
        if self.unrecorded is not None:
            try:
                self._state.journal.accepted_on_a_full_disk(self._asking.key, task)
            except StateError:
                self.lost = True

    def catch_up(self) -> None:
        """Try to write down what could not be written before."""
        with suppress(StateError):
            self._write_task()

    def _write_task(self) -> None:
        if self.unrecorded is not None:
            self._state.journal.accepted(self._asking.key, self.unrecorded)
            self.unrecorded, self.lost = None, False

    def delivered(self, urls: Iterable[str]) -> None:
        """The task has results there. Only a convenience for later: not worth failing over."""
        with suppress(StateError):
            self._write_task()
            self._state.journal.delivered(self._asking.key, urls)

    def links(self) -> tuple[str, ...]:
        """Where an earlier run was told that the results are."""
        return self._state.journal.links(self._asking.key)

    def dropped(self) -> None:
        """The task ended without a result, and was not charged. Raises StateError."""
        self._write_task()
        self._state.journal.dropped(self._asking.key)

    def refused(self, words: str, task: TaskId | None = None) -> None:
        """A safety system did not want it. Not worth failing over: at worst it is sent once more often."""
        if self.keeps:
            with suppress(StateError):
                self._state.refusals.record(self._asking.key, words, task)

    def gone(self) -> None:
        """The result cannot be had: plain builds go on asking, a re-roll need not wait for it. Raises StateError."""
        self._write_task()
        self._state.journal.gone(self._asking.key)

    def finished(self, master: StoredMaster) -> None:
        """The picture is in the store. Raises StateError."""
        self._state.journal.finished(self._asking.key, master)
        self.unrecorded, self.lost = None, False
