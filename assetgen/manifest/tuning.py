"""How patiently and how fast each provider is used, from `providers:` of a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from assetgen.manifest.models import ProviderTuning
from assetgen.manifest.not_yet import OF_PROVIDERS
from assetgen.manifest.recipe import Tuning
from assetgen.manifest.setting import Setting
from assetgen.manifest.suggest import did_you_mean_of


def tuning_of(written: Mapping[str, ProviderTuning], setting: Setting) -> dict[str, Tuning]:
    """The tuning of every known provider."""
    known = setting.catalog.providers
    for name in written:
        if name not in known and name not in OF_PROVIDERS:
            place = setting.document.key_place(("providers", name))
            setting.complain("unknown-provider", f"unknown provider `{name}`", place, did_you_mean_of(name, known))
    return {name: _tuned(name, written[name], setting) if name in written else Tuning() for name in known}


def _tuned(name: str, written: ProviderTuning, setting: Setting) -> Tuning:
    known = asdict(Tuning())
    tuning = replace(Tuning(), **{key: value for key, value in written if key in known and value is not None})
    if tuning.poll_initial > tuning.poll_max:
        place = setting.document.key_place(("providers", name))
        message = (
            f"`poll_initial` of `{name}`, {tuning.poll_initial:g} s, is more than its `poll_max`, {tuning.poll_max:g} s"
        )
        setting.complain("value", message, place, "write `poll_max` too")
    return tuning
