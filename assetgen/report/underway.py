"""What was ordered and had not ended: for the last words of a build that was interrupted.

A listener around another; knows no money, only who stood where.
"""

from __future__ import annotations

from assetgen.engine.events import Listener, Outcome, Stage
from assetgen.manifest.recipe import AssetId


class Underway:
    """Passes everything on. `ordered` are the assets whose picture this run ordered and did not finish, `sending` those
    whose order was on its way when last heard of."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self.ordered: set[AssetId] = set()
        self.sending: set[AssetId] = set()

    def began(self, assets: tuple[AssetId, ...]) -> None:
        self._listener.began(assets)

    def moved(self, asset: AssetId, stage: Stage, detail: str = "") -> None:
        if stage is Stage.SUBMITTING:
            self.sending.add(asset)
        elif asset in self.sending:  # what an earlier run ordered is never sent, and costs this one nothing
            self.sending.discard(asset)
            if stage is Stage.RUNNING:
                self.ordered.add(asset)
        self._listener.moved(asset, stage, detail)

    def ended(self, outcome: Outcome) -> None:
        self.ordered.discard(outcome.asset)
        self.sending.discard(outcome.asset)
        self._listener.ended(outcome)

    def said(self, message: str) -> None:
        self._listener.said(message)
