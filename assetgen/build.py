"""The composition root: the only module that knows every seam. Reads like the corridor:
load, observe, plan, execute, lock, report.

Programs and commands call `load`, `plan`, `build`, `adopt` and `clean`; nothing here prints.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

from assetgen.catalog import CATALOG, DRAFT, Catalog
from assetgen.engine.events import Listener, Outcome, Silence
from assetgen.errors import UsageError
from assetgen.lock import Lock, read_lock
from assetgen.manifest.recipe import LoadedManifest, Tuning
from assetgen.plan.cost import check_budget
from assetgen.plan.plan import Kept, ManifestPlan, Options, Plan
from assetgen.plan.planner import make_plan
from assetgen.plan.world import World
from assetgen.providers.address import is_loopback

SILENCE = Silence()


@dataclass(frozen=True, slots=True)
class Project:
    """What a run works on: the manifests of one project root, and the environment that counts.

    `environ` is the process environment completed by `.env` and `.env.local`; `cwd` is where paths were typed.
    """

    root: Path
    manifests: tuple[LoadedManifest, ...]
    environ: Mapping[str, str]
    cwd: Path
    catalog: Catalog = CATALOG

    @property
    def loopback(self) -> bool:
        return is_loopback(self.environ.get("KIE_AI_BASE_URL", ""))

    def options(self, options: Options) -> Options:
        """The options of the command line, completed by the environment."""
        return replace(options, ambient_provider=self.environ.get("ASSETGEN_PROVIDER") or None)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may cost and use. `max_cost` is in US dollars for the whole run; `jobs` are image workers."""

    max_cost: Decimal | None = None
    allow_unpriced: bool = False
    fail_fast: bool = False
    jobs: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Report:
    """How a build went. `spent` sums what was ordered, `saved` what the lock and the store made unnecessary to buy
    again, both in US dollars (`spent` is None when a price was unknown); `seconds` is wall time."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    requests: int
    spent: Decimal | None
    saved: Decimal
    seconds: float

    @property
    def failed(self) -> bool:
        return any(outcome.problem for outcome in self.outcomes)


def load(paths: Sequence[Path], *, environ: Mapping[str, str], cwd: Path, catalog: Catalog = CATALOG) -> Project:
    """Read, validate and resolve manifests. Raises ManifestError with every problem of all of them, and UsageError
    when they lie in different projects."""
    from assetgen.manifest.resolve import load as load_manifests

    manifests = load_manifests(paths, catalog, cwd)
    roots = {manifest.root for manifest in manifests}
    if len(roots) > 1:
        raise UsageError(
            "the manifests belong to different projects: " + ", ".join(sorted(str(root) for root in roots)),
            hint="run one command per project",
        )
    return Project(roots.pop(), manifests, environ, cwd, catalog)


def plan(project: Project, options: Options) -> Plan:
    """What `build` would do. Changes nothing on disk. Raises LockError, StateError and UsageError."""
    from assetgen.store.state import State
