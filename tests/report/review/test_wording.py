"""What changed in a prompt, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.report.review.wording import compared


@pytest.mark.parametrize(
    ("was", "now", "marked"),
    [
        (None, "A  red\ncoin", "A red coin"),
        ("A red coin", "A red  coin", "A red coin"),
        ("A red coin", "A blue coin", "A [-red-][+blue+] coin"),
        ("A coin", "A coin, no text", "A coin[+, no text+]"),
        ("in #EC4899.", "in #8B5CF6.", "in [-#EC4899-][+#8B5CF6+]."),
        ("", "A coin", "[+A coin+]"),
    ],
)
def test_added_and_removed_words_are_marked(was: str | None, now: str, marked: str) -> None:
    marks = {"same": "{}", "added": "[+{}+]", "removed": "[-{}-]"}
    assert "".join(marks[word.kind].format(word.text) for word in compared(was, now)) == marked


@given(st.text(), st.text())
def test_both_prompts_can_be_read_from_it(was: str, now: str) -> None:
    words = compared(was, now)
    assert "".join(word.text for word in words if word.kind != "removed") == " ".join(now.split())
    assert "".join(word.text for word in words if word.kind != "added") == " ".join(was.split())
