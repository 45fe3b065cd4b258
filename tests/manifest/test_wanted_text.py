"""Which prompts ask for words in the picture, and which only sound like it."""

from __future__ import annotations

import pytest

from assetgen.manifest.wanted_text import wanted_text


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ('A shop sign saying "OPEN" at night', 'sign saying "OPEN"'),
        ("A poster with the text “Summer sale”", "text “Summer sale”"),
        ("A jar with a label that reads 'Honey'", "label that reads 'Honey'"),
        ('A badge, the words "Best of show" around it', 'words "Best of show"'),
        ("A mug with the word SALE on it", "the word SALE"),
        ("A door plate labelled Acme Pro", "labelled Acme Pro"),
        ("A neon tube that says Hello", "that says Hello"),
        ('"Happy birthday" in large golden letters', '"Happy birthday" in large golden letters'),
        ('A book titled "Dune"', 'titled "Dune"'),
        ("A banner with bold lettering", "bold lettering"),
        ('Not blurry. A logo "Acme" on a wall', 'logo "Acme"'),
        ("A street sign on the left with 'Main St'", "sign on the left with 'Main St'"),
        ("A monogram of the letter A", "the letter A"),
        ("A jersey with the number 10", "the number 10"),
        ("A stamp «Paid» and a seal inscribed «MMXX»", "inscribed «MMXX»"),
    ],
)
def test_what_asks_for_text(prompt: str, words: str) -> None:
    assert wanted_text(prompt) == words


@pytest.mark.parametrize(
    "prompt",
    [
        "A stack of coins on a plain white background",
        'A coin in a "retro" look',
        "No text, no label 'new', no letters",
        'A box without a label saying "new"',
        "The left third empty, room for large text",
        "Blank space to hold a bold headline",
        "A girl reading a book, the cat's toy and the dog's bone",
        "Textured paper, contextual light, a signature colour",
        "A sign of the times",
        "A thumb that says yes",
        "Never the word SALE",
        "Words cannot describe it",
        "A text bubble, empty",
        "",
    ],
)
def test_what_does_not(prompt: str) -> None:
    assert wanted_text(prompt) is None


def test_long_prompts_take_no_time() -> None:
    """Each sign reads a line once: tens of thousands of quotes and trigger words are nothing."""
    assert wanted_text("sign " * 20_000 + "no '" * 10_000) is None
