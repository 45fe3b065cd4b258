"""Keeping the lock: what became of each asset goes to the state database at once and to the lockfile at most about once
a second, so that a crash loses nothing and the cost of writing stays linear."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from contextlib import suppress
from pathlib import Path

from assetgen import atomic
from assetgen.digest import Digest
from assetgen.engine.clock import Clock
from assetgen.errors import LockError, WriteError
from assetgen.lock.document import INDEX, Lock, LockedIndex, Orphan
from assetgen.lock.entry import Entry
from assetgen.lock.merging import merged
from assetgen.lock.reading import read_lock
from assetgen.lock.writing import entry_digest, lock_bytes
from assetgen.manifest.recipe import Drawing, OutputPath
from assetgen.plan.cutout_records import known_from, known_order
from assetgen.plan.master import stored
from assetgen.plan.ownership import is_published, left_behind, left_published
from assetgen.plan.plan import AssetPlan, Removed, asking_of
from assetgen.plan.request import ADOPTED, NOTHING_DRAWN, Asking, asked, export_key, locked_base_key
from assetgen.plan.upscale import known_larger
from assetgen.plan.variants import each
from assetgen.plan.world import MISSING, World
from assetgen.store.state import State

INTERVAL = 1.0
"""Least seconds between two writes of one lockfile during a run."""

REST = 10
"""How many times as long as it took to write a lockfile the next write waits at least: each writes all of it, which
takes a second where there are many thousand assets."""


class LockRecord:
    """The lock of one manifest during a run.

    `name` is the lockfile's path relative to the project root; `elsewhere` are the paths that assets of other
    locks make. What an asset leaves to another one of this lock is an orphan until that has made it.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        lock: Lock,
        world: World,
        elsewhere: frozenset[OutputPath],
        state: State,
        clock: Clock,
    ) -> None:
        self._path = path
        self._name = name
        self._on_file = lock
        self._world = world
        self._elsewhere = elsewhere
        self._state = state
        self._assets = dict(lock.assets)
        self._entries = dict(world.entries)
        self._orphans: dict[str, Orphan] = {
            path: orphan
            for path, orphan in world.orphans.items()
            if path not in elsewhere and world.files.get(path, MISSING).kind != "missing"
        }
        self._indexes: dict[str, LockedIndex] = dict(lock.indexes)
        self._clock = clock
        self._changed = False
        self._written: bytes | None = None
        self._due = -math.inf

    def asks(self, name: str, asking: Asking) -> None:
        """An asset asks for a re-roll; to be called before anything is sent (rule 5). Raises StateError."""
        if asking.reroll:
            self._state.wishes.ask_take(asking.base_key, asking.reroll, self._name, name)

    def places(self, plan: AssetPlan) -> None:
        """An asset is about to have pictures ordered. Raises StateError."""
        for order in plan.orders:
            self._state.journal.place(order.asking.key, self._name, plan.recipe.name)

    def fetched(self, plan: AssetPlan, source: str, picture: Digest) -> None:
        """A picture from the web was fetched for an asset; to be called before anything is ordered with it."""
        self._state.fetched.remember(self._name, plan.moved_from or plan.recipe.name, source, picture)

    def needs_nothing(self, plan: AssetPlan) -> None:
        """An asset turned out to be up to date with what was fetched for it."""
        if any(shown.from_web for shown in plan.shown):
            self._state.fetched.settle(self._name, plan.recipe.name)

    def put(self, plan: AssetPlan, entry: Entry) -> None:
        """An asset is done: remember its entry, what it no longer makes, and the picture that it had before."""
        name = str(plan.recipe.name)
        if plan.previous is not None:
            self._keep_in_mind(plan.previous, entry, plan.recipe.drawing)
        if plan.previous is not None and plan.previous.published and plan.previous.outputs != entry.outputs:
            own = is_published(plan.recipe, plan.previous)
            self._state.entries.remember_replaced(self._name, name, plan.previous, own=own)
        self._hold(name, entry)
        for settled in filter(None, (name, plan.moved_from)):
            self._state.fetched.settle(self._name, settled)
        if plan.moved_from:
            self._forget(plan.moved_from)
            self._state.entries.rename_replaced(self._name, plan.moved_from, name)
            self._state.wishes.rename(self._name, plan.moved_from, name)
            self._state.journal.rename_placed(self._name, plan.moved_from, name)
        self._settle_takes(plan)
        self._state.journal.forget_placed(self._name, name)
        if plan.previous is not None:
            self._remember_pick(name, plan.previous)
            self._leave(name, plan.previous, entry)
        self._change()

    def put_aside(self, plan: AssetPlan) -> None:
        """A person decided what an asset's picture is: what it asked for before is not waited for any more."""
        self._state.wishes.settle_takes(self._name, plan.moved_from or plan.recipe.name)

    def amend(self, name: str, entry: Entry) -> None:
        """What was decided about an asset, or where it was published, is another; its picture and outputs stay."""
        self._hold(name, entry)
        self._change()

    @property
    def entries(self) -> Mapping[str, Entry]:
        """What holds for each asset by now."""
        return self._entries

    def indexed(self, path: OutputPath, index: LockedIndex) -> None:
        """An index file stands as it is to be."""
        self._indexes[path] = index
        self._orphans.pop(path, None)
        self._change()

    def leave_indexes(self, paths: Iterable[OutputPath]) -> None:
        """The manifest asks for these index files no more: they become orphans."""
        for path in paths:
            left = self._indexes.pop(path)
            if self._world.files.get(path, MISSING).kind == "file" and path not in self._elsewhere:
                self._orphans[path] = Orphan(sha256=left.sha256, asset=INDEX)
            self._change()

    def catch_up(self) -> None:
        """What an earlier run finished and could not write into the lock is written with the rest."""
        for name in self._world.unrecorded:
            self._hold(name, self._world.entries[name])
            self._changed = True

    def replaces(self, name: str, entry: Entry) -> None:
        """What an entry has published is about to give way to other files. Raises StateError."""
        if entry.published:
            self._state.entries.remember_replaced(self._name, name, entry, own=False)

    def _hold(self, name: str, entry: Entry) -> None:
        before = self._on_file.assets.get(name)
        self._state.entries.remember(self._name, name, entry, entry_digest(before) if before else None)
        self._assets[name] = self._entries[name] = entry
        for path in (*entry.outputs, *entry.published):
            self._orphans.pop(path, None)

    def _keep_in_mind(self, was: Entry, now: Entry | None, drawing: Drawing) -> None:
        """Returning to an earlier request brings its pictures back, also those that only the lock knew of. A task for
        one that still runs is paid for: that one's picture is the one to come back."""
        for number, entry in each(was):
            asking = asked(entry.request, drawing, number)
            gone = now is None or entry.master not in now.masters or (entry.upscale and entry.upscale != now.upscale)
            if gone and entry.master.provider != ADOPTED and asking.key not in self._world.open:
                self._state.results.record(asking.key, stored(entry.master))
                self._state.wishes.record_take(asking.base_key, asking.reroll)
                for key, larger in known_larger(entry).items():
                    self._state.results.record(key, larger)
        cutouts, orders = (known_from(now), known_order(now)) if now else ({}, {})
        earlier = {key: cutout for key, cutout in known_from(was).items() if key not in cutouts}
        self._state.results.record_cutouts(earlier)
        for key, ordered in known_order(was).items():
            if key not in orders and key not in self._world.open:
                self._state.results.record(key, ordered)

    def _settle_takes(self, plan: AssetPlan) -> None:
        """Only what was made or fetched for the asset just now: a re-roll of another variant is still waited for, and
        so is one of a picture that was only kept."""
        for asking in filter(None, map(asking_of, plan.masters.values())):
            self._state.wishes.settle_take(asking.base_key, self._name, plan.recipe.name)

    def _remember_pick(self, name: str, was: Entry) -> None:
        """Returning to an earlier request returns to the variant that was picked of it."""
        if len(was.masters) > 1:
            picked = was.masters[was.picked - 1].sha256
            self._state.wishes.remember_pick(self._name, name, locked_base_key(was.request), picked)

    def remove(self, removed: Removed) -> None:
        """An asset is gone from the manifest: its files become orphans."""
        was = self._world.entries[removed.name]
        self._keep_in_mind(was, None, NOTHING_DRAWN)
        self._remember_pick(removed.name, was)
        self._leave(removed.name, was, None)
        self._forget(removed.name)
        self._change()

    def drop_orphans(self, paths: Iterable[OutputPath]) -> None:
        """These files are gone, and nobody needs to remember them."""
        for path in paths:
            self._orphans.pop(path, None)
            self._state.outputs.forget(path)
        self._change()

    def drop_published(self, paths: Set[str]) -> None:
        """These published files are gone: neither an entry nor an orphan tells of them any more."""
        for name, entry in list(self._entries.items()):
            left = {path: digest for path, digest in entry.published.items() if path not in paths}
            if left != entry.published:
                self._hold(name, entry.model_copy(update={"published": left}))
        self.drop_orphans(OutputPath(path) for path in paths if path in self._orphans)
        for path in paths:
            self._state.outputs.forget(OutputPath(path))

    def _forget(self, name: str) -> None:
        self._state.entries.forget(self._name, name)
        self._assets.pop(name, None)
        self._entries.pop(name, None)

    def _leave(self, asset: str, was: Entry, now: Entry | None) -> None:
        """What an asset no longer makes is an orphan, and what a person made of it is kept in mind."""
        outputs = now.outputs if now else {}
        paths = [OutputPath(path) for path in was.outputs if path not in outputs]
        orphans = left_behind(asset, was, paths, self._world, self._elsewhere)
        if now is None:
            orphans |= left_published(asset, was, self._world, self._elsewhere)
        self._orphans |= {str(path): orphan for path, orphan in orphans.items()}
        self._state.outputs.left_behind(orphans)
        self._state.outputs.remember_adopted(
            {
                (OutputPath(path), export_key(was.source_of(output.export), output.export)): output
                for path, output in was.outputs.items()
                if output.adopted and outputs.get(path) != output
            }
        )

    def _change(self) -> None:
        """The lock follows soon. One that cannot be written is told at the end: until then the state has it all."""
        self._changed = True
        if self._clock.time() >= self._due:
            with suppress(LockError, WriteError):
                self.flush()

    def flush(self) -> None:
        """Write the lock now if it changed. One that changed on disk meanwhile is merged by entry (rule 12).

        Raises LockError, WriteError or StateError.
        """
        if not self._changed:
            return
        began = self._clock.time()
        try:
            self._write()
        finally:
            ended = self._clock.time()
            self._due = ended + max(INTERVAL, REST * (ended - began))
        self._changed = False

    def _write(self) -> None:
        ours = Lock(assets=self._assets, orphans=self._orphans, indexes=self._indexes)
        lock = merged(self._on_file, ours, self._theirs())
        data = lock_bytes(lock)
        if not self._path.exists() or self._path.read_bytes() != data:
            atomic.write_bytes(self._path, data)
        news = self._state.entries.unflushed(self._name) & lock.assets.keys()
        self._state.entries.flushed(self._name, {name: entry_digest(lock.assets[name]) for name in news})
        self._on_file, self._written = lock, data
        self._assets, self._orphans, self._indexes = dict(lock.assets), dict(lock.orphans), dict(lock.indexes)

    def _theirs(self) -> Lock:
        """What the file holds now. Reading it anew is only worth it where somebody else wrote to it."""
        with suppress(OSError):
            if self._written is not None and self._path.read_bytes() == self._written:
                return self._on_file
        theirs = read_lock(self._path)
        return theirs if theirs != Lock() else self._on_file  # it disappeared: nobody wrote anything else
