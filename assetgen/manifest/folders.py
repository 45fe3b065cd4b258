"""The folders that an asset's files are built into and published to, as safe paths of the project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assetgen.errors import Place
from assetgen.manifest.cascade import Settled
from assetgen.manifest.paths import UnsafePathError, safe_path
from assetgen.manifest.recipe import OutputSpec
from assetgen.manifest.setting import Setting


@dataclass(frozen=True, slots=True)
class AssetFolders:
    """`output` is None when what is written is no place to build into; that was complained of."""

    output: str | None
    publish: tuple[str, ...]


def folders_of(settled: Settled, setting: Setting) -> AssetFolders:
    """Where the asset is built and published: as it says itself, else as the manifest says."""
    asset = settled.asset
    output: str | None = setting.output
    if asset.output is not None:
        output = folder_of(asset.output, settled.place("output"), setting)
    if asset.publish is None:
        return AssetFolders(output, setting.publish)
    return AssetFolders(output, publish_folders(settled, asset.publish, setting, "publish"))


def publish_folders(
    settled: Settled, written: str | list[str], setting: Setting, field: str, *inner: str | int
) -> tuple[str, ...]:
    """The folder or folders `written` in a field of the asset, or in an entry of it."""
    if isinstance(written, str):
        folders = [folder_of(written, settled.place(field, *inner), setting)]
    else:
        places = [settled.place(field, *inner, index) for index in range(len(written))]
        folders = [folder_of(text, place, setting) for text, place in zip(written, places, strict=True)]
    return tuple(folder for folder in folders if folder is not None)


def folder_of(text: str, place: Place, setting: Setting) -> str | None:
    """A folder in the project as a safe path; None, and a complaint, when it is no such thing."""
    try:
        path = safe_path(text)
    except UnsafePathError as error:
        setting.complain("path", error.message, place, error.hint)
        return None
    return path if _is_inside(path, place, setting) else None


def check_subfolders(specs: Iterable[OutputSpec], place: Place, setting: Setting) -> None:
    """Folders within file names can be symbolic links too."""
    paths = (path for spec in specs for path in (spec.path, *spec.published))
    for folder in dict.fromkeys(path.rpartition("/")[0] or "." for path in paths):
        _is_inside(folder, place, setting)


def _is_inside(folder: str, place: Place, setting: Setting) -> bool:
    try:
        setting.boundary.check(folder)
    except UnsafePathError as error:
        setting.complain("path", error.message, place, error.hint)
        return False
    return True
