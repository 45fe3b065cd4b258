"""Peak memory of exporting many 4K masters to outputs of up to 2048 pixels with two workers.

    python -m benchmarks.memory [MASTERS]

One process makes the masters and another exports them; the highest resident size of the latter is what counts. Masters
alternate between opaque texture and a cutout.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from random import Random

from PIL import Image

from assetgen.executors.threads import Threads
from assetgen.imaging.export import export_file
from assetgen.manifest.recipe import Export, Format
from benchmarks.measure import PYTHON, cost_of, print_table

ROOT = Path(__file__).resolve().parents[1]
EDGE = 4096
WIDTHS = (640, 1280, 2048)
FORMATS: tuple[Format, ...] = ("png", "webp", "avif")
WORKERS = 2
LIMIT_MB = 600


def main(masters: int = 12) -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory() as folder:
        command = [PYTHON, "-m", "benchmarks.memory", str(masters)]
        cost_of([*command, "make", folder], ROOT)
        cost = cost_of([*command, "export", folder], ROOT)
    print_table(
        f"Memory: {masters} masters of {EDGE}x{EDGE}, each to {len(WIDTHS) * len(FORMATS)} files of up to"
        f" {max(WIDTHS)} pixels, {WORKERS} workers",
        ("", "peak MB", "limit MB", "ratio", "s a master"),
        [("exports", f"{cost.peak:.0f}", LIMIT_MB, f"{cost.peak / LIMIT_MB:.2f}", f"{cost.wall / masters:.2f}")],
    )


def make(folder: Path, masters: int) -> None:
    """Two masters as a service might send them; the others are links to them."""
    grain = Image.frombytes("L", (512, 512), Random(1).randbytes(512 * 512))
    grain = grain.resize((EDGE, EDGE), Image.Resampling.BICUBIC)
    ramp = Image.linear_gradient("L").resize((EDGE, EDGE))
    picture = Image.merge("RGB", (grain, ramp, ramp.transpose(Image.Transpose.ROTATE_90)))
    picture.save(folder / "master-0", "PNG", compress_level=1)
    picture.putalpha(Image.radial_gradient("L").resize((EDGE, EDGE)).point([255 - value for value in range(256)]))
    picture.save(folder / "master-1", "PNG", compress_level=1)
    for number in range(2, masters):
        (folder / f"master-{number}").hardlink_to(folder / f"master-{number % 2}")


async def export(folder: Path, masters: int) -> None:
    """All masters at once, as a build does that has them all: the executor bounds how many are alive."""
    async with Threads(WORKERS) as threads, asyncio.TaskGroup() as group:
        for number in range(masters):
            ladder = [
                (Export(file_format, width), folder / f"{number}-{width}.{file_format}")
                for width in WIDTHS
                for file_format in FORMATS
            ]
            group.create_task(threads.run(export_file, folder / f"master-{number}", ladder, True))


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    match sys.argv[2:]:
        case ["make", place]:
            make(Path(place), count)
        case ["export", place]:
            asyncio.run(export(Path(place), count))
        case _:
            main(count)
