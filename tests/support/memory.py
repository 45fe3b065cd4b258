"""Where tests put their files: into memory, where the machine has a place for that. Knows no pytest.

A build is on the disk when it says so, and a test builds a dozen times: half of its time would be waiting for a disk
whose content nobody needs. Everything else about files is the same there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes that have to be free: ten times what a run of all tests needs at once."""


def keep_files_in_memory() -> None:
    """From now on temporary files, also those of child processes, are in memory if possible. Nothing changes where
    somebody chose a place with TMPDIR."""
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _has_room(folder: Path) -> bool:
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:  # a test runs what it wrote
        return False
    return shutil.disk_usage(folder).free >= ROOM
