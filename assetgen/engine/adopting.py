"""Taking what stands as correct: files that people put in place or edited, and requests that were only reworded.

Generates nothing and changes no file. What is adopted is pinned by the lock like anything we made.
"""

from __future__ import annotations

from pathlib import Path

from assetgen.digest import Digest
from assetgen.errors import UsageError
from assetgen.imaging.decode import inspect
from assetgen.lock import Entry, LockedMaster, LockedOutput, LockedRequest
from assetgen.manifest.recipe import OutputPath, OutputSpec
from assetgen.plan.master import stored
from assetgen.plan.plan import AssetPlan
from assetgen.plan.request import ADOPTED, Asking, locked_export
from assetgen.plan.world import MISSING, World
from assetgen.store.blobs import Blobs
from assetgen.store.state import State


def adopted_entry(plan: AssetPlan, world: World, root: Path, state: State, blobs: Blobs, ambient: str) -> Entry:
    """The lock entry of an asset as it now stands; `ambient` is the provider in effect where nothing pins one.

    Raises UsageError when there is nothing to adopt, PictureError for a file that is no picture.
    """
    outputs = {
        str(spec.path): _adopted(spec, found, plan.previous, root)
        for spec in plan.recipe.outputs
        if (found := _found(world, spec.path)) is not None
    }
    if not outputs and plan.previous is None:
        missing = ", ".join(spec.path for spec in plan.recipe.outputs)
        raise UsageError(f"there is nothing to adopt for `{plan.asset}`", hint=f"put its pictures at {missing} first")
    request = _request(plan, ambient)
    masters = plan.previous.masters if plan.previous else [_largest(outputs, root, blobs)]
    entry = Entry(request=request, masters=masters, outputs=outputs)
    _remember(plan, entry, state)
    return entry


def _found(world: World, path: OutputPath) -> Digest | None:
    return world.files.get(path, MISSING).sha256


def _adopted(spec: OutputSpec, digest: Digest, entry: Entry | None, root: Path) -> LockedOutput:
    known = entry.outputs.get(spec.path) if entry else None
    if known is not None and known.sha256 == digest:
        return known.model_copy(update={"export": locked_export(spec.export)})
    facts = inspect(root / spec.path)
    export = locked_export(spec.export)
    return LockedOutput(sha256=digest, width=facts.width, height=facts.height, export=export, adopted=True)


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
    )
    locked = asking.locked()
    return locked if was and was.drawing else locked.model_copy(update={"drawing": None})


def _largest(outputs: dict[str, LockedOutput], root: Path, blobs: Blobs) -> LockedMaster:
    """The largest picture stands in for the master: smaller outputs that are added later are made from it."""
    path, output = max(outputs.items(), key=lambda item: item[1].width * item[1].height)
    data = (root / path).read_bytes()
    facts = inspect(root / path)
    return LockedMaster(
        sha256=blobs.put_bytes(data),
        width=output.width,
        height=output.height,
        format=facts.format,
        provider=ADOPTED,
    )


def _remember(plan: AssetPlan, entry: Entry, state: State) -> None:
    """Returning to today's request later brings this picture back, as it would for one that was made for it."""
    asking = Asking(entry.request.provider, plan.recipe.request, plan.recipe.drawing, plan.recipe.provider)
    key = asking.key_of(entry.request.reroll)
    if key not in state.results():
        state.record_result(key, stored(entry.master))
