"""Warnings: what a manifest may say and probably does not mean, or what seldom makes a good picture.

They stop nothing and change no exit code, and `lint: {off: [CODE]}` silences each. Prompts are prose: these rules look
for a few plain signs in them and would rather miss something than complain of what is right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from assetgen.catalog.models import Model
from assetgen.catalog.removers import KEY, REMOVERS
from assetgen.errors import Place, Problem
from assetgen.manifest.cascade import Settled
from assetgen.manifest.document import Document
from assetgen.manifest.lint_unused import unused_colour, unused_variable
from assetgen.manifest.linted import Found, Linted, Pictured, Rule
from assetgen.manifest.request import exclusions_of
from assetgen.manifest.suggest import closest, did_you_mean_of, nearly
from assetgen.manifest.wanted_text import TEXT_WORDS, wanted_text


def warnings_of(linted: Linted, off: Iterable[str]) -> tuple[Problem, ...]:
    """All warnings but those that are `off`, one for each place and rule."""
    found = {
        (code, warning.place): linted.document.problem(code, f"{warning.message} [{code}]", warning.place, warning.hint)
        for code, rule in RULES.items()
        if code not in set(off)
        for warning in rule(linted)
    }
    return tuple(sorted(found.values(), key=lambda problem: problem.place or Place("")))


def unknown_codes(off: Iterable[str], document: Document) -> Iterator[Problem]:
    """A problem for each entry of `off` that is no rule."""
    for index, code in enumerate(off):
        if code not in RULES:
            place = document.value_place(("lint", "off", index))
            yield document.problem(
                "unknown-warning", f"there is no warning `{code}`", place, did_you_mean_of(code, RULES)
            )


# --- the rules -----------------------------------------------------------------------------------------------------

_HEX = re.compile(r"(?<![\w&])#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
_PLAIN = "plain|solid|pure|uniform|flat|white|black|gr[ae]y|green|magenta"
_PLAIN_BACKGROUND = re.compile(
    rf"\b(?:{_PLAIN})\b[^.;]{{0,60}}\b(?:ground|background|backdrop)\b|\b(?:background|backdrop)\b[^.;]{{0,20}}\b(?:{_PLAIN})\b|"
    r"\bisolated\b|\bcut[- ]?out\b|\bon (?:white|black)\b",
    re.IGNORECASE,
)
_TRANSPARENT = re.compile(r"\btransparent background\b|\bbackground is transparent\b", re.IGNORECASE)
_THINGS = (
    "icon",
    "badge",
    "button",
    "sticker",
    "emoji",
    "logo",
    "illustration",
    "image",
    "picture",
    "avatar",
    "version",
)
_SEVERAL = re.compile(
    rf"\b(?:(?:set|collection|pack|sheet|series|grid|assortment) of (?:[\w-]+ ){{0,3}}(?:{'|'.join(_THINGS)})s|"
    rf"(?:two|three|four|five|six|eight|nine|ten|twelve|\d+) (?:different )?(?:{'|'.join(_THINGS)})s|icon set)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|not|without|never|free of)\b", re.IGNORECASE)
_ASKING = "with|showing|shows|saying|containing|featuring|including|a|an|the|some|many|several|two|three|four|five"


def _no_hex_colour(linted: Linted) -> Iterator[Found]:
    for asset in linted.pictures:
        colours = asset.recipe.drawing.colors
        if colours and not _HEX.search(asset.words):
            name = next(iter(colours))
            message = f"the prompt of asset `{asset.settled.name}` names no colour by its hex value"
            yield asset.warning(
                message, f"a model guesses colours that it is not told: `{{{{ brand.colors.{name} }}}}`"
            )


def _literal_brand_colour(linted: Linted) -> Iterator[Found]:
    for asset in linted.pictures:
        names = {colour: name for name, colour in asset.recipe.drawing.colors.items()}
        for text, entry in _texts(asset.settled):
            for match in _HEX.finditer(text):
                name = names.get(_in_full(match[0]))
                if name is not None:
                    message = f"`{match[0]}` is `brand.colors.{name}`, written out"
                    hint = f"write `{{{{ brand.colors.{name} }}}}`: the prompt then follows the brand"
                    yield asset.warning(message, hint, _place_of(match, asset.settled, entry))


def _no_exclusions(linted: Linted) -> Iterator[Found]:
    bare = [asset for asset in linted.pictures if not asset.settled.asset.exclude and not _DENIED.search(asset.words)]
    if bare:
        names = ", ".join(f"`{asset.settled.name}`" for asset in bare[:3])
        more = f" and {len(bare) - 3} more" if len(bare) > 3 else ""
        message = f"nothing says what must not be in the picture of {names}{more}"
        place = linted.document.key_place(("assets", bare[0].settled.key))
        hint = "models like to add some: `exclude: [text, logos, watermarks]`, best under `defaults`"
        yield Found(message, place, hint)


def _several_subjects(linted: Linted) -> Iterator[Found]:
    for asset in linted.pictures:
        words = asset.words.lower()
        possible = asset.settled.asset.grid is None and any(thing in words for thing in _THINGS)  # nearly never
        match = _SEVERAL.search(words) if possible else None
        if match:
            message = f"the prompt of asset `{asset.settled.name}` asks for several things in one picture: `{match[0]}`"
            yield asset.warning(message, "make each an asset of its own, or cut the picture with `grid`")


def _no_plain_background(linted: Linted) -> Iterator[Found]:
    for asset in linted.pictures:
        cutout = asset.recipe.cutout
        facts = REMOVERS[cutout.remover or KEY] if cutout else None
        if facts and (facts.by_color or facts.pairs) and not _PLAIN_BACKGROUND.search(asset.words):
            message = f"the background of asset `{asset.settled.name}` is removed, but its prompt asks for no plain one"
            yield asset.warning(message, "add `on a plain pure white (#FFFFFF) background` to the prompt")


def _transparent_background(linted: Linted) -> Iterator[Found]:
    for asset in linted.pictures:
        match = _TRANSPARENT.search(asset.words)
        if match:
            message = f"the prompt of asset `{asset.settled.name}` asks for a `{match[0]}`"
            hint = "models draw a checkerboard then: ask for a plain white one, and write `removeBg: true`"
            yield asset.warning(message, hint)


def _excluded_and_asked_for(linted: Linted) -> Iterator[Found]:
    for asset in linted.pictures:
        for index, item in enumerate(asset.settled.asset.exclude or ()):
            if "{" not in item and _asked_for(item, asset.words):
                message = f"asset `{asset.settled.name}` excludes `{item}`, and its prompt asks for it"
                yield asset.warning(message, "delete one of the two", asset.settled.place("exclude", index))


def _illegible_text(linted: Linted) -> Iterator[Found]:
    for asset in linted.assets:
        model = linted.catalog.models.get(asset.recipe.request.model)
        begins = any(reference.begins for reference in asset.recipe.request.references)  # the still shows the text
        if model is None or model.writes is None or model.writes.holds or begins:
            continue
        wanted = wanted_text(asset.words)
        if wanted:
            name = asset.settled.name
            message = f"asset `{name}` asks for text, which the model `{model.id}` does not promise to draw legibly"
            yield asset.warning(f"{message}: `{wanted}`", _legible_hint(model, linted), _written_at(wanted, asset))


def _legible_hint(model: Model, linted: Linted) -> str:
    writers = [one.id for one in linted.catalog.models.values() if one.writes and one.writes.holds]
    alike = [id_ for id_ in writers if linted.catalog.models[id_].kind == model.kind][:3]
    if not alike:
        return "draw the text in a still, and begin the video with it: `source: asset:NAME`"
    return f"take a model that is made for it, such as {', '.join(f'`{id_}`' for id_ in alike)}, or let the app draw it"


def _text_excluded(linted: Linted) -> Iterator[Found]:
    for asset in linted.assets:
        items = [item.strip().lower() for item in exclusions_of(asset.settled)]
        index = next((at for at, item in enumerate(items) if item in TEXT_WORDS), None)
        wanted = wanted_text(asset.words) if index is not None else None
        if index is None or wanted is None or any(_asked_for(item, asset.words) for item in items if item):
            continue
        message = (
            f"the prompt of asset `{asset.settled.name}` asks for text, and its `exclude` forbids `{items[index]}`"
        )
        inherited = "" if asset.settled.is_own("exclude") else ": it then replaces the one of `defaults`"
        hint = f"write an `exclude` of its own, without it{inherited}"
        yield asset.warning(f"{message}: `{wanted}`", hint, _written_at(wanted, asset))


_DENSITY = re.compile(r"[1-9](?:\.\d)?x")


def _density_label(linted: Linted) -> Iterator[Found]:
    for asset in linted.assets:
        sizes = asset.settled.asset.sizes
        for label in sizes if isinstance(sizes, dict) else ():
            if _DENSITY.fullmatch(label):
                name = asset.settled.name
                message = f"the size `{label}` makes `{name}-{label}`, and apps look for `{name}@{label}`"
                place = asset.settled.document.key_place(asset.settled.path("sizes", label))
                yield Found(message, place, f'write `"@{label}"`, in quotes')


def _replaced_default(linted: Linted) -> Iterator[Found]:
    for asset in linted.assets:
        settled = asset.settled
        whole = settled.defaults.get("removeBg")
        if settled.written.get("removeBg") is True and isinstance(whole, dict) and whole:
            message = f"`true` replaces what `defaults` say of `removeBg` for `{settled.name}`: " + ", ".join(
                f"`{key}: {json.dumps(value)}`" for key, value in whole.items()
            )
            yield Found(message, settled.place("removeBg"), "delete the line to keep it, or write out what you mean")


def _long_prompt(linted: Linted) -> Iterator[Found]:
    for asset in linted.assets:
        name, length = asset.recipe.request.model, len(asset.recipe.request.prompt)
        model = linted.catalog.models.get(name)
        limit = model.prompt_limit if model else None
        if limit is not None and 10 * length > 9 * limit:
            message = f"the prompt of asset `{asset.settled.name}` has {length:,} characters"
            yield asset.warning(message, f"the model `{name}` takes {limit:,} at most")


def _unlisted_model(linted: Linted) -> Iterator[Found]:
    for asset in linted.assets:
        model, known = asset.recipe.request.model, linted.catalog.models
        if model in known:
            continue
        meant = nearly(model, known)
        if meant:
            guess = " or ".join(f"`{name}`" for name in meant)
            message = f"there is no model `{model}` in the table: was {guess} meant?"
            hint = "if the name is right it is sent as it is, without a known price; `assetgen models` lists the table"
        else:
            message = f"the model `{model}` is not known here, so its price and its parameters are unknown"
            hint = "it is sent as it is; `assetgen models` lists those that are known"
        yield asset.warning(message, hint, asset.settled.place("model"))


def _unlisted_input(linted: Linted) -> Iterator[Found]:
    for asset in linted.assets:
        model = linted.catalog.models.get(asset.recipe.request.model)
        for name in asset.recipe.request.input if model else ():
            known = [*(one.name for one in model.others), *(one.wire for one in model.shown)] if model else []
            if name not in known:
                near = closest(name, known)
                message = f"nothing is known of `input.{name}` for the model `{asset.recipe.request.model}`"
                hint = f"did you mean `{near}`?" if near else "it is passed on; services ignore what they do not know"
                yield asset.warning(message, hint, asset.settled.place("input", name))


RULES: Mapping[str, Rule] = {
    "no-hex-colour": _no_hex_colour,
    "literal-brand-colour": _literal_brand_colour,
    "no-exclusions": _no_exclusions,
    "several-subjects": _several_subjects,
    "no-plain-background": _no_plain_background,
    "transparent-background": _transparent_background,
    "excluded-and-asked-for": _excluded_and_asked_for,
    "text-excluded": _text_excluded,
    "illegible-text": _illegible_text,
    "density-label": _density_label,
    "replaced-default": _replaced_default,
    "long-prompt": _long_prompt,
    "unlisted-model": _unlisted_model,
    "unlisted-input": _unlisted_input,
    "unused-colour": unused_colour,
    "unused-variable": unused_variable,
}
"""By code: what `lint: {off: [...]}` silences."""

MEANINGS: Mapping[str, str] = {
    "no-hex-colour": "the brand has colours, and a prompt names none by its hex value",
    "literal-brand-colour": "a prompt has a brand colour written out, and would not follow when the brand changes",
    "no-exclusions": "nothing says what must not be in a picture",
    "several-subjects": "a prompt asks for several things in one picture, without `grid`",
    "no-plain-background": "`removeBg`, and the prompt asks for no plain background",
    "transparent-background": "a prompt asks for a transparent background, which models draw as a checkerboard",
    "excluded-and-asked-for": "a prompt asks for what its `exclude` forbids",
    "text-excluded": "a prompt asks for certain words, and its `exclude` forbids text",
    "illegible-text": "a prompt asks for text, which its model does not promise to draw legibly",
    "density-label": "a size is labelled `2x`, which makes `coin-2x.png`, and not `@2x`, which makes `coin@2x.png`",
    "replaced-default": "`removeBg: true` of an asset replaces the settings that `defaults` give, its remover too",
    "long-prompt": "a prompt has more than nine tenths of what the model takes",
    "unlisted-model": "nothing is known of the model: it is used as it is named, without a price",
    "unlisted-input": "the model is not known to have this `input`: it is passed on as it is",
    "unused-colour": "no template uses this colour of the manifest's own brand",
    "unused-variable": "no template uses this entry of the manifest's own `vars`",
}
"""What each warning says, for the reference."""


# --- what they look for --------------------------------------------------------------------------------------------


def _texts(settled: Settled) -> list[tuple[str, tuple[int, ...]]]:
    """The texts of the prompt as written, each with the entry of a list that it is."""
    prompt = settled.asset.prompt or ""
    return [(prompt, ())] if isinstance(prompt, str) else [(text, (index,)) for index, text in enumerate(prompt)]


def _in_full(colour: str) -> str:
    """`#abc` as `#AABBCC`."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    return f"#{digits.upper()}"


