"""Files that would stand in each other's way, within a manifest and between the manifests of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath

from assetgen.errors import Place, Problem
from assetgen.manifest.document import Document
from assetgen.manifest.paths import Boundary
from assetgen.manifest.recipe import AssetName, Export, LoadedManifest, OutputPath, OutputSpec


@dataclass(frozen=True, slots=True)
class AssetFiles:
    """The files of one asset, which may have no recipe because of other mistakes. `filename`, `sizes` and `presets` are
    the places of those, where they are written."""

    name: AssetName
    place: Place
    outputs: tuple[OutputSpec, ...]
    filename: Place | None = None
    sizes: Place | None = None
    presets: Place | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A manifest, and what it takes to say what is wrong with it."""

    manifest: LoadedManifest
    files: tuple[AssetFiles, ...]
    document: Document
    boundary: Boundary


@dataclass(frozen=True, slots=True)
class _Claim:
    """Something that a file is or is to be; `what` says it for people, `identity` is equal for claims to one file.
    `files` are the asset's, if it is one of its own; `preset` tells whether a preset makes it."""

    identity: str
    path: str
    what: str
    place: Place
    document: Document
    files: AssetFiles | None = None
    preset: bool = False

    def problem(self, sentence: str, other: _Claim) -> Problem:
        hint = "change `output`, `publish` or `filename` of one, or a label in its `sizes`"
        place = self.place
        if self.preset and self.files:
            hint = "give one of them an `output` or `publish` of its own: `{preset: ..., publish: ...}`"
            place = self.files.presets or place
        elif self.what == other.what == "an index file":
            hint = "delete one of the two from `emit`"
        elif place.line == 0:
            hint = "rename one of the manifests"
        elif self.files and other.files is self.files:
            place = self.files.filename or self.files.sizes or place
            if self.files.filename and self.what != other.what:
                hint = "write `{{ name }}` into `filename`, so that each cell has its own"
            elif self.files.filename:
                hint = "write `{{ suffix }}` or `{{ size }}` into `filename`, so that each size has its own"
        elif self.files and self.files.filename:
            place = self.files.filename
        return self.document.problem("collision", f"{sentence}: `{self.path}`", place, hint)


def collisions(all_resolved: Sequence[Resolved]) -> list[Problem]:
    """A problem for each two things that would be one file, or one of them a folder of the other; only the first for
    each pair of assets."""
    problems: dict[str, Problem] = {}
    claims: dict[str, _Claim] = {}
    for claim in chain.from_iterable(map(_claims, all_resolved)):
        earlier = claims.setdefault(claim.identity, claim)
        if earlier is not claim:
            sentence = f"{claim.what} and {_other(earlier, claim)} are one file"
            problems.setdefault(sentence, claim.problem(sentence, earlier))
    return [*problems.values(), *_files_as_folders(claims)]


def _other(claim: _Claim, than: _Claim) -> str:
    if claim.what == than.what and claim.place.file == than.place.file:
        return "another"
    return claim.what if claim.place.file == than.place.file else f"{claim.what} in {claim.place.file}"


def _claims(resolved: Resolved) -> Iterator[_Claim]:
    """Every file that the manifest is or writes."""
    manifest, document = resolved.manifest, resolved.document
    here = Place(manifest.shown)
    real = Boundary(manifest.path.parent)
    yield _Claim(real.identity(manifest.path.name), manifest.shown, "the manifest", here, document)
    if resolved.files:
        shown = PurePosixPath(manifest.shown).with_suffix(".lock").as_posix()
        yield _Claim(real.identity(manifest.lock_path.name), shown, "the lock", here, document)
    for index in manifest.indexes:
        yield _Claim(resolved.boundary.identity(index.path), index.path, "an index file", index.place, document)
    for files in resolved.files:
        yield from _outputs(files, resolved)


def _outputs(files: AssetFiles, resolved: Resolved) -> Iterator[_Claim]:
    def claim(path: OutputPath, what: str) -> _Claim:
        identity, preset = resolved.boundary.identity(path), not isinstance(spec.export, Export)
        return _Claim(identity, path, what, files.place, resolved.document, files, preset)

    for spec in files.outputs:
        whose = f"cell `{files.name}/{spec.cell}`" if spec.cell else f"asset `{files.name}`"
        yield claim(spec.path, f"an output of {whose}")
        yield from (claim(path, f"a published file of {whose}") for path in spec.published)


def _files_as_folders(claims: Mapping[str, _Claim]) -> Iterator[Problem]:
    """A file cannot be the folder that another file lies in."""
    folders: dict[str, _Claim] = {}
    for identity, claim in claims.items():
        folder = identity.rpartition("/")[0]
        while folder and folder not in folders:
            folders[folder] = claim
            folder = folder.rpartition("/")[0]
    for identity in claims.keys() & folders.keys():
        file, inside = claims[identity], folders[identity]
        yield file.problem(f"{file.what} is a file where {_other(inside, file)} needs a folder", inside)
