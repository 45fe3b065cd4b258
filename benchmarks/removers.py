"""How exact removers are, against subjects whose opacity and colours are known.

    python -m benchmarks.removers [NAME...]          key and difference by default; service (asks BG_REMOVE_URL), rembg

`difference` is given both pictures: the first on the background, the second on black or white.
Every subject is put on white, on grey and on a brand colour, lossless and as JPEG. The errors: of opacity (mean over
the picture), of its slope and of the foreground's colour at the edge (means), and what shows on black (the 99th
percentile at the edge, in levels). The aims, for plain cases without loss: opacity within 0.010, on black within 8.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from PIL import Image

from assetgen.catalog.grounds import BLACK
from assetgen.executors.threads import Threads
from assetgen.removers.base import Removal, RemovalError, Remover, RemoverContext
from assetgen.removers.difference import Solving, cut_pair, other_ground
from assetgen.removers.registry import remover_named
from benchmarks.measure import print_table
from tests.removers import truth

EDGE = 512
NOISES = (truth.CLEAN, truth.FINE_JPEG, truth.USUAL_JPEG)
PLAIN = frozenset({"hard edge", "soft edge", "hole", "thin strokes", "shadow"})
ALPHA, LEVELS = 0.010, 8.0
"""The aims."""

PAIRS = "difference"
Cutter: TypeAlias = Callable[[Removal, Image.Image, truth.Noise], Awaitable[None]]
"""Cuts out a picture; it is told what the picture was made from, and how."""


def main() -> None:
    """Measures and prints."""
    for name in sys.argv[1:] or ["key", PAIRS]:
        title = f"{name}: {EDGE} x {EDGE} pixels, the worst of {', '.join(truth.BACKGROUNDS)}"
        columns = ("subject", "picture", "opacity", "slope", "edge colour", "on black", "aim")
        print_table(title, columns, asyncio.run(_rows(name)))


async def _rows(name: str) -> list[tuple[object, ...]]:
    if name == PAIRS:
        return [await _row(_pair, subject, noise) for subject in truth.SUBJECTS for noise in NOISES]
    async with Threads() as threads:
        remover = remover_named(name, RemoverContext(os.environ, threads))
        try:
            return [
                await _row(partial(_one, remover), subject, noise) for subject in truth.SUBJECTS for noise in NOISES
            ]
        finally:
            await remover.close()


async def _row(cut: Cutter, subject: str, noise: truth.Noise) -> tuple[object, ...]:
    """The worst over the backgrounds."""
    try:
        found = [await _scores(cut, subject, ground, noise) for ground in truth.BACKGROUNDS.values()]
    except RemovalError as error:
        return subject, str(noise), error.message, "", "", "", ""
    alpha, black = max(one.alpha for one in found), max(one.halo["black"] for one in found)
    aimed = subject in PLAIN and noise == truth.CLEAN
    return (
        subject,
        str(noise),
        f"{alpha:.4f}",
        f"{max(one.gradient for one in found):.4f}",
        f"{max(one.color for one in found):.1f}",
        f"{black:.1f}",
        ("met" if alpha <= ALPHA and black <= LEVELS else "missed") if aimed else "",
    )


async def _scores(cut: Cutter, subject: str, ground: truth.Color, noise: truth.Noise) -> truth.Scores:
    wanted = truth.SUBJECTS[subject](EDGE, ground)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "master.png", Path(folder) / "cutout.png"
        truth.composed(wanted, ground, noise).save(source)
        await cut(Removal(source, target, holes=subject == "hole"), wanted, noise)
        with Image.open(target) as made:
            made.load()
    return truth.scores(made, wanted)


async def _one(remover: Remover, removal: Removal, _wanted: Image.Image, _noise: truth.Noise) -> None:
    await remover.remove(removal)


async def _pair(removal: Removal, wanted: Image.Image, noise: truth.Noise) -> None:
    """With the second picture as a model would make it that redraws nothing."""
    second = removal.source.with_name("second.png")
    ground = truth.BLACK if other_ground(removal.source) == BLACK else truth.WHITE
    truth.composed(wanted, ground, noise).save(second)
    cut_pair(Solving(removal.source, second, removal.target))


if __name__ == "__main__":
    main()
