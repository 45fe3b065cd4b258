"""Words on placeholders: broken into lines, fitted into a box, set in the typeface that comes with Pillow.

Latin letters only, because that typeface has no others; what it lacks is spelled plainly or left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import combinations, pairwise

from PIL import Image, ImageDraw, ImageFont

_PROBE = 100
"""Size in pixels at which words are measured; widths nearly scale with the size."""

_LEADING = 1.12
"""From line to line, as a share of the size."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Words with the size that lets them fit: `size` and `leading` (line to line) in pixels. `weight` is how much
    strokes are thickened on either side, as a share of the size: the typeface has one weight only."""

    lines: tuple[str, ...]
    size: int
    leading: int
    weight: float

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)


def fitted(text: str, width: int, height: int, largest: int, weight: float) -> Setting:
    """The breaking of `text` into at most three lines that can be set largest in `width` x `height` pixels."""
    probe = _font(_PROBE)
    best = 0
    lines: tuple[str, ...] = (text,)
    for breaking in _breakings(text):
        size = width * _PROBE // max(_widest(probe, breaking, weight * _PROBE), 1)
        size = min(largest, int(size), int(height / (_LEADING * len(breaking))))
        if size > best:
            best, lines = size, breaking
    while best > 1 and _widest(_font(best), lines, weight * best) > width:
        best -= 1
    return Setting(lines, best, int(best * _LEADING + 0.5), weight)


def _widest(font: ImageFont.FreeTypeFont, lines: tuple[str, ...], stroke: float) -> float:
    """The width of the widest line, with what its last letter lends to either side when the line is centred.

    Measured in pixels of this very size: small sizes are hinted, and run wider than large ones, scaled.
    """
    return max(_length(font, line) for line in lines) + 2 * stroke


def _length(font: ImageFont.FreeTypeFont, line: str) -> float:
    length, right = font.getlength(line), font.getbbox(line, anchor="ls")[2]
    return length + 2 * max(0, right - length)


def plain(text: str) -> str:
    """`text` in the letters that the typeface has."""
    spelled = unicodedata.normalize("NFKD", text.replace("×", "x").replace("–", "-").replace("—", "-"))
    return "".join(letter for letter in spelled if " " <= letter <= "~" or letter == "·").strip()


def initials(name: str) -> str:
    """One or two letters that stand for a name: `app-icon` is `AI`, `coin` is `C`. Empty without any."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    letters = "".join(word[0] for word in (words[0], words[-1])) if len(words) > 1 else "".join(words)[:1]
    return letters.upper()


def written(setting: Setting, width: int, centred: bool = False) -> Image.Image:
    """The words as a mask `width` pixels wide, flush left or centred."""
    mask = Image.new("L", (width, max(setting.height + setting.size // 4, 1)))
    pen = ImageDraw.Draw(mask)
    font = _font(setting.size)
    stroke = setting.size * setting.weight
    x = width / 2 if centred else stroke
    for row, line in enumerate(setting.lines):
        y = row * setting.leading + setting.size
        pen.text((x, y), line, 255, font, "ms" if centred else "ls", stroke_width=stroke)
    return mask


def mark(text: str, size: int, weight: float) -> Image.Image:
    """`text` as a mask cut to its ink: for monograms, which are placed by what is seen of them. The letters stand as
    much farther apart as their strokes are thickened."""
    font = _font(size)
    stroke = size * weight
    mask = Image.new("L", (size * (len(text) + 1), size * 2))
    pen = ImageDraw.Draw(mask)
    x = size / 2
    for letter in text:
        pen.text((x, size * 1.5), letter, 255, font, "ls", stroke_width=stroke)
        x += font.getlength(letter) + 2 * stroke
    ink = mask.getbbox()
    return mask.crop(ink) if ink else mask


def _breakings(text: str) -> list[tuple[str, ...]]:
    """Every way to write `text` on one to three lines, broken after its separators."""
    parts = re.findall(r"[^-_. ]*[-_. ]*", text)[:-1] or [text]
    parts = parts if len(parts) <= 24 else [text]
    cuts = range(1, len(parts))
    ways: list[tuple[str, ...]] = []
    for count in range(min(3, len(parts))):
        for chosen in combinations(cuts, count):
            edges = [0, *chosen, len(parts)]
            ways.append(tuple("".join(parts[a:b]).strip() for a, b in pairwise(edges)))
    return ways


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(max(size, 1))
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("this build of Pillow has no FreeType, which drawing placeholders needs")
    return font
