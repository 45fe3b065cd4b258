"""The file that a review page exports, and `accept --from` reads: what a person decided about which picture.

    {"version": 1,
     "decisions": [{"manifest": "manifests/app.yaml", "asset": "coin", "picture": "<64 hexadecimal digits>",
                    "decision": "accepted", "note": "lovely", "by": "Ann"}]}

`manifest` is relative to where the command is called, or to the project root. `picture` is what the reviewer saw, as
`decisions.picture_of` tells it. `decision` is `accepted`, `rejected` or, to take one back, `undecided`; `note` and `by`
may be left out. Knows the shape of the file; whether its assets are there is for others to say.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assetgen.digest import Digest
from assetgen.errors import Place, UsageError
from assetgen.publish.decisions import Verdict

VERSION = 1
_VERDICTS: dict[str, Verdict | None] = {"accepted": "accepted", "rejected": "rejected", "undecided": None}
_KEYS = ("manifest", "asset", "picture", "decision", "note", "by")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HINT = "export the decisions from the review page again"


@dataclass(frozen=True, slots=True)
class WrittenDecision:
    """One row of the file. A `verdict` of None takes a decision back."""

    manifest: str
    asset: str
    picture: Digest
    verdict: Verdict | None
    note: str | None
    by: str | None


def read_decisions(path: Path) -> tuple[WrittenDecision, ...]:
    """The rows of the file at `path`. Raises UsageError, with the line where there is one, for anything else."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"cannot read the decisions {path}: {why}", hint=_HINT) from error
    return parse_decisions(text, str(path))


def parse_decisions(text: str, shown: str) -> tuple[WrittenDecision, ...]:
    """The rows in a text; `shown` is how errors name the file."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(shown, error.lineno, error.colno)
        raise UsageError(f"the decisions are not valid JSON: {error.msg}", hint=_HINT, place=place) from None
    rows = document.get("decisions") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(rows, list):
        raise UsageError("this is no file of decisions: it has no list `decisions`", hint=_HINT, place=Place(shown))
    if document.get("version") != VERSION:
        message = f"these decisions have version {document.get('version')}; this assetgen knows {VERSION}"
        raise UsageError(message, hint="export them with the same version of assetgen", place=Place(shown))
    return tuple(_row(row, f"`decisions[{number}]`", shown) for number, row in enumerate(rows))


def _row(row: Any, where: str, shown: str) -> WrittenDecision:
    complaint = _complaint(row)
    if complaint:
        raise UsageError(f"{where} {complaint}", hint=_HINT, place=Place(shown))
    words = {key: row.get(key) or None for key in ("note", "by")}
    return WrittenDecision(row["manifest"], row["asset"], row["picture"], _VERDICTS[row["decision"]], **words)


def _complaint(row: Any) -> str | None:
    """What is wrong with a row, if anything."""
    if not isinstance(row, dict):
        return "is not an object"
    unknown = next((key for key in row if key not in _KEYS), None)
    if unknown is not None:
        return f"has an unknown key `{unknown}`; known: {', '.join(_KEYS)}"
    for key in _KEYS[:4]:
        if not isinstance(row.get(key), str):
            return f"has no `{key}`"
    for key in _KEYS[4:]:
        if not isinstance(row.get(key), str | None):
            return f"has a `{key}` that is no text"
    if row["decision"] not in _VERDICTS:
        return f"has the decision `{row['decision']}`; known: {', '.join(_VERDICTS)}"
    return None if _SHA256.fullmatch(row["picture"]) else "has a `picture` that is not a SHA-256"
