"""What is to be copied into the app, and what stands in the way. Pure.

Only a picture that was accepted goes there (or with consent one that nobody decided about, or a draft), whole or not at
all. A file there is replaced only while it is known to be ours (product rule 7). Knows the plan and its facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assetgen.digest import Digest
from assetgen.errors import Problem
from assetgen.lock.entry import Entry
from assetgen.manifest.recipe import AssetId, OutputPath, OutputSpec
from assetgen.plan.lending import shows_draft
from assetgen.plan.ownership import Claims, Member
from assetgen.plan.plan import Action, AssetPlan, Plan
from assetgen.plan.world import MISSING, FileFact, World
from assetgen.publish.decisions import Standing, standing


class Fate(StrEnum):
    """What becomes of a published file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Copy:
    """Bytes for a `place` in the app: those of the file `source`, or of the store where that is None. `before` is what
    stood there when the plan was made, and `ours` whether those are bytes that we once put there."""

    place: OutputPath
    sha256: Digest
    source: OutputPath | None
    fate: Fate
    before: FileFact = MISSING
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """What is done for one asset: `copies` are all its published files. One that is `passed` over for a reason, or has
    a `problem`, has none. `entry` is as the lock has it."""

    asset: AssetId
    entry: Entry | None
    copies: tuple[Copy, ...] = ()
    passed: str | None = None
    problem: Problem | None = None
    note: str | None = None

    @property
    def standing(self) -> Standing:
        return standing(self.entry)

    @property
    def changes(self) -> tuple[Copy, ...]:
        return tuple(copy for copy in self.copies if copy.fate is not Fate.UNCHANGED)


def published_entry(publication: Publication, entry: Entry) -> Entry:
    """The entry as it is once the copies are in place."""
    published = {str(copy.place): copy.sha256 for copy in publication.copies}
    return entry.model_copy(update={"published": {**entry.published, **published}})


@dataclass(frozen=True, slots=True)
class Consent:
    """What else may be published than accepted pictures, and over what."""

    undecided: bool = False
    drafts: bool = False
    overwrite: bool = False


