"""A bug of ours: write all that a report of it needs into a file, without secrets, and say where it is."""

from __future__ import annotations

import os
import platform
import re
import tempfile
import time
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from assetgen import __version__
from assetgen.errors import Problem

SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH", re.IGNORECASE)
"""Variables whose values never leave the process."""

SECRET_TEXT = re.compile(r"(?<=://)[^/@\s]+(?=@)|(?<=Bearer )\S+|(?<=[?&])[^=&\s]+=[^&\s'\"]+")
"""Parts of a text that may be secret wherever they stand: logins in addresses, bearer tokens, query values."""

SHORTEST_SECRET = 6
"""Shorter values are no secrets, and would make holes everywhere."""

HIDDEN = "[hidden]"

LIBRARIES = ("aiohttp", "click", "jinja2", "pillow", "pydantic", "pyyaml", "rich")


def problem_of(error: BaseException, arguments: Sequence[str], environ: Mapping[str, str]) -> Problem:
    """The one line that people see. The rest goes to a file, see `leave_report`."""
    summary = hidden(traceback.format_exception_only(error)[-1].strip().splitlines()[0], _secrets(environ))
    return Problem("bug", f"this is a bug in assetgen: {summary}; {leave_report(error, arguments, environ)}")


def leave_report(error: BaseException, arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """Write all that a report needs beside the project's state, or else into a temporary file; say where it is."""
    text = hidden(report_text(error, arguments), _secrets(environ))
    try:
        return f"please report it with {_write(_home(), text)}"
    except OSError as failure:
        return f"its report cannot be written: {failure.strerror}"


def report_text(error: BaseException, arguments: Sequence[str]) -> str:
    """What a reader needs to find the bug: versions, command line, traceback."""
    return "\n".join(
        (
            f"assetgen {__version__}, Python {platform.python_version()}, {platform.platform()}",
            ", ".join(versions()),
            f"command: assetgen {' '.join(arguments)}",
            "",
            "".join(traceback.format_exception(error)),
        )
    )


def hidden(text: str, secrets: Iterable[str]) -> str:
    """`text` without secrets, the longest first, so that none is left in part."""
    for secret in sorted((s for s in secrets if len(s) >= SHORTEST_SECRET), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return SECRET_TEXT.sub(HIDDEN, text)


def versions() -> Iterable[str]:
    """Each library that we stand on, with its version."""
    from importlib.metadata import PackageNotFoundError, version

    for library in LIBRARIES:
        try:
            yield f"{library} {version(library)}"
        except PackageNotFoundError:
            yield f"{library} missing"


def _home() -> Path | None:
    """The project's `.assetgen`, when there is one here or above; never made for this."""
    try:
        here = Path.cwd()
    except OSError:
        return None
    return next((folder / ".assetgen" for folder in (here, *here.parents) if (folder / ".assetgen").is_dir()), None)


def _secrets(environ: Mapping[str, str]) -> set[str]:
    """Secret values of the environment, and of env files also where the process overrides them."""
    from assetgen.commands.environment import environment

    home = _home()
    try:
        files = environment(home.parent if home else Path(), {}).values
    except Exception:  # whatever is wrong with them is not the bug that is being told
        files = {}
    return {value for values in (environ, files) for name, value in values.items() if SECRET_NAME.search(name)}


def _write(home: Path | None, text: str) -> Path:
    folder = home if home and os.access(home, os.W_OK) else None
    name = f"{'' if folder else 'assetgen-'}bug-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-"
    with tempfile.NamedTemporaryFile(
        "w", prefix=name, suffix=".txt", dir=folder, delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        file.write(text)
    return Path(file.name)
