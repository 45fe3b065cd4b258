"""What people write in another way than there is, and how it is written: `quality: 80`, `sizes: 24`, `max_bytes: 2KB`.

Hints for values that are wrong already; judges nothing. Pure text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from assetgen.catalog.removers import REMOVERS
from assetgen.manifest.colours import hexadecimal
from assetgen.manifest.fields import ASPECT_RATIOS, BOX_PATTERN
from assetgen.manifest.suggest import closest

Form = Callable[[object], str | None]
"""A hint for a value, None where it means nothing."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _words(table: Mapping[str, str]) -> Form:
    """A hint for each of some words, in any case."""
    return lambda value: table.get(str(value).strip().lower().lstrip("."))


# --- sizes and shapes ------------------------------------------------------------------------------------------------

_DENSITIES = 'write pixels, and the densities as labels: `sizes: {"@1x": 64, "@2x": 128}`'
_DENSITY = re.compile(r"\s*@?\d+(?:\.\d+)?x\s*")


def _as_sizes(value: object) -> str | None:
    """A single size, and several as text."""
    if _is_number(value):
        return f"write `sizes: [{value}]`"
    if _DENSITY.fullmatch(str(value)):
        return _DENSITIES
    parts = [part.strip() for part in str(value).split(",")]
    if len(parts) > 1 and all(re.fullmatch(r"\d+(?:x\d+)?", part) for part in parts):
        return f"write `sizes: [{', '.join(parts)}]`"
    return _as_size(value)


def _as_size(value: object) -> str | None:
    """`24px`, `24 x 24`, `24*24`, `640w`, `[24, 24]` and `{width: 24, height: 24}`."""
    if isinstance(value, dict):
        return _as_size([value.get("width"), value.get("height")]) if "width" in value else None
    if isinstance(value, list):
        value = "x".join(str(edge) for edge in value if edge is not None)
        numbers = re.fullmatch(r"(\d+)(?:x(\d+))?", value)
    elif _DENSITY.fullmatch(str(value)):
        return _DENSITIES
    else:
        numbers = re.fullmatch(r"\s*(\d+)\s*(?:px|w)?(?:\s*[xX*×]\s*(\d+)\s*(?:px)?)?\s*", str(value))
        if str(value).isdigit() or re.fullmatch(BOX_PATTERN, str(value)):
            return None
    if numbers is None:
        return None
    return f"write `{numbers[1]}x{numbers[2]}`" if numbers[2] else f"write `{numbers[1]}`, without a unit"


_RATIOS = {Fraction(*map(int, ratio.split(":"))): ratio for ratio in ASPECT_RATIOS if ratio != "auto"}


def _as_ratio(value: object) -> str | None:
    """1.5 and `[3, 2]`."""
    if isinstance(value, list) and len(value) == 2:
        return f'write `"{value[0]}:{value[1]}"`'
    if not _is_number(value) or not 0 < float(str(value)) < 100:
        return None
    ratio = next((ratio for share, ratio in _RATIOS.items() if abs(float(share) - float(str(value))) < 0.006), None)
    return f'write the shape as a ratio: `"{ratio or "16:9"}"`'


_EDGES = {1024: "1K", 2048: "2K", 4096: "4K", 480: "480p", 720: "720p", 1080: "1080p"}


def _as_resolution(value: object) -> str | None:
    word = _EDGES.get(value) if isinstance(value, int) else None
    return f"write `{word}`" if word else "write `1K`, `2K` or `4K`" if _is_number(value) else None


_FITS = {
    "crop": "write `cover`: it fills the box and cuts off what is beyond",
    "fill": "write `cover`, which fills the box and crops: nothing is distorted here",
    "stretch": "write `cover`, which crops, or `contain`, which pads: nothing is distorted here",
    "pad": "write `contain`: it pads to the box",
    "letterbox": "write `contain`: it pads to the box",
    "fit": "write `contain`, which pads to the box, or `inside`, which only keeps within it",
    "scale-down": "write `inside`: it keeps within the box",
    "none": "delete the line: a number in `sizes` is a width, and is never cropped",
}


def _as_grid(value: object) -> str | None:
    numbers = re.fullmatch(r"\s*(\d+)\s*[xX*×]\s*(\d+)\s*", str(value))
    return f"write `grid: {{rows: {numbers[1]}, columns: {numbers[2]}, cells: [...]}}`" if numbers else None


def _as_cell(value: object) -> str | None:
    return "write the names in one list, row by row" if isinstance(value, list) else None


def _as_upscale(value: object) -> str | None:
    factor = re.fullmatch(r"\s*x?\s*(\d(?:\.\d+)?)\s*x?\s*", str(value))
    return f"write `upscale: {{model: topaz/image-upscale, factor: {factor[1]}}}`, or `true`" if factor else None


# --- amounts ---------------------------------------------------------------------------------------------------------


def _as_money(value: object) -> str | None:
    amount = re.fullmatch(r"\s*\$?\s*(\d+(?:\.\d+)?)\s*(?:\$|USD|usd)?\s*", str(value))
    return amount[1] if amount and not isinstance(value, bool) else None


def _as_budget(value: object) -> str | None:
    amount = _as_money(value)
    return f"write `budget: {{usd: {amount}}}`" if amount else None


def _as_usd(value: object) -> str | None:
    amount = _as_money(value) if isinstance(value, str) else None
    return f"write `usd: {amount}`, without quotes or a `$`" if amount else None


_THOUSANDS = {"": 0, "k": 1, "m": 2, "g": 3}


