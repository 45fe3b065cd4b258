"""Which removers there are, by name. Each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from assetgen.plugins import named
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
    return named(name, "remover", BUILT_IN, PLUGINS)(context)
