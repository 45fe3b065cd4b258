"""The pictures that a request shows, brought to the provider's service: their bytes found, made to fit, and uploaded.

What is found or fetched is kept in the store, so that what a model was shown can be shown again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from assetgen.catalog.models import Pictures
from assetgen.digest import Digest, digest_of
from assetgen.engine.line import Line
from assetgen.engine.shop import Job, Shop
from assetgen.errors import EditedError, PictureError
from assetgen.manifest.recipe import Cell, Reference
from assetgen.plan.request import Asking, Shown
from assetgen.providers.base import PictureFile, RefusedError, Uploader

Fetch = Callable[[Reference, Shown], Awaitable[Digest]]
"""Sees to it that the bytes of a picture, or of its cutout, are in the store, and says which. Raises AssetError."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """The pictures of one request. `fetch` gets those of assets and addresses into the store."""

    shop: Shop
    job: Job
    references: Sequence[Reference]
    fetch: Fetch

    async def links(self, line: Line, asking: Asking, pictures: Pictures | None) -> tuple[str, ...]:
        """Where the line's service sees them, in order; nothing for a provider that needs no links. Raises AssetError
        and StateError."""
        if not asking.shown or not isinstance(line.provider, Uploader):
            return ()
        if pictures is None:
            raise RefusedError(f"The model `{asking.request.model}` takes no pictures.", hint="See `assetgen models`.")
        files = [await self._file(r, s, pictures) for r, s in zip(self.references, asking.shown, strict=True)]
        return tuple([await self.shop.uploads.link(line, file) for file in files])

    async def _file(self, reference: Reference, shown: Shown, pictures: Pictures) -> PictureFile:
        digest = shown.sha256
        if reference.kind == "file":
            await self.shop.threads.run(self._take, reference.name, digest)
        else:
            digest = await self.fetch(reference, shown)
        if reference.cell:
            digest = await self._cut(reference.cell, digest)
        return await self._fitting(reference, digest, pictures)

    async def _cut(self, cell: Cell, sheet: Digest) -> Digest:
        """One cell of a sheet, in the store. Keys know the sheet and where the cell lies, not these bytes."""
        from assetgen.imaging.grid import cut

        shop = self.shop
        file = await shop.threads.run(shop.blobs.verified, sheet)
        return await shop.threads.run(shop.blobs.put_bytes, await shop.threads.run(cut, file, cell))

    def _take(self, name: str, digest: Digest) -> None:
        """A file of the project into the store. Raises EditedError when it is not what it was when this run began."""
        file = self.shop.root / name
        try:
            data = file.read_bytes()
        except OSError as error:
            raise PictureError(f"the reference `{name}` cannot be read: {error.strerror or error}") from error
        if digest_of(data) != digest:
            raise EditedError(f"the reference `{name}` changed while the build was running", hint="run the build again")
        if not self.shop.blobs.has(digest):
            self.shop.blobs.put_bytes(data)

    async def _fitting(self, reference: Reference, digest: Digest, pictures: Pictures) -> PictureFile:
        """The picture, or a copy of it that the model takes."""
        from assetgen.imaging.reduce import Limits, copy_within

        shop, most = self.shop, (pictures.max_edge, pictures.min_edge, pictures.max_pixels)
        limits = Limits(pictures.max_bytes, pictures.formats, *most)
        file = await shop.threads.run(shop.blobs.verified, digest)
        try:
            form, copy = await shop.threads.run(copy_within, file, limits)
        except PictureError as error:
            words = error.message.replace(f"`{file.name}`", "it")
            raise PictureError(f"the reference `{reference}` cannot be shown: {words}", hint=error.hint) from error
        if copy is None:
            return PictureFile(file, digest, form)
        self.job.notes.append(f"the model was shown a copy of {reference}, {copy.change}")
        sent = await shop.threads.run(shop.blobs.put_bytes, copy.data)
        return PictureFile(shop.blobs.path(sent), sent, copy.format)
