"""One asset in full, as text: what is asked for, under which keys, what is made from it, and what changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assetgen.catalog.removers import KEY, REMOVERS
from assetgen.manifest.recipe import OutputSpec
from assetgen.plan.plan import Action, AssetPlan, KeptCutout, Shared, Write
from assetgen.plan.request import Shown, export_key
from assetgen.plan.upscale import upscale_key
from assetgen.publish.decisions import Standing, standing
from assetgen.report.dimensions import output_size, picture_of, source_of
from assetgen.report.explain_parts import cell_rows, cost_rows, request_of, variant_rows
from assetgen.report.paint import PLAIN, Paint
from assetgen.report.problems import pasteable
from assetgen.report.reasons import notes_in_short
from assetgen.report.words import folded, money, padded, printable

_INDENT = "  "


def explain_text(asset: AssetPlan, width: int = 80, paint: Paint = PLAIN) -> str:
    """Everything that decides about an asset. Keys are SHA-256: equal keys are equal pictures, never paid for twice."""
    sections = (
        ("prompt", _folded([asset.recipe.request.prompt], width)),
        ("request", _table(_request(asset))),
        ("cost", _table(cost_rows(asset))),
        ("variants", _table(variant_rows(asset))),
        ("cells", _table(cell_rows(asset))),
        ("keys", _table(_keys(asset))),
        ("outputs", _table(_outputs(asset))),
        ("why", _folded(asset.reasons, width)),
        ("notes", _folded(notes_in_short(asset.notes), width)),
    )
    blocks = ["\n".join((paint.bold(title), *(_INDENT + line for line in lines))) for title, lines in sections if lines]
    return "\n\n".join(("\n".join(_verdict(asset)), *blocks))


def _folded(sentences: Iterable[str], width: int) -> list[str]:
    return [folded(printable(sentence), width - len(_INDENT), _INDENT) for sentence in sentences]


def _verdict(asset: AssetPlan) -> Iterator[str]:
    action = "up to date" if asset.action is Action.UP_TO_DATE else asset.action.value
    price = "price unknown" if asset.usd is None else money(asset.usd)
    yield f"{asset.asset} ({printable(str(asset.recipe.place))}): {action}, {price}"
    if asset.recipe.description:
        yield printable(asset.recipe.description)
    decided = _decision(asset)
    if decided:
        yield printable(decided)
    if asset.blocked and asset.blocked.hint:
        yield f"hint: {printable(pasteable(asset.blocked.hint, asset.asset.manifest))}"


def _decision(asset: AssetPlan) -> str:
    """What people said of the picture that there is; nothing where nobody did."""
    decision = asset.previous.decision if asset.previous else None
    if decision is None or standing(asset.previous) is Standing.UNDECIDED:
        return ""
    by = f" by {decision.by}" if decision.by else ""
    return f"{decision.verdict}{by}{f': {decision.note}' if decision.note else ''}"


def _request(asset: AssetPlan) -> Iterator[tuple[str, str]]:
    asking, request = request_of(asset), asset.recipe.request
    yield "provider", asking.provider
    yield "model", request.model + _default("model", request.defaulted)
    for name, value in (*request.parameters.items(), *request.input.items()):
        yield name, f"{value}{_default(name, request.defaulted)}"
    for number, shown in enumerate(asset.shown, 1):
        label = f" ({shown.label})" if shown.label else ""
        yield f"image {number}", f"{printable(shown.called)}{label}, {_digest_shown(shown)}"
    if upscale := asset.recipe.upscale:
        yield "upscale", f"{upscale.model}, {upscale.factor:g} times as large"
    if cutout := asset.recipe.cutout:
        yield "cutout", f"by {cutout.remover or KEY}{'' if cutout.remover else ' (default)'}"
    yield "take", str(request.take)
    yield "re-roll", str(asking.reroll)
    if isinstance(asset.master, Shared):
        yield "shared with", asset.master.leader.name


def _digest_shown(shown: Shown) -> str:
    """The digest is the whole master's, also where only a part of it is sent."""
    if shown.awaits:
        return "not known yet"
    if not (shown.cutout or shown.cell):
        return shown.sha256[:12]
    sent = " of ".join([*(["this cell"] if shown.cell else []), *(["its cutout"] if shown.cutout else [])])
    owner = shown.source.partition(":")[2].partition("/")[0].removesuffix("#cutout")
    return f"master of {printable(owner)} {shown.sha256[:12]}, of which {sent} is sent"


def _default(name: str, defaulted: frozenset[str]) -> str:
    return " (default)" if name in defaulted else ""


def _keys(asset: AssetPlan) -> Iterator[tuple[str, str]]:
    asking = request_of(asset)
    yield "generate", "not known before the pictures that it shows" if asking.awaits else asking.key
    if asset.upscale:
        yield "upscale", upscale_key(asset) or "not known before the picture is there"
    picture = picture_of(asset)
    if picture:
        yield "picture", f"{picture.sha256} ({picture.size}, by {picture.provider})"
    if isinstance(asset.cutout, KeptCutout):
        cutout = asset.cutout.cutout
        yield "cutout", f"{cutout.sha256} ({cutout.size}, by {cutout.remover} {cutout.version})"
        if asset.cutout.ordered and REMOVERS[cutout.remover].pairs:
            second = asset.cutout.ordered.master
            yield "second picture", f"{second.sha256} ({second.size}, by {second.provider})"
    for output in asset.recipe.outputs:
        source = source_of(asset, output)
        if source:
            yield f"export {printable(output.path)}", export_key(source.sha256, output.export)


def _outputs(asset: AssetPlan) -> Iterator[tuple[str, str]]:
    for write in asset.writes:
        yield printable(write.spec.path), _sized(asset, write.spec, _origin(write))
    for spec in asset.kept:
        yield printable(spec.path), _sized(asset, spec, "stands")
    for path in asset.dropped:
        yield printable(path), "no longer made"


def _sized(asset: AssetPlan, spec: OutputSpec, fate: str) -> str:
    size = output_size(asset, spec)
    shows = f"shows `{spec.borrowed}`" if spec.borrowed else ""
    return ", ".join(filter(None, (str(size or ""), fate, shows)))


def _origin(write: Write) -> str:
    if write.locked is None:
        return "to be written"
    if write.source == write.spec.path:
        return "stands already"
    return f"from {printable(write.source)}" if write.source else "from the store"


def _table(rows: Iterator[tuple[str, str]]) -> list[str]:
    table = list(rows)
    widest = max((len(name) for name, _ in table), default=0)
    return [f"{padded(name, widest)}  {value}" for name, value in table]
