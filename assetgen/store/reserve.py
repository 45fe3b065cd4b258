"""Room on the disk that was taken while there was some: for the few words that must not be lost when it is full.

A file of fixed size beside the state database. Notes overwrite it in place, which needs no further room on the usual
file systems (those that copy on write may still refuse). Knows nothing of what is noted.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from assetgen import atomic
from assetgen.errors import StateError, WriteError

SIZE = 1 << 16
"""Bytes: some hundred notes."""

_BLANK = b" "


class Reserve:
    """The notes at `path`. Only whoever holds the project may change them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at: int | None = None

    def take(self) -> None:
        """Take the room, unless it was taken before. Raises StateError when there is none."""
        if self._at is None:
            if not self._path.exists() or self._path.stat().st_size != SIZE:
                self.clear()
            self._at = 0

    def note(self, *words: str) -> None:
        """Write some words down; on the disk when it returns. Raises StateError when that is not possible."""
        line = json.dumps(words).encode() + b"\n"
        if self._at is None or self._at + len(line) > SIZE:
            raise StateError(f"there is no room left in {self._path}", hint="free some space on the disk")
        with _told(self._path), self._path.open("r+b", buffering=0) as file:
            file.seek(self._at)
            file.write(line)
            os.fsync(file.fileno())
        self._at += len(line)

    def notes(self) -> Iterator[list[str]]:
        """What was noted since it was last cleared, as far as it was written to its end."""
        try:
            with _told(self._path):
                text = self._path.read_bytes()
        except FileNotFoundError:
            return
        for line in text.splitlines():
            with contextlib.suppress(ValueError):
                yield json.loads(line)

    def clear(self) -> None:
        """Forget all notes. Raises StateError."""
        try:
            atomic.write_bytes(self._path, _BLANK * SIZE)
        except WriteError as error:
            raise StateError(error.message, hint=error.hint) from error


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        failure = atomic.explained(error, path)
        raise StateError(failure.message, hint=failure.hint) from error
