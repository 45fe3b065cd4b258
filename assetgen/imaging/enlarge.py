"""Pictures enlarged in the plain way, for where a service that does it better is only played.

Knows no service; measures are pixels.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, UnidentifiedImageError

from assetgen.manifest.recipe import PixelSize


def enlarged_png(picture: bytes, size: PixelSize) -> bytes:
    """The picture at `size`, as a PNG. Equal arguments give equal bytes. Raises OSError for what is no picture."""
    with Image.open(BytesIO(picture)) as source:
        mode = "RGBA" if source.has_transparency_data else "RGB"
        larger = source.convert(mode).resize((size.width, size.height), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    larger.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def measured_bytes(picture: bytes) -> PixelSize | None:
    """The size that a picture's head declares, None when it is no picture."""
    try:
        with Image.open(BytesIO(picture)) as source:
            return PixelSize(*source.size)
    except (UnidentifiedImageError, OSError):
        return None
