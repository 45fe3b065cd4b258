"""`assetgen check`: fail unless everything is up to date. For CI; no network, no writes."""

from __future__ import annotations

from collections.abc import Sequence

from assetgen.commands import plan
from assetgen.commands.shell import Selection, Shell, open_project


def run(shell: Shell, manifests: Sequence[str], selection: Selection) -> int:
    """Exit code 3 when a build would have something to do."""
    return plan.run(shell, manifests, selection, check=True)


def run_published(shell: Shell, manifests: Sequence[str], selection: Selection) -> int:
    """Exit code 3 when the app shows something else than what was accepted."""
    from assetgen import handover
    from assetgen.report.published_report import published_document, published_line, published_rows

    project = open_project(shell, manifests)
    files = handover.published(project, selection.options(project))
    console = shell.console
    if console.json:
        console.document(published_document(files))
    for line in published_rows(files, console.result_screen.paint) if not console.quiet else ():
        console.result(line)
    console.result(published_line(files, console.result_screen.paint))
    return plan.OUT_OF_DATE if any(file.differs for file in files) else 0
