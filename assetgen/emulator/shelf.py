"""The service's upload side: files put there for models to load, kept for a day. Time comes in as a clock.

Strict as the service: https://docs.kie.ai/file-upload-api. Knows neither HTTP nor faults.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from assetgen.digest import Json, digest_of
from assetgen.emulator.rules import Refusal

_ERA = 1_790_000_000
_KINDS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", "png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", "jpg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp", "webp"),
)
_UNKNOWN = ("application/octet-stream", "bin")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on the shelf. `path` names it there; `media_type` is what its bytes are."""

    path: str
    data: bytes
    media_type: str
    put: float


class Shelf:
    """Takes files in, and hands them out for `lifetime` seconds."""

    def __init__(self, lifetime: float, clock: Callable[[], float]) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._uploads: dict[str, Upload] = {}

    def put(self, folder: str | None, name: str | None, data: bytes | None) -> Upload | Refusal:
        """Take a file, or say why not. One of the same name is overwritten."""
        if not folder:
            return Refusal(400, "Missing required parameter: uploadPath")
        if folder.startswith("/") or folder.endswith("/") or ".." in folder:
            return Refusal(400, "Invalid uploadPath")
        if not data:
            return Refusal(400, "Missing required parameter: file")
        media_type, extension = _kind(data)
        path = f"{folder}/{name or f'{digest_of(data)[:16]}.{extension}'}"
        self._uploads[path] = Upload(path, data, media_type, self._clock())
        return self._uploads[path]

    def get(self, path: str) -> Upload | None:
        """A file that is still kept."""
        upload = self._uploads.get(path)
        return upload if upload and self._clock() - upload.put < self._lifetime else None

    def record(self, upload: Upload, link: str) -> dict[str, Json]:
        """The `data` of an upload's answer."""
        return {
            "fileName": upload.path.rpartition("/")[2],
            "filePath": upload.path,
            "downloadUrl": link,
            "fileSize": len(upload.data),
            "mimeType": upload.media_type,
            "uploadedAt": datetime.fromtimestamp(_ERA + upload.put, UTC).isoformat(timespec="milliseconds"),
        }


def _kind(data: bytes) -> tuple[str, str]:
    return next(((media_type, extension) for start, media_type, extension in _KINDS if start.match(data)), _UNKNOWN)
