"""Taking what stands as correct: files that people put in place or edited, and requests that were only reworded.

Generates nothing and changes no output. What is adopted is pinned by the lock like anything we made, and its bytes go
into the store: they are the only ones, and a service can never give them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace
from pathlib import Path

from assetgen.digest import Digest, StepKey
from assetgen.engine.receiving import looked_at
from assetgen.errors import UsageError
from assetgen.imaging.sizes import canvas_of
from assetgen.lock.entry import Entry, succeeding
from assetgen.lock.model import LockedCutout, LockedExport, LockedMaster, LockedOutput, LockedRequest, LockedUpscale
from assetgen.manifest.recipe import (
    VIDEO_FORMATS,
    ClipExport,
    Cutout,
    Kind,
    OutputPath,
    OutputSpec,
    PixelSize,
    PresetExport,
    TextExport,
    Upscale,
)
from assetgen.plan.case import Past
from assetgen.plan.cutout_records import locked_cutout, pinned_cutout
from assetgen.plan.master import stored
from assetgen.plan.outputs import find_again, heirlooms
from assetgen.plan.plan import AssetPlan, KeptCutout
from assetgen.plan.request import ADOPTED, Asking, locked_export, locked_is_real, recorded_export
from assetgen.plan.upscale import locked_upscale, upscale_changes
from assetgen.plan.variants import each
from assetgen.plan.world import MISSING, StoredCutout, StoredMaster, World
from assetgen.store.blobs import Blobs
from assetgen.store.state import State


def adopted_entry(plan: AssetPlan, world: World, root: Path, blobs: Blobs, ambient: str) -> Entry:
    """The lock entry of an asset as it now stands; `ambient` is the provider in effect where nothing pins one. The
    pictures of people are in the store when this returns.

    Raises UsageError when there is nothing to adopt, PictureError for a file that is no picture.
    """
    _check_loans(plan)
    awaited = next((shown for shown in plan.shown if shown.awaits), None)
    if awaited is not None:
        name = awaited.source
        if not awaited.from_web:
            name = name.removeprefix("asset:").partition("/")[0].removesuffix("#cutout")
        hint = f"build or adopt {name} first" if name != awaited.source else "build it once, which fetches the picture"
        raise UsageError(f"`{plan.asset}` cannot be adopted yet: {awaited.awaits}", hint=hint)
    outputs = {str(path): output for path, output in _outputs(plan, world, root, blobs)}
    was, kind = plan.previous, plan.recipe.request.kind
    pictures = {
        path: output for path, output in outputs.items() if _stands_in(output, kind) and (root / path).is_file()
    }
    if was is None and not pictures:
        missing = ", ".join(spec.path for spec in plan.recipe.outputs)
        raise UsageError(f"there is nothing to adopt for `{plan.asset}`", hint=f"put its pictures at {missing} first")
    if was is not None and (not pictures or locked_is_real(was.master, loopback=world.loopback)):
        return succeeding(
            was,
            request=_request(plan, ambient),
            masters=was.masters,
            upscale=_upscale(plan.recipe.upscale, was),
            cutout=_cutout(plan.recipe.cutout, was),
            outputs=outputs,
            pick=was.pick,
            exported=was.exported,
        )
    if plan.recipe.drawing.grid is not None:
        raise UsageError(
            f"the cells of `{plan.asset}` cannot be adopted: there is no sheet yet that they are cut from",
            hint="build it with a real provider first; then adopt the cells that you want otherwise",
        )
    request = _request(plan, ambient).model_copy(update={"drawing": None})
    masters = [_largest(pictures, root, kind)]
    return succeeding(was, request=request, masters=masters, upscale=None, cutout=None, outputs=outputs)


def _check_loans(plan: AssetPlan) -> None:
    """A file that shows a borrowed picture is adopted as one that shows it. Raises UsageError while there is none."""
    for name in plan.recipe.lenders:
        loan = plan.loans.get(name)
        if loan is None or loan.art is None:
            message = (
                f"`{plan.asset}` cannot be adopted yet: its files show `{name}`, which has no picture or will change"
            )
            raise UsageError(message, hint=f"build or adopt {name} first")


def _export(spec: OutputSpec, plan: AssetPlan) -> LockedExport:
    """Today's settings, and today's picture where that is borrowed."""
    art = plan.loans[spec.borrowed.name].art if spec.borrowed else None
    return recorded_export(spec, art.sha256) if art else locked_export(spec.export)


def _cutout(settings: Cutout | None, was: Entry) -> LockedCutout | None:
    """The cutout that there is counts as that of today's settings; where there is none, the picture as it is does."""
    if settings is None or was.master.provider == ADOPTED:
        return None
    base = was.base
    made = StoredCutout(base.sha256, PixelSize(base.width, base.height), ADOPTED, "")
    if was.cutout is None:
        return locked_cutout(settings, KeptCutout(made))
    return locked_cutout(settings, pinned_cutout(was.cutout, made.size))


