"""What a reviewer should look at twice. Hints for people, which stop nothing and may be wrong. Pure, but for decoding a
thumbnail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assetgen.catalog import DRAFT
from assetgen.errors import PictureError
from assetgen.imaging.closeness import is_neutral, share_of
from assetgen.imaging.thumbnail import look
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import OutputPath, PixelSize
from assetgen.plan.plan import AssetPlan
from assetgen.plan.request import ADOPTED
from assetgen.plan.world import MISSING, World
from assetgen.report.review.contents import Picture
from assetgen.report.review.pictures import alike

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}\b")

_LEAST = 0.02
"""The share of a picture that a colour which was asked for should have, all of them together."""


def doubts(asset: AssetPlan, world: World, picture: Picture | None) -> Iterator[str]:
    """Sentences about an asset that has been made."""
    entry = asset.previous
    if entry is None:
        return
    yield from asset.notes
    yield from _of_size(asset, entry)
    yield from _of_files(entry, world)
    if picture is None:
        yield "no file of it stands here, so there is nothing to see"
        return
    try:
        yield from _of_look(entry, picture.thumbnail)
        yield from _of_colors(entry, picture.thumbnail)
    except PictureError:
        return


def _of_size(asset: AssetPlan, entry: Entry) -> Iterator[str]:
    """A service may return another size than it was asked for; what it returned is kept."""
    expected, got = asset.recipe.expected, PixelSize(entry.master.width, entry.master.height)
    same = asset.recipe.request.parameters == entry.request.parameters
    if expected is None or got == expected or not same or entry.master.provider == ADOPTED:
        return
    kind = "size" if alike(got, expected) else "shape"
    yield f"another {kind} than asked for was received: {got} instead of {expected}"


def _of_files(entry: Entry, world: World) -> Iterator[str]:
    for path, output in sorted(entry.outputs.items()):
        fact = world.files.get(OutputPath(path), MISSING)
        if fact.kind != "file":
            yield f"{path} is missing"
        elif fact.sha256 != output.sha256:
            yield f"{path} was changed by hand since it was made"


def _of_look(entry: Entry, thumbnail: bytes) -> Iterator[str]:
    """What was trimmed touches every side, as it should."""
    seen = look(thumbnail)
    if seen.empty:
        yield "nothing is to be seen: the picture is transparent all over"
    elif seen.cut and not (entry.cutout and entry.cutout.crop):
        yield f"the subject runs out of the picture ({', '.join(seen.cut)})"
    elif entry.cutout and not seen.clear and not _has_ground(entry):
        yield "its background was removed, and yet nothing of it is transparent"


def _has_ground(entry: Entry) -> bool:
    """Whether what is transparent is laid on a colour, as in every JPEG."""
    return any(output.export.background or output.export.format == "jpg" for output in entry.outputs.values())


def _of_colors(entry: Entry, thumbnail: bytes) -> Iterator[str]:
    """A prompt may name several colours, and say of most where they go; that none of them is there is odd. Not of a
    draft, which does as it likes."""
    if entry.master.provider in (ADOPTED, DRAFT):
        return
    named = [color for color in dict.fromkeys(_COLOR.findall(entry.request.prompt)) if not is_neutral(color)]
    if named and share_of(thumbnail, named) < _LEAST:
        yield f"hardly anything has a colour that the prompt names ({', '.join(named)})"
