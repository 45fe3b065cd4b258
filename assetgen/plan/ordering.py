"""The verdict on one variant's master, and how one comes to be ordered, resumed or refused. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from assetgen.catalog import DRAFT
from assetgen.catalog.models import nominal_size
from assetgen.errors import Problem
from assetgen.manifest.recipe import PixelSize, Recipe
from assetgen.plan.case import Case
from assetgen.plan.doubt import exhausted, maybe_charged
from assetgen.plan.plan import MasterPlan, Ordered
from assetgen.plan.refusal import about_refusal, is_final, refused
from assetgen.plan.world import OpenTask, Refusal


@dataclass(frozen=True, slots=True)
class MasterVerdict:
    """The decision, why, and what people should know beside it. Exactly one of `master` and `blocked` is set."""

    master: MasterPlan | None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    blocked: Problem | None = None


def order(case: Case, reroll: int, reasons: tuple[str, ...]) -> MasterVerdict:
    """The picture of one re-roll is to be ordered, or the task that was is to be waited for."""
    asking = replace(case.asking, reroll=reroll)
    task = case.task(reroll)
    if exhausted(task):
        problem = maybe_charged(case.recipe, f"the request of `{case.called}`", f"--regenerate {case.called}")
        return MasterVerdict(None, reasons, blocked=problem)
    refusal = case.refusal(reroll)
    if refusal is not None and is_final(refusal) and task is None:
        return MasterVerdict(None, reasons, blocked=_refused(case, refusal))
    expected, model = case.recipe.expected, case.catalog.models.get(case.recipe.request.model)
    size = expected or _nominal(case.recipe)
    if asking.provider == DRAFT:
        size = size.times(asking.drawing.enlarged)
    ordered = Ordered(
        asking,
        size,
        _price(case, task),
        task,
        guessed=expected is None,
        pictures=model.first_frame or model.pictures if model else None,
        refused=refusal,
    )
    return MasterVerdict(ordered, (*reasons, *(_about(task) or about_refusal(refusal))))


def _refused(case: Case, refusal: Refusal) -> Problem:
    return refused(case.recipe, case.called, refusal, pictured=case.entry is not None)


def _about(task: OpenTask | None) -> tuple[str, ...]:
    if task is None:
        return ()
    if task.task is not None:
        return (f"task {task.task} is already paid for and will be collected",)
    return ("an earlier submission was never answered and may have been charged; it is sent once more",)


def _nominal(recipe: Recipe) -> PixelSize:
    """The size to plan with where nobody knows what the model returns."""
    shape = {"aspect_ratio": f"{recipe.shape.width}:{recipe.shape.height}"} if recipe.shape else {}
    return PixelSize(*nominal_size({**recipe.request.parameters, **shape}))


def _price(case: Case, task: OpenTask | None) -> Decimal | None:
    """US dollars that ordering the picture now would cost; nothing for drafts and for tasks already running."""
    if case.asking.provider == DRAFT or (task and task.task):
        return Decimal(0)
    model = case.catalog.models.get(case.recipe.request.model)
    return model.price(case.recipe.request.parameters, case.recipe.request.input) if model else None


def refuse_draft(case: Case) -> MasterVerdict:
    """No draft is put where a real picture is."""
    problem = Problem(
        "blocked",
        f"a draft would replace the real picture of `{case.recipe.name}`",
        case.recipe.place,
        f"{_with_another_provider(case)}; or keep the picture for the changed request with "
        f"`assetgen adopt MANIFEST {case.recipe.name}`",
    )
    return MasterVerdict(None, case.changes or ("re-roll asked for",), blocked=problem)


def _with_another_provider(case: Case) -> str:
    """How the real provider comes to make the picture: by taking back what asked for a draft."""
    known = case.entry.request.provider if case.entry else DRAFT
    real = known if known != DRAFT else "NAME"
    forced = f"to have it made, leave out {case.forced}" if case.forced else "to have it made"
    if case.recipe.provider != DRAFT:
        return forced
    manifest = f"write `provider: {real}` in the manifest instead of `draft`"
    return f"{forced} and {manifest}" if case.forced else f"{forced}, {manifest} or build with --provider {real}"