class ObstacleError(Exception):
    """Why an asset cannot be published, as a `problem`; never leaves this room."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint

    def problem(self, asset: AssetPlan) -> Problem:
        return Problem(self.code, self.message, asset.recipe.place, self.hint)


def claims_of(plan: Plan) -> Claims:
    """Whose every file is, over the manifests of a plan."""
    members = []
    for part in plan.manifests:
        heirs = {asset.moved_from: str(asset.recipe.name) for asset in part.assets if asset.moved_from}
        running = frozenset(str(asset.recipe.name) for asset in part.assets)
        members.append(Member(part.manifest, part.world, heirs, running))
    return Claims(members)


def publication(asset: AssetPlan, world: World, claims: Claims, consent: Consent) -> Publication | None:
    """What publishing does for an asset; None for one that is published nowhere."""
    if not any(spec.published for spec in asset.recipe.outputs):
        return None
    entry = asset.previous
    reason = _passed(entry, world, consent)
    if entry is None or reason:
        return Publication(asset.asset, entry, passed=reason)
    try:
        copies = tuple(_copies(asset, entry, world, claims, consent))
    except ObstacleError as obstacle:
        return Publication(asset.asset, entry, problem=obstacle.problem(asset))
    stale = asset.action not in (Action.UP_TO_DATE, Action.BLOCKED)
    note = "it is out of date; what was built before is published" if stale else None
    return Publication(asset.asset, entry, copies, note=note)


def _passed(entry: Entry | None, world: World, consent: Consent) -> str | None:
    """Why an asset is left as it is in the app, if so."""
    if entry is None:
        return "not built yet"
    decision = standing(entry)
    if decision is Standing.REJECTED:
        note = entry.decision.note if entry.decision else None
        return f"rejected: {note}" if note else "rejected"
    if decision is Standing.UNDECIDED and not consent.undecided:
        return "not decided about"
    if not consent.drafts and shows_draft(entry, world):
        return "a draft"
    return None


def _copies(asset: AssetPlan, entry: Entry, world: World, claims: Claims, consent: Consent) -> Iterable[Copy]:
    for spec in asset.recipe.outputs:
        locked = entry.outputs.get(spec.path)
        if locked is None:
            raise ObstacleError("not_built", f"`{spec.path}` is not built yet", _build_first(asset))
        fates = {place: fate_of(place, locked.sha256, world, claims, consent) for place in spec.published}
        source = _source(asset, spec, locked.sha256, world, needed=set(fates.values()) != {Fate.UNCHANGED})
        for place, fate in fates.items():
            before = world.files.get(place, MISSING)
            yield Copy(place, locked.sha256, source, fate, before, is_ours(place, before, claims))


# --- where it comes from ---------------------------------------------------------------------------------------------


def _source(asset: AssetPlan, spec: OutputSpec, digest: Digest, world: World, *, needed: bool) -> OutputPath | None:
    """The file that holds the bytes of an output, None for the store. One that was edited is not what was accepted."""
    fact = world.files.get(spec.path, MISSING)
    if fact.kind == "other" or (fact.kind == "file" and fact.sha256 != digest):
        hint = f"keep it with `assetgen adopt MANIFEST {asset.asset}` and accept that, or `build --overwrite`"
        raise ObstacleError("edited", f"`{spec.path}` was edited by hand since it was built", hint)
    for path in (spec.path, *spec.published):
        found = world.files.get(path, MISSING)
        if found.sha256 == digest and not found.pointer:
            return path
    if digest in world.blobs or not needed:
        return None
    if fact.pointer:
        raise ObstacleError("missing", f"`{spec.path}` is a Git LFS pointer here", "fetch it with `git lfs pull`")
    raise ObstacleError("missing", f"`{spec.path}` is missing", _build_first(asset))


def _build_first(asset: AssetPlan) -> str:
    return f"build it first: `assetgen build {asset.asset.manifest} --only {asset.asset}`"


# --- where it goes ---------------------------------------------------------------------------------------------------


def fate_of(place: OutputPath, digest: Digest, world: World, claims: Claims, consent: Consent) -> Fate:
    """What becomes of the file at a place that is to hold certain bytes. Raises ObstacleError when it may not be
    replaced."""
    fact = world.files.get(place, MISSING)
    if fact.kind == "missing":
        return Fate.NEW
    if fact.kind == "other":
        hint = "move it away, or choose another `publish`"
        raise ObstacleError("blocked", f"`{place}` is in the way: it is not a regular file", hint)
    if fact.sha256 == digest:
        return Fate.UNCHANGED
    if not consent.overwrite:
        _check_ours(place, fact, claims)
    return Fate.CHANGED


def is_ours(place: OutputPath, fact: FileFact, claims: Claims) -> bool:
    """Whether a file holds bytes that we put there."""
    return fact.kind == "file" and any(claim.sha256 == fact.sha256 for claim in claims.at(place))


def _check_ours(place: OutputPath, fact: FileFact, claims: Claims) -> None:
    known = claims.at(place)
    foreign = sorted((c.owner for c in known if c.owner and claims.is_foreign(c.owner)), key=str)
    if foreign:
        message = f"`{place}` is in the way: it belongs to `{foreign[0].asset}` of {foreign[0].lock}"
        raise ObstacleError("blocked", message, "give one of the two another `publish` or `filename`")
    if is_ours(place, fact, claims):
        return
    replace_it = "replace it with `--overwrite`"
    if known:
        hint = f"bring it back from version control, or {replace_it}"
        raise ObstacleError("edited", f"`{place}` was edited by hand since it was published", hint)
    message = f"`{place}` is in the way: nothing tells that assetgen put it there"
    raise ObstacleError("blocked", message, f"move it away, or {replace_it}")
