"""From the many ways to store colour to one: 8-bit sRGB, with straight alpha where a picture has any."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

_PROFILED = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""Colour space of a profile (ICC.1:2022 table 19) to the mode of the pixels that it describes."""


def straight(picture: Image.Image) -> Image.Image:
    """RGB or RGBA from a decoded picture of any mode, without metadata: the picture itself when it is that already,
    since copies of large ones are dear. An alpha channel that is opaque everywhere is dropped."""
    plain = _eight_bits(picture)
    profile = picture.info.get("icc_profile")
    if isinstance(profile, bytes):
        plain = _in_srgb(plain, profile)
    clear = plain.mode in {"LA", "RGBA"} and plain.getchannel("A").getextrema() != (255, 255)
    wanted = "RGBA" if clear else "RGB"
    if plain.mode != wanted:
        plain = plain.convert(wanted)
    plain.info = {}
    return plain


def _eight_bits(picture: Image.Image) -> Image.Image:
    """One of the modes L, LA, RGB, RGBA and CMYK: what profiles can be applied to."""
    if picture.mode.startswith("I"):
        return _from_sixteen(picture)
    if picture.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} and "transparency" not in picture.info:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _from_sixteen(picture: Image.Image) -> Image.Image:
    """16-bit grey, divided by 257 so that black and white stay what they are; one value may mean transparent."""
    wide = picture.convert("I")
    grey = wide.point([(value + 128) // 257 for value in range(65_536)], "L")
    clear = picture.info.get("transparency")
    if isinstance(clear, int):
        grey.putalpha(wide.point([0 if value == clear else 255 for value in range(65_536)], "L"))
    return grey


def _in_srgb(plain: Image.Image, profile: bytes) -> Image.Image:
    """`plain` with its colours converted. A profile that is broken, or speaks of another kind of pixels, is passed
    over: browsers do so too, and most such pictures are sRGB all the same."""
    try:
        if plain.mode not in {"LA", "RGBA"}:
            return _converted(plain, profile)
        color = _converted(plain.convert(plain.mode[:-1]), profile)
        color.putalpha(plain.getchannel("A"))
        return color
    except (ImageCms.PyCMSError, OSError, ValueError):
        return plain


def _converted(color: Image.Image, profile: bytes) -> Image.Image:
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    mode = _PROFILED.get(source.profile.xcolor_space)
    if mode is None or (mode == "CMYK") != (color.mode == "CMYK") or (mode == "L" and color.mode != "L"):
        raise ValueError("the profile is not about these pixels")
    if "srgb" in (source.profile.profile_description or "").casefold():
        return color
    transform = ImageCms.buildTransform(
        source,
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return transform.apply(color if color.mode == mode else color.convert(mode))
