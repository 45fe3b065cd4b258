"""`assetgen init`: write a starter manifest, and say where everything will be."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from assetgen.commands.shell import Shell
from assetgen.errors import Place, UsageError, WriteError

TEMPLATES = Path(__file__).with_name("templates")
"""Files that are part of the package."""

_IGNORED = frozenset((".env.local", "/.env.local", ".env*", ".env.*", "*.local", ".env*.local"))
"""Lines of a .gitignore that keep `.env.local` out of commits."""


def run(shell: Shell, folder: str, template: str) -> int:
    """Write `manifests/<template>.yaml` into `folder` and say how to go on. Raises UsageError when it exists."""
    from assetgen.manifest.paths import absolute, project_root, shown_path

    text = template_text(template)
    path = Path(folder) / "manifests" / f"{template}.yaml"
    home = absolute(Path(folder), shell.cwd)
    root = project_root(absolute(path, shell.cwd), home)
    _create(shell.cwd / path, path.as_posix(), _at_home(text, home.relative_to(root).as_posix()))
    shell.console.result(f"wrote {path.as_posix()}")
    if not shell.console.quiet:
        if project_root(path, shell.cwd) == root:
            shell.console.say(f"next: assetgen build {shown_path(shell.cwd / path, shell.cwd)}")
        else:  # nothing marks the project yet, and what it is depends on where the first build is called
            shell.console.say(f"next: cd {folder} && assetgen build manifests/{template}.yaml")
        _warn_of_keys(shell, root)
    return 0


def _at_home(text: str, prefix: str) -> str:
    """The manifest with its `output` below the folder it was made for: two of them in one repository then do not build
    into one folder. `prefix` is that folder, from the root of the project."""
    if prefix == ".":
        return text
    found = re.search(r"^output: (\S+)$", text, re.MULTILINE)
    if found is None:
        return text
    output = f"{prefix}/{found[1]}"
    written = output if re.fullmatch(r"[A-Za-z][\w./-]*", output, re.ASCII) else json.dumps(output, ensure_ascii=False)
    return f"{text[: found.start(1)]}{written}{text[found.end(1) :]}"


def _warn_of_keys(shell: Shell, root: Path) -> None:
    """A key in a repository is everybody's."""
    try:
        lines = (root / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    if _IGNORED.isdisjoint(line.strip() for line in lines):
        where = Path(os.path.relpath(root, shell.cwd))
        shell.console.say(
            f"note: a key goes into {(where / '.env.local').as_posix()}, which must not be committed: "
            f"write `.env.local` into {(where / '.gitignore').as_posix()}"
        )


def template_text(template: str) -> str:
    """The manifest of a template. Raises UsageError for one that does not exist."""
    known = sorted(path.stem for path in TEMPLATES.glob("*.yaml"))
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
