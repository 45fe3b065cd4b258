"""`assetgen explain`: all about one asset. No network, no writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assetgen.commands.shell import Selection, Shell, open_project
from assetgen.errors import UsageError

if TYPE_CHECKING:
    from assetgen.plan.plan import AssetPlan, Plan


def run(shell: Shell, manifest: str, name: str) -> int:
    """Show prompt, request, keys and changes of the asset called `name`, which may also be a `sheet/cell` or a variant,
    `NAME/2`. Raises UsageError when there is none."""
    from assetgen import build
    from assetgen.report.explain_text import explain_text

    project = open_project(shell, [manifest])
    plan = build.plan(project, Selection().options(project))
    asset = _found(plan, name) or _part_found(plan, name)
    if asset is None:
        raise _unknown(plan, manifest, name)
    screen = shell.console.result_screen
    shell.console.result(explain_text(asset, screen.width, screen.paint))
    return 0


def _found(plan: Plan, name: str) -> AssetPlan | None:
    return next((asset for asset in plan.assets if asset.asset.name == name), None)


def _part_found(plan: Plan, name: str) -> AssetPlan | None:
    from assetgen.report.explain_parts import only_part, parts_of

    whole, _, part = name.rpartition("/")
    asset = _found(plan, whole)
    return only_part(asset, part) if asset is not None and part in parts_of(asset) else None


def _unknown(plan: Plan, manifest: str, name: str) -> UsageError:
    from assetgen.manifest.suggest import did_you_mean_of
    from assetgen.report.explain_parts import parts_of

    members = [str(asset.asset.name) for asset in plan.assets if asset.recipe.member_of == name]
    if members:
        return UsageError(f"`{name}` is a matrix in {manifest}", hint=f"name one of its assets: {', '.join(members)}")
    whole, slash, part = name.rpartition("/")
    asset = _found(plan, whole)
    if slash and asset is not None:
        return UsageError(f"`{whole}` has no cell or variant `{part}`", hint=did_you_mean_of(part, parts_of(asset)))
    names = [str(asset.asset.name) for asset in plan.assets]
    return UsageError(f"there is no asset `{name}` in {manifest}", hint=did_you_mean_of(name, names))
