"""What people decided about pictures: what a decision binds to, and what is decided about an asset now. Pure.

Product rule 9: a decision is about a picture as people see it, never about a name. It holds for the picked master in
the looks that its outputs had then: another master, fit, background or preset option is something nobody has seen,
while another size, format, quality or encoder of the same picture is not. Knows no file and no manifest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

from assetgen.digest import Digest, canonical_json, digest_of
from assetgen.errors import Problem
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedDecision, LockedOutput, Look
from assetgen.manifest.recipe import AssetId

Verdict: TypeAlias = Literal["accepted", "rejected"]

UNSEEN = frozenset({"format", "width", "height", "upscale", "quality", "provenance", "max_bytes", "text"})
"""Export settings that may change without another picture to look at. What is not listed here counts as visible."""


class Standing(StrEnum):
    """What is decided about the picture that an asset has now."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDECIDED = "undecided"


def standing(entry: Entry | None) -> Standing:
    """What is decided about an asset's picture; undecided also where there is none yet."""
    decision = entry.decision if entry else None
    if entry is None or decision is None or not _is_about(decision, entry):
        return Standing.UNDECIDED
    return Standing(decision.verdict)


def decided(entry: Entry, verdict: Verdict | None, *, note: str | None = None, by: str | None = None) -> Entry:
    """The entry with another decision about the picture that it has; None takes the decision back."""
    if verdict is None:
        return entry.model_copy(update={"decision": None})
    master = entry.master.sha256
    decision = LockedDecision(verdict=verdict, master=master, looks=looks_of(entry), note=note or None, by=by or None)
    return entry.model_copy(update={"decision": decision})


def picture_of(entry: Entry) -> Digest:
    """What a reviewer sees of an asset, as one digest: that of its picked master and of all looks of its outputs."""
    return digest_of(canonical_json({"master": entry.master.sha256, "looks": looks_of(entry)}))


def looks_of(entry: Entry) -> list[Look]:
    """Every look that an asset's outputs have, each once, in a stable order."""
    looks = {canonical_json(look): look for look in (_look(entry, output) for output in entry.outputs.values())}
    return [looks[key] for key in sorted(looks)]


def _look(entry: Entry, output: LockedOutput) -> Look:
    """`fit` says how a box is filled, so nothing of an output without one; a picture that a person made is a look of
    its own, and so are a picture made larger, a cutout, and one borrowed from another asset."""
    look: Look = output.export.model_dump(mode="json", exclude=set(UNSEEN), exclude_defaults=True)
    own = output.export.borrowed is None
    if output.export.height is not None:
        look |= {"fit": output.export.fit or "cover"}
    if entry.upscale is not None and own:
        look |= {"upscale": entry.upscale.sha256}
    if entry.cutout is not None and own and not output.export.original:
        look |= {"cutout": entry.cutout.sha256}
    if output.adopted:
        look |= {"adopted": output.sha256}
    return look


def _is_about(decision: LockedDecision, entry: Entry) -> bool:
    same = decision.master == entry.master.sha256
    return same and all(_was_seen(look, decision.looks) for look in looks_of(entry))


def _was_seen(look: Look, seen: Iterable[Look]) -> bool:
    """A first box is a new size; a box that is filled in another way than before is another picture."""
    fits = {was.get("fit") for was in seen if _without_fit(was) == _without_fit(look)}
    return bool(fits) and ("fit" not in look or look["fit"] in fits or fits == {None})


def _without_fit(look: Look) -> Look:
    return {name: value for name, value in look.items() if name != "fit"}


# --- deciding --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says about an asset; a `verdict` of None takes back what was said before. With `seen`, it is about
    the picture with that digest (`picture_of`) and no other."""

    asset: AssetId
    verdict: Verdict | None
    note: str | None = None
    by: str | None = None
    seen: Digest | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a judgement: what was and is decided, or the `problem` that keeps it from counting. `entry` is the
    new one, None where nothing changes."""

    judgement: Judgement
    was: Standing
    now: Standing
    entry: Entry | None = None
    problem: Problem | None = None


def judged(judgement: Judgement, entry: Entry | None) -> Judged:
    """Apply a judgement to the entry of its asset."""
    was = standing(entry)
    if entry is None:
        return Judged(judgement, was, was, problem=_not_built(judgement))
    if judgement.seen is not None and judgement.seen != picture_of(entry):
        return Judged(judgement, was, was, problem=_changed_since(judgement))
    if judgement.verdict == was and not (judgement.note or judgement.by):
        return Judged(judgement, was, was)
    after = decided(entry, judgement.verdict, note=judgement.note, by=judgement.by)
    return Judged(judgement, was, standing(after), after if after != entry else None)


def _not_built(judgement: Judgement) -> Problem:
    name, manifest = judgement.asset.name, judgement.asset.manifest
    hint = f"build it first: `assetgen build {manifest} --only {name}`"
    return Problem("not_built", f"`{name}` has no picture yet that could be {judgement.verdict or 'judged'}", hint=hint)


def _changed_since(judgement: Judgement) -> Problem:
    name = judgement.asset.name
    message = f"the picture of `{name}` is not the one that was {judgement.verdict or 'looked at'}: it changed since"
    return Problem("changed", message, hint="look at the picture that it has now, and decide about that")
