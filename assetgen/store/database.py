"""Opening `state.sqlite`: its schema and version, reading it without a trace, and its errors in plain words.

Knows nothing of what the tables mean; `state` does.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from assetgen import atomic
from assetgen.errors import StateError, WriteError

SCHEMA_VERSION = 2
_APPLICATION = 0x61736765
"""Marks a SQLite file as ours (`PRAGMA application_id`): the letters `asge`."""

_BUSY_SECONDS = 5.0
_SNAPSHOT_ATTEMPTS = 50
_WAL_HEADER = 32  # bytes; hold the salts that change when the log starts over: https://sqlite.org/fileformat2.html

_SCHEMA = f"""
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {SCHEMA_VERSION};

CREATE TABLE results (             -- the master that each paid or free request came to
  key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, format TEXT NOT NULL,
  provider TEXT NOT NULL, task TEXT, usd TEXT, charged TEXT
) WITHOUT ROWID;

CREATE TABLE submissions (         -- the journal: one row for each time that something was sent and is not finished
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, provider TEXT NOT NULL, request TEXT NOT NULL, usd TEXT,
  state TEXT NOT NULL CHECK (state IN ('sending', 'ambiguous', 'accepted')), task TEXT, urls TEXT,
  gone INTEGER NOT NULL DEFAULT 0, -- the service was asked for the task and did not know it
  CHECK ((state = 'accepted') = (task IS NOT NULL))
);
CREATE UNIQUE INDEX one_alive ON submissions (key) WHERE state IN ('sending', 'accepted');

