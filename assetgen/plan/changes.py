"""What differs, field by field, in words: between a locked request and today's, and between two exports. Pure.

The same functions decide and explain: no difference here means not stale (rule 2).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from assetgen.catalog import DRAFT
from assetgen.digest import canonical_json
from assetgen.lock.model import LockedExport, LockedReference, LockedRequest
from assetgen.plan.request import Asking, Shown, cell_of, grid_of, normalised, shown_then, written_value

_SHOWN = 60
"""Longest piece of text quoted in a reason, in characters."""

_HUNKS = 3
"""How many changed places of a prompt are quoted."""


def request_changes(was: LockedRequest, now: Asking, *, real: bool) -> tuple[str, ...]:
    """Every way in which the request now differs from the locked one, as sentences; empty when it does not.

    `real` tells whether the locked master is real: a manifest that turns to `draft` is then no change, for a draft
    never replaces a real master (rule 4).
    """
    return (
        *_provider_change(was, now, real=real),
        *_written_change("model", was, now, was.model, now.request.model),
        *_prompt_change(was.prompt, now.request.prompt),
        *_parameter_changes(was, now),
        *_mapping_changes("input", was.input, now.request.input),
        *_changed("take", was.take, now.request.take),
        *_reference_changes(was.references, now.shown),
        *_drawing_changes(was, now),
    )


def _provider_change(was: LockedRequest, now: Asking, *, real: bool) -> Iterator[str]:
    named = now.named_provider
    if named is None or named != now.provider or named in (was.provider, was.named_provider):
        return
    if not (real and named == DRAFT):
        yield f"provider changed: {_quoted(was.provider)} -> {_quoted(named)}"


def _parameter_changes(was: LockedRequest, now: Asking) -> Iterator[str]:
    for name in sorted({*was.parameters, *now.request.parameters}):
        yield from _written_change(name, was, now, was.parameters.get(name), now.request.parameters.get(name))


def _written_change(name: str, was: LockedRequest, now: Asking, old: Any, new: Any) -> Iterator[str]:
    """A difference counts only when what people wrote differs too: defaults and tables of ours make nothing stale."""
    before = _written(name, old, was.parameters, was.defaulted, was.left_out)
    after = _written(name, new, now.request.parameters, now.request.defaulted, now.request.left_out)
    if not _same(before, after):
        yield from _changed(name, old, new)


def _written(
    name: str, value: Any, parameters: Mapping[str, Any], defaulted: Collection[str], left_out: Mapping[str, Any]
) -> Any:
    values = {**parameters, "model": value} if name == "model" else parameters
    return written_value(name, values, defaulted, left_out)


def _reference_changes(was: Sequence[LockedReference], now: Sequence[Shown]) -> Iterator[str]:
    """What a picture is called in the manifest does not matter, only its bytes, its label and its place."""
    if [shown_then(reference).keyed() for reference in was] == [shown.keyed() for shown in now]:
        return
    said = list(_each_reference(was, now))
    yield from said or ["references reordered"]


def _each_reference(was: Sequence[LockedReference], now: Sequence[Shown]) -> Iterator[str]:
    same = [shown for shown in now if any(_is_same(old, shown) for old in was)]
    gone = {old.source: old for old in was if not any(_is_same(old, shown) for shown in now)}
    for shown in (shown for shown in now if shown not in same):
        old = gone.pop(shown.source, None)
        if shown.awaits:
            yield shown.awaits
        elif old is None:
            yield f"reference added: {shown.called}"
        elif old.sha256 != shown.sha256 or _part(shown_then(old)) != _part(shown):
            yield f"reference {shown.called} changed"
        else:
            yield from _changed(f"label of reference {shown.called}", old.label or None, shown.label or None)
    for source in gone:
        yield f"reference removed: {'a picture from the web' if source.startswith('url:') else source}"


def _part(shown: Shown) -> tuple[object, object]:
    """What of a picture is shown."""
    return shown.cell, shown.cutout


def _is_same(old: LockedReference, shown: Shown) -> bool:
    return shown_then(old).keyed() == shown.keyed()


def _drawing_changes(was: LockedRequest, now: Asking) -> Iterator[str]:
    if was.drawing is None or now.provider != DRAFT:
        return
    yield from _changed("name on the draft", was.drawing.name, now.drawing.name)
    yield from _mapping_changes("draft colour", was.drawing.colors, now.drawing.colors)
    yield from _changed("removeBg", was.drawing.remove_bg, now.drawing.remove_bg)
    before = grid_of(was.drawing.grid) if was.drawing.grid else None
    yield from _changed("grid on the draft", before and str(before), now.drawing.grid and str(now.drawing.grid))
    yield from _changed("size of the draft", f"{was.drawing.enlarged or 1:g}x", f"{now.drawing.enlarged:g}x")


def _mapping_changes(label: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*was, *now}):
        yield from _changed(f"{label} {name}", was.get(name, _ABSENT), now.get(name, _ABSENT))


_ABSENT = object()
"""Stands for a key that is not there: one that holds null is."""


def _same(was: Any, now: Any) -> bool:
    """Equal in the key and on the wire: `1`, `1.0` and `true` are three values."""
    if was is now:
        return True
    if type(was) is type(now) is str:  # most values are, and their spelling need not be made
        return bool(was == now)
    return _ABSENT not in (was, now) and canonical_json(was) == canonical_json(now)


def _changed(name: str, was: Any, now: Any) -> Iterator[str]:
    if _same(was, now):
        return
    if was is _ABSENT or was is None:
        yield f"{name} added: {_quoted(now)}"
    elif now is _ABSENT or now is None:
        yield f"{name} removed: was {_quoted(was)}"
    else:
        yield f"{name} changed: {_quoted(was)} -> {_quoted(now)}"


def _prompt_change(was: str, now: str) -> Iterator[str]:
    old, new = normalised(was), normalised(now)
    if old != new:
        yield "prompt changed: " + ", ".join(_hunks(_words(old), _words(new)))


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|#?\w+|[^\w\s]", text)


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    changes = [op for op in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if op[0] != "equal"]
    for kind, i1, i2, j1, j2 in changes[:_HUNKS]:
        before, after = "".join(old[i1:i2]).strip(), "".join(new[j1:j2]).strip()
        if kind == "insert" or not before:
            yield f"added {_quoted(after)}"
        elif kind == "delete" or not after:
            yield f"removed {_quoted(before)}"
        else:
            yield f"{_quoted(before)} -> {_quoted(after)}"
    if len(changes) > _HUNKS:
        yield f"and {len(changes) - _HUNKS} more"


def export_changes(label: str, was: LockedExport, now: LockedExport) -> tuple[str, ...]:
    """Every way in which an output's settings differ, as sentences."""
    if was == now:
        return ()
    before, after = _settings(was), _settings(now)
    found = [sentence for name in before for sentence in _changed(f"{name} of {label}", before[name], after[name])]
    return (*found, *([f"text files of {label} changed"] if was.text != now.text else []))


def _settings(export: LockedExport) -> dict[str, Any]:
    """The fields that people write; a `look` follows from them and from our tables."""
    return export.model_dump(exclude={"text", "look", "borrowed"}) | {"cell": export.cell and str(cell_of(export.cell))}


def _quoted(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return f"`{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}`"
