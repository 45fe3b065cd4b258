"""How to get the bytes of a known master back when the store has lost them (rule 3). Pure.

A draft is drawn again, a service's picture is collected again by its task; nothing is ever paid to recreate bytes.
"""

from __future__ import annotations

from assetgen.catalog import DRAFT
from assetgen.digest import Digest
from assetgen.errors import Problem
from assetgen.manifest.recipe import Recipe
from assetgen.plan.plan import Collected, Kept, Redrawn
from assetgen.plan.request import Asking, stored_is_real


def recreated(kept: Kept, made: Asking | None, *, loopback: bool) -> Collected | Redrawn | None:
    """The way to the master's bytes, None when there is none. `made` is the request that made a locked one; `loopback`
    is that of `World`."""
    master = kept.master
    if master.provider == DRAFT:
        drawn = kept.asking or made
        if drawn:
            return Redrawn(kept, drawn)
    if master.task and stored_is_real(master, loopback=loopback):
        return Collected(kept)
    return None


def why(way: Collected | Redrawn) -> str:
    """The reason to give for taking a way."""
    if isinstance(way, Redrawn):
        return "its draft is drawn again: the bytes are not in the store"
    return "its picture is collected again for free: not in the store"


def lost(recipe: Recipe, digest: Digest, because: str = "") -> Problem:
    """The picture that the lock pins cannot be had; with the remedies."""
    return Problem(
        "blocked",
        f"the picture of `{recipe.name}` ({digest[:12]}) is needed and not in the store{because}",
        recipe.place,
        "bring it back by restoring .assetgen/ from whoever built it, undo the change that needs it, or pay for a "
        f"different picture with --regenerate {recipe.name}",
    )
