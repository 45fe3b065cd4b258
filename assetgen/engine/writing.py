"""Putting an asset's outputs in place: export from the master, check, rename. One place for every file we write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assetgen import atomic
from assetgen.catalog import DRAFT
from assetgen.digest import Digest
from assetgen.engine.events import Stage
from assetgen.engine.shop import Job, Shop
from assetgen.errors import EditedError
from assetgen.imaging.sizes import is_large
from assetgen.lock import LockedOutput
from assetgen.manifest.recipe import Export, OutputPath, OutputSpec
from assetgen.plan.plan import AssetPlan, Write
from assetgen.plan.request import ADOPTED, export_key, locked_export
from assetgen.plan.world import MISSING, StoredMaster, World, WrittenOutput
from assetgen.store.observe import fact_of

if TYPE_CHECKING:
    from assetgen.imaging.export import Exported

UNMARKED = (DRAFT, ADOPTED)
"""Makers of masters whose outputs carry no mark of generation."""


async def put_outputs(
    shop: Shop, job: Job, plan: AssetPlan, world: World, master: StoredMaster
) -> dict[str, LockedOutput]:
    """Bring every output of an asset up to date; returns them as the lock records them.

    Raises ExportError, PictureError, WriteError, or EditedError when a file changed since it was looked at.
    """
    outputs = {spec.path: _locked(plan, spec.path) for spec in plan.kept}
    for write in plan.writes:
        if write.source is not None:
            outputs[write.spec.path] = await _copy(shop, plan, world, master, write, write.source)
    exports = [write.spec for write in plan.writes if write.source is None]
    if exports:
        async with shop.threads.chain:  # what is begun is finished first, instead of everything at the end
            outputs |= await _export(shop, job, world, master, exports)
    return {str(path): outputs[path] for path in sorted(outputs)}


def _locked(plan: AssetPlan, path: OutputPath) -> LockedOutput:
    if plan.previous is None:
        raise AssertionError(f"{path} is kept, and no lock entry knows it")
    return plan.previous.outputs[path]


# --- copies ----------------------------------------------------------------------------------------------------------


async def _copy(
    shop: Shop, plan: AssetPlan, world: World, master: StoredMaster, write: Write, source: OutputPath
) -> LockedOutput:
    """Copy a file that holds the very bytes: a published output back, or a renamed asset's output to its new place."""
    locked = _locked(plan, source if write.moves else write.spec.path)
    target = shop.root / write.spec.path
    await shop.threads.run(_refuse_changed, shop.root, [write.spec.path], world)
    shop.state.writing({write.spec.path: _written(master, write.spec, locked.sha256)})
    await shop.threads.run(_copy_file, shop.root, shop.root / source, target, locked.sha256)
    if write.moves:
        await shop.threads.run(_remove, shop.root / source)
    return locked


def _copy_file(root: Path, source: Path, target: Path, digest: str) -> None:
    with atomic.translated(source):
        data = source.read_bytes()
    if fact_of(source).sha256 != digest:
        raise EditedError(f"`{source.name}` changed while the build was running", hint="run the build again")
    atomic.write_bytes(target, data, root=root)


def _remove(path: Path) -> None:
    with atomic.translated(path):
        path.unlink(missing_ok=True)


# --- exports ---------------------------------------------------------------------------------------------------------


async def _export(
    shop: Shop, job: Job, world: World, master: StoredMaster, specs: Sequence[OutputSpec]
) -> dict[OutputPath, LockedOutput]:
    job.at(Stage.EXPORTING, f"{len(specs)} files")
    source = await shop.threads.run(shop.blobs.verified, master.sha256)
    files = {spec.path: atomic.temporary_beside(shop.root / spec.path) for spec in specs}
    try:
        made = await _rendered(shop, source, master, [(spec.export, files[spec.path]) for spec in specs])
        job.at(Stage.WRITING, f"{len(specs)} files")
        await shop.threads.run(_refuse_changed, shop.root, [spec.path for spec in specs], world)
        # The state knows the bytes before they are in place: after a crash there no file is a stranger.
        shop.state.writing({spec.path: _written(master, spec, made[files[spec.path]].sha256) for spec in specs})
        await shop.threads.run(_put_in_place, shop.root, {spec.path: files[spec.path] for spec in specs})
    finally:
        for file in files.values():
            with suppress(OSError):
                file.unlink()
    return {spec.path: _recorded(spec, made[files[spec.path]]) for spec in specs}


async def _rendered(
    shop: Shop, source: Path, master: StoredMaster, exports: Sequence[tuple[Export, Path]]
) -> dict[Path, Exported]:
    """Every export, in its temporary file. Encodes that need much memory run one at a time, each on its own."""
    for folder in {file.parent for _, file in exports}:
        await shop.threads.run(atomic.make_folder, folder)
    large = [pair for pair in exports if is_large(pair[0], master.size)]
    ordinary = [pair for pair in exports if pair not in large]
    made: dict[Path, Exported] = {}
    if ordinary:
        made |= await shop.threads.run(_render, source, ordinary, master)
    for pair in large:
        made |= await shop.threads.run_large(_render, source, [pair], master)
    return made


def _render(source: Path, exports: Sequence[tuple[Export, Path]], master: StoredMaster) -> dict[Path, Exported]:
    """Provenance is marked on what a generating service made: neither on drafts nor on what people put in place."""
    from assetgen.imaging.export import export_file

    made = export_file(source, exports, mark=master.provider not in UNMARKED)
    return dict(zip([file for _, file in exports], made, strict=True))


def _written(master: StoredMaster, spec: OutputSpec, digest: Digest) -> WrittenOutput:
    return WrittenOutput(digest, export_key(master.sha256, spec.export))


def _recorded(spec: OutputSpec, exported: Exported) -> LockedOutput:
    from assetgen.imaging.export import encoder_version

    return LockedOutput(
        sha256=exported.sha256,
        width=exported.width,
        height=exported.height,
        export=locked_export(spec.export),
        encoder=encoder_version(),
    )


def _put_in_place(root: Path, files: Mapping[OutputPath, Path]) -> None:
    atomic.replace_all({file: root / path for path, file in files.items()}, root=root)


def _refuse_changed(root: Path, paths: Sequence[OutputPath], world: World) -> None:
    """What stands at a path must still be what the plan saw there (rule 7)."""
    for path in paths:
        if fact_of(root / path) != world.files.get(path, MISSING):
            raise EditedError(f"`{path}` changed while the build was running; it is kept", hint="run the build again")
