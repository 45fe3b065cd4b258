"""Keeping the lock: what became of each asset goes to the state database at once and to the lockfile at most about once
a second, so that a crash loses nothing and the cost of writing stays linear."""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from assetgen import atomic
from assetgen.engine.clock import Clock
from assetgen.errors import LockError, WriteError
from assetgen.lock import Entry, Lock, Orphan, entry_digest, lock_bytes, merged, read_lock
from assetgen.manifest.recipe import OutputPath
from assetgen.plan.master import stored
from assetgen.plan.plan import AssetPlan, Removed
from assetgen.plan.request import ADOPTED, Asking, asked
from assetgen.plan.world import MISSING, World
from assetgen.store.state import State

INTERVAL = 1.0
"""Least seconds between two writes of one lockfile during a run."""

REST = 10
"""How many times as long as it took to write a lockfile the next write waits at least: each writes all of it, which
takes a second where there are many thousand assets."""


class LockRecord:
    """The lock of one manifest during a run.

    `name` is the lockfile's path relative to the project root; `made` are all paths that the manifest's assets make.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        lock: Lock,
        world: World,
        made: frozenset[OutputPath],
        state: State,
        clock: Clock,
    ) -> None:
        self._path = path
        self._name = name
        self._on_file = lock
        self._world = world
        self._made = made
        self._state = state
        self._assets = dict(lock.assets)
        self._orphans: dict[str, Orphan] = dict(world.orphans.items())
        self._clock = clock
        self._changed = False
        self._written: bytes | None = None
        self._due = -math.inf

    def asks(self, name: str, asking: Asking) -> None:
        """An asset asks for a re-roll; to be called before anything is sent (rule 5). Raises StateError."""
        if asking.reroll:
            self._state.ask_take(asking.base_key, asking.reroll, self._name, name)

    def put(self, plan: AssetPlan, entry: Entry) -> None:
        """An asset is done: remember its entry, what it no longer makes, and the picture that it had before."""
        name = str(plan.recipe.name)
        before = self._on_file.assets.get(name)
        if plan.previous is not None and plan.previous.master != entry.master:
            self._keep_in_mind(plan, plan.previous)
        self._state.remember_entry(self._name, name, entry, entry_digest(before) if before else None)
        for settled in filter(None, (name, plan.moved_from)):
            self._state.settle_takes(self._name, settled)
        self._assets[name] = entry
        if plan.moved_from:
            self._forget(plan.moved_from)
        self._leave(name, plan.previous, plan.dropped)
        for path in entry.outputs:
            self._orphans.pop(path, None)
        self._change()

    def _keep_in_mind(self, plan: AssetPlan, entry: Entry) -> None:
        """Returning to an earlier request brings its picture back, also one that only the lock knew of."""
        if entry.master.provider != ADOPTED:
            asking = asked(entry.request, plan.recipe.drawing)
            self._state.record_result(asking.key, stored(entry.master))
            self._state.record_take(asking.base_key, asking.reroll)

    def remove(self, removed: Removed) -> None:
        """An asset is gone from the manifest: its files become orphans."""
        self._leave(removed.name, self._world.entries.get(removed.name), removed.paths)
        self._forget(removed.name)
        self._change()

    def drop_orphans(self, paths: Iterable[OutputPath]) -> None:
        """These files are gone, and nobody needs to remember them."""
        for path in paths:
            self._orphans.pop(path, None)
            self._state.forget_output(path)
        self._change()

    def _forget(self, name: str) -> None:
        self._state.forget_entry(self._name, name)
        self._assets.pop(name, None)

    def _leave(self, asset: str, entry: Entry | None, paths: Iterable[OutputPath]) -> None:
        for path in paths:
            output = entry.outputs.get(path) if entry else None
            stands = self._world.files.get(path, MISSING).kind == "file"
            if output and stands and path not in self._made:
                self._orphans[path] = Orphan(sha256=output.sha256, asset=asset)

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
        lock = merged(self._on_file, Lock(assets=self._assets, orphans=self._orphans), self._theirs())
        data = lock_bytes(lock)
        if not self._path.exists() or self._path.read_bytes() != data:
            atomic.write_bytes(self._path, data)
        self._state.flushed(self._name, {name: entry_digest(entry) for name, entry in self._news(lock).items()})
        self._on_file, self._written = lock, data
        self._assets, self._orphans = dict(lock.assets), dict(lock.orphans)

    def _theirs(self) -> Lock:
        """What the file holds now. Reading it anew is only worth it where somebody else wrote to it."""
        with suppress(OSError):
            if self._written is not None and self._path.read_bytes() == self._written:
                return self._on_file
        theirs = read_lock(self._path)
        return theirs if theirs != Lock() else self._on_file  # it disappeared: nobody wrote anything else

    def _news(self, lock: Lock) -> dict[str, Entry]:
        """The entries that the state was not told of yet as being in the file."""
        told = self._on_file.assets if self._written is not None else {}
        return {name: entry for name, entry in lock.assets.items() if entry is not told.get(name)}
