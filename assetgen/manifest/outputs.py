"""The files of one asset: each size in each format, where it is written, and where it is published."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from assetgen.manifest.asset_model import QualityByFormat
from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.cutout import keeps_original
from assetgen.manifest.fields import LARGEST_EDGE
from assetgen.manifest.folders import AssetFolders, check_subfolders
from assetgen.manifest.grid import expected_cell, is_square, named_cells
from assetgen.manifest.naming import DEFAULT_FILENAME
from assetgen.manifest.paths import UnsafePathError, joined, safe_path
from assetgen.manifest.recipe import Cell, Export, Format, Grid, OutputPath, OutputSpec, PixelSize
from assetgen.manifest.setting import Setting
from assetgen.manifest.sizes import Size, largest, needs_upscaling, sizes_of
from assetgen.manifest.template import Scope

_FORMATS: dict[str, Format] = {"png": "png", "webp": "webp", "avif": "avif", "jpg": "jpg"}


@dataclass(frozen=True, slots=True)
class _Shot:
    """What outputs show: the whole picture, or one cell of it, also as the `original` with its background; and what
    `{{ name }}` is for them."""

    name: str
    cell_name: str | None = None
    cell: Cell | None = None
    original: bool | None = None


def outputs_of(
    settled: Settled,
    shape: object,
    expected: PixelSize | None,
    scope: Scope,
    folders: AssetFolders,
    setting: Setting,
    grid: Grid | None = None,
) -> tuple[OutputSpec, ...]:
    """All outputs but those of presets that can be worked out; what is wrong with the others is complained of. Beside
    presets there are none where no `sizes` are written (rule 10).

    `shape` is the aspect ratio asked for, `expected` the size that the model is known to return. With a `grid` each
    cell has the outputs that the whole picture would have.
    """
    if settled.asset.presets and not settled.asset.sizes:
        return ()
    square = is_square(grid, shape) if grid else shape == "1:1"
    sizes = tuple(_once(settled, sizes_of(settled.asset.sizes, square=square), setting))
    shown = expected_cell(settled, grid, expected, setting) if grid else expected
    _check_sizes(settled, sizes, shown, setting)
    _check_lossless(settled, setting)
    _check_flat(settled, setting)
    formats = tuple(_formats(settled, setting))
    specs = []
    shots = _shots(settled.name, grid)
    uncut = [replace(shot, original=True) for shot in shots] if keeps_original(settled) else []
    for shot, size, format_ in product((*shots, *uncut), sizes, formats):
        suffix = "-original" if shot.original else ""
        name = file_name_of(settled, shot.name, size, format_, scope, setting, suffix)
        if name is not None and folders.output is not None:
            specs.append(_spec(settled, shot, size, format_, folders.output, folders.publish, name))
    check_subfolders(specs, settled.place("filename"), setting)
    return tuple(specs)


def _shots(name: str, grid: Grid | None) -> tuple[_Shot, ...]:
    if grid is None:
        return (_Shot(name),)
    return tuple(_Shot(f"{name}-{cell_name}", cell_name, cell) for cell_name, cell in named_cells(grid).items())


def _spec(
    settled: Settled, shot: _Shot, size: Size, format_: Format, folder: str, publish: tuple[str, ...], name: str
) -> OutputSpec:
    asset = settled.asset
    export = Export(
        format=format_,
        width=size.width,
        height=size.height,
        fit=asset.fit if size.height is not None else None,
        background=asset.background,
        upscale=asset.upscale is True,
        quality=quality_of(settled, format_),
        provenance=asset.provenance is not False,
        max_bytes=asset.max_bytes,
        cell=shot.cell,
        original=shot.original,
    )
    published = tuple(OutputPath(joined(place, name)) for place in publish)
    return OutputSpec(OutputPath(joined(folder, name)), size.label, export, published, shot.cell_name)


def _formats(settled: Settled, setting: Setting) -> Iterator[Format]:
    written = settled.asset.formats or ["png"]
    if not settled.is_own("formats") and not any(name in _FORMATS for name in written):
        written = ["png"]  # those of `defaults` are for videos
    for index, name in enumerate(written):
        format_ = _FORMATS.get(name)
        if format_ is None:
            message = f"`{name}` is a format of videos ({subject(settled.path('formats'))})"
            hint = "a picture can be png, webp, avif or jpg"
            setting.complain("not-applicable", message, settled.place("formats", index), hint)
        elif name in written[:index]:
            message = f"`{name}` stands twice in {subject(settled.path('formats'))}"
            setting.complain("value", message, settled.place("formats", index), "delete one of them")
        else:
            yield format_


def _once(settled: Settled, sizes: tuple[Size, ...], setting: Setting) -> Iterator[Size]:
    labels: set[str] = set()
    for size in sizes:
        if size.label in labels and size.key is not None:
            message = f"`{size.label}` stands twice in {subject(settled.path('sizes'))}"
            setting.complain("value", message, settled.place("sizes", size.key), "delete one of them")
        else:
            labels.add(size.label)
            yield size


def quality_of(settled: Settled, format_: Format) -> int | Literal["lossless"] | None:
    """As written for the format; nothing is said of PNG, which is always lossless."""
    quality = settled.asset.quality
    if isinstance(quality, QualityByFormat):
        by_format = {"webp": quality.webp, "avif": quality.avif, "jpg": quality.jpg}
        return by_format.get(format_)
    return quality if format_ == "webp" else None


def _check_lossless(settled: Settled, setting: Setting) -> None:
    """`lossless` in `defaults` is for the formats that can be; an asset has to mean all of its own."""
    lossy = [name for name in settled.asset.formats or () if name in ("avif", "jpg")]
    if settled.asset.quality == "lossless" and settled.is_own("quality") and lossy:
        message = f"{lossy[0]} files cannot be written without loss ({subject(settled.path('quality'))})"
        hint = f"write `quality: {{webp: lossless, {lossy[0]}: 90}}`"
        setting.complain("value", message, settled.place("quality"), hint)


def _check_flat(settled: Settled, setting: Setting) -> None:
    """A JPEG has no transparency, and what it should show instead is not for us to choose."""
    formats = settled.asset.formats or []
    if settled.asset.remove_bg and settled.asset.background is None and "jpg" in formats:
        message = f"jpg files cannot be transparent, as `removeBg` makes asset `{settled.name}`"
        hint = 'write the colour to put it onto, such as `background: "#FFFFFF"`, or use webp'
        setting.complain("transparent", message, settled.place("formats", formats.index("jpg")), hint)


def _check_sizes(settled: Settled, sizes: tuple[Size, ...], expected: PixelSize | None, setting: Setting) -> None:
    if expected is None:
        return
    fit = settled.asset.fit or "cover"
    for size in sizes:
        if size.key is None:
            continue
        if settled.asset.upscale is True:
            _check_height(settled, size, expected, setting)
        elif needs_upscaling(size, fit, expected):
            most = largest(size, fit, expected)
            what = "a cell" if settled.asset.grid else "the picture"
            message = f"size `{size.label}` of asset `{settled.name}` is larger than {what}, which is {expected}"
            hint = f"the largest possible is `{most}`; ask for more with `resolution`, or allow it with `upscale: true`"
            setting.complain("too-large", message, settled.place("sizes", size.key), hint)


def _check_height(settled: Settled, size: Size, expected: PixelSize, setting: Setting) -> None:
    """A width alone can mean a height beyond what files hold."""
    if size.width is not None and size.key is not None and size.width * expected.height > LARGEST_EDGE * expected.width:
        message = f"size `{size.label}` of asset `{settled.name}` would be more than {LARGEST_EDGE:,} pixels high"
        setting.complain("too-large", message, settled.place("sizes", size.key), "write a smaller width")


def file_name_of(
    settled: Settled, stem: str, size: Size, format_: str, scope: Scope, setting: Setting, more: str = ""
) -> str | None:
    """The output's path below its folder; `more` goes before the suffix of its size."""
    template = settled.asset.filename
    suffix = more + size.suffix
    if template is None:
        text: str | None = f"{stem}{suffix}.{format_}"
    else:
        text = setting.render(settled, "filename", template, _scope_of(stem, suffix, size, format_, scope))
    return None if text is None else _checked_name(text, settled, format_, setting)


def _scope_of(stem: str, suffix: str, size: Size, format_: str, scope: Scope) -> Scope:
    pixels = {"width": size.width, "height": size.height}
    known = {name: value for name, value in pixels.items() if value is not None}
    return {**scope, "name": stem, "suffix": suffix, "ext": format_, "size": size.label, **known}


def _checked_name(text: str, settled: Settled, format_: str, setting: Setting) -> str | None:
    try:
        name = safe_path(text)
        if name == ".":
            raise UnsafePathError("the file name is empty", "write `filename: " + repr(DEFAULT_FILENAME) + "`")
        extension = posixpath.splitext(name)[1].removeprefix(".").lower()
        if extension.replace("jpeg", "jpg") != format_:
            braces = re.search(r"\{\w+\}", name)
            hint = "names stand in two braces: `{{ name }}.{{ ext }}`" if braces else "end `filename` with `.{{ ext }}`"
            raise UnsafePathError(f"`{name}` would hold a {format_}", hint)
    except UnsafePathError as error:
        where = f"`filename` of asset `{settled.name}`" if settled.is_written("filename") else f"asset `{settled.name}`"
        setting.complain("path", f"{where}: {error.message}", settled.place("filename"), error.hint)
        return None
    return name
