"""Index files in six languages: they compile where a compiler is at hand, and say exactly what went in."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.publish.identifiers import camel, distinct, screaming
from assetgen.publish.index import SUFFIXES, IndexEntry, render_index

HOSTILE = "say \"hi\" $you ${1} \\n \\u0041 #{x} </script> */ ''' \t\r\n\0\x7f é 漢 😀 \u202e\u2028\U000e0001\ufeff {x}"
"""What breaks strings in one language or another: quotes, interpolation, escapes, comments, ends of lines, controls,
characters that turn the text around them, and some beyond 16 bits."""

COIN = IndexEntry("coin", "img/coin.png", 24, 48, "png", "A coin", "#EC4899", "abc==")
NAMES = ("default", "class", "all", "2fast", "coin@2x", "hero-image", "hashCode", "init", "when", "None", "sheet-cell")
MANY = (
    COIN,
    IndexEntry("coin", "img/coin.webp", 24, 48, "webp", HOSTILE),
    *(IndexEntry(name, f"img/{name}.png", 1, 1, "png") for name in NAMES),
)
texts = st.text(st.characters(codec="utf-8"), max_size=30)
entries = st.lists(
    st.builds(
        IndexEntry,
        st.one_of(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,8}(@2x)?", fullmatch=True), texts),
        texts,
        st.integers(1, 9999),
        st.integers(1, 9999),
        st.sampled_from(["png", "webp", "avif", "jpg"]),
        texts,
        st.one_of(st.none(), texts),
        st.one_of(st.none(), texts),
    ),
    max_size=6,
)


def loaded(text: str) -> tuple[dict[str, object], list[tuple[object, ...]]]:
    """A Python index, run: its names, and its entries in order."""
    names: dict[str, object] = {}
    exec(compile(text, "assets.py", "exec"), names)
    every = names["ALL"]
    assert isinstance(every, tuple)
    return names, [tuple(entry) for entry in every]


def row(entry: IndexEntry) -> tuple[object, ...]:
    return entry.path, entry.width, entry.height, entry.format, entry.alt, entry.color, entry.thumbhash


@given(entries)
def test_python_says_what_went_in(some: list[IndexEntry]) -> None:
    names, found = loaded(render_index(".py", some))
    assert found == [row(entry) for entry in some]
    assert len([name for name in names if name.isupper()]) == len(some) + 1


@given(entries)
def test_json_says_what_went_in(some: list[IndexEntry]) -> None:
    assets = json.loads(render_index(".json", some))["assets"]
    assert [tuple(asset.values()) for asset in assets.values()] == [(entry.name, *row(entry)) for entry in some]


def test_python_by_name() -> None:
    names, _ = loaded(render_index(".py", MANY))
    assert names["COIN"] == row(COIN)
    assert tuple(names["COIN_WEBP"]) == row(MANY[1])  # type: ignore[arg-type]
    assert {"ALL_", "ASSET_2FAST", "COIN_2X", "HERO_IMAGE", "HASH_CODE"} <= set(names)


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_typescript_says_what_went_in(tmp_path: Path) -> None:
    """With its types left out, which a regular expression can do, it is JavaScript."""
    text = render_index(".ts", MANY)
    plain = re.sub(
        r"export interface Asset \{.*?\n\}\n|export type .*\n| as const satisfies .*?;", "", text, flags=re.S
    )
    script = tmp_path / "assets.mjs"
    script.write_text(f"{plain}\nconsole.log(JSON.stringify(Object.entries(assets)))\n", encoding="utf-8")
    ended = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True, timeout=30)
    found = dict(json.loads(ended.stdout))
    assert [tuple(asset.values()) for asset in found.values()] == [row(entry) for entry in MANY]
    assert list(found)[:6] == ["coin", "coinWebp", "default", "class", "all", "asset2fast"]


@pytest.mark.skipif(not shutil.which("tsc"), reason="the TypeScript compiler is not installed")
@pytest.mark.parametrize("some", [(), MANY])
def test_typescript_compiles(tmp_path: Path, some: Sequence[IndexEntry]) -> None:
    (tmp_path / "assets.ts").write_text(render_index(".ts", some), encoding="utf-8")
    subprocess.run(["tsc", "--strict", "--noEmit", "assets.ts"], cwd=tmp_path, check=True, timeout=120)


# --- strings and names, where no compiler is at hand -----------------------------------------------------------------

STRING = {
    ".swift": r'"(?:[^"\\\n\r]|\\[\\"nrt]|\\u\{[0-9a-f]{1,8}\})*"',
    ".dart": r'"(?:[^"\\\n\r$]|\\[\\"nrt$]|\\u\{[0-9a-f]{1,6}\})*"',
    ".kt": r'"(?:[^"\\\n\r$]|\\[\\"nrt$]|\\u[0-9a-f]{4})*"',
    ".ts": r'"(?:[^"\\\n\r]|\\[\\"nrt]|\\u[0-9a-f]{4})*"',
}
"""A whole string literal of each language, without interpolation."""

LINE = {
    ".swift": r"    public static let (\w+) = Asset\(path: S, width: N, height: N, format: S, alt: S, color: O,"
    r" thumbhash: O\)",
    ".dart": r"  static const (\w+) = Asset\(path: S, width: N, height: N, format: S, alt: S, color: O,"
    r" thumbhash: O\);",
    ".kt": r"    val (\w+) = Asset\(path = S, width = N, height = N, format = S, alt = S, color = O, thumbhash = O\)",
    ".ts": r"  (\w+): \{ path: S, width: N, height: N, format: S, alt: S, color: O, thumbhash: O \},",
}
"""A whole line of each language that declares one asset; S, N and O are a string, a number, and a string or nothing."""

NOTHING = {".swift": "nil", ".dart": "null", ".kt": "null", ".ts": "null"}


def declared(suffix: str, some: Sequence[IndexEntry]) -> list[str]:
    """The names of the assets that a file declares; every other line is the same for all files."""
    string = STRING[suffix]
    line = LINE[suffix].replace("S,", f"{string},").replace("N,", "[0-9]+,")
    line = re.sub(r"\bO\b", lambda _: f"(?:{string}|{NOTHING[suffix]})", line)
    return re.findall(f"^{line}$", render_index(suffix, some), re.MULTILINE)


@pytest.mark.parametrize("suffix", STRING)
@given(some=entries)
def test_every_asset_is_one_line_of_plain_literals(suffix: str, some: list[IndexEntry]) -> None:
    words = declared(suffix, some)
    assert len(words) == len(some)
    assert len(set(words)) == len(words)
    text = render_index(suffix, some)
    assert len(text.splitlines()) == text.count("\n"), "no other character ends a line"


@pytest.mark.parametrize(
    ("suffix", "escaped"),
    [
        (".swift", r"say \"hi\" $you ${1} \\n \\u0041"),
        (".dart", r"say \"hi\" \$you \${1} \\n \\u0041"),
        (".kt", r"say \"hi\" \$you \${1} \\n \\u0041"),
        (".ts", r"say \"hi\" $you ${1} \\n \\u0041"),
    ],
)
def test_escapes(suffix: str, escaped: str) -> None:
    text = render_index(suffix, MANY)
    assert escaped in text
    assert "é 漢 😀" in text, "what can be read stays as it is"
    assert not set("\0\x7f\u202e\u2028\U000e0001\ufeff") & set(text)
    braces = suffix in {".swift", ".dart"}
    assert (r"\u{202e}\u{2028}\u{e0001}" if braces else r"\u202e\u2028\udb40\udc01") in text


@pytest.mark.parametrize(
    ("suffix", "words"),
    [
        (".swift", "default_ class_ all_ asset2fast coin2x heroImage hashCode init_ when none sheetCell"),
        (".dart", "default_ class_ all_ asset2fast coin2x heroImage hashCode_ init when none sheetCell"),
        (".kt", "default class_ all_ asset2fast coin2x heroImage hashCode init when_ none sheetCell"),
        (".ts", "default class all asset2fast coin2x heroImage hashCode init when none sheetCell"),
    ],
)
def test_words_that_a_language_keeps_are_not_taken(suffix: str, words: str) -> None:
    assert declared(suffix, MANY)[2:] == words.split()


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("coin", "coin", "COIN"),
        ("coin@2x", "coin2x", "COIN_2X"),
        ("Coin-Stack_hero.v2", "coinStackHeroV2", "COIN_STACK_HERO_V2"),
        ("coinStack", "coinStack", "COIN_STACK"),
        ("404", "asset404", "ASSET_404"),
        ("münze", "mNze", "M_NZE"),
        ("漢", "asset", "ASSET"),
        ("", "asset", "ASSET"),
    ],
)
def test_identifiers(name: str, one: str, other: str) -> None:
    assert (camel(name), screaming(name)) == (one, other)


def test_the_first_keeps_the_name_and_a_new_format_renames_nothing() -> None:
    before = [("coin", "png"), ("coin-webp", "png")]
    assert distinct(before, camel) == ["coin", "coinWebp"]
    assert distinct([*before, ("coin", "webp")], camel) == ["coin", "coinWebp", "coinWebp_2"]
    assert distinct([*before, ("coin", "avif")], camel) == ["coin", "coinWebp", "coinAvif"]


def test_names_that_are_spelled_alike_say_which_is_which() -> None:
    both = [("a-1-320", "png"), ("a-1-320", "webp"), ("a-13-20", "png"), ("b", "png")]
    assert distinct(both, camel) == ["a1320_A1ACB5F6", "a1320_A1ACB5F6_webp", "a1320_6E19197B", "b"]
    assert distinct([("coinStack", "png"), ("coin-stack", "png")], screaming) == [
        "COIN_STACK_5AD46CDE",
        "COIN_STACK_8A50DDE5",
    ]


colliding = st.lists(st.from_regex(r"[aA]-?[12]-?[12]-?[12]?", fullmatch=True), unique=True, max_size=6)


@pytest.mark.parametrize("spell", [camel, screaming])
@given(names=colliding, data=st.data())
def test_the_order_of_assets_and_a_new_one_change_no_meaning(
    spell: Callable[[str], str], names: list[str], data: st.DataObject
) -> None:
    def meanings(some: list[str]) -> dict[str, tuple[str, str]]:
        entries = [(name, form) for name in some for form in ("png", "webp")]
        return dict(zip(distinct(entries, spell), entries, strict=True))

    before = meanings(names)
    assert meanings(data.draw(st.permutations(names))) == before
    fewer = meanings(names[:-1])
    assert all(before[word] == fewer[word] for word in before.keys() & fewer.keys())


# --- all languages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("some", [(), (COIN,), MANY])
def test_equal_entries_give_equal_text(suffix: str, some: Sequence[IndexEntry]) -> None:
    text = render_index(suffix, some)
    assert text == render_index(suffix, list(some))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "Written by assetgen" in text.splitlines()[0 if suffix != ".json" else 1]
    text.encode()


def test_half_a_character_is_replaced() -> None:
    for suffix in SUFFIXES:
        assert "\ufffd" in render_index(suffix, [IndexEntry("a", "b", 1, 1, "png", "x\ud800")])


def test_an_unknown_language() -> None:
    with pytest.raises(KeyError):
        render_index(".rs", [])
