"""Exporting usual sets of files, beside `sharp` (node) and ImageMagick at the same settings where they are at hand.

    python -m benchmarks.ladders [LADDER...]          NODE_PATH=.../node_modules python -m benchmarks.ladders

icons: 1024 px, opaque, to 4 sizes in PNG and WebP. app: 1024 px to the icons of an iOS app (15 PNGs), of a Windows
application (ICO) and of a Mac application (ICNS, cut to Apple's shape), through our presets. web: two cutouts of
2048 px to 5 widths in PNG, WebP and AVIF, two workers. Whole processes, start-up included: `icons` and `app` are made
of one picture and of ten, which tells start-up from work.

All use PNG with all row filters, WebP quality 80 method 4, AVIF quality 60 at encoder speed 6 in 4:2:0; their encoders
differ in version, not in what is asked of them. PNG is level 4 there, and here what samples of the picture tell. What
comes out is compared too: bytes, and how near it is to a resampling without rounding; sharp shrinks in coarser steps.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import mean

from PIL import Image, ImageDraw

from assetgen.catalog.presets.apple import CLASSIC
from assetgen.catalog.presets.model import Brand, PresetOptions, Subject
from assetgen.catalog.presets.registry import expand
from assetgen.executors.threads import Threads
from assetgen.imaging.export import export_file
from assetgen.manifest.recipe import Export, PictureExport, PresetExport
from benchmarks.measure import PYTHON, Case, Cost, Spread, interleaved, print_table, ratio
from benchmarks.rivals import Ladder, imagemagick, sharp

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3

ICONS = Ladder(1024, (24, 48, 72, 160), ("png", "webp"), cutout=False, workers=1, pictures=1)
CLASSIC_EDGES = tuple(dict.fromkeys(int(float(points) * scale) for _, points, scale in CLASSIC))
APP = Ladder(1024, CLASSIC_EDGES, ("png",), cutout=False, workers=1, pictures=1, app=True)
WEB = Ladder(2048, (320, 640, 960, 1280, 1920), ("png", "webp", "avif"), cutout=True, workers=2, pictures=2)
LADDERS = {
    "icons": ICONS,
    "icons x10": replace(ICONS, pictures=10),
    "app": APP,
    "app x10": replace(APP, pictures=10),
    "web": WEB,
}

RIVALS: Mapping[str, Callable[[Ladder, Path, Path], Sequence[str] | None]] = {
    "sharp": sharp,
    "imagemagick": imagemagick,
}


def main(names: Sequence[str]) -> None:
    """Measures and prints."""
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as place:
        folders = {name: Path(place, name) for name in names}
        for name, folder in folders.items():
            folder.mkdir()
            _make(LADDERS[name]).save(folder / "master.png", compress_level=4)
            rows += _costs(name, interleaved(_cases(name, folder), ROUNDS, warming=1))
        outcomes = [row for name, folder in folders.items() for row in _outcomes(name, folder)]
    notes = [f"median (least-most) of {ROUNDS}; a ratio below 1 is assetgen ahead"]
    if all(row[1] == "assetgen" for row in rows):
        notes.append("sharp is not at hand (npm install sharp, and set NODE_PATH), nor ImageMagick: no ratios")
    columns = ("", "made by", "CPU s", "wall s", "peak MB", "our CPU to its", "our wall to its")
    print_table("Ladders, whole processes", columns, rows, notes)
    print_table("What came out", ("", "made by", "kB", "PSNR dB"), outcomes, ["the first picture's files; PSNR: mean"])


def _cases(name: str, folder: Path) -> dict[str, Case]:
    ladder, master = LADDERS[name], folder / "master.png"
    cases = {"assetgen": Case((PYTHON, "-m", "benchmarks.ladders", "run", name, str(folder)), ROOT)}
    for who, how in RIVALS.items():
        command = how(ladder, master, folder)
        if command is not None:
            cases[who] = Case(command, ROOT)
    return cases


def _costs(name: str, costs: Mapping[str, Sequence[Cost]]) -> list[tuple[object, ...]]:
    own = costs["assetgen"]
    rows: list[tuple[object, ...]] = []
    for who, each in costs.items():
        cpu, wall = [cost.cpu for cost in each], [cost.wall for cost in each]
        beside = ("-", "-")
        if who != "assetgen":
            beside = (
                str(ratio([cost.cpu for cost in own], cpu)),
                str(ratio([cost.wall for cost in own], wall)),
            )
        peak = f"{max(cost.peak for cost in each):.0f}"
        rows.append((name, who, Spread.of(cpu), Spread.of(wall), peak, *beside))
    return rows


def _outcomes(name: str, folder: Path) -> list[tuple[object, ...]]:
    """Bytes of each kind of file, and where it is a picture by itself how near it is to what it should be."""
    from benchmarks.fidelity import psnr  # last of all: a child begins as a copy of this process, numpy included

    rows: list[tuple[object, ...]] = []
    for who in ("assetgen", *RIVALS) if not name.endswith("x10") else ():
        kinds = defaultdict(list)
        for file in sorted(folder.glob(f"{who}-0-*")):
            kinds[file.suffix[1:]].append(file)
        for kind, files in kinds.items():
            quality = "-" if kind in ("ico", "icns") else f"{mean(psnr(f, folder / 'master.png') for f in files):.1f}"
            rows.append((f"{name} {kind}", who, f"{sum(file.stat().st_size for file in files) / 1e3:.0f}", quality))
    return sorted(rows, key=lambda row: str(row[0]))


def _make(ladder: Ladder) -> Image.Image:
    """Ramps, grain and shapes: a picture that is neither clean art nor noise."""
    edge = ladder.edge
    grain = Image.frombytes("L", (256, 256), Random(1).randbytes(256 * 256)).resize(
        (edge, edge), Image.Resampling.BICUBIC
    )
    ramp = Image.linear_gradient("L").resize((edge, edge))
    rich = Image.merge("RGB", (ramp, ramp.transpose(Image.Transpose.ROTATE_90), grain))
    picture = Image.blend(rich, Image.merge("RGB", (grain, grain, ramp)), 0.3)
    pen = ImageDraw.Draw(picture)
    for number in range(12):
        x, y, reach = number * 73 % 90 * edge // 100, number * 37 % 80 * edge // 100, edge // (6 + number)
        pen.ellipse((x, y, x + reach, y + reach), (236, 72 + number * 10, 153 - number * 9))
    if ladder.cutout:
        mask = Image.new("L", (edge, edge))
        ImageDraw.Draw(mask).ellipse((edge // 10, edge // 10, edge * 9 // 10, edge * 9 // 10), 255)
        picture.putalpha(mask.reduce(4).resize((edge, edge), Image.Resampling.BICUBIC))
    return picture


async def _run(ladder: Ladder, folder: Path) -> None:
    """As a build does it: each picture is decoded once, and all its files are made by one worker."""
    async with Threads(ladder.workers) as threads, asyncio.TaskGroup() as group:
        for number in range(ladder.pictures):
            exports = _app(number, folder) if ladder.app else _ladder(ladder, number, folder)
            group.create_task(threads.run(export_file, folder / "master.png", exports, False))


def _ladder(ladder: Ladder, number: int, folder: Path) -> list[tuple[PictureExport, Path]]:
    return [
        (Export(file_format, width), folder / f"assetgen-{number}-{width}.{file_format}")
        for width in ladder.widths
        for file_format in ladder.formats
    ]


def _app(number: int, folder: Path) -> list[tuple[PictureExport, Path]]:
    """What the three presets make of an opaque picture."""
    subject, plain = Subject("app", 1024, 1024), Export("png")
    classic = expand("ios-appicon", subject, PresetOptions(classic=True), Brand())
    exports: list[tuple[PictureExport, Path]] = [
        (PresetExport("ios-appicon", file, plain), folder / f"assetgen-{number}-{file.width}.png")
        for file in classic.files
    ]
    for name in ("windows", "macos"):
        (container,) = expand(name, subject, PresetOptions(), Brand()).containers
        exports.append((PresetExport(name, container, plain), folder / f"assetgen-{number}-{container.path}"))
    return exports


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["run", which, place]:
            asyncio.run(_run(LADDERS[which], Path(place)))
        case names:
            main(names or list(LADDERS))
