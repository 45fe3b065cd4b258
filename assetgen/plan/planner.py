"""From recipes and facts to the plan. Pure; the one path that `plan`, `check`, `--dry-run` and `build` share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assetgen.catalog import Catalog
from assetgen.digest import Digest, StepKey
from assetgen.manifest.naming import fold
from assetgen.manifest.recipe import AssetId, AssetName, LoadedManifest, OutputPath, Recipe, Reference
from assetgen.plan.art import Loan
from assetgen.plan.case import Past, open_task
from assetgen.plan.cost import price_of
from assetgen.plan.cutout import CutoutVerdict, decide_cutout, with_bytes
from assetgen.plan.frozen import frozen_entry, kept_pick, with_locked_cutout, with_locked_upscale
from assetgen.plan.indexes import decide_indexes
from assetgen.plan.lending import locked_art, lost_art, planned_art
from assetgen.plan.ordering import MasterVerdict
from assetgen.plan.outputs import OutputVerdict, decide_outputs
from assetgen.plan.ownership import Claims, Member
from assetgen.plan.pinned import Known, knowing, news, pinned
from assetgen.plan.plan import (
    Action,
    AssetPlan,
    Cutting,
    Kept,
    KeptCutout,
    ManifestPlan,
    Options,
    Ordered,
    Plan,
    Removed,
    asking_of,
)
from assetgen.plan.recreate import lost, recreated, why
from assetgen.plan.recut import needs_base
from assetgen.plan.selection import check_globs, in_run
from assetgen.plan.sharing import action_of, shared
from assetgen.plan.showing import Contribution, Showing, contribution, from_web, in_order, showing, with_dependencies
from assetgen.plan.upscale import UpscaleVerdict, decide_upscale, known_picture, with_larger_bytes
from assetgen.plan.variants import Choice, decide_variants
from assetgen.plan.world import Owner, World

_LONGEST = 60
"""Characters of a prompt that are quoted to recognize it by."""


def make_plan(loaded: Iterable[tuple[LoadedManifest, World]], options: Options, catalog: Catalog) -> Plan:
    """What a build would do to every selected asset. Raises UsageError when a glob selects nothing."""
    return Planner(loaded, options, catalog).plan()


class Planner:
    """Plans the assets of one run, each after those that it shows, and again when their pictures are there."""

    def __init__(self, loaded: Iterable[tuple[LoadedManifest, World]], options: Options, catalog: Catalog) -> None:
        self._loaded = tuple(loaded)
        self._options = options
        self._catalog = catalog
        self._known = pinned([world for _, world in self._loaded])
        self._worlds = {manifest.shown: knowing(world, self._known) for manifest, world in self._loaded}
        self._running = {manifest.shown: in_run(manifest, options) for manifest, _ in self._loaded}
        self._pasts = {manifest.shown: _pasts(manifest, world) for manifest, world in self._loaded}
        self._claims = Claims(
            Member(m, world, _heirs(self._pasts[m.shown]), self._running[m.shown]) for m, world in self._loaded
        )
        self._contributions: dict[AssetId, Contribution] = {}
        self._loans: dict[AssetId, Loan] = {}
        self._borrowers: dict[AssetId, str] = {}

    @property
    def news(self) -> Known:
        """What the locks know of pictures and the state does not remember."""
        return news(self._known, [world for _, world in self._loaded])

    def plan(self) -> Plan:
        """What a build would do to every selected asset. Raises UsageError when a glob selects nothing."""
        check_globs(self._options, [m for m, _ in self._loaded], self._running)
        leaders: dict[StepKey, AssetId] = {}
        plans = tuple(self._manifest(manifest, leaders) for manifest, _ in self._loaded)
        return Plan(plans, self._options, self._claims.made)

    def again(self, plan: AssetPlan, pictures: Mapping[str, Digest]) -> AssetPlan:
        """The plan for an asset that awaited these pictures, by what locks call them, now that they are there."""
        manifest = next(m for m, _ in self._loaded if m.shown == plan.asset.manifest)
        known = {source: Contribution(digest) for source, digest in pictures.items()}
        return self._asset(manifest, plan.recipe, known)[0]

    def _manifest(self, manifest: LoadedManifest, leaders: dict[StepKey, AssetId]) -> ManifestPlan:
        recipes = {str(recipe.name): recipe for recipe in manifest.recipes}
        running = self._running[manifest.shown]
        needed = with_dependencies(running, recipes)
        plans: dict[str, AssetPlan] = {}
        for recipe in in_order({name: recipe for name, recipe in recipes.items() if name in needed}):
            plan, verdict = self._asset(manifest, recipe, {})
            plans[recipe.name] = plan
            self._contributions[plan.asset] = contribution(
                plan, verdict, loopback=self._worlds[manifest.shown].loopback
            )
        self._lend(manifest, {name: recipes[name] for name in plans}, plans)
        assets = tuple(shared(plans[name], leaders) for name in recipes if name in running)
        world, asked_for = self._worlds[manifest.shown], {index.path for index in manifest.indexes}
        return ManifestPlan(
            manifest=manifest,
            world=world,
            assets=assets,
            removed=_removed(self._pasts[manifest.shown], world, self._options),
            indexes=decide_indexes(manifest, world, assets, self._claims, self._options),
            left_indexes=tuple(path for path in world.indexes if path not in asked_for),
        )

    def _lend(self, manifest: LoadedManifest, recipes: Mapping[str, Recipe], plans: dict[str, AssetPlan]) -> None:
        """Plan again, now that it is known what becomes of every picture, the assets whose files show those of others;
        and those others, where their bytes have to be got back for it."""
        borrowers = [name for name, recipe in recipes.items() if recipe.lenders]
        self._plan_again(manifest, recipes, plans, borrowers)
        lost = {name: plans[borrower] for borrower in borrowers for name in self._lost(plans[borrower])}
        if lost:
            self._borrowers |= {replace(by.asset, name=name): by.asset.name for name, by in lost.items()}
            self._plan_again(manifest, recipes, plans, [*lost])
            self._plan_again(manifest, recipes, plans, borrowers)

    def _lost(self, plan: AssetPlan) -> Iterator[AssetName]:
        return lost_art(plan, self._worlds[plan.asset.manifest].blobs)

    def _plan_again(
        self,
        manifest: LoadedManifest,
        recipes: Mapping[str, Recipe],
        plans: dict[str, AssetPlan],
        names: Sequence[str],
    ) -> None:
        """With what all plans up to now have to lend."""
        if names:
            self._loans |= {plan.asset: Loan(plan.art, plan.blocked) for plan in plans.values()}
        for name in names:
            plans[name] = self._asset(manifest, recipes[name], {})[0]

    def _asset(
        self, manifest: LoadedManifest, recipe: Recipe, known: Mapping[str, Contribution]
    ) -> tuple[AssetPlan, MasterVerdict]:
        """The plan for one asset, and the verdict on its master alone. `known` are pictures that are known better than
        when everything was planned, by what locks call them."""
        world, past = self._worlds[manifest.shown], self._pasts[manifest.shown][recipe.name]
        refresh = any(map(recipe.answers_to, self._options.refresh))

        def asset(name: str) -> Contribution:
            planned, found = self._contributions[AssetId(manifest.shown, AssetName(name))], known.get(f"asset:{name}")
            return replace(found, cutout=planned.cutout) if found else planned

        def web(reference: Reference) -> Contribution:
            name = past.moved_from or recipe.name
            return known.get(reference.source) or from_web(reference, name, past, world, refresh=refresh)

        pictures = showing(recipe, world, asset, web)
        plan, verdict = self._decided(manifest, recipe, past, pictures, refresh=refresh)
        kept = kept_pick(plan, world)
        if kept is not None:
            note = f"frozen: pick changed: {kept} -> {plan.picked}, which would have to be paid for"
            plan, verdict = self._decided(manifest, replace(recipe, pick=kept), past, pictures, refresh=refresh)
            plan = replace(plan, notes=(*plan.notes, note))
        notes = (*plan.notes, *_uncollected(plan, world))
        return replace(plan, shown=pictures.shown, notes=notes), verdict

    def _decided(
        self, manifest: LoadedManifest, recipe: Recipe, past: Past, pictures: Showing, *, refresh: bool
    ) -> tuple[AssetPlan, MasterVerdict]:
        """The verdicts on every step of an asset, one after the other, which shows these pictures."""
        world, options = self._worlds[manifest.shown], self._options
        choice = decide_variants(recipe, past, world, options, self._catalog, pictures)
        owner, master = Owner(manifest.lock_name, recipe.name), choice.verdict.master
        frozen = frozen_entry(recipe, past, master, world)
        recipe, notes = with_locked_upscale(recipe, frozen)
        named = recipe.name in options.refresh
        larger = decide_upscale(recipe, past, master, world, options, self._catalog, again=named)
        base = None if larger.blocked else larger.upscale or master

        def cutting(recipe: Recipe) -> CutoutVerdict:
            return decide_cutout(recipe, past, base, world, self._catalog, options, usd=manifest.service_usd)

        cut = cutting(recipe)
        recipe, also = with_locked_cutout(recipe, frozen, cut)
        cut = cutting(recipe) if also else cut
        me = AssetId(manifest.shown, recipe.name)
        lenders = {name: replace(me, name=name) for name in recipe.lenders}
        loans = {str(name): self._loans[lender] for name, lender in lenders.items() if lender in self._loans}
        outputs = decide_outputs(
            recipe, past, base, cut.cutout, world, self._claims, owner, options, loans, refresh=refresh
        )
        borrower = self._borrowers.get(me)
        steps = _bytes_needed(_Steps(choice, larger, cut, outputs), recipe, past, world, borrower)
        plan = _compose(me, recipe, past, steps, world)
        art = locked_art(past.entry) if plan.blocked else planned_art(base, cut.cutout)
        plan = replace(plan, notes=(*plan.notes, *notes, *also), art=art, loans=loans)
        return _shown_by(plan, borrower), steps.choice.verdict


def _shown_by(plan: AssetPlan, borrower: str | None) -> AssetPlan:
    """With the reason why bytes are got back, where that is for another asset."""
    return replace(plan, reasons=(*plan.reasons, f"files of `{borrower}` show it")) if borrower else plan


def _uncollected(plan: AssetPlan, world: World) -> Iterator[str]:
    """What was ordered for an asset and is not what it wants now: it is paid for, and known by its request."""
    placed = world.placed.get(plan.moved_from or plan.recipe.name, ())
    wanted = {asking.key for asking in map(asking_of, plan.masters.values()) if asking} if placed else set()
    for order in placed:
        if order.key not in wanted and open_task(world, order.key):
            prompt = order.prompt if len(order.prompt) <= _LONGEST else f"{order.prompt[: _LONGEST - 1]}…"
            ordered = f"task {order.task}, ordered for an earlier request (`{prompt}`), is paid for and not collected"
            yield f"{ordered}: its picture comes when that request returns"


def _heirs(pasts: Mapping[str, Past]) -> dict[str, str]:
    return {past.moved_from: name for name, past in pasts.items() if past.moved_from}


def _removed(pasts: Mapping[str, Past], world: World, options: Options) -> tuple[Removed, ...]:
    """Entries whose asset is gone; a run over some of the assets leaves them alone."""
    if options.only or options.tags:
        return ()
    staying = pasts.keys() | _heirs(pasts).keys()
    gone = ((name, entry) for name, entry in world.entries.items() if name not in staying)
    return tuple(Removed(name, tuple(map(OutputPath, entry.outputs))) for name, entry in gone)


def _pasts(manifest: LoadedManifest, world: World) -> dict[str, Past]:
    """The lock entry of each asset; names that differ in case alone are one, as file systems see them."""
    earlier = {fold(known): known for known in world.entries}
    return {str(recipe.name): _past(recipe, world, earlier) for recipe in manifest.recipes}


def _past(recipe: Recipe, world: World, earlier: Mapping[str, str]) -> Past:
    name = str(recipe.name)
    if name in world.entries:
        return Past(world.entries[name])
    for wanted in (name, recipe.moved_from):
        if wanted is not None and fold(wanted) in earlier:
            known = earlier[fold(wanted)]
            return Past(world.entries[known], known)
    return Past(None)


@dataclass(frozen=True, slots=True)
class _Steps:
    """The verdicts on one asset, step by step."""

    choice: Choice
    larger: UpscaleVerdict
    cut: CutoutVerdict
    outputs: OutputVerdict


def _bytes_needed(steps: _Steps, recipe: Recipe, past: Past, world: World, borrower: str | None) -> _Steps:
    """How to get at the bytes that enlarging, cutting out and exporting take, also for an asset that borrows what files
    are made from, where the pictures themselves are known."""
    exports = [write.spec for write in steps.outputs.writes if write.renders and not write.spec.borrowed]
    cut, larger = steps.cut, steps.larger
    if isinstance(cut.cutout, KeptCutout) and (borrower or not all(spec.original for spec in exports)):
        steps = replace(steps, cut=with_bytes(cut, cut.cutout, recipe, world))
    base = known_picture(larger.upscale or steps.choice.verdict.master)
    begins = bool(exports or borrower) or isinstance(cut.cutout, Cutting)
    needs = begins and base is not None and needs_base(steps.cut.cutout, base.sha256)
    needs = needs or any(spec.original for spec in exports)
    if isinstance(larger.upscale, Kept):
        return replace(steps, larger=with_larger_bytes(larger, larger.upscale, recipe, world)) if needs else steps
    if needs or isinstance(larger.upscale, Ordered):
        return replace(steps, choice=_master_needed(steps.choice, recipe, past, world))
    return steps


def _master_needed(choice: Choice, recipe: Recipe, past: Past, world: World) -> Choice:
    kept = choice.verdict.master
    if not isinstance(kept, Kept) or kept.master.sha256 in world.blobs:
        return choice
    way = recreated(kept, past.made_by(choice.picked, recipe), loopback=world.loopback)
    if way is None:
        blocked = lost(recipe, kept.master.sha256)
        return replace(choice, verdict=replace(choice.verdict, master=None, blocked=blocked), blocked=blocked)
    return replace(choice, verdict=replace(choice.verdict, master=way), reasons=(*choice.reasons, why(way)))


def _compose(asset: AssetId, recipe: Recipe, past: Past, steps: _Steps, world: World) -> AssetPlan:
    choice, larger, cut, outputs = steps.choice, steps.larger, steps.cut, steps.outputs
    blocked = outputs.blocked or choice.blocked or larger.blocked or cut.blocked
    reasons = (*choice.reasons, *larger.reasons, *cut.reasons, *outputs.reasons)
    if past.moved_from:
        reasons = (f"renamed from `{past.moved_from}`", *reasons)
    elif past.entry is not None and recipe.name in world.unrecorded:
        reasons = (*reasons, "not in the lock yet")
    if blocked:
        reasons = (blocked.message, *reasons)
    none = (None, None, None)
    master, upscale, cutout = none if blocked else (choice.verdict.master, larger.upscale, cut.cutout)
    others = () if blocked else choice.others
    masters = (master, *(variant.master for variant in others))
    return AssetPlan(
        asset=asset,
        recipe=recipe,
        action=Action.BLOCKED if blocked else action_of(masters, upscale, cutout, reasons),
        reasons=tuple(dict.fromkeys(reasons)),
        usd=price_of(masters, upscale, cutout),
        notes=(*choice.notes, *cut.notes, *outputs.notes),
        master=master,
        upscale=upscale,
        cutout=cutout,
        writes=() if blocked else outputs.writes,
        kept=outputs.kept,
        dropped=outputs.dropped,
        previous=past.entry,
        moved_from=past.moved_from,
        blocked=blocked,
        picked=choice.picked,
        others=others,
    )
