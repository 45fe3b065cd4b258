"""`assetgen explain`: all about one asset. No network, no writes."""

from __future__ import annotations

from assetgen.commands.shell import Selection, Shell, open_project
from assetgen.errors import UsageError


def run(shell: Shell, manifest: str, name: str) -> int:
    """Show prompt, request, keys and changes of the asset called `name`. Raises UsageError when there is none."""
    from assetgen import build
    from assetgen.manifest.suggest import did_you_mean_of
    from assetgen.report.explain_text import explain_text

    project = open_project(shell, [manifest])
    plan = build.plan(project, Selection().options(project))
    asset = next((asset for asset in plan.assets if asset.asset.name == name), None)
    if asset is None:
        names = [str(asset.asset.name) for asset in plan.assets]
        raise UsageError(f"there is no asset `{name}` in {manifest}", hint=did_you_mean_of(name, names))
    screen = shell.console.result_screen
    shell.console.result(explain_text(asset, screen.width, screen.paint))
    return 0