def _upscale(upscale: Upscale | None, was: Entry) -> LockedUpscale | None:
    """Today's settings, answered by the picture that files are made from now."""
    if upscale is None or not upscale_changes(was.upscale, upscale):
        return was.upscale if upscale else None
    base = was.base
    picture = StoredMaster(base.sha256, PixelSize(base.width, base.height), base.format, base.provider, base.task_id)
    return locked_upscale(upscale, picture)


def remember_adopted(plan: AssetPlan, entry: Entry, state: State, known: Set[StepKey]) -> None:
    """Returning to today's request later brings this picture back, as it would for one that was made for it; except
    for requests that are `known` to have a result, or a task that still runs and is paid for."""
    recipe = plan.recipe
    asking = Asking(entry.request.provider, recipe.request, recipe.drawing, recipe.provider, shown=plan.shown)
    for number, variant in each(entry):
        key = replace(asking, variant=number).key_of(variant.request.reroll)
        if key not in known:
            state.results.record(key, stored(variant.master))


def _outputs(plan: AssetPlan, world: World, root: Path, blobs: Blobs) -> Iterator[tuple[OutputPath, LockedOutput]]:
    """Every output of which there is a file: at its place, or still where it was published or stood before."""
    earlier = heirlooms(plan.recipe, Past(plan.previous, plan.moved_from))
    for spec in plan.recipe.outputs:
        fact = world.files.get(spec.path, MISSING)
        if fact.sha256 is not None:
            output = _adopted(spec, fact.sha256, plan, root)
            if output.adopted and not fact.pointer:
                blobs.put_bytes((root / spec.path).read_bytes())
            yield spec.path, output
        elif plan.previous is not None:
            place = earlier.get(spec.path, spec.path)
            known = plan.previous.outputs.get(place)
            write = known and find_again(spec, known, (*spec.published, place), world, pointers=True)
            if known and write:
                if write.source == place:
                    blobs.put_bytes((root / place).read_bytes())
                yield spec.path, known.model_copy(update={"export": _export(spec, plan)})


_PICTURES = ("png", "webp", "avif", "jpg")


def _stands_in(output: LockedOutput, kind: Kind) -> bool:
    """Whether a person's file could be the master of an asset: text and icon files cannot, nor stills of a video, nor
    what shows the picture of another asset."""
    if kind == "video":
        return output.adopted and output.export.moving is True and output.export.format in VIDEO_FORMATS
    return output.adopted and output.export.format in _PICTURES and output.export.borrowed is None


def _adopted(spec: OutputSpec, digest: Digest, plan: AssetPlan, root: Path) -> LockedOutput:
    known, export = plan.previous.outputs.get(spec.path) if plan.previous else None, _export(spec, plan)
    if known is not None and known.sha256 == digest:
        return known.model_copy(update={"export": export})
    size = _size(spec, root)
    return LockedOutput(sha256=digest, width=size.width, height=size.height, export=export, adopted=True)


def _size(spec: OutputSpec, root: Path) -> PixelSize:
    """What stands there must be a picture where one belongs. Raises PictureError."""
    match spec.export:
        case ClipExport(format=clip) if clip in VIDEO_FORMATS:
            return looked_at(root / spec.path, "video")[0]
        case TextExport():
            return PixelSize(0, 0)
        case PresetExport() as export if export.format not in _PICTURES:
            return canvas_of(export, PixelSize(1, 1))
        case _:
            return looked_at(root / spec.path, "image")[0]


def _request(plan: AssetPlan, ambient: str) -> LockedRequest:
    """Today's request, answered by the picture that is there. What a draft would draw does not matter any more."""
    was = plan.previous.request if plan.previous else None
    provider = was.provider if was else plan.recipe.provider or ambient
    asking = Asking(
        provider=provider,
        request=plan.recipe.request,
        drawing=plan.recipe.drawing,
        named_provider=plan.recipe.provider,
        reroll=was.reroll if was else 0,
        shown=plan.shown,
    )
    locked = asking.locked()
    return locked if was and was.drawing else locked.model_copy(update={"drawing": None})


def _largest(outputs: dict[str, LockedOutput], root: Path, kind: Kind) -> LockedMaster:
    """The largest picture stands in for the master: smaller outputs that are added later are made from it."""
    path, output = max(outputs.items(), key=lambda item: item[1].width * item[1].height)
    return LockedMaster(
        sha256=output.sha256,
        width=output.width,
        height=output.height,
        format=looked_at(root / path, kind)[1],
        provider=ADOPTED,
    )
