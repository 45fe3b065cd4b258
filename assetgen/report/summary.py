"""What became of a build, as text: what failed and what to do, what it cost, where the files are. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from assetgen.catalog import DRAFT
from assetgen.engine.events import Outcome, Result
from assetgen.errors import Problem
from assetgen.plan.plan import Action, AssetPlan, Collected, Kept, Ordered, Plan, Redrawn, Shared
from assetgen.report.machine import Ending
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.plan_text import folders, left_over, up_to_date_line
from assetgen.report.problems import about, problem_text
from assetgen.report.words import counted, duration, folded, listed, money, printable

_NAMED = 8
"""How many assets that share one problem are named."""


class PricedEnding(Ending, Protocol):
    """An ending that also knows what pictures at hand once cost (`saved`, in US dollars)."""

    @property
    def saved(self) -> Decimal: ...
    @property
    def interrupted(self) -> bool: ...


def summary_text(
    ending: PricedEnding, width: int = 80, paint: Paint = PLAIN, *, quiet: bool = False, here: Path | None = None
) -> str:
    """What is left over and worth noting (unless `quiet`), then problems, then one line that tells how it went. `here`
    is the folder that the reader stands in, None for the root of the project."""
    remarks = [] if quiet else [*_remarks(ending, width, paint)]
    blocks = [*_problems(ending.outcomes, paint), last_line(ending, paint, here=here)]
    return "\n\n".join(("\n".join(remarks), *blocks) if remarks else blocks)


def last_line(ending: PricedEnding, paint: Paint = PLAIN, *, here: Path | None = None) -> str:
    """`3 built, 1 failed, 2 up to date in 12 s; spent $0.27; files in output/app`."""
    counts: Counter[Result] = Counter(o.result for o in ending.outcomes if o.result is not Result.UP_TO_DATE)
    if not counts and not ending.interrupted and _nothing_left(ending.plan):
        return up_to_date_line(ending.plan, paint, here=here)
    done = ", ".join(_counts(counts, ending.plan, paint)) or "nothing built"
    took = duration(ending.seconds)
    parts = [f"{paint.yellow('interrupted')} after {took}: {done}" if ending.interrupted else f"{done} in {took}"]
    parts += (*_drafts(ending), *_costs(ending))
    if counts[Result.BUILT]:
        parts.append(f"files in {folders(ending.plan, here)}")
    if ending.interrupted:
        parts.append("run the same command again to go on")
    return "; ".join(parts)


def _nothing_left(plan: Plan) -> bool:
    return all(asset.action is Action.UP_TO_DATE for asset in plan.assets)


def _counts(counts: Counter[Result], plan: Plan, paint: Paint) -> Iterator[str]:
    colours = {Result.BUILT: paint.green, Result.FAILED: paint.red, Result.SKIPPED: paint.yellow}
    for result, colour in colours.items():
        if counts[result]:
            yield colour(f"{counts[result]} {result.value}")
    unchanged = plan.totals.actions[Action.UP_TO_DATE]
    if unchanged:
        yield f"{unchanged} up to date"
    unfinished = plan.totals.assets - unchanged - counts.total()
    if unfinished > 0:
        yield f"{unfinished} not finished"


def _drafts(ending: PricedEnding) -> Iterator[str]:
    """So that nobody takes a placeholder for the picture."""
    built = {outcome.asset for outcome in ending.outcomes if outcome.result is Result.BUILT}
    drafts = sum(1 for asset in ending.plan.assets if asset.asset in built and _maker(asset) == DRAFT)
    if drafts:
        yield "all of them free drafts" if drafts == len(built) > 1 else counted(drafts, "free draft")


def _maker(asset: AssetPlan) -> str | None:
    match asset.master:
        case Ordered() | Shared():
            return asset.master.asking.provider
        case Kept():
            return asset.master.master.provider
        case Collected() | Redrawn():
            return asset.master.kept.master.provider
        case None:
            return None


def _costs(ending: PricedEnding) -> Iterator[str]:
    spent = _sum((outcome.spent for outcome in ending.outcomes), "an unknown amount")
    unsure = _sum((outcome.unsure for outcome in ending.outcomes), "an unknown amount")
    costs = [f"spent {spent}" if spent else "", f"perhaps {unsure} more" if unsure else ""]
    costs.append(f"saved {money(ending.saved)}" if ending.saved else "")
    if any(costs):
        yield ", ".join(filter(None, costs))


def _sum(amounts: Iterable[Decimal | None], unknown: str) -> str:
    """`$0.18`, `$0.18 and an unknown amount`, `an unknown amount`; empty for nothing."""
    known = list(amounts)
    total = sum((amount for amount in known if amount), Decimal(0))
    return " and ".join(filter(None, (money(total) if total else "", unknown if None in known else "")))


def _problems(outcomes: Iterable[Outcome], paint: Paint) -> Iterator[str]:
    """Each problem once, also when several assets share it: a missing key is not told forty times."""
    shared: dict[tuple[str, str, str | None], list[tuple[Outcome, Problem]]] = {}
    for outcome in outcomes:
        problem = outcome.problem
        if problem:
            shared.setdefault((problem.code, problem.message, problem.hint), []).append((outcome, problem))
    for group in shared.values():
        yield _problem(group, paint)


def _problem(group: list[tuple[Outcome, Problem]], paint: Paint) -> str:
    outcome, problem = group[0]
    severity = "skipped" if all(outcome.result is Result.SKIPPED for outcome, _ in group) else "error"
    if len(group) > 1:
        names = listed((f"`{outcome.asset}`" for outcome, _ in group), _NAMED)
        together = Problem(problem.code, f"{problem.message}\n{names}", None, problem.hint)
        return problem_text(together, paint, severity)
    return problem_text(about(problem, outcome.asset), paint, severity)


def _remarks(ending: PricedEnding, width: int, paint: Paint) -> Iterator[str]:
    for outcome in ending.outcomes:
        for note in outcome.notes:
            about_it = note if f"`{outcome.asset}`" in note else f"`{outcome.asset}`: {note}"
            yield f"{paint.cyan('note:')} {folded(printable(about_it), width - 6, '  ')}"
    for manifest in ending.plan.manifests:
        yield from (f"{paint.cyan('note:')} {line.lstrip()}" for line in left_over(manifest, width - 6))
