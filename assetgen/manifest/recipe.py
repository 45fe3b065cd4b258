"""One asset with everything resolved: defaults in, templates rendered, paths made safe.

What `resolve` hands on and every later room reads. Frozen data; knows no YAML, no pydantic and no provider.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Literal, NewType, TypeAlias

from assetgen.catalog.presets.model import Container, PresetFile
from assetgen.digest import Json, digest_of
from assetgen.errors import Place, Problem

AssetName = NewType("AssetName", str)
OutputPath = NewType("OutputPath", str)
"""Relative to the project root, with forward slashes."""


@dataclass(frozen=True, slots=True)
class AssetId:
    """An asset of one run: its manifest as shown to people, and its name."""

    manifest: str
    name: AssetName

    def __str__(self) -> str:
        return self.name


Format: TypeAlias = Literal["png", "webp", "avif", "jpg"]
ClipFormat: TypeAlias = Literal["mp4", "webm", "gif", "webp"]
VIDEO_FORMATS = ("mp4", "webm")
"""What a video may come as."""

Kind: TypeAlias = Literal["image", "video"]
Fit: TypeAlias = Literal["cover", "contain", "inside"]


@dataclass(frozen=True, slots=True)
class PixelSize:
    """Width and height in whole pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    def times(self, factor: float) -> PixelSize:
        """So many times as wide and high, in whole pixels."""
        return PixelSize(round(self.width * factor), round(self.height * factor))


Gutter: TypeAlias = int | Literal["auto"]
"""What lies between the cells of a grid: pixels of the picture that is cut, or what is found there."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One picture as `rows` x `columns` equal cells, named row by row. `gutter` is None where nobody wrote it."""

    rows: int
    columns: int
    cells: tuple[str, ...]
    gutter: Gutter | None = None

    def __str__(self) -> str:
        return f"{self.rows} x {self.columns} ({', '.join(self.cells)}){_gutter(self.gutter)}"


@dataclass(frozen=True, slots=True)
class Cell:
    """The part of a picture that one cell of a grid is; `row` and `column` are counted from 1."""

    row: int
    column: int
    rows: int
    columns: int
    gutter: Gutter | None = None

    def __str__(self) -> str:
        place = f"row {self.row}, column {self.column} of {self.rows} x {self.columns}"
        return place + _gutter(self.gutter)


def _gutter(gutter: Gutter | None) -> str:
    return "" if gutter is None else f", gutter {gutter}"


@dataclass(frozen=True, slots=True)
class Export:
    """How one output is made from its master, as written: None where the manifest says nothing, so that a new
    built-in default makes no output stale (rule 2).

    `width` alone scales the whole picture to that width; both make a box that `fit` fills; neither keeps the
    master's size. `background` is `#RRGGBB`. With a `cell`, the picture is that part of the master. An `original` shows
    the master also where that has a cutout.
    """

    format: Format
    width: int | None = None
    height: int | None = None
    fit: Fit | None = None
    background: str | None = None
    upscale: bool = False
    quality: int | Literal["lossless"] | None = None
    provenance: bool = True
    max_bytes: int | None = None
    cell: Cell | None = None
    original: bool | None = None


@dataclass(frozen=True, slots=True)
class Borrowed:
    """The picture of another asset that a file shows as that one's own files do: without its background, where that is
    removed. Of a sheet it is the `cell` that is called `part`; `place` is where it is named."""

    name: AssetName
    place: Place = field(compare=False)
    cell: Cell | None = None
    part: str = ""

    def __str__(self) -> str:
        return f"{self.name}/{self.part}" if self.part else self.name


