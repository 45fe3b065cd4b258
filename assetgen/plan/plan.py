"""What a build will do, as frozen data: one verdict per asset, with its reasons and its cost.

`plan`, `check`, `build --dry-run` and `build` read the same plan: what it says is what is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from assetgen.catalog.models import Pictures
from assetgen.digest import Digest
from assetgen.errors import Problem
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedOutput
from assetgen.manifest.recipe import (
    AssetId,
    Cutout,
    LoadedManifest,
    OutputPath,
    OutputSpec,
    PixelSize,
    Recipe,
    TextExport,
)
from assetgen.plan.art import Art, Loan
from assetgen.plan.request import Asking, Shown
from assetgen.plan.world import OpenTask, Refusal, StoredCutout, StoredMaster, World


class Action(StrEnum):
    """The costliest step that has to run."""

    UP_TO_DATE = "up-to-date"
    EXPORT = "export"
    CUTOUT = "cutout"
    UPSCALE = "upscale"
    GENERATE = "generate"
    RESUME = "resume"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line and the environment say about a run.

    `only`, `regenerate` and `refresh` are globs over asset names; with `dependencies` those that are selected bring
    along what they show. `ambient_provider` is ASSETGEN_PROVIDER; `encoder`
    the version of today's encoder, known only where `refresh` needs it.
    """

    only: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    provider: str | None = None
    draft: bool = False
    regenerate: tuple[str, ...] = ()
    refresh: tuple[str, ...] = ()
    overwrite: bool = False
    ambient_provider: str | None = None
    encoder: str | None = None
    dependencies: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """The master is known: pinned by the lock, or found in the store by the key of `asking`, which then becomes the
    asset's request."""

    master: StoredMaster
    asking: Asking | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """The master is to be made by the provider, or collected where a task for it is already `open`.

    `usd` is its price in US dollars, None when unknown; `asking.reroll` is recorded before anything is sent. The size
    `expected` is `guessed` where nobody knows what the model returns.
    `pictures` is how the model takes those that it is shown. `again` is the option that orders another one; `refused`
    tells that this very request was refused before.
    """

    asking: Asking
    expected: PixelSize
    usd: Decimal | None
    open: OpenTask | None = None
    guessed: bool = False
    pictures: Pictures | None = None
    again: str = "--regenerate"
    refused: Refusal | None = None

    @property
    def resumes(self) -> bool:
        return self.open is not None and self.open.task is not None


@dataclass(frozen=True, slots=True)
class Collected:
    """The master is pinned but its bytes are gone: the service is asked for the same task's result again."""

    kept: Kept


@dataclass(frozen=True, slots=True)
class Redrawn:
    """The master is a draft whose bytes are gone: drawn again, free, and only if it comes out the same.
    `drawn` is the request that made it."""

    kept: Kept
    drawn: Asking


@dataclass(frozen=True, slots=True)
class Shared:
    """Another asset of the run orders an equal request; both use its one master."""

    leader: AssetId
    asking: Asking


MasterPlan: TypeAlias = Kept | Ordered | Collected | Redrawn | Shared


def asking_of(master: MasterPlan | None) -> Asking | None:
    """The request that a picture now answers, None when it is the locked one."""
    match master:
        case Ordered(asking=asking) | Shared(asking=asking) | Kept(asking=asking):
            return asking
        case Collected(kept) | Redrawn(kept):
            return kept.asking
        case None:
            return None


@dataclass(frozen=True, slots=True)
class Variant:
    """Where the picture of a variant comes from that is not the picked one. `number` counts from 1."""

    number: int
    master: MasterPlan


@dataclass(frozen=True, slots=True)
class KeptCutout:
    """The picture without its background is known: pinned by the lock, or found in the store. `whole` is what it was
    trimmed from, if it was, and `ordered` what was ordered for it, as it came. `standin` is what the store has instead
    of its bytes, with the very same pixels."""

    cutout: StoredCutout
    whole: StoredCutout | None = None
    ordered: Kept | None = None
    standin: Digest | None = None

    @property
    def bytes(self) -> Digest:
        """What to read it from."""
        return self.standin or self.cutout.sha256


@dataclass(frozen=True, slots=True)
class Cutting:
    """The background is to be removed by `remover`, and what is left trimmed, as `settings` say.

    `usd` is the price of that in US dollars. With a `whole` only trimming is left to do. `pinned` is what has to come
    out, where the bytes of a known cutout are made again. `open` tells of earlier calls that were never answered.
    `order` is where the picture comes from that the remover has a model make; where the first is yet to come, that of
    `Ordered` is another. It is placed `again` though an earlier one brought a result, which is of no use.
    """

    settings: Cutout
    remover: str
    usd: Decimal | None = Decimal(0)
    whole: StoredCutout | None = None
    pinned: KeptCutout | None = None
    open: OpenTask | None = None
    order: Ordered | Kept | Collected | Redrawn | None = None
    again: bool = False


CutoutPlan: TypeAlias = KeptCutout | Cutting


@dataclass(frozen=True, slots=True)
class Write:
    """One output to be put in place: made anew, or if it is `locked`, the very bytes that were recorded:
    copied from `source` (the path itself, where they stand already), or from the store when that is None.

    `saves` tells that what stands there is somebody's only copy, perhaps: the store gets it first.
    """

    spec: OutputSpec
    locked: LockedOutput | None = None
    source: OutputPath | None = None
    saves: bool = False

    @property
    def renders(self) -> bool:
        """Whether it takes the master's pixels."""
        return self.locked is None and not isinstance(self.spec.export, TextExport)


