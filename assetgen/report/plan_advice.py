"""What people want to know beside the rows of a plan: what a budget says to it, and what looks like a rename. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from assetgen.manifest.suggest import closest
from assetgen.plan.plan import AssetPlan, ManifestPlan, Plan, totals
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.words import money, printable


def budget_lines(plan: Plan, paint: Paint = PLAIN) -> Iterator[str]:
    """What each manifest's budget says to it, a line each; nothing where nothing is to be paid."""
    for entry in plan.manifests:
        budget, sums = entry.manifest.budget, totals(entry.assets)
        if budget is None or not (sums.usd or sums.unpriced):
            continue
        whose = f" of {printable(entry.manifest.shown)}" if len(plan.manifests) > 1 else ""
        name = f"the budget{whose} of {money(budget)}"
        if sums.usd > budget:
            yield paint.red(f"over {name}{_at(entry)}: a build would stop before the first paid call")
        elif sums.unpriced:
            yield paint.yellow(f"a price is unknown: under {name}{_at(entry)} a build needs --allow-unpriced")
        else:
            yield f"{money(sums.usd)} of {name}"


def _at(entry: ManifestPlan) -> str:
    place = entry.manifest.budget_place
    return f" ({printable(place.file)}:{place.line})" if place else ""


def unknown_move(row: AssetPlan, manifest: ManifestPlan) -> Iterator[str]:
    """A `moved_from` that moves nothing, since the lock never heard of the name: most likely a slip."""
    earlier = row.recipe.moved_from
    if earlier and row.previous is None and earlier not in manifest.world.entries:
        near = closest(earlier, [removed.name for removed in manifest.removed])
        yield f"moved_from: `{earlier}` is not in the lock" + (f"; did you mean `{near}`?" if near else "")


def renames(manifest: ManifestPlan) -> Iterator[str]:
    """Where an asset went and a new one came, it may be the same one, whose picture could move along."""
    new = [str(row.asset.name) for row in manifest.assets if row.previous is None and not row.recipe.moved_from]
    for removed in manifest.removed if new else ():
        name = new[0] if len(new) == 1 else closest(removed.name, new)
        under = f"`{name}`" if name else "its new name"
        yield f"renamed? write `moved_from: {removed.name}` under {under}, and its picture is kept"
