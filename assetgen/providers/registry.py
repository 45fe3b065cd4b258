"""Which providers there are, by name. Each is imported only when it is asked for."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from assetgen.errors import UsageError
from assetgen.providers.base import Provider, ProviderContext

PLUGINS = "assetgen.providers"
"""The entry-point group under which installed packages offer a factory of their own."""

Factory: TypeAlias = Callable[[ProviderContext], Provider]


def _draft(context: ProviderContext) -> Provider:
    from assetgen.providers.draft import Draft

    return Draft(context.executor)


def _kie(context: ProviderContext) -> Provider:
    from assetgen.providers.kie import kie_from

    return kie_from(context)


BUILT_IN: Mapping[str, Factory] = {"draft": _draft, "kie": _kie}


def provider_named(name: str, context: ProviderContext) -> Provider:
    """The provider called `name`. A plugin never replaces a built-in one.

    Raises UsageError for an unknown name, BadKeyError when the provider's key is missing.
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
    raise UsageError(f"unknown provider `{name}`", hint=f"{guess}Known: {', '.join(known)}")
