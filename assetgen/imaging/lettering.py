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
"""Size in pixels at which words are measured; widths scale with the size."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Words with the size that lets them fit: `size` and `leading` (line to line) in pixels."""

    lines: tuple[str, ...]
    size: int
    leading: int

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)


def fitted(text: str, width: int, height: int, largest: int) -> Setting:
    """The breaking of `text` into at most three lines that can be set largest in `width` x `height` pixels."""
    probe = _font(_PROBE)
    best = Setting((text,), 0, 0)
    for lines in _breakings(text):
        widest = max(probe.getlength(line) for line in lines)
        size = min(largest, int(width * _PROBE / max(widest, 1)), int(height / (1.12 * len(lines))))
        if size > best.size:
            best = Setting(lines, size, int(size * 1.12 + 0.5))
    return best


def plain(text: str) -> str:
    """`text` in the letters that the typeface has."""
    spelled = unicodedata.normalize("NFKD", text.replace("×", "x").replace("–", "-").replace("—", "-"))
    return "".join(letter for letter in spelled if " " <= letter <= "~" or letter == "·").strip()


def initials(name: str) -> str:
    """One or two letters that stand for a name: `app-icon` is `AI`, `coin` is `C`."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    letters = "".join(word[0] for word in (words[0], words[-1])) if len(words) > 1 else "".join(words)[:1]
    return letters.upper() or "A"


def written(setting: Setting, width: int, weight: float = 0, centred: bool = False) -> Image.Image:
    """The words as a mask `width` pixels wide, flush left or centred; `weight` thickens strokes (share of the size)."""
    mask = Image.new("L", (width, max(setting.height + setting.size // 4, 1)))
    pen = ImageDraw.Draw(mask)
    font = _font(setting.size)
    for row, line in enumerate(setting.lines):
        x = width // 2 if centred else 0
        y = row * setting.leading + setting.size
        pen.text((x, y), line, 255, font, "ms" if centred else "ls", stroke_width=setting.size * weight)
    return mask


def mark(text: str, size: int, weight: float) -> Image.Image:
    """`text` as a mask cut to its ink: for monograms, which are placed by what is seen of them."""
    font = _font(size)
    left, top, right, bottom = font.getbbox(text, stroke_width=size * weight)
    mask = Image.new("L", (int(right - left) + 2, int(bottom - top) + 2))
    ImageDraw.Draw(mask).text((1 - left, 1 - top), text, 255, font, stroke_width=size * weight)
    ink = mask.getbbox()
    return mask.crop(ink) if ink else mask


def _breakings(text: str) -> list[tuple[str, ...]]:
    """Every way to write `text` on one to three lines, broken after its separators."""
    parts = re.findall(r"[^-_. ]*[-_. ]*", text)[:-1] or [text]
    parts = parts if len(parts) <= 12 else [text]
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
