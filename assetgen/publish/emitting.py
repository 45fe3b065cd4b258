"""Writing typed index files once the assets of a manifest are built: colours and placeholders, text, file, lock.

Which files are due was decided by the plan. A file whose bytes stay the same is not touched.
"""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from assetgen import atomic
from assetgen.digest import digest_of, step_key
from assetgen.engine.events import Outcome, Result
from assetgen.engine.record import LockRecord
from assetgen.errors import AssetError, EditedError, PictureError
from assetgen.executors.threads import Threads
from assetgen.lock.document import LockedIndex
from assetgen.lock.model import LockedOutput
from assetgen.manifest.recipe import AssetId, AssetName, Export, OutputPath, OutputSpec, Recipe
from assetgen.plan.indexes import IndexRow, basis_of, index_rows
from assetgen.plan.plan import IndexPlan, ManifestPlan
from assetgen.plan.world import MISSING, Owner, WrittenOutput
from assetgen.publish.index import IndexEntry, render_index
from assetgen.store.observe import fact_of
from assetgen.store.state import State

_ENOUGH = 100
"""Pixels of the longer edge from which a file shows all that a placeholder can."""

_Standing: TypeAlias = tuple[OutputSpec, LockedOutput]


@dataclass(frozen=True, slots=True)
class Press:
    """What index files of a manifest are written with."""

    root: Path
    state: State
    threads: Threads
    plan: ManifestPlan
    record: LockRecord


async def emit_indexes(press: Press) -> tuple[Outcome, ...]:
    """Write the index files that are due; what became of each, under its path in place of an asset's name.

    Raises LockError, StateError and WriteError when the lock cannot be written.
    """
    press.record.leave_indexes(press.plan.left_indexes)
    if any(index.due for index in press.plan.indexes):
        await _summarise(press)
    rows = list(index_rows(press.plan.manifest.recipes, press.record.entries))
    outcomes = [await _outcome(press, index, rows) for index in press.plan.indexes]
    press.record.flush()
    return tuple(outcomes)


async def _outcome(press: Press, index: IndexPlan, rows: list[tuple[OutputSpec, IndexRow]]) -> Outcome:
    name = AssetId(press.plan.manifest.shown, AssetName(index.path))
    if index.blocked is not None:
        return Outcome(name, Result.FAILED, index.blocked)
    if not index.due:
        return Outcome(name, Result.UP_TO_DATE)
    try:
        wrote = await _emit(press, index.path, rows)
    except AssetError as error:
        return Outcome(name, Result.FAILED, error.problems[0])
    return Outcome(name, Result.BUILT if wrote else Result.UP_TO_DATE, wrote=(index.path,) if wrote else ())


# --- the file --------------------------------------------------------------------------------------------------------


async def _emit(press: Press, path: OutputPath, rows: list[tuple[OutputSpec, IndexRow]]) -> bool:
    """Write one file and record it; whether its bytes are others than those that stand there."""
    outputs = {file: output for entry in press.record.entries.values() for file, output in entry.outputs.items()}
    entries = [_entry(path, row, outputs[spec.path]) for spec, row in rows]
    data = render_index(posixpath.splitext(path)[1], entries).encode()
    digest, basis = digest_of(data), basis_of(row for _, row in rows)
    seen = press.plan.world.files.get(path, MISSING)
    differs = seen.sha256 != digest or seen.pointer
    if differs:
        # The state knows the bytes before they are in place: after a crash there the file is no stranger.
        owner = Owner(press.plan.manifest.lock_name, f"index {path}")
        press.state.outputs.writing({path: WrittenOutput(digest, step_key("index", {"basis": basis}), owner)})
        await press.threads.run(_put, press, path, data)
    press.record.indexed(path, LockedIndex(sha256=digest, basis=basis))
    return differs


def _put(press: Press, path: OutputPath, data: bytes) -> None:
    file = press.root / path
    if fact_of(file) != press.plan.world.files.get(path, MISSING):
        raise EditedError(f"`{path}` changed while the build was running; it is kept", hint="run the build again")
    atomic.make_folder(file.parent)
    atomic.write_bytes(file, data, root=press.root)


def _entry(path: OutputPath, row: IndexRow, output: LockedOutput) -> IndexEntry:
    return IndexEntry(
        name=row.name,
        path=posixpath.relpath(row.place, posixpath.dirname(path) or "."),
        width=row.width,
        height=row.height,
        format=row.format,
        alt=row.alt,
        color=output.color,
        thumbhash=output.thumbhash,
    )


# --- colours and placeholders ----------------------------------------------------------------------------------------


async def _summarise(press: Press) -> None:
    """Give every output of a size its colour and placeholder, as far as it stands here. Outputs of one asset that show
    the same in the same shape share them."""
    await asyncio.gather(*(_summarise_asset(press, recipe) for recipe in press.plan.manifest.recipes))


async def _summarise_asset(press: Press, recipe: Recipe) -> None:
    entry = press.record.entries.get(recipe.name)
    if entry is None:
        return
    outputs = dict(entry.outputs)
    for group in _alike(_plain(recipe, entry.outputs)):
        lacking = [(spec, output) for spec, output in group if output.thumbhash is None]
        found = (_known(group) or await press.threads.run(_looked_at, press.root, group)) if lacking else None
        if found is not None:
            update = {"color": found[0], "thumbhash": found[1]}
            outputs |= {str(spec.path): output.model_copy(update=update) for spec, output in lacking}
    if outputs != entry.outputs:
        press.record.amend(recipe.name, entry.model_copy(update={"outputs": outputs}))


def _plain(recipe: Recipe, outputs: dict[str, LockedOutput]) -> Iterator[_Standing]:
    built = (spec for spec in recipe.outputs if isinstance(spec.export, Export) and spec.path in outputs)
    return ((spec, outputs[spec.path]) for spec in built)


def _alike(built: Iterable[_Standing]) -> Iterator[list[_Standing]]:
    """Outputs that differ in nothing but size and format. What a person made is like no other."""
    groups: dict[object, list[_Standing]] = {}
    for spec, output in built:
        shape = round(100 * output.width / output.height)
        key = output.sha256 if output.adopted else (spec.cell, output.export.background, output.export.fit, shape)
        groups.setdefault(key, []).append((spec, output))
    yield from groups.values()


def _known(group: list[_Standing]) -> tuple[str, str] | None:
    known = ((output.color, output.thumbhash) for _, output in group)
    return next(((color, thumbhash) for color, thumbhash in known if color and thumbhash), None)


def _looked_at(root: Path, group: list[_Standing]) -> tuple[str, str] | None:
    """From the smallest file that shows enough: that is quick. None where none of them stands here."""
    from assetgen.imaging.decode import decode
    from assetgen.imaging.summary import summary_of

    by_size = sorted(group, key=lambda pair: max(pair[1].width, pair[1].height))
    enough = [pair for pair in by_size if max(pair[1].width, pair[1].height) >= _ENOUGH]
    for spec, output in (*enough, *reversed(by_size)):
        for place in (spec.path, *spec.published):
            try:
                if fact_of(root / place).sha256 == output.sha256:
                    summary = summary_of(decode(root / place))
                    return summary.color, summary.thumbhash
            except PictureError:
                continue  # a Git LFS pointer to it
    return None
