"""The composition root: the only module that knows every seam. Reads like the corridor:
load, observe, plan, execute, lock, report.

Programs and commands call `load`, `plan` and `build`; nothing here prints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from assetgen.catalog import CATALOG, Catalog
from assetgen.engine.events import Listener, Outcome, Silence
from assetgen.manifest.recipe import LoadedManifest
from assetgen.plan.plan import Options, Plan


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


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may cost and use. `max_cost` is in US dollars for the whole run; `jobs` are image workers."""

    max_cost: Decimal | None = None
    allow_unpriced: bool = False
    fail_fast: bool = False
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """How a build went. `spent` sums what was ordered in US dollars, None when a price was unknown; `saved` what the
    store and the lock made unnecessary to buy again; `seconds` is wall time."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    requests: int
    spent: Decimal | None
    seconds: float
    interrupted: bool = False

    @property
    def failed(self) -> bool:
        return any(outcome.problem for outcome in self.outcomes)


def load(paths: Sequence[Path], *, environ: Mapping[str, str], cwd: Path, catalog: Catalog = CATALOG) -> Project:
    """Read, validate and resolve manifests. Raises ManifestError with every problem of all of them, and UsageError
    when they lie in different projects."""
    raise NotImplementedError


def plan(project: Project, options: Options) -> Plan:
    """What `build` would do. Changes nothing on disk. Raises LockError, StateError and UsageError."""
    raise NotImplementedError


async def build(
    project: Project, options: Options, limits: Limits = Limits(), listener: Listener = Silence()  # noqa: B008
) -> Report:
    """Do it. Raises BudgetError before anything is sent; what fails per asset is in the report."""
    raise NotImplementedError


async def adopt(project: Project, names: Sequence[str]) -> tuple[str, ...]:
    """Take files and inputs as they now are as correct; returns a sentence per asset. Raises UsageError."""
    raise NotImplementedError


def clean(project: Project, *, dry_run: bool = False) -> tuple[tuple[str, str], ...]:
    """Remove orphans whose bytes still match; returns (path, `removed` | `kept: edited` | `gone already`)."""
    raise NotImplementedError
