"""The paid step that makes a picture larger: which model, how many times, and whether that can be done."""

from __future__ import annotations

from assetgen.catalog.models import Model
from assetgen.digest import Json
from assetgen.manifest.asset_model import Upscale as Written
from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.recipe import PixelSize, Upscale
from assetgen.manifest.setting import Setting
from assetgen.manifest.suggest import did_you_mean_of

FACTOR = 2.0
"""How many times larger, where nobody says."""

MOST_PIXELS = 100_000_000
"""Larger pictures are not taken from a service."""


def upscale_of(settled: Settled, expected: PixelSize | None, setting: Setting) -> Upscale | None:
    """The step, None where there is none or it cannot be done. `expected` is the size that the picture itself is known
    to have."""
    written = settled.asset.upscale
    if not isinstance(written, Written):
        return None
    if settled.asset.type == "video":
        _is_for_pictures(settled, setting)
        return None
    factor = FACTOR if written.factor is None else written.factor
    model = _model(written, settled, setting)
    if model is None or not _factor_is_known(model, factor, settled, setting):
        return None
    if expected is not None and not _fits(expected, factor, model, settled, setting):
        return None
    further: dict[str, Json] = {"upscale_factor": model.factors[factor]} if model.factors else {}
    return Upscale(model.id, factor, further)


def enlarged(size: PixelSize | None, upscale: Upscale | None) -> PixelSize | None:
    """The size after the step, None when unknown."""
    if size is None or upscale is None:
        return size
    return size.times(upscale.factor)


def _is_for_pictures(settled: Settled, setting: Setting) -> None:
    """In `defaults` it is meant for those."""
    if settled.is_own("upscale"):
        message = f"{subject(settled.path('upscale'))} is for pictures"
        setting.complain("not-applicable", message, settled.place("upscale"), "delete it, or write `upscale: true`")


def _model(written: Written, settled: Settled, setting: Setting) -> Model | None:
    known = [model.id for model in setting.catalog.models.values() if model.kind == "upscale"]
    if written.model is None:
        message = f"{subject(settled.path('upscale'))} does not say which model enlarges"
        setting.complain("missing-model", message, settled.place("upscale"), f"write `model`: {' or '.join(known)}")
        return None
    if written.model not in known:
        message = f"`{written.model}` is no model that enlarges ({subject(settled.path('upscale', 'model'))})"
        setting.complain(
            "wrong-model", message, settled.place("upscale", "model"), did_you_mean_of(written.model, known)
        )
        return None
    return setting.catalog.models[written.model]


def _factor_is_known(model: Model, factor: float, settled: Settled, setting: Setting) -> bool:
    if not model.factors or factor in model.factors:
        return True
    message = f"{subject(settled.path('upscale', 'factor'))} cannot be {factor:g}: `{model.id}` does not know it"
    known = ", ".join(f"{value:g}" for value in model.factors)
    setting.complain("value", message, settled.place("upscale", "factor"), f"known: {known}")
    return False


def _fits(expected: PixelSize, factor: float, model: Model, settled: Settled, setting: Setting) -> bool:
    larger = expected.times(factor)
    if model.longest_edge is not None and max(larger.width, larger.height) > model.longest_edge:
        limit = f"`{model.id}` makes at most {model.longest_edge:,} pixels an edge"
    elif larger.width * larger.height > MOST_PIXELS:
        limit = f"at most {MOST_PIXELS // 1_000_000} million pixels are taken"
    else:
        return True
    message = f"{subject(settled.path('upscale'))} would make a picture of {larger}"
    setting.complain("too-large", message, settled.place("upscale"), f"{limit}: write a smaller factor or resolution")
    return False
