"""What commands are handed: the console, the shell that they run in, and the selection that options make."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assetgen.errors import UsageError

if TYPE_CHECKING:
    from assetgen.commands.shell import Selection, Shell
    from assetgen.report.console import Console


def console(*, json: bool = False, verbosity: int = 1, color: bool = True) -> Console:
    """The console of this process. `verbosity` is 0 for quiet, 1, or 2."""
    from assetgen.report.console import Console
    from assetgen.report.progress import Verbosity

    level = Verbosity(verbosity)
    return Console.on(sys.stdout, sys.stderr, os.environ, json=json, verbosity=level, color=color)


def shell(flags: dict[str, Any]) -> Shell:
    """The shell that the options about talking ask for; takes them out of `flags`."""
    from assetgen.commands.shell import Shell

    verbose, quiet = flags.pop("verbose", False), flags.pop("quiet")
    if verbose and quiet:
        raise UsageError("-v and -q contradict each other", hint="leave one of them out")
    talking = console(json=flags.pop("json", False), verbosity=1 + verbose - quiet, color=not flags.pop("no_color"))
    return Shell(cwd(), dict(os.environ), talking, click.get_current_context().obj)


def cwd() -> Path:
    """The current folder. Raises UsageError when it is gone."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError("the current folder does not exist any more", hint="change to another one") from None


def selection(flags: dict[str, Any]) -> Selection:
    """The selection that the options about assets make; takes them out of `flags`."""
    from assetgen.commands.shell import Selection

    names = ("only", "tags", "provider", "draft", "regenerate", "refresh", "overwrite")
    return Selection(**{name: flags.pop(name) for name in names if name in flags})
