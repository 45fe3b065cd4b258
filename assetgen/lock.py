"""The lockfile: what was built from what, committed beside the manifest. Its model, stable bytes, and merging.

Knows no other file than the lock. Timeless on purpose: equal state gives equal bytes.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails

from assetgen.digest import Digest, canonical_json, digest_of
from assetgen.errors import LockError, Place, Problem

LOCK_VERSION = 1


def _within_the_project(path: str) -> str:
    if "\0" in path or not {"", ".", ".."}.isdisjoint(path.split("/")):
        raise ValueError("must be a path inside the project")
    return path


Usd = Annotated[Decimal, PlainSerializer(float, return_type=float)]
Sha256 = Annotated[Digest, Field(pattern=r"^[0-9a-f]{64}$")]
LockedPath = Annotated[str, AfterValidator(_within_the_project)]
"""Relative to the project root, with forward slashes. Files are read and removed by it, so it must not lead outside."""


class LockModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
    cutout before it was trimmed. `remover` is `adopted` where a person took the picture as it was.
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


class LockedExport(LockModel):
    """Export settings as written; a field that nobody wrote is absent.

    A file of a `preset` has the pixels that the preset says; `look` tells it from others of that size. `text` is the
    SHA-256 of what a text file is to hold. What is `moving` is made from a video as a video; else it is a still of it.
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


class Entry(LockModel):
    """One asset. `masters` are its variants, in order; `upscale` is the one that the outputs show made larger, and
    `cutout` without its background. `outputs` maps project-relative paths to files, and `published` the paths that we
    copied outputs to, to the bytes that we put there.

    `pick` is the picked master, absent for the first; `exported` the one that the outputs still show, where another has
    been picked since.
    """

    request: LockedRequest
    masters: list[LockedMaster] = Field(min_length=1)
    upscale: LockedUpscale | None = None
    cutout: LockedCutout | None = None
    outputs: dict[LockedPath, LockedOutput]
    decision: LockedDecision | None = None
    published: dict[LockedPath, Sha256] = Field(default_factory=dict)
    pick: Sha256 | None = None
    exported: Sha256 | None = None

    @field_validator("pick", "exported")
    @classmethod
    def _one_of_them(cls, digest: Digest | None, info: ValidationInfo) -> Digest | None:
        masters: list[LockedMaster] | None = info.data.get("masters")  # absent where they are not valid themselves
        if digest is None or masters is None or any(master.sha256 == digest for master in masters):
            return digest
        raise ValueError("none of the masters has this digest")

    @property
    def master(self) -> LockedMaster:
        """The picture that the outputs show."""
        return self.masters[self._number(self.exported or self.pick) - 1]

    @property
    def picked(self) -> int:
        """The number of the picked variant, from 1."""
        return self._number(self.pick)

    @property
    def standing(self) -> int:
        """The number of the variant that the outputs show."""
        return self._number(self.exported or self.pick)

    def _number(self, digest: Digest | None) -> int:
        return 1 if digest is None else [master.sha256 for master in self.masters].index(digest) + 1

    def shows(self, number: int) -> bool:
        """Whether the outputs show the picture of that variant; another variant may have the very same one."""
        return number <= len(self.masters) and self.masters[number - 1].sha256 == self.master.sha256

    def variant(self, number: int) -> Entry | None:
        """The entry as it would be if that variant were its only picture; None when there is no such."""
        if number > len(self.masters):
            return None
        if len(self.masters) == 1:
            return self
        master = self.masters[number - 1]
        request = self.request if number == 1 else self.request.model_copy(update={"reroll": master.reroll})
        only = self.model_copy(update={"masters": [master], "request": request, "pick": None, "exported": None})
        return only if self.shows(number) else only.model_copy(update={"upscale": None, "cutout": None})

    @property
    def base(self) -> LockedMaster | LockedUpscale:
        """The picture that everything else is made from."""
        return self.upscale or self.master

    @property
    def pictures(self) -> Iterator[Digest]:
        """Every picture that outputs may be made from."""
        yield from (picture.sha256 for picture in (*self.masters, self.base))
        if self.cutout is not None:
            yield from filter(None, (self.cutout.sha256, self.cutout.whole))

    def source_of(self, export: LockedExport) -> Digest:
        """The picture that an output with these settings is made from: the cutout, if there is one."""
        return self.base.sha256 if self.cutout is None or export.original else self.cutout.sha256


def succeeding(
    previous: Entry | None,
    *,
    request: LockedRequest,
    masters: list[LockedMaster],
    upscale: LockedUpscale | None,
    cutout: LockedCutout | None,
    outputs: dict[str, LockedOutput],
    pick: Digest | None = None,
    exported: Digest | None = None,
) -> Entry:
    """The entry that takes the place of `previous`: what was decided and published before is not forgotten."""
    published = previous.published if previous else {}
    entry = Entry(
        request=request,
        masters=masters,
        upscale=upscale,
        cutout=cutout,
        outputs=outputs,
        published=published,
        pick=pick,
        exported=exported,
    )
    decision = _last_word(previous, entry.master.sha256) if previous else None
    return entry if decision is None else entry.model_copy(update={"decision": decision})


