"""Where `assetgen` starts; kept to this, since starting is most of what an unchanged project costs."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and return its exit code."""
    # Before click is imported: the place for an answer that needs no command line, for a project that did not change.
    from assetgen.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
