"""What a served review page may do to its project: the seams of `report.review.server`, wired to those who do it.

Reads the manifests anew each time: people change them while they review.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from assetgen import build, handover, upkeep
from assetgen.commands.shell import Selection, Shell, open_project
from assetgen.digest import Digest
from assetgen.engine.clock import MONOTONIC
from assetgen.engine.events import Outcome, Silence, Stage
from assetgen.errors import UsageError
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import AssetId, AssetName
from assetgen.plan.plan import AssetPlan, Options
from assetgen.project import Project
from assetgen.publish.copies import Consent
from assetgen.publish.decisions import Judgement, Verdict, picture_of
from assetgen.report.publish_report import publish_line, publish_rows
from assetgen.report.review.contents import Review
from assetgen.report.review.data import gather, manifest_name
from assetgen.report.review.pictures import Desk
from assetgen.report.review.server import Seen, Undo
from assetgen.report.review.thumbnails import Thumbnails


@dataclass(frozen=True, slots=True)
class ProjectStudio:
    """The project that the named manifests belong to. `by` is who decides; `thumbnails` the folder that keeps them."""

    shell: Shell
    manifests: Sequence[str]
    selection: Selection
    thumbnails: Path
    by: str | None = None

    def review(self, link: Callable[[Path, Digest], str], only: str | None = None) -> Review:
        project = self._project()
        selection = self.selection if only is None else replace(self.selection, only=(only,))
        options = selection.options(project)
        desk = Desk(project.root, link, Thumbnails(self.thumbnails), os.cpu_count() or 1)
        plan = build.plan(project, options)
        retakes = _retakes(project, options) if any(plan.assets) else {}
        return gather(plan, desk, retakes)

    async def decide(self, seen: Seen, verdict: Verdict | None, note: str | None) -> Undo:
        project = self._project_of(seen.manifest)
        before = _shown(project, seen)
        judgement = Judgement(before.asset, verdict, note, self.by, seen.picture)
        (judged,) = await handover.decide(project, [judgement])
        if judged.problem:
            raise UsageError(judged.problem.message, hint=judged.problem.hint)
        return self._putting_back(seen.manifest, before.asset, before.previous, judged.entry or before.previous)

    async def take(self, seen: Seen, heard: Callable[[str], None]) -> Undo:
        project = self._project_of(seen.manifest)
        before = _shown(project, seen)
        await self._build(project, Options(only=(seen.asset,), regenerate=(seen.asset,)), before.asset, heard)
        after = _asset(project, before.asset)
        return self._putting_back(seen.manifest, before.asset, before.previous, after.previous)

    async def pick(self, seen: Seen, number: int) -> Undo:
        project = self._project_of(seen.manifest)
        before = _shown(project, seen)
        if await upkeep.pick(project, seen.asset, number):
            await self._build(project, Options(only=(seen.asset,)), before.asset, lambda _: None)
        after = _asset(project, before.asset)
        return self._putting_back(seen.manifest, before.asset, before.previous, after.previous)

    def publishing(self) -> tuple[str, ...]:
        project = self._project()
        return _told(asyncio.run(handover.publish(project, self._chosen(project), Consent(), dry_run=True)))

    async def publish(self) -> tuple[tuple[str, ...], Undo]:
        project = self._project()
        report = await handover.publish(project, self._chosen(project), Consent())

        async def undo() -> None:
            await upkeep.unpublish(self._project(), report.publications)

        return _told(report), undo

    def _chosen(self, project: Project) -> Options:
        return self.selection.options(project)

    def _project(self) -> Project:
        return open_project(self.shell, self.manifests)

    def _project_of(self, name: str) -> Project:
        """The project with one manifest alone: the same name may stand in several, and only one is meant."""
        paths = [str(manifest.path) for manifest in self._project().manifests if manifest_name(manifest) == name]
        if not paths:
            raise UsageError(f"there is no manifest `{name}` on this page", hint="load the page again")
        return open_project(self.shell, paths)

    async def _build(self, project: Project, options: Options, asset: AssetId, heard: Callable[[str], None]) -> None:
        """Build, and raise what kept the asset from being made. An interruption goes on as one."""
        options = replace(options, ambient_provider=project.environ.get("ASSETGEN_PROVIDER") or None)
        clock = self.shell.clock or MONOTONIC
        listener = _Heard(asset, heard)
        report = await build.build(project, options, build.NO_LIMITS, listener, clock, self.shell.provide)
        problem = next((outcome.problem for outcome in report.outcomes if outcome.asset == asset), None)
        if problem:
            raise UsageError(problem.message, hint=problem.hint)
        if report.interrupted:
            raise UsageError("the build was stopped", hint="the next one goes on with it")

    def _putting_back(self, manifest: str, asset: AssetId, before: Entry | None, after: Entry | None) -> Undo:
        async def undo() -> None:
            if before is None or after is None or before == after:
                return
            project = self._project_of(manifest)
            await upkeep.put_back(project, asset, before, after)
            if before.outputs != after.outputs:
                await self._build(project, Options(only=(asset.name,)), asset, lambda _: None)

        return undo


class _Heard(Silence):
    """Tells the stages of one asset."""

    def __init__(self, asset: AssetId, heard: Callable[[str], None]) -> None:
        self._asset, self._tell = asset, heard

    def moved(self, asset: AssetId, stage: Stage, detail: str = "") -> None:  # noqa: ARG002
        if asset == self._asset:
            self._tell(stage.value)

    def ended(self, outcome: Outcome) -> None: ...


def _told(report: handover.PublishReport) -> tuple[str, ...]:
    """What was or would be published, a line each; nothing when there is nothing to do."""
    problems = (one.problem.message for one in report.publications if one.problem)
    lines = (*publish_rows(report), *problems)
    return (*lines, publish_line(report)) if lines else ()


def _retakes(project: Project, options: Options) -> dict[AssetId, Decimal | None]:
    """What another picture would cost of each asset that can have one."""
    again = build.plan(project, replace(options, regenerate=("*",)))
    return {asset.asset: asset.usd for asset in again.assets if asset.blocked is None and asset.previous}


def _shown(project: Project, seen: Seen) -> AssetPlan:
    """The asset, if it still has the picture that was seen."""
    asset = _asset(project, AssetId(project.manifests[0].shown, AssetName(seen.asset)))
    if asset.previous is None or picture_of(asset.previous) != seen.picture:
        hint = "look at the picture that it has now"
        raise UsageError(f"the picture of `{seen.asset}` is not the one that you saw: it changed since", hint=hint)
    return asset


def _asset(project: Project, asset: AssetId) -> AssetPlan:
    plans = build.plan(project, Options()).assets
    found = next((plan for plan in plans if plan.asset == asset), None)
    if found is None:
        raise UsageError(f"there is no asset `{asset}` in {asset.manifest} any more", hint="load the page again")
    return found
