"""What became of a build, as text: what failed and what to do, what it cost, where the files are. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Protocol, TypeAlias

from assetgen.catalog import DRAFT
from assetgen.engine.events import Begun, Outcome, Result
from assetgen.errors import Problem
from assetgen.manifest.recipe import OutputPath
from assetgen.plan.plan import Action, AssetPlan, Collected, Kept, ManifestPlan, Ordered, Redrawn, Shared
from assetgen.report.machine import Ending
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.plan_text import folders, left_over, stands, up_to_date_line
from assetgen.report.problems import about, problem_text
from assetgen.report.progress import names_of
from assetgen.report.reasons import notes_in_short
from assetgen.report.words import counted, duration, folded, listed, money, printable, wrapped

_NAMED = 8
"""How many assets that share one problem are named."""


class PricedEnding(Ending, Protocol):
    """An ending that also knows what pictures at hand once cost (`saved`, in US dollars), and what an interruption cut
    short (`begun`)."""

    @property
    def saved(self) -> Decimal: ...
    @property
    def interrupted(self) -> bool: ...
    @property
    def begun(self) -> tuple[Begun, ...]: ...


def summary_text(
    ending: PricedEnding,
    width: int = 80,
    paint: Paint = PLAIN,
    *,
    quiet: bool = False,
    here: Path | None = None,
) -> str:
    """What is left over and worth noting (unless `quiet`), then problems, then one line that tells how it went. `here`
    is the folder that the reader stands in, None for the root of the project."""
    remarks = [] if quiet else [*_remarks(ending, width, paint)]
    last = wrapped(last_line(ending, paint, here=here), width)
    blocks = [*_problems((*ending.outcomes, *ending.emitted), paint), last]
    return "\n\n".join(("\n".join(remarks), *blocks) if remarks else blocks)


def last_line(ending: PricedEnding, paint: Paint = PLAIN, *, here: Path | None = None) -> str:
    """`3 built, 1 failed, 2 up to date in 12 s; spent $0.27; files in output/app`."""
    counts: Counter[Result] = Counter(o.result for o in ending.outcomes if o.result is not Result.UP_TO_DATE)
    emitted = [path for outcome in ending.emitted for path in outcome.wrote]
    if not counts and not ending.interrupted and not emitted and _nothing_left(ending):
        return up_to_date_line(ending.plan, paint, here=here)
    done = ", ".join(_counts(counts, ending, paint)) or "nothing built"
    took = duration(ending.seconds)
    parts = [f"{paint.yellow('interrupted')} after {took}: {done}" if ending.interrupted else f"{done} in {took}"]
    parts += (*_drafts(ending), *_costs(ending, counts))
    if counts[Result.BUILT]:
        parts.append(f"files in {folders(ending.plan, here)}")
    if emitted:
        parts.append(f"wrote {listed(emitted, _NAMED)}")
    if ending.interrupted:
        parts.append("run the same command again to go on")
    return "; ".join(parts)


def _nothing_left(ending: PricedEnding) -> bool:
    failed = any(outcome.problem for outcome in ending.emitted)
    return not failed and all(asset.action is Action.UP_TO_DATE for asset in ending.plan.assets)


def _counts(counts: Counter[Result], ending: PricedEnding, paint: Paint) -> Iterator[str]:
    """An asset counts as up to date also where only the run could tell: what it shows turned out to be as it was."""
    colours = {Result.BUILT: paint.green, Result.FAILED: paint.red, Result.SKIPPED: paint.yellow}
    for result, colour in colours.items():
        if counts[result]:
            yield colour(f"{counts[result]} {result.value}")
    unchanged = {asset.asset for asset in ending.plan.assets if asset.action is Action.UP_TO_DATE}
    unchanged |= {outcome.asset for outcome in ending.outcomes if outcome.result is Result.UP_TO_DATE}
    if unchanged:
        yield f"{len(unchanged)} up to date"
    unfinished = ending.plan.totals.assets - len(unchanged) - counts.total()
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


def _costs(ending: PricedEnding, counts: Counter[Result]) -> Iterator[str]:
    """What the run paid, may have paid, has on order, and, where all went well, need not pay."""
    begun = ending.begun
    spent = _sum((*(outcome.spent for outcome in ending.outcomes), *(one.settled for one in begun)))
    unsure = _sum((*(outcome.unsure for outcome in ending.outcomes), *(one.unsure for one in begun)))
    went_well = not (ending.interrupted or counts[Result.FAILED] or counts[Result.SKIPPED])
    costs = [f"spent {spent}" if spent else "", f"perhaps {unsure} more" if unsure else ""]
    costs.append(f"saved {money(ending.saved)}" if ending.saved and went_well else "")
    if any(costs):
        yield ", ".join(filter(None, costs))
    ordered = [usd for one in begun for usd in one.pending]
    if ordered:
        yield f"{len(ordered)} ordered for {_sum(ordered) or money(Decimal(0))} and not collected yet"


def _sum(amounts: Iterable[Decimal | None]) -> str:
    """`$0.18`, `$0.18 and an unknown amount`, `an unknown amount`; empty for nothing."""
    known = list(amounts)
    total = sum((amount for amount in known if amount), Decimal(0))
    return " and ".join(filter(None, (money(total) if total else "", "an unknown amount" if None in known else "")))


_Told: TypeAlias = tuple[Outcome, Problem]

_REFUSED = re.compile(r"not sent: .*\((\w+)\)")
"""What the engine says of an asset that it sent nothing for, since another's order was refused in a way that holds for
all; in brackets the code of that refusal."""


def _problems(outcomes: Iterable[Outcome], paint: Paint) -> Iterator[str]:
    """Each problem once, also when several assets share it: a missing key is not told forty times."""
    told = [(outcome, outcome.problem) for outcome in outcomes if outcome.problem]
    codes = {problem.code for _, problem in told}
    groups: dict[tuple[str, str, str | None], list[_Told]] = {}
    not_sent: dict[str, list[_Told]] = {}
    for outcome, problem in told:
        refused = _REFUSED.fullmatch(problem.message)
        if refused and refused[1] in codes:
            not_sent.setdefault(refused[1], []).append((outcome, problem))
        else:
            groups.setdefault((problem.code, problem.message, problem.hint), []).append((outcome, problem))
    for (code, *_), group in groups.items():
        yield _problem(group, not_sent.pop(code, []), paint)


def _problem(group: list[_Told], not_sent: list[_Told], paint: Paint) -> str:
    """One problem of all assets of a group; `not_sent` are those that it kept from being ordered."""
    outcome, problem = group[0]
    severity = "skipped" if all(outcome.result is Result.SKIPPED for outcome, _ in group) else "error"
    if len(group) > 1:
        problem = replace(problem, message=f"{problem.message}\n{_names(group)}", place=None)
    else:
        problem = about(problem, outcome.asset)
    if not_sent:
        problem = replace(problem, message=f"{problem.message}\n{_not_ordered(not_sent)}", place=None)
    return problem_text(problem, paint, severity)


def _not_ordered(not_sent: list[_Told]) -> str:
    begun = [told for told in not_sent if told[0].requests]
    rest = [told for told in not_sent if not told[0].requests]
    nothing = f"so nothing was ordered for {_names(rest)} either" if rest else ""
    no_more = f"so no more was ordered for {_names(begun)}; what was is kept for the next build" if begun else ""
    return "\n".join(filter(None, (nothing, no_more)))


def _names(group: list[_Told]) -> str:
    return listed((f"`{outcome.asset}`" for outcome, _ in group), _NAMED)


def _remarks(ending: PricedEnding, width: int, paint: Paint) -> Iterator[str]:
    names = names_of(outcome.asset for outcome in ending.outcomes)
    for outcome in ending.outcomes:
        for note in notes_in_short(outcome.notes, done=outcome.problem is None):
            about_it = note if f"`{outcome.asset}`" in note else f"`{names[outcome.asset]}`: {note}"
            yield f"{paint.cyan('note:')} {folded(printable(about_it), width - 6, '  ')}"
    for manifest in ending.plan.manifests:
        lines = left_over(manifest, ending.plan.made, width - 6, _dropped(ending, manifest))
        yield from (f"{paint.cyan('note:')} {line.lstrip()}" for line in lines)


def _dropped(ending: PricedEnding, manifest: ManifestPlan) -> list[OutputPath]:
    """Files that stand, and that assets of a manifest left behind in the run."""
    built = (outcome for outcome in ending.outcomes if outcome.asset.manifest == manifest.manifest.shown)
    left = (path for outcome in built if outcome.result is Result.BUILT for path in outcome.dropped)
    files = manifest.world.files
    return [path for path in map(OutputPath, left) if stands(files.get(path))]
