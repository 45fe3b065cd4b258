"""Draws the pictures of these pages, from placeholders of assetgen's own: `python docs/presets/draw.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from assetgen.catalog.presets.model import Brand, Container, PresetOptions, PresetOutput, Role, Subject
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

Picture = tuple[Subject, Image.Image]


@dataclass(frozen=True)
class Shown:
    """One sheet: a preset with options, and what the paths shown must contain; by role, the assets that are named.
    Without `cutout` a wide scene is shown."""

    preset: str
    options: PresetOptions
    parts: tuple[str, ...] = ("",)
    others: Mapping[Role, str] = field(default_factory=dict)
    cutout: bool = True


NIGHT: Mapping[Role, str] = {"dark": "coin-night"}
MARK: Mapping[Role, str] = {"tinted": "mark", "monochrome": "mark"}
SHEETS: Mapping[str, tuple[Shown, ...]] = {
    "ios-appicon": (Shown("ios-appicon", PresetOptions(background="night", dark=True, tinted=True)),),
    "ios-imageset": (Shown("ios-imageset", PresetOptions(width=44, dark="coin-night"), others=NIGHT),),
    "android-launcher": (
        Shown("android-launcher", PresetOptions(background="night", monochrome=True), ("xxxhdpi", "playstore")),
    ),
    "android-drawable": (Shown("android-drawable", PresetOptions(width=33), ("drawable-",)),),
    "favicon": (Shown("favicon", PresetOptions(background="night")),),
    "pwa": (Shown("pwa", PresetOptions(background="night", monochrome=True), ("512",)),),
    "macos": (Shown("macos", PresetOptions(background="night")),),
    "windows": (Shown("windows", PresetOptions()),),
    "og": (Shown("og", PresetOptions(background="night")),),
    "web": (Shown("web", PresetOptions(widths=(66, 132)), cutout=False),),
    "react-native": (Shown("react-native", PresetOptions(width=44)),),
    "flutter": (Shown("flutter", PresetOptions(width=44)),),
    "others": (
        Shown(
            "ios-appicon", PresetOptions(background="night", dark="coin-night", tinted="mark"), others={**NIGHT, **MARK}
        ),
        Shown(
            "android-launcher",
            PresetOptions(background="night", monochrome="mark"),
            ("xxxhdpi/ic_launcher_foreground", "xxxhdpi/ic_launcher_monochrome"),
            MARK,
        ),
    ),
}


def main() -> None:
    pictures = {name: badge(name, seed) for name, seed in (("coin", "3"), ("coin-night", "2"), ("mark", "4"))}
    for name, sheets in SHEETS.items():
        tiles = [tile for shown in sheets for tile in tiles_of(shown, pictures)]
        sheet(tiles).quantize(256).save(Path(__file__).parent.parent / "images" / f"preset-{name}.png", optimize=True)


def badge(name: str, seed: str) -> Picture:
    """A placeholder's badge, cut out of its white background; its shape follows from the seed."""
    picture = draw_placeholder(PixelSize(1024, 1024), Drawing(name, COLORS, remove_bg=True), seed, "1024 x 1024")
    around = picture.copy()
    ImageDraw.floodfill(around, (0, 0), (0, 255, 0), thresh=8)
    inside = Image.new("L", picture.size, 255)
    inside.putdata([0 if pixel == (0, 255, 0) else 255 for pixel in around.get_flattened_data()])
    picture.putalpha(inside.resize((512, 512), Image.Resampling.BOX).resize((1024, 1024), Image.Resampling.BICUBIC))
    return Subject(name, 1024, 1024, cutout=True), picture


def scene() -> Picture:
    """A placeholder that keeps its background."""
    picture = draw_placeholder(PixelSize(1280, 720), Drawing("coin", COLORS, remove_bg=False), "3", "1280 x 720")
    return Subject("coin", 1280, 720), picture


def tiles_of(shown: Shown, pictures: Mapping[str, Picture]) -> list[Image.Image]:
    subject, own = pictures["coin"] if shown.cutout else scene()
    others = {role: pictures[name] for role, name in shown.others.items()}
    output = expand(shown.preset, subject, shown.options, BRAND, {role: other[0] for role, other in others.items()})
    roles: tuple[Role, ...] = ("main", "ground", *output.roles - {"main"})
    arts = {role: art_of(others[role][1] if role in others else own, role) for role in roles}
    return [tile for path, tile in files_of(output, arts) if any(part in path for part in shown.parts)]


def files_of(output: PresetOutput, arts: Mapping[Role, Image.Image]) -> list[tuple[str, Image.Image]]:
    found = [
        (file.path, Image.open(BytesIO(file_bytes(file, arts[file.look.role], Export(file.format), mark=False))))
        for file in output.files
    ]
    return found + [pair for container in output.containers for pair in frames(container, arts["main"])]


def frames(container: Container, art: Image.Image) -> list[tuple[str, Image.Image]]:
    edges = sorted({frame.pixels for frame in container.frames})
    return [(f"{container.path} {edge}", composed(art, edge, edge, container.look)) for edge in edges]


def sheet(tiles: list[Image.Image]) -> Image.Image:
    """The tiles in a row, on each ground, at their real size where they fit."""
    height = min(CELL, max(tile.height for tile in tiles))
    size = ((CELL + GAP) * len(tiles) + GAP, height + 2 * GAP)
    board = Image.new("RGB", (size[0], size[1] * len(GROUNDS)))
    for row, ground in enumerate(GROUNDS):
        band = checks(size) if ground is None else Image.new("RGB", size, ground)
        for column, tile in enumerate(tiles):
            small = tile.convert("RGBA").convert("RGBa")
            small.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
            small = small.convert("RGBA")
            x = GAP + column * (CELL + GAP) + (CELL - small.width) // 2
            band.paste(small, (x, GAP + (height - small.height) // 2), small)
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
