"""The same ladders made by others: what to run, and with which settings. Knows no measuring.

`sharp` needs node and the package (`npm install sharp`, and NODE_PATH); ImageMagick its `convert` or `magick`, or the
name of another command in IMAGEMAGICK.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assetgen.catalog.presets.apple import MAC_FRAMES
from assetgen.catalog.presets.apps import WINDOWS_EDGES
from assetgen.manifest.recipe import Format


@dataclass(frozen=True, slots=True)
class Ladder:
    """A master of `edge` pixels, and what is made of it: every width in every format, and with `app` the containers of
    icons for Windows and Macs. `pictures` are made in one process, by so many `workers`."""

    edge: int
    widths: tuple[int, ...]
    formats: tuple[Format, ...]
    cutout: bool
    workers: int
    pictures: int
    app: bool = False


_SHARP = """
const sharp = require('sharp'), fs = require('fs');
const {master, folder, widths, formats, workers, pictures, app} = JSON.parse(process.argv[1]);
sharp.concurrency(1);
const png = {compressionLevel: 4, adaptiveFiltering: true};
const encode = {
  png: p => p.png(png),
  webp: p => p.webp({quality: 80, effort: 4}),
  avif: p => p.avif({quality: 60, effort: 3, chromaSubsampling: '4:2:0'}),
};
const icns = (frames) => {
  const chunks = frames.map(([type, data]) => {
    const head = Buffer.alloc(8); head.write(type, 'latin1'); head.writeUInt32BE(data.length + 8, 4);
    return Buffer.concat([head, data]);
  });
  const body = Buffer.concat(chunks), head = Buffer.alloc(8);
  head.write('icns', 'latin1'); head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
};
const ico = (frames) => {
  const head = Buffer.alloc(6 + 16 * frames.length);
  head.writeUInt16LE(1, 2); head.writeUInt16LE(frames.length, 4);
  let at = head.length;
  frames.forEach(([edge, data], n) => {
    const entry = 6 + 16 * n;
    head[entry] = head[entry + 1] = edge % 256; head.writeUInt16LE(1, entry + 4); head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(data.length, entry + 8); head.writeUInt32LE(at, entry + 12); at += data.length;
  });
  return Buffer.concat([head, ...frames.map(([, data]) => data)]);
};
const types = ['ic07', 'ic08', 'ic09', 'ic10', 'ic11', 'ic12', 'ic13', 'ic14', 'icp4', 'icp5'];
const rounded = async (open, edge) => {  // Apple's template: a shape of 824 of 1024 pixels, with round corners
  const inner = Math.round(edge * 824 / 1024), left = Math.floor((edge - inner) / 2), right = edge - inner - left;
  const mask = Buffer.from(`<svg width="${inner}" height="${inner}"><rect width="${inner}" height="${inner}"
    rx="${inner * 0.225}"/></svg>`);
  return open().resize(inner).ensureAlpha().composite([{input: mask, blend: 'dest-in'}])
    .extend({top: left, bottom: right, left, right, background: {r: 0, g: 0, b: 0, alpha: 0}}).png(png).toBuffer();
};
const make = async (number) => {
  const {data, info} = await sharp(master).raw().toBuffer({resolveWithObject: true});
  const raw = {width: info.width, height: info.height, channels: info.channels};
  const open = () => sharp(data, {raw}), named = name => `${folder}/sharp-${number}-${name}`;
  for (const width of widths) for (const format of formats)
    await encode[format](open().resize(width)).toFile(named(`${width}.${format}`));
  if (!app) return;
  const frames = [];
  for (const edge of app.ico) frames.push([edge, await open().resize(edge).png(png).toBuffer()]);
  fs.writeFileSync(named('app.ico'), ico(frames));
  const made = {};
  for (const edge of app.icns) made[edge] = made[edge] || await rounded(open, edge);
  fs.writeFileSync(named('app.icns'), icns(app.icns.map((edge, n) => [types[n], made[edge]])));
};
(async () => {
  const numbers = Array.from({length: pictures}, (_, n) => n);
  const work = async () => { while (numbers.length) await make(numbers.shift()); };
  await Promise.all(Array.from({length: workers}, work));
})();
"""


def sharp(ladder: Ladder, master: Path, folder: Path) -> Sequence[str] | None:
    """How to run it, None where it is not at hand. Decodes once a picture, like the others."""
    node = shutil.which("node")
    if node is None or subprocess.run([node, "-e", "require('sharp')"], capture_output=True).returncode:
        return None
    icns = [frame.pixels for frame in MAC_FRAMES]
    order = {
        "master": str(master),
        "folder": str(folder),
        "widths": ladder.widths,
        "formats": ladder.formats,
        "workers": ladder.workers,
        "pictures": ladder.pictures,
        "app": {"ico": WINDOWS_EDGES, "icns": icns} if ladder.app else None,
    }
    return [node, "-e", _SHARP, json.dumps(order)]


def imagemagick(ladder: Ladder, master: Path, folder: Path) -> Sequence[str] | None:
    """How to run it, None where it is not at hand: one process a picture, each on one thread. It writes no ICNS."""
    convert = _convert()
    if convert is None:
        return None
    pictures = [shlex.join([*convert, *_steps(ladder, master, folder, n)]) for n in range(ladder.pictures)]
    shares = [pictures[worker :: ladder.workers] for worker in range(ladder.workers)]
    together = " ".join(f"{{ {'; '.join(share)}; }} &" for share in shares)
    return ["sh", "-c", f"export MAGICK_THREAD_LIMIT=1; {together} wait"]


def _convert() -> list[str] | None:
    for name in (os.environ.get("IMAGEMAGICK"), "magick", "convert"):
        found = shutil.which(name) if name else None
        if found and b"ImageMagick Studio" in subprocess.run([found, "-version"], capture_output=True).stdout:
            return [found]
    return None


_SETTINGS: dict[str, tuple[str, ...]] = {
    "png": ("-define", "png:compression-level=4", "-define", "png:compression-filter=5"),
    "webp": ("-quality", "80", "-define", "webp:method=4"),
    "avif": ("-quality", "60", "-define", "heic:speed=6", "-define", "heic:chroma=420"),
}


def _steps(ladder: Ladder, master: Path, folder: Path, number: int) -> list[str]:
    steps = [str(master)]
    for width in ladder.widths:
        steps += ("(", "+clone", "-filter", "Lanczos", "-resize", f"{width}x{width}")
        for form in ladder.formats:
            steps += (*_SETTINGS[form], "-write", str(folder / f"imagemagick-{number}-{width}.{form}"))
        steps += ("+delete", ")")
    if ladder.app:
        edges = ",".join(map(str, reversed(WINDOWS_EDGES)))
        icon = str(folder / f"imagemagick-{number}-app.ico")
        steps += ("(", "+clone", "-resize", "256x256", "-define", f"icon:auto-resize={edges}", "-write", icon)
        steps += ("+delete", ")")
    return [*steps, "null:"]