def _last_word(previous: Entry, master: Digest) -> LockedDecision | None:
    """The decision as the next entry has it: with the request of the picture that it is about, unless that is the
    entry's own."""
    decision = previous.decision
    if decision is None:
        return None
    if decision.master == master:
        return decision.model_copy(update={"request": None})
    left = decision.master == previous.master.sha256
    return decision.model_copy(update={"request": previous.request}) if left else decision


INDEX = "index file"
"""Stands for the asset of an orphan that was an index file; no asset can be called that."""


class Orphan(LockModel):
    """A file that no asset makes any more, kept until `clean` removes it; one that was published, `publish --prune`."""

    sha256: Sha256
    asset: str
    published: bool = False


class LockedIndex(LockModel):
    """A typed index file as we left it. `basis` is the digest of what the manifest and this lock said that it tells."""

    sha256: Sha256
    basis: Sha256


class Lock(LockModel):
    """What was built from what, by asset; the files that no asset makes any more, and the index files, by path."""

    version: Literal[1] = 1
    assets: dict[str, Entry] = Field(default_factory=dict)
    orphans: dict[LockedPath, Orphan] = Field(default_factory=dict)
    indexes: dict[LockedPath, LockedIndex] = Field(default_factory=dict)


def lock_schema() -> dict[str, Any]:
    """The JSON Schema of a lockfile."""
    schema = Lock.model_json_schema(mode="serialization") | {"title": "assetgen lockfile", "required": ["version"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


# --- reading -------------------------------------------------------------------------------------------------------

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_RESTORE = "restore it from version control (`git checkout -- FILE`)"
_PROBLEMS_SHOWN = 10

_Path: TypeAlias = tuple[str | int, ...]


def read_lock(path: Path, *, shown: str | None = None) -> Lock:
    """The lock at `path`; an empty one when there is no such file. `shown` is how errors name it.

    Raises LockError for everything else that is not a lock, with the line where there is one.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if not path.is_symlink():
            return Lock()
        raise _unreadable(path, shown, "it is a link to a file that is not there") from None
    except IsADirectoryError:
        raise _unreadable(path, shown, "it is a folder") from None
    except OSError as error:
        raise _unreadable(path, shown, error.strerror or str(error)) from error
    return _parse(data, shown or str(path))


def _unreadable(path: Path, shown: str | None, why: str) -> LockError:
    name = shown or str(path)
    return LockError(f"cannot read the lock {name}: {why}", hint=_RESTORE, place=Place(name))


def _parse(data: bytes, file: str) -> Lock:
    source = _Source(file, _decoded(data, file))
    found = _loaded(source)
    if not isinstance(found, dict):
        raise source.error("the lock is not a JSON object", 0, _RESTORE)
    version = found.get("version")
    if isinstance(version, int) and version > LOCK_VERSION:
        raise source.error(
            f"this lock was written by a newer assetgen (lock version {version}; this one knows {LOCK_VERSION})",
            _offsets(source.text).get(("version",), 0),
            "upgrade assetgen",
        )
    if version is None:
        raise source.error("the lock does not say its `version`", 0, _RESTORE)
    try:
        return Lock.model_validate_json(source.text, strict=True)
    except ValidationError as error:
        raise _invalid(error, source) from None


def _decoded(data: bytes, file: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(file, data.count(b"\n", 0, error.start) + 1, 1)
        raise LockError("the lock is not UTF-8 text", hint=_RESTORE, place=place) from None
    if not text.strip():
        raise LockError(
            "the lock is empty",
            hint=f"{_RESTORE}, or delete it if it never held anything",
            place=Place(file),
        )
    return text


class _Source:
    """The text of a lock, for pointing into it."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text

    def problem(self, message: str, offset: int, hint: str) -> Problem:
        line = self.text.count("\n", 0, offset) + 1
        start = self.text.rfind("\n", 0, offset) + 1
        excerpt = self.text[start:].split("\n", 1)[0].rstrip("\r")
        return Problem(LockError.code, message, Place(self.file, line, offset - start + 1), hint, excerpt)

    def error(self, message: str, offset: int, hint: str) -> LockError:
        return _lock_error((self.problem(message, offset, hint),))


def _lock_error(problems: tuple[Problem, ...]) -> LockError:
    error = LockError(problems[0].message)
    error.problems = problems
    return error


class _DuplicateKeyError(ValueError):
    pass


def _loaded(source: _Source) -> object:
    """The JSON value. Raises LockError for a merge conflict, broken JSON and duplicate keys."""
    try:
        return json.loads(source.text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        marker = _CONFLICT.search(source.text)
        if marker:
            raise source.error(
                "the lock holds an unresolved merge conflict",
                marker.start(),
                "keep one side of each conflict, whole assets at a time, and delete the marker lines; "
                "`assetgen plan` then says what is left to do",
            ) from None
        raise source.error(f"the lock is not valid JSON: {error.msg}", error.pos, _RESTORE) from None
    except _DuplicateKeyError:
        path, offset = next(_repeated(source.text))
        raise source.error(
            f"{_spelled(path)} stands here for the second time", offset, "delete one of the two"
        ) from None
    except (ValueError, RecursionError) as error:
        raise source.error(f"the lock is not valid JSON: {error}", 0, _RESTORE) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _DuplicateKeyError
    return members


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not a JSON number")


def _invalid(error: ValidationError, source: _Source) -> LockError:
    """One problem per place; of a union's several complaints the first is enough."""
    offsets = _offsets(source.text)
    problems: dict[_Path, Problem] = {}
    for detail in error.errors(include_url=False):
        path = detail["loc"]
        while path and path not in offsets:
            path = path[:-1]
        named = detail["loc"] if detail["type"] == "missing" else path
        problem = source.problem(_said(detail, named), offsets.get(path, 0), f"correct it, or {_RESTORE}")
        problems.setdefault(named, problem)
    return _lock_error(tuple(problems.values())[:_PROBLEMS_SHOWN])


def _said(detail: ErrorDetails, path: _Path) -> str:
    match detail["type"]:
        case "extra_forbidden":
            return f"{_spelled(path)} is not a field of a lock"
        case "missing":
            return f"{_spelled(path)} is missing"
        case "string_pattern_mismatch":
            return f"{_spelled(path)} is not a SHA-256: 64 hexadecimal digits in lower case"
        case _:
            reason = detail["msg"].removeprefix("Value error, ")
            return f"{_spelled(path)} is not valid: {reason[0].lower()}{reason[1:]}"


def _spelled(path: _Path) -> str:
    """A place in a JSON document as people write it: `assets.coin.masters[0].width`."""
    spelled = ""
    for part in path:
        if isinstance(part, int):
            spelled += f"[{part}]"
        elif re.fullmatch(r"[\w-]+", part):
            spelled += f".{part}"
        else:
            spelled += f"[{json.dumps(part, ensure_ascii=False)}]"
    return f"`{spelled.removeprefix('.')}`"


def _offsets(text: str) -> dict[_Path, int]:
    """Where each member of a JSON document starts."""
    return dict(_members(text))


def _repeated(text: str) -> Iterator[tuple[_Path, int]]:
    seen: set[_Path] = set()
    for path, offset in _members(text):
        if path in seen:
            yield path, offset
        seen.add(path)


def _members(text: str) -> list[tuple[_Path, int]]:
    """Every member of a valid JSON document, in order: its path, and the offset of its key or, in a list, its value."""
    found: list[tuple[_Path, int]] = []
    with contextlib.suppress(RecursionError):  # deeper than anything of ours: the places found so far will do
        _walk(text, _behind_space(text, 0), (), found)
    return found


def _walk(text: str, at: int, path: _Path, found: list[tuple[_Path, int]]) -> int:
    """Note the members of the value that starts at `at`; returns the offset behind it."""
    opening = text[at]
    if opening not in "{[":
        return _DECODER.raw_decode(text, at)[1]
    at, count = _behind_space(text, at + 1), 0
    while text[at] not in "}]":
        part: str | int = count
        start = at
        if opening == "{":
            part, at = _DECODER.raw_decode(text, at)
            at = _behind_space(text, _behind_space(text, at) + 1)
        found.append(((*path, part), start))
        at = _behind_space(text, _walk(text, at, (*path, part), found))
        at = _behind_space(text, at + 1) if text[at] == "," else at
        count += 1
    return at + 1


_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


def _behind_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


# --- writing -------------------------------------------------------------------------------------------------------


def lock_bytes(lock: Lock) -> bytes:
    """The one spelling of a lock: sorted, indented by two, what equals its default left out."""
    document = {"version": LOCK_VERSION, **lock.model_dump(mode="json", exclude_defaults=True)}
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def entry_json(entry: Entry) -> bytes:
    """The canonical JSON of one entry."""
    return canonical_json(entry.model_dump(mode="json", exclude_defaults=True))


def entry_digest(entry: Entry) -> Digest:
    """What tells two states of an entry apart; the same before writing the lock and after reading it."""
    return digest_of(entry_json(entry))


# --- merging -------------------------------------------------------------------------------------------------------

_T = TypeVar("_T")


def merged(base: Lock, ours: Lock, theirs: Lock) -> Lock:
    """The lock to write when the file changed since `base` was read from it (rule 12).

    What we changed relative to `base`, removals included, is as we have it; everything else is as they have it. A path
    that an asset makes is nobody's orphan.
    """
    assets = _merged(base.assets, ours.assets, theirs.assets)
    made = {path for entry in assets.values() for path in (*entry.outputs, *entry.published)}
    orphans = _merged(base.orphans, ours.orphans, theirs.orphans)
    indexes = _merged(base.indexes, ours.indexes, theirs.indexes)
    left = {path: orphan for path, orphan in orphans.items() if path not in made and path not in indexes}
    return Lock(assets=assets, orphans=left, indexes=indexes)


def _merged(base: Mapping[str, _T], ours: Mapping[str, _T], theirs: Mapping[str, _T]) -> dict[str, _T]:
    result = {}
    for name in sorted(ours.keys() | theirs.keys()):
        side = theirs if ours.get(name) == base.get(name) else ours
        if name in side:
            result[name] = side[name]
    return result
