"""What is ordered of a model for a cutout: the picture without its background, or a second one on another ground. Pure.

An order like any other: a request that shows one picture, with a key of its own. So it is journalled, resumed and found
in the store as masters are. What is made of the result is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from assetgen.catalog import DRAFT, Catalog
from assetgen.catalog.grounds import BLACK, COLORS, WHITE, GroundName, words_for
from assetgen.catalog.models import Model, Pictures, editor_of
from assetgen.catalog.removers import REMOVERS
from assetgen.digest import Digest, Json
from assetgen.manifest.recipe import PixelSize, Recipe, Request
from assetgen.plan.case import Past, open_task
from assetgen.plan.cost import money
from assetgen.plan.plan import Collected, Kept, MasterPlan, Ordered, Redrawn, Shared, asking_of
from assetgen.plan.refusal import refusal_of
from assetgen.plan.request import NOTHING_DRAWN, Asking, Shown, stored_is_real
from assetgen.plan.world import OpenTask, Refusal, StoredMaster, World

_TO_COME = PixelSize(1, 1)
"""For prices that go by size, while the picture is not there."""


@dataclass(frozen=True, slots=True)
class Commission:
    """`askings` are the requests that may be meant: which one it is can depend on what the picture looks like, and then
    the first stands for all until that is known. `does` completes "task 1 ..."; `why` says what it costs and is for,
    where that is not plain."""

    askings: tuple[Asking, ...]
    size: PixelSize
    usd: Decimal | None
    pictures: Pictures | None
    does: str
    why: str = ""

    def came(self, world: World) -> Kept | None:
        """What came of it, by the request that it came of."""
        found = ((asking, world.results.get(asking.key)) for asking in self.askings)
        real = [Kept(made, asking) for asking, made in found if made and _counts(made, asking, world)]
        return real[0] if real else None

    def task(self, world: World) -> OpenTask | None:
        """The open submission for it, if there is one."""
        return next((task for asking in self.askings if (task := open_task(world, asking.key))), None)

    def refusal(self, world: World) -> Refusal | None:
        """What is known of its being refused, if it was."""
        return next((found for asking in self.askings if (found := refusal_of(world, asking))), None)

    def order(self, task: OpenTask | None) -> Ordered:
        """The order to place, or to go on with."""
        asking = next((one for one in self.askings if task and one.key == task.key), self.askings[0])
        usd = Decimal(0) if task and task.task else self.usd
        return Ordered(asking, self.size, usd, task, guessed=True, pictures=self.pictures, again="--refresh")


def commission_for(recipe: Recipe, remover: str, master: MasterPlan, past: Past, catalog: Catalog) -> Commission | None:
    """What a remover orders for a picture, None for one that orders nothing; a stand-in while the picture is on order
    itself."""
    facts = REMOVERS[remover]
    if facts.pairs:
        return _second(recipe, master, past, catalog)
    return _without_background(catalog.models[facts.model], master) if facts.model else None


def removing(model: str, provider: str, picture: Digest, awaits: str = "") -> Asking:
    """The request for a picture without its background."""
    return Asking(provider, Request(model, "", {}), NOTHING_DRAWN, shown=(Shown("picture", picture, awaits=awaits),))


def settled(ordered: Ordered, picture: StoredMaster, ground: GroundName | None = None) -> Ordered:
    """The order as it is placed, now that the picture is there, and with a `ground` also that it is to be shown on."""
    asking = ordered.asking
    if asking.provider != DRAFT:
        asking = replace(asking, shown=(Shown("picture", picture.sha256),))
    if ground and asking.provider != DRAFT:
        asking = replace(asking, request=replace(asking.request, prompt=words_for(ground)))
    return replace(ordered, asking=asking, expected=picture.size)


def _counts(made: StoredMaster, asking: Asking, world: World) -> bool:
    return asking.provider == DRAFT or stored_is_real(made, loopback=world.loopback)


def _digest(master: MasterPlan) -> tuple[Digest, str]:
    """The digest of the picture, or what stands in for it and what it awaits."""
    match master:
        case Ordered(asking=asking) | Shared(asking=asking):
            return Digest(f"picture of {asking.key}"), "its picture"
        case Kept(picture) | Collected(Kept(picture)) | Redrawn(Kept(picture)):
            return picture.sha256, ""


def _size(master: MasterPlan) -> PixelSize | None:
    match master:
        case Ordered(expected=expected):
            return expected
        case Kept(picture) | Collected(Kept(picture)) | Redrawn(Kept(picture)):
            return picture.size
        case Shared():
            return None


def _without_background(model: Model, master: MasterPlan) -> Commission:
    digest, awaits = _digest(master)
    size = _TO_COME if awaits else _size(master) or _TO_COME
    asking = removing(model.id, model.provider, digest, awaits)
    usd = model.price_of_size(size.width, size.height)
    return Commission((asking,), size, usd, model.pictures, "removes its background")


# --- the second picture ----------------------------------------------------------------------------------------------


def _second(recipe: Recipe, master: MasterPlan, past: Past, catalog: Catalog) -> Commission | None:
    """By whoever makes the first picture, and by the model that edits what that one's model makes."""
    size, provider = _size(master) or recipe.expected or _TO_COME, _maker(master)
    if provider == DRAFT:
        made = _made_for(recipe, master, past)
        return Commission((_redrawn(made),), size, Decimal(0), None, _DOES) if made else None
    model = editor_of(recipe.request.model, catalog.models)
    if model is None:
        return None
    parameters, further = _carried(recipe.request, model)
    usd = model.price(parameters, further)
    askings = tuple(_on(ground, model.id, provider, parameters, further, master) for ground in (BLACK, WHITE))
    return Commission(askings, size, usd, model.pictures, _DOES, why_second(model.id, usd))


