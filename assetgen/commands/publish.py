"""`assetgen publish` and `assetgen rollback`: what the app shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assetgen.commands.shell import Selection, Shell, open_project

if TYPE_CHECKING:
    from assetgen.handover import PublishReport


def run(
    shell: Shell,
    manifests: Sequence[str],
    selection: Selection,
    *,
    undecided: bool,
    drafts: bool,
    prune: bool,
    dry_run: bool,
) -> int:
    """Publish, or show what that would do. The exit code is 1 when an asset could not be published."""
    from assetgen import handover
    from assetgen.commands.stopping import run_until_stopped
    from assetgen.publish.copies import Consent

    project = open_project(shell, manifests)
    consent = Consent(undecided, drafts, selection.overwrite)
    options = selection.options(project)
    with shell.console.progress() as listener:
        work = handover.publish(project, options, consent, prune=prune, dry_run=dry_run, listener=listener)
        report = run_until_stopped(work, stopping=lambda: None)
    return _tell(shell, report)


def run_back(shell: Shell, manifest: str, name: str, *, overwrite: bool) -> int:
    """Go back to the picture that was published before."""
    from assetgen import handover
    from assetgen.commands.stopping import run_until_stopped

    project = open_project(shell, [manifest])
    with shell.console.progress() as listener:
        work = handover.rollback(project, name, overwrite=overwrite, listener=listener)
        report = run_until_stopped(work, stopping=lambda: None)
    from assetgen.report.publish_report import rollback_line

    _show(shell, report)
    shell.console.say(rollback_line(report))
    return 0


def _show(shell: Shell, report: PublishReport) -> None:
    from assetgen.report.publish_report import publish_document, publish_rows

    console = shell.console
    if console.json:
        console.document(publish_document(report))
    for line in publish_rows(report, console.result_screen.paint, every=console.verbose) if not console.quiet else ():
        console.result(line)


def _tell(shell: Shell, report: PublishReport) -> int:
    from assetgen.report.problems import about, problem_text
    from assetgen.report.publish_report import publish_line

    console = shell.console
    _show(shell, report)
    for publication in report.publications:
        if publication.problem:
            console.say(problem_text(about(publication.problem, publication.asset), console.screen.paint))
    console.say(publish_line(report, console.screen.paint))
    return 1 if report.failed else 0
