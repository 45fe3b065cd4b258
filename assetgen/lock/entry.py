"""One asset in the lock: its variants, which of them is shown, and what follows an entry."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, ValidationInfo, field_validator

from assetgen.digest import Digest
from assetgen.lock.model import (
    LockedCutout,
    LockedDecision,
    LockedExport,
    LockedMaster,
    LockedOutput,
    LockedPath,
    LockedRequest,
    LockedUpscale,
    LockModel,
    Sha256,
)


class Entry(LockModel):
    """One asset. `masters` are its variants, in order; `upscale` is the one that the outputs show made larger, and
    `cutout` without its background. `outputs` maps project-relative paths to files, and `published` the paths that we
    copied outputs to, to the bytes that we put there.

    `pick` is the picked master, absent for the first; `exported` the one that the outputs still show, where another has
    been picked since.
    """

    request: LockedRequest
    masters: list[LockedMaster] = Field(min_length=1)
    upscale: LockedUpscale | None = None
    cutout: LockedCutout | None = None
    outputs: dict[LockedPath, LockedOutput]
    decision: LockedDecision | None = None
    published: dict[LockedPath, Sha256] = Field(default_factory=dict)
    pick: Sha256 | None = None
    exported: Sha256 | None = None

    @field_validator("pick", "exported")
    @classmethod
    def _one_of_them(cls, digest: Digest | None, info: ValidationInfo) -> Digest | None:
        masters: list[LockedMaster] | None = info.data.get("masters")  # absent where they are not valid themselves
        if digest is None or masters is None or any(master.sha256 == digest for master in masters):
            return digest
        raise ValueError("none of the masters has this digest")

    @property
    def master(self) -> LockedMaster:
        """The picture that the outputs show."""
        return self.masters[self._number(self.exported or self.pick) - 1]

    @property
    def picked(self) -> int:
        """The number of the picked variant, from 1."""
        return self._number(self.pick)

    @property
    def standing(self) -> int:
        """The number of the variant that the outputs show."""
        return self._number(self.exported or self.pick)

    def _number(self, digest: Digest | None) -> int:
        return 1 if digest is None else [master.sha256 for master in self.masters].index(digest) + 1

    def shows(self, number: int) -> bool:
        """Whether the outputs show the picture of that variant; another variant may have the very same one."""
        return number <= len(self.masters) and self.masters[number - 1].sha256 == self.master.sha256

    def variant(self, number: int) -> Entry | None:
        """The entry as it would be if that variant were its only picture; None when there is no such."""
        if number > len(self.masters):
            return None
        if len(self.masters) == 1:
            return self
        master = self.masters[number - 1]
        request = self.request if number == 1 else self.request.model_copy(update={"reroll": master.reroll})
        only = self.model_copy(update={"masters": [master], "request": request, "pick": None, "exported": None})
        return only if self.shows(number) else only.model_copy(update={"upscale": None, "cutout": None})

    @property
    def base(self) -> LockedMaster | LockedUpscale:
        """The picture that everything else is made from."""
        return self.upscale or self.master

    @property
    def pictures(self) -> Iterator[Digest]:
        """Every picture that outputs may be made from."""
        yield from (picture.sha256 for picture in (*self.masters, self.base))
        if self.cutout is not None:
            ordered = self.cutout.ordered.sha256 if self.cutout.ordered else None
            yield from filter(None, (self.cutout.sha256, self.cutout.whole, ordered))

    def source_of(self, export: LockedExport) -> Digest:
        """The picture that such an output is made from: one that it borrows, else the cutout, if there is one."""
        if export.borrowed is not None:
            return export.borrowed
        return self.base.sha256 if self.cutout is None or export.original else self.cutout.sha256


def succeeding(
    previous: Entry | None,
    *,
    request: LockedRequest,
    masters: list[LockedMaster],
    upscale: LockedUpscale | None,
    cutout: LockedCutout | None,
    outputs: dict[str, LockedOutput],
    pick: Digest | None = None,
    exported: Digest | None = None,
) -> Entry:
    """The entry that takes the place of `previous`: what was decided and published before is not forgotten."""
    published = previous.published if previous else {}
    entry = Entry(
        request=request,
        masters=masters,
        upscale=upscale,
        cutout=cutout,
        outputs=outputs,
        published=published,
        pick=pick,
        exported=exported,
    )
    decision = _last_word(previous, entry.master.sha256) if previous else None
    return entry if decision is None else entry.model_copy(update={"decision": decision})


def _last_word(previous: Entry, master: Digest) -> LockedDecision | None:
    """The decision as the next entry has it: with the request of the picture that it is about, unless that is the
    entry's own."""
    decision = previous.decision
    if decision is None:
        return None
    if decision.master == master:
        return decision.model_copy(update={"request": None})
    left = decision.master == previous.master.sha256
    return decision.model_copy(update={"request": previous.request}) if left else decision
