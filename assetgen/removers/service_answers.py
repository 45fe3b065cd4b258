"""What a background removal service's answer means: a picture, found where such services put it, or an error of ours.

Services agree on nothing: some answer with the picture itself, others with JSON that holds it in base64, plainly or as
a data URI, under one of a few names, sometimes one level down. Bytes decide what is a picture, never a header. Pure,
but for the last step, which writes the file.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from assetgen.digest import Json
from assetgen.errors import PictureError
from assetgen.imaging.decode import decode
from assetgen.manifest.recipe import PixelSize
from assetgen.removers.base import (
    BadKeyError,
    BusyError,
    Cut,
    RemovalError,
    SpoiledError,
    StopRemovingError,
    UnsureError,
)
from assetgen.removers.cutout import write_cutout

_PLACES = ("image", "data", "result", "output", "base64", "b64_json", "result_b64", "file")
"""Where pictures stand in JSON."""

_WORDS = ("message", "error", "detail", "title", "msg", "reason", "description")
"""Where explanations stand in JSON."""

_SHORTEST = 64
"""Characters of base64 below which a string is no picture."""

_LEAST_REMOVED = 0.005
"""The share of pixels that has to be gone for a background to have been removed."""

_SERVICE = "the background removal service"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: HTTP status, body, content type, `Retry-After` as written. `secret` is the key, which
    is kept out of every message."""

    status: int
    body: bytes = field(repr=False)
    kind: str = ""
    after: str = ""
    secret: str = field(default="", repr=False)

    def quoted(self, words: str, limit: int = 200) -> str:
        """Words of the service as they may appear in a message: one printable line, cut, without our key."""
        if self.secret:
            words = words.replace(self.secret, "[key]")
        line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
        return line if len(line) <= limit else line[: limit - 1] + "…"

    def retry_after(self) -> float | None:
        """Seconds to wait; None without a number (a date would need a clock that both sides agree on)."""
        return float(self.after) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", self.after.strip()) else None


def picture_in(answer: Answer) -> bytes:
    """The bytes of the picture. Raises what the answer means instead."""
    if not 200 <= answer.status < 300:
        raise _refusal(answer)
    if not answer.body:
        raise UnsureError(f"{_SERVICE} answered with nothing", hint="look at the service's own log")
    if answer.body.lstrip()[:1] not in (b"{", b"[", b'"'):
        return answer.body
    said = _json(answer.body)
    if said is None:
        raise UnsureError(f"{_SERVICE} answered with broken JSON", hint="look at the service's own log")
    found = next(_pictures(said), None)
    if found is None:
        raise SpoiledError(
            f"{_SERVICE} answered without a picture: {_explanation(answer, said)}",
            hint="it has to answer with the picture itself, or with JSON that holds it in base64 under `image`",
        )
    return found


def checked_cutout(data: bytes, asked: PixelSize, target: Path) -> Cut:
    """Writes the picture that a service sent for one of the size `asked`, if it is a cutout.

    Raises UnsureError for bytes that are no whole picture, SpoiledError when the background is still there or nothing
    is left, WriteError.
    """
    cutout = _decoded(data)
    clear = _clear_share(cutout)
    if clear < _LEAST_REMOVED:
        raise SpoiledError(
            f"{_SERVICE} sent the picture back with its background",
            hint="look at its settings: the answer needs an alpha channel, so the format must not be jpg",
        )
    if clear == 1:
        raise SpoiledError(f"{_SERVICE} removed all of the picture", hint="try another `remover` for this asset")
    return write_cutout(cutout, target, _size_note(asked, PixelSize(cutout.width, cutout.height)))


def _decoded(data: bytes) -> Image.Image:
    try:
        return decode(data)
    except PictureError as error:
        message = error.message.removeprefix("the picture ")
        raise UnsureError(f"what {_SERVICE} sent {message}", hint="look at the service's own log") from error


def _clear_share(cutout: Image.Image) -> float:
    """The share of pixels of which less than half is left."""
    if cutout.mode != "RGBA":
        return 0.0
    return sum(cutout.getchannel("A").histogram()[:128]) / (cutout.width * cutout.height)


def _size_note(asked: PixelSize, got: PixelSize) -> str | None:
    if asked == got:
        return None
    return f"{_SERVICE} sent {got} pixels for a picture of {asked}"


def _pictures(said: Json, deep: int = 3) -> Iterator[bytes]:
    """The pictures in JSON, those under the usual names, and of them the outermost, first."""
    if isinstance(said, str):
        yield from _unpacked(said)
    elif isinstance(said, list) and said and deep:
        yield from _pictures(said[0], deep - 1)
    elif isinstance(said, dict) and deep:
        inner = [said[place] for place in _PLACES if place in said]
        for value in sorted(inner, key=lambda value: not isinstance(value, str)):
            yield from _pictures(value, deep - 1)


def _unpacked(text: str) -> Iterator[bytes]:
    """The bytes behind base64 or a data URI (RFC 2397); nothing when it is neither."""
    packed = re.sub(r"\s", "", re.sub(r"^data:[^,]{0,200};base64,", "", text.strip()))
    if len(packed) < _SHORTEST:
        return
    try:
        yield base64.b64decode(
            packed + "=" * (-len(packed) % 4), altchars=b"-_" if set(packed) & {"-", "_"} else None, validate=True
        )
    except (binascii.Error, ValueError):
        return


def _refusal(answer: Answer) -> RemovalError:
    """What a status other than success means."""
    said = f"{_SERVICE} answers {answer.status}: {_explanation(answer, _json(answer.body))}"
    match answer.status:
        case 401 | 403:
            return BadKeyError(
                said, hint="check BG_REMOVE_API_KEY, and BG_REMOVE_API_KEY_HEADER if it wants another header"
            )
        case 402:
            return StopRemovingError(said, hint="buy credits, or choose another `remover`")
        case 408 | 425 | 429 | 503:
            return BusyError(said, hint="build again later", retry_after=answer.retry_after())
        case 413:
            return RemovalError(said, hint="generate at a lower `resolution`, or choose another `remover`")
        case status if 300 <= status < 400:
            return RemovalError(said, hint="BG_REMOVE_URL must be the address that answers: redirects are not followed")
        case 404 | 405:
            return RemovalError(
                said, hint="BG_REMOVE_URL must be the whole address that takes the picture, with its path"
            )
        case status if status >= 500:
            return UnsureError(said, hint="look at the service's own log")
    return RemovalError(said, hint="the service does not take this picture as it is sent; see its documentation")


def _explanation(answer: Answer, said: Json) -> str:
    """The service's own words, as far as they can be found."""
    words = next(_words(said), None)
    if words is None:
        page = answer.body.lstrip()[:1] == b"<"
        words = "a web page" if page else answer.body[:400].decode("utf-8", "replace")
    return answer.quoted(words) or "nothing"


def _words(said: Json, deep: int = 3) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, list) and deep:
        for value in said[:1]:
            yield from _words(value, deep - 1)
    elif isinstance(said, dict) and deep:
        for place in (*_WORDS, "errors"):
            if place in said:
                yield from _words(said[place], deep - 1)


def _json(body: bytes) -> Json:
    """What the body says; None when that is not JSON."""
    try:
        found: Json = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found
