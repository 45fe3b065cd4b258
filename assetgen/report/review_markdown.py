"""The summary of a review as Markdown, for a comment on a pull request. Pure.

Whatever is written into names, prompts and notes stays text there: it starts no markup, mentions nobody, links nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import accumulate, groupby
from urllib.parse import quote

from assetgen.report.review_summary import Row, Status, totals_of
from assetgen.report.words import counted, money, printable

LONGEST = 60_000
"""Characters. A comment on GitHub holds 65,536."""

_WIDTH = 96
_HEAD = "| | asset | status | why | cost |\n|---|---|---|---|---:|"
_MARKS = {
    Status.BLOCKED: "🟥",
    Status.MISSING: "⬜",
    Status.UNDECIDED: "🟨",
    Status.REJECTED: "🟥",
    Status.STALE: "🟦",
    Status.ACCEPTED: "🟩",
}
_SPECIAL = re.compile(r"[\\`*_\[\]<>#!|~@&]|:(?=//)|(?<=www)\.")
"""What could begin markup, or a link."""

_STILL = "\N{ZERO WIDTH SPACE}"
"""Behind `@` and `#` outside of code: nobody is mentioned, and no issue."""


def markdown(rows: Sequence[Row]) -> str:
    """A headline, a table for each manifest with what needs somebody, and how many need nothing."""
    waiting = [row for row in rows if row.status is not Status.ACCEPTED]
    shown, hidden = _that_fit(waiting)
    blocks = [f"### {headline(rows)}"]
    for manifest, group in groupby(shown, key=lambda row: row.asset.manifest):
        blocks += [f"**{_text(manifest)}**", "\n".join((_HEAD, *map(_line, group)))]
    blocks += [f"and {hidden} more that did not fit here"] if hidden else []
    content = len(rows) - len(waiting)
    blocks += [f"{_MARKS[Status.ACCEPTED]} {counted(content, 'asset')} accepted and up to date"] if content else []
    return "\n\n".join(blocks) + "\n"


def _that_fit(rows: Sequence[Row]) -> tuple[Sequence[Row], int]:
    """As many rows as a comment holds, and how many are left over."""
    lengths = accumulate(len(_line(row)) + 1 for row in rows)
    fitting = sum(1 for length in lengths if length <= LONGEST)
    return rows[:fitting], len(rows) - fitting


def headline(rows: Sequence[Row]) -> str:
    """`2 to decide, 1 rejected; $0.18 for what waits for a decision`."""
    totals = totals_of(rows)
    attention = [status for status in Status if status is not Status.ACCEPTED and totals.statuses[status]]
    said = ", ".join(f"{totals.statuses[status]} {status.value}" for status in attention)
    costs = [money(totals.usd)] if totals.usd else []
    costs += ["an unknown amount"] if totals.unpriced else []
    price = f"; {' and '.join(costs)} for what waits for a decision" if costs else ""
    return f"{counted(totals.assets, 'picture')}: {said or 'all accepted'}{price}"


def _line(row: Row) -> str:
    by = f" by {_text(row.by)}" if row.by and row.status is Status.REJECTED else ""
    status = f"{_MARKS[row.status]} {row.status.value}{by}{' (draft)' if row.draft else ''}"
    why = "<br>".join(_reason(reason) for reason in row.why)
    return f"| {_thumbnail(row)} | {_text(row.asset.name)} | {status} | {why} | {_cost(row)} |"


def _thumbnail(row: Row) -> str:
    """Linked relative to the project's root, where the comment or page is read."""
    if row.thumbnail is None:
        return ""
    address = quote(row.thumbnail)
    alt = escape(printable(" ".join((row.description or row.asset.name).split())), quote=True).replace("|", "&#124;")
    return f'<a href="{address}"><img src="{address}" width="{_WIDTH}" alt="{alt}"></a>'


def _cost(row: Row) -> str:
    if row.picture is None:
        return ""
    if row.usd is None:
        return "unknown"
    return money(row.usd) if row.usd else "free"


def _reason(text: str) -> str:
    """A sentence whose quoted parts are set as code."""
    parts = re.split(r"`([^`]*)`", text)
    return "".join(f"<code>{_encoded(part)}</code>" if number % 2 else _text(part) for number, part in enumerate(parts))


def _text(text: str) -> str:
    """Foreign text as what it says, and nothing else."""
    return re.sub(r"&#(?:35|64);", lambda sign: sign[0] + _STILL, _encoded(text))


def _encoded(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", printable(re.sub(r"\s+", " ", text)))
