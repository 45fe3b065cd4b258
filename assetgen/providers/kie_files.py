"""KIE's file upload: a picture of ours put where its models can load it. https://docs.kie.ai/file-upload-api

The service takes input pictures only as public links. Uploads are free and may be repeated: a file is named by its
digest, so that nothing else is ever overwritten, or served from a cache in its place. Always by the streaming endpoint,
which takes any size; those for base64 and for links have limits, and a link might show the service other bytes than us.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from assetgen.providers.base import (
    PictureFile,
    ProviderError,
    RefusedError,
    StopSubmittingError,
    UnavailableError,
    Uploaded,
)
from assetgen.providers.http import Answer, Client
from assetgen.providers.kie_answers import Envelope, read_envelope, refused_key

ENDPOINT = "/api/file-stream-upload"
FOLDER = "assetgen"
LIFETIME = 20 * 3600.0
"""Seconds that an upload is relied on. The service keeps it for 24 hours; a task may wait in its queue before it looks,
hence the rest as a margin."""

_MARGIN = 3600.0
"""Seconds kept free before the end that an answer itself names."""

_EXTENSIONS = {"png": "png", "jpeg": "jpg", "webp": "webp"}
_UNWANTED = frozenset({400, 413, 415, 422})


class KieFiles:
    """The upload service at `address`, which holds no trailing slash. `shelf` is where its links are good."""

    def __init__(self, client: Client, address: str, authorization: Mapping[str, str]) -> None:
        self.shelf = address
        self._client = client
        self._authorization = authorization

    async def upload(self, picture: PictureFile) -> Uploaded:
        """Put a picture there. Raises what `Uploader.upload` may raise."""
        extension = _EXTENSIONS.get(picture.format)
        if extension is None:
            raise RefusedError(f"KIE takes no {picture.format.upper()} pictures.", hint="Save it as PNG, JPEG or WebP.")
        answer = await self._client.send_file(
            self.shelf + ENDPOINT,
            picture.file,
            f"{picture.sha256}.{extension}",
            f"image/{picture.format}",
            headers=self._authorization,
            fields={"uploadPath": FOLDER, "fileName": f"{picture.sha256}.{extension}"},
        )
        return uploaded(answer, picture.file.stat().st_size)


def uploaded(answer: Answer, size: int) -> Uploaded:
    """The link that an upload's answer holds, for a file of `size` bytes. Pages of the documentation disagree on its
    name. Raises what `Uploader.upload` may raise."""
    envelope = read_envelope(answer)
    data = envelope.data if envelope and isinstance(envelope.data, dict) else {}
    link = data.get("downloadUrl") or data.get("fileUrl")
    if answer.status != 200 or envelope is None or envelope.code != 200 or not _is_link(link):
        raise _refusal(answer, envelope)
    if data.get("fileSize", size) != size:
        raise UnavailableError("KIE received a picture incompletely.", hint="Uploads cost nothing.")
    return Uploaded(str(link), _lifetime(data.get("expiresAt"), answer.date))


def _refusal(answer: Answer, envelope: Envelope | None) -> ProviderError:
    code = answer.status if envelope is None or envelope.code == 200 else envelope.code
    words = envelope.words if envelope and envelope.words else answer.excerpt
    key_trouble = refused_key(answer, code, words)
    if key_trouble is not None:
        return key_trouble
    message = f"({code}: {words})."
    if code in (404, 405):
        return RefusedError(f"There is no upload service {message}", hint="Check KIE_AI_UPLOAD_URL.")
    if code in _UNWANTED:
        return RefusedError(f"KIE refuses the upload of a picture {message}", hint="Nothing was ordered or charged.")
    if code == 402:
        return StopSubmittingError(f"KIE refuses uploads {message}", hint="Top up at https://kie.ai/billing.")
    hint = "Nothing was ordered or charged; try again later."
    return UnavailableError(f"KIE did not take a picture {message}", hint=hint, retry_after=answer.retry_after)


def _is_link(value: object) -> bool:
    return isinstance(value, str) and re.match("https?://", value) is not None


def _lifetime(expires_at: object, now: float | None) -> float:
    """Seconds, by the service's own clock where its answer names an end."""
    if not isinstance(expires_at, str) or now is None:
        return LIFETIME
    try:
        end = datetime.fromisoformat(expires_at)
    except ValueError:
        return LIFETIME
    end = end if end.tzinfo else end.replace(tzinfo=UTC)
    return max(0.0, min(LIFETIME, end.timestamp() - now - _MARGIN))
