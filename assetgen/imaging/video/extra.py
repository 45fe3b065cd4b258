"""The optional part that videos need: PyAV, which brings FFmpeg's libraries. Imported only where videos are."""

from __future__ import annotations

from importlib.metadata import version
from importlib.util import find_spec

from assetgen.errors import AssetError


class MissingPartError(AssetError):
    """An optional part is not installed."""

    code = "missing-part"


def is_there() -> bool:
    return find_spec("av") is not None


def video_version() -> str | None:
    """The version of the optional part; None without it."""
    return version("av") if is_there() else None


def check() -> None:
    """Raises MissingPartError where videos cannot be read or made."""
    if not is_there():
        raise MissingPartError(
            "videos need an optional part of assetgen that is not installed",
            hint='install it: pip install "assetgen-build[video]"',
        )
