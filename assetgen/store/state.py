"""What is remembered between builds: the journal of paid requests, results, re-rolls, outputs, lock entries, stats.

Every method that changes something is one transaction, and on the disk when it returns (WAL, `synchronous=FULL`): after
a crash, a kill or a power cut the next build finds all that was said here, and nothing else. A commit costs one fsync;
measured on a virtual SSD, 2,000 to 5,000 of them fit in a second. A State belongs to the thread that opened it. No API
key and no URL with credentials is ever handed in.

The journal holds one row for each time that a request was sent. Its states:

    intend -> sending -> accepted (its task id is known) -> removed, when `finished` or `dropped`
                      -> ambiguous (no answer came)      -> removed, when its key is `finished`
                      -> removed, when `withdrawn` (surely not accepted)

What is ambiguous may have been charged, and so may an accepted task that is `gone`: a mark, not an end.
The database itself refuses a second row of the same key that is sending or accepted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeAlias

from assetgen.digest import Digest, StepKey, canonical_json, digest_of
from assetgen.errors import StateError
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedOutput
from assetgen.lock.writing import entry_json
from assetgen.manifest.recipe import OutputPath, PixelSize
from assetgen.plan.world import OpenTask, Owner, StoredCutout, StoredMaster, Take, WrittenOutput
from assetgen.store.database import examine, open_database, read_database, translated
from assetgen.store.reserve import Reserve

_Row: TypeAlias = tuple[Any, ...]


class FileStat(NamedTuple):
    """A file whose bytes were hashed. The first four fields are its identity; `recorded_ns` is the time of the hashing,
    in nanoseconds since 1970 like the others; a Git LFS `pointer` has the digest that it names."""

    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int
    sha256: Digest
    recorded_ns: int
    pointer: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """The newest entry that we made for an asset. `digest` is its own, `base` that of the entry which the lock file
    held when we last looked or wrote: None if it had none, equal to `digest` once ours is in the file."""

    text: str
    digest: Digest
    base: Digest | None

    def entry(self) -> Entry:
        """The entry itself. Raises StateError when its text is damaged."""
        with _undamaged("lock entry"):
            return Entry.model_validate_json(self.text)


@dataclass(frozen=True, slots=True)
class Replaced:
    """Files that were published and gave way to those of another picture: `entry.published`. `own` tells that they are
    of the picture that the entry is about."""

    entry: Entry
    own: bool


class State:
    """The state database of one project. `writable` tells it from a copy that was opened for reading."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, writable: bool) -> None:
        self.writable = writable
        self._path = path
        self._connection = connection
        self._reserve = Reserve(path.with_name(f"{path.name}-reserve"))

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open for reading and writing, created if missing. Only for whoever holds the project. Raises StateError."""
        state = cls(path, open_database(path), writable=True)
        try:
            if state._take_notes_over():
                state._reserve.clear()
        except BaseException:
            state.close()
            raise
        return state

    @classmethod
    def open_for_reading(cls, path: Path) -> Self | None:
        """What is recorded now, as a copy in memory: nothing on the disk changes. None when there is no database.

        Raises StateError, also from every method that would change something.
        """
        connection = read_database(path)
        if connection is None:
            return None
        connection.execute("PRAGMA query_only = 0")  # it is a copy
        state = cls(path, connection, writable=False)
        state._take_notes_over()
        connection.execute("PRAGMA query_only = 1")
        return state

    def close(self) -> None:
        """Give the database back, its log folded into it."""
        with translated(self._path):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- the journal ---------------------------------------------------------------------------------------------

    def intend(self, key: StepKey, provider: str, request: str, usd: Decimal | None) -> None:
        """A request is about to be sent; to be called before it is. `request` is its JSON, for people who look into the
        journal; `usd` the expected price, None when unknown.

        Raises StateError, and nothing may be sent then, when a submission of the same key is alive, or when there is no
        room for the answer.
        """
        self._reserve.take()
        sql = "INSERT INTO submissions (key, provider, request, usd, state) VALUES (?, ?, ?, ?, 'sending')"
        self._write(sql, (key, provider, request, _text(usd)))

    def accepted(self, key: StepKey, task: str) -> None:
        """The service took the request that is being sent."""
        sql = "UPDATE submissions SET state = 'accepted', task = ? WHERE key = ? AND state = 'sending'"
        self._write_one(sql, (task, key))

    def accepted_on_a_full_disk(self, key: StepKey, task: str) -> None:
        """As `accepted`, where that raised StateError: noted in room that was kept free for it, and taken over when the
        database is opened next. Raises StateError when that does not work either."""
        self._reserve.note(key, task)

    def _take_notes_over(self) -> bool:
        """Whether there were any."""
        notes = list(self._reserve.notes())
        sql = "UPDATE submissions SET state = 'accepted', task = ? WHERE key = ? AND state = 'sending'"
        self._write_many(sql, [(task, key) for key, task in notes])
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
        with self._transaction() as connection:
            connection.execute(_PUT_RESULT, _result_row(key, master))
            connection.execute("DELETE FROM submissions WHERE key = ?", (key,))

    def settle_interrupted(self) -> tuple[OpenTask, ...]:
        """Count each submission that a killed build was in the middle of as ambiguous; returns them.

        To be called once by a build that holds the project, before it sends anything.
        """
        with self._transaction() as connection:
            found = connection.execute("SELECT key FROM submissions WHERE state = 'sending'").fetchall()
            connection.execute("UPDATE submissions SET state = 'ambiguous' WHERE state = 'sending'")
        tasks = self.open_tasks()
        return tuple(tasks[key] for (key,) in found)

    def open_tasks(self) -> dict[StepKey, OpenTask]:
        """Everything sent and not finished. What is being sent counts as ambiguous: to a later reader it is."""
        sql = "SELECT key, provider, task, state <> 'accepted', usd, gone FROM submissions ORDER BY id"
        tasks: dict[StepKey, OpenTask] = {}
        for key, provider, task, unanswered, usd, gone in self._read(sql):
            earlier = tasks.get(key)
            count = (earlier.ambiguous if earlier else 0) + unanswered
            task = task or (earlier.task if earlier else None)
            tasks[key] = OpenTask(key, provider, task, count, _decimal(usd), bool(gone))
        return tasks

    def knows_task(self, task: str) -> bool:
        """Whether a task is, or was, that of some request."""
        sql = "SELECT 1 FROM submissions WHERE task = ? UNION SELECT 1 FROM results WHERE task = ?"
        return bool(self._read(sql, (task, task)))

    def requests(self) -> dict[StepKey, str]:
        """What was asked for by everything sent and not finished: JSON, for people to recognize it by."""
        return dict(self._read("SELECT key, request FROM submissions ORDER BY id"))

    def links(self, key: StepKey) -> tuple[str, ...]:
        """Where the results of an accepted task were last said to be; empty when that is not known yet."""
        sql = "SELECT urls FROM submissions WHERE key = ? AND state = 'accepted' AND urls IS NOT NULL"
        return tuple(url for (urls,) in self._read(sql, (key,)) for url in json.loads(urls))

    # --- pictures from the web ---------------------------------------------------------------------------------

    def fetched(self, lock: str, name: str, source: str, picture: Digest) -> None:
        """A picture was fetched for an asset; to be called before anything is ordered with it. `source` is what locks
        call it, `lock` as in `remember_entry`."""
        self._write("INSERT OR REPLACE INTO fetched VALUES (?, ?, ?, ?)", (lock, name, source, picture))

    def settle_fetched(self, lock: str, name: str) -> None:
        """The asset's entry pins what was fetched for it."""
        self._write("DELETE FROM fetched WHERE lock = ? AND name = ?", (lock, name))

    def fetched_pictures(self, lock: str) -> dict[tuple[str, str], Digest]:
        """What was fetched for assets of a lock and is pinned by none of its entries yet, by asset and source."""
        rows = self._read("SELECT name, source, sha256 FROM fetched WHERE lock = ?", (lock,))
        return {(name, source): sha256 for name, source, sha256 in rows}

    # --- uploads -------------------------------------------------------------------------------------------------

    def uploaded(self, shelf: str, picture: Digest, url: str, until: float) -> None:
        """A picture of ours can be seen by the service of `shelf` there, until a time in seconds since 1970."""
        self._write("INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?)", (shelf, picture, url, until))

    def upload(self, shelf: str, picture: Digest, now: float) -> str | None:
        """Where the service of `shelf` can see a picture for some time from `now`; None when it is to be put there."""
        sql = "SELECT url FROM uploads WHERE shelf = ? AND sha256 = ? AND until > ?"
        return next((str(url) for (url,) in self._read(sql, (shelf, picture, now))), None)

    def forget_uploads(self, urls: Iterable[str]) -> None:
        """These links are of no use any more."""
        self._write_many("DELETE FROM uploads WHERE url = ?", [(url,) for url in urls])

    # --- results and re-rolls ------------------------------------------------------------------------------------

    def record_result(self, key: StepKey, master: StoredMaster) -> None:
        """The result of a request that has no journal here: free, or known from a lock."""
        self._write(_PUT_RESULT, _result_row(key, master))

    def results(self) -> dict[StepKey, StoredMaster]:
        """The newest result of each request."""
        sql = "SELECT key, sha256, width, height, format, provider, task, usd, charged FROM results"
        return {
            key: StoredMaster(sha256, PixelSize(width, height), form, provider, task, _decimal(usd), _decimal(charged))
            for key, sha256, width, height, form, provider, task, usd, charged in self._read(sql)
        }

    def record_cutouts(self, cutouts: Mapping[StepKey, StoredCutout]) -> None:
        """What removing backgrounds and trimming came to, where that has no journal."""
        self._write_many(_PUT_CUTOUT, [_cutout_row(key, cutout) for key, cutout in cutouts.items()])

    def finished_cutout(self, key: StepKey, cutout: StoredCutout) -> None:
        """As `finished`, for a background that was removed by a service."""
        with self._transaction() as connection:
            connection.execute(_PUT_CUTOUT, _cutout_row(key, cutout))
            connection.execute("DELETE FROM submissions WHERE key = ?", (key,))

    def cutouts(self) -> dict[StepKey, StoredCutout]:
        """The newest result of each removal and trimming."""
        rows = self._read("SELECT key, sha256, width, height, remover, version FROM cutouts")
        return {
            key: StoredCutout(sha256, PixelSize(width, height), remover, version)
            for key, sha256, width, height, remover, version in rows
        }

    def record_take(self, base_key: StepKey, count: int) -> None:
        """There is a re-roll of this count. No effect unless it is the newest so far."""
        sql = """INSERT INTO takes VALUES (?, ?) ON CONFLICT (base_key)
                 DO UPDATE SET count = excluded.count WHERE excluded.count > count"""
        self._write(sql, (base_key, count))

    def ask_take(self, base_key: StepKey, count: int, lock: str, name: str) -> None:
        """An asset asks for a re-roll; to be called before it is sent. `lock` is as in `remember_entry`."""
        self.record_take(base_key, count)
        self._write("INSERT OR REPLACE INTO askers VALUES (?, ?, ?, ?)", (base_key, lock, name, count))

    def settle_take(self, base_key: StepKey, lock: str, name: str) -> None:
        """The asset has the picture that it asked for, or another that it rather takes."""
        self._write("DELETE FROM askers WHERE base_key = ? AND lock = ? AND name = ?", (base_key, lock, name))

    def settle_takes(self, lock: str, name: str) -> None:
        """A person put aside all that the asset asked for."""
        self._write("DELETE FROM askers WHERE lock = ? AND name = ?", (lock, name))

    def takes(self, lock: str) -> dict[StepKey, Take]:
        """The newest re-roll of each request, by its key without re-rolls, with those of a lock's assets that wait."""
        waiting: dict[StepKey, dict[str, int]] = {}
        for key, name, count in self._read("SELECT base_key, name, count FROM askers WHERE lock = ?", (lock,)):
            waiting.setdefault(key, {})[name] = count
        return {key: Take(count, waiting.get(key, {})) for key, count in self._read("SELECT * FROM takes")}

    # --- picks ---------------------------------------------------------------------------------------------------

    def remember_pick(self, lock: str, name: str, base_key: StepKey, picture: Digest) -> None:
        """Which variant of an asset is picked, for when it returns to this request. `lock` is as in `remember_entry`,
        `base_key` that of the first variant."""
        self._write("INSERT OR REPLACE INTO picks VALUES (?, ?, ?, ?)", (lock, name, base_key, picture))

    def picks(self, lock: str) -> dict[tuple[str, StepKey], Digest]:
        """What was picked for requests that assets of a lock have left, by asset and key without re-rolls."""
        rows = self._read("SELECT name, base_key, sha256 FROM picks WHERE lock = ?", (lock,))
        return {(name, key): sha256 for name, key, sha256 in rows}

    def rename_wishes(self, lock: str, was: str, name: str) -> None:
        """An asset has another name now: what it had picked and what it asks for come along."""
        self._write("UPDATE OR REPLACE picks SET name = ? WHERE lock = ? AND name = ?", (name, lock, was))
        self._write("UPDATE OR REPLACE askers SET name = ? WHERE lock = ? AND name = ?", (name, lock, was))

    # --- outputs -------------------------------------------------------------------------------------------------

    def writing(self, outputs: Mapping[OutputPath, WrittenOutput]) -> None:
        """These bytes are about to be put at these paths; to be called before the renames."""
        owned = [(path, output, output.owner) for path, output in outputs.items()]
        rows = [(path, o.sha256, o.export_key, by and by.lock, by and by.asset) for path, o, by in owned]
        self._write_many("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?)", rows)

    def written(self) -> dict[OutputPath, WrittenOutput]:
        """What we last put, or were about to put, at each path."""
        rows = self._read("SELECT path, sha256, export_key, lock, name FROM outputs")
        return {path: WrittenOutput(sha256, key, _owner(lock, name)) for path, sha256, key, lock, name in rows}

    def left_behind(self, paths: Iterable[OutputPath]) -> None:
        """The assets that these files were written for do not make them any more."""
        self._write_many("UPDATE outputs SET lock = NULL, name = NULL WHERE path = ?", [(path,) for path in paths])

    def forget_output(self, path: OutputPath) -> None:
        """The file at a path is no longer ours."""
        self._write("DELETE FROM outputs WHERE path = ?", (path,))

    def remember_adopted(self, outputs: Mapping[tuple[OutputPath, StepKey], LockedOutput]) -> None:
        """These outputs, which people put in place, give way to others: by path and key of their export."""
        rows = [(path, key, output.model_dump_json()) for (path, key), output in outputs.items()]
        self._write_many("INSERT OR REPLACE INTO adopted VALUES (?, ?, ?)", rows)

    def adopted_outputs(self) -> dict[tuple[OutputPath, StepKey], LockedOutput]:
        """The adopted outputs that gave way."""
        rows = self._read("SELECT path, export_key, output FROM adopted")
        with _undamaged("adopted output"):
            return {(path, key): LockedOutput.model_validate_json(text) for path, key, text in rows}

    # --- lock entries --------------------------------------------------------------------------------------------

    def remember_entry(self, lock: str, name: str, entry: Entry, base: Digest | None) -> None:
        """An asset's newest entry, until the lock file has it. `lock` is that file's path, relative to the root; `base`
        the digest of the entry that it holds now, None if it has none."""
        text = entry_json(entry)
        sql = "INSERT OR REPLACE INTO entries (lock, name, entry, digest, base) VALUES (?, ?, ?, ?, ?)"
        self._write(sql, (lock, name, text.decode(), digest_of(text), base))

    def flushed(self, lock: str, digests: Mapping[str, Digest]) -> None:
        """The lock file was written; `digests` are those of the entries that it now holds, by name. Those that are not
        our newest (somebody else's, merged in) change nothing: ours must not come back over them."""
        rows = [(lock, name, digest, digest) for name, digest in digests.items()]
        sql = "UPDATE entries SET base = digest WHERE lock = ? AND name = ? AND digest = ? AND base IS NOT ?"
        self._write_many(sql, rows)

    def forget_entry(self, lock: str, name: str) -> None:
        """An asset has no entry any more."""
        self._write("DELETE FROM entries WHERE lock = ? AND name = ?", (lock, name))

    def entries(self, lock: str) -> dict[str, Remembered]:
        """The newest entries that were made for a lock file, by asset name."""
        rows = self._read("SELECT name, entry, digest, base FROM entries WHERE lock = ?", (lock,))
        return {name: Remembered(entry, digest, base) for name, entry, digest, base in rows}

    def remember_replaced(self, lock: str, name: str, entry: Entry, *, own: bool) -> None:
        """What an entry has published gives way to another picture. `own` tells that it is the entry's own; of what is
        not, the entry knows less than one that was remembered before."""
        files = digest_of(canonical_json(dict(entry.published)))
        verb = "REPLACE" if own else "IGNORE"
        sql = f"INSERT OR {verb} INTO replaced (lock, name, files, entry, own) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
        self._write(sql, (lock, name, files, entry_json(entry).decode(), own))

    def replaced(self, lock: str, name: str) -> tuple[Replaced, ...]:
        """What was published of an asset before, newest first."""
        sql = "SELECT entry, own FROM replaced WHERE lock = ? AND name = ? ORDER BY id DESC"
        with _undamaged("lock entry"):
            rows = self._read(sql, (lock, name))
            return tuple(Replaced(Entry.model_validate_json(text), bool(own)) for text, own in rows)

    def rename_replaced(self, lock: str, was: str, name: str) -> None:
        """An asset has another name now."""
        self._write("UPDATE OR REPLACE replaced SET name = ? WHERE lock = ? AND name = ?", (name, lock, was))

    # --- the stat cache ------------------------------------------------------------------------------------------

    def remember_files(self, stats: Mapping[OutputPath, FileStat]) -> None:
        """What was found out by hashing files, so that it need not be done again."""
        rows = [(path, *stat) for path, stat in stats.items()]
        self._write_many("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def file_stats(self) -> dict[OutputPath, FileStat]:
        """Everything in the stat cache."""
        sql = "SELECT path, mtime_ns, ctime_ns, size, inode, sha256, recorded_ns, pointer FROM files"
        return {row[0]: FileStat._make((*row[1:7], bool(row[7]))) for row in self._read(sql)}

    def examine(self) -> None:
        """Have SQLite look through the whole file. Raises StateError for whatever is wrong in it."""
        examine(self._connection, self._path)

    # --- SQLite --------------------------------------------------------------------------------------------------

    def _read(self, sql: str, values: _Row = ()) -> list[_Row]:
        with translated(self._path):
            return self._connection.execute(sql, values).fetchall()

    def _write(self, sql: str, values: _Row) -> int:
        """One statement, one transaction; returns how many rows it changed."""
        with translated(self._path):
            return self._connection.execute(sql, values).rowcount

    def _write_one(self, sql: str, values: _Row) -> None:
        if self._write(sql, values) != 1:
            raise RuntimeError(f"the journal has no such submission: {sql} {values}")

    def _write_many(self, sql: str, rows: list[_Row]) -> None:
        if rows:
            with self._transaction() as connection:
                connection.executemany(sql, rows)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with translated(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


_PUT_RESULT = "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _result_row(key: StepKey, master: StoredMaster) -> _Row:
    size = (master.size.width, master.size.height)
    prices = (_text(master.usd), _text(master.charged))
    return (key, master.sha256, *size, master.format, master.provider, master.task, *prices)


_PUT_CUTOUT = "INSERT OR REPLACE INTO cutouts VALUES (?, ?, ?, ?, ?, ?)"


def _cutout_row(key: StepKey, cutout: StoredCutout) -> _Row:
    return (key, cutout.sha256, cutout.size.width, cutout.size.height, cutout.remover, cutout.version)


@contextmanager
def _undamaged(what: str) -> Iterator[None]:
    """Turn what is no such document into a StateError."""
    try:
        yield
    except ValueError as error:
        hint = "bring .assetgen/ back from a backup"
        raise StateError(f"the state database holds a damaged {what}: {error}", hint=hint) from None


def _owner(lock: str | None, name: str | None) -> Owner | None:
    return None if lock is None or name is None else Owner(lock, name)


def _text(usd: Decimal | None) -> str | None:
    return None if usd is None else str(usd)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
