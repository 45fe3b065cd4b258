"""What is wrong with a mapping, in our words, with places and next steps: imported only when something is.

Pydantic's own words never reach a user.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assetgen.errors import Place, Problem
from assetgen.manifest.colours import background_hint, colour_hint
from assetgen.manifest.complaints import Checked, canonical, described, empty_values, quoted, subject
from assetgen.manifest.document import Data, Document, KeyPath
from assetgen.manifest.fields import EXPECTED, RULE, SHAPE, SPELLINGS, Written
from assetgen.manifest.right_forms import ENTRY_FORMS, RIGHT_FORMS
from assetgen.manifest.suggest import closest
from assetgen.manifest.unknown_keys import key_hint, keys_of, meant_key

M = TypeVar("M", bound=Written)

_EMPTY_HINT = "write a value, or delete the line"


def without_mistakes(model: type[M], data: Data, document: Document, path: KeyPath) -> Checked[M]:
    """What is left of the mapping at `path` once the keys in error are taken out, and a problem for each of these."""
    if not isinstance(data, dict):
        message = f"{subject(path)} must be a mapping, not {described(data)}"
        hint = _EMPTY_HINT if data is None else _form(path, data)
        problem = document.problem("type", message, document.value_place(path), hint)
        return Checked(model(), {}, frozenset(), (problem,))
    empty = [(*path, *found) for found in empty_values(data)]
    problems = [_empty_problem(document, found) for found in empty]
    broken = {str(found[len(path)]) for found in empty}
    try:
        value = model.model_validate(_without(data, broken))
    except ValidationError as error:
        details = _told_once(error.errors(include_url=False))
        problems += [_Complaint(document, path, data, detail).problem() for detail in details]
        broken |= {str(detail["loc"][0]) for detail in details}
        value = model.model_validate(_without(data, broken))
    broken |= {"prompt" for key in broken - keys_of(model).keys() if meant_key(key, ("prompt",))}
    return Checked(value, canonical(_without(data, broken)), frozenset(broken), tuple(problems))


def _without(data: Mapping[str, Data], keys: set[str]) -> dict[str, Data]:
    return {key: value for key, value in data.items() if key not in keys}


def _told_once(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without what is missing only because its key is misspelt."""
    unknown = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]

    def is_there(missing: tuple[str | int, ...]) -> bool:
        beside = (str(loc[-1]) for loc in unknown if loc[:-1] == missing[:-1])
        return any(meant_key(key, (str(missing[-1]),)) for key in beside)

    return [detail for detail in details if detail["type"] != "missing" or not is_there(detail["loc"])]


def _empty_problem(document: Document, path: KeyPath) -> Problem:
    problem = document.problem("empty", f"{subject(path)} is empty", document.value_place(path), _EMPTY_HINT)
    rest = (problem.excerpt or "")[problem.place.column - 1 :] if problem.place else ""
    comment = re.match(r"\s*(#[0-9A-Fa-f]{3,8})\b", rest)
    if comment:
        return replace(problem, hint=f'an unquoted `#` begins a comment: write `"{comment[1]}"`')
    return _split_colour(document, problem) or problem


def _split_colour(document: Document, problem: Problem) -> Problem | None:
    """`rgb(1, 2, 3)` in brackets, whose commas YAML takes for its own."""
    for found in re.finditer(r"\b(?:rgb|hsl)a?\([^)]*\)", problem.excerpt or ""):
        place = problem.place
        if place and found.start() < place.column <= found.end() + 1:
            place = replace(place, column=found.start() + 1)
            return document.problem("value", f"`{found[0]}` is not a colour", place, colour_hint(found[0]))
    return None


