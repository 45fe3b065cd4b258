"""Jinja's complaints about a template's syntax in plain words. Knows its messages, and imports nothing of it."""

from __future__ import annotations

import re

from assetgen.manifest.suggest import did_you_mean, did_you_mean_of
from assetgen.manifest.template import TemplateError

TAGS = ("if", "elif", "else", "endif", "for", "endfor", "set", "include", "import", "from", "macro", "endmacro", "raw")
"""The tags that prompts need, for near misses."""

_RULES = "write `{{ name }}`; see the template rules"
_OPENINGS = re.compile(r"\{\{|\{%|\{#")
_CLOSINGS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_UNKNOWN_TAG = re.compile(r"Encountered unknown tag '(\w+)'")
_INNERMOST = re.compile(r"innermost block that needs to be closed is '(\w+)'")
_GOT = re.compile(r"expected token '[^']*', got '([^']*)'")
_NO_TEST = re.compile(r"No test named '(\w+)'")
_CHARACTER = re.compile(r"unexpected char '(.)'")
_TESTS = ("defined", "divisibleby", "even", "in", "mapping", "none", "number", "odd", "sequence", "string", "undefined")


def in_plain_words(words: str, text: str, line: int) -> TemplateError:
    """What Jinja says of `text` in `words`, about its `line`-th line from 1."""
    opening = _unclosed(text)
    if opening is not None:
        mark, number, word = opening
        return TemplateError(f"`{mark}` is never closed", f"write `{_CLOSINGS[mark]}` behind it", number, word)
    if innermost := _INNERMOST.search(words):
        tag = innermost[1]
        return TemplateError(f"`{{% {tag} %}}` is never closed", f"write `{{% end{tag} %}}`", _last(text, tag), tag)
    if unknown := _UNKNOWN_TAG.match(words):
        return _unknown_tag(unknown[1], line)
    if test := _NO_TEST.match(words):
        return TemplateError(f"there is no test `{test[1]}`", did_you_mean(test[1], _TESTS), line, test[1])
    return _wrong_inside(words, line)


def _wrong_inside(words: str, line: int) -> TemplateError:
    """What is wrong between braces that have their partners."""
    if words.startswith("Expected an expression"):
        return TemplateError("there is nothing between the braces", _RULES, line)
    if words.startswith("expected name or number"):
        return TemplateError("a name is missing behind a `.`", _RULES, line)
    if character := _CHARACTER.match(words):
        return TemplateError(f"`{character[1]}` means nothing in a template", _RULES, line)
    if got := _GOT.match(words):
        hint = "write one name between the braces, and filters behind `|`"
        return TemplateError(f"`{got[1]}` cannot stand where it does", hint, line, got[1])
    words = words.rstrip(".") or "it is not a template"
    return TemplateError(words[0].lower() + words[1:], _RULES, line)


def _unknown_tag(tag: str, line: int) -> TemplateError:
    if tag in TAGS:
        begin = {"elif": "if", "else": "if"}.get(tag, tag.removeprefix("end"))
        return TemplateError(f"`{{% {tag} %}}` belongs to no `{{% {begin} %}}`", "delete it", line, tag)
    return TemplateError(f"there is no tag `{tag}`", did_you_mean_of(tag, TAGS), line, tag)


def _unclosed(text: str) -> tuple[str, int, str] | None:
    """The first opening brace that has no partner before the next one, its line, and the word behind it."""
    if "{% raw" in text:
        return None
    found = list(_OPENINGS.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=True):
        if _CLOSINGS[match[0]] not in text[match.end() : end]:
            word = re.match(r"[-\s]*([\w.]*)", text[match.end() :])
            return match[0], text.count("\n", 0, match.start()) + 1, word[1] if word else ""
    return None


def _last(text: str, tag: str) -> int:
    """The line of the last `tag` that begins a block."""
    found = [match.start() for match in re.finditer(rf"\{{%-?\s*{tag}\b", text)]
    return text.count("\n", 0, found[-1]) + 1 if found else 1
