"""`assetgen build`: make what is out of date."""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from assetgen.commands.shell import Selection, Shell, open_project, tell_warnings
from assetgen.errors import UsageError
from assetgen.providers.address import callback_address, is_loopback

if TYPE_CHECKING:
    from assetgen.build import Callbacks, Limits, Report
    from assetgen.plan.plan import Options
    from assetgen.project import Project

_TUNNEL = "give the public address of a tunnel or reverse proxy, and the port of this machine that it forwards to"

STOPPING = "stopping: what was ordered is recorded, what is finished is kept (Ctrl-C again quits at once)"


def run(
    shell: Shell,
    manifests: Sequence[str],
    selection: Selection,
    *,
    max_cost: Decimal | None = None,
    allow_unpriced: bool = False,
    dry_run: bool = False,
    fail_fast: bool = False,
    jobs: int | None = None,
    callback_url: str | None = None,
    callback_port: int | None = None,
) -> int:
    """Build and say how it went; the exit code is the report's."""
    if dry_run:
        from assetgen.commands import plan

        return plan.run(shell, manifests, selection)
    from assetgen.build import Limits

    callbacks = _callbacks(callback_url, callback_port)
    project = open_project(shell, manifests)
    options = selection.options(project)
    if callbacks and is_loopback(callbacks.url) and not project.loopback:
        raise UsageError("--callback-url names this machine, which the service cannot reach from outside", hint=_TUNNEL)
    if shell.console.verbose:
        _announce(shell, project, options)
    since_ns = time.time_ns()
    limits = Limits(max_cost, allow_unpriced, fail_fast, jobs, callbacks)
    report = _build(shell, project, options, limits)
    if not report.plan.idle:
        tell_warnings(shell, project)
    _tell(shell, report)
    if selection == Selection():
        _spare_the_next(shell, manifests, project, report, since_ns)
    return exit_code(report)


def _callbacks(url: str | None, port: int | None) -> Callbacks | None:
    from assetgen.build import Callbacks

    if url is None and port is None:
        return None
    if url is None or port is None:
        raise UsageError("--callback-url and --callback-port go together", hint=_TUNNEL)
    return Callbacks(callback_address(url, option="--callback-url"), port)


def _announce(shell: Shell, project: Project, options: Options) -> None:
    from assetgen import build
    from assetgen.report.plan_text import plan_text

    screen = shell.console.screen
    shell.console.say(plan_text(build.plan(project, options), screen.width, screen.paint, here=shell.cwd))


def _build(shell: Shell, project: Project, options: Options, limits: Limits) -> Report:
    from assetgen import build
    from assetgen.commands.stopping import run_until_stopped
    from assetgen.engine.clock import MONOTONIC

    with shell.console.progress() as listener:
        work = build.build(project, options, limits, listener, shell.clock or MONOTONIC, shell.provide)
        return run_until_stopped(work, stopping=lambda: listener.said(STOPPING))


def _spare_the_next(shell: Shell, manifests: Sequence[str], project: Project, report: Report, since_ns: int) -> None:
    """Leave the answer for the next run, when everything is up to date and there is nothing else to say."""
    from assetgen.project import leave_answer
    from assetgen.report.console import UNBOUNDED
    from assetgen.report.plan_text import up_to_date_line
    from assetgen.report.summary import summary_text

    line = up_to_date_line(report.plan, here=shell.cwd)
    if summary_text(report, UNBOUNDED, here=shell.cwd) == line and not report.interrupted:
        leave_answer(project, manifests, shell.environ, f"{line}\n", since_ns)


def _tell(shell: Shell, report: Report) -> None:
    from assetgen.report.summary import summary_text

    console, screen = shell.console, shell.console.screen
    _report_bugs(shell, report)
    text = summary_text(report, screen.width, screen.paint, quiet=console.quiet, here=shell.cwd)
    console.say(text)
    if console.json:
        from assetgen.report.machine import build_document

        console.document(build_document(report))


def _report_bugs(shell: Shell, report: Report) -> None:
    """Leave a file for each asset that met something nobody expected. It failed like any other, and is told like it."""
    for outcome in report.outcomes:
        if outcome.bug is not None and not isinstance(outcome.bug, MemoryError):
            from assetgen.commands.crash import leave_report

            words = leave_report(outcome.bug, shell.arguments, shell.environ)
            shell.console.say(f"`{outcome.asset}` met a bug in assetgen; {words}\n")


def exit_code(report: Report) -> int:
    """The first that applies: interrupted, stopped by the budget, something failed, done."""
    if report.interrupted:
        return 130
    if any(outcome.problem and outcome.problem.code == "budget" for outcome in report.outcomes):
        return 4
    return 1 if report.failed else 0
