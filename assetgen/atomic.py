"""The only place that replaces or removes an output: write beside it, fsync, rename over it.

A crash at any moment leaves the old file or the new one, never a part of either, and at most a hidden temporary file
that `sweep` recognises. Knows nothing of what the bytes mean.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from assetgen.errors import WriteError

SUFFIX = ".assetgen-tmp"
_OURS = re.compile(r"\..*\.[0-9a-f]{16}" + re.escape(SUFFIX), re.DOTALL)
_NAME_BYTES = 200
"""How much of a file's name its temporary file repeats: with what is added it stays below the usual 255 bytes."""


def write_bytes(path: Path, data: bytes, *, root: Path | None = None) -> None:
    """Make `data` the whole content of `path`, durably. Folders are created as needed; an existing file keeps its mode.

    With `root`, a path that leaves it through a symlink is refused. Raises WriteError.
    """
    with staged(path, root=root) as temporary, temporary.open("xb") as file:
        file.write(data)


@contextlib.contextmanager
def staged(path: Path, *, root: Path | None = None) -> Iterator[Path]:
    """A name to write the new content of `path` under: put in place when the block ends, removed when it fails.

    Raises WriteError, also for an OSError from inside the block.
    """
    _refuse_outside(root, path)
    make_folder(path.parent)
    temporary = temporary_beside(path)
    try:
        with translated(path):
            yield temporary
        replace(temporary, path, root=root)
    finally:
        _discard(temporary)


def replace(temporary: Path, target: Path, *, root: Path | None = None) -> None:
    """Put a finished temporary file in the place of `target`: fsync it, rename it, fsync the folder.

    Both lie in one file system. The temporary file is gone afterwards, also when this raises WriteError.
    """
    replace_all({temporary: target}, root=root)


def replace_all(targets: Mapping[Path, Path], *, root: Path | None = None) -> None:
    """As `replace`, for several temporary files and the `targets` that they are for; each folder is fsynced once.

    What was put in place before a WriteError stays there.
    """
    try:
        for temporary, target in targets.items():
            _refuse_outside(root, target)
            make_folder(target.parent)
            with translated(target):
                _sync(temporary)
                _keep_mode(temporary, target)
                temporary.replace(target)
        for folder in dict.fromkeys(target.parent for target in targets.values()):
            with translated(folder):
                _sync_folder(folder)
    finally:
        for temporary in targets:
            _discard(temporary)


def remove(path: Path, *, root: Path) -> None:
    """Remove a file, durably; no matter if it is gone already. One that lies outside `root` is refused.

    Raises WriteError.
    """
    _refuse_outside(root, path)
    with translated(path):
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _sync_folder(path.parent)


def temporary_beside(path: Path) -> Path:
    """A fresh name for a temporary file in the folder of `path`: hidden, and known to `sweep` as ours."""
    stem = path.name.encode()[:_NAME_BYTES].decode(errors="ignore")
    return path.with_name(f".{stem}.{secrets.token_hex(8)}{SUFFIX}")


def sweep(folder: Path) -> tuple[Path, ...]:
    """Remove the temporary files that a crash left in `folder` (not below it); returns them.

    Only for whoever holds the project: a running build's files look the same. Raises WriteError.
    """
    if not folder.is_dir():
        return ()
    with translated(folder), os.scandir(folder) as entries:
        left = [
            Path(entry.path)
            for entry in entries
            if _OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
        ]
    for path in left:
        with translated(path):
            path.unlink(missing_ok=True)
    return tuple(left)


def check_writable(path: Path, *, root: Path) -> None:
    """Raise the WriteError that writing `path` would meet because of the folder that it is for. Creates nothing, and
    cannot know of a disk that is full."""
    _refuse_outside(root, path)
    folder = path.parent
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        raise explained(OSError(errno.ENOTDIR, ""), path)
    if not os.access(folder, os.W_OK | os.X_OK):
        read_only = hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY
        raise explained(OSError(errno.EROFS if read_only else errno.EACCES, ""), path)


def make_folder(folder: Path) -> None:
    """Create `folder` and what is missing above it, durably. Raises WriteError."""
    if os.path.isdir(folder):  # noqa: PTH112 - Path.is_dir raises where the name cannot be looked up
        return
    make_folder(folder.parent)
    with translated(folder):
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def inside(root: Path, path: Path) -> bool:
    """Whether writing `path` stays under `root`, with every symlink among its existing parents followed.

    The last name itself is not followed: renaming over a symlink replaces the link, not what it points to.
    """
    parent = Path(os.path.realpath(path.parent))  # unlike Path.resolve, does not raise for links in a circle
    return path.name not in {"", ".."} and parent.is_relative_to(os.path.realpath(root))


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn an OSError from inside the block into the WriteError that says what it means for `path`."""
    try:
        yield
    except OSError as error:
        raise explained(error, path) from error


def explained(error: OSError, path: Path) -> WriteError:
    """The WriteError for a failed write of `path`."""
    what, hint = _MEANINGS.get(error.errno or 0, (error.strerror or str(error), _AGAIN))
    return WriteError(f"cannot write {path}: {what}", hint=hint)


_AGAIN = "the same command goes on from here once that is solved"
_MEANINGS = {
    errno.ENOSPC: ("the disk is full", "free some space, then run the same command: it goes on from here"),
    errno.EDQUOT: ("your disk quota is used up", "free some space, then run the same command: it goes on from here"),
    errno.EFBIG: ("the file would be larger than the file system or a limit allows", "check `ulimit -f`"),
    errno.EROFS: ("the file system is read-only", "work in a writable copy, or mount it writable"),
    errno.EACCES: ("permission denied", "check the permissions of the file and of its folder"),
    errno.EPERM: ("the system does not permit it", "check the owner and the attributes of the file and its folder"),
    errno.EISDIR: ("a folder stands there", "move the folder away, or choose another file name"),
    errno.ENOTEMPTY: ("a folder stands there", "move the folder away, or choose another file name"),
    errno.ENOTDIR: ("one of its parent folders is a file", "move that file away, or choose another folder"),
    errno.EEXIST: ("a file stands where a folder is needed", "move that file away, or choose another folder"),
    errno.ENAMETOOLONG: ("the file name is too long", "shorten the asset's name or its `filename`"),
    errno.ELOOP: ("its symlinks run in a circle", "repair the symlinks in its path"),
    errno.EBUSY: ("the system is using it (a mount, perhaps)", "release it, then run the same command"),
    errno.EMFILE: ("too many files are open", "raise the limit (`ulimit -n`) or use fewer jobs (`-j`)"),
    errno.EIO: ("the disk reports an error", "check the disk before trusting it with more"),
}


def _refuse_outside(root: Path | None, path: Path) -> None:
    if root is not None and not inside(root, path):
        raise WriteError(
            f"cannot write {path}: it lies outside the project {root}",
            hint="a symlink in its path leads out of the project; replace the link with a folder",
        )


def _discard(temporary: Path) -> None:
    """Tidy up; a failure must not hide the one that led here, and `sweep` comes by later."""
    with contextlib.suppress(OSError):
        temporary.unlink()


def _keep_mode(temporary: Path, target: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        mode = target.lstat().st_mode
        if stat.S_ISREG(mode):
            temporary.chmod(mode & 0o777)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable, where folders can be opened and synced at all."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)
