"""Where services see our pictures is remembered for as long as it is so."""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext
from pathlib import Path

from assetgen.store.state import State
from tests.store.samples import MASTER


def test_uploads_are_remembered_by_place_until_they_expire(path: Path) -> None:
    with State.open(path) as state:
        state.uploads.remember("https://a.example", MASTER.sha256, "https://a.example/1.png", 1_000.0)
    with State.open(path) as state:
        assert state.uploads.link("https://a.example", MASTER.sha256, 999.0) == "https://a.example/1.png"
        assert state.uploads.link("https://a.example", MASTER.sha256, 1_000.0) is None
        assert state.uploads.link("https://b.example", MASTER.sha256, 0.0) is None
        state.uploads.remember("https://a.example", MASTER.sha256, "https://a.example/2.png", 2_000.0)
        assert state.uploads.link("https://a.example", MASTER.sha256, 1_500.0) == "https://a.example/2.png"
        state.uploads.forget(["https://a.example/2.png"])
        assert state.uploads.link("https://a.example", MASTER.sha256, 0.0) is None


def test_a_database_from_before_there_were_uploads_is_completed(path: Path) -> None:
    State.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE uploads")
    connection.close()
    with State.open_for_reading(path) or nullcontext() as read:
        assert read
        assert read.uploads.link("https://a.example", MASTER.sha256, 0.0) is None
    with State.open(path) as state:
        state.uploads.remember("https://a.example", MASTER.sha256, "https://a.example/1.png", 1_000.0)
