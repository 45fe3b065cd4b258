"""What Pillow was built with, as people are told."""

from __future__ import annotations

import re

from assetgen.imaging.codecs import codecs, pillow_version


def test_every_format_is_there_with_its_library() -> None:
    found = codecs()
    assert list(found) == ["png", "jpg", "webp", "avif"]
    assert [re.sub(r" [\d.]+$", "", library or "") for library in found.values()] == [
        *("zlib", "libjpeg", "libwebp", "libavif")
    ]
    assert re.match(r"\d+\.\d+", pillow_version())
