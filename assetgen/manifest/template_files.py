"""Files that templates include: in the folders that `templates` names and nowhere else, also not through a link.

Knows no Jinja. Remembers every file that was read or looked for, since a change of any of them can change a prompt.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assetgen.errors import Problem
from assetgen.manifest.extends import Layer, Layers
from assetgen.manifest.paths import UnsafePathError, absolute, relative_path, shown_path
from assetgen.manifest.suggest import did_you_mean
from assetgen.manifest.template import LONGEST_TEXT, TemplateError, TemplateFile

_LARGEST = 4 * LONGEST_TEXT
"""Bytes: UTF-8 has four for a character at most."""


class MissingTemplateError(TemplateError):
    """No folder has a file of that name."""


@dataclass(slots=True)
class TemplateFolders:
    """The folders that may be read, those first whose files win. Messages name files as seen from `cwd`; `looked_for`
    has every path that was tried, in order, and `texts` what was read."""

    folders: Sequence[Path] = ()
    cwd: Path = Path()
    looked_for: dict[Path, None] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def read(self, name: str) -> TemplateFile:
        """The file called `name`, a path below a folder. Raises TemplateError when there is none, and for one that is
        no text or lies elsewhere."""
        for folder in self.folders:
            path = folder / _checked(name)
            self.looked_for[path] = None
            if os.path.lexists(path) and not path.is_dir():
                _check_inside(path, folder, name)
                self.texts.append(_text(path, name))
                return TemplateFile(shown_path(path, self.cwd), self.texts[-1])
        where = " or ".join(shown_path(folder, self.cwd) for folder in self.folders)
        raise MissingTemplateError(
            f"there is no file `{name}` in {where}", did_you_mean(name, self._names()), word=name
        )

    def _names(self) -> list[str]:
        files = (path.relative_to(folder) for folder in self.folders for path in folder.rglob("*") if path.is_file())
        return sorted({file.as_posix() for file in files})


def template_folders(layers: Layers, root: Path, cwd: Path, problems: list[Problem]) -> TemplateFolders:
    """The folders that the manifest and the files beneath it name, nearest first; what is none is complained of."""
    folders = [folder for layer in layers.files for folder in _folder_of(layer, root, problems)]
    return TemplateFolders(tuple(dict.fromkeys(folders)), cwd)


def _folder_of(layer: Layer, root: Path, problems: list[Problem]) -> Iterator[Path]:
    document = layer.document
    written = document.data.get("templates") if isinstance(document.data, dict) else None
    if not isinstance(written, str) or not written.strip():
        return
    try:
        folder = absolute(Path(relative_path(written)), layer.path.parent)
        _check_folder(folder, written, (root, layer.path.parent))
        yield folder
    except UnsafePathError as error:
        place = document.value_place(("templates",))
        problems.append(document.problem("path", f"`templates`: {error.message}", place, error.hint))


def _check_folder(folder: Path, written: str, allowed: Sequence[Path]) -> None:
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "does not exist"
        raise UnsafePathError(f"`{written}` {what}", "name a folder, relative to the file that this stands in")
    if not any(_lies_in(folder, place) for place in allowed):
        raise UnsafePathError(f"`{written}` lies outside the project", "move the folder into the project")


def _lies_in(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _checked(name: str) -> str:
    hint = "write it relative to the folder of templates"
    try:
        path = relative_path(name)
    except UnsafePathError as error:
        raise TemplateError(error.message, hint, word=name) from None
    if ".." in path.split("/"):
        raise TemplateError(f"`{name}` leaves the folder of templates", hint, word=name)
    return path


def _check_inside(path: Path, folder: Path, name: str) -> None:
    if not _lies_in(path, folder):
        message = f"`{name}` leaves the folder of templates through a symbolic link"
        raise TemplateError(message, "copy the file into the folder", word=name)


def _text(path: Path, name: str) -> str:
    """With plain line ends, and without the last one, which editors add."""
    try:
        data = _bytes(path, name)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise TemplateError(f"`{name}` cannot be read: {error.strerror}", word=name) from None
    except UnicodeDecodeError:
        raise TemplateError(f"`{name}` is not UTF-8", "save it as UTF-8", word=name) from None
    if len(text) > LONGEST_TEXT:
        raise _too_long(name)
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")


def _bytes(path: Path, name: str) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):
        raise TemplateError(f"`{name}` is not a regular file", word=name)
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise _too_long(name)
    return data


def _too_long(name: str) -> TemplateError:
    return TemplateError(f"`{name}` is longer than {LONGEST_TEXT:,} characters", word=name)
