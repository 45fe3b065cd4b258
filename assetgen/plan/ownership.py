"""Whose each output file is, over a whole run: who makes a path today, and whose bytes were last put there. Pure.

Knows what locks and the state recorded. Whether the bytes are still there is for others to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assetgen.digest import Digest, StepKey
from assetgen.lock.document import Orphan
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedOutput
from assetgen.manifest.recipe import LoadedManifest, OutputPath, Recipe
from assetgen.plan.request import export_key
from assetgen.plan.world import MISSING, Owner, World, WrittenOutput


@dataclass(frozen=True, slots=True)
class Member:
    """One manifest of a run. `heirs` maps the name of each lock entry to the asset that it belongs to today; `running`
    names the assets that the run is about."""

    manifest: LoadedManifest
    world: World
    heirs: Mapping[str, str]
    running: frozenset[str]


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody put these bytes at a path; None for an asset that is gone."""

    sha256: Digest
    owner: Owner | None


class Claims:
    """Whose every file is, over the manifests of a run. What is only asked for when something is to be written is only
    gathered then."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._members = tuple(members)
        self._written = {path: row for member in self._members for path, row in member.world.written.items()}
        self._locks = frozenset(member.manifest.lock_name for member in self._members)

    @cached_property
    def made(self) -> frozenset[OutputPath]:
        """The paths that somebody makes, be it an asset of these manifests or one that only another lock knows: what
        stands there is never left over."""
        recipes = (recipe for member in self._members for recipe in member.manifest.recipes)
        ours = frozenset(spec.path for recipe in recipes for spec in recipe.outputs)
        ours |= {index.path for member in self._members for index in member.manifest.indexes}
        return ours | {path for path, row in self._written.items() if row.owner and self.is_foreign(row.owner)}

    def is_foreign(self, owner: Owner) -> bool:
        """Whether an asset belongs to a manifest that the run does not read."""
        return owner.lock not in self._locks

    def is_running(self, owner: Owner) -> bool:
        """Whether the run is about an asset."""
        return any(owner.asset in m.running for m in self._members if m.manifest.lock_name == owner.lock)

    def at(self, path: OutputPath) -> tuple[Claim, ...]:
        """Everything that was recorded of a path."""
        return self._recorded.get(path, ())

    def is_product(self, key: str, digest: Digest) -> bool:
        """Whether these bytes are what the export with this key came to, wherever it was written."""
        return (key, digest) in self._products

    @cached_property
    def _products(self) -> frozenset[tuple[str, Digest]]:
        return frozenset((row.export_key, row.sha256) for row in self._written.values())

    @cached_property
    def _recorded(self) -> dict[OutputPath, tuple[Claim, ...]]:
        recorded: dict[OutputPath, tuple[Claim, ...]] = {}
        for path, claim in self._claims():
            recorded[path] = (*recorded.get(path, ()), claim)
        return recorded

    def _claims(self) -> Iterator[tuple[OutputPath, Claim]]:
        heirs = self._heirs()
        for member in self._members:
            for name, entry in member.world.entries.items():
                owner = heirs.get(Owner(member.manifest.lock_name, name))
                for path, output in entry.outputs.items():
                    yield OutputPath(path), Claim(output.sha256, owner)
                for path, digest in entry.published.items():
                    yield OutputPath(path), Claim(digest, owner)
            for path, index in member.world.indexes.items():
                yield path, Claim(index.sha256, None)
            for orphan_path, orphan in member.world.orphans.items():
                yield orphan_path, Claim(orphan.sha256, None)
        for path, row in self._written.items():
            known = row.owner and (row.owner if self.is_foreign(row.owner) else heirs.get(row.owner))
            yield OutputPath(path), Claim(row.sha256, known)

    def _heirs(self) -> dict[Owner, Owner]:
        """Whom each name that a lock may use belongs to; a name that is missing is of an asset that is gone."""
        heirs: dict[Owner, Owner] = {}
        for member in self._members:
            lock = member.manifest.lock_name
            heirs |= {Owner(lock, recipe.name): Owner(lock, recipe.name) for recipe in member.manifest.recipes}
            heirs |= {Owner(lock, name): Owner(lock, heir) for name, heir in member.heirs.items()}
        return heirs


def unknown_outputs(lock: str, world: World) -> dict[OutputPath, WrittenOutput]:
    """The outputs that stand as the lock says and that the state does not know, as if we had just put them there."""
    return {
        OutputPath(path): WrittenOutput(output.sha256, _product_key(entry, output), Owner(lock, name))
        for name, entry in world.entries.items()
        for path, output in entry.outputs.items()
        if path not in world.written and world.files.get(OutputPath(path), MISSING).sha256 == output.sha256
    }


def _product_key(entry: Entry, output: LockedOutput) -> StepKey:
    """What a person made is a picture of its own."""
    return export_key(output.sha256 if output.adopted else entry.source_of(output.export), output.export)


def left_behind(
    asset: str, entry: Entry, paths: Iterable[str], world: World, made: frozenset[OutputPath]
) -> dict[OutputPath, Orphan]:
    """Those of an entry's files that still stand and that nobody makes now."""
    return {
        path: Orphan(sha256=entry.outputs[path].sha256, asset=asset)
        for path in map(OutputPath, paths)
        if path not in made and world.files.get(path, MISSING).kind == "file"
    }


def wanted_places(recipe: Recipe, entry: Entry) -> dict[OutputPath, Digest]:
    """Where an asset's picture is to be published, as far as its files are built, and the bytes that belong there."""
    built = [(spec, entry.outputs[spec.path]) for spec in recipe.outputs if spec.path in entry.outputs]
    return {place: output.sha256 for spec, output in built for place in spec.published}


def is_published(recipe: Recipe, entry: Entry) -> bool:
    """Whether the picture that was published of an asset is the one that it has now."""
    wanted = wanted_places(recipe, entry)
    known = [place for place in wanted if place in entry.published]
    return bool(known) and all(entry.published[place] == wanted[place] for place in known)


def left_published(asset: str, entry: Entry, world: World, made: frozenset[OutputPath]) -> dict[OutputPath, Orphan]:
    """Those of an entry's published files that still stand and that nobody makes now."""
    return {
        OutputPath(path): Orphan(sha256=digest, asset=asset, published=True)
        for path, digest in entry.published.items()
        if path not in made and world.files.get(OutputPath(path), MISSING).kind == "file"
    }
