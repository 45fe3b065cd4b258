"""Putting an asset's outputs in place: export from the master or from its cutout, check, rename. One place for every
file we write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assetgen import atomic
from assetgen.catalog import DRAFT
from assetgen.digest import Digest, digest_of
from assetgen.engine.events import Stage
from assetgen.engine.shop import Job, Shop
from assetgen.errors import EditedError
from assetgen.imaging.sizes import is_large
from assetgen.lock.model import LockedOutput
from assetgen.manifest.recipe import (
    VIDEO_FORMATS,
    AnyExport,
    ClipExport,
    OutputPath,
    OutputSpec,
    PictureExport,
    TextExport,
)
from assetgen.plan.art import Art
from assetgen.plan.plan import AssetPlan, ManifestPlan, Write
from assetgen.plan.request import ADOPTED, export_key, recorded_export
from assetgen.plan.world import MISSING, Owner, StoredMaster, World, WrittenOutput
from assetgen.store.observe import fact_of

if TYPE_CHECKING:
    from assetgen.imaging.export import Exported

UNMARKED = (DRAFT, ADOPTED)
"""Makers of masters whose outputs carry no mark of generation."""


@dataclass(frozen=True, slots=True)
class Arts:
    """What the outputs of an asset are made from: most of its own art, originals of its `master`, and what is borrowed
    of those of other assets, by their names."""

    master: StoredMaster
    own: Art
    borrowed: Mapping[str, Art] = field(default_factory=dict)

    def of(self, spec: OutputSpec) -> Art:
        if spec.borrowed:
            return self.borrowed[spec.borrowed.name]
        return Art(self.master, self.master.provider) if spec.original else self.own


@dataclass(frozen=True, slots=True)
class _Desk:
    """What putting one asset's outputs in place works with."""

    shop: Shop
    job: Job
    world: World
    arts: Arts
    owner: Owner

    def written(self, spec: OutputSpec, source: Digest, digest: Digest) -> WrittenOutput:
        return WrittenOutput(digest, export_key(source, spec.export), self.owner)


async def put_outputs(
    shop: Shop,
    job: Job,
    manifest: ManifestPlan,
    plan: AssetPlan,
    arts: Arts,
) -> dict[str, LockedOutput]:
    """Bring every output of an asset up to date; returns them as the lock records them. Removes nothing.

    Raises ExportError, PictureError, WriteError, or EditedError when a file changed since it was looked at.
    """
    desk = _Desk(shop, job, manifest.world, arts, Owner(manifest.manifest.lock_name, plan.recipe.name))
    outputs = {spec.path: _locked(plan, spec.path) for spec in plan.kept}
    for write in plan.writes:
        if write.locked is not None:
            await _copy(desk, write, write.locked)
            outputs[write.spec.path] = write.locked
    exports = [write for write in plan.writes if write.locked is None]
    if exports:
        async with shop.threads.chain:  # what is begun is finished first, instead of everything at the end
            outputs |= await _export(desk, exports)
    return {str(path): outputs[path] for path in sorted(outputs)}


def _locked(plan: AssetPlan, path: OutputPath) -> LockedOutput:
    if plan.previous is None:
        raise AssertionError(f"{path} is kept, and no lock entry knows it")
    return plan.previous.outputs[path]


# --- copies ----------------------------------------------------------------------------------------------------------


async def _copy(desk: _Desk, write: Write, locked: LockedOutput) -> None:
    """Put the very bytes of a locked output in place, which may be where they stand already. What a person made is
    known as a picture of its own: no other asset's export comes to it."""
    shop, path = desk.shop, write.spec.path
    data = await shop.threads.run(_bytes_of, shop, write.source, locked.sha256) if write.source != path else None
    await shop.threads.run(_clear_the_way, desk, [write])
    source = locked.export.borrowed or desk.arts.of(write.spec).sha256
    made_from = locked.sha256 if locked.adopted else source
    shop.state.outputs.writing({path: desk.written(write.spec, made_from, locked.sha256)})
    if data is not None:
        await shop.threads.run(_put_bytes, shop.root, path, data)


def _bytes_of(shop: Shop, source: OutputPath | None, digest: Digest) -> bytes:
    """From the file that was seen to hold them, or from the store: there they are when another asset of the run wrote
    over that file meanwhile."""
    if source is not None:
        with suppress(FileNotFoundError), atomic.translated(shop.root / source):
            data = (shop.root / source).read_bytes()
            if digest_of(data) == digest or fact_of(shop.root / source).sha256 == digest:
                return data
        if not shop.blobs.has(digest):
            raise EditedError(f"`{source}` changed while the build was running", hint="run the build again")
    return shop.blobs.verified(digest).read_bytes()


def _put_bytes(root: Path, path: OutputPath, data: bytes) -> None:
    atomic.write_bytes(root / path, data, root=root)


def _clear_the_way(desk: _Desk, writes: Sequence[Write]) -> None:
    """What stands at a path must still be what the plan saw there (rule 7); the store gets what may be needed again."""
    shop = desk.shop
    for write in writes:
        path = write.spec.path
        if fact_of(shop.root / path) != desk.world.files.get(path, MISSING):
            raise EditedError(f"`{path}` changed while the build was running; it is kept", hint="run the build again")
        if write.saves:
            with atomic.translated(shop.root / path):
                data = (shop.root / path).read_bytes()
            shop.blobs.put_bytes(data)


