"""The request in effect: who is asked, what for, under which key. Pure.

Rules 1, 2 and 4 of the product contract: what is part of a generation key, when a request differs from the one in the
lock, and which provider makes what must be made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from assetgen.catalog import DRAFT
from assetgen.catalog.presets.model import PresetFile
from assetgen.catalog.removers import KEY
from assetgen.digest import Digest, Json, StepKey, digest_of, step_key
from assetgen.lock.model import (
    LockedCell,
    LockedCutting,
    LockedDrawing,
    LockedExport,
    LockedGrid,
    LockedMaster,
    LockedReference,
    LockedRequest,
)
from assetgen.manifest.recipe import (
    AnyExport,
    Cell,
    ClipExport,
    Cutout,
    Drawing,
    Export,
    Grid,
    OutputSpec,
    PresetExport,
    Recipe,
    Request,
    TextExport,
)
from assetgen.plan.world import StoredMaster

EMULATED = "emulator-"
"""Task ids that begin so were made by the emulator."""

ADOPTED = "adopted"
"""The `provider` of a picture that a person put in place."""

NOTHING_DRAWN = Drawing("", {}, remove_bg=False)
"""For requests that are not drawn here; those of drafts in a lock bring their own drawing."""


def is_real(provider: str, task: str | None, *, loopback: bool) -> bool:
    """Whether a master is worth keeping from drafts: not drawn by us, nor emulated unless we talk to an emulator."""
    emulated = task is not None and task.startswith(EMULATED)
    return provider != DRAFT and not (emulated and not loopback)


def stored_is_real(master: StoredMaster, *, loopback: bool) -> bool:
    return is_real(master.provider, master.task, loopback=loopback)


def locked_is_real(master: LockedMaster, *, loopback: bool) -> bool:
    return is_real(master.provider, master.task_id, loopback=loopback)


def drawn(drawing: Drawing) -> dict[str, Json]:
    """What a draft draws, as it enters keys and the lock."""
    things: dict[str, Json] = {
        "name": drawing.name,
        "colors": dict(drawing.colors),
        "remove_bg": drawing.remove_bg,
    }
    if drawing.grid is not None:
        things["grid"] = _locked_grid(drawing.grid).model_dump(exclude_none=True)
    if drawing.enlarged != 1:
        things["enlarged"] = drawing.enlarged
    if drawing.ground is not None:
        things["ground"] = drawing.ground
    return things


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that a request shows, by its digest; `source` is what locks call it, `called` what people do. While the
    digest is not known, `awaits` says in words what it waits for, and `sha256` is a stand-in that is unlike any digest:
    equal for pictures that will be one. `begins` is that of the `Reference`."""

    source: str
    sha256: Digest
    label: str = ""
    awaits: str = ""
    called: str = ""
    cell: Cell | None = None
    begins: bool = False
    cutout: Cutout | None = None

    def shows(self, asset: str) -> bool:
        """Whether it is the picture of an asset, or a cell of it."""
        return self.source.partition("/")[0].removesuffix("#cutout") == f"asset:{asset}"

    @property
    def from_web(self) -> bool:
        return self.source.startswith("url:")

    def undrawn(self) -> Shown:
        """As a draft knows it, which is drawn offline: a picture on the web need not be fetched for that."""
        unknown = self.awaits and self.from_web
        return replace(self, sha256=digest_of(self.source.encode()), awaits="") if unknown else self

    def keyed(self) -> dict[str, Json]:
        """What of it is part of a key."""
        said: dict[str, Json] = {"label": self.label} if self.label else {}
        if self.cell:
            said["cell"] = _locked_cell(self.cell).model_dump(exclude_none=True)
        if self.cutout:
            said["cutout"] = _locked_cutting(self.cutout).model_dump(exclude_defaults=True)
        if self.begins:
            said["begins"] = True
        return {"sha256": self.sha256, **said}

    def locked(self) -> LockedReference:
        """As the lock records it."""
        cell = _locked_cell(self.cell) if self.cell else None
        return LockedReference(
            source=self.source,
            sha256=self.sha256,
            label=self.label,
            cell=cell,
            begins=self.begins,
            cutout=_locked_cutting(self.cutout) if self.cutout else None,
        )


