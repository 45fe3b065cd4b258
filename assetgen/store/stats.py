"""The stat cache: which bytes a file had when it was last hashed. Knows no file itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from assetgen.digest import Digest
from assetgen.manifest.recipe import OutputPath
from assetgen.store.session import Session


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


class FileStats:
    """Hashed files, by path."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def remember(self, stats: Mapping[OutputPath, FileStat]) -> None:
        """What was found out by hashing files, so that it need not be done again."""
        rows = [(path, *stat) for path, stat in stats.items()]
        self._session.write_many("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def known(self) -> dict[OutputPath, FileStat]:
        """Everything in the stat cache."""
        sql = "SELECT path, mtime_ns, ctime_ns, size, inode, sha256, recorded_ns, pointer FROM files"
        return {row[0]: FileStat._make((*row[1:7], bool(row[7]))) for row in self._session.read(sql)}
