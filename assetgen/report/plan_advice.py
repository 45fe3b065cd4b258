"""What people want to know beside the rows of a plan: what a budget says to it, and what looks like a rename. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assetgen.catalog.models import MODELS
from assetgen.lock.model import LockedRequest
from assetgen.manifest.recipe import Request
from assetgen.manifest.suggest import closest, nearly
from assetgen.plan.plan import AssetPlan, ManifestPlan, Plan, totals
from assetgen.plan.request import normalised
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


def misspelt_model(row: AssetPlan) -> Iterator[str]:
    """A model that is about to be asked, and whose name is nearly a known one."""
    model = row.recipe.request.model
    meant = nearly(model, MODELS) if row.orders and model not in MODELS else []
    if meant:
        yield f"no model `{model}` is known: was {' or '.join(f'`{name}`' for name in meant)} meant?"


def renames(manifest: ManifestPlan) -> Iterator[str]:
    """Where an asset went and a new one came, it may be the same one, whose picture could move along. One that asks for
    the same is most likely it, whatever it is called."""
    new = [row for row in manifest.assets if row.previous is None and not row.recipe.moved_from]
    entries = manifest.world.entries
    for removed in manifest.removed:
        if not new:
            return
        was = entries[removed.name].request if removed.name in entries else None
        alike = [row for row in new if was is None or _asks_the_same(was, row.recipe.request)]
        row = alike[0] if len(alike) == 1 else _nearest(removed.name, alike or new)
        if row in alike:
            new.remove(row)
        yield from _renamed(removed.name, row, same=bool(alike))


def _asks_the_same(was: LockedRequest, now: Request) -> bool:
    """As far as a hint needs to know: references are not looked at."""
    said = (normalised(was.prompt), was.model, was.parameters, was.take)
    return said == (normalised(now.prompt), now.model, dict(now.parameters), now.take)


def _nearest(name: str, rows: Sequence[AssetPlan]) -> AssetPlan | None:
    near = str(rows[0].asset.name) if len(rows) == 1 else closest(name, [str(row.asset.name) for row in rows])
    return next((row for row in rows if row.asset.name == near), None)


def _renamed(name: str, row: AssetPlan | None, *, same: bool) -> Iterator[str]:
    """The members of a matrix are named by its values, so `moved_from` can move all of them together and none alone."""
    if row is not None and row.recipe.member_of is not None:
        if not same and name.startswith(f"{row.recipe.member_of}-"):
            yield (
                f"renamed? the prompt of `{row.asset.name}` is not that of `{name}`: while it says the same, whatever "
                "the value is called, the picture is kept"
            )
        return
    under = f"`{row.asset.name}`" if row else "its new name"
    kept = "and its picture is kept" if same or row is None else "and its picture is kept while it asks for the same"
    yield f"renamed? write `moved_from: {name}` under {under}, {kept}"
