"""What is, as frozen facts: gathered once by `store.observe`, read by planning. No I/O here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from assetgen.digest import Digest, StepKey
from assetgen.lock.document import LockedIndex, Orphan
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedOutput
from assetgen.manifest.recipe import OutputPath, PixelSize


@dataclass(frozen=True, slots=True)
class FileFact:
    """What stands at a path. `sha256` is that of the bytes, or the one a Git LFS `pointer` names; None unless a file.

    `other` is anything that is neither a regular file nor absent: a folder, a device, a dangling link.
    """

    kind: Literal["missing", "file", "other"]
    sha256: Digest | None = None
    pointer: bool = False


MISSING = FileFact("missing")


@dataclass(frozen=True, slots=True)
class StoredMaster:
    """A master as its provider made it. `usd` is the price expected when it was ordered (None: unknown), `charged`
    what the service says it took, both in US dollars. `format` is what the bytes are."""

    sha256: Digest
    size: PixelSize
    format: str
    provider: str
    task: str | None = None
    usd: Decimal | None = None
    charged: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StoredCutout:
    """A picture without its background, as `remover` made it, in its `version`. `pixels` is a digest of what it shows,
    whatever its bytes; None for one that was made before that was kept."""

    sha256: Digest
    size: PixelSize
    remover: str
    version: str
    pixels: Digest | None = None


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A submission without a result yet. Without a `task` the service's answer never arrived; `ambiguous` counts how
    many times that has happened. `gone` tells that the service did not know the task when it was last asked."""

    key: StepKey
    provider: str
    task: str | None
    ambiguous: int
    usd: Decimal | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """How often a service's safety system refused a request, and its last words, with the task that it was, if any."""

    count: int
    words: str
    task: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order of an asset that a service accepted and that is not collected yet: its key, and its `prompt`."""

    key: StepKey
    task: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Owner:
    """An asset as files belong to it: by its name and its lock, which is named by its path from the project root."""

    lock: str
    asset: str


@dataclass(frozen=True, slots=True)
class WrittenOutput:
    """The bytes that we last put (or were about to put) at a path, the key of the export they came from, and the asset
    that they were put there for; None once it left the file behind."""

    sha256: Digest
    export_key: StepKey
    owner: Owner | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """The newest re-roll of a request: its count, and the assets of this lock that asked for a re-roll and did not get
    its picture yet, each with the count it asked for. A take that nobody waits for was put aside by a person."""

    count: int
    waiting: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """Everything that planning may know.

    `entries` and `orphans` are the lock's, completed by what the state database holds and the lock does not yet;
    `unrecorded` names the entries that the lock file lacks or has in an older form. `files` covers every output,
    publish place, locked output and orphan, and every file that a request shows. `takes` maps a request's key without
    re-rolls to its newest re-roll; `picks` maps an asset and such a key to the picture that it had picked when it left
    that request. `earlier` are paths at which a file stands that we put there once, and others since. `pins` are the
    digests of pictures on the web, by what locks call them, and `fetched` those that were fetched for an asset, the
    first of the pair, that has no picture made with them yet. `cutouts` are the results of removing backgrounds and of
    trimming. `adopted` are outputs that people put in place and that were replaced since, by path and key of their
    export. `refused` are requests that a safety system did not want, and `placed` the orders of assets that are not
    collected yet. `blobs` are the bytes at hand: masters, cutouts, and outputs that do not stand where they belong.
    `indexes` are the index files that the lock knows. `loopback` tells whether KIE_AI_BASE_URL is a loopback address.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    orphans: Mapping[OutputPath, Orphan] = field(default_factory=dict)
    unrecorded: frozenset[str] = frozenset()
    files: Mapping[OutputPath, FileFact] = field(default_factory=dict)
    written: Mapping[OutputPath, WrittenOutput] = field(default_factory=dict)
    earlier: frozenset[OutputPath] = frozenset()
    results: Mapping[StepKey, StoredMaster] = field(default_factory=dict)
    cutouts: Mapping[StepKey, StoredCutout] = field(default_factory=dict)
    takes: Mapping[StepKey, Take] = field(default_factory=dict)
    picks: Mapping[tuple[str, StepKey], Digest] = field(default_factory=dict)
    open: Mapping[StepKey, OpenTask] = field(default_factory=dict)
    refused: Mapping[StepKey, Refusal] = field(default_factory=dict)
    placed: Mapping[str, tuple[PlacedOrder, ...]] = field(default_factory=dict)
    pins: Mapping[str, Digest] = field(default_factory=dict)
    fetched: Mapping[tuple[str, str], Digest] = field(default_factory=dict)
    adopted: Mapping[tuple[OutputPath, StepKey], LockedOutput] = field(default_factory=dict)
    blobs: frozenset[Digest] = frozenset()
    indexes: Mapping[OutputPath, LockedIndex] = field(default_factory=dict)
    loopback: bool = False
