"""What each request, and each removal of a background, came to: the newest result by key. Knows no journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from assetgen.digest import StepKey
from assetgen.manifest.recipe import PixelSize
from assetgen.plan.world import StoredCutout, StoredMaster
from assetgen.store.session import Row, Session, usd_of, usd_text

PUT_RESULT = "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def result_row(key: StepKey, master: StoredMaster) -> Row:
    """What `PUT_RESULT` writes."""
    size = (master.size.width, master.size.height)
    prices = (usd_text(master.usd), usd_text(master.charged))
    return (key, master.sha256, *size, master.format, master.provider, master.task, *prices)


def put_cutouts(connection: sqlite3.Connection, cutouts: Mapping[StepKey, StoredCutout]) -> None:
    """Write cutouts down, inside a transaction."""
    rows = [(key, c.sha256, c.size.width, c.size.height, c.remover, c.version) for key, c in cutouts.items()]
    looks = [(cutout.sha256, cutout.pixels) for cutout in cutouts.values() if cutout.pixels]
    connection.executemany("INSERT OR REPLACE INTO cutouts VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.executemany("INSERT OR REPLACE INTO looks VALUES (?, ?)", looks)


class Results:
    """Finished masters and cutouts. That those of paid requests get in together with the end of their journal is up to
    `Journal`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, key: StepKey, master: StoredMaster) -> None:
        """The result of a request that has no journal here: free, or known from a lock."""
        self._session.write(PUT_RESULT, result_row(key, master))

    def learn(self, masters: Mapping[StepKey, StoredMaster], cutouts: Mapping[StepKey, StoredCutout]) -> None:
        """Results that only a lock knew of."""
        if masters or cutouts:
            with self._session.transaction() as connection:
                connection.executemany(PUT_RESULT, [result_row(key, master) for key, master in masters.items()])
                put_cutouts(connection, cutouts)

    def masters(self) -> dict[StepKey, StoredMaster]:
        """The newest result of each request."""
        sql = "SELECT key, sha256, width, height, format, provider, task, usd, charged FROM results"
        return {
            key: StoredMaster(sha256, PixelSize(width, height), form, provider, task, usd_of(usd), usd_of(charged))
            for key, sha256, width, height, form, provider, task, usd, charged in self._session.read(sql)
        }

    def record_cutouts(self, cutouts: Mapping[StepKey, StoredCutout]) -> None:
        """What removing backgrounds and trimming came to, where that has no journal."""
        if cutouts:
            with self._session.transaction() as connection:
                put_cutouts(connection, cutouts)

    def cutouts(self) -> dict[StepKey, StoredCutout]:
        """The newest result of each removal and trimming."""
        sql = "SELECT key, sha256, width, height, remover, version, pixels FROM cutouts LEFT JOIN looks USING (sha256)"
        return {
            key: StoredCutout(sha256, PixelSize(width, height), remover, version, pixels)
            for key, sha256, width, height, remover, version, pixels in self._session.read(sql)
        }
