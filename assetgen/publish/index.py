"""Typed index files: what an app's own code may say of its assets, in six languages.

Pure text: equal entries give equal text, in the order in which they come. Knows no folder: paths are written as they
are handed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from assetgen.publish.identifiers import (
    braced_escape,
    camel,
    distinct,
    python_escape,
    quoted,
    screaming,
    utf16_escape,
)

NOTICE = "Written by assetgen. Changes made by hand are lost."


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One file: what it is called (`coin@2x`), where it lies, its pixels, and what it shows in words (may be empty).
    `color` is `#RRGGBB`, `thumbhash` base64; None where they are not known."""

    name: str
    path: str
    width: int
    height: int
    format: str
    alt: str = ""
    color: str | None = None
    thumbhash: str | None = None


Render: TypeAlias = Callable[[Sequence[IndexEntry]], str]


def render_index(suffix: str, entries: Sequence[IndexEntry]) -> str:
    """The text of an index file that ends with `suffix`, one of SUFFIXES. Raises KeyError for another."""
    return _RENDERERS[suffix](entries)


def _identifiers(
    entries: Sequence[IndexEntry], spell: Callable[[str], str], reserved: frozenset[str] = frozenset()
) -> list[str]:
    return distinct([(entry.name, entry.format) for entry in entries], spell, reserved)


def _fields(entry: IndexEntry, quote: Callable[[str], str], nothing: str) -> list[tuple[str, str]]:
    """An entry's fields as source text."""
    color, thumbhash = (nothing if value is None else quote(value) for value in (entry.color, entry.thumbhash))
    return [
        ("path", quote(entry.path)),
        ("width", str(entry.width)),
        ("height", str(entry.height)),
        ("format", quote(entry.format)),
        ("alt", quote(entry.alt)),
        ("color", color),
        ("thumbhash", thumbhash),
    ]


def _joined(fields: Sequence[tuple[str, str]], sign: str) -> str:
    return ", ".join(f"{name}{sign}{value}" for name, value in fields)


def _block(rows: Sequence[str]) -> str:
    """The rows and an empty line, or nothing at all."""
    return "".join((*rows, "\n")) if rows else ""


# --- JSON and TypeScript ---------------------------------------------------------------------------------------------

_quote_js = partial(quoted, escape=utf16_escape)


def _json(entries: Sequence[IndexEntry]) -> str:
    """Made by hand only in so far as there is one entry a line: changes are easy to review."""
    rows = [
        f'    "{word}": {{{_joined([(_quote_js(name), value) for name, value in _named(entry)], ": ")}}}'
        for word, entry in zip(_identifiers(entries, camel), entries, strict=True)
    ]
    body = "{\n" + ",\n".join(rows) + "\n  }" if rows else "{}"
    return f'{{\n  "notice": "{NOTICE}",\n  "assets": {body}\n}}\n'


def _named(entry: IndexEntry) -> list[tuple[str, str]]:
    return [("name", _quote_js(entry.name)), *_fields(entry, _quote_js, "null")]


def _typescript(entries: Sequence[IndexEntry]) -> str:
    rows = [
        f"  {word}: {{ {_joined(_fields(entry, _quote_js, 'null'), ': ')} }},\n"
        for word, entry in zip(_identifiers(entries, camel), entries, strict=True)
    ]
    body = "{\n" + "".join(rows) + "}" if rows else "{}"
    return f"""// {NOTICE}

export interface Asset {{
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly alt: string;
  readonly color: string | null;
  readonly thumbhash: string | null;
}}

export const assets = {body} as const satisfies Readonly<Record<string, Asset>>;

export type AssetName = keyof typeof assets;
"""


# --- Swift -----------------------------------------------------------------------------------------------------------

_SWIFT_WORDS = """
all Any Asset associatedtype as async await break case catch class continue default defer deinit do else enum extension
fallthrough false fileprivate for func guard if import in init inout internal is let nil open operator precedencegroup
private protocol public repeat rethrows return self Self static struct subscript super switch throw throws true try
typealias var where while
"""