@dataclass(frozen=True, slots=True)
class Asking:
    """A request put to one provider, with the pictures that it shows. Its `key` names the picture that results;
    `base_key` leaves the re-roll out."""

    provider: str
    request: Request
    drawing: Drawing
    named_provider: str | None = None
    reroll: int = 0
    shown: tuple[Shown, ...] = ()
    variant: int = 1

    @property
    def awaits(self) -> bool:
        """Whether a picture that it shows is not known yet: then its key is only a stand-in."""
        return any(shown.awaits for shown in self.shown)

    @property
    def base_key(self) -> StepKey:
        return self.key_of(0)

    @property
    def key(self) -> StepKey:
        return self.key_of(self.reroll)

    def key_of(self, reroll: int) -> StepKey:
        """The generation key of the given re-roll (rule 1)."""
        inputs: dict[str, Json] = {
            "provider": self.provider,
            "model": self.request.model,
            "prompt": normalised(self.request.prompt),
            "parameters": self.request.parameters,
            "input": self.request.input,
            "take": self.request.take,
            "reroll": reroll,
        }
        if self.variant > 1:
            inputs["variant"] = self.variant
        if self.shown:
            inputs["references"] = [shown.keyed() for shown in self.shown]
        if self.request.kind != "image":
            inputs["kind"] = self.request.kind
        if self.provider == DRAFT:
            inputs["drawing"] = drawn(self.drawing)
        return step_key("generate", inputs)

    def locked(self) -> LockedRequest:
        """The request as the lock records it."""
        return LockedRequest(
            provider=self.provider,
            named_provider=self.named_provider,
            model=self.request.model,
            prompt=self.request.prompt,
            parameters=dict(self.request.parameters),
            input=dict(self.request.input),
            take=self.request.take,
            reroll=self.reroll,
            defaulted=sorted(self.request.defaulted),
            left_out=dict(self.request.left_out),
            drawing=_locked_drawing(self.drawing) if self.provider == DRAFT else None,
            references=[shown.locked() for shown in self.shown],
            kind=self.request.kind,
        )


def _locked_drawing(drawing: Drawing) -> LockedDrawing:
    return LockedDrawing(
        name=drawing.name,
        colors=dict(drawing.colors),
        remove_bg=drawing.remove_bg,
        grid=_locked_grid(drawing.grid) if drawing.grid else None,
        enlarged=drawing.enlarged if drawing.enlarged != 1 else None,
        ground=drawing.ground,
    )


def _locked_grid(grid: Grid) -> LockedGrid:
    return LockedGrid(rows=grid.rows, columns=grid.columns, cells=list(grid.cells), gutter=grid.gutter)


def _drawing(locked: LockedDrawing) -> Drawing:
    grid = grid_of(locked.grid) if locked.grid else None
    return Drawing(locked.name, locked.colors, locked.remove_bg, grid, locked.enlarged or 1, locked.ground)


def grid_of(locked: LockedGrid) -> Grid:
    """What `Drawing.grid` was."""
    return Grid(locked.rows, locked.columns, tuple(locked.cells), locked.gutter)


def shown_then(locked: LockedReference) -> Shown:
    """A picture that a locked request showed."""
    cell = cell_of(locked.cell) if locked.cell else None
    return Shown(
        source=locked.source,
        sha256=locked.sha256,
        label=locked.label,
        called=locked.source,
        cell=cell,
        begins=locked.begins,
        cutout=Cutout(**locked.cutout.model_dump()) if locked.cutout else None,
    )


def _locked_cutting(cutout: Cutout) -> LockedCutting:
    """To write the default down is no other request."""
    remover = None if cutout.remover == KEY else cutout.remover
    return LockedCutting(remover=remover, crop=cutout.crop, padding=cutout.padding, holes=cutout.holes)


