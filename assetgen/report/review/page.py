"""A review as one HTML file: a pure function from frozen data to text.

The page asks for nothing from anywhere, and runs no script and no style but its own: a Content-Security-Policy names
them by their SHA-256. Every text in it is escaped by the template, whoever wrote it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assetgen.report.review.contents import Review, Subject
from assetgen.report.words import counted, money

_TEMPLATES = Path(__file__).with_name("templates")
_STYLE = ("page.css", "detail.css")
_SCRIPT = ("list.js", "stage.js", "decisions.js", "local.js", "page.js")
_SERVED = ("list.js", "stage.js", "decisions.js", "server.js", "page.js")

_POLICY = (
    "default-src 'none'; img-src 'self' data: file:; media-src 'self' file:; style-src {style}; script-src {script}; "
    "connect-src {connect}; base-uri 'none'; form-action 'none'"
)
"""`file:` beside 'self': browsers do not agree on what 'self' is for a page that was opened from the disk."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A style sheet or a script, and how the policy names it."""

    text: Markup
    source: str


def page(review: Review, *, served: bool = False) -> str:
    """The whole page. A `served` one tells its server at once what is decided, instead of exporting it."""
    style, script = _part(_STYLE), _part(_SERVED if served else _SCRIPT)
    policy = _POLICY.format(style=style.source, script=script.source, connect="'self'" if served else "'none'")
    return (
        _environment()
        .get_template("page.html")
        .render(review=review, policy=policy, style=style.text, script=script.text, served=served)
    )


def piece(subject: Subject) -> str:
    """One asset of a served page, to take the place of what the page shows of it."""
    return _environment().get_template("piece.html").render(subject=subject)


@cache
def _part(names: tuple[str, ...]) -> _Part:
    text = "\n".join((_TEMPLATES / name).read_text("utf-8") for name in names)
    digest = b64encode(sha256(text.encode()).digest()).decode()
    return _Part(Markup(text), f"'sha256-{digest}'")  # noqa: S704 - our own file


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "data_url": _data_url,
        "bytes": _bytes,
        "money": money,
        "counted": counted,
        "listing": _listing,
        "searched": _searched,
        "percent": _percent,
    }
    return environment


def _data_url(webp: bytes) -> str:
    return f"data:image/webp;base64,{b64encode(webp).decode()}"


def _bytes(length: int) -> str:
    """A number of bytes for people: `812 B`, `14.2 KB`, `1.3 MB`."""
    if length < 1000:
        return f"{length} B"
    kilo = Decimal(length) / 1000
    return f"{kilo:.1f} KB" if kilo < 1000 else f"{kilo / 1000:.1f} MB"


def _listing(texts: Iterable[str]) -> str:
    return json.dumps(list(texts))


def _searched(subject: Subject) -> str:
    """What a search looks into, in lower case."""
    prompt = "".join(word.text for word in subject.prompt if word.kind != "removed")
    return " ".join((subject.name, subject.description, *subject.tags, prompt)).lower()


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