@dataclass(frozen=True, slots=True)
class AssetPlan:
    """The verdict on one asset. `kept` are outputs that stand; `dropped` are paths of the lock entry that this asset
    makes neither there nor elsewhere any more. `previous` is the lock entry in effect, `moved_from` the name it still
    has there. `shown` are the pictures of today's request. `master` is the variant with the number `picked`, and
    `others` are the rest of them, in order. `art` is what its files are made from, where that is known; `loans` is what
    other assets lend to them, by name.
    """

    asset: AssetId
    recipe: Recipe
    action: Action
    reasons: tuple[str, ...]
    usd: Decimal | None = Decimal(0)
    notes: tuple[str, ...] = ()
    master: MasterPlan | None = None
    upscale: MasterPlan | None = None
    cutout: CutoutPlan | None = None
    writes: tuple[Write, ...] = ()
    kept: tuple[OutputSpec, ...] = ()
    dropped: tuple[OutputPath, ...] = ()
    previous: Entry | None = None
    moved_from: str | None = None
    blocked: Problem | None = None
    shown: tuple[Shown, ...] = ()
    picked: int = 1
    others: tuple[Variant, ...] = ()
    art: Art | None = None
    loans: Mapping[str, Loan] = field(default_factory=dict)

    @property
    def masters(self) -> dict[int, MasterPlan]:
        """Where the picture of each variant comes from, by number; nothing for a blocked asset."""
        picked = {} if self.master is None else {self.picked: self.master}
        return dict(sorted((picked | {variant.number: variant.master for variant in self.others}).items()))

    @property
    def orders(self) -> tuple[Ordered, ...]:
        """All pictures of the asset that are to be made."""
        return tuple(master for master in self.masters.values() if isinstance(master, Ordered))

    @property
    def awaiting(self) -> Asking | None:
        """A request of the asset's that shows pictures which are not known yet, None when there is none."""
        asking = (m.asking for m in self.masters.values() if isinstance(m, Ordered | Shared))
        return next((request for request in asking if request.awaits), None)

    @property
    def base(self) -> MasterPlan | None:
        """The picture that everything else is made from: the master, or that made larger."""
        return self.upscale or self.master

    @property
    def awaits(self) -> bool:
        """Whether pictures have to be there first that are not known yet: the asset is then planned once more, and what
        comes out is this or less."""
        return self.awaiting is not None

    @property
    def replaced(self) -> tuple[OutputPath, ...]:
        """The adopted outputs that others are put in the place of."""
        outputs = self.previous.outputs if self.previous else {}
        made = (write.spec.path for write in self.writes if write.locked is None)
        return tuple(path for path in made if path in outputs and outputs[path].adopted)

    @property
    def moved(self) -> dict[OutputPath, Digest]:
        """The earlier files of a renamed asset whose very bytes are to stand at a new path."""
        if self.moved_from is None or self.previous is None:
            return {}
        placed = {write.locked.sha256 for write in self.writes if write.locked}
        here = {spec.path for spec in self.recipe.outputs}
        files = {OutputPath(path): output.sha256 for path, output in self.previous.outputs.items()}
        return {path: digest for path, digest in files.items() if digest in placed and path not in here}


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry of the lock whose asset is gone from the manifest; its files become orphans."""

    name: str
    paths: tuple[OutputPath, ...]


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """The verdict on one typed index file; without reasons it stands."""

    path: OutputPath
    reasons: tuple[str, ...] = ()
    blocked: Problem | None = None

    @property
    def due(self) -> bool:
        """Whether a build looks at it: it then writes the file if its bytes change."""
        return bool(self.reasons) and self.blocked is None


@dataclass(frozen=True, slots=True)
class ManifestPlan:
    """The verdicts on one manifest. `left_indexes` are index files of the lock that the manifest names no more."""

    manifest: LoadedManifest
    world: World
    assets: tuple[AssetPlan, ...]
    removed: tuple[Removed, ...] = ()
    indexes: tuple[IndexPlan, ...] = ()
    left_indexes: tuple[OutputPath, ...] = ()

    @property
    def up_to_date(self) -> bool:
        if self.removed or self.left_indexes or any(index.reasons for index in self.indexes):
            return False
        return all(asset.action is Action.UP_TO_DATE for asset in self.assets)


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts by action, which sum to `assets`; `usd` sums the known prices, `unpriced` counts the unknown ones."""

    assets: int
    actions: Counter[Action]
    usd: Decimal
    unpriced: int


@dataclass(frozen=True, slots=True)
class Plan:
    """`made` are all paths that somebody makes, also outside the run."""

    manifests: tuple[ManifestPlan, ...]
    options: Options
    made: frozenset[OutputPath] = frozenset()

    @property
    def assets(self) -> Iterator[AssetPlan]:
        return (asset for manifest in self.manifests for asset in manifest.assets)

    @property
    def places(self) -> frozenset[OutputPath]:
        """The paths that the manifests of the run publish to."""
        recipes = (recipe for manifest in self.manifests for recipe in manifest.manifest.recipes)
        return frozenset(place for recipe in recipes for spec in recipe.outputs for place in spec.published)

    @property
    def up_to_date(self) -> bool:
        return all(manifest.up_to_date for manifest in self.manifests)

    @property
    def idle(self) -> bool:
        """Whether a build would touch nothing at all, not even to copy a published file back."""
        return self.up_to_date and not any(asset.writes for asset in self.assets)

    @property
    def totals(self) -> Totals:
        return totals(tuple(self.assets))


def totals(assets: tuple[AssetPlan, ...]) -> Totals:
    prices = [asset.usd for asset in assets]
    return Totals(
        assets=len(assets),
        actions=Counter(asset.action for asset in assets),
        usd=sum((price for price in prices if price is not None), Decimal(0)),
        unpriced=prices.count(None),
    )
