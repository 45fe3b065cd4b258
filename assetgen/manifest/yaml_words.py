"""The YAML parsers' complaints in plain words. PyYAML's two parsers word the same mistake differently; here both become
one sentence, a place and a next step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assetgen.manifest.document import Mark


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a parser said: its words, where the mistake shows, and where the thing it is in begins."""

    words: str
    mark: Mark
    begin: Mark | None


@dataclass(frozen=True, slots=True)
class SyntaxWords:
    """The same for people."""

    sentence: str
    mark: Mark
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class _Rule:
    """Words that a parser uses, and ours. `at_begin` points at where the unfinished thing begins; `blames_templates`
    tells that braces behind that place are the likely reason."""

    words: str
    sentence: str
    hint: str | None = None
    at_begin: bool = False
    blames_templates: bool = True


_RULES = (
    _Rule("unexpected end of stream", "this quoted text is never closed", "end it with the quote that began it", True),
    _Rule(
        "mapping values are not allowed",
        "a `:` cannot stand here",
        "quote text that holds `: `, or check the indent",
        blames_templates=False,
    ),
    _Rule("tab character|found character '\\\\t'", "a tab cannot indent YAML", "indent with spaces"),
    _Rule("expected ',' or ']'", "this list is never closed", "write `]` at its end, `,` between its values", True),
    _Rule("expected ',' or '}'", "this mapping is never closed", "write `}` at its end, `,` between its keys", True),
    _Rule("unknown escape", "this is not an escape that YAML knows", "use 'single quotes', or write `\\\\` for `\\`"),
    _Rule("alphabetic or numeric", "text cannot begin with `*` or `&`", "put the text in quotes"),
    _Rule(
        "could not find expected ':'", "this line lacks a `:`", "write `key: value`, or indent it under its key", True
    ),
    _Rule(
        "block sequence entries are not allowed",
        "a list cannot begin on the line of its key",
        "write the text without `- `, or begin the list on the next line, indented",
    ),
    _Rule("comment or (a )?line break", "the text has to begin on the next line", "move the text below, indented"),
    _Rule("node content", "a value is missing, or a bracket has no partner", None),
    _Rule("<document start>", "a bracket has no partner", "delete it, or open it earlier"),
    _Rule("incompatible YAML", "this version of YAML is not known", "delete the `%YAML` line"),
    _Rule("tag", "tags are not accepted: a manifest is plain data", "delete the `!...`"),
    _Rule(
        "expected key|expected '-' indicator|<block end>",
        "this does not fit the lines above",
        "check the indent, and that quoted text ends where its quotes do",
    ),
)


def in_plain_words(complaint: Complaint, lines: Sequence[str]) -> SyntaxWords:
    """The sentence, mark and hint for a parser's complaint about a file of these lines."""
    if "cannot start any token" in complaint.words:
        return _bad_start(complaint, lines)
    found = _colour_as_comment(complaint, lines) or _spoilt_key(complaint, lines)
    if found is not None:
        return found
    for rule in _RULES:
        if re.search(rule.words, complaint.words):
            mark = complaint.begin if rule.at_begin and complaint.begin else complaint.mark
            template = rule.blames_templates and _has_template(mark, lines)
            return SyntaxWords(rule.sentence, mark, _TEMPLATE_HINT if template else rule.hint)
    return SyntaxWords(f"this is not valid YAML: {complaint.words}", complaint.mark)


def _bad_start(complaint: Complaint, lines: Sequence[str]) -> SyntaxWords:
    line, column = complaint.mark
    character = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
    if character == "\t":
        return SyntaxWords("a tab cannot indent YAML", complaint.mark, "indent with spaces")
    return SyntaxWords(f"text cannot begin with `{character}`", complaint.mark, "put the text in quotes")


_IN_BRACKETS = re.compile("node content|expected ',' or ")
_UNQUOTED_COLOUR = re.compile(r"[:,\[]\s+(#[0-9A-Fa-f]{3,8})\b")
_UNQUOTED_COMMENT = re.compile(r"[\[{].*\s(#\w[^\s,\]}]*).*[\]}]\s*$")
_LINES_BACK = 20


def _colour_as_comment(complaint: Complaint, lines: Sequence[str]) -> SyntaxWords | None:
    """The usual reason for a bracket that seems open: a colour without quotes, which begins a comment."""
    if not _IN_BRACKETS.search(complaint.words):
        return None
    last = min(complaint.mark[0], len(lines))
    for number in range(last, max(last - _LINES_BACK, 0), -1):
        found = _UNQUOTED_COLOUR.search(lines[number - 1])
        if found:
            sentence = f"the colour `{found[1]}` is not in quotes, so it begins a comment"
            return SyntaxWords(sentence, (number, found.start(1) + 1), f'write `"{found[1]}"`')
    return _comment_in_brackets(complaint, lines)


def _comment_in_brackets(complaint: Complaint, lines: Sequence[str]) -> SyntaxWords | None:
    """`[asset:coin #cutout]`"""
    if complaint.begin is None:
        return None
    line = complaint.begin[0]
    found = _UNQUOTED_COMMENT.search(lines[line - 1]) if line <= len(lines) else None
    if found is None:
        return None
    sentence = f"`{found[1]}` begins a comment: a `#` behind a space does"
    return SyntaxWords(sentence, (line, found.start(1) + 1), "put the text in quotes, or leave the space out")


_NO_KEY = re.compile("could not find expected ':'|mapping values are not allowed")
_KEY_WITHOUT_SPACE = re.compile(r"\s*(?:- +)?([A-Za-z_][\w-]*):(?=[^\s:/\\])")


def _spoilt_key(complaint: Complaint, lines: Sequence[str]) -> SyntaxWords | None:
    """`sizes:[24]` and `sizes [24]` are text and no key; a parser stumbles only over the line that follows."""
    if not _NO_KEY.search(complaint.words):
        return None
    line, column = complaint.begin or complaint.mark
    if complaint.begin is None and ":" in lines[line - 1][: column - 1]:
        return None
    above = [number for number in range(min(line, len(lines)), 0, -1) if lines[number - 1].strip()][:3]
    for number in above[:2]:
        found = _KEY_WITHOUT_SPACE.match(lines[number - 1])
        if found:
            sentence = f"a space is missing behind `{found[1]}:`"
            return SyntaxWords(sentence, (number, found.end()), "write a space after `:`")
    if complaint.begin is None and len(above) == 3 and _begins_a_block(lines[above[2] - 1]):
        text = lines[above[1] - 1]
        return _lacking((above[1], len(text) - len(text.lstrip()) + 1)) if ":" not in text else None
    return None


def _begins_a_block(line: str) -> bool:
    return line.partition(" #")[0].rstrip().endswith(":")


def _lacking(mark: Mark) -> SyntaxWords:
    return SyntaxWords("this line lacks a `:`", mark, "write `key: value`, or indent it under its key")


_TEMPLATE_HINT = "put text that holds `{{ ... }}` in quotes"


def _has_template(mark: Mark, lines: Sequence[str]) -> bool:
    line, column = mark
    return line <= len(lines) and "{{" in lines[line - 1][column - 1 :]
