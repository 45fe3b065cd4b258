"""A mapping that was held against its model, and how messages name what stands in a manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from assetgen.errors import Problem
from assetgen.manifest.document import Data, KeyPath
from assetgen.manifest.fields import SPELLINGS, Written

M = TypeVar("M", bound=Written)

_FREE = frozenset(("vars", "input"))
"""Keys whose values are anybody's: null means something in them."""


@dataclass(frozen=True, slots=True)
class Checked(Generic[M]):
    """A mapping that holds to its model. `data` is what was written, less the keys in error; those are `broken`."""

    value: M
    data: Mapping[str, Data]
    broken: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


def canonical(data: Mapping[str, Data]) -> Mapping[str, Data]:
    """`data` with the other spelling of `removeBg` replaced."""
    if "remove_bg" not in data:
        return data
    return {SPELLINGS.get(key, key): value for key, value in data.items()}


def subject(path: KeyPath) -> str:
    """What stands at `path`, as a sentence names it: `` `quality.webp` in asset `coin` ``."""
    entry = bool(path) and isinstance(path[-1], int)
    keys = [str(key) for key in path if isinstance(key, str)]
    holder = ""
    if len(keys) > 1 and keys[0] == "assets":
        holder, keys = f"asset `{keys[1]}`", keys[2:]
    elif len(keys) > 1 and keys[0] == "defaults":
        holder, keys = "`defaults`", keys[1:]
    name = f"`{'.'.join(keys)}`" if keys else ""
    if entry:
        name = f"an entry of {name}"
    return " in ".join(filter(None, (name, holder))) or "the manifest"


def described(value: object) -> str:
    """What kind of thing a value is."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "text" if value.strip() else "blank"
    kinds: tuple[tuple[Any, str], ...] = (
        (type(None), "empty"),
        (int | float, "a number"),
        (list, "a list"),
        (dict, "a mapping"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), "something else")


def quoted(value: object) -> str:
    """A scalar as it is written, shortened; the kind of anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return described(value)
    text = str(value)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def empty_values(data: dict[str, Data] | list[Data]) -> Iterator[KeyPath]:
    """Paths of the nulls in `data`, but for those that a user may well mean."""
    items: Iterable[tuple[str | int, Data]] = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        if value is None:
            yield (key,)
        elif isinstance(value, dict | list) and key not in _FREE:
            yield from ((key, *inner) for inner in empty_values(value))