class _Complaint:
    """One error of pydantic's, about `data` at `path`."""

    def __init__(self, document: Document, path: KeyPath, data: Data, detail: ErrorDetails) -> None:
        self._document = document
        self._detail = detail
        self._path = (*path, *_real(detail["loc"], data))
        self._value = detail["input"]
        self._context: Mapping[str, Any] = detail.get("ctx", {})

    def problem(self) -> Problem:
        kind = self._detail["type"]
        if kind == "extra_forbidden":
            return self._unknown_key()
        if kind == "missing":
            holder = subject(self._path)
            message = f"`{self._detail['loc'][-1]}` is missing in {holder}"
            return self._problem("missing-key", message, self._document.key_place(self._path))
        if kind == RULE:
            return self._rule()
        if self._path == ("version",):
            return self._version()
        return self._wrong_value(kind)

    def _problem(self, code: str, message: str, place: Place, hint: str | None = None) -> Problem:
        return self._document.problem(code, message, place, hint)

    def _rule(self) -> Problem:
        find = self._document.key_place if self._detail["loc"][-1] == "[key]" else self._document.value_place
        message = f"{self._detail['msg']} ({subject(self._path)})"
        return self._problem("value", message, find(self._path), self._right_form() or self._context.get("hint"))

    def _version(self) -> Problem:
        message = f"this manifest is of version {quoted(self._value)}; this assetgen reads version 1"
        hint = "upgrade assetgen" if isinstance(self._value, int) and self._value > 1 else "write `version: 1`"
        if isinstance(self._value, str):
            message = "`version` must be the number 1, not text"
        return self._problem("version", message, self._document.value_place(self._path), hint)

    def _unknown_key(self) -> Problem:
        key = str(self._path[-1])
        holder = self._path[:-1]
        where = f" in {subject(holder)}" if holder else ""
        place = self._document.key_place(self._path)
        if key in SPELLINGS:
            message = f"`{key}` and `{SPELLINGS[key]}` mean the same; there are both{where}"
            return self._problem("unknown-key", message, place, "delete one of them")
        return self._problem("unknown-key", f"unknown key `{key}`{where}", place, key_hint(key, holder))

    def _wrong_value(self, kind: str) -> Problem:
        allowed = _allowed(self._context)
        phrase = " or ".join((", ".join(allowed[:-1]), allowed[-1])) if len(allowed) > 1 else "".join(allowed)
        phrase = phrase or (self._detail["msg"] if kind in (EXPECTED, SHAPE) else _phrase(kind, self._context))
        shown = quoted(self._value) if allowed or kind in _ABOUT_VALUE else described(self._value)
        if isinstance(self._value, float):
            shown = quoted(self._value)
        if kind in _ABOUT_LENGTH:
            shown = f"of {self._context['actual_length']}"
        message = f"{subject(self._path)} must be {phrase}, not {shown}"
        hint = self._right_form() or self._near(allowed) or _type_hint(kind, self._value, self._source())
        code = "type" if shown == described(self._value) else "value"
        return self._problem(code, message, self._document.value_place(self._path), hint)

    def _right_form(self) -> str | None:
        """What was meant, as it is written here."""
        if self._path[-1] == "background" and (hint := background_hint(self._value, _colours_of(self._document))):
            return hint
        if (hint := _form(self._path, self._value)) is not None:
            return hint
        if _COLOURS & set(self._path) and isinstance(self._value, int | float):
            digits = re.fullmatch(r"(?:0x)?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", self._source())
            return f'write `"#{digits[1].upper()}"`' if digits else None
        return None

    def _source(self) -> str:
        """The value as it stands in the file, up to what ends it: numbers lose how they were written."""
        place = self._document.value_place(self._path)
        line = self._document.problem("", "", place).excerpt or ""
        found = re.match(r"[^\s,\]}]*", line[place.column - 1 :])
        return found[0] if found else ""

    def _near(self, allowed: list[str]) -> str | None:
        near = closest(self._value, [word.strip("`") for word in allowed]) if isinstance(self._value, str) else None
        return f"did you mean `{near}`?" if near else None


_PHRASES: Mapping[str, str] = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "less than {lt:g}",
    "less_than_equal": "at most {le:g}",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
}
"""What completes "must be ..." for each of pydantic's error types that our models can raise."""

_ABOUT_VALUE = frozenset((SHAPE, "greater_than", "greater_than_equal", "less_than", "less_than_equal"))
_ABOUT_LENGTH = frozenset(("too_short", "too_long"))
_YES_AND_NO = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}


_COLOURS = frozenset(("colors", "gradients", "background"))


def _form(path: KeyPath, value: object) -> str | None:
    """What is written for `value` at the end of `path`, or in the list or mapping there."""
    if not path:
        return None
    own = RIGHT_FORMS.get(str(path[-1]))
    holders = path[-3:-1] if isinstance(path[-1], int) else path[-2:-1]
    entry = next((ENTRY_FORMS[str(step)] for step in holders if step in ENTRY_FORMS), None)
    return next((hint for form in (own, entry) if form and (hint := form(value))), None)


def _colours_of(document: Document) -> dict[str, str]:
    """The colours of the manifest's brand, as far as they are text."""
    found = document.at(("brand", "colors"))
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def _phrase(kind: str, context: Mapping[str, Any]) -> str:
    return _PHRASES.get(kind, "something else").format(**context)


def _allowed(context: Mapping[str, Any]) -> list[str]:
    """The values that a literal type allows, quoted; pydantic gives them as one text."""
    expected = context.get("expected", "")
    return [f"`{word}`" for word in re.findall(r"'([^']*)'", expected)]


def _type_hint(kind: str, value: object, source: str) -> str | None:
    if kind == "string_type" and isinstance(value, int | float):
        return f'put it in quotes: `"{source}"`'
    if kind == "list_type" and isinstance(value, str):
        return f"write it as a list: `[{value}]`" if "#" not in value else f'write it as a list: `["{value}"]`'
    if not isinstance(value, str):
        return None
    word = value.strip(" \"'“”„‘’").lower()
    if word in _YES_AND_NO:
        return f"write `{_YES_AND_NO[word]}`"
    return f"write {value} without quotes" if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) else None


def _real(location: tuple[str | int, ...], data: Data) -> KeyPath:
    """The part of pydantic's location that is keys and indexes of `data`; the rest names branches of its types."""
    path: list[str | int] = []
    for step in location:
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            continue
        path.append(step)
    return tuple(path)