def _swift(entries: Sequence[IndexEntry]) -> str:
    quote = partial(quoted, escape=braced_escape)
    words = _identifiers(entries, camel, frozenset(_SWIFT_WORDS.split()))
    rows = [
        f"    public static let {word} = Asset({_joined(_fields(entry, quote, 'nil'), ': ')})\n"
        for word, entry in zip(words, entries, strict=True)
    ]
    return f"""// {NOTICE}

public enum Assets {{
    public struct Asset: Hashable, Sendable {{
        public let path: String
        public let width: Int
        public let height: Int
        public let format: String
        public let alt: String
        public let color: String?
        public let thumbhash: String?
    }}

{_block(rows)}    public static let all: [Asset] = [{", ".join(words)}]
}}
"""


# --- Dart ------------------------------------------------------------------------------------------------------------

_DART_WORDS = """
all assert async await break case catch class const continue default do else enum extends false final finally for
hashCode if in is new noSuchMethod null rethrow return runtimeType super switch this throw toString true try var void
while with yield
"""


def _dart(entries: Sequence[IndexEntry]) -> str:
    quote = partial(quoted, escape=braced_escape, special="$")
    words = _identifiers(entries, camel, frozenset(_DART_WORDS.split()))
    rows = [
        f"  static const {word} = Asset({_joined(_fields(entry, quote, 'null'), ': ')});\n"
        for word, entry in zip(words, entries, strict=True)
    ]
    return f"""// {NOTICE}

final class Asset {{
  const Asset({{
    required this.path,
    required this.width,
    required this.height,
    required this.format,
    required this.alt,
    required this.color,
    required this.thumbhash,
  }});

  final String path;
  final int width;
  final int height;
  final String format;
  final String alt;
  final String? color;
  final String? thumbhash;
}}

abstract final class Assets {{
{_block(rows)}  static const all = <Asset>[{", ".join(words)}];
}}
"""


# --- Kotlin ----------------------------------------------------------------------------------------------------------

_KOTLIN_WORDS = """
all as break class continue do else false for fun if in interface is null object package return super this throw true
try typealias typeof val var when while
"""


def _kotlin(entries: Sequence[IndexEntry]) -> str:
    quote = partial(quoted, escape=utf16_escape, special="$")
    words = _identifiers(entries, camel, frozenset(_KOTLIN_WORDS.split()))
    rows = [
        f"    val {word} = Asset({_joined(_fields(entry, quote, 'null'), ' = ')})\n"
        for word, entry in zip(words, entries, strict=True)
    ]
    return f"""// {NOTICE}

object Assets {{
    data class Asset(
        val path: String,
        val width: Int,
        val height: Int,
        val format: String,
        val alt: String,
        val color: String?,
        val thumbhash: String?
    )

{_block(rows)}    val all: List<Asset> = listOf({", ".join(words)})
}}
"""


# --- Python ----------------------------------------------------------------------------------------------------------


def _python(entries: Sequence[IndexEntry]) -> str:
    quote = partial(quoted, escape=python_escape)
    words = _identifiers(entries, screaming, frozenset({"ALL"}))
    rows = [
        f"{word} = Asset({_joined(_fields(entry, quote, 'None'), '=')})\n"
        for word, entry in zip(words, entries, strict=True)
    ]
    return f'''"""{NOTICE}"""

from typing import NamedTuple


class Asset(NamedTuple):
    path: str
    width: int
    height: int
    format: str
    alt: str
    color: str | None
    thumbhash: str | None


{_block(rows)}ALL: tuple[Asset, ...] = ({"".join(f"{word}, " for word in words).rstrip()})
'''


_RENDERERS: Mapping[str, Render] = {
    ".ts": _typescript,
    ".json": _json,
    ".swift": _swift,
    ".dart": _dart,
    ".kt": _kotlin,
    ".py": _python,
}

SUFFIXES = tuple(_RENDERERS)
