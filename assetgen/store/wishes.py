"""What people asked of assets and the lock does not say: re-rolls that are waited for, picks of requests it left."""

from __future__ import annotations

from assetgen.digest import Digest, StepKey
from assetgen.plan.world import Take
from assetgen.store.session import Session


class Wishes:
    """Re-rolls and picks. `lock` is everywhere the path of an asset's lock file, relative to the root."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record_take(self, base_key: StepKey, count: int) -> None:
        """There is a re-roll of this count. No effect unless it is the newest so far."""
        sql = """INSERT INTO takes VALUES (?, ?) ON CONFLICT (base_key)
                 DO UPDATE SET count = excluded.count WHERE excluded.count > count"""
        self._session.write(sql, (base_key, count))

    def ask_take(self, base_key: StepKey, count: int, lock: str, name: str) -> None:
        """An asset asks for a re-roll; to be called before it is sent."""
        self.record_take(base_key, count)
        self._session.write("INSERT OR REPLACE INTO askers VALUES (?, ?, ?, ?)", (base_key, lock, name, count))

    def settle_take(self, base_key: StepKey, lock: str, name: str) -> None:
        """The asset has the picture that it asked for, or another that it rather takes."""
        self._session.write("DELETE FROM askers WHERE base_key = ? AND lock = ? AND name = ?", (base_key, lock, name))

    def settle_takes(self, lock: str, name: str) -> None:
        """A person put aside all that the asset asked for."""
        self._session.write("DELETE FROM askers WHERE lock = ? AND name = ?", (lock, name))

    def takes(self, lock: str) -> dict[StepKey, Take]:
        """The newest re-roll of each request, by its key without re-rolls, with those of a lock's assets that wait."""
        waiting: dict[StepKey, dict[str, int]] = {}
        for key, name, count in self._session.read("SELECT base_key, name, count FROM askers WHERE lock = ?", (lock,)):
            waiting.setdefault(key, {})[name] = count
        return {key: Take(count, waiting.get(key, {})) for key, count in self._session.read("SELECT * FROM takes")}

    def remember_pick(self, lock: str, name: str, base_key: StepKey, picture: Digest) -> None:
        """Which variant of an asset is picked, for when it returns to this request. `base_key` is that of the
        first variant."""
        self._session.write("INSERT OR REPLACE INTO picks VALUES (?, ?, ?, ?)", (lock, name, base_key, picture))

    def picks(self, lock: str) -> dict[tuple[str, StepKey], Digest]:
        """What was picked for requests that assets of a lock have left, by asset and key without re-rolls."""
        rows = self._session.read("SELECT name, base_key, sha256 FROM picks WHERE lock = ?", (lock,))
        return {(name, key): sha256 for name, key, sha256 in rows}

    def rename(self, lock: str, was: str, name: str) -> None:
        """An asset has another name now: what it had picked and what it asks for come along."""
        self._session.write("UPDATE OR REPLACE picks SET name = ? WHERE lock = ? AND name = ?", (name, lock, was))
        self._session.write("UPDATE OR REPLACE askers SET name = ? WHERE lock = ? AND name = ?", (name, lock, was))
