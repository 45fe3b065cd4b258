"""`assetgen clean`: remove outputs that no asset produces any more."""

from __future__ import annotations

from collections.abc import Sequence

from assetgen.commands.shell import Shell, open_project
from assetgen.report.words import counted, printable


def run(shell: Shell, manifests: Sequence[str], *, dry_run: bool = False) -> int:
    """Remove orphans whose bytes are still ours; say what became of each."""
    from assetgen import upkeep
    from assetgen.commands.stopping import run_until_stopped

    project = open_project(shell, manifests)
    with shell.console.progress() as listener:
        done = run_until_stopped(upkeep.clean(project, dry_run=dry_run, listener=listener), stopping=lambda: None)
    console = shell.console
    would_be = "would be " if dry_run else ""
    for file in done if not console.quiet else ():
        console.result(f"{printable(file.path)}: {would_be if file.fate == 'removed' else ''}{file.fate}")
    removed = sum(1 for file in done if file.fate == "removed")
    summary = f"{counted(removed, 'file')} {would_be}removed"
    console.say(summary if done else "nothing to clean: every file belongs to an asset")
    return 0
