"""What is, gathered once before planning: files and their digests, what the lock and the state know, blobs at hand.

The only reader of disk and state before a run. Changes nothing: what it hashed anew is handed back with the facts, for
a build to remember.

A symbolic link counts as the file that it leads to, wherever that is: its bytes are what a reader of the path gets.
Writing such a path replaces the link and leaves alone what it led to. What is neither absent nor a regular file that
can be read (a folder, a device, a link to nowhere, a file without permission) is `other`: it is in the way.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assetgen.catalog import DRAFT
from assetgen.digest import Digest, digest_of, digest_of_file
from assetgen.lock.document import Lock, Orphan
from assetgen.lock.entry import Entry
from assetgen.lock.writing import entry_digest
from assetgen.manifest.naming import fold
from assetgen.manifest.recipe import LoadedManifest, OutputPath
from assetgen.plan.world import MISSING, FileFact, World, WrittenOutput
from assetgen.store.blobs import Blobs
from assetgen.store.entries import Remembered
from assetgen.store.state import State
from assetgen.store.stats import FileStat

SETTLED_NS = 2_000_000_000
"""A file changed less than this before it was hashed may change again within the same tick of its file system's clock,
unseen: its digest is not trusted later. FAT, the coarsest, ticks every two seconds."""

_OTHER = FileFact("other")
_INODE_BITS = 2**63 - 1
_LFS = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n")
_LFS_LONGEST = 1024
"""Bytes. A pointer file is smaller: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""


@dataclass(frozen=True, slots=True)
class Observation:
    """The facts, and the stats of the files that had to be hashed for them."""

    world: World
    fresh: Mapping[OutputPath, FileStat]

    def remember(self, state: State | None) -> None:
        """Spare the next run the hashing. Does nothing when the state is absent or was opened for reading."""
        if state is not None and state.writable:
            state.stats.remember(self.fresh)


def observe(
    manifest: LoadedManifest, lock: Lock, state: State | None, blobs: Blobs, *, loopback: bool, now_ns: int
) -> Observation:
    """Everything that planning one manifest may know.

    `now_ns` is the time before the call, in nanoseconds since 1970. Raises StateError.
    """
    entries, unrecorded = effective_entries(lock, _remembered(manifest, state))
    known = state.stats.known() if state else {}
    orphans = _orphans(lock, entries)
    files, fresh = _look_at(manifest.root, _paths(manifest, entries, (*orphans, *lock.indexes)), known, now_ns)
    results = state.results.masters() if state else {}
    cutouts = state.results.cutouts() if state else {}
    wanted = {master.sha256 for master in results.values()} | {cutout.sha256 for cutout in cutouts.values()}
    wanted |= {digest for entry in entries.values() for digest in entry.pictures}
    adopted = state.outputs.adopted() if state else {}
    wanted |= {output.sha256 for output in adopted.values()}
    wanted |= {
        output.sha256
        for entry in entries.values()
        for path, output in entry.outputs.items()
        if files[OutputPath(path)].sha256 != output.sha256
    }
    written = _written(manifest.root, state) if state else {}
    moved = {p: f.sha256 for p, f in files.items() if f.sha256 and p in written and written[p].sha256 != f.sha256}
    world = World(
        entries=entries,
        orphans=orphans,
        unrecorded=unrecorded,
        files=files,
        written=written,
        earlier=state.outputs.earlier(moved) if state else frozenset(),
        results=results,
        cutouts=cutouts,
        takes=state.wishes.takes(manifest.lock_name) if state else {},
        picks=state.wishes.picks(manifest.lock_name) if state else {},
        open=state.journal.open_tasks() if state else {},
        refused=state.refusals.all() if state else {},
        placed=state.journal.placed(manifest.lock_name) if state else {},
        pins=_pins(entries),
        fetched=state.fetched.pictures(manifest.lock_name) if state else {},
        adopted=adopted,
        indexes={OutputPath(path): index for path, index in lock.indexes.items()},
        blobs=blobs.present(wanted),
        loopback=loopback,
    )
    return Observation(world, fresh)


def _pins(entries: Mapping[str, Entry]) -> dict[str, Digest]:
    """The pictures on the web that entries pin. A draft is made without looking at them."""
    real = (entry.request for entry in entries.values() if entry.request.provider != DRAFT)
    references = (reference for request in real for reference in request.references)
    return {reference.source: reference.sha256 for reference in references if reference.source.startswith("url:")}


