"""One asset's files under decision: what they are made from, by what the plan, the lock and other assets say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assetgen.catalog import DRAFT
from assetgen.digest import Digest, StepKey
from assetgen.errors import Problem
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedOutput
from assetgen.manifest.recipe import OutputPath, OutputSpec, Recipe, TextExport
from assetgen.plan.art import Loan
from assetgen.plan.case import Past
from assetgen.plan.ownership import Claims
from assetgen.plan.plan import CutoutPlan, Kept, KeptCutout, MasterPlan, Options, Ordered, Write
from assetgen.plan.request import export_key, locked_export
from assetgen.plan.world import MISSING, FileFact, Owner, World


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What becomes of one output. Without a `write` it stands."""

    spec: OutputSpec
    write: Write | None = None
    reason: str = ""
    note: str = ""
    blocked: Problem | None = None


@dataclass(frozen=True, slots=True)
class FileCase:
    """All files of one asset under decision. `earlier` is where each that has a new path stood before; `loans` is what
    other assets lend to them."""

    recipe: Recipe
    past: Past
    master: MasterPlan | None
    cutout: CutoutPlan | None
    world: World
    claims: Claims
    owner: Owner
    options: Options
    refresh: bool
    earlier: Mapping[OutputPath, OutputPath]
    loans: Mapping[str, Loan]

    @property
    def entry(self) -> Entry | None:
        return self.past.entry

    def source(self, spec: OutputSpec) -> Digest | None:
        """The digest of the picture that an output is made from, None while it is not known yet."""
        if spec.borrowed:
            art = self.loans[spec.borrowed.name].art
            return art.sha256 if art else None
        if self.cutout is None or spec.original:
            return self.master.master.sha256 if isinstance(self.master, Kept) else None
        return self.cutout.cutout.sha256 if isinstance(self.cutout, KeptCutout) else None

    def same_source(self, spec: OutputSpec, locked: LockedOutput | None = None) -> bool:
        """Whether an output is made from what the `locked` one was made from, or others like it; a text file is made
        from no picture."""
        if self.entry is None:
            return False
        export = locked.export if locked else locked_export(spec.export)
        return isinstance(spec.export, TextExport) or self.source(spec) == self.entry.source_of(export)

    def loan(self, spec: OutputSpec) -> Loan | None:
        """What an output borrows, if it does."""
        return self.loans[spec.borrowed.name] if spec.borrowed else None

    def key(self, spec: OutputSpec) -> StepKey | None:
        """That of an output, None while its source is not known yet."""
        source = self.source(spec)
        if source is None and not isinstance(spec.export, TextExport):
            return None
        return export_key(source, spec.export)

    @property
    def drafted(self) -> bool:
        """Whether the picture is a free draft."""
        match self.master:
            case Kept(master):
                return master.provider == DRAFT
            case Ordered(asking):
                return asking.provider == DRAFT
            case _:
                return False

    def locked(self, path: OutputPath) -> LockedOutput | None:
        return self.entry.outputs.get(path) if self.entry else None


def fact_at(world: World, path: OutputPath) -> FileFact:
    """What stands at a path."""
    return world.files.get(path, MISSING)
