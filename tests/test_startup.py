"""Starting is part of the design: what a run does not use (pictures, HTTP, templates, a terminal) it does not import.

Asked of real processes, by what they say they import.
"""

from __future__ import annotations

import pytest

from tests.support.space import Space

HEAVY = frozenset({"aiohttp", "PIL", "numpy", "jinja2", "rich"})

MANIFEST = """\
version: 1
assets:
  coin:
    prompt: A coin on a plain background.
    sizes: [24, 48]
"""


def imported(space: Space, *arguments: str) -> set[str]:
    """The top-level packages that a command imports, which has to succeed."""
    child = space.finish(space.spawn(*arguments, env={"PYTHONPROFILEIMPORTTIME": "1"}))
    assert child.exit_code == 0, child.stderr
    found = {line.rpartition("|")[2].strip().partition(".")[0] for line in child.stderr.splitlines() if "|" in line}
    assert "assetgen" in found
    return found


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["build", "--help"]])
def test_asking_what_it_is_imports_nothing_heavy(space: Space, arguments: list[str]) -> None:
    assert imported(space, *arguments) & HEAVY == set()
    assert imported(space, *arguments) & {"pydantic", "yaml", "sqlite3"} == set()


@pytest.mark.parametrize("command", ["validate", "plan"])
def test_looking_at_a_manifest_imports_nothing_heavy(space: Space, command: str) -> None:
    space.write("app.yaml", MANIFEST)
    assert imported(space, command, "app.yaml") & (HEAVY | {"asyncio"}) == set()


@pytest.mark.parametrize("command", ["build", "check", "plan"])
def test_finding_everything_up_to_date_imports_nothing_heavy(space: Space, command: str) -> None:
    space.write("app.yaml", MANIFEST)
    space.run_ok("build", "app.yaml")
    assert imported(space, command, "app.yaml") & HEAVY == set()
