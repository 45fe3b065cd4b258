"""Pictures that requests show: those fetched from the web for an asset, and ours that a service was handed."""

from __future__ import annotations

from collections.abc import Iterable

from assetgen.digest import Digest
from assetgen.store.session import Session


class Fetched:
    """Pictures from the web. `lock` is everywhere the path of an asset's lock file, relative to the root."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def remember(self, lock: str, name: str, source: str, picture: Digest) -> None:
        """A picture was fetched for an asset; to be called before anything is ordered with it. `source` is what locks
        call it."""
        self._session.write("INSERT OR REPLACE INTO fetched VALUES (?, ?, ?, ?)", (lock, name, source, picture))

    def settle(self, lock: str, name: str) -> None:
        """The asset's entry pins what was fetched for it."""
        self._session.write("DELETE FROM fetched WHERE lock = ? AND name = ?", (lock, name))

    def pictures(self, lock: str) -> dict[tuple[str, str], Digest]:
        """What was fetched for assets of a lock and is pinned by none of its entries yet, by asset and source."""
        rows = self._session.read("SELECT name, source, sha256 FROM fetched WHERE lock = ?", (lock,))
        return {(name, source): sha256 for name, source, sha256 in rows}


class Uploads:
    """Pictures of ours where a service can see them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def remember(self, shelf: str, picture: Digest, url: str, until: float) -> None:
        """A picture of ours can be seen by the service of `shelf` there, until a time in seconds since 1970."""
        self._session.write("INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?)", (shelf, picture, url, until))

    def link(self, shelf: str, picture: Digest, now: float) -> str | None:
        """Where the service of `shelf` can see a picture for some time from `now`; None when it is to be put there."""
        sql = "SELECT url FROM uploads WHERE shelf = ? AND sha256 = ? AND until > ?"
        return next((str(url) for (url,) in self._session.read(sql, (shelf, picture, now))), None)

    def forget(self, urls: Iterable[str]) -> None:
        """These links are of no use any more."""
        self._session.write_many("DELETE FROM uploads WHERE url = ?", [(url,) for url in urls])
