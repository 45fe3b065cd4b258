"""The files that a served page links to: which they are, and what kind of picture each is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from assetgen.digest import Digest, digest_of
from assetgen.errors import PictureError
from assetgen.imaging.signature import recognised, recognised_video
from assetgen.store.folder import store_folder


class Shelf:
    """The files that pages link to, under names that tell nothing, and change with their bytes."""

    def __init__(self, root: Path) -> None:
        self._homes = (root.resolve(), store_folder(root).resolve())
        self._files: dict[str, Path] = {}

    def link(self, file: Path, digest: Digest) -> str:
        name = digest_of(f"{file}\0{digest}".encode())[:24]
        self._files[name] = file
        return f"files/{name}/{quote(file.name)}"

    def find(self, name: str) -> Path | None:
        """The file of that name, if it really lies in the project or in its store."""
        file = self._files.get(name)
        lies = file.resolve() if file is not None else None
        return file if lies and any(lies.is_relative_to(home) for home in self._homes) else None


def media_type(file: Path) -> str:
    """The media type of a file, from its bytes: of a picture, a video, an icon, or else of plain text, which runs
    nothing, whatever it says. Raises OSError."""
    with file.open("rb") as opened:
        for kind, recognise in (("image", recognised), ("video", recognised_video)):
            with suppress(PictureError):
                return f"{kind}/{recognise(opened, file.name)}"
        head = opened.read(512)
    return "image/x-icon" if head.startswith(_ICO) else "application/octet-stream" if b"\0" in head else _TEXT


_ICO = b"\0\0\1\0"
_TEXT = "text/plain; charset=utf-8"
