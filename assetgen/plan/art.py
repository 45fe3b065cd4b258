"""What an asset's files are made from, as other assets may borrow it for theirs. Frozen data.

Nothing waits for files: what is borrowed is the picture, made larger and cut out as the asset's own files show it.
"""

from __future__ import annotations

from dataclasses import dataclass

from assetgen.digest import Digest
from assetgen.errors import Problem
from assetgen.plan.world import StoredCutout, StoredMaster


@dataclass(frozen=True, slots=True)
class Art:
    """A picture that files are made from. `maker` is the provider of the master behind it; `standin` is what the store
    has instead of its bytes, with the very same pixels."""

    picture: StoredMaster | StoredCutout
    maker: str
    standin: Digest | None = None

    @property
    def sha256(self) -> Digest:
        return self.picture.sha256

    @property
    def bytes(self) -> Digest:
        """What to read it from."""
        return self.standin or self.sha256


@dataclass(frozen=True, slots=True)
class Loan:
    """What an asset lends: None while that is still to come. With `held` it cannot go on, so that its art, if it has
    any, is the one that its files show now."""

    art: Art | None
    held: Problem | None = None
