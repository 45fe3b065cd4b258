"""Backgrounds removed in the plain way, for where a service that does it better is only played.

Knows no service. For what ships there are removers.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageChops

_NEAR = 24
"""Levels that a background may be from the colour of the picture's corner."""


def hollowed_png(picture: bytes, ground: str | None = None) -> bytes:
    """The picture without what has the colour of its corner, and without its outermost pixels, as a PNG; on `ground`,
    if there is one (hex). Equal arguments give equal bytes. Raises OSError for what is no picture."""
    with Image.open(BytesIO(picture)) as source:
        flat = source.convert("RGB")
    corner = Image.new("RGB", flat.size, flat.getpixel((0, 0)))
    red, green, blue = ImageChops.difference(flat, corner).split()
    away = ImageChops.lighter(ImageChops.lighter(red, green), blue).point([0] * _NEAR + [255] * (256 - _NEAR))
    edge = max(1, min(flat.size) // 50)
    inside = Image.new("L", flat.size)
    inside.paste(255, (edge, edge, flat.width - edge, flat.height - edge))
    left = ImageChops.darker(away, inside)
    if ground is None:
        flat.putalpha(left)
    else:
        flat = Image.composite(flat, Image.new("RGB", flat.size, ground), left)
    buffer = BytesIO()
    flat.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def seen_through_png(on_white: bytes, on_black: bytes) -> bytes:
    """What two opaque pictures of one size and one subject show, without their grounds, pure white and pure black: a
    PNG with straight alpha. Exact, so only for pictures that differ by nothing else. Raises OSError for no picture."""
    with Image.open(BytesIO(on_white)) as light, Image.open(BytesIO(on_black)) as dark:
        colors = dark.convert("RGB")
        red, green, blue = ImageChops.difference(light.convert("RGB"), colors).split()
    opacity = ImageChops.invert(ImageChops.lighter(ImageChops.lighter(red, green), blue))
    buffer = BytesIO()
    Image.merge("RGBa", (*colors.split(), opacity)).convert("RGBA").save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