# --- exports ---------------------------------------------------------------------------------------------------------


async def _export(desk: _Desk, writes: Sequence[Write]) -> dict[OutputPath, LockedOutput]:
    shop, specs = desk.shop, [write.spec for write in writes]
    how_many = "1 file" if len(specs) == 1 else f"{len(specs)} files"
    desk.job.at(Stage.EXPORTING, how_many)
    files = {spec.path: atomic.temporary_beside(shop.root / spec.path) for spec in specs}
    try:
        made = await _made(desk, [(spec, files[spec.path]) for spec in specs])
        desk.job.at(Stage.WRITING, how_many)
        await shop.threads.run(_clear_the_way, desk, writes)
        # The state knows the bytes before they are in place: after a crash there no file is a stranger.
        digests = {path: made[file].sha256 for path, file in files.items()}
        sources = {spec.path: desk.arts.of(spec).sha256 for spec in specs}
        shop.state.outputs.writing({s.path: desk.written(s, sources[s.path], digests[s.path]) for s in specs})
        await shop.threads.run(_put_in_place, shop.root, {spec.path: files[spec.path] for spec in specs})
    finally:
        for file in files.values():
            with suppress(OSError):
                file.unlink()
    return {spec.path: _recorded(spec, sources[spec.path], made[files[spec.path]]) for spec in specs}


async def _made(desk: _Desk, files: Sequence[tuple[OutputSpec, Path]]) -> dict[Path, Exported]:
    """Every file, under its temporary name. Only pictures and clips ask for their source's bytes."""
    shop = desk.shop
    made = await shop.threads.run(_write_texts, [(spec.export, file) for spec, file in files])
    rest = [(desk.arts.of(spec), spec.export, file) for spec, file in files if not isinstance(spec.export, TextExport)]
    for art in dict.fromkeys(art for art, _, _ in rest):
        data = await shop.threads.run(shop.blobs.verified, art.bytes)
        exports = [(export, file) for of, export, file in rest if of == art]
        clips = [(export, file) for export, file in exports if isinstance(export, ClipExport)]
        pictures = [(export, file) for export, file in exports if not isinstance(export, ClipExport | TextExport)]
        made |= await _rendered(shop, data, art, pictures)
        made |= await _encoded(shop, data, clips)
    return made


async def _encoded(shop: Shop, source: Path, clips: Sequence[tuple[ClipExport, Path]]) -> dict[Path, Exported]:
    """Every moving file, one at a time: they take long, and all that a machine has."""
    made = {}
    for export, file in clips:
        from assetgen.imaging.video.clip import export_clip

        made[file] = await shop.threads.run_large(export_clip, source, export, file)
    return made


def _write_texts(exports: Sequence[tuple[AnyExport, Path]]) -> dict[Path, Exported]:
    """Makes the folders that there are to be, and the texts in them."""
    from assetgen.imaging.export import Exported

    for folder in {file.parent for _, file in exports}:
        atomic.make_folder(folder)
    made = {}
    for export, file in exports:
        if isinstance(export, TextExport):
            data = export.text.encode()
            with atomic.translated(file):
                file.write_bytes(data)
            made[file] = Exported(digest_of(data), 0, 0, len(data))
    return made


async def _rendered(
    shop: Shop, picture: Path, art: Art, exports: Sequence[tuple[PictureExport, Path]]
) -> dict[Path, Exported]:
    """Every picture that is made from one source. Encodes that need much memory run one at a time, each on its own."""
    large = [pair for pair in exports if is_large(pair[0], art.picture.size)]
    ordinary = [pair for pair in exports if pair not in large]
    made: dict[Path, Exported] = {}
    if ordinary:
        made |= await shop.threads.run(_render, picture, ordinary, art)
    for pair in large:
        made |= await shop.threads.run_large(_render, picture, [pair], art)
    return made


def _render(source: Path, exports: Sequence[tuple[PictureExport, Path]], art: Art) -> dict[Path, Exported]:
    """Provenance is marked on what a generating service made: neither on drafts nor on what people put in place."""
    made = _exporter(art)(source, exports, art.maker not in UNMARKED)
    return dict(zip([file for _, file in exports], made, strict=True))


def _exporter(art: Art) -> Callable[[Path, Sequence[tuple[PictureExport, Path]], bool], list[Exported]]:
    """What makes pictures of another: of a video they are stills."""
    if isinstance(art.picture, StoredMaster) and art.picture.format in VIDEO_FORMATS:
        from assetgen.imaging.video.clip import export_stills

        return export_stills
    from assetgen.imaging.export import export_file

    return export_file


def _recorded(spec: OutputSpec, source: Digest, exported: Exported) -> LockedOutput:
    from assetgen.imaging.export import encoder_version

    return LockedOutput(
        sha256=exported.sha256,
        width=exported.width,
        height=exported.height,
        export=recorded_export(spec, source),
        encoder=None if isinstance(spec.export, TextExport | ClipExport) else encoder_version(),
    )


def _put_in_place(root: Path, files: Mapping[OutputPath, Path]) -> None:
    atomic.replace_all({file: root / path for path, file in files.items()}, root=root)
