"""`assetgen accept` and `assetgen reject`: decide about pictures, by name or with the decisions of a review page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assetgen.commands.shell import Shell, open_project
from assetgen.errors import UsageError

if TYPE_CHECKING:
    from assetgen.project import Project
    from assetgen.publish.decision_file import WrittenDecision
    from assetgen.publish.decisions import Judged, Judgement, Verdict


def run(
    shell: Shell,
    manifest: str | None,
    names: Sequence[str],
    verdict: Verdict,
    *,
    everything: bool,
    note: str | None,
    by: str | None,
) -> int:
    """Decide about the named assets, or about everything that is undecided."""
    from assetgen import handover
    from assetgen.commands.stopping import run_until_stopped

    if manifest is None:
        raise UsageError("MANIFEST is missing", hint="name a manifest and its assets, or a file with --from")
    if bool(names) is everything:
        what = "--all and names contradict each other" if names else "NAME is missing"
        raise UsageError(what, hint="name the assets (globs may be used), or decide about all undecided with --all")
    project = open_project(shell, [manifest])
    with shell.console.progress() as listener:
        work = handover.decide_named(project, names, verdict, note=note, by=by, listener=listener)
        return _tell(shell, run_until_stopped(work, stopping=lambda: None))


def run_file(shell: Shell, file: Path, manifest: str | None, *, by: str | None) -> int:
    """Decide as a file says; with a `manifest`, only about its assets. `by` is who decided where the file does not."""
    from assetgen import handover
    from assetgen.commands.stopping import run_until_stopped
    from assetgen.publish.decision_file import read_decisions

    rows = read_decisions(shell.cwd / file)
    paths = {name: _found(name, shell.cwd) for name in dict.fromkeys(row.manifest for row in rows)}
    if manifest is not None:
        chosen = (shell.cwd / manifest).resolve()
        paths = {name: path for name, path in paths.items() if path.resolve() == chosen}
    if not paths:
        raise UsageError(f"{file} holds no decision about {manifest or 'anything'}", hint="decide on the review page")
    project = open_project(shell, [str(path) for path in paths.values()])
    judgements = [_judgement(row, _shown(project, paths[row.manifest]), by) for row in rows if row.manifest in paths]
    with shell.console.progress() as listener:
        return _tell(shell, run_until_stopped(handover.decide(project, judgements, listener), stopping=lambda: None))


def _found(manifest: str, cwd: Path) -> Path:
    """Where a manifest is that a file names: relative to here, or to the project that we are in."""
    from assetgen.manifest.paths import project_root

    root = project_root(cwd / "manifest", cwd)
    return next((path for path in (cwd / manifest, root / manifest) if path.is_file()), cwd / manifest)


def _shown(project: Project, path: Path) -> str:
    return next(manifest.shown for manifest in project.manifests if manifest.path.resolve() == path.resolve())


def _judgement(row: WrittenDecision, shown: str, by: str | None) -> Judgement:
    from assetgen.manifest.recipe import AssetId, AssetName
    from assetgen.publish.decisions import Judgement

    return Judgement(AssetId(shown, AssetName(row.asset)), row.verdict, row.note, row.by or by, row.picture)


def _tell(shell: Shell, results: Sequence[Judged]) -> int:
    from assetgen.report.decision_report import decision_document, decision_line, decision_rows
    from assetgen.report.problems import problem_text

    console = shell.console
    if console.json:
        console.document(decision_document(results))
    for line in decision_rows(results) if not console.quiet else ():
        console.result(line)
    problems = [result.problem for result in results if result.problem]
    for problem in problems:
        console.say(problem_text(problem, console.screen.paint))
    console.say(decision_line(results))
    return 1 if problems else 0
