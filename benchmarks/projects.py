"""Projects to measure with: manifests of many assets, and a provider that answers at once."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

from assetgen.build import Limits, Report, build
from assetgen.plan.plan import Options
from assetgen.project import load
from assetgen.providers.base import ONCE, Finished, GoneError, Order, ProviderContext, Succeeded, TaskId, TaskState


def manifest(
    assets: int, *, sizes: Sequence[int], formats: Sequence[str] = ("png",), resolution: str = "1K", tuning: str = "{}"
) -> str:
    """A manifest as people write them, a dozen lines an asset. `tuning` is that of `kie`, in one line of YAML."""
    head = (
        "version: 1\n"
        "brand:\n"
        "  name: Acme\n"
        '  colors: {primary: "#EC4899", ink: "#0F172A"}\n'
        "  style: [premium, minimalist, clean]\n"
        f"providers: {{kie: {tuning}}}\n"
        "defaults:\n"
        f"  resolution: {resolution}\n"
        "  exclude: [text, typography, logos]\n"
        "assets:\n"
    )
    return head + "".join(
        f"  item-{number:04}:\n"
        f"    description: Shown on page {number % 40}\n"
        "    prompt: |\n"
        f"      Item number {number} in rose-gold ({{{{ brand.colors.primary }}}}),\n"
        '      {{ brand.style | join(", ") }}, centered on a plain ground.\n'
        '    aspect_ratio: "1:1"\n'
        f"    sizes: [{', '.join(map(str, sizes))}]\n"
        f"    formats: [{', '.join(formats)}]\n"
        f"    tags: [group-{number % 10}]\n"
        for number in range(assets)
    )


def new_project(root: Path, text: str) -> Path:
    """A project with one manifest; returns the manifest's path."""
    (root / ".git").mkdir(parents=True)
    path = root / "app.yaml"
    path.write_text(text)
    return path


class Instant:
    """Answers each order with a picture of 64 pixels, another one for each prompt, in no time. Poses as `draft`, so
    that everything after it, the command line included, takes what it made for drafts."""

    name = "draft"
    retries = ONCE

    async def submit(self, order: Order) -> Finished:
        return Finished(flat_png(64, zlib.crc32(order.prompt.encode())))

    async def poll(self, task: TaskId) -> TaskState:
        raise GoneError(f"there is no task {task}")

    async def fetch(self, result: Succeeded, target: Path) -> None:
        raise GoneError(f"there is no result {result} for {target}")

    async def close(self) -> None:
        """Holds nothing."""


def build_instantly(path: Path) -> Report:
    """Build the manifest at `path` with pictures that cost nothing to make. Raises RuntimeError when that fails."""

    def provide(_name: str, _context: ProviderContext) -> Instant:
        return Instant()

    project = load([path], environ={}, cwd=path.parent)
    report = asyncio.run(build(project, Options(), Limits(), provide=provide))
    if report.failed:
        raise RuntimeError(f"{path} could not be built: {report.outcomes[0].problem}")
    return report


def flat_png(edge: int, color: int) -> bytes:
    """A square PNG of one colour, the lowest 24 bits of `color`."""
    pixels = (b"\0" + color.to_bytes(8)[-3:] * edge) * edge
    header = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
