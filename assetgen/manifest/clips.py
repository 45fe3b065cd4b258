"""The files of one video: itself and its re-encodes, and stills of its first frame under `poster`.

`sizes` count for a video only where they are written on it, and `formats` of `defaults` only where one of them is for
videos alone: what icons share is not meant for films.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from assetgen.errors import Place
from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.folders import AssetFolders, check_subfolders
from assetgen.manifest.naming import suffix_of
from assetgen.manifest.outputs import file_name_of, quality_of
from assetgen.manifest.paths import joined
from assetgen.manifest.recipe import AnyExport, ClipExport, ClipFormat, Export, Format, OutputPath, OutputSpec
from assetgen.manifest.setting import Setting
from assetgen.manifest.sizes import MASTER, Size, sizes_of
from assetgen.manifest.template import Scope

_CLIPS: dict[str, ClipFormat] = {"mp4": "mp4", "webm": "webm", "gif": "gif", "webp": "webp"}
_FILMS_ONLY = frozenset(("mp4", "webm", "gif"))

OF_PICTURES = ("remove_bg", "presets", "grid")
"""Fields that a video cannot have."""

OF_VIDEOS = ("source", "poster")
"""Fields that a picture cannot have."""


def is_for_videos(formats: Sequence[str]) -> bool:
    """Whom a list of formats in `defaults` is meant for."""
    return not _FILMS_ONLY.isdisjoint(formats)


def check_fields(settled: Settled, setting: Setting) -> None:
    """Complains of what the other kind of asset has; in `defaults` it is meant for that."""
    video = settled.asset.type == "video"
    for field in OF_PICTURES if video else OF_VIDEOS:
        key = "removeBg" if field == "remove_bg" else field
        if getattr(settled.asset, field) in (None, False) or not settled.is_own(key):
            continue
        message = f"{subject(settled.path(key))} is for {'pictures' if video else 'videos'}"
        hint = "delete it" if video else "delete it, or write `type: video`"
        setting.complain("not-applicable", message, settled.document.key_place(settled.path(key)), hint)


def clips_of(
    settled: Settled, shape: object, scope: Scope, folders: AssetFolders, setting: Setting
) -> tuple[OutputSpec, ...]:
    """All outputs of a video that can be worked out; what is wrong with the others is complained of. `shape` is the
    aspect ratio asked for, if one is."""
    specs = []
    for size, export in (*_clips(settled, shape, setting), *_stills(settled, shape, setting)):
        name = file_name_of(settled, settled.name, size, export.format, scope, setting)
        if name is not None and folders.output is not None:
            published = tuple(OutputPath(joined(place, name)) for place in folders.publish)
            specs.append(OutputSpec(OutputPath(joined(folders.output, name)), size.label, export, published))
    check_subfolders(specs, settled.place("filename"), setting)
    return tuple(specs)


def _clips(settled: Settled, shape: object, setting: Setting) -> Iterator[tuple[Size, AnyExport]]:
    written = settled.asset.sizes if settled.is_own("sizes") else None
    sizes = sizes_of(written, square=shape == "1:1")
    places = [settled.place("sizes", size.key) for size in sizes if size.key is not None]
    for size, format_ in product(_once(sizes, places, "`sizes`", settled, setting), _formats(settled, setting)):
        settings = _settings(settled, "webp" if format_ == "webp" else "png", size)
        yield size, ClipExport(format_, settings)


def _stills(settled: Settled, shape: object, setting: Setting) -> Iterator[tuple[Size, AnyExport]]:
    """Named like the video, with `-poster` before what their size adds."""
    poster = settled.asset.poster
    if poster is None:
        return
    sizes = sizes_of(poster.sizes, square=shape == "1:1")
    places = [settled.place("poster", "sizes", size.key) for size in sizes if size.key is not None]
    formats: list[Format] = list(dict.fromkeys(poster.formats or ["png"]))
    for size, format_ in product(_once(sizes, places, "`poster.sizes`", settled, setting), formats):
        named = Size(size.key, f"poster{suffix_of(size.label)}", size.width, size.height)
        yield named, _settings(settled, format_, size)


def _settings(settled: Settled, format_: Format, size: Size) -> Export:
    asset = settled.asset
    return Export(
        format=format_,
        width=size.width,
        height=size.height,
        fit=asset.fit if size.height is not None else None,
        background=asset.background,
        upscale=asset.upscale is True and settled.is_own("upscale"),
        quality=quality_of(settled, format_),
        provenance=asset.provenance is not False,
    )


def _formats(settled: Settled, setting: Setting) -> Iterator[ClipFormat]:
    written = settled.asset.formats or ["mp4"]
    if not settled.is_own("formats") and not is_for_videos(written):
        written = ["mp4"]
    for index, name in enumerate(written):
        format_ = _CLIPS.get(name)
        if format_ is None:
            message = f"`{name}` is a format of pictures ({subject(settled.path('formats'))})"
            hint = "write it under `poster`, which makes stills" if settled.is_own("formats") else "delete it"
            setting.complain("not-applicable", message, settled.place("formats", index), hint)
        elif name in written[:index]:
            message = f"`{name}` stands twice in {subject(settled.path('formats'))}"
            setting.complain("value", message, settled.place("formats", index), "delete one of them")
        else:
            yield format_


def _once(sizes: Sequence[Size], places: Sequence[Place], field: str, settled: Settled, setting: Setting) -> list[Size]:
    found: dict[str, Size] = {}
    for size, place in zip(sizes, places or [settled.place("sizes")], strict=False):
        if size is not MASTER and size.label in found:
            message = f"`{size.label}` stands twice in {field} in asset `{settled.name}`"
            setting.complain("value", message, place, "delete one of them")
        found.setdefault(size.label, size)
    return list(found.values())
