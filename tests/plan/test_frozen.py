"""A frozen asset keeps what was paid for beside its picture, and pays for nothing more (product contract, rule 11)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import Cutout, PixelSize, Recipe, Upscale
from assetgen.plan.cutout_records import locked_cutout
from assetgen.plan.plan import Action, Kept, KeptCutout, Ordered
from assetgen.plan.upscale import locked_upscale
from assetgen.plan.world import StoredCutout, World
from tests.support.worlds import SQUARE, built, digest, entry, master, output, planned, recipe

TOPAZ = Upscale("topaz/image-upscale", 2, {"upscale_factor": "2"})
CRISP = Upscale("recraft/crisp-upscale", 4)
KIE, FREE = Cutout(remover="kie"), Cutout()
EVERYTHING = frozenset(map(digest, ("master", "larger", "cutout")))


def coin(**fields: Any) -> Recipe:
    return recipe(frozen=True, **fields)


def world(of: Recipe, **facts: Any) -> World:
    """The world after such a recipe was built, with everything that was made in the store."""
    locked: Entry = entry(of)
    if of.upscale:
        larger = replace(master("larger", task="t2"), size=PixelSize(2048, 2048))
        locked = locked.model_copy(update={"upscale": locked_upscale(of.upscale, larger)})
    if of.cutout:
        made = StoredCutout(digest("cutout"), SQUARE, of.cutout.remover or "key", "1")
        locked = locked.model_copy(update={"cutout": locked_cutout(of.cutout, KeptCutout(made))})
    return built(of, locked, **({"blobs": EVERYTHING} | facts))


@pytest.mark.parametrize(
    ("was", "now", "note"),
    [
        ({}, {"cutout": KIE}, "removeBg added"),
        ({}, {"cutout": Cutout(remover="kie", crop=True)}, "removeBg added"),
        ({"cutout": FREE}, {"cutout": KIE}, "remover changed: `key` -> `kie`"),
        ({"cutout": KIE}, {"cutout": FREE}, "remover changed: `kie` -> `key`"),
        ({"cutout": KIE}, {}, "removeBg removed"),
        ({}, {"upscale": TOPAZ}, "upscale added"),
        ({"upscale": TOPAZ}, {}, "upscale removed"),
        (
            {"upscale": TOPAZ},
            {"upscale": CRISP},
            "upscale model changed: `topaz/image-upscale` -> `recraft/crisp-upscale`",
        ),
    ],
)
@pytest.mark.parametrize("options", [{}, {"draft": True}, {"provider": "kie"}])
def test_a_paid_step_that_changed_is_noted_and_not_taken(
    was: dict[str, Any], now: dict[str, Any], note: str, options: dict[str, Any]
) -> None:
    plan = planned(coin(**now), world(coin(**was)), options)
    assert (plan.action, plan.usd, plan.notes) == (Action.UP_TO_DATE, Decimal(0), (f"frozen: {note}",))


def test_sizes_follow_and_are_made_from_what_there_is() -> None:
    small = output("output/coin-64.png", "64", width=64, height=64)
    was = coin(upscale=TOPAZ, cutout=KIE)
    plan = planned(coin(upscale=CRISP, outputs=(*was.outputs, small)), world(was))
    assert (plan.action, [write.spec for write in plan.writes]) == (Action.EXPORT, [small])
    assert isinstance(plan.upscale, Kept)
    assert isinstance(plan.cutout, KeptCutout)
    assert (plan.upscale.master.sha256, plan.cutout.cutout.sha256) == (digest("larger"), digest("cutout"))
    assert (plan.recipe.upscale, plan.recipe.cutout) == (TOPAZ, KIE)  # as the lock is to say it again


def test_what_is_free_follows() -> None:
    plan = planned(coin(cutout=FREE), world(coin()))
    assert (plan.action, plan.reasons, plan.notes) == (Action.CUTOUT, ("removeBg added",), ())


def test_a_picture_that_is_made_anew_by_its_name_gets_every_step() -> None:
    plan = planned(coin(upscale=TOPAZ, cutout=KIE), world(coin()), {"regenerate": ("coin",)})
    assert isinstance(plan.upscale, Ordered)
    assert plan.cutout is not None
    assert plan.notes == ()
