"""`assetgen schema`: print a JSON Schema."""

from __future__ import annotations

import json
from typing import Any

from assetgen.commands.shell import Shell
from assetgen.errors import UsageError

KINDS = ("manifest", "lock")


def run(shell: Shell, kind: str) -> int:
    """Print the schema of the manifest or of the lockfile. Raises UsageError for any other kind."""
    shell.console.data(json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n")
    return 0


def schema(kind: str) -> dict[str, Any]:
    """A JSON Schema as data. Raises UsageError for a kind that does not exist."""
    if kind == "manifest":
        from assetgen.manifest.schema import manifest_schema

        return manifest_schema()
    if kind == "lock":
        from assetgen.lock.document import lock_schema

        return lock_schema()
    raise UsageError(f"there is no schema of `{kind}`", hint=f"there are: {', '.join(KINDS)}")
