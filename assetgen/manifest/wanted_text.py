"""Whether a prompt asks for words in the picture: `a sign saying "OPEN"`, `the word SALE`, `bold lettering`.

Pure text, and a guess: a few plain signs in prose, which would rather miss something than find what is not there.
"""

from __future__ import annotations

import re

TEXT_WORDS = frozenset(
    ("text", "texts", "typography", "lettering", "letters", "words", "writing", "written text", "captions")
)
"""What an exclusion says that forbids any text."""

_QUOTED = r"""(?:"[^"\n]{1,120}"|“[^”\n]{1,120}”|«[^»\n]{1,120}»|(?<!\w)'[^'\n]{1,120}'(?!\w))"""
_BEFORE = (
    r"text|words?|letters?|lettering|letterforms|typography|saying|says?|reads?|reading|labell?ed|labels?|titled?|"
    r"captions?|captioned|headline|slogan|tagline|inscription|inscribed|engraved|embossed|sign|banner|logo|wordmark|"
    r"monogram|written|writes?|spelling|spells?|spelled|stamped|printed|numbers?"
)
_IN_LETTERS = r"(?:letters|lettering|type|typography|font|script|capitals|text)"
_BESIDE_A_QUOTE = (
    r"(?i)"
    rf"\b(?:{_BEFORE})\b[^.;!?\n\"“«]{{0,30}}?{_QUOTED}|"
    rf"{_QUOTED}(?: (?:is|are))? (?:in|written in) (?:[\w-]+ ){{0,4}}{_IN_LETTERS}\b"
)
_WITHOUT_QUOTES = (
    r"\b(?:[Tt]he (?:words?|letters?|text|slogan|headline|numbers?)|[Ss]aying|[Tt]hat (?:says|reads)|[Ll]abell?ed)"
    r" (?:[A-Z][\w&'-]*|\d+)(?: [A-Z][\w&'-]*)*"
)
_LETTERS = (
    r"(?i)"
    r"\b(?:legible|readable|bold|large|big|hand-?drawn|hand-?written|neon|gold(?:en)?|3d|chrome|metallic) "
    r"(?:text|lettering|typography|words|captions?|headlines?)\b"
)
_SIGNS = (
    (_BESIDE_A_QUOTE, "\"“«'"),
    (
        _WITHOUT_QUOTES,
        ("he word", "he letter", "he text", "he slogan", "he headline", "he number", "ying ", "that ", "abel"),
    ),
    (_LETTERS, ("text", "letter", "typo", "word", "caption", "headline")),
)
"""Each with what it is not worth looking for without: most prompts ask for no text, so they are not even compiled."""

_DENIED = (
    r"(?i)"
    r"\b(?:no|not|without|never|free of|avoid|instead of|"
    r"(?:room|space|area|place|blank|empty)\b.*?\b(?:for|to hold))\b"
)
"""Before the words, in the same sentence: `no label "new"`, `room for large text`."""


def wanted_text(prompt: str) -> str | None:
    """The first words of the prompt that ask for text; None where none do."""
    plain = prompt.lower()
    likely = (sign for sign, clues in _SIGNS if any(clue in plain for clue in clues))
    found = (match for sign in likely for match in re.finditer(sign, prompt))
    return next((match[0] for match in found if not _is_denied(prompt, match)), None)


def _is_denied(prompt: str, match: re.Match[str]) -> bool:
    sentence = re.split(r"[.;!?\n]", prompt[: match.start()])[-1]
    before_the_quote = re.split(r"[\"“«]", match[0])[0]
    return re.search(_DENIED, f"{sentence}{before_the_quote}") is not None
