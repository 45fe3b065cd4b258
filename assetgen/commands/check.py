"""`assetgen check`: fail unless everything is up to date. For CI; no network, no writes."""

from __future__ import annotations

from collections.abc import Sequence

from assetgen.commands import plan
from assetgen.commands.shell import Selection, Shell


def run(shell: Shell, manifests: Sequence[str], selection: Selection) -> int:
    """Exit code 3 when a build would have something to do."""
    return plan.run(shell, manifests, selection, check=True)
