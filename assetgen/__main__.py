"""Where `assetgen` starts; kept to this, since starting is most of what an unchanged project costs."""

from __future__ import annotations

import gc
import os
import sys

from assetgen.snapshot import answer

_NEW_OBJECTS = 50_000
"""After how many Python looks for garbage in cycles. By itself it does so after 700: plans of a thousand assets make
millions, nearly all to stay, and looking through them again and again takes a quarter of the time."""


def main() -> int:
    """Run the command line and return its exit code; a project that did not change is answered for at once."""
    try:
        said = answer(sys.argv[1:], os.environ, os.getcwd())  # noqa: PTH109 - nothing more is imported for it
    except FileNotFoundError:  # the current folder is gone: the command line has words for it
        said = None
    if said is not None:
        return _say(said)
    gc.set_threshold(_NEW_OBJECTS)
    try:
        from assetgen.cli.main import main as command_line

        return command_line()
    except KeyboardInterrupt:  # before there was anything to interrupt
        return 130
    finally:
        gc.freeze()  # the end frees everything anyhow, and need not look through it before


def _say(said: str) -> int:
    """Past the buffers, so that a reader that went away is noticed here or not at all."""
    stream = sys.stderr if sys.argv[1] == "build" else sys.stdout
    try:  # noqa: SIM105 - nothing more is imported for it
        os.write(stream.fileno(), said.encode(stream.encoding, "backslashreplace"))
    except OSError:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
