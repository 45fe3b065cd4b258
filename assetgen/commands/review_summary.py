"""`assetgen review --markdown`, `--json` and `--junit FILE`: what there is to review, in short. No network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assetgen.commands.shell import Selection, Shell, open_project


def run(shell: Shell, manifests: Sequence[str], selection: Selection, *, markdown: bool, junit: Path | None) -> int:
    """Print the summary, and write the XML if there is to be one. It is no failure that something waits."""
    from assetgen import atomic, build
    from assetgen.report.review_summary import rows_of

    project = open_project(shell, manifests)
    rows = rows_of(build.plan(project, selection.options(project)))
    if junit is not None:
        from assetgen.report.review_machine import junit as junit_xml

        atomic.write_bytes(shell.cwd / junit, junit_xml(rows))
    if markdown:
        from assetgen.report.review_markdown import markdown as table

        shell.console.data(table(rows))
    if shell.console.json:
        from assetgen.report.review_machine import as_json

        shell.console.document(as_json(rows))
    return 0
