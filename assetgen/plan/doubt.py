"""Requests that were sent and never answered: each may have been charged, so it is sent once more and then only when
somebody asks for it (product rule 8). Pure.
"""

from __future__ import annotations

from assetgen.errors import Problem
from assetgen.manifest.recipe import Recipe
from assetgen.plan.world import OpenTask

AMBIGUITIES = 2
"""After this many unanswered submissions of one request only somebody's asking sends it again."""


def exhausted(task: OpenTask | None) -> bool:
    """Whether a request was sent that often without an answer."""
    return task is not None and task.task is None and task.ambiguous >= AMBIGUITIES


def maybe_charged(recipe: Recipe, what: str, again: str) -> Problem:
    """Why nothing is sent any more. `what` was sent; `again` is the option that sends it once more."""
    return Problem(
        "maybe_charged",
        f"{what} was sent {AMBIGUITIES} times, never answered, and may have been charged",
        recipe.place,
        f"look at the service's own log page, then send it again with {again}",
    )
