"""`assetgen doctor`: what works here, what does not, and what to do about it. Changes nothing.

Gathers facts; `diagnosis` says what they mean.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assetgen import __version__
from assetgen.catalog import CATALOG
from assetgen.commands import diagnosis
from assetgen.commands.diagnosis import Asked, Orders, Stored
from assetgen.commands.environment import Environment, environment
from assetgen.commands.shell import Selection, Shell
from assetgen.errors import AssetgenError, LockError, StateError, UsageError
from assetgen.report.findings import Finding, Level, finding_documents, findings_text, level_counts

if TYPE_CHECKING:
    from assetgen.plan.plan import Plan
    from assetgen.project import Project
    from assetgen.providers.kie import Account, Kie

KIE = "kie"

CONNECT_SECONDS = 5.0
CALL_SECONDS = 15.0
"""How long the service is waited for: people are watching."""


def run(shell: Shell, manifests: Sequence[str], provider: str | None = None) -> int:
    """Look at everything and tell. 1 when something is a problem. Raises UsageError, and ManifestError for manifests
    that are not valid."""
    if provider and not manifests:
        raise UsageError("--provider is about what manifests order", hint="name the manifests, too")
    checkup = _examined(shell, manifests, provider)
    if shell.console.json:
        shell.console.document(_document(checkup))
    screen = shell.console.result_screen
    text = findings_text(checkup.findings, screen.width, screen.paint, quiet=shell.console.quiet)
    shell.console.result(text)
    return 1 if any(finding.level is Level.PROBLEM for finding in checkup.findings) else 0


@dataclass(frozen=True, slots=True)
class _Checkup:
    findings: tuple[Finding, ...]
    asked: Asked
    orders: Orders | None
    stored: Stored


def _examined(shell: Shell, manifests: Sequence[str], provider: str | None) -> _Checkup:
    from assetgen.commands.crash import versions
    from assetgen.imaging.codecs import codecs
    from assetgen.imaging.video.extra import video_version
    from assetgen.manifest.paths import project_root

    root = project_root(Path(manifests[0] if manifests else "manifest"), shell.cwd)
    found = environment(root, shell.environ)
    project = _project(shell, manifests, found)
    orders, errors = _orders(project, provider) if project else (None, ())
    asked, stored = _ask(found), _stored(root, loopback=_loopback(found))
    findings = (
        *diagnosis.program(_running(), tuple(versions()), codecs(), _formats(project)),
        *diagnosis.videos(video_version(), wanted=_films(project)),
        *diagnosis.removers(_lacks(found), wanted=_removers(project)),
        *diagnosis.variables(found, CATALOG.providers),
        *diagnosis.service(asked, orders),
        *diagnosis.unplanned(error for error in errors if error.code == LockError.code or not stored.errors),
        *diagnosis.store(stored),
        *diagnosis.folders({name: _is_writable(path) for name, path in _folders(root, project)}),
    )
    return _Checkup(findings, asked, orders, stored)


def _running() -> str:
    return f"assetgen {__version__}, Python {platform.python_version()}, {platform.platform()}"


# --- the manifests -------------------------------------------------------------------------------------------------


def _project(shell: Shell, manifests: Sequence[str], found: Environment) -> Project | None:
    if not manifests:
        return None
    from assetgen.project import load

    return load([Path(manifest) for manifest in manifests], environ=found.values, cwd=shell.cwd)


def _orders(project: Project, provider: str | None) -> tuple[Orders | None, tuple[AssetgenError, ...]]:
    """What a build would order, or why that cannot be told. An unknown ASSETGEN_PROVIDER is told elsewhere."""
    from assetgen import build

    ambient = project.environ.get("ASSETGEN_PROVIDER")
    if ambient and ambient not in project.catalog.providers:
        return None, ()
    try:
        return _ordered(build.plan(project, Selection(provider=provider).options(project))), ()
    except (LockError, StateError) as error:
        return None, (error,)


def _ordered(plan: Plan) -> Orders:
    from assetgen.plan.plan import Cutting, Ordered

    cutouts = (asset.cutout.order for asset in plan.assets if isinstance(asset.cutout, Cutting))
    steps = (*(step for asset in plan.assets for step in (*asset.orders, asset.upscale)), *cutouts)
    orders = [step for step in steps if isinstance(step, Ordered)]
    return Orders(tuple(order.usd for order in orders if order.asking.provider == KIE and not order.resumes))


def _formats(project: Project | None) -> frozenset[Any]:
    if project is None:
        return frozenset()
    return frozenset(spec.export.format for m in project.manifests for r in m.recipes for spec in r.outputs)


def _films(project: Project | None) -> bool:
    recipes = (recipe for manifest in (project.manifests if project else ()) for recipe in manifest.recipes)
    return any(recipe.request.kind == "video" for recipe in recipes)


def _removers(project: Project | None) -> frozenset[str]:
    """The removers that are named."""
    recipes = (recipe for manifest in (project.manifests if project else ()) for recipe in manifest.recipes)
    return frozenset(recipe.cutout.remover for recipe in recipes if recipe.cutout and recipe.cutout.remover)


def _lacks(found: Environment) -> dict[str, AssetgenError | None]:
    """What keeps the removers that need something from working. The service itself is not asked: that may cost."""
    from assetgen.removers.rembg import check_installed
    from assetgen.removers.service import account_from

    checks: dict[str, Callable[[], object]] = {
        "service": lambda: account_from(found.values),
        "rembg": check_installed,
    }
    return {name: _error_of(check) for name, check in checks.items()}


def _error_of(check: Callable[[], object]) -> AssetgenError | None:
    try:
        check()
    except AssetgenError as error:
        return error
    return None


# --- the service ---------------------------------------------------------------------------------------------------


def _loopback(found: Environment) -> bool:
    from assetgen.providers.address import is_loopback

    return is_loopback(found.values.get("KIE_AI_BASE_URL", ""))


def _ask(found: Environment) -> Asked:
    """Ask for the account, once: nobody is asked without a key, or at an address that is none."""
    from assetgen.commands.stopping import run_until_stopped
    from assetgen.providers.http import Timeouts
    from assetgen.providers.kie import Kie, key_and_address

    key, address = key_and_address(found.values)
    asked = Asked(address, has_key=bool(key))
    try:
        kie = Kie(key, {}, address=address, timeouts=Timeouts(connect=CONNECT_SECONDS, call=CALL_SECONDS))
        account = run_until_stopped(_account(kie), stopping=lambda: None)
    except AssetgenError as error:
        return replace(asked, error=error)
    skew = None if account.date is None else time.time() - account.date
    return replace(asked, credits=account.credits, skew=skew)


async def _account(kie: Kie) -> Account:
    try:
        return await kie.account()
    finally:
        await kie.close()


# --- the store -----------------------------------------------------------------------------------------------------


def _stored(root: Path, *, loopback: bool) -> Stored:
    from assetgen.store.blobs import Blobs
    from assetgen.store.folder import store_folder
    from assetgen.store.hold import holder_of

    stored = Stored(exists=store_folder(root).exists(), holder=holder_of(root))
    try:
        stored = _with_state(stored, root, loopback=loopback)
    except StateError as error:
        stored = replace(stored, errors=(error,))
    try:
        return replace(stored, survey=Blobs(root).survey())
    except StateError as error:
        return replace(stored, errors=(*stored.errors, error))


def _with_state(stored: Stored, root: Path, *, loopback: bool) -> Stored:
    """What the journal says; tasks of an emulator count only while it is one that we talk to, as in a build."""
    from assetgen.plan.request import is_real
    from assetgen.store.folder import state_path
    from assetgen.store.state import State

    with State.open_for_reading(state_path(root)) or nullcontext() as state:
        if state is None:
            return stored
        state.examine()
        tasks = [
            task for task in state.journal.open_tasks().values() if is_real(task.provider, task.task, loopback=loopback)
        ]
        return replace(stored, sound=True, tasks=tuple(tasks), requests=state.journal.requests())


# --- folders -------------------------------------------------------------------------------------------------------


def _folders(root: Path, project: Project | None) -> Iterator[tuple[str, Path]]:
    """Where a build writes: outputs, locks and the store."""
    places = {root / ".assetgen"}
    for manifest in project.manifests if project else ():
        places.add(manifest.lock_path.parent)
        places |= {(root / spec.path).parent for recipe in manifest.recipes for spec in recipe.outputs}
    for place in sorted(places):
        yield place.relative_to(root).as_posix() if place != root else "the project's folder", place


def _is_writable(folder: Path) -> bool:
    """Whether files can be put there, and the folder made where it is missing. Only asks: nothing is tried."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


# --- telling -------------------------------------------------------------------------------------------------------


def _document(checkup: _Checkup) -> dict[str, Any]:
    """The document of `doctor --json`."""
    asked, orders = checkup.asked, checkup.orders
    return {
        "findings": finding_documents(checkup.findings),
        "account": _account_document(asked),
        "orders": None if orders is None else _orders_document(orders, asked),
        "tasks": [
            {
                "provider": task.provider,
                "task": task.task,
                "state": diagnosis.fate(task),
                "prompt": diagnosis.subject(checkup.stored.requests.get(task.key)),
                "usd": None if task.usd is None else float(task.usd),
            }
            for task in checkup.stored.tasks
        ],
        "totals": level_counts(checkup.findings),
    }


def _account_document(asked: Asked) -> dict[str, float] | None:
    if asked.credits is None or asked.usd is None:
        return None
    return {"credits": float(asked.credits), "usd": float(asked.usd)}


def _orders_document(orders: Orders, asked: Asked) -> dict[str, float | None]:
    paid = None if asked.usd is None else orders.paid_by(asked.usd)
    return {"pictures": len(orders.prices), "usd": float(orders.usd), "unpriced": orders.unpriced, "paid": paid}