_DOES = "makes its second picture, on another ground"


def why_second(model: str, usd: Decimal | None) -> str:
    """The reason to give for paying for a second picture."""
    return f"`{model}` {_DOES}, {f'for {money(usd)}' if usd is not None else 'at a price that is not known'}"


def _on(
    ground: GroundName,
    model: str,
    provider: str,
    parameters: Mapping[str, Json],
    further: Mapping[str, Json],
    master: MasterPlan,
) -> Asking:
    digest, awaits = _digest(master)
    request = Request(model, words_for(ground), parameters, further)
    return Asking(provider, request, NOTHING_DRAWN, shown=(Shown("picture", digest, awaits=awaits),))


def _carried(request: Request, model: Model) -> tuple[dict[str, Json], dict[str, Json]]:
    """What the first picture was asked for that the second is, too: its shape and quality; no words and no seed."""
    parameters = {
        name: value
        for name, value in request.parameters.items()
        if name in ("aspect_ratio", "resolution") and (known := model.parameter(name)) and known.accepts(value)
    }
    further = {
        name: value
        for name, value in request.input.items()
        if (field := model.other(name)) and field.kind in ("choice", "flag") and field.accepts(value)
    }
    return parameters, further


def _maker(master: MasterPlan) -> str:
    match master:
        case Ordered(asking=asking) | Shared(asking=asking):
            return asking.provider
        case Kept(picture) | Collected(Kept(picture)) | Redrawn(Kept(picture)):
            return picture.provider


def _made_for(recipe: Recipe, master: MasterPlan, past: Past) -> Asking | None:
    """The request that a draft was drawn for."""
    asking = master.drawn if isinstance(master, Redrawn) else asking_of(master)
    if asking is not None or past.entry is None:
        return asking
    digest = _digest(master)[0]
    numbers = (number for number, made in enumerate(past.entry.masters, 1) if made.sha256 == digest)
    return past.made_by(next(numbers, past.entry.standing), recipe)


def _redrawn(made: Asking) -> Asking:
    """A draft drawn once more, on black: its own ground is white."""
    return replace(made, drawing=replace(made.drawing, ground=COLORS[BLACK]))
