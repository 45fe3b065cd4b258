"""Which providers there are, by name. Each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from assetgen.plugins import named
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
    return named(name, "provider", BUILT_IN, PLUGINS)(context)
