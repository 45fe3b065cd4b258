"""Which typed index files are written anew, and which are in the way. Pure.

An index file belongs to its manifest, not to an asset: it tells of every output that the lock knows. What it is made
from is compared, not its text: a new version of ours alone changes none (rule 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from assetgen.digest import Digest, canonical_json, digest_of
from assetgen.errors import Problem
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedOutput
from assetgen.manifest.naming import suffix_of
from assetgen.manifest.recipe import ClipExport, Export, IndexFile, LoadedManifest, OutputPath, OutputSpec, Recipe
from assetgen.plan.ownership import Claims
from assetgen.plan.plan import Action, AssetPlan, IndexPlan, Options
from assetgen.plan.world import MISSING, World


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One output as an index file tells of it. `place` is where it is published, else built."""

    name: str
    place: OutputPath
    sha256: Digest
    width: int
    height: int
    format: str
    alt: str


def index_rows(recipes: Iterable[Recipe], entries: Mapping[str, Entry]) -> Iterator[tuple[OutputSpec, IndexRow]]:
    """Every output of a size that is built, clips too, in the order of the manifest. Files of presets have index files
    of their platforms' own."""
    for recipe in recipes:
        entry = entries.get(recipe.name)
        for spec in recipe.outputs if entry else ():
            output = entry.outputs.get(spec.path) if entry else None
            if output is not None and isinstance(spec.export, Export | ClipExport):
                yield spec, _row(recipe, spec, output)


def _row(recipe: Recipe, spec: OutputSpec, output: LockedOutput) -> IndexRow:
    name = f"{recipe.name}-{spec.cell}" if spec.cell else recipe.name
    return IndexRow(
        name=f"{name}{suffix_of(spec.label)}",
        place=spec.published[0] if spec.published else spec.path,
        sha256=output.sha256,
        width=output.width,
        height=output.height,
        format=output.export.format,
        alt=recipe.description or "",
    )


def basis_of(rows: Iterable[IndexRow]) -> Digest:
    """The digest of all that the manifest and the lock say of what index files tell."""
    return digest_of(canonical_json([asdict(row) for row in rows]))


def decide_indexes(
    manifest: LoadedManifest, world: World, assets: tuple[AssetPlan, ...], claims: Claims, options: Options
) -> tuple[IndexPlan, ...]:
    """The verdict on each index file of a manifest, once it is known what becomes of its `assets`."""
    if not manifest.indexes:
        return ()
    pending = any(asset.action not in (Action.UP_TO_DATE, Action.BLOCKED) for asset in assets)
    basis = basis_of(row for _, row in index_rows(manifest.recipes, world.entries))
    return tuple(_decide(file, world, claims, options, None if pending else basis) for file in manifest.indexes)


def _decide(file: IndexFile, world: World, claims: Claims, options: Options, basis: Digest | None) -> IndexPlan:
    """`basis` is None while assets are still to be built."""
    locked, fact = world.indexes.get(file.path), world.files.get(file.path, MISSING)
    stands = locked is not None and fact.sha256 == locked.sha256
    blocked = None if stands or options.overwrite else _in_the_way(file, world, claims)
    if blocked is None and fact.kind == "other":
        blocked = _blocked(file, "is in the way: it is not a regular file", "move it away, or write another path")
    if locked is None:
        reasons: tuple[str, ...] = ("new",)
    elif fact.kind == "missing":
        reasons = ("missing",)
    elif not stands:
        reasons = ("not the locked one",)
    else:
        reasons = () if basis == locked.basis else ("what it tells of changed" if basis else "assets change",)
    return IndexPlan(file.path, (blocked.message, *reasons) if blocked else reasons, blocked)


def _in_the_way(file: IndexFile, world: World, claims: Claims) -> Problem | None:
    """Why the file that stands at the path may not be replaced, if so (rule 7)."""
    fact = world.files.get(file.path, MISSING)
    if fact.kind != "file":
        return None
    recorded = claims.at(file.path)
    if any(claim.sha256 == fact.sha256 and claim.owner is None for claim in recorded):
        return None
    if file.path in world.indexes or recorded:
        hint = "it is written anew with every change: keep what you wrote in another file, then `build --overwrite`"
        return _blocked(file, "was edited by hand", hint, code="edited")
    return _blocked(file, "is in the way: no lock or store knows it", "move it away, or replace it with `--overwrite`")


def _blocked(file: IndexFile, what: str, hint: str, *, code: str = "blocked") -> Problem:
    return Problem(code, f"`{file.path}` {what}", file.place, hint)
