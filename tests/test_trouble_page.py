"""The page about trouble quotes real messages: each example that says how it came about is made to happen again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.support.space import CHECKOUT, Space
from tests.support.works import works

PAGE = CHECKOUT / "docs" / "guide" / "when-things-go-wrong.md"
EXAMPLE = re.compile(r"<!-- (?P<steps>[^\n]*) -->\n```\n(?P<said>.*?)\n```", re.DOTALL)


def examples() -> Iterator[tuple[str, str]]:
    """The steps that lead to each example, and what is said then."""
    for found in EXAMPLE.finditer(PAGE.read_text()):
        yield found["steps"], found["said"]


@pytest.mark.parametrize(("steps", "said"), [*examples()])
def test_an_example_is_what_really_happens(space: Space, steps: str, said: str) -> None:
    """Steps are faults, in the emulator's language, and builds."""
    with works(space) as project:
        project.wants("coin", "gem", "star")
        text = ""
        for step in steps.split("; "):
            if step.startswith("build"):
                limit = step.partition("--max-cost ")[2]
                text = project.build(max_cost=Decimal(limit) if limit else None).text
            else:
                project.emulator.script(step)
        assert said in text


def test_there_are_examples_of_every_kind() -> None:
    calls = {step.partition(":")[0] for steps, _ in examples() for step in steps.split("; ")}
    assert calls >= {"create", "poll", "download"}
