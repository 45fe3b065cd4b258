"""How large each output comes out, where that is known before it is made. Pure; decides nothing."""

from __future__ import annotations

from assetgen.errors import ExportError
from assetgen.imaging.sizes import fitted
from assetgen.manifest.cells import cell_size
from assetgen.manifest.recipe import OutputSpec, PixelSize
from assetgen.plan.plan import AssetPlan, Collected, Kept, Redrawn
from assetgen.plan.world import StoredMaster


def picture_of(asset: AssetPlan) -> StoredMaster | None:
    """The master that the asset's files are made from, where it is known already."""
    match asset.master:
        case Kept():
            return asset.master.master
        case Collected() | Redrawn():
            return asset.master.kept.master
    return None


def output_size(asset: AssetPlan, spec: OutputSpec) -> PixelSize | None:
    """The pixels of an output: from its master, else from the size that the model is known to return. None when neither
    is known, or when it cannot be made from that."""
    picture = picture_of(asset)
    source = picture.size if picture else asset.recipe.expected
    part = cell_size(source, spec.export.cell) if source and spec.export.cell else source
    if part is None:
        return None
    try:
        return fitted(part, spec.export).canvas
    except ExportError:
        return None


def sizes_text(asset: AssetPlan) -> str:
    """`640x272, 1280x543 (webp, avif)`; empty where no size is known."""
    sizes = dict.fromkeys(str(size) for spec in asset.recipe.outputs if (size := output_size(asset, spec)))
    formats = dict.fromkeys(spec.export.format for spec in asset.recipe.outputs)
    return f"{', '.join(sizes)} ({', '.join(formats)})" if sizes else ""
