"""The typed index files that a manifest asks for with `emit`: their places and languages. Knows no source text."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from assetgen.manifest.folders import folder_of
from assetgen.manifest.paths import UnsafePathError, safe_path
from assetgen.manifest.recipe import IndexFile, OutputPath
from assetgen.manifest.setting import Setting

LANGUAGES = (".json", ".ts", ".swift", ".dart", ".kt", ".py")
"""What the name of an index file may end with."""


def index_files(written: list[str], setting: Setting) -> Iterator[IndexFile]:
    """The files that can be written; what is wrong with the others is complained of."""
    for number, text in enumerate(written):
        place = setting.document.value_place(("emit", number))
        try:
            path = safe_path(text)
        except UnsafePathError as error:
            setting.complain("path", error.message, place, error.hint)
            continue
        if posixpath.splitext(path)[1] not in LANGUAGES:
            message = f"`{text}` has no ending that an index file can have"
            setting.complain("value", message, place, f"end it with one of {', '.join(LANGUAGES)}")
        elif folder_of(posixpath.dirname(path) or ".", place, setting) is not None:
            yield IndexFile(OutputPath(path), place)
