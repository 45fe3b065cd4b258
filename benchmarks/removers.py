"""How exact removers are, against subjects whose opacity and colours are known.

    python -m benchmarks.removers [NAME...]          key and difference by default; service (asks BG_REMOVE_URL), rembg

`difference` is given both pictures: the first on the background, the second on black or white.
Every subject is put on white, on grey and on a brand colour, lossless and as JPEG; for removers of one picture also
every scene, on a ground that is a little darker towards the corners, as WebP and with grain of 1 %, too. The errors:
of opacity (mean over the picture), of its slope and of the foreground's colour at the edge (means), and what shows on
black (the 99th percentile at the edge, in levels). The aims, for plain cases without loss: opacity within 0.010, on
black within 8.

`limit` is what would show on black if the foreground's colour and the background's were known exactly at every pixel,
and only opacity had to be found, by least squares that know how the noise is spread: no remover that looks at single
pixels gets below it, and shadows over edges, whose colour it is told, it makes look easier than they are.
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

import numpy as np
from PIL import Image

from assetgen.catalog.grounds import BLACK
from assetgen.executors.threads import Threads
from assetgen.removers.base import Removal, RemovalError, Remover, RemoverContext
from assetgen.removers.difference import Solving, cut_pair, other_ground
from assetgen.removers.registry import remover_named
from benchmarks.measure import print_table
from tests.removers import scenes, truth

EDGE = 512
NOISES = (truth.CLEAN, truth.FINE_JPEG, truth.USUAL_JPEG)
ROUGH = (truth.CLEAN, truth.USUAL_JPEG, truth.WEBP, truth.GRAIN)
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
        columns = ("subject", "picture", "opacity", "slope", "edge colour", "on black", "limit", "aim")
        print_table(title, columns, asyncio.run(_rows(name)))


async def _rows(name: str) -> list[tuple[object, ...]]:
    if name == PAIRS:
        return [await _row(_pair, subject, noise) for subject in truth.SUBJECTS for noise in NOISES]
    async with Threads() as threads:
        remover = remover_named(name, RemoverContext(os.environ, threads))
        try:
            cut = partial(_one, remover)
            plain = [await _row(cut, subject, noise) for subject in truth.SUBJECTS for noise in NOISES]
            return plain + [await _row(cut, scene, noise) for scene in scenes.SCENES for noise in ROUGH]
        finally:
            await remover.close()


async def _row(cut: Cutter, subject: str, noise: truth.Noise) -> tuple[object, ...]:
    """The worst over the backgrounds."""
    try:
        both = [await _scores(cut, subject, color, noise) for color in truth.BACKGROUNDS.values()]
    except RemovalError as error:
        return subject, str(noise), error.message, "", "", "", "", ""
    found, limits = [one for one, _ in both], [limit for _, limit in both]
    alpha, black = max(one.alpha for one in found), max(one.halo["black"] for one in found)
    aimed = subject in PLAIN and noise == truth.CLEAN
    return (
        subject,
        str(noise),
        f"{alpha:.4f}",
        f"{max(one.gradient for one in found):.4f}",
        f"{max(one.color for one in found):.1f}",
        f"{black:.1f}",
        f"{max(limit.halo['black'] for limit in limits):.1f}",
        ("met" if alpha <= ALPHA and black <= LEVELS else "missed") if aimed else "",
    )


async def _scores(
    cut: Cutter, subject: str, color: truth.Color, noise: truth.Noise
) -> tuple[truth.Scores, truth.Scores]:
    """How far the remover's cutout is from the truth, and the best one."""
    scene = scenes.SCENES.get(subject)
    wanted = (scene or truth.SUBJECTS[subject])(EDGE, color)
    ground = scenes.vignette(EDGE, color) if scene else np.asarray(color, np.float64)
    picture = truth.composed(wanted, ground, noise)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "master.png", Path(folder) / "cutout.png"
        picture.save(source)
        await cut(Removal(source, target, holes=subject == "hole"), wanted, noise)
        with Image.open(target) as made:
            made.load()
    return truth.scores(made, wanted), truth.scores(_best(picture, wanted, ground), wanted)


async def _one(remover: Remover, removal: Removal, _wanted: Image.Image, _noise: truth.Noise) -> None:
    await remover.remove(removal)


async def _pair(removal: Removal, wanted: Image.Image, noise: truth.Noise) -> None:
    """With the second picture as a model would make it that redraws nothing."""
    second = removal.source.with_name("second.png")
    ground = truth.BLACK if other_ground(removal.source) == BLACK else truth.WHITE
    truth.composed(wanted, ground, noise).save(second)
    cut_pair(Solving(removal.source, second, removal.target))


def _best(picture: Image.Image, wanted: Image.Image, ground: truth.Floats) -> Image.Image:
    """The cutout whose colours are the true ones, and whose opacity at the edge is the likeliest."""
    alpha, pure, seen = truth.alpha_of(wanted), truth.colors_of(wanted), truth.colors_of(picture)
    edge = truth.edge_of(alpha)
    noise = (seen - alpha[..., None] * pure - (1 - alpha[..., None]) * ground)[edge]
    weights = np.linalg.inv(np.cov(noise.T) + np.eye(3) / 12)
    line = pure - ground
    along = np.einsum("...i,ij,...j", seen - ground, weights, line)
    found = along / np.maximum(np.einsum("...i,ij,...j", line, weights, line), 1e-9)
    rgba = np.dstack([pure, np.where(edge, np.clip(found, 0, 1), alpha) * 255])
    return Image.fromarray(np.rint(rgba).astype(np.uint8), "RGBA")


if __name__ == "__main__":
    main()
