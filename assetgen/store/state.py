"""What is remembered between builds, each kind in a room of its own: the state database of one project.

Every method of the rooms that changes something is one transaction, and on the disk when it returns (WAL,
`synchronous=FULL`): after a crash, a kill or a power cut the next build finds all that was said, and nothing else. A
commit costs one fsync; measured on a virtual SSD, 2,000 to 5,000 of them fit in a second.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Self

from assetgen.store.database import open_database, read_database
from assetgen.store.entries import Entries
from assetgen.store.journal import Journal
from assetgen.store.outputs import Outputs
from assetgen.store.references import Fetched, Uploads
from assetgen.store.refusals import Refusals
from assetgen.store.reserve import Reserve
from assetgen.store.results import Results
from assetgen.store.session import Session
from assetgen.store.stats import FileStats
from assetgen.store.wishes import Wishes


class State:
    """The state database, open; it belongs to the thread that opened it. `writable` tells it from a copy that was
    opened for reading."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, writable: bool) -> None:
        self.writable = writable
        self._session = session = Session(path, connection)
        self._reserve = Reserve(path.with_name(f"{path.name}-reserve"))
        self.journal = Journal(session, self._reserve)
        self.results = Results(session)
        self.refusals = Refusals(session)
        self.wishes = Wishes(session)
        self.outputs = Outputs(session)
        self.entries = Entries(session)
        self.stats = FileStats(session)
        self.fetched = Fetched(session)
        self.uploads = Uploads(session)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open for reading and writing, created if missing. Only for whoever holds the project. Raises StateError."""
        state = cls(path, open_database(path), writable=True)
        try:
            if state.journal.take_notes_over():
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
        state.journal.take_notes_over()
        connection.execute("PRAGMA query_only = 1")
        return state

    def close(self) -> None:
        """Give the database back, its log folded into it. Raises StateError."""
        self._session.close()

    def examine(self) -> None:
        """Have SQLite look through the whole file. Raises StateError for whatever is wrong in it."""
        self._session.examine()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
