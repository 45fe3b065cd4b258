"""The one place where errors become words on the console and exit codes. Knows no command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from assetgen.cli.surroundings import console, cwd
from assetgen.errors import AssetgenError, Problem, UsageError

INTERRUPTED = 130


def guarded(command: Callable[[], int | None], arguments: Sequence[str]) -> int:
    """The exit code of `command`; whatever went wrong and could be expected is told."""
    try:
        return command() or 0
    except AssetgenError as error:
        return tell(_seen_from_here(error.problems), error.exit_code, arguments)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return UsageError.exit_code
    except click.ClickException as error:
        return tell([_misuse(error)], UsageError.exit_code, arguments)
    except (click.Abort, KeyboardInterrupt):
        problem = Problem("interrupted", "interrupted", hint="run the same command again to go on")
        return tell([problem], INTERRUPTED, arguments)


def tell(problems: Sequence[Problem], code: int, arguments: Sequence[str]) -> int:
    """Tell problems on stderr, or as JSON where the arguments ask for it; returns `code`."""
    console(json="--json" in arguments, color="--no-color" not in arguments).problems(problems)
    return code


def _seen_from_here(problems: Sequence[Problem]) -> Sequence[Problem]:
    from assetgen.report.problems import seen_from

    try:
        return [seen_from(Path.cwd(), problem) for problem in problems]
    except OSError:
        return problems


def _misuse(error: click.ClickException) -> Problem:
    """What click has to say, in our words: a sentence without a capital or a full stop, and the next step."""
    near: Sequence[str] = getattr(error, "possibilities", None) or ()
    context: click.Context | None = getattr(error, "ctx", None)
    called = context.command_path if context else "assetgen"
    if isinstance(error, click.MissingParameter) and error.param:
        name = (error.param.metavar or error.param.name or "").rstrip(".")
        meant = _only_manifest() if error.param.name == "manifests" else None
        hint = f"did you mean `{called} {meant}`?" if meant else f"see `{called} --help`, with examples"
        return Problem(UsageError.code, f"{name} is missing", hint=hint)
    sentence = error.message if near else error.format_message()
    hint = f"did you mean `{near[0]}`?" if near else f"see `{called} --help`"
    return Problem(UsageError.code, sentence[:1].lower() + sentence[1:].rstrip("."), hint=hint)


def _only_manifest() -> str | None:
    from assetgen.commands.nearby import only_manifest

    try:
        return only_manifest(cwd())
    except (OSError, UsageError):
        return None
