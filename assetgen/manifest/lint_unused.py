"""Two rules of `lint`: colours and variables that no template uses. They see templates as text, and know no Jinja."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from assetgen.manifest.asset_model import Preset
from assetgen.manifest.document import Data
from assetgen.manifest.linted import Found, Linted


def unused_colour(linted: Linted) -> Iterator[Found]:
    """Colours of the manifest's own brand that nothing uses."""
    return _unused(linted, ("brand", "colors"), "brand colour", _painted(linted))


def unused_variable(linted: Linted) -> Iterator[Found]:
    """Entries of the manifest's own `vars` that nothing uses."""
    return _unused(linted, ("vars",), "variable")


def _painted(linted: Linted) -> set[str]:
    """Names of brand colours that presets use: what lies behind icons, and the theme that web manifests name."""
    presets = [preset for asset in linted.pictures for preset in asset.settled.asset.presets or ()]
    behind = {preset.background for preset in presets if isinstance(preset, Preset) and preset.background}
    return behind | {"primary"} if presets else behind


def _unused(linted: Linted, path: tuple[str, ...], what: str, elsewhere: Collection[str] = ()) -> Iterator[Found]:
    """Names of a mapping that no template mentions, nor anything `elsewhere`. What an extended file brings is there for
    others too."""
    document = linted.document
    written = _mapping_at(document.data, path)
    code = _template_code(linted) if linted.pictures and written else ""
    if not linted.pictures or not written or _uses_all(path[-1], code):
        return
    used = set(re.findall(rf"\b{path[-1]}(?:\.|\[\s*['\"])(\w+)", code))
    idle = [name for name in written if name not in elsewhere and re.split(r"\W", name)[0] not in used]
    places = {name: document.key_place((*path, name)) for name in idle}
    names = [name for name, place in places.items() if place.file == document.shown]
    if names:
        message = f"no template uses the {what}{'s' if len(names) > 1 else ''} " + ", ".join(f"`{n}`" for n in names)
        yield Found(message, places[names[0]], f"use it as `{{{{ {'.'.join((*path, names[0]))} }}}}`, or delete it")


def _uses_all(holder: str, code: str) -> bool:
    """Whether templates do something with the mapping as a whole, such as looping over it."""
    whole = rf"\b{holder}\b(?!\s*(?:\.|\[\s*['\"]))|\b{holder}\.(?:values|items|keys|get)\b"
    return re.search(whole, code) is not None


def _template_code(linted: Linted) -> str:
    """What stands in braces anywhere in assets, defaults and included files."""
    data = linted.document.data
    written = (*_strings(_mapping_at(data, ("assets",))), *_strings(_mapping_at(data, ("defaults",))), *linted.files)
    templates = (text for text in written if "{" in text)
    return "\n".join(found for text in templates for found in re.findall(r"\{[{%](.*?)[%}]\}", text, re.DOTALL))


def _mapping_at(data: Data, path: tuple[str, ...]) -> dict[str, Data]:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _strings(data: Data) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _strings(value)
