"""Draws the pictures of these pages, from a placeholder of assetgen's own: `python docs/presets/draw.py`."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from assetgen.catalog.presets.model import Brand, Container, PresetOptions, PresetOutput, Subject
from assetgen.catalog.presets.registry import expand
from assetgen.imaging.draw import draw_placeholder
from assetgen.imaging.presets.compose import art_of, composed
from assetgen.imaging.presets.pack import file_bytes
from assetgen.manifest.recipe import Drawing, Export, PixelSize

COLORS = {"primary": "#EC4899", "ink": "#0F172A", "sparkle": "#F59E0B"}
BRAND = Brand("Acme", COLORS, {"sunrise": ("#F472B6", "#EC4899", "#BE185D"), "night": ("#1E293B", "#0F172A")})
CELL, GAP = 132, 12
GROUNDS = ("#F8FAFC", "#0F172A", None)
"""Light, dark, and the checks that mean transparent."""

SHOWN = {
    "ios-appicon": (PresetOptions(background="night", dark=True, tinted=True), ()),
    "android-launcher": (PresetOptions(background="night", monochrome=True), ("xxxhdpi", "playstore")),
    "favicon": (PresetOptions(background="night"), ()),
    "pwa": (PresetOptions(background="night", monochrome=True), ("512",)),
    "macos": (PresetOptions(background="night"), ()),
    "windows": (PresetOptions(), ()),
    "og": (PresetOptions(background="night"), ()),
}
"""Options, and what the paths shown must contain."""


def main() -> None:
    cutout = badge()
    for name, (options, parts) in SHOWN.items():
        output = expand(name, Subject("coin", *cutout.size, cutout=True), options, BRAND)
        tiles = [tile for path, tile in pictures(output, cutout) if not parts or any(part in path for part in parts)]
        sheet(tiles).quantize(256).save(Path(__file__).parent.parent / "images" / f"preset-{name}.png", optimize=True)


def badge() -> Image.Image:
    """A placeholder's badge, cut out of its white background."""
    drawing = Drawing("coin", COLORS, remove_bg=True)
    picture = draw_placeholder(PixelSize(1024, 1024), drawing, "3", "1024 x 1024")
    around = picture.copy()
    ImageDraw.floodfill(around, (0, 0), (0, 255, 0), thresh=8)
    inside = Image.new("L", picture.size, 255)
    inside.putdata([0 if pixel == (0, 255, 0) else 255 for pixel in around.get_flattened_data()])
    picture.putalpha(inside.resize((512, 512), Image.Resampling.BOX).resize((1024, 1024), Image.Resampling.BICUBIC))
    return picture


def pictures(output: PresetOutput, cutout: Image.Image) -> list[tuple[str, Image.Image]]:
    arts = {role: art_of(cutout, role) for role in ("main", "ground", "dark", "tinted", "monochrome")}
    found = [
        (file.path, Image.open(BytesIO(file_bytes(file, arts[file.look.role], Export(file.format), mark=False))))
        for file in output.files
    ]
    return found + [pair for container in output.containers for pair in frames(container, arts["main"])]


def frames(container: Container, art: Image.Image) -> list[tuple[str, Image.Image]]:
    edges = sorted({frame.pixels for frame in container.frames})
    return [(f"{container.path} {edge}", composed(art, edge, edge, container.look)) for edge in edges]


def sheet(tiles: list[Image.Image]) -> Image.Image:
    """The tiles in a row, on each ground."""
    size = ((CELL + GAP) * len(tiles) + GAP, CELL + 2 * GAP)
    board = Image.new("RGB", (size[0], size[1] * len(GROUNDS)))
    for row, ground in enumerate(GROUNDS):
        band = checks(size) if ground is None else Image.new("RGB", size, ground)
        for column, tile in enumerate(tiles):
            small = tile.convert("RGBA").convert("RGBa")
            small.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
            small = small.convert("RGBA")
            x = GAP + column * (CELL + GAP) + (CELL - small.width) // 2
            band.paste(small, (x, GAP + (CELL - small.height) // 2), small)
        board.paste(band, (0, row * size[1]))
    return board


def checks(size: tuple[int, int]) -> Image.Image:
    board = Image.new("RGB", size, "#FFFFFF")
    pen = ImageDraw.Draw(board)
    for y in range(0, size[1], GAP):
        for x in range(y // GAP % 2 * GAP, size[0], 2 * GAP):
            pen.rectangle((x, y, x + GAP - 1, y + GAP - 1), fill="#D4D4D8")
    return board


if __name__ == "__main__":
    main()