def asked(locked: LockedRequest, drawing: Drawing, variant: int = 1) -> Asking:
    """The asking that made a locked master, to make a free picture again."""
    return Asking(
        provider=locked.provider,
        request=Request(
            model=locked.model,
            prompt=locked.prompt,
            parameters=locked.parameters,
            input=locked.input,
            take=locked.take,
            defaulted=frozenset(locked.defaulted),
            left_out=locked.left_out,
            kind=locked.kind,
        ),
        drawing=_drawing(locked.drawing) if locked.drawing else drawing,
        named_provider=locked.named_provider,
        reroll=locked.reroll,
        shown=tuple(map(shown_then, locked.references)),
        variant=variant,
    )


def locked_base_key(locked: LockedRequest) -> StepKey:
    """The key of a request in the lock, without re-rolls, for the first variant."""
    return asked(locked, NOTHING_DRAWN).base_key


def provider_in_effect(
    recipe: Recipe, locked: LockedRequest | None, *, real: bool, forced: str | None, ambient: str | None
) -> str:
    """Who makes what must be made (rule 4): `forced` by the command line, else the manifest, else the lock entry's when
    its master is `real`, else `ambient` from the environment, else draft."""
    pinned = locked.provider if locked and real else None
    return forced or recipe.provider or pinned or ambient or DRAFT


def normalised(prompt: str) -> str:
    """The prompt as the key sees it: each run of white space is one space."""
    return " ".join(prompt.split())


def export_key(master: str | None, export: AnyExport | LockedExport) -> StepKey:
    """The key of one output: the digest of its master, which matters to pictures only, and its settings as written."""
    locked = export if isinstance(export, LockedExport) else locked_export(export)
    source = master if locked.text is None else None
    return step_key("export", {"master": source, "export": locked.model_dump(exclude_none=True, exclude={"borrowed"})})


def locked_export(export: AnyExport) -> LockedExport:
    """The settings as the lock records them."""
    match export:
        case Export():
            return _locked_settings(export)
        case ClipExport(clip, settings):
            return _locked_settings(settings).model_copy(update={"format": clip, "moving": True})
        case TextExport(preset, text):
            return LockedExport(format=export.format, preset=preset, text=digest_of(text.encode()))
        case PresetExport(preset, picture):
            pixels = {"width": picture.width, "height": picture.height} if isinstance(picture, PresetFile) else {}
            own = {"format": export.format, "background": export.background, **pixels}
            known = {"preset": preset, "look": picture.look.told or None, "inset": export.inset}
            cell = export.borrowed.cell if export.borrowed else None
            part = {"cell": _locked_cell(cell) if cell else None}
            return _locked_settings(export.settings).model_copy(update={**own, **known, **part})


def recorded_export(spec: OutputSpec, source: Digest) -> LockedExport:
    """The same for an output that is made from the picture `source`."""
    export = locked_export(spec.export)
    return export.model_copy(update={"borrowed": source}) if spec.borrowed else export


@lru_cache(maxsize=1024)
def _locked_settings(export: Export) -> LockedExport:
    """Nearly all assets of a project share a few of them."""
    return LockedExport(
        format=export.format,
        width=export.width,
        height=export.height,
        fit=export.fit,
        background=export.background,
        upscale=export.upscale,
        quality=export.quality,
        provenance=export.provenance,
        max_bytes=export.max_bytes,
        cell=_locked_cell(export.cell) if export.cell else None,
        original=export.original,
    )


def _locked_cell(cell: Cell) -> LockedCell:
    return LockedCell(row=cell.row, column=cell.column, rows=cell.rows, columns=cell.columns, gutter=cell.gutter)


def cell_of(locked: LockedCell) -> Cell:
    """What `Export.cell` was."""
    return Cell(locked.row, locked.column, locked.rows, locked.columns, locked.gutter)


def written_value(
    name: str, parameters: Mapping[str, Any], defaulted: Collection[str], left_out: Mapping[str, Any]
) -> Any:
    """What a person wrote for a parameter, None where it came from a built-in default or nobody wrote it."""
    return left_out.get(name) if name not in parameters or name in defaulted else parameters[name]
