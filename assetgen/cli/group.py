"""The group of all commands: its manual page, its misspelled commands, and the way through the boundary."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from assetgen.cli.boundary import guarded
from assetgen.commands import manual
from assetgen.errors import UsageError


class CommandLine(click.Group):
    """The group of all commands, with a manual page for help and errors told in one style."""

    def main(  # type: ignore[override]  # whatever is asked for, this ends the process
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        sys.exit(self.run(args, prog_name, **extra))

    def run(self, args: Sequence[str] | None, prog_name: str | None, **extra: Any) -> int:
        """Like `main`, but returns the exit code. Lets through what nobody expected."""
        arguments = sys.argv[1:] if args is None else list(args)
        command = functools.partial(super().main, args, prog_name, standalone_mode=False, obj=arguments, **extra)
        return guarded(command, arguments)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands and not args[0].startswith("-"):
            from assetgen.manifest.suggest import did_you_mean_of

            raise UsageError(f"there is no command `{args[0]}`", hint=did_you_mean_of(args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [name for names in manual.GROUPS.values() for name in names if name in self.commands]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_usage(ctx, formatter)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(manual.ABOUT)
        _examples(formatter, "Quick start", manual.QUICK_START)
        for heading, names in manual.GROUPS.items():
            known = [(name, self.commands[name]) for name in names if name in self.commands]
            _section(formatter, heading, [(name.ljust(8), command.get_short_help_str(100)) for name, command in known])
        self.format_options(ctx, formatter)
        _section(formatter, "Environment", manual.ENVIRONMENT)
        with formatter.indentation():
            formatter.write_text(manual.ENVIRONMENT_NOTE)
        _section(formatter, "Exit codes", manual.EXIT_CODES)
        _examples(formatter, "Examples", manual.EXAMPLES)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Told by the manual page already, in groups."""


def _section(formatter: click.HelpFormatter, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(heading):
            formatter.write_dl(rows, col_max=30)


def _examples(formatter: click.HelpFormatter, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    with formatter.section(heading):
        for command, purpose in rows:
            formatter.write_text(f"{purpose}:")
            formatter.write(f"    {command}\n")
