"""How patiently and how fast each provider is used, and what services cost, from `providers:` of a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal

from assetgen.catalog.removers import SERVICE
from assetgen.manifest.models import ProviderTuning
from assetgen.manifest.recipe import Tuning
from assetgen.manifest.setting import Setting
from assetgen.manifest.suggest import did_you_mean_of

PRICE = "usd"


def tuning_of(written: Mapping[str, ProviderTuning], setting: Setting) -> dict[str, Tuning]:
    """The tuning of every known provider. The background removal service is none of them, and has a price alone."""
    known = setting.catalog.providers
    for name in written:
        if name not in (*known, SERVICE):
            place = setting.document.key_place(("providers", name))
            hint = did_you_mean_of(name, (*known, SERVICE))
            setting.complain("unknown-provider", f"unknown provider `{name}`", place, hint)
        else:
            _check_keys(name, written[name], setting)
    return {name: _tuned(name, written[name], setting) if name in written else Tuning() for name in known}


def service_price(written: Mapping[str, ProviderTuning]) -> Decimal:
    """What one call of the background removal service costs, in US dollars: nothing where nobody says."""
    tuning = written.get(SERVICE)
    return Decimal(str(tuning.usd)) if tuning is not None and tuning.usd is not None else Decimal(0)


def _check_keys(name: str, written: ProviderTuning, setting: Setting) -> None:
    for key, value in written:
        if value is None or (key == PRICE) == (name == SERVICE):
            continue
        place = setting.document.key_place(("providers", name, key))
        why = "has a price, `usd`, and nothing else" if name == SERVICE else "has its prices in the table of models"
        setting.complain("not-applicable", f"`{key}` does not apply to `{name}`, which {why}", place, "delete the line")


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
