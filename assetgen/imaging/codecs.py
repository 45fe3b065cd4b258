"""Which formats this machine's Pillow can write, and with which libraries. Knows no file."""

from __future__ import annotations

from collections.abc import Mapping

import PIL
from PIL import features

from assetgen.manifest.recipe import Format

_LIBRARIES: Mapping[Format, tuple[str, str]] = {
    "png": ("zlib", "zlib"),
    "jpg": ("jpg", "libjpeg"),
    "webp": ("webp", "libwebp"),
    "avif": ("avif", "libavif"),
}
"""Pillow's name for what a format needs, and people's."""


def pillow_version() -> str:
    return PIL.__version__


def codecs() -> dict[Format, str | None]:
    """The library behind each format with its version, as in `libwebp 1.6.0`; None for a format without one."""
    return {
        form: f"{name} {features.version(feature) or ''}".strip() if features.check(feature) else None
        for form, (feature, name) in _LIBRARIES.items()
    }
