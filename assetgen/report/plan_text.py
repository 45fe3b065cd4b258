"""A plan as text: a row per asset with its action, cost and reasons; what is left over; the totals. Pure."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from assetgen.manifest.recipe import OutputPath
from assetgen.plan.plan import Action, AssetPlan, ManifestPlan, Plan, Totals
from assetgen.plan.world import FileFact
from assetgen.report.dimensions import sizes_text
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.plan_advice import budget_lines, misspelt_model, renames, unknown_move
from assetgen.report.problems import pasteable
from assetgen.report.reasons import in_short, notes_in_short
from assetgen.report.words import columns, counted, folded, listed, money, padded, printable, wrapped

_WIDEST_NAME, _NARROWEST_NAME = 32, 12
"""Longer names get a line of their own: on a wide screen, and on a narrow one."""

_REASONS = 48
"""Cells that action, cost and reasons should have beside the name."""

_LISTED = 3
"""How many paths are named before `and N more`."""

_STEPS = (Action.EXPORT, Action.CUTOUT, Action.UPSCALE, Action.GENERATE, Action.RESUME)


def plan_text(
    plan: Plan, width: int = 80, paint: Paint = PLAIN, *, every: bool = False, here: Path | None = None
) -> str:
    """What a build would do. Assets that need nothing are only counted, unless `every` asks for them. `here` is the
    folder that the reader stands in, None for the root of the project."""
    blocks = [_manifest_text(manifest, plan.made, width, paint, every=every) for manifest in plan.manifests]
    last = "\n".join((wrapped(plan_line(plan, paint, here=here), width), *budget_lines(plan, paint)))
    return "\n\n".join((*filter(None, blocks), last))


def plan_line(plan: Plan, paint: Paint = PLAIN, *, here: Path | None = None) -> str:
    """The last line of a plan: the whole of it in short."""
    if plan.up_to_date:
        return up_to_date_line(plan, paint, here=here)
    removed = sum(len(manifest.removed) for manifest in plan.manifests)
    files = [index for manifest in plan.manifests for index in manifest.indexes if index.reasons]
    return "; ".join(
        (
            totals_line(plan.totals, paint),
            *([f"{removed} removed from the manifest"] if removed else []),
            *([counted(len(files), "index file")] if files else []),
        )
    )


def up_to_date_line(plan: Plan, paint: Paint = PLAIN, *, here: Path | None = None) -> str:
    """`everything is up to date: 6 assets in output/app`."""
    count = sum(1 for _ in plan.assets)
    where = f" in {folders(plan, here)}" if count else ""
    return f"{paint.green('everything is up to date')}: {counted(count, 'asset')}{where}"


def folders(plan: Plan, here: Path | None = None) -> str:
    """Where the outputs of all manifests are, seen from `here`."""
    seen = (seen_from(here, entry.manifest.root, entry.manifest.output) for entry in plan.manifests)
    return listed(dict.fromkeys(map(printable, seen)), _LISTED)


def seen_from(here: Path | None, root: Path, path: str) -> str:
    """A path of the project as it can be opened from `here`; looks at no file."""
    return path if here is None else Path(os.path.relpath(root / path, here)).as_posix()


def totals_line(totals: Totals, paint: Paint = PLAIN) -> str:
    """`4 assets: 2 generate, 2 up to date; $0.18`."""
    order = (Action.GENERATE, Action.RESUME, Action.UPSCALE, Action.CUTOUT, Action.EXPORT, Action.BLOCKED)
    parts = [f"{totals.actions[action]} {action.value}" for action in order if totals.actions[action]]
    if totals.actions[Action.UP_TO_DATE]:
        parts.append(f"{totals.actions[Action.UP_TO_DATE]} up to date")
    return f"{counted(totals.assets, 'asset')}: {', '.join(parts) or 'nothing to do'}; {_price(totals, paint)}"


def _price(totals: Totals, paint: Paint) -> str:
    known = paint.bold(money(totals.usd))
    return f"{known} and {totals.unpriced} of unknown price" if totals.unpriced else known


@dataclass(frozen=True, slots=True)
class _Row:
    """An asset or an index file in the table; `remarks` are labelled, and stand below it."""

    name: str
    action: str
    colour: Callable[[str], str]
    cost: str
    reasons: tuple[str, ...]
    remarks: tuple[tuple[str, str], ...] = ()


def _manifest_text(manifest: ManifestPlan, made: Set[OutputPath], width: int, paint: Paint, *, every: bool) -> str:
    shown = [asset for asset in manifest.assets if every or asset.notes or asset.action is not Action.UP_TO_DATE]
    rows = [*(_asset_row(asset, manifest, paint, sizes=every) for asset in shown), *_index_rows(manifest, paint)]
    lines = [*_table(rows, width, paint), *left_over(manifest, made, width)]
    lines += (_sentence(f"hint: {hint}", width).replace("hint:", paint.cyan("hint:"), 1) for hint in renames(manifest))
    return "\n".join((paint.bold(printable(manifest.manifest.shown)), *lines)) if lines else ""


def _table(rows: list[_Row], width: int, paint: Paint) -> Iterator[str]:
    """A name that would leave too little room for the reasons has a line of its own."""
    widest = min(_WIDEST_NAME, max(_NARROWEST_NAME, width - _REASONS))
    names = max((columns(row.name) for row in rows if columns(row.name) <= widest), default=0)
    actions = max((len(row.action) for row in rows), default=0)
    costs = max((len(row.cost) for row in rows), default=0)
    for row in rows:
        name = padded(row.name, names)
        if columns(row.name) > widest:
            yield f"  {row.name}"
            name = " " * names
        head = 2 + names + 2 + actions + 2 + costs + 2
        text = folded(printable("; ".join(in_short(row.reasons))), width - head, " " * head)
        yield f"  {name}  {row.colour(row.action.ljust(actions))}  {row.cost.rjust(costs)}  {text}".rstrip()
        yield from _remarks(row, width, " " * head, paint)


def _remarks(row: _Row, width: int, indent: str, paint: Paint) -> Iterator[str]:
    for label, remark in row.remarks:
        text = folded(printable(f"{label}: {remark}"), width - len(indent), indent)
        yield indent + text.replace(f"{label}:", paint.cyan(f"{label}:"), 1)


def _asset_row(asset: AssetPlan, manifest: ManifestPlan, paint: Paint, *, sizes: bool) -> _Row:
    notes = (*notes_in_short(asset.notes), *unknown_move(asset, manifest), *misspelt_model(asset))
    remarks = [("note", note) for note in notes]
    if sizes and asset.writes and (known := sizes_text(asset)):
        remarks.append(("makes", known))
    if asset.blocked and asset.blocked.hint:
        remarks.append(("hint", pasteable(asset.blocked.hint, asset.asset.manifest)))
    colour = _colour(asset.action, paint)
    return _Row(str(asset.asset.name), _action(asset), colour, _cost(asset), asset.reasons, tuple(remarks))


def _index_rows(manifest: ManifestPlan, paint: Paint) -> Iterator[_Row]:
    """The index files that a build looks at."""
    for index in manifest.indexes:
        if index.blocked:
            hint = pasteable(str(index.blocked.hint), manifest.manifest.shown)
            yield _Row(index.path, "blocked", paint.red, "", index.reasons, (("hint", hint),))
        elif index.reasons:
            yield _Row(index.path, "emit", paint.cyan, "free", index.reasons)


def _action(row: AssetPlan) -> str:
    return "up to date" if row.action is Action.UP_TO_DATE else row.action.value


def _colour(action: Action, paint: Paint) -> Callable[[str], str]:
    match action:
        case Action.BLOCKED:
            return paint.red
        case Action.UP_TO_DATE:
            return paint.faint
        case Action.EXPORT:
            return paint.cyan
        case _:
            return paint.yellow


def _cost(row: AssetPlan) -> str:
    if row.usd is None:
        return "unknown"
    if row.usd:
        return money(row.usd)
    return "free" if row.action in _STEPS else ""


def left_over(
    manifest: ManifestPlan, made: Set[OutputPath], width: int, dropped: Iterable[OutputPath] = ()
) -> Iterator[str]:
    """Assets and index files that are gone from the manifest, and files that no asset makes: a line each. `made` are
    the paths that somebody makes, `dropped` files that a build has just left behind."""
    clean = f"`assetgen clean {manifest.manifest.shown}`"
    for removed in manifest.removed:
        files = f"; its files stay until {clean}: {listed(removed.paths, _LISTED)}" if removed.paths else ""
        yield _sentence(f"`{removed.name}` is no longer in the manifest{files}", width)
    for path in manifest.left_indexes:
        yield _sentence(f"{path} is no longer emitted; it stays until {clean}", width)
    prune = f"`assetgen publish {manifest.manifest.shown} --prune`"
    yield from _strays("file", sorted({*orphans(manifest), *dropped} - made), clean, width)
    yield from _strays("published file", orphans(manifest, published=True), prune, width)


def _strays(noun: str, strays: Sequence[str], command: str, width: int) -> Iterator[str]:
    if strays:
        which = "belongs" if len(strays) == 1 else "belong"
        sentence = f"{counted(len(strays), noun)} {which} to no asset any more and can go with {command}: "
        yield _sentence(sentence + listed(strays, _LISTED), width)


def _sentence(sentence: str, width: int) -> str:
    return "  " + folded(printable(sentence), width - 2, "  ")


def orphans(manifest: ManifestPlan, *, published: bool = False) -> list[OutputPath]:
    """Recorded orphans whose files still stand: those that were outputs, or those that were `published`."""
    files = manifest.world.files
    left = [path for path, orphan in manifest.world.orphans.items() if orphan.published is published]
    return [path for path in left if stands(files.get(path))]


def stands(fact: FileFact | None) -> bool:
    """Whether there is a file."""
    return fact is not None and fact.kind == "file"
