"""Which files are in the way of an asset's outputs, and which of those that give way are kept in the store. Pure.

Product rule 7: a file that we did not put there, or that was changed since, is never overwritten unasked.
"""

from __future__ import annotations

from assetgen.digest import digest_of
from assetgen.errors import Problem
from assetgen.manifest.recipe import OutputPath, TextExport
from assetgen.plan.file_case import FileCase, FileVerdict, fact_at
from assetgen.plan.plan import Write
from assetgen.plan.world import FileFact, Owner


def in_the_way(case: FileCase, verdict: FileVerdict) -> Problem | None:
    """Why the file that stands at an output's path may not be replaced, if so."""
    path = verdict.spec.path
    fact = fact_at(case.world, path)
    if verdict.write is None or fact.kind == "missing":
        return None
    if fact.kind == "other":
        hint = "move it away, or choose another `filename` or `output`"
        return _blocked(case, f"`{path}` is in the way: it is not a regular file", hint)
    if case.options.overwrite or _stays_equal(case, verdict.write, fact):
        return None
    claims = case.claims.at(path)
    holders = {claim.owner for claim in claims if claim.sha256 == fact.sha256}
    for owner in _others(case, {claim.owner for claim in claims}):
        foreign = case.claims.is_foreign(owner)
        if foreign or (owner in holders and case.owner not in holders and not case.claims.is_running(owner)):
            return _belongs(case, path, owner, foreign=foreign)
    if holders or path in case.world.earlier:
        return None
    return _edited(case, path) if claims else _unknown(case, path)


def _stays_equal(case: FileCase, write: Write, fact: FileFact) -> bool:
    """Whether the file is already what it will be."""
    if write.locked is not None:
        return write.locked.sha256 == fact.sha256
    if isinstance(write.spec.export, TextExport):
        return fact.sha256 == digest_of(write.spec.export.text.encode())
    key = case.key(write.spec)
    return key is not None and fact.sha256 is not None and case.claims.is_product(key, fact.sha256)


def _others(case: FileCase, owners: set[Owner | None]) -> list[Owner]:
    return sorted((owner for owner in owners if owner and owner != case.owner), key=str)


def saves(case: FileCase, write: Write) -> bool:
    """Whether what stands there may be needed again: another asset's file, or one that a person made."""
    fact, locked = fact_at(case.world, write.spec.path), case.locked(write.spec.path)
    if fact.kind != "file" or fact.pointer or (write.locked and write.locked.sha256 == fact.sha256):
        return False
    adopted = locked is not None and locked.adopted and locked.sha256 == fact.sha256
    holders = {claim.owner for claim in case.claims.at(write.spec.path) if claim.sha256 == fact.sha256}
    return adopted or bool(_others(case, holders))


def _belongs(case: FileCase, path: OutputPath, owner: Owner, *, foreign: bool) -> Problem:
    if foreign:
        return _blocked(
            case,
            f"`{path}` is in the way: it belongs to `{owner.asset}` of {owner.lock}",
            "give one of the two another `output` or `filename`; if that one does not make it any more, build its "
            "manifest first, which gives the file free",
        )
    return _blocked(
        case,
        f"`{path}` is in the way: it still belongs to `{owner.asset}`",
        f"build `{owner.asset}` in the same run, so that it moves away, or replace it with `--overwrite`",
    )


def _edited(case: FileCase, path: OutputPath) -> Problem:
    name = case.recipe.name
    hint = f"keep it with `assetgen adopt MANIFEST {name}`, or replace it with `build --overwrite --only {name}`"
    return _blocked(case, f"`{path}` was edited by hand", hint, code="edited")


def _unknown(case: FileCase, path: OutputPath) -> Problem:
    """An adopted picture is never replaced by a real one unasked, so a forgotten draft had better not be adopted."""
    name = case.recipe.name
    adopt = f"take it as it is with `assetgen adopt MANIFEST {name}`"
    replace_it = f"replace it with `build --overwrite --only {name}`"
    hint = f"{adopt}, {replace_it}, or move it away"
    if case.drafted:
        hint = f"{replace_it} if it is an old draft, or move it away; if it is a picture to keep, {adopt}"
    return _blocked(case, f"`{path}` is in the way: no lock or store knows it", hint)


def _blocked(case: FileCase, message: str, hint: str, *, code: str = "blocked") -> Problem:
    return Problem(code, message, case.recipe.place, hint)
