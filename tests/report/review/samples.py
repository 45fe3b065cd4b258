"""Pages with something on them: assets as a reviewer sees them, and pictures of one colour."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image

from assetgen.digest import digest_of
from assetgen.manifest.recipe import PixelSize
from assetgen.publish.decisions import Standing
from assetgen.report.review.contents import File, Picture, Review, Subject, Word

HOSTILE = '</script></style></template>\'"><img src=x onerror="hurt()"><script>hurt()</script>{{ 7 * 7 }}${1}'
"""What somebody writes who would like to run something on the page."""


def picture(color: str = "#EC4899", edge: int = 64, link: str | None = None) -> Picture:
    file = BytesIO()
    Image.new("RGB", (edge, edge), color).save(file, "WEBP")
    return Picture(PixelSize(edge, edge), file.getvalue(), link)


def file(path: str = "output/coin.png", edge: int = 24, link: str | None = None, **fields: Any) -> File:
    length = 1234 if link else None
    return File(path, fields.pop("format", "png"), PixelSize(edge, edge), length, link, **fields)


def subject(name: str = "coin", **fields: Any) -> Subject:
    """An asset that waits for a decision."""
    known: dict[str, Any] = {
        "manifest": "app.yaml",
        "seen": digest_of(name.encode()),
        "standing": Standing.UNDECIDED,
        "picture": picture(),
        "prompt": (Word("same", f"A {name}"),),
        "colors": (("primary", "#EC4899"),),
    }
    return Subject(name=name, **(known | fields))


def changed(name: str = "gem", **fields: Any) -> Subject:
    """An asset with another picture than the one that was accepted."""
    words = (Word("same", "A "), Word("removed", "red"), Word("added", "blue"), Word("same", f" {name}"))
    own = {
        "changed": True,
        "accepted": picture("#0F172A"),
        "prompt": words,
        "why": ("prompt changed: `red` -> `blue`",),
    }
    return subject(name, **(own | fields))


def review(*subjects: Subject, title: str = "app") -> Review:
    return Review(title, subjects, Decimal("0.27"), Decimal("1.20"))