def _written_at(text: str, asset: Pictured) -> Place | None:
    """Where the prompt has `text`; None where a template made it."""
    found = ((re.search(re.escape(text), written), entry) for written, entry in _texts(asset.settled))
    return next((_place_of(match, asset.settled, entry) for match, entry in found if match), None)


def _place_of(match: re.Match[str], settled: Settled, entry: tuple[int, ...]) -> Place:
    """Where it is written, as nearly as YAML's folding of lines lets that be known."""
    document = settled.document
    place = document.text_place(settled.path("prompt", *entry), match.string.count("\n", 0, match.start()) + 1)
    column = (document.problem("", "", place).excerpt or "").find(match[0])
    return replace(place, column=column + 1) if column >= 0 else place


def _asked_for(item: str, words: str) -> bool:
    """Whether a prompt asks for something: `with text`, `a large logo`; not `no text`, `room for text`."""
    thing = item.strip().removesuffix("s")
    if thing.lower() not in words.lower():  # nearly always, and much faster
        return False
    asking = re.compile(rf"\b(?:{_ASKING})\s+(?:[\w-]+\s+)?{re.escape(thing)}s?\b", re.IGNORECASE)
    return any(not _DENIED.search(words[max(0, match.start() - 30) : match.end()]) for match in asking.finditer(words))
