"""What a review page shows, gathered from the plan, the lock in it, the outputs and the store. Changes none of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from assetgen.catalog import DRAFT
from assetgen.digest import Digest
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import AssetId, LoadedManifest
from assetgen.plan.plan import Action, AssetPlan, ManifestPlan, Plan
from assetgen.plan.request import ADOPTED
from assetgen.publish.decisions import Standing, picture_of, standing
from assetgen.report.reasons import in_short
from assetgen.report.review.contents import Fact, Review, Subject
from assetgen.report.review.doubts import doubts
from assetgen.report.review.past import bought, cost_of, total_of, why_changed
from assetgen.report.review.pictures import Desk, accepted, files, shown, variants
from assetgen.report.review.wording import compared
from assetgen.report.words import counted, money


def gather(plan: Plan, desk: Desk, retakes: Mapping[AssetId, Decimal | None] = MappingProxyType({})) -> Review:
    """Everything that the page of a plan shows. `retakes` says what another picture of an asset would cost, for those
    that the page may ask one for. Raises StateError when the store cannot be looked at."""
    pairs = [(asset, manifest) for manifest in plan.manifests for asset in manifest.assets]
    with ThreadPoolExecutor(desk.jobs) as threads:
        subjects = tuple(threads.map(lambda pair: _subject(pair[0], pair[1], desk, retakes), pairs))
    return Review(_title(plan), subjects, *_money([asset.previous for asset, _ in pairs if asset.previous]))


def manifest_name(manifest: LoadedManifest) -> str:
    """A manifest as pages and exported decisions name it: by its path from the project's root."""
    return Path(os.path.relpath(manifest.path, manifest.root)).as_posix()


def _title(plan: Plan) -> str:
    return ", ".join(Path(manifest.manifest.shown).stem for manifest in plan.manifests)


def _money(entries: Sequence[Entry]) -> tuple[Decimal, Decimal, int]:
    """What the pictures cost that nobody decided about yet, what was not bought again since the others stayed as they
    are, and how many have no known price. A master that several assets share was paid once."""
    spent, saved, unpriced = Decimal(0), Decimal(0), 0
    seen: set[Digest] = set()
    for entry, picture in [(one, picture) for one in entries for picture in bought(one)]:
        cost = cost_of(picture)
        if cost is None:
            unpriced += 1
        elif picture.sha256 in seen or standing(entry) is not Standing.UNDECIDED:
            saved += cost
        else:
            spent += cost
        seen.add(picture.sha256)
    return spent, saved, unpriced


def _subject(
    asset: AssetPlan, manifest: ManifestPlan, desk: Desk, retakes: Mapping[AssetId, Decimal | None]
) -> Subject:
    recipe, entry, world = asset.recipe, asset.previous, manifest.world
    picture = shown(entry, world, desk) if entry else None
    stands = standing(entry)
    earlier = entry.decision if entry and stands is Standing.UNDECIDED else None
    said = entry.decision if entry and stands is not Standing.UNDECIDED else None
    before = earlier if earlier and earlier.verdict == "accepted" else None
    return Subject(
        manifest=manifest_name(manifest.manifest),
        name=recipe.name,
        seen=picture_of(entry) if entry else None,
        standing=stands,
        picture=picture,
        description=recipe.description or "",
        tags=recipe.tags,
        note=(said and said.note) or "",
        by=(said and said.by) or "",
        changed=earlier is not None,
        accepted=accepted(before, entry, desk) if before and entry else None,
        why=why_changed(entry, earlier) if entry and earlier else (),
        draft=entry is not None and entry.master.provider == DRAFT,
        next=_next(asset),
        failure=_failure(asset),
        warnings=tuple(doubts(asset, world, picture)),
        prompt=compared(before.request.prompt if before and before.request else None, _prompt(asset)),
        facts=tuple(_facts(entry)) if entry else (),
        files=tuple(files(entry, asset, world, desk)) if entry else (),
        variants=tuple(variants(entry, desk)) if entry else (),
        retake=_price(retakes[asset.asset]) if asset.asset in retakes else "",
        colors=tuple(recipe.drawing.colors.items()),
    )


def _prompt(asset: AssetPlan) -> str:
    """What the picture was asked for with; today's prompt while there is none."""
    return asset.previous.request.prompt if asset.previous else asset.recipe.request.prompt


def _next(asset: AssetPlan) -> tuple[str, ...]:
    """What the next build would do, and why."""
    if asset.action in (Action.UP_TO_DATE, Action.BLOCKED):
        return ()
    return f"the next build will {_VERBS[asset.action]} ({_price(asset.usd)})", *in_short(asset.reasons)


def _price(usd: Decimal | None) -> str:
    return "price unknown" if usd is None else money(usd) if usd else "free"


_VERBS = {
    Action.EXPORT: "make files anew from this picture",
    Action.CUTOUT: "cut out the background again",
    Action.UPSCALE: "have the picture enlarged",
    Action.GENERATE: "have another picture made",
    Action.RESUME: "collect a picture that is on order",
}


def _failure(asset: AssetPlan) -> str:
    if asset.blocked is None:
        return ""
    return f"{asset.blocked.message} ({asset.blocked.hint})" if asset.blocked.hint else asset.blocked.message


# --- words ---------------------------------------------------------------------------------------------------------


def _cost(entry: Entry) -> str:
    cost, pictures = total_of(entry), len(bought(entry))
    if cost is None:
        return "unknown"
    several = f" for {pictures} pictures" if pictures > 1 else ""
    return f"{money(cost)}{several}" if cost else "free"


def _facts(entry: Entry) -> Iterator[Fact]:
    master, request = entry.master, entry.request
    yield "Model", request.model
    yield "Made by", {DRAFT: "assetgen, as a free draft", ADOPTED: "a person"}.get(master.provider, master.provider)
    yield "Cost", _cost(entry)
    yield "Received", f"{master.width} × {master.height} {master.format}"
    yield from ((name.replace("_", " ").capitalize(), str(value)) for name, value in request.parameters.items())
    yield from ((name, str(value)) for name, value in request.input.items())
    if request.take or request.reroll:
        yield "Take", f"{request.take}, re-rolled {counted(request.reroll, 'time')}"
    if entry.upscale:
        yield "Enlarged", f"{entry.upscale.width} × {entry.upscale.height}, by {entry.upscale.model}"
    if entry.cutout:
        yield "Cut out by", entry.cutout.remover
        if second := entry.cutout.ordered if entry.cutout.asked else None:
            yield "Second picture", f"{second.width} × {second.height} {second.format}, {second.sha256[:12]}"
    yield "Picture", master.sha256[:12]