def _as_bytes(value: object) -> str | None:
    """`200KB`, `1.5 MB`, `200_000`; with an `i` a thousand is 1024."""
    amount = re.fullmatch(r"\s*(\d[\d_]*(?:\.\d+)?)\s*([kmg]?)(i?)b?(?:ytes)?\s*", str(value), re.IGNORECASE)
    if not amount or isinstance(value, bool):
        return None
    step = 1024 if amount[3] else 1000
    count = int(Decimal(amount[1].replace("_", "")) * step ** _THOUSANDS[amount[2].lower()])
    return f"write the number of bytes: `{count}`" if count else None


def _as_seconds(value: object) -> str | None:
    amount = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?)\s*", str(value), re.IGNORECASE)
    if not amount:
        return None
    seconds = Decimal(amount[1]) * (60 if amount[2].lower().startswith("m") else 1)
    return f"write `{seconds}`, in seconds"


def _as_quality(value: object) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole or str(value).lower() in ("low", "medium", "high", "best"):
        levels = (value, value, value) if whole else (80, 60, 85)
        return "write `quality: {{webp: {}, avif: {}, jpg: {}}}`".format(*levels)
    return None


def _as_level(value: object) -> str | None:
    if value == "lossless":
        return "only `webp` can be lossless; png always is"
    percent = re.fullmatch(r"\s*(\d{1,3})\s*%\s*", str(value))
    if percent:
        return f"write `{percent[1]}`, without a unit"
    share = isinstance(value, float) and 0 < value < 1
    return f"write `{round(100 * float(str(value)))}`: quality goes from 1 to 100" if share else None


# --- names and lists -------------------------------------------------------------------------------------------------

_FORMATS = {
    "jpeg": "write `jpg`",
    "svg": "pictures are made of pixels here: take `png` or `webp`",
    "pdf": "pictures are made of pixels here: take `png`",
    "ico": "write `presets: [favicon]`, which makes `favicon.ico`",
    "icns": "write `presets: [macos]`, which makes the icon",
    "heic": "take `avif`",
    "jxl": "take `avif`",
    "mov": "take `mp4`",
}
_TYPES = {
    **dict.fromkeys(("photo", "picture", "icon", "illustration", "img", "still", "png"), "write `image`"),
    **dict.fromkeys(("movie", "clip", "animation", "loop", "film", "mp4"), "write `video`"),
}


def _as_remover(value: object) -> str | None:
    if value in (0, 1):
        return f"write `{str(bool(value)).lower()}`"
    meant = closest(str(value), REMOVERS)
    return f"write `removeBg: {{remover: {meant}}}`" if meant else None


def _as_colour(value: object) -> str | None:
    levels = value if isinstance(value, list) else []
    fits = len(levels) == 3 and all(isinstance(level, int) and 0 <= level <= 255 for level in levels)
    return f'write `"{hexadecimal(levels)}"`' if fits else None


def _as_gradient(value: object) -> str | None:
    colours = re.findall(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b", str(value))
    quoted = ", ".join(f'"{colour}"' for colour in colours)
    return f"write the colours as a list: `[{quoted}]`" if len(colours) > 1 else None


def _as_colours(value: object) -> str | None:
    return 'give each colour a name: `colors: {primary: "#EC4899"}`' if isinstance(value, list) else None


def _as_brand(value: object) -> str | None:
    return f"write `brand: {{name: {value}}}`" if isinstance(value, str) and value.strip() else None


def _as_matrix(value: object) -> str | None:
    values = ", ".join(map(str, value)) if isinstance(value, list) else ""
    return f"give the values a name: `matrix: {{theme: [{values}]}}`" if values else None


def _as_member(value: object) -> str | None:
    return f'write `"{str(value).lower()}"`, in quotes' if isinstance(value, bool) else None


def _as_presets(value: object) -> str | None:
    return f"write a list: `[{', '.join(map(str, value))}]`" if isinstance(value, dict) and value else None


def _as_lint(value: object) -> str | None:
    return f"write `lint: {{off: [{', '.join(map(str, value))}]}}`" if isinstance(value, list) and value else None


def _as_poster(value: object) -> str | None:
    return "write `poster: {sizes: [640]}`" if value is True else None


RIGHT_FORMS: Mapping[str, Form] = {
    "sizes": _as_sizes,
    "aspect_ratio": _as_ratio,
    "resolution": _as_resolution,
    "fit": _words(_FITS),
    "grid": _as_grid,
    "upscale": _as_upscale,
    "budget": _as_budget,
    "usd": _as_usd,
    "max_bytes": _as_bytes,
    "quality": _as_quality,
    "type": _words(_TYPES),
    "removeBg": _as_remover,
    "remove_bg": _as_remover,
    "colors": _as_colours,
    "brand": _as_brand,
    "matrix": _as_matrix,
    "presets": _as_presets,
    "lint": _as_lint,
    "poster": _as_poster,
    **dict.fromkeys(
        ("duration", "poll_initial", "poll_max", "image_timeout", "video_timeout", "rate_period"), _as_seconds
    ),
}
"""What was meant, by the key that the value stands at."""

ENTRY_FORMS: Mapping[str, Form] = {
    "sizes": _as_size,
    "formats": _words(_FORMATS),
    "quality": _as_level,
    "cells": _as_cell,
    "colors": _as_colour,
    "gradients": _as_gradient,
    "matrix": _as_member,
}
"""The same for a value in the list or mapping that stands at the key."""