@dataclass(frozen=True, slots=True)
class PresetExport:
    """How one picture of a preset is made, of the asset's own picture or of a `borrowed` one. Of `settings` count
    `upscale`, `quality`, `provenance` and `max_bytes`.

    `background` (colours as `#RRGGBB`, those of a gradient with commas between) and `inset` are set where somebody
    wrote them and this picture looks different for it: other pictures of the preset stand when they change, and all of
    them when a built-in table does (rule 2).
    """

    preset: str
    picture: PresetFile | Container
    settings: Export
    background: str | None = None
    inset: float | None = None
    borrowed: Borrowed | None = None

    @property
    def format(self) -> str:
        return self.picture.format if isinstance(self.picture, PresetFile) else self.picture.kind


@dataclass(frozen=True, slots=True)
class TextExport:
    """A text file that stands beside the pictures of a preset. Its bytes are known before any picture is."""

    preset: str
    text: str
    format: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ClipExport:
    """How one moving output is made from a video; without a size and in its own format it is the video as received. Of
    `settings` count the size with `fit`, `background` and `upscale`, and the `quality` of WebP."""

    format: ClipFormat
    settings: Export


PictureExport: TypeAlias = Export | PresetExport
AnyExport: TypeAlias = PictureExport | TextExport | ClipExport
"""What an `Export` makes of a video is a still of it."""


