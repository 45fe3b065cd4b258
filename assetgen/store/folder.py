"""Where the store lies: `.assetgen/` in the project root, and what marks it as ours and as disposable."""

from __future__ import annotations

from pathlib import Path

from assetgen import atomic
from assetgen.errors import StateError, WriteError

STORE = ".assetgen"

_MARKS = {
    ".gitignore": b"*\n",
    # The first line is fixed by the Cache Directory Tagging Specification, https://bford.info/cachedir/
    "CACHEDIR.TAG": b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# Made by assetgen. Pictures that were paid for lie here: keep it, or share it, rather than deleting it.\n",
}


def store_folder(root: Path) -> Path:
    """The store of a project; it need not exist."""
    return root / STORE


def state_path(root: Path) -> Path:
    """The state database of a project; it need not exist."""
    return store_folder(root) / "state.sqlite"


def open_store(root: Path) -> Path:
    """The store of a project, created if there is none yet. Raises StateError when it cannot be."""
    folder = store_folder(root)
    try:
        atomic.make_folder(folder)
        with atomic.translated(folder):
            unmarked = _MARKS.keys() - {path.name for path in folder.iterdir()}
        for name in unmarked:
            atomic.write_bytes(folder / name, _MARKS[name])
    except WriteError as error:
        raise StateError(f"the store cannot be used: {error.message}", hint=error.hint) from error
    return folder
