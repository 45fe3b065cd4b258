"""`assetgen validate`: check manifests and nothing else. No network, no writes."""

from __future__ import annotations

from collections.abc import Sequence

from assetgen.commands.shell import Shell, open_project, warnings_of
from assetgen.report.words import counted


def run(shell: Shell, manifests: Sequence[str]) -> int:
    """Every problem of all manifests is raised together; warnings and what is fine are said."""
    project = open_project(shell, manifests)
    console = shell.console
    console.warnings(warnings_of(project))
    if console.json:
        from assetgen.report.machine import validated_document

        console.document(validated_document(warnings_of(project)))
    if not console.quiet:
        for manifest in project.manifests:
            recipes = manifest.recipes
            what = counted(len(recipes), "asset") if recipes else "no assets, a library for others"
            console.result(f"{manifest.shown}: ok, {what}")
    return 0
