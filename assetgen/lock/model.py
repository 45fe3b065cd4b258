"""What a lock says of one asset, in records: what was asked for, the pictures that came, and the files made of them.

Knows no file and no other asset.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

from assetgen.digest import Digest


def _within_the_project(path: str) -> str:
    if "\0" in path or not {"", ".", ".."}.isdisjoint(path.split("/")):
        raise ValueError("must be a path inside the project")
    return path


Usd = Annotated[Decimal, PlainSerializer(float, return_type=float)]
Sha256 = Annotated[Digest, Field(pattern=r"^[0-9a-f]{64}$")]
LockedPath = Annotated[str, AfterValidator(_within_the_project)]
"""Relative to the project root, with forward slashes. Files are read and removed by it, so it must not lead outside."""


class LockModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


Gutter: TypeAlias = int | Literal["auto"]


class LockedGrid(LockModel):
    """The grid that the draft of a sheet shows."""

    rows: int
    columns: int
    cells: list[str]
    gutter: Gutter | None = None


class LockedDrawing(LockModel):
    """What a draft shows besides its request."""

    name: str
    colors: dict[str, str]
    remove_bg: bool
    grid: LockedGrid | None = None
    enlarged: float | None = None
    ground: str | None = None


class LockedCell(LockModel):
    """A part of the master: one cell of a grid, its `row` and `column` counted from 1."""

    row: int
    column: int
    rows: int
    columns: int
    gutter: Gutter | None = None


class LockedCutting(LockModel):
    """How a background was to be removed, as the manifest said it then."""

    remover: str | None = None
    crop: bool = False
    padding: float = 0.0
    holes: bool = False


class LockedReference(LockModel):
    """A picture that the model was shown, or that a video `begins` with: the digest of its bytes, what the manifest
    called it then, and the `cell` of it that was shown, where it is a sheet, or how its background was removed."""

    source: str
    sha256: Sha256
    label: str = ""
    cell: LockedCell | None = None
    begins: bool = False
    cutout: LockedCutting | None = None


class LockedRequest(LockModel):
    """The request in plain text, so that a change can be said field by field and reviewed in a pull request.

    `provider` is who made the master; `named_provider` is the one that the manifest named at that time, if any.
    `defaulted` and `left_out` are those of `manifest.recipe.Request`. `drawing` is present for drafts only.
    """

    provider: str
    named_provider: str | None = None
    model: str
    prompt: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    input: dict[str, Any] = Field(default_factory=dict)
    take: int = 0
    reroll: int = 0
    defaulted: list[str] = Field(default_factory=list)
    left_out: dict[str, Any] = Field(default_factory=dict)
    drawing: LockedDrawing | None = None
    references: list[LockedReference] = Field(default_factory=list)
    kind: Literal["image", "video"] = "image"


class LockedMaster(LockModel):
    """One picture. `task_id` is the service's own; `usd` the estimate, `charged` what the service took.

    `provider` is `adopted` for a picture that a person put in place. `reroll` is that of a variant after the first;
    the first one's is the request's.
    """

    sha256: Sha256
    width: int
    height: int
    format: str
    provider: str
    task_id: str | None = None
    usd: Usd | None = None
    charged: Usd | None = None
    reroll: int = 0


class LockedUpscale(LockModel):
    """The master made larger by a paid step: by which model, what that was asked for, and the picture that it made."""

    model: str
    input: dict[str, Any] = Field(default_factory=dict)
    sha256: Sha256
    width: int
    height: int
    format: str
    provider: str
    task_id: str | None = None
    usd: Usd | None = None
    charged: Usd | None = None


class LockedCutout(LockModel):
    """The picked picture without its background, and the settings that it was made with.

    `remover` made it, in its `version`; `named_remover` is the one that the manifest named, if any. `whole` is the
    cutout before it was trimmed. `remover` is `adopted` where a person took the picture as it was. `pixels` and
    `whole_pixels` are digests of what the two show, whatever their bytes: another machine may write other ones.
    `ordered` is what was ordered for it, as it came, and `asked` the request for that, where it says more than that the
    background is to go.
    """

    sha256: Sha256
    width: int
    height: int
    remover: str
    version: str = ""
    named_remover: str | None = None
    crop: bool = False
    padding: float = 0.0
    holes: bool = False
    whole: Sha256 | None = None
    pixels: Sha256 | None = None
    whole_pixels: Sha256 | None = None
    ordered: LockedMaster | None = None
    asked: LockedRequest | None = None


class LockedExport(LockModel):
    """Export settings as written; a field that nobody wrote is absent.

    A file of a `preset` has the pixels that the preset says; `look` tells it from others of that size. `text` is the
    SHA-256 of what a text file is to hold. What is `moving` is made from a video as a video; else it is a still of it.
    `borrowed` is the picture of another asset that the file shows, or a `cell` of it.
    """

    format: str
    width: int | None = None
    height: int | None = None
    fit: str | None = None
    background: str | None = None
    upscale: bool = False
    quality: int | Literal["lossless"] | None = None
    provenance: bool = True
    max_bytes: int | None = None
    cell: LockedCell | None = None
    preset: str | None = None
    look: str | None = None
    inset: float | None = None
    text: Sha256 | None = None
    moving: Literal[True] | None = None
    original: bool | None = None
    borrowed: Sha256 | None = None


class LockedOutput(LockModel):
    """One file as we left it; a text file has no pixels. `adopted` means that a person made these bytes and they were
    taken as correct. `color` and `thumbhash` are there for index files."""

    sha256: Sha256
    width: int = 0
    height: int = 0
    export: LockedExport
    encoder: str | None = None
    adopted: bool = False
    color: str | None = None
    thumbhash: str | None = None


Look: TypeAlias = dict[str, Any]
"""What is visible of how an output was made, by the names of its settings."""


def _plain() -> list[Look]:
    return [{}]


class LockedDecision(LockModel):
    """What a person decided about a picture: the one with this `master`, in the `looks` that its outputs had then. Of
    another picture it says nothing, so it stays in the entry as the last word on an earlier one; `request` is then what
    that one was asked for."""

    verdict: Literal["accepted", "rejected"]
    master: Sha256
    looks: list[Look] = Field(default_factory=_plain)
    note: str | None = None
    by: str | None = None
    request: LockedRequest | None = None
