"""What the manifest already describes and assetgen does not do yet. Building a thing deletes its row here.

Nothing is ever silently ignored: whoever writes one of these is told so, at the line.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass

from assetgen.errors import Problem
from assetgen.manifest.complaints import SPELLINGS, subject
from assetgen.manifest.document import Data, Document, KeyPath


def _always(_value: Data) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NotYet:
    """A key that is refused, or only those of its values that it `applies` to; `what` says which those are."""

    what: str = ""
    applies: Callable[[Data], bool] = _always


_HINT = "delete it for now; a later version of assetgen will know it"

OF_ASSET: Mapping[str, NotYet] = {
    "variants": NotYet("more than 1", lambda value: value != 1),
    "pick": NotYet(),
}


def available(data: Data) -> Data:
    """An asset's mapping without the keys that are refused whatever they say: nothing more is said about those."""
    if not isinstance(data, dict):
        return data
    return {key: value for key, value in data.items() if key not in OF_ASSET or OF_ASSET[key].applies is not _always}


def not_yet(
    data: Data, rows: Mapping[str, NotYet], document: Document, path: KeyPath, broken: Container[str] = ()
) -> Iterator[Problem]:
    """The keys of the mapping at `path` that are not available yet, but for the `broken` ones: they are in error
    anyway."""
    for key, value in data.items() if isinstance(data, dict) else ():
        row = rows.get(SPELLINGS.get(key, key))
        if row is not None and key not in broken and row.applies(value):
            here = (*path, key)
            message = f"{subject(here)} {f'cannot be {row.what}: ' if row.what else 'is '}not available yet"
            yield document.problem("not-available", message, document.key_place(here), _HINT)
