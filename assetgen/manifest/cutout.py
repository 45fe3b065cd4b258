"""Whether and how an asset's background is removed, from its `removeBg`."""

from __future__ import annotations

from collections.abc import Mapping

from assetgen.catalog.models import Model, editor_of
from assetgen.catalog.removers import KEY, REMOVERS
from assetgen.digest import Json
from assetgen.errors import Place
from assetgen.manifest.asset_model import RemoveBg, Upscale
from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.fields import SPELLINGS
from assetgen.manifest.recipe import Cutout
from assetgen.manifest.setting import Setting

FIELD = "removeBg"


def cutout_of(settled: Settled, setting: Setting) -> Cutout | None:
    """The settings as written, None when the background stays. What they cannot be is complained of."""
    written = settled.asset.remove_bg
    if not isinstance(written, RemoveBg):
        return Cutout() if written else None
    _check_remover(written, settled, setting)
    if written.padding and not written.crop:
        _complain(settled, setting, "padding", "does nothing without `crop`", "write `crop: true`, too")
    if written.crop and settled.asset.grid is not None:
        _complain(settled, setting, "crop", "does not apply to a `grid`, which is cut where it is", "delete it")
    facts = REMOVERS.get(written.remover or KEY)
    if written.holes and facts is not None and not facts.by_color:
        _complain(settled, setting, "holes", f"does not apply to `{written.remover}`", f"use `{KEY}`, or delete it")
    return Cutout(
        remover=written.remover,
        crop=written.crop is True,
        padding=float(written.padding or 0) if written.crop else 0.0,
        holes=written.holes is True,
    )


def check_pair(
    settled: Settled, cutout: Cutout | None, model: Model, parameters: Mapping[str, Json], setting: Setting
) -> None:
    """A remover that works on pairs needs a model that is shown the first picture, and makes another of its shape."""
    if cutout is None or not REMOVERS[cutout.remover or KEY].pairs:
        return
    models, name = setting.catalog.models, cutout.remover
    if isinstance(settled.asset.upscale, Upscale):
        hint = "delete one of them, or write `upscale: true`"
        _complain(settled, setting, "remover", f"cannot be `{name}` with a paid `upscale`", hint)
    editor = editor_of(model.id, models)
    if editor is None:
        able = [one.id for one in models.values() if one.kind == "image" and editor_of(one.id, models)]
        hint = f"use `{KEY}`, or one of the models that can: {', '.join(f'`{one}`' for one in able)}"
        what = f"cannot be `{name}`: the model `{model.id}` cannot be shown its picture to make it on another ground"
        _complain(settled, setting, "remover", what, hint)
        return
    for field in ("aspect_ratio", "resolution"):
        known, value = editor.parameter(field), parameters.get(field)
        if value is not None and known is not None and not known.accepts(value):
            what = f"cannot be `{name}`: the second picture is made by `{editor.id}`, which has no {field} of `{value}`"
            _complain(settled, setting, "remover", what, f"take one of {', '.join(known.allowed)}, or use `{KEY}`")


def keeps_original(settled: Settled) -> bool:
    """Whether the uncut picture is written, too."""
    written = settled.asset.remove_bg
    return isinstance(written, RemoveBg) and written.keep is True


def _check_remover(written: RemoveBg, settled: Settled, setting: Setting) -> None:
    name = written.remover
    if name is None:
        return
    facts = REMOVERS.get(name)
    if facts is None or (facts.model and facts.model not in setting.catalog.models):
        known = ", ".join(f"`{name}`" for name in REMOVERS)
        _complain(settled, setting, "remover", f"cannot be `{name}`: not available yet", f"use one of {known}")


def _complain(settled: Settled, setting: Setting, key: str, what: str, hint: str) -> None:
    """At the line where it is written, under whichever spelling; once, also where many assets share the line."""
    paths = [(*path[:-2], spelling, key) for path in [settled.path(FIELD, key)] for spelling in (FIELD, *SPELLINGS)]
    path = max(paths, key=lambda path: _position(setting.document.value_place(path)))
    code = "not-available" if "available" in what else "not-applicable"
    problem = setting.document.problem(code, f"{subject(path)} {what}", setting.document.value_place(path), hint)
    if problem not in setting.problems:
        setting.problems.append(problem)


def _position(place: Place) -> tuple[int, int]:
    """A key that is not there has the place of what is around it, which comes first."""
    return place.line or 0, place.column or 0
