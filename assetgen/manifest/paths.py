"""Where the project begins, and which paths a manifest may write to: never outside the project, on any system.

Looks at the file system only for the project's root and for symbolic links.
"""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path

from assetgen.manifest.naming import fold

_MARKERS = (".git", ".assetgen")
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10)))
)
"""Names that Windows keeps for devices, with any extension:
https://learn.microsoft.com/windows/win32/fileio/naming-a-file"""

_PLAIN = re.compile(r"[A-Za-z0-9_-]{5,100}\.[A-Za-z0-9]{1,9}")
"""What nearly every file is called: no device's name is that long, and nothing else can be wrong with it."""

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_OURS = frozenset(_MARKERS)
_LONGEST_PART = 255
"""Bytes of one part of a path, on the file systems in use."""


class UnsafePathError(ValueError):
    """A path that must not be written to: why, and what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def project_root(manifest: Path, cwd: Path) -> Path:
    """The folder that paths are relative to: the nearest one at or above the manifest with `.git` or `.assetgen`; else
    `cwd` when the manifest lies under it; else the manifest's folder. `manifest` may be relative to `cwd`."""
    folder = absolute(manifest, cwd).parent
    for candidate in (folder, *folder.parents):
        if any((candidate / marker).exists() for marker in _MARKERS):
            return candidate
    here = absolute(cwd, cwd)
    return here if folder.is_relative_to(here) else folder


def absolute(path: Path, cwd: Path) -> Path:
    """`path` from the root of the file system, without `.` and `..`; symbolic links stay."""
    return Path(os.path.normpath(cwd / path))


def shown_path(path: Path, cwd: Path) -> str:
    """How messages name a file: relative to `cwd` where it lies below, with forward slashes."""
    whole, here = absolute(path, cwd), absolute(cwd, cwd)
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else whole.as_posix()


def safe_path(text: str) -> str:
    """A relative path with forward slashes and nothing needless in it, `.` for the folder itself. Raises
    UnsafePathError for a path that leaves its folder or that some system cannot have."""
    if _PLAIN.fullmatch(text):
        return text
    if not text.isprintable():
        raise UnsafePathError(f"`{_printable(text)}` has a control character in it", "leave it out")
    if "\\" in text:
        raise UnsafePathError(f"`{text}` has a backslash", "separate folders with `/`")
    if text.startswith("/") or re.match(r"[A-Za-z]:(/|$)", text):
        raise UnsafePathError(f"`{text}` is absolute", "write it relative to the project root")
    if text.startswith("~"):
        raise UnsafePathError(
            f"`{text}` begins with `~`, which is not expanded", "write it relative to the project root"
        )
    for part in text.split("/"):
        _check_part(part, text)
    path = posixpath.normpath(text)
    if path == ".." or path.startswith("../"):
        raise UnsafePathError(f"`{text}` leaves the project", "nothing is written outside it: delete the `..`")
    return path


def relative_path(text: str) -> str:
    """The path of a file to read, as it is written relative to another. Raises UnsafePathError for one that means
    something else on another machine."""
    if not text.isprintable():
        raise UnsafePathError(f"`{_printable(text)}` has a control character in it", "leave it out")
    if "\\" in text:
        raise UnsafePathError(f"`{text}` has a backslash", "separate folders with `/`")
    if text.startswith(("/", "~")) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        raise UnsafePathError(f"`{text}` is no relative path", "write it relative to the file that it stands in")
    return text


def joined(folder: str, path: str) -> str:
    """`path` below `folder`, both safe paths."""
    return path if folder == "." else f"{folder}/{path}"


@dataclass(slots=True)
class Boundary:
    """Tells where folders of a project really lie once symbolic links are followed. Remembers what it looked up."""

    root: Path
    _real: dict[str, str] = field(default_factory=dict)

    def check(self, folder: str) -> None:
        """Raises UnsafePathError when the relative path `folder` leads out of the root."""
        root = self.real(".")
        if folder != "." and not f"{self.real(folder)}/".startswith(f"{root.rstrip('/')}/"):
            message = f"`{folder}` leaves the project through a symbolic link"
            raise UnsafePathError(message, "nothing is written outside the project root")

    def real(self, folder: str) -> str:
        """The absolute path of a relative one, links followed."""
        found = self._real.get(folder)
        if found is None:
            found = self._real[folder] = Path(os.path.realpath(self.root / folder)).as_posix()
        return found

    def identity(self, path: str) -> str:
        """Equal for two relative paths that are one file on one file system or another."""
        folder, name = posixpath.split(path)
        return fold(f"{self.real(folder or '.')}/{name}")


def _check_part(part: str, text: str) -> None:
    bad = _FORBIDDEN.search(part)
    if bad:
        raise UnsafePathError(f"`{text}` has `{bad[0]}` in it, which not every system allows", "leave it out")
    if part not in (".", "..") and part.endswith((".", " ")):
        raise UnsafePathError(f"`{text}` has a part that ends with a dot or a space", "Windows cannot have such names")
    if part.split(".")[0].strip().lower() in _RESERVED:
        raise UnsafePathError(f"`{part}` is a reserved name on Windows", "choose another name")
    if part.lower() in _OURS:
        raise UnsafePathError(f"`{text}` lies in `{part}`", "choose another folder")
    if len(part.encode()) > _LONGEST_PART:
        raise UnsafePathError(f"`{part[:40]}...` is longer than {_LONGEST_PART} bytes", "choose a shorter name")


def _printable(text: str) -> str:
    """`text` with what would not show written as `U+000A`."""
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in text)
