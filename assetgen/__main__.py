"""Where `assetgen` starts; kept to this, since starting is most of what an unchanged project costs."""

from __future__ import annotations

import os
import sys

from assetgen.snapshot import answer


def main() -> int:
    """Run the command line and return its exit code; a project that did not change is answered for at once."""
    said = answer(sys.argv[1:], os.environ, os.getcwd())  # noqa: PTH109 - nothing more is imported for it
    if said is not None:
        stream = sys.stderr if sys.argv[1] == "build" else sys.stdout
        stream.write(said)
        return 0
    from assetgen.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
