"""File systems that refuse: read-only and full ones, for tests. Skips the test where the machine cannot set one up."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in or below `folder` can be changed. By permissions; for root, whom they do not stop, by a mount."""
    if os.geteuid() == 0:
        with _mounted("--bind", "-o", "ro", str(folder), str(folder)):
            yield
        return
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    modes = [(path, path.stat().st_mode) for path in folders]
    try:
        for path, mode in modes:
            path.chmod(mode & ~0o222)
        yield
    finally:
        for path, mode in modes:
            path.chmod(mode)


@contextlib.contextmanager
def full_disk(folder: Path, size: int) -> Iterator[None]:
    """`folder` becomes an empty disk of `size` bytes."""
    with _mounted("-t", "tmpfs", "-o", f"size={size}", "none", str(folder)):
        yield


@contextlib.contextmanager
def pinned(file: Path) -> Iterator[None]:
    """`file` can be written to, and neither removed nor renamed over."""
    with _mounted("--bind", str(file), str(file)):
        yield


@contextlib.contextmanager
def _mounted(*arguments: str) -> Iterator[None]:
    try:
        subprocess.run(["mount", *arguments], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this machine lets us mount nothing: {error}")
    try:
        yield
    finally:
        subprocess.run(["umount", arguments[-1]], check=True, capture_output=True)
