"""Pictures of other assets that files of a preset show: the assets that `dark`, `tinted` and `monochrome` name.

A file is made from such a picture, and no request shows it: it is never part of a generation key. Assets may therefore
name one another, also where the one that is named shows the other to its model. Reads no file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assetgen.catalog.presets.layout import too_large
from assetgen.catalog.presets.model import Container, PresetOutput, Subject
from assetgen.errors import Place
from assetgen.manifest.cascade import Settled
from assetgen.manifest.cells import cell_size
from assetgen.manifest.grid import named_cells
from assetgen.manifest.naming import fold
from assetgen.manifest.recipe import AssetName, Borrowed, Cell, Grid, OutputSpec, PixelSize, PresetExport, Recipe
from assetgen.manifest.references import meant
from assetgen.manifest.setting import Setting
from assetgen.manifest.suggest import did_you_mean
from assetgen.manifest.upscale import enlarged

OPTIONS = ("monochrome", "dark", "tinted")
"""Options that may name another asset."""


@dataclass(frozen=True, slots=True)
class Lender:
    """The asset that an option names: the picture of it that is shown, and what a preset wants to know of it."""

    borrowed: Borrowed
    subject: Subject


def lender(settled: Settled, option: str, text: str, place: Place, setting: Setting) -> Lender | None:
    """The asset that `option` of one of the asset's presets names as `text`: `NAME`, `SHEET/CELL`, with or without
    `asset:` before it and `#cutout` behind it. None when it names none that can be shown, which is complained of."""
    address, mark, part = text.removeprefix("asset:").partition("#")
    name, _, cell = address.partition("/")
    found = setting.assets.get(fold(name))
    wrong = _wrong_with(settled, option, name, found, setting) or (found and _wrong_part(found, f"{mark}{part}", cell))
    if found is None or wrong:
        code, message, hint = wrong or ("unknown-asset", "", None)
        setting.complain(code, message, place, hint)
        return None
    cells = _cells(found)
    known = next((known for known in cells if fold(known) == fold(cell)), "")
    borrowed = Borrowed(AssetName(found.name), place, cells.get(known), known)
    return Lender(borrowed, Subject(found.name, cutout=_is_cut_out(found)))


_Wrong = tuple[str, str, str | None]
"""The code, the message and the hint of a complaint."""


def _wrong_with(settled: Settled, option: str, name: str, found: Settled | None, setting: Setting) -> _Wrong | None:
    if found is None:
        return "unknown-asset", f"there is no asset `{name}` to show", meant(name, setting.assets)
    if found.name == settled.name:
        hint = f"write `{option}: true` to make it from this asset itself, or name another one"
        return "cycle", f"`{option}` of asset `{found.name}` names the asset itself", hint
    if found.asset.type == "video":
        return "wrong-model", f"asset `{found.name}` is a video: it has no picture to show", "name a picture"
    return None


def _wrong_part(found: Settled, mark: str, cell: str) -> _Wrong | None:
    """What is wrong with the part of an asset's picture that is named, if anything."""
    cells = _cells(found)
    if cell and not found.asset.grid:
        return "unknown-asset", f"asset `{found.name}` has no cells: it is no `grid`", f"write `{found.name}`"
    if cells and not cell:
        first = f"{found.name}/{next(iter(cells))}"
        return (
            "unknown-asset",
            f"asset `{found.name}` is a sheet of several pictures",
            f"name a cell, such as `{first}`",
        )
    if cell and fold(cell) not in map(fold, cells):
        return "unknown-asset", f"asset `{found.name}` has no cell `{cell}`", did_you_mean(cell, cells)
    if mark and mark != "#cutout":
        return "unknown-asset", f"`{mark}` of asset `{found.name}` is nothing", f"write `{found.name}`"
    if mark and not _is_cut_out(found):
        message = f"asset `{found.name}` has no cutout to show"
        return "unknown-asset", message, "write `removeBg: true` there, or show it whole: leave out `#cutout`"
    return None


def _cells(settled: Settled) -> dict[str, Cell]:
    grid = settled.asset.grid
    return named_cells(Grid(grid.rows, grid.columns, tuple(grid.cells), grid.gutter)) if grid else {}


def _is_cut_out(settled: Settled) -> bool:
    return settled.asset.remove_bg not in (None, False)


# --- sizes -----------------------------------------------------------------------------------------------------------


def check_sizes(recipes: Iterable[Recipe], setting: Setting) -> None:
    """Complains of files that would enlarge the picture of another asset, once for each option."""
    known = {recipe.name: recipe for recipe in recipes}
    told: set[Place] = set()
    for recipe in known.values():
        for spec in recipe.outputs:
            borrowed = spec.borrowed
            size = _size(known.get(borrowed.name), borrowed) if borrowed else None
            if borrowed is None or size is None or borrowed.place in told:
                continue
            percent = _enlarged_by(spec, size)
            if percent:
                told.add(borrowed.place)
                message = f"the {size} pixels of `{borrowed}` are too few: `{spec.label}` would show it at {percent} %"
                hint = f"give `{borrowed.name}` a higher `resolution`, or allow it with `upscale: true` here"
                setting.complain("too-large", message, borrowed.place, hint)


def _size(lent: Recipe | None, borrowed: Borrowed) -> PixelSize | None:
    """What the asset's files are made from, as far as its model is known to return it."""
    size = enlarged(lent.expected, lent.upscale) if lent else None
    return cell_size(size, borrowed.cell) if size and borrowed.cell else size


def _enlarged_by(spec: OutputSpec, size: PixelSize) -> int:
    """Per cent, 0 where that is allowed or the picture is large enough."""
    export = spec.export
    if not isinstance(export, PresetExport) or isinstance(export.picture, Container) or export.settings.upscale:
        return 0
    beyond = too_large(PresetOutput(files=(export.picture,)), (size.width, size.height))
    return beyond[0][1] if beyond else 0