def _orphans(lock: Lock, entries: Mapping[str, Entry]) -> dict[OutputPath, Orphan]:
    """The lock's orphans, and what entries of ours that never reached the lock left behind of those that are there."""
    made = {path for entry in entries.values() for path in (*entry.outputs, *entry.published)}
    left = {
        OutputPath(path): Orphan(sha256=output.sha256, asset=name)
        for name, entry in lock.assets.items()
        if name in entries and entries[name] is not entry
        for path, output in entry.outputs.items()
    }
    known = {OutputPath(path): orphan for path, orphan in lock.orphans.items()}
    return {path: orphan for path, orphan in {**left, **known}.items() if path not in made}


def _remembered(manifest: LoadedManifest, state: State | None) -> Mapping[str, Remembered]:
    """Our entries that may matter. One that was in a lock file, of an asset that the manifest does not have, is from
    another branch or from the past: the lock at hand does well without it."""
    wanted = {fold(name) for recipe in manifest.recipes for name in (recipe.name, recipe.moved_from) if name}
    remembered = state.entries.of(manifest.lock_name) if state else {}
    return {name: ours for name, ours in remembered.items() if fold(name) in wanted or ours.digest != ours.base}


def effective_entries(lock: Lock, remembered: Mapping[str, Remembered]) -> tuple[Mapping[str, Entry], frozenset[str]]:
    """The entry that holds for each asset, and the names of those that the lock file lacks or has in an older form.

    The lock wins (rule 3), except over an entry of ours that never reached it: one that it lacks altogether, or one
    that was made while it held the very entry that it still holds.
    """
    entries = dict(lock.assets)
    unrecorded = set()
    for name, ours in remembered.items():
        theirs = lock.assets.get(name)
        if theirs is None or (ours.digest != ours.base and entry_digest(theirs) == ours.base):
            entries[name] = ours.entry()
            unrecorded.add(name)
    return entries, frozenset(unrecorded)


def _written(root: Path, state: State) -> dict[OutputPath, WrittenOutput]:
    """What was written, by assets whose lock is still there: a lock that was renamed or removed holds no file."""
    written = state.outputs.written()
    locks = {row.owner.lock for row in written.values() if row.owner}
    gone = {lock for lock in locks if not (root / lock).exists()}
    return {p: replace(row, owner=None) if row.owner and row.owner.lock in gone else row for p, row in written.items()}


def _paths(manifest: LoadedManifest, entries: Mapping[str, Entry], others: Iterable[str]) -> Iterator[OutputPath]:
    for recipe in manifest.recipes:
        yield from (OutputPath(shown.name) for shown in recipe.request.references if shown.kind == "file")
        for spec in recipe.outputs:
            yield spec.path
            yield from spec.published
    for entry in entries.values():
        yield from map(OutputPath, entry.outputs)
        yield from map(OutputPath, entry.published)
    yield from map(OutputPath, others)
    yield from (index.path for index in manifest.indexes)


# --- files ---------------------------------------------------------------------------------------------------------


def fact_of(path: Path) -> FileFact:
    """What stands at one path, by its bytes."""
    return _look(os.fspath(path), None, 0)[0]


def _look_at(
    root: Path, paths: Iterable[OutputPath], known: Mapping[OutputPath, FileStat], now_ns: int
) -> tuple[dict[OutputPath, FileFact], dict[OutputPath, FileStat]]:
    prefix = os.path.join(root, "")  # noqa: PTH118 - thousands of paths: strings are several times faster
    facts, fresh = {}, {}
    for path in dict.fromkeys(paths):
        facts[path], hashed = _look(prefix + path, known.get(path), now_ns)
        if hashed is not None:
            fresh[path] = hashed
    return facts, fresh


def _look(path: str, known: FileStat | None, now_ns: int) -> tuple[FileFact, FileStat | None]:
    """What stands at a path; with its stat if it had to be hashed, because `known` is not that of the file as it is."""
    try:
        found = os.stat(path)  # noqa: PTH116
        if not stat.S_ISREG(found.st_mode):
            return _OTHER, None
        identity = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino & _INODE_BITS)
        if known is not None and known[:4] == identity and _settled(known):
            return FileFact("file", known.sha256, known.pointer), None
        digest, pointer = _digest(Path(path), found.st_size)
    except FileNotFoundError:
        return (_OTHER if os.path.islink(path) else MISSING), None  # noqa: PTH114
    except OSError:
        return _OTHER, None
    return FileFact("file", digest, pointer), FileStat(*identity, digest, now_ns, pointer)


def _settled(known: FileStat) -> bool:
    return known.recorded_ns - max(known.mtime_ns, known.ctime_ns) >= SETTLED_NS


def _digest(path: Path, size: int) -> tuple[Digest, bool]:
    """The digest of a file's bytes, or the one that it names if it is a Git LFS pointer; and whether it is."""
    if size > _LFS_LONGEST:
        return digest_of_file(path), False
    data = path.read_bytes()
    pointer = _LFS.match(data)
    return (Digest(pointer[1].decode()), True) if pointer else (digest_of(data), False)
