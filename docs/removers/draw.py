"""Draws the pictures of these pages, by assetgen's own remover: `python -m docs.removers.draw`, from the checkout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from assetgen.imaging.draw import draw_placeholder
from assetgen.manifest.recipe import Drawing, PixelSize
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
    save("remover-key", [(source, cutout_of(source, holes=holes), (WHITE, INK, None)) for source, holes in sources])


def draft(name: str, seed: str) -> Image.Image:
    return draw_placeholder(PixelSize(512, 512), Drawing(name, COLORS, remove_bg=True), seed, "512 x 512")


def picture(subject: truth.Subject, ground: truth.Color) -> Image.Image:
    """A subject on its background, as a service would send it."""
    return truth.composed(subject(512, ground), ground, truth.FINE_JPEG)


def cutout_of(source: Image.Image, *, holes: bool = False) -> Image.Image:
    whole = Image.fromarray(cut_out(np.asarray(source.convert("RGB")), holes=holes))
    return cropped(whole, 0.05, PixelSize(*source.size))


def save(name: str, rows: list[tuple[Image.Image, Image.Image, tuple[truth.Color | None, ...]]]) -> None:
    """A column for each picture: as it came, and its cutout on each ground."""
    high = 1 + len(rows[0][2])
    board = Image.new("RGB", (len(rows) * (CELL + GAP) + GAP, high * (CELL + GAP) + GAP), (226, 232, 240))
    for column, (source, cutout, grounds) in enumerate(rows):
        tiles = [fitting(source), *(on(fitting(cutout), ground) for ground in grounds)]
        for row, tile in enumerate(tiles):
            board.paste(tile, (GAP + column * (CELL + GAP), GAP + row * (CELL + GAP)))
    board.quantize(256, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)


def fitting(picture: Image.Image) -> Image.Image:
    small = picture.convert("RGBA").convert("RGBa").resize((CELL, CELL), Image.Resampling.LANCZOS)
    return small.convert("RGBA")


def on(cutout: Image.Image, ground: truth.Color | None) -> Image.Image:
    """On a colour, or on the checks that mean transparent."""
    board = Image.new("RGB", cutout.size, ground or WHITE)
    if ground is None:
        rows, columns = np.indices(cutout.size[::-1]) // 10
        board = Image.fromarray(np.where((rows + columns) % 2, 255, 212).astype(np.uint8)).convert("RGB")
    board.paste(cutout, (0, 0), cutout)
    return board


if __name__ == "__main__":
    main()
