"""The pictures that an asset's model is shown: files of the project, other assets, addresses on the web.

Looks at files only to see that they can be shown, and follows symbolic links only to see that they stay inside.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from assetgen.catalog.models import Model, introduction
from assetgen.errors import PictureError, Place
from assetgen.manifest.asset_model import Reference as Written
from assetgen.manifest.cascade import Settled
from assetgen.manifest.complaints import subject
from assetgen.manifest.cutout import cutout_of
from assetgen.manifest.document import KeyPath
from assetgen.manifest.grid import named_cells
from assetgen.manifest.naming import fold
from assetgen.manifest.paths import UnsafePathError, safe_path
from assetgen.manifest.recipe import Grid, Recipe, Reference
from assetgen.manifest.setting import Setting
from assetgen.manifest.suggest import closest, did_you_mean

_MOST = 8
"""Of one asset."""

_LONGEST_LABEL = 100
_LONGEST_URL = 2_000
_FORMS = "write a path, a URL, `asset:NAME`, or a mapping with one of `path`, `url` and `asset`"


def references_of(settled: Settled, model: Model | None, setting: Setting) -> tuple[Reference, ...]:
    """Those that can be shown, in order; what is wrong with the others is complained of."""
    written = settled.asset.references or []
    if not written or not _applies(settled, model, setting):
        return ()
    found = (_Reading(settled, setting, "references", at).reference(entry) for at, entry in enumerate(written))
    return tuple(reference for reference in found if reference is not None)


def source_of(settled: Settled, model: Model | None, setting: Setting) -> tuple[Reference, ...]:
    """The still that a video begins with, if it is given one and the model takes it."""
    written = settled.asset.source
    if written is None or model is None or settled.asset.type != "video":
        return ()
    if model.first_frame is None:
        if settled.is_own("source"):
            message = f"{subject(settled.path('source'))} does not apply to the model `{model.id}`"
            hint = "delete the line" if model.listed else "write it in `input`, as the model wants it"
            setting.complain("not-applicable", message, settled.place("source"), hint)
        return ()
    found = _Reading(settled, setting, "source").reference(written)
    return (replace(found, begins=True),) if found else ()


def names_of(references: Sequence[Reference], settled: Settled) -> list[dict[str, str]]:
    """What templates see of them: `{{ references[0].label }}`. Where some are in error, there is still one for each
    that is written."""
    shown = [{"label": reference.label or _called(reference)} for reference in references if not reference.begins]
    written = _MOST if "references" in settled.broken else len(settled.asset.references or ())
    in_error = written > len(shown) and ("references" in settled.broken or settled.is_own("references"))
    return [{"label": "it"}] * written if in_error else shown


def longest_introduction(references: Sequence[Reference], model: Model) -> int:
    """Characters that go before the prompt."""
    numbered = model.pictures is not None and model.pictures.numbered
    labels = [reference.label for reference in references if not reference.begins]
    return len(introduction(labels)) if numbered else 0


def _called(reference: Reference) -> str:
    """What a picture is called that nobody gave a label."""
    if reference.kind == "asset":
        return reference.part or reference.name
    path = unquote(urlsplit(reference.name).path) if reference.kind == "url" else reference.name
    return PurePosixPath(path).stem


def _applies(settled: Settled, model: Model | None, setting: Setting) -> bool:
    if model is None or model.pictures is None:
        if model is not None and settled.is_own("references"):
            message = f"{subject(settled.path('references'))} does not apply to the model `{model.id}`"
            setting.complain("not-applicable", message, settled.place("references"), "delete the line")
        return model is None
    count, most = len(settled.asset.references or ()), model.pictures.most
    if count > most:
        message = f"{subject(settled.path('references'))} shows {count} pictures: the model `{model.id}` takes {most}"
        setting.complain("value", message, settled.place("references"), f"leave out {count - most} of them")
    return True


class _Reading:
    """One picture being read, from a field of the asset or an entry of it."""

    def __init__(self, settled: Settled, setting: Setting, field: str, *entry: int) -> None:
        self._settled = settled
        self._setting = setting
        self._field = field
        self._entry = entry

    def reference(self, entry: str | Written) -> Reference | None:
        if isinstance(entry, str):
            kind, name = _kind_and_name(entry)
            return self._named(kind, name, "")
        given = {kind: name for kind in ("asset", "path", "url") if (name := getattr(entry, kind)) is not None}
        if len(given) != 1:
            said = "names no picture" if not given else f"names several pictures: {', '.join(map(_quoted, given))}"
            self._complain("value", f"{subject(self._path())} {said}", hint=_FORMS)
            return None
        [(kind, name)] = given.items()
        label = (entry.label or "").strip()
        if not label.isprintable() or len(label) > _LONGEST_LABEL:
            message = f"{subject(self._path('label'))} must be one line of at most {_LONGEST_LABEL} characters"
            self._complain("value", message, "label")
        return self._named(kind, name.removeprefix("asset:") if kind == "asset" else name, label, kind)

    def _named(self, kind: str, name: str, label: str, *inner: str) -> Reference | None:
        match kind:
            case "asset":
                return self._asset(name, label, *inner)
            case "url":
                return self._url(name, label, *inner)
            case _:
                return self._file(name, label, *inner)

    # --- assets ------------------------------------------------------------------------------------------------------

    def _asset(self, text: str, label: str, *inner: str) -> Reference | None:
        address, mark, part = text.partition("#")
        name, _, cell = address.partition("/")
        known = self._setting.assets
        found = known.get(fold(name))
        if found is None:
            self._complain("unknown-asset", f"there is no asset `{name}` to show", *inner, hint=meant(name, known))
        elif found.asset.type == "video":
            self._complain("wrong-model", f"asset `{found.name}` is a video: it cannot be shown to a model", *inner)
        elif mark:
            return self._cutout(found, f"{mark}{part}", cell, label, *inner)
        elif cell:
            return self._cell(found, cell, label, *inner)
        else:
            return Reference("asset", found.name, label, place=self._place(*inner))
        return None

    def _cutout(self, shown: Settled, mark: str, cell: str, label: str, *inner: str) -> Reference | None:
        cutout = cutout_of(shown, self._setting)
        if mark != "#cutout":
            message, hint = f"`{mark}` of asset `{shown.name}` is nothing", "did you mean `#cutout`?"
        elif cell:
            message = f"a cell of `{shown.name}` cannot be shown cut out"
            hint = f"show the cell, `asset:{shown.name}/{cell}`, or the whole sheet, `asset:{shown.name}#cutout`"
        elif cutout is None:
            message, hint = (
                f"asset `{shown.name}` has no cutout to show",
                "write `removeBg: true` there, or show it whole",
            )
        else:
            return Reference("asset", shown.name, label, self._place(*inner), cutout=cutout)
        self._complain("unknown-asset", message, *inner, hint=hint)
        return None

    def _cell(self, sheet: Settled, name: str, label: str, *inner: str) -> Reference | None:
        grid = sheet.asset.grid
        if grid is None:
            message = f"asset `{sheet.name}` has no cells to show: it is no `grid`"
            self._complain("unknown-asset", message, *inner, hint=f"write `asset:{sheet.name}`")
            return None
        cells = named_cells(Grid(grid.rows, grid.columns, tuple(grid.cells), grid.gutter))
        found = next((known for known in cells if fold(known) == fold(name)), None)
        if found is None:
            message = f"asset `{sheet.name}` has no cell `{name}` to show"
            self._complain("unknown-asset", message, *inner, hint=did_you_mean(name, cells))
            return None
        return Reference("asset", sheet.name, label, self._place(*inner), cells[found], found)

    # --- addresses ---------------------------------------------------------------------------------------------------

    def _url(self, text: str, label: str, *inner: str) -> Reference | None:
        wrong, hint = _wrong_with(text)
        if wrong:
            self._complain("url", f"{subject(self._path(*inner))} {wrong}", *inner, hint=hint)
            return None
        return Reference("url", text, label, place=self._place(*inner))

    # --- files -------------------------------------------------------------------------------------------------------

    def _file(self, text: str, label: str, *inner: str) -> Reference | None:
        try:
            path = safe_path(text)
            self._setting.boundary.check(path)
        except UnsafePathError as error:
            leaves = "leaves" in error.message
            hint = "only files inside the project can be shown: copy the picture into it" if leaves else error.hint
            self._complain("path", f"{subject(self._path(*inner))}: {error.message}", *inner, hint=hint)
            return None
        return Reference("file", path, label, place=self._place(*inner)) if self._is_picture(path, *inner) else None

    def _is_picture(self, path: str, *inner: str) -> bool:
        file = self._setting.boundary.root / path
        try:
            if not file.is_file():
                there = os.path.lexists(file)
                what = "is not a file" if there else "does not exist"
                near = None if there else _asset_of_that_name(self._setting, path) or _nearby(self._setting, path)
                hint = near or "paths of references are relative to the project root"
                self._complain("missing-file", f"the reference `{path}` {what}", *inner, hint=hint)
                return False
            self._setting.look(file)
        except PictureError as error:
            words = error.message.replace(f"`{file.name}`", f"the reference `{path}`")
            self._complain("picture", words, *inner, hint=error.hint)
            return False
        except OSError as error:
            self._complain("missing-file", f"the reference `{path}` cannot be read: {error.strerror}", *inner)
            return False
        return True

    # --- places ------------------------------------------------------------------------------------------------------

    def _path(self, *inner: str) -> KeyPath:
        return self._settled.path(self._field, *self._entry, *inner)

    def _place(self, *inner: str) -> Place:
        return self._settled.place(self._field, *self._entry, *inner)

    def _complain(self, code: str, message: str, *inner: str, hint: str | None = None) -> None:
        self._setting.complain(code, message, self._place(*inner), hint)


def _wrong_with(url: str) -> tuple[str, str]:
    """What keeps an address from being fetched, and what to do; empty when nothing does. Secrets in it stay unsaid."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not url.isascii() or not url.isprintable() or re.search(r'[\s\\<>"]', url) or not host or port == 0:
        return "is no web address", "write it as https://host/path, with other characters as %XX"
    if parts.scheme not in ("http", "https"):
        return (
            f"begins with `{parts.scheme}:`, which is not fetched",
            "write an https address, or save the picture here",
        )
    if parts.username is not None:
        return "holds a user name or a password", "save the picture in the project instead: manifests are committed"
    if len(url) > _LONGEST_URL:
        return f"has more than {_LONGEST_URL} characters", "save the picture in the project instead"
    return "", ""


