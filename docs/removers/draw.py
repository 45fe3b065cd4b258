"""Draws the pictures of these pages, by assetgen's own remover: `python -m docs.removers.draw`, from the checkout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from assetgen.imaging.draw import draw_placeholder
from assetgen.manifest.recipe import Drawing, PixelSize
from assetgen.removers import pairs
from assetgen.removers.crop import cropped
from assetgen.removers.keying.matte import cut_out
from tests.removers import truth

CELL, GAP = 168, 8
WHITE, INK, BRAND = (255, 255, 255), (0, 0, 0), (236, 72, 153)
IMAGES = Path(__file__).parent.parent / "images"
COLORS = {"primary": "#EC4899", "ink": "#0F172A", "sparkle": "#F59E0B"}


def main() -> None:
    drafts = [draft(name, seed) for name, seed in (("coin", "3"), ("gem", "5"), ("crown", "8"))]
    pictures = [*drafts, picture(truth.shadow, WHITE)]
    save("cutouts", [(source, cutout_of(source), (WHITE, INK, BRAND, None)) for source in pictures])
    shown = (
        (truth.hole, WHITE),
        (truth.soft, truth.GREY),
        (truth.near, WHITE),
        (truth.strokes, truth.BRAND),
        (truth.hair, WHITE),
        (truth.contact, truth.GREY),
    )
    sources = [(picture(subject, ground), subject in (truth.hole, truth.hair)) for subject, ground in shown]
    shared = [pair(subject) for subject in (truth.glass, truth.hair, truth.shadow, truth.contact)]
    board("remover-difference", [compared(first, second) for first, second in shared])
    save("remover-key", [(source, cutout_of(source, holes=holes), (WHITE, INK, None)) for source, holes in sources])


def draft(name: str, seed: str) -> Image.Image:
    return draw_placeholder(PixelSize(512, 512), Drawing(name, COLORS, remove_bg=True), seed, "512 x 512")


def picture(subject: truth.Subject, ground: truth.Color) -> Image.Image:
    """A subject on its background, as a service would send it."""
    return truth.composed(subject(512, ground), ground, truth.FINE_JPEG)


def pair(subject: truth.Subject) -> tuple[Image.Image, Image.Image]:
    """A subject on white and on black, as two pictures of a service."""
    whole = subject(512, WHITE)
    return truth.composed(whole, WHITE, truth.FINE_JPEG), truth.composed(whole, INK, truth.FINE_JPEG)


def compared(first: Image.Image, second: Image.Image) -> list[Image.Image]:
    """Both pictures, what `key` makes of the first, and what `difference` makes of both."""
    one, other = np.asarray(first), np.asarray(second)
    solved = Image.fromarray(pairs.solved(pairs.Pair(one, other, (pairs.ground_in(one), pairs.ground_in(other)))))
    by_key = on(fitting(Image.fromarray(cut_out(one, holes=True))), BRAND)
    return [fitting(first), fitting(second), by_key, *(on(fitting(solved), ground) for ground in (BRAND, INK, None))]


def cutout_of(source: Image.Image, *, holes: bool = False) -> Image.Image:
    whole = Image.fromarray(cut_out(np.asarray(source.convert("RGB")), holes=holes))
    return cropped(whole, 0.05, PixelSize(*source.size))


def save(name: str, rows: list[tuple[Image.Image, Image.Image, tuple[truth.Color | None, ...]]]) -> None:
    """A column for each picture: as it came, and its cutout on each ground."""
    board(name, [[fitting(source), *(on(fitting(cut), ground) for ground in grounds)] for source, cut, grounds in rows])


def board(name: str, columns: list[list[Image.Image]]) -> None:
    size = (len(columns) * (CELL + GAP) + GAP, len(columns[0]) * (CELL + GAP) + GAP)
    whole = Image.new("RGB", size, (226, 232, 240))
    for column, tiles in enumerate(columns):
        for row, tile in enumerate(tiles):
            whole.paste(tile, (GAP + column * (CELL + GAP), GAP + row * (CELL + GAP)))
    whole.quantize(256, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)


def fitting(picture: Image.Image) -> Image.Image:
    small = picture.convert("RGBA").convert("RGBa").resize((CELL, CELL), Image.Resampling.LANCZOS)
    return small.convert("RGBA")


def on(cutout: Image.Image, ground: truth.Color | None) -> Image.Image:
    """On a colour, or on the checks that mean transparent."""
    under = Image.new("RGB", cutout.size, ground or WHITE)
    if ground is None:
        rows, columns = np.indices(cutout.size[::-1]) // 10
        under = Image.fromarray(np.where((rows + columns) % 2, 255, 212).astype(np.uint8)).convert("RGB")
    under.paste(cutout, (0, 0), cutout)
    return under


if __name__ == "__main__":
    main()
