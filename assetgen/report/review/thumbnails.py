"""Thumbnails of pictures, each made once: kept under the picture's digest, in a folder that may go at any time."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from assetgen import atomic
from assetgen.digest import Digest
from assetgen.errors import PictureError, WriteError
from assetgen.imaging.thumbnail import thumbnail

VERSION = 1
"""Raised when thumbnails come out differently, so that no old one is taken."""


class Thumbnails:
    """The thumbnails in `folder`, which need not exist. May be used from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / str(VERSION)

    def of(self, digest: Digest, file: Path) -> bytes | None:
        """The thumbnail of the picture with this digest, which lies at `file`; None when it cannot be read."""
        kept = self._folder / f"{digest}.webp"
        with suppress(OSError):
            return kept.read_bytes()
        try:
            made = thumbnail(file)
        except PictureError:
            return None
        with suppress(WriteError):  # a read-only store: it is made again the next time
            atomic.write_bytes(kept, made)
        return made
