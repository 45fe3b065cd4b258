"""Which presets there are, by name, and the way from what somebody wrote to the files of one asset.

Packages that are installed beside assetgen may offer more; a built-in preset is never replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from assetgen.catalog.presets import android, apple, apps, web
from assetgen.catalog.presets.model import Brand, Ground, OptionProblem, Preset, PresetOptions, PresetOutput, Subject
from assetgen.catalog.presets.options import NOBODY, option_problems, order_of

PLUGINS = "assetgen.presets"
"""The entry-point group under which installed packages offer a `Preset` of their own."""

BUILT_IN: Mapping[str, Preset] = {
    preset.name: preset for preset in (*apple.PRESETS, *android.PRESETS, *web.PRESETS, *apps.PRESETS)
}


def preset_names() -> tuple[str, ...]:
    """All presets that can be named: the built-in ones, then those of plugins."""
    return (*BUILT_IN, *sorted(set(_offered()) - set(BUILT_IN)))


def preset_named(name: str) -> Preset | None:
    """None when there is no such preset. Loads the plugin that offers it."""
    return BUILT_IN.get(name) or _plugin(name)


def problems(
    name: str, subject: Subject, options: PresetOptions, brand: Brand, others: Mapping[str, Subject] = NOBODY
) -> tuple[OptionProblem, ...]:
    """Everything that is wrong with a preset as written; `expand` may be called when that is nothing. `others` are the
    assets that options name."""
    preset = preset_named(name)
    return (_unknown(name),) if preset is None else option_problems(preset, subject, options, brand, others)


def expand(
    name: str, subject: Subject, options: PresetOptions, brand: Brand, others: Mapping[str, Subject] = NOBODY
) -> PresetOutput:
    """The files that a preset makes of an asset. Raises ValueError where `problems` would have found something."""
    preset = preset_named(name)
    wrong = problems(name, subject, options, brand, others)
    if preset is None or wrong:
        raise ValueError("; ".join(problem.message for problem in wrong))
    return preset.expand(order_of(subject, options, brand, others))


def ground_of(options: PresetOptions, brand: Brand) -> Ground | None:
    """What `background` comes to, None where nobody wrote it."""
    return order_of(Subject(""), options, brand).background


def _unknown(name: str) -> OptionProblem:
    known = preset_names()
    near = _nearest(name, known)
    guess = f"did you mean `{near}`? " if near else ""
    return OptionProblem(None, f"unknown preset `{name}`", f"{guess}known: {', '.join(known)}")


def _nearest(word: str, known: Iterable[str]) -> str | None:
    from difflib import get_close_matches  # only mistakes pay for it

    part = next((name for name in known if word.casefold() in name.split("-")), None)
    if part is not None:
        return part
    plain = {candidate.replace("-", ""): candidate for candidate in known}
    found = get_close_matches(word.casefold().replace("-", "").replace("_", ""), plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def _plugin(name: str) -> Preset | None:
    if name not in _offered():
        return None
    from importlib.metadata import entry_points

    return cast(Preset, entry_points(group=PLUGINS)[name].load())


def _offered() -> tuple[str, ...]:
    from importlib.metadata import entry_points  # reads the environment's packages: only unknown names ask for it

    return tuple(sorted(entry_points(group=PLUGINS).names))
