"""`assetgen pick`: choose the variant that an asset's files are made from."""

from __future__ import annotations

from assetgen.commands.shell import Shell, open_project


def run(shell: Shell, manifest: str, name: str, number: int) -> int:
    """Record the pick and say what comes next."""
    from assetgen import upkeep
    from assetgen.commands.stopping import run_until_stopped

    project = open_project(shell, [manifest])
    with shell.console.progress() as listener:
        changed = run_until_stopped(upkeep.pick(project, name, number, listener), stopping=lambda: None)
    if not shell.console.quiet:
        told = f"variant {number} is picked" if changed else f"variant {number} is picked already"
        shell.console.result(f"{name}: {told}")
    if changed and not shell.console.quiet:
        shell.console.say(f"next: assetgen build {manifest}")
    return 0
