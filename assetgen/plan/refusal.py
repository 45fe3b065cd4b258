"""What a service's safety system refused before: sent once more, since it may judge another picture, and then no more
until somebody asks for it. A refusal is not charged; sent for ever, it would only fail every build. Pure.
"""

from __future__ import annotations

from assetgen.errors import Problem
from assetgen.manifest.recipe import Recipe
from assetgen.plan.request import Asking, is_real
from assetgen.plan.world import Refusal, World

REFUSALS = 2
"""After this many refusals of one request only a re-roll sends it again."""


def refusal_of(world: World, asking: Asking) -> Refusal | None:
    """What is known of this very request, unless an emulator refused it and we talk to the real service."""
    found = world.refused.get(asking.key)
    return found if found and is_real(asking.provider, found.task, loopback=world.loopback) else None


def is_final(refusal: Refusal | None) -> bool:
    return refusal is not None and refusal.count >= REFUSALS


def about_refusal(refusal: Refusal | None) -> tuple[str, ...]:
    """A reason beside those for which the request is sent."""
    return (f"refused before, and sent once more as it is: {refusal.words}",) if refusal else ()


def refused_step(recipe: Recipe, what: str, refusal: Refusal) -> Problem:
    """Why a step that follows the picture is not sent any more; `what` was to be done with it, as "cut out"."""
    return Problem(
        "moderated",
        f"the picture of `{recipe.name}` was refused {refusal.count} times as one to be {what}: {refusal.words}",
        recipe.place,
        f"order another picture with --regenerate {recipe.name}, or send the same again with --refresh {recipe.name}",
    )


def refused(recipe: Recipe, called: str, refusal: Refusal, *, pictured: bool) -> Problem:
    """Why nothing is sent any more; `called` is the picture as the command line names it, and `pictured` tells that
    there is an earlier one."""
    keep = f"; or keep the picture that there is with `assetgen adopt MANIFEST {recipe.name}`" if pictured else ""
    return Problem(
        "moderated",
        f"the request of `{called}` was refused {refusal.count} times: {refusal.words}",
        recipe.place,
        f"reword its prompt or change its references; or send the same once more with --regenerate {called}{keep}",
    )
