"""Lock entries that the lock file may not have yet, and those of pictures that were published before.

`lock` is everywhere the path of the lock file, relative to the root.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assetgen.digest import Digest, canonical_json, digest_of
from assetgen.lock.entry import Entry
from assetgen.lock.writing import entry_json
from assetgen.store.session import Session, undamaged


@dataclass(frozen=True, slots=True)
class Remembered:
    """The newest entry that we made for an asset. `digest` is its own, `base` that of the entry which the lock file
    held when we last looked or wrote: None if it had none, equal to `digest` once ours is in the file."""

    text: str
    digest: Digest
    base: Digest | None

    def entry(self) -> Entry:
        """The entry itself. Raises StateError when its text is damaged."""
        with undamaged("lock entry"):
            return Entry.model_validate_json(self.text)


@dataclass(frozen=True, slots=True)
class Replaced:
    """Files that were published and gave way to those of another picture: `entry.published`. `own` tells that they are
    of the picture that the entry is about."""

    entry: Entry
    own: bool


class Entries:
    """The newest entry of each asset, and what its earlier ones had published."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def remember(self, lock: str, name: str, entry: Entry, base: Digest | None) -> None:
        """An asset's newest entry, until the lock file has it. `base` is the digest of the entry that it
        holds now, None if it has none."""
        text = entry_json(entry)
        sql = "INSERT OR REPLACE INTO entries (lock, name, entry, digest, base) VALUES (?, ?, ?, ?, ?)"
        self._session.write(sql, (lock, name, text.decode(), digest_of(text), base))

    def unflushed(self, lock: str) -> frozenset[str]:
        """The assets whose newest entry is not known to be in the lock file: the only ones that `flushed` is about."""
        rows = self._session.read("SELECT name FROM entries WHERE lock = ? AND base IS NOT digest", (lock,))
        return frozenset(name for (name,) in rows)

    def flushed(self, lock: str, digests: Mapping[str, Digest]) -> None:
        """The lock file was written; `digests` are those of the entries that it now holds, by name. Those that are not
        our newest (somebody else's, merged in) change nothing: ours must not come back over them."""
        rows = [(lock, name, digest, digest) for name, digest in digests.items()]
        sql = "UPDATE entries SET base = digest WHERE lock = ? AND name = ? AND digest = ? AND base IS NOT ?"
        self._session.write_many(sql, rows)

    def forget(self, lock: str, name: str) -> None:
        """An asset has no entry any more."""
        self._session.write("DELETE FROM entries WHERE lock = ? AND name = ?", (lock, name))

    def of(self, lock: str) -> dict[str, Remembered]:
        """The newest entries that were made for a lock file, by asset name."""
        rows = self._session.read("SELECT name, entry, digest, base FROM entries WHERE lock = ?", (lock,))
        return {name: Remembered(entry, digest, base) for name, entry, digest, base in rows}

    def remember_replaced(self, lock: str, name: str, entry: Entry, *, own: bool) -> None:
        """What an entry has published gives way to another picture. `own` tells that it is the entry's own; of what is
        not, the entry knows less than one that was remembered before."""
        files = digest_of(canonical_json(dict(entry.published)))
        verb = "REPLACE" if own else "IGNORE"
        sql = f"INSERT OR {verb} INTO replaced (lock, name, files, entry, own) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
        self._session.write(sql, (lock, name, files, entry_json(entry).decode(), own))

    def replaced(self, lock: str, name: str) -> tuple[Replaced, ...]:
        """What was published of an asset before, newest first."""
        sql = "SELECT entry, own FROM replaced WHERE lock = ? AND name = ? ORDER BY id DESC"
        with undamaged("lock entry"):
            rows = self._session.read(sql, (lock, name))
            return tuple(Replaced(Entry.model_validate_json(text), bool(own)) for text, own in rows)

    def rename_replaced(self, lock: str, was: str, name: str) -> None:
        """An asset has another name now."""
        self._session.write("UPDATE OR REPLACE replaced SET name = ? WHERE lock = ? AND name = ?", (name, lock, was))
