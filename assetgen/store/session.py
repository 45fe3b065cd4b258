"""One open connection to the state database, for those who know its tables: statements in, rows out.

Every write is one transaction, and on the disk when its method returns. Knows no table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from assetgen.errors import StateError
from assetgen.store.database import examine, translated

Row: TypeAlias = tuple[Any, ...]


class Session:
    """A connection whose errors are ours: every method raises StateError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    def close(self) -> None:
        """Give the database back, its log folded into it."""
        with translated(self._path):
            self._connection.close()

    def examine(self) -> None:
        """Have SQLite look through the whole file."""
        examine(self._connection, self._path)

    def read(self, sql: str, values: Row = ()) -> list[Row]:
        """The rows that a statement finds."""
        with translated(self._path):
            return self._connection.execute(sql, values).fetchall()

    def write(self, sql: str, values: Row) -> int:
        """One statement, one transaction; returns how many rows it changed."""
        with translated(self._path):
            return self._connection.execute(sql, values).rowcount

    def write_many(self, sql: str, rows: list[Row]) -> None:
        """One statement for every row, in one transaction; none at all for no row."""
        if rows:
            with self.transaction() as connection:
                connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is done inside, or nothing."""
        with translated(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@contextmanager
def undamaged(what: str) -> Iterator[None]:
    """Turn what is no such document into a StateError."""
    try:
        yield
    except ValueError as error:
        hint = "bring .assetgen/ back from a backup"
        raise StateError(f"the state database holds a damaged {what}: {error}", hint=hint) from None


def usd_text(usd: Decimal | None) -> str | None:
    """US dollars as the database holds them: SQLite has no decimals."""
    return None if usd is None else str(usd)


def usd_of(text: str | None) -> Decimal | None:
    """The way back from `usd_text`."""
    return None if text is None else Decimal(text)
