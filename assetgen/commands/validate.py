"""`assetgen validate`: check manifests and nothing else. No network, no writes."""

from __future__ import annotations

from collections.abc import Sequence

from assetgen.commands.shell import Shell, open_project
from assetgen.report.words import counted


def run(shell: Shell, manifests: Sequence[str]) -> int:
    """Every problem of all manifests is raised together; what is fine is said."""
    project = open_project(shell, manifests)
    console = shell.console
    if console.json:
        console.document({"errors": []})
    if not console.quiet:
        for manifest in project.manifests:
            recipes = manifest.recipes
            what = counted(len(recipes), "asset") if recipes else "no assets, a library for others"
            console.result(f"{manifest.shown}: ok, {what}")
    return 0