@dataclass(frozen=True, slots=True)
class Cutout:
    """How the background is removed, as written: `remover` is None where nobody chose one, so that a new built-in
    default cuts nothing out anew. With `crop`, what is left is trimmed, with `padding` around it: a share of its longer
    edge. `holes` asks for enclosed spots of the background's colour, too."""

    remover: str | None = None
    crop: bool = False
    padding: float = 0.0
    holes: bool = False


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One file to be written. `label` is the size as the user wrote it (`@3x`, `640`, empty for the master's size), for
    a preset's file the preset and the path that it gives to it; `published` are the places that `publish` copies it to;
    `cell` names the cell of a grid that it shows."""

    path: OutputPath
    label: str
    export: AnyExport
    published: tuple[OutputPath, ...] = ()
    cell: str | None = None

    @property
    def original(self) -> bool:
        """Whether it shows the master also where that has a cutout."""
        return isinstance(self.export, Export) and self.export.original is True

    @property
    def borrowed(self) -> Borrowed | None:
        """The picture that it is made from, where that is another asset's."""
        return self.export.borrowed if isinstance(self.export, PresetExport) else None


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a draft shows besides the request itself; part of the key of drafts only (rule 1). It is drawn `enlarged`
    so many times where the real picture will be. `ground` is what a subject is drawn on that is to be cut out, in hex;
    None for white."""

    name: str
    colors: Mapping[str, str]
    remove_bg: bool
    grid: Grid | None = None
    enlarged: float = 1
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that a request shows, as the manifest names it: an asset of the same manifest, a file of the project
    (as an `OutputPath`), or a URL. `label` is what the user calls it, empty where nothing is written; `place` is where
    it is written. Of a sheet it may be the `cell` that is called `part`, and of an asset its `cutout`, as that one's
    `removeBg` wants it. A video `begins` with it, or it is one of those that the model looks at."""

    kind: Literal["asset", "file", "url"]
    name: str
    label: str = ""
    place: Place | None = field(default=None, compare=False)
    cell: Cell | None = None
    part: str = ""
    begins: bool = False
    cutout: Cutout | None = None

    def __str__(self) -> str:
        whole = f"asset:{self.name}" if self.kind == "asset" else self.name
        whole = f"{whole}#cutout" if self.cutout else whole
        return f"{whole}/{self.part}" if self.part else whole

    @property
    def source(self) -> str:
        """What locks call it: they hold no URLs."""
        return f"url:{digest_of(self.name.encode())}" if self.kind == "url" else str(self)


@dataclass(frozen=True, slots=True)
class Upscale:
    """A paid step that makes the picture larger before anything else is made from it: the model, how many times as
    wide and high the result is expected to be, and what the model is asked for on the wire."""

    model: str
    factor: float
    input: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What a provider is asked for, less what is decided at planning: the provider and the re-roll count.

    `prompt` is the rendered text with its exclusions, trimmed, as it is sent. `parameters` are the manifest-level
    parameters that apply to the model, under their manifest names. `defaulted` names those among `parameters` (and
    `model`) that nobody wrote: a changed built-in default makes nothing stale. `left_out` holds written `defaults`
    that do not apply to the model, so that a changed model table makes nothing stale either (rule 2). `references` are
    the pictures that the model is shown, in order; `kind` is what is to come.
    """

    model: str
    prompt: str
    parameters: Mapping[str, Json]
    input: Mapping[str, Json] = field(default_factory=dict)
    take: int = 0
    defaulted: frozenset[str] = frozenset()
    left_out: Mapping[str, Json] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    kind: Kind = "image"


@dataclass(frozen=True, slots=True)
class Recipe:
    """One asset, ready to be planned. `provider` is the one that the manifest names, if any; `expected` is the size
    that the model is known to return, None when unknown; `member_of` the asset whose matrix this one is of. The picture
    has the `shape` of this one, where it follows another. `pick` is the variant that the manifest picks, if it does."""

    name: AssetName
    place: Place
    request: Request
    drawing: Drawing
    outputs: tuple[OutputSpec, ...]
    provider: str | None = None
    expected: PixelSize | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    frozen: bool = False
    moved_from: AssetName | None = None
    upscale: Upscale | None = None
    cutout: Cutout | None = None
    member_of: AssetName | None = None
    shape: PixelSize | None = None
    variants: int = 1
    pick: int | None = None

    @property
    def lenders(self) -> tuple[AssetName, ...]:
        """The assets whose pictures its files show, each once."""
        return tuple(dict.fromkeys(spec.borrowed.name for spec in self.outputs if spec.borrowed))

    def answers_to(self, pattern: str) -> bool:
        """Whether a glob of the command line means this asset; the name of a matrix means all its members."""
        return any(fnmatchcase(name, pattern) for name in (self.name, self.member_of) if name is not None)


@dataclass(frozen=True, slots=True)
class Tuning:
    """How patiently and how fast a provider is used. Seconds, except `rate_limit` (submissions per `rate_period`)
    and `concurrency` (tasks alive at once). From `providers:` of the manifest; never part of a key."""

    poll_initial: float = 3
    poll_factor: float = 1.2
    poll_max: float = 10
    image_timeout: float = 600
    video_timeout: float = 1200
    rate_limit: int = 20
    rate_period: float = 10
    concurrency: int = 100

    def patience(self, kind: Kind) -> float:
        """Seconds after which a task is no longer waited for; it lives on."""
        return self.video_timeout if kind == "video" else self.image_timeout


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A typed index file, and where the manifest names it."""

    path: OutputPath
    place: Place


@dataclass(frozen=True, slots=True)
class LoadedManifest:
    """One manifest, resolved. `shown` is how messages and reports name it; `sources` are the files that it
    was made of, and those that would have been, had they stood there; `budget_place` is where the budget is
    written; `warnings` stop nothing; `service_usd` is what one call of the background removal service costs, in US
    dollars; `indexes` are the files that `emit` asks for."""

    path: Path
    shown: str
    root: Path
    lock_path: Path
    output: OutputPath
    publish: tuple[OutputPath, ...]
    budget: Decimal | None
    tuning: Mapping[str, Tuning]
    recipes: tuple[Recipe, ...]
    sources: tuple[Path, ...]
    budget_place: Place | None = None
    warnings: tuple[Problem, ...] = ()
    service_usd: Decimal = Decimal(0)
    indexes: tuple[IndexFile, ...] = ()

    @property
    def lock_name(self) -> str:
        """How the state database names the lock: its path relative to the project root."""
        return _from(self.root, self.lock_path)


@lru_cache(maxsize=64)
def _from(root: Path, path: Path) -> str:
    """Asked for with every asset."""
    return Path(os.path.relpath(path, root)).as_posix()
