"""`assetgen plan` and `assetgen check`: what a build would do. No network, no writes."""

from __future__ import annotations

from collections.abc import Sequence

from assetgen.commands.shell import Selection, Shell, open_project

OUT_OF_DATE = 3
"""Exit code of a check that found work to do."""


def run(shell: Shell, manifests: Sequence[str], selection: Selection, *, check: bool = False) -> int:
    """Show the plan. It is no failure that there is work to do, except to a `check`."""
    from assetgen import build
    from assetgen.report.plan_text import plan_text

    project = open_project(shell, manifests)
    plan = build.plan(project, selection.options(project))
    console = shell.console
    if console.json:
        from assetgen.report.machine import plan_document

        console.document(plan_document(plan))
    screen = console.result_screen
    if not (console.json and console.quiet):
        console.result(plan_text(plan, screen.width, screen.paint, every=console.verbose, brief=console.quiet))
    return OUT_OF_DATE if check and not plan.up_to_date else 0
