"""Which removers there are, by name. Each is imported only when it is asked for."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from assetgen.errors import UsageError
from assetgen.removers.base import Remover, RemoverContext

PLUGINS = "assetgen.removers"
"""The entry-point group under which installed packages offer a factory of their own."""

Factory: TypeAlias = Callable[[RemoverContext], Remover]


def _key(context: RemoverContext) -> Remover:
    from assetgen.removers.key import Key

    return Key(context.executor)


def _service(context: RemoverContext) -> Remover:
    from assetgen.removers.service import service_from

    return service_from(context)


def _rembg(context: RemoverContext) -> Remover:
    from assetgen.removers.rembg import Rembg, check_installed

    check_installed()
    return Rembg(context.executor)


BUILT_IN: Mapping[str, Factory] = {"key": _key, "service": _service, "rembg": _rembg}


def remover_named(name: str, context: RemoverContext) -> Remover:
    """The remover called `name`. A plugin never replaces a built-in one.

    Raises UsageError for an unknown name and for settings in the environment that cannot be right, and RemovalError
    when what the remover needs is missing.
    """
    factory = BUILT_IN.get(name) or _plugin(name)
    return factory(context)


def _plugin(name: str) -> Factory:
    from importlib.metadata import entry_points

    offered = entry_points(group=PLUGINS)
    if name in offered.names:
        return cast(Factory, offered[name].load())
    known = sorted({*BUILT_IN, *offered.names})
    close = difflib.get_close_matches(name, known, n=1)
    guess = f"did you mean `{close[0]}`? " if close else ""
    raise UsageError(f"unknown remover `{name}`", hint=f"{guess}Known: {', '.join(known)}")
