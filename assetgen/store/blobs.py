"""Bytes by their SHA-256: `blobs/ab/cdef...` in the store. Knows nothing of pictures, keys or assets.

A blob is put in place whole and never changed; what is read is hashed again first, so that a damaged file is never
taken for the picture that somebody paid for.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assetgen import atomic
from assetgen.digest import Digest, digest_of, digest_of_file
from assetgen.errors import BlockedError, StateError
from assetgen.store.folder import store_folder

_REST = re.compile(r"[0-9a-f]{62}")
"""A digest without the two digits that name its folder."""

_ASIDE = ".corrupt"


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies in the store, by name only: how many blobs and bytes, damaged files that were put aside, and how many
    downloads were never finished."""

    blobs: int
    size: int
    damaged: tuple[Path, ...]
    unfinished: int


class MissingBlobError(BlockedError):
    """Bytes that are needed are not in the store. `damaged` is where a file that no longer had them was put aside.

    Whoever asked may still get them elsewhere (by task id, or by drawing a draft again).
    """

    def __init__(self, digest: Digest, damaged: Path | None = None) -> None:
        about = f"; its file was damaged and is kept as {damaged}" if damaged else ""
        super().__init__(
            f"the picture {digest[:12]} is not in the store{about}",
            hint="restore .assetgen/ from whoever built it, or undo the change that needs it",
        )
        self.digest = digest
        self.damaged = damaged


class Blobs:
    """The blobs of a project. Creates nothing before something is put."""

    def __init__(self, root: Path) -> None:
        self._blobs = store_folder(root) / "blobs"
        self._incoming = store_folder(root) / "incoming"

    def path(self, digest: Digest) -> Path:
        """Where a blob lies, or would. Read it through `verified`."""
        return self._blobs / digest[:2] / digest[2:]

    def has(self, digest: Digest) -> bool:
        """Whether there is a file for it; its bytes are not looked at. Raises StateError when that cannot be told."""
        return _is_file(os.fspath(self.path(digest)))

    def present(self, digests: Iterable[Digest]) -> frozenset[Digest]:
        """Those of `digests` that there are files for. Raises StateError when that cannot be told."""
        folder = os.fspath(self._blobs)
        return frozenset(digest for digest in set(digests) if _is_file(f"{folder}/{digest[:2]}/{digest[2:]}"))

    def survey(self) -> Survey:
        """Count what is there, without reading it. Raises StateError when that cannot be told."""
        try:
            files = list(_files(self._blobs))
            sizes = [path.stat().st_size for path in files if _REST.fullmatch(path.name)]
            damaged = tuple(sorted(path for path in files if path.name.endswith(_ASIDE)))
            unfinished = sum(1 for _ in _files(self._incoming))
        except OSError as error:
            raise _unreadable(self._blobs, error, "folder") from error
        return Survey(len(sizes), sum(sizes), damaged, unfinished)

    def incoming(self, name: str) -> Path:
        """Where to download to before the digest is known, on the blobs' own disk; `name` is a plain file name.

        What an earlier attempt left there is removed. Raises WriteError.
        """
        path = self._incoming / name
        atomic.make_folder(self._incoming)
        with atomic.translated(path):
            path.unlink(missing_ok=True)
        return path

    def put_bytes(self, data: bytes) -> Digest:
        """Keep some bytes. Raises WriteError."""
        digest = digest_of(data)
        atomic.write_bytes(self.path(digest), data)
        return digest

    def put_file(self, temporary: Path) -> Digest:
        """Keep a finished file from `incoming`, which is gone afterwards. Durable on return. Raises WriteError.

        A blob that is there already is replaced by its equal, which also heals a damaged one.
        """
        with atomic.translated(temporary):
            digest = digest_of_file(temporary)
        atomic.replace(temporary, self.path(digest))
        return digest

    def verified(self, digest: Digest) -> Path:
        """The file with exactly these bytes, hashed just now.

        Raises MissingBlobError when there is none, also for a damaged one, which is put aside as `*.corrupt`, and
        StateError when it cannot be read at all.
        """
        path = self.path(digest)
        try:
            found = digest_of_file(path)
        except FileNotFoundError:
            raise MissingBlobError(digest) from None
        except OSError as error:
            raise _unreadable(path, error) from error
        if found != digest:
            raise MissingBlobError(digest, _put_aside(path))
        return path


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - thousands of them: strings are several times faster
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _unreadable(Path(path), error) from error


def _files(folder: Path) -> Iterator[Path]:
    """Every file below `folder`, which need not be there. Raises OSError for what cannot be looked into."""

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    for here, _, names in os.walk(folder, onerror=refuse):
        yield from (Path(here, name) for name in names)


def _unreadable(path: Path, error: OSError, what: str = "picture") -> StateError:
    return StateError(
        f"cannot read the {what} {path}: {error.strerror or error}",
        hint="check the permissions of .assetgen/ and the disk; nothing was changed",
    )


def _put_aside(path: Path) -> Path:
    aside = path.with_name(path.name + _ASIDE)
    with atomic.translated(path):
        path.replace(aside)
    return aside
