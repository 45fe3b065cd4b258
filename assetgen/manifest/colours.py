"""Colours as people write them elsewhere, and how a manifest writes them: hints for what is wrong already. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from colorsys import hls_to_rgb

_NAMED: Mapping[str, str] = {
    "white": "#FFFFFF",
    "black": "#000000",
    "gray": "#808080",
    "grey": "#808080",
    "silver": "#C0C0C0",
    "red": "#FF0000",
    "maroon": "#800000",
    "orange": "#FFA500",
    "gold": "#FFD700",
    "yellow": "#FFFF00",
    "olive": "#808000",
    "green": "#008000",
    "lime": "#00FF00",
    "teal": "#008080",
    "cyan": "#00FFFF",
    "aqua": "#00FFFF",
    "blue": "#0000FF",
    "navy": "#000080",
    "purple": "#800080",
    "violet": "#EE82EE",
    "magenta": "#FF00FF",
    "fuchsia": "#FF00FF",
    "pink": "#FFC0CB",
    "brown": "#A52A2A",
}
"""The names of style sheets that people know by heart: https://www.w3.org/TR/css-color-4/#named-colors"""

_NONE = frozenset(("transparent", "none", "no", "off", "alpha", "clear"))
_ANY = "write it as `#RRGGBB`, in quotes"
_NUMBER = r"\s*(\d{1,3})"
_RGB = re.compile(rf"rgba?\({_NUMBER}[\s,]{_NUMBER}[\s,]{_NUMBER}\s*(?:[,/].*)?\)")
_HSL = re.compile(rf"hsla?\({_NUMBER}(?:deg)?[\s,]{_NUMBER}%[\s,]{_NUMBER}%\s*(?:[,/].*)?\)")


def colour_hint(written: str) -> str:
    """How to write what somebody wrote in the way of style sheets."""
    if re.fullmatch("[0-9a-fA-F]{6}|[0-9a-fA-F]{3}", written):
        return f'write `"#{written}"`'
    named = _NAMED.get(written.strip().lower())
    levels = _levels(written)
    if named is None and levels is None:
        return _ANY
    return f'write `"{named or hexadecimal(levels or [])}"`'


def background_hint(written: object, colours: Mapping[str, str]) -> str | None:
    """The same for what lies behind a picture; `colours` are those of the brand."""
    if written is False or str(written).strip().lower() in _NONE:
        return "delete the line: without a colour behind it, a picture stays as transparent as `removeBg` makes it"
    name = re.sub(r"[{}\s]|brand\.colors\.", "", str(written))
    if name in colours:
        return f'write `"{colours[name]}"`: names of brand colours mean nothing here'
    return None


def hexadecimal(levels: list[int]) -> str:
    """`#RRGGBB` of three numbers from 0 to 255."""
    return "#{:02X}{:02X}{:02X}".format(*levels)


def _levels(written: str) -> list[int] | None:
    rgb, hsl = _RGB.fullmatch(written), _HSL.fullmatch(written)
    if rgb:
        levels = [int(number) for number in rgb.groups()]
        return levels if max(levels) <= 255 else None
    if not hsl:
        return None
    hue, saturation, lightness = (int(number) for number in hsl.groups())
    if max(saturation, lightness) > 100:
        return None
    return [round(255 * part) for part in hls_to_rgb(hue / 360, lightness / 100, saturation / 100)]
