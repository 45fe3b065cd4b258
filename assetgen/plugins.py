"""What goes by a name: built in, or offered by an installed package under an entry-point group. Knows no seam."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TypeVar, cast

from assetgen.errors import UsageError

T = TypeVar("T")


def named(name: str, what: str, built_in: Mapping[str, T], group: str) -> T:
    """The `what` (`provider`, say) called `name`. A plugin never replaces a built-in one. Raises UsageError for an
    unknown name."""
    if name in built_in:
        return built_in[name]
    from importlib.metadata import entry_points  # reads the environment's packages: only unknown names ask for it

    offered = entry_points(group=group)
    if name in offered.names:
        return cast(T, offered[name].load())
    known = sorted({*built_in, *offered.names})
    close = difflib.get_close_matches(name, known, n=1)
    guess = f"did you mean `{close[0]}`? " if close else ""
    raise UsageError(f"unknown {what} `{name}`", hint=f"{guess}Known: {', '.join(known)}")
