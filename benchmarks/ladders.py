"""Exporting usual sets of files, beside `sharp` (node) at the same settings where it is at hand.

    python -m benchmarks.ladders          NODE_PATH=.../node_modules python -m benchmarks.ladders

icons: 1024 px, opaque, to 4 sizes in PNG and WebP, one worker. web: a 2048 px cutout to 5 widths in PNG, WebP and
AVIF, two workers. Whole processes, start-up included. Both use PNG level 4 with all row filters, WebP quality 80 method
4, AVIF quality 60 at encoder speed 6 in 4:2:0; their encoders differ in version, not in what is asked of them.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

from assetgen.executors.threads import Threads
from assetgen.imaging.export import export_file
from assetgen.manifest.recipe import Export, Format
from benchmarks.measure import PYTHON, Case, Cost, Spread, interleaved, print_table, ratio

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Ladder:
    """A master of `edge` pixels, and what is made of it."""

    edge: int
    widths: tuple[int, ...]
    formats: tuple[Format, ...]
    cutout: bool
    workers: int


LADDERS = {
    "icons": Ladder(1024, (24, 48, 72, 160), ("png", "webp"), cutout=False, workers=1),
    "web": Ladder(2048, (320, 640, 960, 1280, 1920), ("png", "webp", "avif"), cutout=True, workers=2),
}

SHARP = """
const sharp = require('sharp'), fs = require('fs');
const {master, folder, widths, formats, workers} = JSON.parse(process.argv[1]);
sharp.concurrency(1);
const encode = {
  png: p => p.png({compressionLevel: 4, adaptiveFiltering: true}),
  webp: p => p.webp({quality: 80, effort: 4}),
  avif: p => p.avif({quality: 60, effort: 3, chromaSubsampling: '4:2:0'}),
};
(async () => {
  const {data, info} = await sharp(master).raw().toBuffer({resolveWithObject: true});
  const raw = {width: info.width, height: info.height, channels: info.channels};
  const jobs = widths.flatMap(width => formats.map(format => ({width, format})));
  const work = async () => {
    for (let job; (job = jobs.pop()); ) {
      const file = `${folder}/sharp-${job.width}.${job.format}`;
      await encode[job.format](sharp(data, {raw}).resize(job.width)).toFile(file);
    }
  };
  await Promise.all(Array.from({length: workers}, work));
})();
"""


def main() -> None:
    """Measures and prints."""
    sharp = _sharp()
    rows: list[tuple[object, ...]] = []
    for name, ladder in LADDERS.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            _make(ladder).save(folder / "master.png", compress_level=4)
            cases = {"assetgen": Case([PYTHON, "-m", "benchmarks.ladders", "run", name, place], ROOT)}
            if sharp:
                cases["sharp"] = Case([*sharp, _order(ladder, folder)], ROOT)
            costs = interleaved(cases, ROUNDS)
            rows.append(_row(name, costs, folder))
    notes = () if sharp else ("sharp is not at hand (npm install sharp, and set NODE_PATH): no ratios",)
    columns = ("", "CPU s", "wall s", "CPU to sharp's", "wall to sharp's", "bytes to sharp's")
    print_table(f"Ladders: {ROUNDS} rounds", columns, rows, notes)


def _row(name: str, costs: dict[str, list[Cost]], folder: Path) -> tuple[object, ...]:
    cpu = {who: [cost.cpu for cost in each] for who, each in costs.items()}
    wall = {who: [cost.wall for cost in each] for who, each in costs.items()}
    own = (name, Spread.of(cpu["assetgen"]), Spread.of(wall["assetgen"]))
    if "sharp" not in costs:
        return (*own, "-", "-", "-")
    sizes = [sum(file.stat().st_size for file in folder.glob(f"{who}-*")) for who in ("assetgen", "sharp")]
    return (
        *own,
        ratio(cpu["assetgen"], cpu["sharp"]),
        ratio(wall["assetgen"], wall["sharp"]),
        f"{sizes[0] / sizes[1]:.2f}",
    )


def _sharp() -> list[str]:
    """How to run the rival, if it is there."""
    node = shutil.which("node")
    if node is None or subprocess.run([node, "-e", "require('sharp')"], cwd=ROOT, capture_output=True).returncode:
        return []
    return [node, "-e", SHARP]


def _order(ladder: Ladder, folder: Path) -> str:
    return json.dumps(
        {
            "master": str(folder / "master.png"),
            "folder": str(folder),
            "widths": ladder.widths,
            "formats": ladder.formats,
            "workers": ladder.workers,
        }
    )


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
    """Each worker takes its share, the widest first, and decodes for itself."""
    exports = [
        (Export(file_format, width), folder / f"assetgen-{width}.{file_format}")
        for width in sorted(ladder.widths, reverse=True)
        for file_format in ladder.formats
    ]
    async with Threads(ladder.workers) as threads, asyncio.TaskGroup() as group:
        for part in range(ladder.workers):
            group.create_task(threads.run(export_file, folder / "master.png", exports[part :: ladder.workers], False))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["run", which, place]:
            asyncio.run(_run(LADDERS[which], Path(place)))
        case _:
            main()
