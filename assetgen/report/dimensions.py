"""How large each output comes out, where that is known before it is made. Pure; decides nothing."""

from __future__ import annotations

from assetgen.errors import ExportError
from assetgen.imaging.sizes import canvas_of, even, fitted
from assetgen.manifest.cells import cell_size
from assetgen.manifest.recipe import ClipExport, Export, OutputSpec, PixelSize, TextExport
from assetgen.plan.plan import AssetPlan, Collected, Cutting, Kept, KeptCutout, Redrawn
from assetgen.plan.world import StoredCutout, StoredMaster


def picture_of(asset: AssetPlan) -> StoredMaster | None:
    """The picture that the asset's files are made from, where it is known already."""
    match asset.base:
        case Kept(picture) | Collected(Kept(picture)) | Redrawn(Kept(picture)):
            return picture
    return None


def source_of(asset: AssetPlan, spec: OutputSpec) -> StoredMaster | StoredCutout | None:
    """The picture that an output is made from, where it is known already: the cutout, if there is to be one, or what
    another asset lends."""
    if spec.borrowed is not None:
        loan = asset.loans.get(spec.borrowed.name)
        return loan.art.picture if loan and loan.art else None
    if asset.cutout is None or spec.original:
        return picture_of(asset)
    return asset.cutout.cutout if isinstance(asset.cutout, KeptCutout) else None


def output_size(asset: AssetPlan, spec: OutputSpec) -> PixelSize | None:
    """The pixels of an output: from its source, else from the size that the model is known to return. None when neither
    is known, when it cannot be made from that, and for text."""
    picture = source_of(asset, spec)
    source = picture.size if picture else _expected(asset, spec)
    if source and spec.borrowed and spec.borrowed.cell:
        source = cell_size(source, spec.borrowed.cell)
    if source is None or isinstance(spec.export, TextExport):
        return None
    match spec.export:
        case Export() as export:
            return _plain_size(source, export)
        case ClipExport(_, settings):
            size = _plain_size(source, settings)
            return size and even(size)
        case export:
            return canvas_of(export, source)


def _expected(asset: AssetPlan, spec: OutputSpec) -> PixelSize | None:
    """What is left once a picture is trimmed is not known before, nor what another asset lends."""
    recipe, expected = asset.recipe, asset.recipe.expected
    if (
        expected is None
        or spec.borrowed is not None
        or (isinstance(asset.cutout, Cutting) and asset.cutout.settings.crop)
    ):
        return None
    return expected.times(recipe.drawing.enlarged)


def _plain_size(source: PixelSize, export: Export) -> PixelSize | None:
    part = cell_size(source, export.cell) if export.cell else source
    try:
        return fitted(part, export).canvas if part else None
    except ExportError:
        return None


def sizes_text(asset: AssetPlan) -> str:
    """`640x272, 1280x543 (webp, avif)`; empty where no size is known."""
    sizes = dict.fromkeys(str(size) for spec in asset.recipe.outputs if (size := output_size(asset, spec)))
    formats = dict.fromkeys(spec.export.format for spec in asset.recipe.outputs if spec.export.format != "text")
    return f"{', '.join(sizes)} ({', '.join(formats)})" if sizes else ""
