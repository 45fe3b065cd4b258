"""From recipes and facts to the plan. Pure; the one path that `plan`, `check`, `--dry-run` and `build` share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from fnmatch import fnmatchcase

from assetgen.catalog import DRAFT, Catalog
from assetgen.digest import Digest, StepKey
from assetgen.errors import Problem, UsageError
from assetgen.lock import Entry
from assetgen.manifest.recipe import AssetId, LoadedManifest, Recipe
from assetgen.plan.master import MasterVerdict, asked_before, decide_master
from assetgen.plan.outputs import Files, OutputVerdict, decide_outputs, stray_paths
from assetgen.plan.plan import (
    Action,
    AssetPlan,
    Collected,
    Kept,
    ManifestPlan,
    MasterPlan,
    Options,
    Ordered,
    Plan,
    Redrawn,
    Removed,
    Shared,
)
from assetgen.plan.request import stored_is_real
from assetgen.plan.world import World


def make_plan(loaded: Iterable[tuple[LoadedManifest, World]], options: Options, catalog: Catalog) -> Plan:
    """What a build would do to every selected asset. Raises UsageError when a glob selects nothing."""
    loaded = tuple(loaded)
    _check_globs(options, [recipe for manifest, _ in loaded for recipe in manifest.recipes])
    leaders: dict[StepKey, AssetId] = {}
    plans = tuple(_plan_manifest(manifest, world, options, catalog, leaders) for manifest, world in loaded)
    return Plan(plans, options)


def _plan_manifest(
    manifest: LoadedManifest, world: World, options: Options, catalog: Catalog, leaders: dict[StepKey, AssetId]
) -> ManifestPlan:
    files = Files.of(world)
    assets = []
    for recipe in manifest.recipes:
        if selected(recipe, options):
            asset = _plan_asset(manifest, recipe, world, files, options, catalog)
            assets.append(_share(asset, leaders))
    return ManifestPlan(manifest, world, tuple(assets), _removed(manifest, world, options))


def selected(recipe: Recipe, options: Options) -> bool:
    """Whether `--only` and `--tag` leave an asset in the run."""
    by_name = not options.only or any(fnmatchcase(recipe.name, pattern) for pattern in options.only)
    by_tag = not options.tags or any(tag in options.tags for tag in recipe.tags)
    return by_name and by_tag


def _check_globs(options: Options, recipes: list[Recipe]) -> None:
    names = [recipe.name for recipe in recipes]
    for flag, patterns in (
        ("--only", options.only),
        ("--regenerate", options.regenerate),
        ("--refresh", options.refresh),
    ):
        for pattern in patterns:
            if not any(fnmatchcase(name, pattern) for name in names):
                raise UsageError(f"{flag} {pattern} matches no asset", hint=_did_you_mean(pattern, names))
    for tag in options.tags:
        tags = sorted({tag for recipe in recipes for tag in recipe.tags})
        if tag not in tags:
            raise UsageError(f"--tag {tag} matches no asset", hint=_did_you_mean(tag, tags))


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    known = list(known)
    close = get_close_matches(word, known, n=1)
    return f"did you mean `{close[0]}`?" if close else f"known: {', '.join(known) or 'none'}"


def _removed(manifest: LoadedManifest, world: World, options: Options) -> tuple[Removed, ...]:
    """Entries whose asset is gone; a run over some of the assets leaves them alone."""
    if options.only or options.tags:
        return ()
    names = {str(recipe.name) for recipe in manifest.recipes}
    moving = {str(r.moved_from) for r in manifest.recipes if r.moved_from and r.name not in world.entries}
    return tuple(Removed(name, paths) for name, paths in stray_paths(world, names | moving))


@dataclass(frozen=True, slots=True)
class _Past:
    """The lock entry in effect, and the earlier name it still has, if it does (rule 11)."""

    entry: Entry | None
    moved_from: str | None


def _past(recipe: Recipe, world: World) -> _Past:
    entry = world.entries.get(recipe.name)
    if entry is None and recipe.moved_from in world.entries:
        return _Past(world.entries[str(recipe.moved_from)], recipe.moved_from)
    return _Past(entry, None)


def _plan_asset(
    manifest: LoadedManifest, recipe: Recipe, world: World, files: Files, options: Options, catalog: Catalog
) -> AssetPlan:
    past = _past(recipe, world)
    verdict = decide_master(recipe, past.entry, world, options, catalog)
    outputs = decide_outputs(
        recipe,
        past.entry,
        verdict.master.master.sha256 if isinstance(verdict.master, Kept) else None,
        files,
        options,
        moved=past.moved_from is not None,
        refresh=any(fnmatchcase(recipe.name, pattern) for pattern in options.refresh),
    )
    if isinstance(verdict.master, Kept) and any(write.source is None for write in outputs.writes):
        verdict = _bytes_needed(verdict, verdict.master, recipe, past.entry, world)
    return _compose(AssetId(manifest.shown, recipe.name), recipe, past, verdict, outputs, world)


def _bytes_needed(
    verdict: MasterVerdict, kept: Kept, recipe: Recipe, entry: Entry | None, world: World
) -> MasterVerdict:
    """How to get at the bytes of a known master (rule 3): a paid picture is never made again to recreate them."""
    master = kept.master
    if master.sha256 in world.blobs:
        return verdict
    if master.provider == DRAFT:
        drawn = kept.asking or (asked_before(entry, recipe) if entry else None)
        if drawn:
            reason = "its draft is drawn again: the bytes are not in the store"
            return replace(verdict, master=Redrawn(kept, drawn), reasons=(*verdict.reasons, reason))
    if master.task and stored_is_real(master, loopback=world.loopback):
        reason = f"its picture is collected again by task {master.task}: the bytes are not in the store"
        return replace(verdict, master=Collected(kept), reasons=(*verdict.reasons, reason))
    return replace(verdict, master=None, blocked=lost(recipe, master.sha256))


def lost(recipe: Recipe, digest: Digest, because: str = "") -> Problem:
    """The picture that the lock pins cannot be had; with the remedies."""
    return Problem(
        "blocked",
        f"the picture of `{recipe.name}` ({digest[:12]}) is needed and not in the store{because}",
        recipe.place,
        "bring it back by restoring .assetgen/ from whoever built it, undo the change that needs it, or pay for a "
        f"different picture with --regenerate {recipe.name}",
    )


def _compose(
    asset: AssetId, recipe: Recipe, past: _Past, verdict: MasterVerdict, outputs: OutputVerdict, world: World
) -> AssetPlan:
    blocked = outputs.blocked or verdict.blocked
    reasons = (*verdict.reasons, *outputs.reasons)
    if past.moved_from:
        reasons = (f"renamed from `{past.moved_from}`", *reasons)
    elif past.entry is not None and recipe.name in world.unrecorded:
        reasons = (*reasons, "not in the lock yet")
    if blocked:
        reasons = (blocked.message, *reasons)
    master = None if blocked else verdict.master
    return AssetPlan(
        asset=asset,
        recipe=recipe,
        action=_action(master, blocked, reasons),
        reasons=tuple(dict.fromkeys(reasons)),
        usd=master.usd if isinstance(master, Ordered) else Decimal(0),
        notes=(*verdict.notes, *outputs.notes),
        master=master,
        writes=() if blocked else outputs.writes,
        kept=outputs.kept,
        dropped=outputs.dropped,
        previous=past.entry,
        moved_from=past.moved_from,
        blocked=blocked,
    )


def _action(master: MasterPlan | None, blocked: Problem | None, reasons: tuple[str, ...]) -> Action:
    """The costliest step. Copying a published file back is no step: what stands there is content enough."""
    if blocked:
        return Action.BLOCKED
    match master:
        case Ordered() if master.resumes:
            return Action.RESUME
        case Collected():
            return Action.RESUME
        case Ordered() | Redrawn():
            return Action.GENERATE
        case _:
            return Action.EXPORT if reasons else Action.UP_TO_DATE


def _share(asset: AssetPlan, leaders: dict[StepKey, AssetId]) -> AssetPlan:
    """Equal requests share one master: only the first asset of a run orders it (rule 1)."""
    if not isinstance(asset.master, Ordered):
        return asset
    asking = asset.master.asking
    leader = leaders.setdefault(asking.key, asset.asset)
    if leader == asset.asset:
        return asset
    return replace(
        asset,
        action=Action.EXPORT,
        usd=Decimal(0),
        reasons=(*asset.reasons, f"shares the picture of `{leader}`"),
        master=Shared(leader, asking),
    )
