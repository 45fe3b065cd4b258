"""What we put at each path, and which outputs of people gave way to it. Knows no file itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assetgen.digest import Digest, StepKey
from assetgen.lock.model import LockedOutput
from assetgen.manifest.recipe import OutputPath
from assetgen.plan.world import Owner, WrittenOutput
from assetgen.store.session import Session, undamaged

_SUPERSEDE = """INSERT OR IGNORE INTO superseded
                SELECT path, sha256 FROM outputs WHERE path = ? AND sha256 <> ?"""


class Outputs:
    """Output files, by path."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def writing(self, outputs: Mapping[OutputPath, WrittenOutput]) -> None:
        """These bytes are about to be put at these paths; to be called before the renames."""
        owned = [(path, output, output.owner) for path, output in outputs.items()]
        rows = [(path, o.sha256, o.export_key, by and by.lock, by and by.asset) for path, o, by in owned]
        if rows:
            with self._session.transaction() as connection:
                connection.executemany(_SUPERSEDE, [(path, output.sha256) for path, output in outputs.items()])
                connection.executemany("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?)", rows)

    def written(self) -> dict[OutputPath, WrittenOutput]:
        """What we last put, or were about to put, at each path."""
        rows = self._session.read("SELECT path, sha256, export_key, lock, name FROM outputs")
        return {path: WrittenOutput(sha256, key, _owner(lock, name)) for path, sha256, key, lock, name in rows}

    def earlier(self, standing: Mapping[OutputPath, Digest]) -> frozenset[OutputPath]:
        """Those of the paths at which bytes stand that we put there earlier, before the last ones."""
        sql = "SELECT 1 FROM superseded WHERE path = ? AND sha256 = ?"
        return frozenset(path for path, digest in standing.items() if self._session.read(sql, (path, digest)))

    def left_behind(self, paths: Iterable[OutputPath]) -> None:
        """The assets that these files were written for do not make them any more."""
        sql = "UPDATE outputs SET lock = NULL, name = NULL WHERE path = ?"
        self._session.write_many(sql, [(path,) for path in paths])

    def forget(self, path: OutputPath) -> None:
        """The file at a path is no longer ours."""
        self._session.write("DELETE FROM outputs WHERE path = ?", (path,))
        self._session.write("DELETE FROM superseded WHERE path = ?", (path,))

    def remember_adopted(self, outputs: Mapping[tuple[OutputPath, StepKey], LockedOutput]) -> None:
        """These outputs, which people put in place, give way to others: by path and key of their export."""
        rows = [(path, key, output.model_dump_json()) for (path, key), output in outputs.items()]
        self._session.write_many("INSERT OR REPLACE INTO adopted VALUES (?, ?, ?)", rows)

    def adopted(self) -> dict[tuple[OutputPath, StepKey], LockedOutput]:
        """The adopted outputs that gave way."""
        rows = self._session.read("SELECT path, export_key, output FROM adopted")
        with undamaged("adopted output"):
            return {(path, key): LockedOutput.model_validate_json(text) for path, key, text in rows}


def _owner(lock: str | None, name: str | None) -> Owner | None:
    return None if lock is None or name is None else Owner(lock, name)
