"""Text that presets share: JSON as its readers write it, escaped markup, names that are files. Pure."""

from __future__ import annotations

import json
import re

from assetgen.catalog.presets.model import Format
from assetgen.digest import Json

MIME: dict[Format, str] = {"png": "image/png", "webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg"}


def xcode_json(value: Json) -> str:
    """JSON as Xcode writes it, with sorted keys and a space before each colon: opening the catalogue there changes
    nothing."""
    return json.dumps(value, indent=2, separators=(",", " : "), sort_keys=True, ensure_ascii=False) + "\n"


def plain_json(value: Json) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def attribute(text: str) -> str:
    """`text` as the value of an attribute in double quotes, in HTML and in XML, on one line."""
    flat = " ".join(text.split())
    return flat.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def resource_name(name: str) -> str:
    """An asset's name as the name of an Android resource: lower-case letters, digits and `_`, a letter first, no word
    that Java keeps for itself (aapt and the Android Gradle plugin refuse anything else)."""
    plain = re.sub(r"[^a-z0-9_]", "_", name.lower())
    if not plain[:1].isalpha():
        plain = f"img_{plain.lstrip('_')}"
    return f"{plain}_" if plain in _JAVA_WORDS.split() else plain


_JAVA_WORDS = """
abstract assert boolean break byte case catch char class const continue default do double else enum extends false final
finally float for goto if implements import instanceof int interface long native new null package private protected
public return short static strictfp super switch synchronized this throw throws transient true try void volatile while
"""
