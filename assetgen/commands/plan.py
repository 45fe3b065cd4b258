"""`assetgen plan`, and what `assetgen check` shares with it: what a build would do. No network, no writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assetgen.commands.shell import Selection, Shell, open_project, tell_warnings

if TYPE_CHECKING:
    from assetgen.plan.plan import Plan
    from assetgen.report.console import Console

OUT_OF_DATE = 3
"""Exit code of a check that found work to do."""


def run(shell: Shell, manifests: Sequence[str], selection: Selection, *, check: bool = False) -> int:
    """Show the plan. It is no failure that there is work to do, except to a `check`."""
    from assetgen.project import plan as plan_of

    project = open_project(shell, manifests)
    plan = plan_of(project, selection.options(project))
    if not check:
        tell_warnings(shell, project)
    if shell.console.json:
        from assetgen.report.machine import plan_document

        shell.console.document(plan_document(plan))
    shell.console.result(_text(plan, shell.console, shell.cwd))
    return OUT_OF_DATE if check and not plan.up_to_date else 0


def _text(plan: Plan, console: Console, here: Path) -> str:
    from assetgen.report.plan_text import plan_line, plan_text

    screen = console.result_screen
    if console.quiet:
        return plan_line(plan, screen.paint, here=here)
    return plan_text(plan, screen.width, screen.paint, every=console.verbose, here=here)
