"""Putting copies into the app: every file of an asset is ready beside its place before the first one is renamed.

A crash leaves each file as it was or as it is to be. Knows no lock; the state is told before the renames, so that after
a crash no file is a stranger.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from assetgen import atomic
from assetgen.digest import digest_of, step_key
from assetgen.errors import EditedError
from assetgen.manifest.recipe import OutputPath
from assetgen.plan.world import Owner, WrittenOutput
from assetgen.publish.copies import Copy
from assetgen.store.blobs import Blobs
from assetgen.store.observe import fact_of
from assetgen.store.state import State


def put_copies(root: Path, copies: Iterable[Copy], owner: Owner, state: State, blobs: Blobs) -> None:
    """Put an asset's files in place; what they replace is kept in the store, as far as it is ours.

    Raises WriteError, BlockedError, or EditedError when a file changed since it was looked at; then nothing is changed,
    unless the disk failed in the middle of renaming.
    """
    files = {root / copy.place: copy for copy in copies}
    for path in files:
        atomic.check_writable(path, root=root)
    temporary = {atomic.temporary_beside(path): path for path in files}
    try:
        for file, path in temporary.items():
            atomic.make_folder(path.parent)
            with atomic.translated(path), file.open("xb") as opened:
                opened.write(_bytes_of(root, files[path], blobs))
        for copy in files.values():
            _clear_the_way(root, copy, blobs)
        state.outputs.writing({copy.place: _written(copy, owner) for copy in files.values()})
        atomic.replace_all(temporary, root=root)
    finally:
        for file in temporary:
            with suppress(OSError):
                file.unlink()


def sweep_places(root: Path, places: Iterable[OutputPath]) -> None:
    """Remove temporary files that a crash left beside published ones. Raises WriteError."""
    for folder in sorted({(root / place).parent for place in places}):
        if atomic.inside(root, folder / "file"):
            atomic.sweep(folder)


def _written(copy: Copy, owner: Owner) -> WrittenOutput:
    """A copy is the product of no export: what it shows is told by the lock."""
    return WrittenOutput(copy.sha256, step_key("publish", {"sha256": copy.sha256}), owner)


def _bytes_of(root: Path, copy: Copy, blobs: Blobs) -> bytes:
    if copy.source is None:
        return blobs.verified(copy.sha256).read_bytes()
    with atomic.translated(root / copy.source):
        data = (root / copy.source).read_bytes()
    if digest_of(data) != copy.sha256:
        raise EditedError(f"`{copy.source}` changed while it was being published", hint="run the command again")
    return data


def _clear_the_way(root: Path, copy: Copy, blobs: Blobs) -> None:
    """What stands at a place must still be what was seen there; what was ours is kept for `rollback`."""
    path = root / copy.place
    if fact_of(path) != copy.before:
        raise EditedError(f"`{copy.place}` changed while it was being published", hint="run the command again")
    if copy.ours and not copy.before.pointer:
        with atomic.translated(path):
            blobs.put_bytes(path.read_bytes())
