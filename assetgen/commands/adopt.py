"""`assetgen adopt`: take the files or inputs as they now are as correct, without generating."""

from __future__ import annotations

from collections.abc import Sequence

from assetgen.commands.shell import Shell, open_project


def run(shell: Shell, manifest: str, names: Sequence[str]) -> int:
    """Adopt the named assets and say what was taken."""
    from assetgen import upkeep
    from assetgen.commands.stopping import run_until_stopped

    project = open_project(shell, [manifest])
    with shell.console.progress() as listener:
        sentences = run_until_stopped(upkeep.adopt(project, names, listener), stopping=lambda: None)
    for sentence in sentences if not shell.console.quiet else ():
        shell.console.result(sentence)
    return 0
