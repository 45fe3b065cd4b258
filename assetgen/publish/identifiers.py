"""Names and strings of other languages: from whatever an asset is called or described as to source text that compiles
and says the same. Pure text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from assetgen.digest import digest_of

_MARK = 8
"""Digits of a digest that tell names apart which are spelled alike."""


def camel(name: str) -> str:
    """`coin-stack@2x` as `coinStack2x`. ASCII letters and digits only, a letter first."""
    first, *rest = _words(name)
    return first[0].lower() + first[1:] + "".join(word[0].upper() + word[1:] for word in rest)


def screaming(name: str) -> str:
    """`coinStack@2x` as `COIN_STACK_2X`."""
    return "_".join(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).upper() for word in _words(name))


def distinct(
    names: Sequence[tuple[str, str]], spell: Callable[[str], str], reserved: frozenset[str] = frozenset()
) -> list[str]:
    """One identifier for each (name, format), spelled by `spell`; none is reserved and none occurs twice.

    The order of the names changes nothing. Names that would be spelled alike all get some digits of their digest, so
    that none ever takes over what code already means. Of one name the first format keeps the plain spelling, and the
    others get their format, then a number: adding a format at the end renames nothing.
    """
    words = _told_apart({name: _unreserved(spell(name), reserved) for name, _ in names})
    taken = set(words.values())
    seen: set[str] = set()
    found = []
    for name, form in names:
        chosen = words[name] if name not in seen else _free(_with_format(name, form, words, spell, reserved), taken)
        seen.add(name)
        taken.add(chosen)
        found.append(chosen)
    return found


def _told_apart(plain: dict[str, str]) -> dict[str, str]:
    """Each name's spelling, with digits of the name's own digest where another name is spelled the same."""
    often = Counter(plain.values())
    return {name: word if often[word] == 1 else f"{word}_{_mark(name)}" for name, word in plain.items()}


def _mark(name: str) -> str:
    return digest_of(name.encode("utf-8", "surrogatepass"))[:_MARK].upper()


def _with_format(
    name: str, form: str, words: dict[str, str], spell: Callable[[str], str], reserved: frozenset[str]
) -> str:
    marked = words[name].endswith(f"_{_mark(name)}")
    return f"{words[name]}_{spell(form)}" if marked else _unreserved(spell(f"{name}-{form}"), reserved)


def quoted(text: str, escape: Callable[[int], str], special: str = "") -> str:
    """`text` in double quotes for a C-like language. What is not printable is escaped by its code point, so that no
    invisible character changes how the source reads; `special` are further characters that need a backslash."""
    return '"' + "".join(_escaped(char, escape, special) for char in text) + '"'


def utf16_escape(code: int) -> str:
    """`\\uXXXX`, twice for what lies beyond 16 bits: JavaScript, JSON and Kotlin."""
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"


def braced_escape(code: int) -> str:
    """`\\u{X}`: Swift and Dart."""
    return f"\\u{{{code:x}}}"


def python_escape(code: int) -> str:
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(char: str, escape: Callable[[int], str], special: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if char in special:
        return f"\\{char}"
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"  # half a character: no language's string can hold it and be written to a file
    return char if char.isprintable() else escape(ord(char))


def _words(name: str) -> list[str]:
    words = re.findall(r"[A-Za-z0-9]+", name)
    return words if words and not words[0][0].isdigit() else ["asset", *words]


def _unreserved(word: str, reserved: frozenset[str]) -> str:
    return f"{word}_" if word in reserved else word


def _free(word: str, taken: set[str]) -> str:
    number = 2
    chosen = word
    while chosen in taken:
        chosen = f"{word}_{number}"
        number += 1
    return chosen