CREATE TABLE takes (               -- the newest re-roll of each request
  base_key TEXT PRIMARY KEY, count INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE askers (              -- the assets that asked for a re-roll and do not have its picture yet
  base_key TEXT NOT NULL, lock TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (base_key, lock, name)
) WITHOUT ROWID;

CREATE TABLE outputs (             -- what we last put, or were about to put, at a path, and for which asset
  path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, export_key TEXT NOT NULL, lock TEXT, name TEXT
) WITHOUT ROWID;

CREATE TABLE adopted (             -- outputs that people put in place and that gave way to others
  path TEXT NOT NULL, export_key TEXT NOT NULL, output TEXT NOT NULL, PRIMARY KEY (path, export_key)
) WITHOUT ROWID;

CREATE TABLE entries (             -- the newest lock entry of each asset, and the digest of the one in the lock file
  lock TEXT NOT NULL, name TEXT NOT NULL, entry TEXT NOT NULL, digest TEXT NOT NULL, base TEXT,
  PRIMARY KEY (lock, name)
);

CREATE TABLE files (               -- the stat cache
  path TEXT PRIMARY KEY, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, size INTEGER NOT NULL,
  inode INTEGER NOT NULL, sha256 TEXT NOT NULL, recorded_ns INTEGER NOT NULL, pointer INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""

_ADDITIONS = """
CREATE TABLE IF NOT EXISTS fetched (  -- pictures from the web, for assets that have no picture made with them yet
  lock TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (lock, name, source)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cutouts (  -- what removing a background, or trimming, came to
  key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, remover TEXT NOT NULL,
  version TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replaced ( -- what was published of each asset before, oldest first: by a digest of its files
  id INTEGER PRIMARY KEY, lock TEXT NOT NULL, name TEXT NOT NULL, files TEXT NOT NULL, entry TEXT NOT NULL,
  own INTEGER NOT NULL,              -- whether they are of the picture that the entry is about
  UNIQUE (lock, name, files)
);
CREATE TABLE IF NOT EXISTS uploads (  -- where a service can see pictures of ours, until a time in seconds since 1970
  shelf TEXT NOT NULL, sha256 TEXT NOT NULL, url TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (shelf, sha256)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS picks (    -- the picture that was picked of an asset's variants when their request was left
  lock TEXT NOT NULL, name TEXT NOT NULL, base_key TEXT NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (lock, name, base_key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refusals ( -- requests that a safety system refused, how often, and its last words
  key TEXT PRIMARY KEY, count INTEGER NOT NULL, words TEXT NOT NULL, task TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS superseded ( -- what we put at each path before what we last put there
  path TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (path, sha256)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed (   -- for which asset each order was placed that may not be finished yet
  lock TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (lock, name, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS looks (    -- a digest of what a cutout shows, by that of its bytes
  sha256 TEXT PRIMARY KEY, pixels TEXT NOT NULL
) WITHOUT ROWID;
"""
"""What databases of this version may lack: made as soon as one is opened. Leaves older readers undisturbed.

Columns of a primary key stand in its order: SQLite's own check-up takes other tables WITHOUT ROWID for damaged."""


def open_database(path: Path) -> sqlite3.Connection:
    """A connection to the database at `path`, created if there is none. Every commit is on the disk when it returns.

    Only for whoever holds the project. Raises StateError.
    """
    if not _stands(path):
        _create(path)
    with translated(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
        )
        with _closed_on_error(connection):
            _check(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_ADDITIONS)
    return connection


def read_database(path: Path) -> sqlite3.Connection | None:
    """A private copy, in memory, of what is committed in the database at `path`; None when there is none.

    Opening a WAL database creates or changes files beside it even for reading, and fails on a read-only disk. So one
    without a log is read as immutable, and one with a log (a build is running, or was killed) is copied together with
    it to the system's temporary folder and opened there. What happens meanwhile is noticed, and the copy made again.
    Raises StateError.
    """
    if not _stands(path):
        return None
    for _ in range(_SNAPSHOT_ATTEMPTS):
        before = _stamp(path)
        try:
            copy = _copied(path) if before[1] else _copied_immutable(path)
        except StateError:
            if before == _stamp(path):
                raise
            continue
        if before == _stamp(path):
            with translated(path), _closed_on_error(copy):
                _check(copy, path)
                copy.executescript(_ADDITIONS)
                copy.execute("PRAGMA query_only = 1")
            return copy
        copy.close()
    raise StateError(
        f"{path} is changing too quickly to be read", hint="try again when the build that writes it is done"
    )


def examine(connection: sqlite3.Connection, path: Path) -> None:
    """Look through the whole database, not only through what is read. Raises StateError for damage."""
    with translated(path):
        found = [str(words) for (words,) in connection.execute("PRAGMA quick_check(1)")]
    if found != ["ok"]:
        words = " ".join(found[0].split())
        raise StateError(f"the state database {path} cannot be used: it is damaged ({words})", hint=_RESTORE)


def _stands(path: Path) -> bool:
    """Whether there is a database. A log without its database is lost state, not a fresh start."""
    with _translated_os(path):
        try:
            if stat.S_ISREG(path.stat().st_mode):
                return True
        except FileNotFoundError:
            if not path.is_symlink() and not _log(path).exists():
                return False
    if _log(path).exists():
        raise StateError(
            f"{path} is gone, and what was written to it last is still in {_log(path).name}",
            hint=f"put the database back beside its log; to give both up, delete {_log(path)}",
        )
    raise StateError(
        f"{path} is not a file", hint="move away what stands there, or bring .assetgen/ back from a backup"
    )


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _create(path: Path) -> None:
    """Put a complete, empty database in place at once: a half-made or an empty file is never one of ours."""
    temporary = atomic.temporary_beside(path)
    try:
        atomic.make_folder(path.parent)
        with atomic.translated(path):
            temporary.touch()
        with translated(path), contextlib.closing(sqlite3.connect(temporary)) as connection:
            connection.executescript(_SCHEMA + _ADDITIONS)
        atomic.replace(temporary, path)
    except WriteError as error:
        raise StateError(error.message, hint=error.hint) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != _APPLICATION:
        raise StateError(f"{path} is empty or not a state database of assetgen", hint=_RESTORE)
    if version < SCHEMA_VERSION:
        raise StateError(
            f"{path} was written by an assetgen from before the first release, which kept it in another way",
            hint="collect what is on order with that one, then move the file away: the lock keeps what is finished",
        )
    if version > SCHEMA_VERSION:
        raise StateError(
            f"{path} was written by a newer assetgen (state version {version}; this one knows {SCHEMA_VERSION})",
            hint="upgrade assetgen",
        )
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _stamp(path: Path) -> tuple[tuple[int, int, int], bytes]:
    """What changes when a snapshot may be torn: the database file itself (only checkpoints write to it), and the
    header of its log. A log that merely grows tears nothing: what is incomplete at its end is not committed yet."""
    with _translated_os(path):
        found = path.stat()
        try:
            with _log(path).open("rb") as log:
                header = log.read(_WAL_HEADER)
        except FileNotFoundError:
            header = b""
    return (found.st_mtime_ns, found.st_size, found.st_ino), header


def _copied_immutable(path: Path) -> sqlite3.Connection:
    with translated(path):
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        with contextlib.closing(source):
            return _in_memory(source)


def _copied(path: Path) -> sqlite3.Connection:
    with _translated_os(path), tempfile.TemporaryDirectory(prefix="assetgen-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(_log(path), _log(copy))
        with translated(path), contextlib.closing(sqlite3.connect(copy)) as source:
            return _in_memory(source)


def _in_memory(source: sqlite3.Connection) -> sqlite3.Connection:
    memory = sqlite3.connect(":memory:", isolation_level=None)
    with _closed_on_error(memory):
        source.backup(memory)
    return memory


@contextlib.contextmanager
def _closed_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


# --- errors --------------------------------------------------------------------------------------------------------

_RESTORE = (
    "bring .assetgen/ back from a backup; to go on without it, look at the service's log page for tasks that still "
    "run, then move the file away: the lock keeps what is finished"
)
_MEANINGS = {
    sqlite3.SQLITE_CORRUPT: ("it is damaged", _RESTORE),
    sqlite3.SQLITE_NOTADB: ("it is damaged, or not a database", _RESTORE),
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space, then run the same command: it goes on from here"),
    sqlite3.SQLITE_READONLY: ("it is read-only", "work in a writable copy, or make .assetgen/ writable"),
    sqlite3.SQLITE_PERM: ("permission denied", "check the permissions of .assetgen/"),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "check what stands there, and the permissions of .assetgen/"),
    sqlite3.SQLITE_BUSY: ("another program is using it", "wait for it to end, then run the same command"),
    sqlite3.SQLITE_LOCKED: ("another program is using it", "wait for it to end, then run the same command"),
    sqlite3.SQLITE_IOERR: ("the disk reports an error", "check the disk and its free space, then run the same command"),
    sqlite3.SQLITE_CONSTRAINT: (
        "it already holds what must not be there twice",
        "nothing was sent; run the same command again, and report this if it happens again",
    ),
}


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says inside the block into a StateError. Wrong use of it by us stays a bug."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        what, hint = _MEANINGS.get(code, (str(error), _RESTORE))
        raise StateError(f"the state database {path} cannot be used: {what}", hint=hint) from error


@contextlib.contextmanager
def _translated_os(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StateError(
            f"the state database {path} cannot be read: {error.strerror or error}",
            hint="check the permissions of .assetgen/",
        ) from error
