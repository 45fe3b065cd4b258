"""One writer per project (rule 12): whoever writes lock, state or outputs holds `.assetgen/hold.lock` meanwhile.

An advisory lock of the operating system (`flock`): it is free again the moment its holder ends, however that ends. What
the file says, who holds it, is for people only. Knows nothing of what is written.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from assetgen.errors import StateError
from assetgen.store.folder import open_store, store_folder

POLL_SECONDS = 0.2

_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a project."""

    pid: int
    host: str
    command: str

    def __str__(self) -> str:
        return f"`assetgen {self.command}` (process {self.pid} on {self.host})"


class Hold:
    """A held project; given back by `release`, or at the end of a `with` block."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let the next one in. The file stays, empty: removing it would let two in at once."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, 0)
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def try_hold(root: Path, command: str) -> Hold | Holder | None:
    """Hold the project at `root`, or say who does; None when somebody does who has not said so yet.

    `command` is what the others are told. Creates the store. Raises StateError when there can be no lock at all.
    """
    path = open_store(root) / "hold.lock"
    descriptor = _locked(path)
    return _holder(path) if descriptor is None else _signed(descriptor, command)


def holder_of(root: Path) -> Holder | None:
    """Who holds the project just now; None when nobody does, or has not said so yet. Creates and changes nothing."""
    path = store_folder(root) / "hold.lock"
    found = _holder(path)
    return found if found and _is_locked(path) else None


async def hold_when_free(
    root: Path, command: str, on_wait: Callable[[str], None], sleep: Callable[[float], Awaitable[object]]
) -> Hold:
    """Hold the project at `root`, waiting in the event loop; `on_wait` is told once for each holder. One that has no
    name (any more, or yet) is only worth telling when there is nobody else to tell of.

    Raises StateError.
    """
    told: set[Holder | None] = set()
    while True:
        found = try_hold(root, command)
        if isinstance(found, Hold):
            return found
        if found not in told and (found or not told):
            told.add(found)
            on_wait(waiting_for(found))
        await sleep(POLL_SECONDS)


def waiting_for(holder: Holder | None) -> str:
    """What to tell people while they wait."""
    return f"waiting for {holder or 'another assetgen'}, which is working in this project"


def _locked(path: Path) -> int | None:
    """A descriptor that holds the file at `path`; None when another holds it."""
    try:
        import fcntl
    except ImportError:
        raise StateError(
            "this system has no file locks that assetgen can use", hint="run it on Linux or macOS, or in WSL"
        ) from None
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise _no_lock(path, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError as error:
        os.close(descriptor)
        raise _no_lock(path, error) from error
    return descriptor


def _is_locked(path: Path) -> bool:
    """Whether somebody holds the file at `path`. Opens it for reading only, and lets go at once."""
    import fcntl

    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _signed(descriptor: int, command: str) -> Hold:
    text = json.dumps(asdict(Holder(os.getpid(), os.uname().nodename, command)))
    with contextlib.suppress(OSError):  # a full disk, say: it is held all the same
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)
    return Hold(descriptor)


def _holder(path: Path) -> Holder | None:
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_LONGEST))
        return Holder(int(said["pid"]), str(said["host"]), str(said["command"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _no_lock(path: Path, error: OSError) -> StateError:
    return StateError(
        f"cannot lock {path}: {error.strerror or error}",
        hint="check the permissions of .assetgen/; some network file systems cannot lock files, so keep the project on "
        "another disk",
    )
