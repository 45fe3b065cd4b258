"""The docs keep up with the code: every command, flag, manifest field and environment variable is in them, every link
leads somewhere, and the worked example of CONTRIBUTING.md works."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import click
import pytest
from pydantic import BaseModel

from assetgen.cli.commands import cli
from tests.support.sources import modules
from tests.support.space import CHECKOUT
from tests.test_layering import FLOORS

VARIABLE = re.compile(r"(KIE_AI|BG_REMOVE|ASSETGEN)_[A-Z_]+|NO_COLOR|CI")
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")


@cache
def docs() -> str:
    """All pages under docs/ as one text."""
    return "\n".join(page.read_text() for page in sorted((CHECKOUT / "docs").rglob("*.md")))


def commands(group: click.Group, words: tuple[str, ...] = ("assetgen",)) -> Iterator[tuple[str, click.Command]]:
    """Every command that people see, with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


def flags(command: click.Command) -> set[str]:
    """The long spellings of a command's options."""
    options = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]
    spellings = {spelling for option in options for spelling in (*option.opts, *option.secondary_opts)}
    return {spelling for spelling in spellings if spelling.startswith("--")}


def test_every_command_is_documented() -> None:
    assert [words for words, _ in commands(cli) if not re.search(rf"\b{words}\b", docs())] == []


def test_every_command_and_flag_explains_itself() -> None:
    for words, command in commands(cli):
        assert command.help, words
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, f"{words} {option.name}"


def test_every_flag_is_documented() -> None:
    known = {"assetgen": flags(cli)} | {words: flags(command) for words, command in commands(cli)}
    missing = [
        f"{words} {flag}"
        for words, names in known.items()
        for flag in sorted(names - {"--help"})
        if not re.search(rf"(?<![\w-]){flag}(?![\w-])", docs())
    ]
    assert missing == []


def test_every_manifest_field_is_documented() -> None:
    pytest.importorskip("assetgen.manifest.models")
    written = [model for model in subclasses(BaseModel) if model.__module__.startswith("assetgen.manifest.")]
    fields = {field.alias or name for model in written for name, field in model.model_fields.items()}
    assert "prompt" in fields
    assert [field for field in sorted(fields) if not re.search(rf"`{re.escape(field)}\b", docs())] == []


def subclasses(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


def test_every_environment_variable_is_documented() -> None:
    read = {
        node.value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VARIABLE.fullmatch(node.value)
    }
    assert [variable for variable in sorted(read) if f"`{variable}`" not in docs()] == []


def test_every_link_leads_to_a_file() -> None:
    pages = [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")]
    broken = [
        (page.name, target)
        for page in pages
        for target in LINK.findall(page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_worked_example_is_the_one_that_is_tested() -> None:
    guide = (CHECKOUT / "CONTRIBUTING.md").read_text()
    examples = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    assert examples == [(CHECKOUT / "tests" / "support" / "swatch.py").read_text()]


def test_the_guide_lists_the_floors_as_they_are() -> None:
    guide = (CHECKOUT / "CONTRIBUTING.md").read_text()
    assert re.findall(r"^\| `(\w+)/?` \|", guide, re.MULTILINE) == [floor for floor in FLOORS if floor != "__main__"]