def meant(name: str, known: Mapping[str, Settled]) -> str | None:
    """A hint at the asset that somebody wanted to name."""
    members = [settled.name for settled in known.values() if settled.matrix and fold(settled.key) == fold(name)]
    if members:
        return f"it has a `matrix`: name one of its members, {', '.join(members)}"
    return did_you_mean(name, [settled.name for settled in known.values()])


def _kind_and_name(text: str) -> tuple[str, str]:
    if text.startswith("asset:"):
        return "asset", text.removeprefix("asset:")
    return ("url" if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) else "path"), text


def _quoted(name: str) -> str:
    return f"`{name}`"


def _asset_of_that_name(setting: Setting, path: str) -> str | None:
    found = setting.assets.get(fold(path.partition("#")[0].partition("/")[0]))
    return f"did you mean `asset:{path}`?" if found else None


def _nearby(setting: Setting, path: str) -> str | None:
    folder = (setting.boundary.root / path).parent
    names = sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []
    near = closest(PurePosixPath(path).name, names)
    return f"did you mean `{PurePosixPath(path).with_name(near).as_posix()}`?" if near else None


# --- outputs ---------------------------------------------------------------------------------------------------------


def check_outputs(recipes: Iterable[Recipe], setting: Setting) -> None:
    """Complains of files to be shown that an asset makes: they change with every encoder (rule 6)."""
    recipes = tuple(recipes)
    files = [(recipe, r) for recipe in recipes for r in recipe.request.references if r.kind == "file"]
    if not files:
        return
    identity = setting.boundary.identity
    outputs = ((path, recipe.name) for recipe in recipes for o in recipe.outputs for path in (o.path, *o.published))
    makers = {identity(path): name for path, name in outputs}
    for recipe, reference in files:
        maker = makers.get(identity(reference.name))
        if maker is not None:
            message = f"the reference `{reference.name}` of `{recipe.name}` is an output of asset `{maker}`"
            place = reference.place or recipe.place
            setting.complain("path", message, place, f"write `asset:{maker}`")


# --- circles ---------------------------------------------------------------------------------------------------------


def check_circles(shown: Iterable[tuple[str, Sequence[Reference]]], setting: Setting) -> None:
    """Complains of circles of assets that show one another, each where its last reference closes it."""
    graph = {name: {r.name: r for r in references if r.kind == "asset"} for name, references in shown}
    graph = {name: references for name, references in graph.items() if references}
    while graph and (circle := _circle(graph)):
        closing = graph[circle[-2]].pop(circle[-1])
        if len(circle) == 2:
            message = f"asset `{circle[0]}` shows itself"
            hint = "delete this reference; to vary its own picture, make a second asset that shows this one"
        else:
            message = f"assets show one another in a circle: {' -> '.join(circle)}"
            hint = "delete one of these references"
        setting.complain("cycle", message, closing.place or Place(setting.document.shown), hint)


def _circle(graph: Mapping[str, Mapping[str, Reference]]) -> list[str]:
    """The names along one circle, from an asset to itself; empty when there is none."""
    from graphlib import CycleError, TopologicalSorter  # start-up: most manifests never need it

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []
