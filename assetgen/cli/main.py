"""Where a process starts with the command line."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

from assetgen.cli.boundary import tell
from assetgen.cli.commands import cli

BUG = 70


def main() -> int:
    """Run the command line of this process. What nobody expected is a bug of ours, and reported as one."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return cli.run(None, "assetgen")
    except Exception as error:
        from assetgen.commands.crash import problem_of

        return tell([problem_of(error, sys.argv[1:], os.environ)], BUG, sys.argv[1:])


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
