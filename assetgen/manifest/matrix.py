"""One asset of the manifest for each combination of its matrix's values, each with a name of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from math import prod

from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.naming import fold
from assetgen.manifest.setting import Setting

MOST_MEMBERS = 1000
"""Assets of one matrix. Each is paid for: more is a slip of the keyboard."""


def members_of(assets: Iterable[Settled], setting: Setting) -> list[Settled]:
    """The assets with every matrix written out, in order; what has no name of its own is left out."""
    members = [member for settled in assets for member in _members(settled, setting)]
    return list(_once(members, setting))


def _members(settled: Settled, setting: Setting) -> list[Settled]:
    """The asset itself where it has no matrix; nothing where that has mistakes."""
    if "matrix" in settled.broken:
        return []
    matrix = settled.asset.matrix
    if not matrix:
        return [settled]
    distinct = [_distinct(axis, values, settled, setting) for axis, values in matrix.items()]
    if not all(distinct):
        return []
    count = prod(map(len, matrix.values()))
    if count > MOST_MEMBERS:
        message = f"the matrix of asset `{settled.name}` makes {count:,} assets; {MOST_MEMBERS:,} are the most"
        setting.complain("matrix", message, settled.place("matrix"), "write fewer values, or several assets")
        return []
    return [_member(settled, dict(zip(matrix, values, strict=True))) for values in product(*matrix.values())]


def _distinct(axis: str, values: list[str | int], settled: Settled, setting: Setting) -> bool:
    """Whether no two values make one name."""
    names = [fold(str(value)) for value in values]
    for index, name in enumerate(names):
        if name in names[:index]:
            message = f"`{values[index]}` stands twice in {subject(settled.path('matrix', axis))}"
            setting.complain("value", message, settled.place("matrix", axis, index), "delete one of them")
    return len(set(names)) == len(names)


def _member(settled: Settled, values: dict[str, str | int]) -> Settled:
    """An earlier name is that of the asset as it is written, so each member has its own."""
    suffix = "".join(f"-{value}" for value in values.values())
    earlier = settled.asset.moved_from
    asset = settled.asset if earlier is None else settled.asset.model_copy(update={"moved_from": f"{earlier}{suffix}"})
    return replace(settled, name=f"{settled.name}{suffix}", asset=asset, matrix=values)


def _once(members: Iterable[Settled], setting: Setting) -> Iterator[Settled]:
    """Those whose name nobody else has."""
    taken: dict[str, Settled] = {}
    for member in members:
        other = taken.setdefault(fold(member.name), member)
        if other is member:
            yield member
            continue
        here, there = sorted((member, other), key=lambda asset: bool(asset.matrix), reverse=True)
        message = f"`{here.name}` is the name of {_described(here)}, and of {_described(there)}"
        setting.complain("name", message, here.place("matrix"), "change a value, or rename one of the assets")


def _described(member: Settled) -> str:
    if not member.matrix:
        return "an asset"
    values = ", ".join(f"{axis}: {value}" for axis, value in member.matrix.items())
    return f"a member of `{member.key}` ({values})"
