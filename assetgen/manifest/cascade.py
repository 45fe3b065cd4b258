"""One asset with `defaults` underneath it, and for every value who wrote it and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assetgen.errors import Place, Problem
from assetgen.manifest.asset_model import Asset, Defaults
from assetgen.manifest.complaints import Checked
from assetgen.manifest.document import Data, Document, KeyPath


@dataclass(frozen=True, slots=True)
class Settled:
    """What holds for one asset: `asset` has the values of both, None where neither wrote one.

    `broken` are the fields with mistakes that are reported already: about them nothing more is said. A member of a
    matrix has a `name` of its own, and its values in `matrix`; `key` is what the asset is called in the manifest.
    """

    name: str
    key: str
    asset: Asset
    written: Mapping[str, Data]
    defaults: Mapping[str, Data]
    broken: frozenset[str]
    document: Document
    matrix: Mapping[str, str | int]

    def is_written(self, field: str) -> bool:
        return field in self.written or field in self.defaults

    def is_own(self, field: str) -> bool:
        """Whether the asset itself, not `defaults`, has the field."""
        return field in self.written

    def path(self, field: str, *inner: str | int) -> KeyPath:
        """Where the value is written that holds for the field, or for an entry of its mapping."""
        own = self.written.get(field)
        merged = isinstance(own, dict) and bool(inner) and inner[0] not in own
        if self.is_own(field) and not merged:
            return ("assets", self.key, field, *inner)
        return ("defaults", field, *inner) if self.is_written(field) else ("assets", self.key)

    def place(self, field: str, *inner: str | int) -> Place:
        path = self.path(field, *inner)
        nowhere = path == ("assets", self.key)
        return self.document.key_place(path) if nowhere else self.document.value_place(path)

    def problem(self, code: str, message: str, place: Place, hint: str | None = None) -> Problem:
        return self.document.problem(code, message, place, hint)


def settle(name: str, asset: Checked[Asset], defaults: Checked[Defaults], document: Document) -> Settled:
    """The cascade: mappings merge by key, lists and single values replace."""
    value = asset.value if not defaults.data else Asset.model_validate(merged(defaults.data, asset.data))
    broken = asset.broken | (defaults.broken - asset.data.keys())
    return Settled(name, name, value, asset.data, defaults.data, broken, document, {})


def merged(under: Mapping[str, Data], over: Mapping[str, Data]) -> dict[str, Data]:
    """`over` on top of `under`, mappings by key at every level."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result
