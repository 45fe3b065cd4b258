"""`assetgen clean`: remove outputs that no asset produces any more."""

from __future__ import annotations

from collections.abc import Sequence

from assetgen.commands.shell import Shell, open_project
from assetgen.report.words import counted, printable


def run(shell: Shell, manifests: Sequence[str], *, dry_run: bool = False) -> int:
    """Remove orphans whose bytes are still ours; say what became of each."""
    from assetgen import build

    done = build.clean(open_project(shell, manifests), dry_run=dry_run)
    console = shell.console
    for path, what in done if not console.quiet else ():
        console.result(f"{printable(path)}: {'would be ' if dry_run and what == 'removed' else ''}{what}")
    removed = sum(1 for _, what in done if what == "removed")
    verb = "would be removed" if dry_run else "removed"
    console.say(f"{counted(removed, 'file')} {verb}" if done else "nothing to clean: every file belongs to an asset")
    return 0
