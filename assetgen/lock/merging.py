"""Two locks that came from one: whose word counts, entry by entry. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from assetgen.lock.document import Lock

_T = TypeVar("_T")


def merged(base: Lock, ours: Lock, theirs: Lock) -> Lock:
    """The lock to write when the file changed since `base` was read from it (rule 12).

    What we changed relative to `base`, removals included, is as we have it; everything else is as they have it. A path
    that an asset makes is nobody's orphan.
    """
    assets = _merged(base.assets, ours.assets, theirs.assets)
    made = {path for entry in assets.values() for path in (*entry.outputs, *entry.published)}
    orphans = _merged(base.orphans, ours.orphans, theirs.orphans)
    indexes = _merged(base.indexes, ours.indexes, theirs.indexes)
    left = {path: orphan for path, orphan in orphans.items() if path not in made and path not in indexes}
    return Lock(assets=assets, orphans=left, indexes=indexes)


def _merged(base: Mapping[str, _T], ours: Mapping[str, _T], theirs: Mapping[str, _T]) -> dict[str, _T]:
    result = {}
    for name in sorted(ours.keys() | theirs.keys()):
        side = theirs if ours.get(name) == base.get(name) else ours
        if name in side:
            result[name] = side[name]
    return result
