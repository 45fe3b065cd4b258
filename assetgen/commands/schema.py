"""`assetgen schema`: print a JSON Schema."""

from __future__ import annotations

from assetgen.commands.shell import Shell
from assetgen.errors import UsageError
from assetgen.report.words import listed

KINDS = ("manifest", "lock")


def run(shell: Shell, kind: str) -> int:
    """Print the schema of the manifest or of the lockfile. Raises UsageError for any other kind."""
    if kind not in KINDS:
        raise UsageError(f"there is no schema of `{kind}`", hint=f"there are: {listed(KINDS, 2)}")
    shell.console.data(schema_text(kind))
    return 0
