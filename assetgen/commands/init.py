"""`assetgen init`: write a starter manifest."""

from __future__ import annotations

import os
from pathlib import Path

from assetgen.commands.shell import Shell
from assetgen.errors import Place, UsageError, WriteError

TEMPLATES = Path(__file__).with_name("templates")
"""Files that are part of the package."""

LATER = ("icons", "web", "video")
"""Templates that are not there yet."""


def run(shell: Shell, folder: str, template: str) -> int:
    """Write `manifests/<template>.yaml` into `folder` and say how to go on. Raises UsageError when it exists."""
    text = template_text(template)
    path = Path(folder) / "manifests" / f"{template}.yaml"
    _create(shell.cwd / path, path.as_posix(), text)
    shell.console.result(f"wrote {path.as_posix()}")
    if not shell.console.quiet:
        within = "" if folder == "." else f"cd {folder} && "
        shell.console.say(f"next: {within}assetgen build manifests/{template}.yaml")
    return 0


def template_text(template: str) -> str:
    """The manifest of a template. Raises UsageError for one that does not exist."""
    known = sorted(path.stem for path in TEMPLATES.glob("*.yaml"))
    if template in LATER:
        raise UsageError(f"the template `{template}` is not available yet", hint=f"available: {', '.join(known)}")
    if template not in known:
        from assetgen.manifest.suggest import did_you_mean_of

        raise UsageError(f"there is no template `{template}`", hint=did_you_mean_of(template, known))
    return (TEMPLATES / f"{template}.yaml").read_text(encoding="utf-8")


def _create(path: Path, shown: str, text: str) -> None:
    """Make a new file; exclusively, so that not even a file made in the same moment is lost."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(shown, error) from error
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        hint = f"build it with `assetgen build {shown}`, or choose another folder with `assetgen init DIR`"
        raise UsageError(f"{shown} exists already and is kept", hint=hint, place=Place(shown)) from None
    except OSError as error:
        raise _unwritable(shown, error) from error


def _unwritable(shown: str, error: OSError) -> WriteError:
    return WriteError(f"{shown} cannot be written: {error.strerror}", place=Place(shown))
