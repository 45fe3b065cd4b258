"""Reading a lock, or saying what is wrong with it and on which line. Knows no project: a path in, a Lock out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assetgen.errors import LockError, Place, Problem
from assetgen.lock.document import LOCK_VERSION, Lock
from assetgen.lock.places import JsonPath, offsets, repeated, spelled

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_RESTORE = "restore it from version control (`git checkout -- FILE`)"
_PROBLEMS_SHOWN = 10


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
            offsets(source.text).get(("version",), 0),
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
        path, offset = next(repeated(source.text))
        raise source.error(
            f"{spelled(path)} stands here for the second time", offset, "delete one of the two"
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
    places = offsets(source.text)
    problems: dict[JsonPath, Problem] = {}
    for detail in error.errors(include_url=False):
        path = detail["loc"]
        while path and path not in places:
            path = path[:-1]
        named = detail["loc"] if detail["type"] == "missing" else path
        problem = source.problem(_said(detail, named), places.get(path, 0), f"correct it, or {_RESTORE}")
        problems.setdefault(named, problem)
    return _lock_error(tuple(problems.values())[:_PROBLEMS_SHOWN])


def _said(detail: ErrorDetails, path: JsonPath) -> str:
    match detail["type"]:
        case "extra_forbidden":
            return f"{spelled(path)} is not a field of a lock"
        case "missing":
            return f"{spelled(path)} is missing"
        case "string_pattern_mismatch":
            return f"{spelled(path)} is not a SHA-256: 64 hexadecimal digits in lower case"
        case _:
            reason = detail["msg"].removeprefix("Value error, ")
            return f"{spelled(path)} is not valid: {reason[0].lower()}{reason[1:]}"
