"""The journal of paid requests: one row for each time that one was sent, so that nothing is paid for twice.

Its states:

    intend -> sending -> accepted (its task id is known) -> removed, when `finished` or `dropped`
                      -> ambiguous (no answer came)      -> removed, when its key is `finished`
                      -> removed, when `withdrawn` (surely not accepted)

What is ambiguous may have been charged, and so may an accepted task that is `gone`: a mark, not an end.
The database itself refuses a second row of the same key that is sending or accepted. No API key and no URL with
credentials is ever handed in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal

from assetgen.digest import StepKey
from assetgen.plan.world import OpenTask, PlacedOrder, StoredCutout, StoredMaster
from assetgen.store.reserve import Reserve
from assetgen.store.results import PUT_RESULT, put_cutouts, result_row
from assetgen.store.session import Row, Session, usd_of, usd_text


class Journal:
    """Everything sent and not finished."""

    def __init__(self, session: Session, reserve: Reserve) -> None:
        self._session = session
        self._reserve = reserve

    def intend(self, key: StepKey, provider: str, request: str, usd: Decimal | None) -> None:
        """A request is about to be sent; to be called before it is. `request` is its JSON, for people who look into the
        journal; `usd` the expected price, None when unknown.

        Raises StateError, and nothing may be sent then, when a submission of the same key is alive, or when there is no
        room for the answer.
        """
        self._reserve.take()
        sql = "INSERT INTO submissions (key, provider, request, usd, state) VALUES (?, ?, ?, ?, 'sending')"
        self._session.write(sql, (key, provider, request, usd_text(usd)))

    def accepted(self, key: StepKey, task: str) -> None:
        """The service took the request that is being sent."""
        sql = "UPDATE submissions SET state = 'accepted', task = ? WHERE key = ? AND state = 'sending'"
        self._write_one(sql, (task, key))

    def accepted_on_a_full_disk(self, key: StepKey, task: str) -> None:
        """As `accepted`, where that raised StateError: noted in room that was kept free for it, and taken over when the
        database is opened next. Raises StateError when that does not work either."""
        self._reserve.note(key, task)

    def take_notes_over(self) -> bool:
        """Write down what `accepted_on_a_full_disk` noted; returns whether there was anything."""
        notes = list(self._reserve.notes())
        sql = "UPDATE submissions SET state = 'accepted', task = ? WHERE key = ? AND state = 'sending'"
        self._session.write_many(sql, [(task, key) for key, task in notes])
        return bool(notes)

    def ambiguous(self, key: StepKey) -> None:
        """No answer came to the request that is being sent: it may exist, and may have been charged."""
        self._write_one("UPDATE submissions SET state = 'ambiguous' WHERE key = ? AND state = 'sending'", (key,))

    def withdrawn(self, key: StepKey) -> None:
        """The request that is being sent was surely not accepted; earlier ambiguities stay as they were."""
        self._write_one("DELETE FROM submissions WHERE key = ? AND state = 'sending'", (key,))

    def delivered(self, key: StepKey, urls: Iterable[str]) -> None:
        """The task has results, to be fetched from there."""
        sql = "UPDATE submissions SET urls = ? WHERE key = ? AND state = 'accepted'"
        self._write_one(sql, (json.dumps(list(urls)), key))

    def dropped(self, key: StepKey) -> None:
        """The task ended at the service without a result; earlier ambiguities stay counted."""
        self._write_one("DELETE FROM submissions WHERE key = ? AND state = 'accepted'", (key,))

    def gone(self, key: StepKey) -> None:
        """The service that was asked does not know an accepted task. Its id is kept: another address may know it."""
        self._write_one("UPDATE submissions SET gone = 1 WHERE key = ? AND state = 'accepted'", (key,))

    def finished(self, key: StepKey, master: StoredMaster) -> None:
        """The result is in the store: it is remembered, and its journal closed, in one transaction."""
        with self._session.transaction() as connection:
            connection.execute(PUT_RESULT, result_row(key, master))
            connection.execute("DELETE FROM submissions WHERE key = ?", (key,))

    def finished_cutout(self, key: StepKey, cutout: StoredCutout) -> None:
        """As `finished`, for a background that was removed by a service."""
        with self._session.transaction() as connection:
            put_cutouts(connection, {key: cutout})
            connection.execute("DELETE FROM submissions WHERE key = ?", (key,))

    def settle_interrupted(self) -> tuple[OpenTask, ...]:
        """Count each submission that a killed build was in the middle of as ambiguous; returns them.

        To be called once by a build that holds the project, before it sends anything.
        """
        with self._session.transaction() as connection:
            found = connection.execute("SELECT key FROM submissions WHERE state = 'sending'").fetchall()
            connection.execute("UPDATE submissions SET state = 'ambiguous' WHERE state = 'sending'")
        tasks = self.open_tasks()
        return tuple(tasks[key] for (key,) in found)

    def open_tasks(self) -> dict[StepKey, OpenTask]:
        """Everything sent and not finished. What is being sent counts as ambiguous: to a later reader it is."""
        sql = "SELECT key, provider, task, state <> 'accepted', usd, gone FROM submissions ORDER BY id"
        tasks: dict[StepKey, OpenTask] = {}
        for key, provider, task, unanswered, usd, gone in self._session.read(sql):
            earlier = tasks.get(key)
            count = (earlier.ambiguous if earlier else 0) + unanswered
            task = task or (earlier.task if earlier else None)
            tasks[key] = OpenTask(key, provider, task, count, usd_of(usd), bool(gone))
        return tasks

    def place(self, key: StepKey, lock: str, name: str) -> None:
        """An order is about to be placed for an asset; `lock` is the path of its lock file, relative to the root."""
        self._session.write("INSERT OR IGNORE INTO placed (lock, name, key) VALUES (?, ?, ?)", (lock, name, key))

    def forget_placed(self, lock: str, name: str) -> None:
        """Forget the orders of an asset that have ended."""
        sql = "DELETE FROM placed WHERE lock = ? AND name = ? AND key NOT IN (SELECT key FROM submissions)"
        self._session.write(sql, (lock, name))

    def placed(self, lock: str) -> dict[str, tuple[PlacedOrder, ...]]:
        """The orders of a lock's assets that were accepted and are not collected yet, by asset, oldest first."""
        sql = """SELECT name, key, task, request FROM placed JOIN submissions USING (key)
                 WHERE lock = ? AND state = 'accepted' AND NOT gone ORDER BY id"""
        orders: dict[str, tuple[PlacedOrder, ...]] = {}
        for name, key, task, request in self._session.read(sql, (lock,)):
            orders[name] = (*orders.get(name, ()), PlacedOrder(key, task, json.loads(request)["prompt"]))
        return orders

    def rename_placed(self, lock: str, was: str, name: str) -> None:
        """An asset has another name now."""
        self._session.write("UPDATE OR REPLACE placed SET name = ? WHERE lock = ? AND name = ?", (name, lock, was))

    def knows_task(self, task: str) -> bool:
        """Whether a task is, or was, that of some request."""
        sql = "SELECT 1 FROM submissions WHERE task = ? UNION SELECT 1 FROM results WHERE task = ?"
        return bool(self._session.read(sql, (task, task)))

    def requests(self) -> dict[StepKey, str]:
        """What was asked for by everything sent and not finished: JSON, for people to recognize it by."""
        return dict(self._session.read("SELECT key, request FROM submissions ORDER BY id"))

    def links(self, key: StepKey) -> tuple[str, ...]:
        """Where the results of an accepted task were last said to be; empty when that is not known yet."""
        sql = "SELECT urls FROM submissions WHERE key = ? AND state = 'accepted' AND urls IS NOT NULL"
        return tuple(url for (urls,) in self._session.read(sql, (key,)) for url in json.loads(urls))

    def _write_one(self, sql: str, values: Row) -> None:
        if self._session.write(sql, values) != 1:
            raise RuntimeError(f"the journal has no such submission: {sql} {values}")
