"""Answering for a project that did not change, before the command line or anything else is imported.

A build that found everything up to date leaves a snapshot in the store: the digest of every file it read, the
environment values that counted, where the output folders really are, and the stats of every file that has to stand as
it is. As long as all of it holds, the answer is the same. Anything else, also a snapshot that cannot be read, is no
answer: the ordinary way is always right. Imports the standard library only, and little of that; the snapshot may be
deleted at any time.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Iterable, Mapping, Sequence

from assetgen import __version__

COMMANDS = ("build", "check")
VARIABLES = ("ASSETGEN_PROVIDER", "KIE_AI_BASE_URL")
"""What of the environment decides whether something is out of date."""

SETTLED_NS = 2_000_000_000
"""A file that changed less than this before it was looked at may change again unseen within one tick of its file
system's clock; no snapshot is made of such."""

_HEADER = f"assetgen {__version__} python {sys.version}\n".encode()
_Stat = tuple[str, int, int, int, int]


def answer(arguments: Sequence[str], environ: Mapping[str, str], cwd: str) -> str | None:
    """What the command with these arguments would say while exiting with 0, None when that takes the ordinary way."""
    command, manifests = arguments[:1], arguments[1:]
    if not manifests or command[0] not in COMMANDS or any(name.startswith("-") for name in manifests):
        return None
    try:
        with open(snapshot_path(manifests, cwd), "rb") as file:  # noqa: PTH123 - pathlib takes longer than the rest
            return _holds(file.read(), _environment(environ))
    except (OSError, ValueError, EOFError, TypeError):
        return None


def _holds(data: bytes, environment: list[str | None]) -> str | None:
    header, digest, payload = data[: len(_HEADER)], data[len(_HEADER) : len(_HEADER) + 32], data[len(_HEADER) + 32 :]
    if header != _HEADER or hashlib.sha256(payload).digest() != digest:
        return None
    was, inputs, folders, stats, said = marshal.loads(payload)  # noqa: S302 - ours, whole and of this very version
    if was != environment or any(_input(path) != digest for path, digest in inputs):
        return None
    if any(os.path.realpath(folder) != real for folder, real in folders):
        return None
    return said if all(_stat(row[0]) == row for row in stats) else None


def take(
    environ: Mapping[str, str], *, inputs: Iterable[str], outputs: Iterable[str], state: str, said: str, since_ns: int
) -> bytes | None:
    """The snapshot of a project that is up to date, to be kept at `snapshot_path`; None when it is too fresh to trust.

    `inputs` are files that were read, or would be if they stood there; `outputs`, and other files of which only the
    bytes count, must stand as they are, and so must the database `state`, which only assetgen changes; `said` is the
    answer. `since_ns` is a time before the project was looked at, in nanoseconds since 1970: what changed later may not
    be what was seen.
    """
    inputs, stats = list(inputs), [_stat(path) for path in outputs]
    watched = [*stats, *(_stat(path) for path in inputs if os.path.lexists(path))]
    if any(max(changed, renamed) > since_ns - SETTLED_NS for _, changed, renamed, _, _ in watched):
        return None
    folders = [(folder, os.path.realpath(folder)) for folder in {os.path.dirname(stat[0]) for stat in stats}]  # noqa: PTH120
    read = [(path, _input(path)) for path in inputs]
    content = (_environment(environ), read, folders, [*stats, _stat(state)], said)
    payload = marshal.dumps(content)
    return _HEADER + hashlib.sha256(payload).digest() + payload


def snapshot_path(manifests: Sequence[str], cwd: str) -> str:
    """Where the snapshot for these manifests, as they were typed, lies or would lie."""
    question = "\0".join([cwd, *manifests])
    name = hashlib.sha256(question.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return os.path.join(_root(os.path.join(cwd, manifests[0])), ".assetgen", "snapshots", name)  # noqa: PTH118


def _root(manifest: str) -> str:
    """The nearest folder above a manifest that holds a store or a repository: where a store would be found."""
    folder = os.path.dirname(os.path.abspath(manifest))  # noqa: PTH100, PTH120
    while not any(os.path.exists(os.path.join(folder, mark)) for mark in (".git", ".assetgen")):  # noqa: PTH110, PTH118
        folder, below = os.path.dirname(folder), folder  # noqa: PTH120
        if folder == below:
            break
    return folder


def _environment(environ: Mapping[str, str]) -> list[str | None]:
    return [environ.get(name) for name in VARIABLES]


def _input(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return hashlib.sha256(file.read()).digest()
    except FileNotFoundError:
        return None


def _stat(path: str) -> _Stat:
    found = os.stat(path)  # noqa: PTH116
    return (path, found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
