"""What the tests of the state database put into it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from assetgen.digest import StepKey, digest_of
from assetgen.manifest.recipe import PixelSize
from assetgen.plan.world import StoredMaster

KEY = StepKey(digest_of(b"key"))
OTHER = StepKey(digest_of(b"other"))
USD = Decimal("0.09")
MASTER = StoredMaster(digest_of(b"m"), PixelSize(1024, 768), "png", "kie", "t1", USD, Decimal("0.0900000000001"))

JOURNAL = """
from decimal import Decimal
from pathlib import Path
from assetgen.digest import digest_of
from assetgen.manifest.recipe import PixelSize
from assetgen.plan.world import StoredMaster
from assetgen.store.state import State

key = digest_of(b"key")
state = State.open(Path(sys.argv[1]))
step("opened")
state.journal.intend(key, "kie", "{}", Decimal("0.09"))
step("intended")
state.journal.accepted(key, "t1")
step("accepted")
state.journal.finished(key, StoredMaster(digest_of(b"m"), PixelSize(1024, 768), "png", "kie", "t1"))
step("finished")
"""
"""A program for `Stepped`: a request from intent to result, on the database that is named to it."""


def bytes_of(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}
