"""What facts about an installation and a project mean: each function turns some of them into findings. Pure.

`doctor` gathers the facts. Values of variables are never shown, except the host of an address.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

from assetgen.commands.environment import ENV_FILES, VARIABLES, Environment
from assetgen.digest import StepKey
from assetgen.errors import AssetgenError
from assetgen.manifest.recipe import Format
from assetgen.manifest.suggest import did_you_mean_of
from assetgen.plan.doubt import AMBIGUITIES
from assetgen.plan.world import OpenTask
from assetgen.providers.address import is_loopback
from assetgen.providers.kie_answers import USD_PER_CREDIT
from assetgen.report.findings import Finding, Level
from assetgen.report.words import counted, duration, listed, money
from assetgen.store.blobs import Survey
from assetgen.store.hold import Holder

SKEW = 60.0
"""Seconds by which two clocks may differ; the service tells its own in whole seconds."""

_SUBJECT = 40
"""Longest part of a prompt that is shown, in characters."""

_LISTED = 8
"""How many tasks or files are named before `and N more`."""

_LOG_PAGE = "look for it on the service's log page, https://kie.ai/logs"


# --- facts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Orders:
    """What the given manifests would order from KIE: a price each in US dollars, None when it is unknown."""

    prices: tuple[Decimal | None, ...]

    @property
    def usd(self) -> Decimal:
        return sum((price for price in self.prices if price is not None), Decimal(0))

    @property
    def unpriced(self) -> int:
        return self.prices.count(None)

    def paid_by(self, usd: Decimal) -> int:
        """How many of them an amount pays for, in this order; those of unknown price count as free."""
        spent, paid = Decimal(0), 0
        for price in self.prices:
            spent += price or Decimal(0)
            if spent > usd:
                break
            paid += 1
        return paid


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking KIE. `error` is what kept us from an answer; `skew` by how many seconds our clock is ahead of
    the service's, None when it did not say."""

    address: str
    has_key: bool
    credits: Decimal | None = None
    skew: float | None = None
    error: AssetgenError | None = None

    @property
    def usd(self) -> Decimal | None:
        return None if self.credits is None else self.credits * USD_PER_CREDIT


@dataclass(frozen=True, slots=True)
class Stored:
    """What is in the store, and what could not be read of it. `sound` tells that the database was looked through and is
    whole; `requests` are those of the tasks, as JSON, by key."""

    exists: bool
    sound: bool = False
    holder: Holder | None = None
    survey: Survey | None = None
    tasks: tuple[OpenTask, ...] = ()
    requests: Mapping[StepKey, str] = field(default_factory=dict)
    errors: tuple[AssetgenError, ...] = ()


# --- what they mean ------------------------------------------------------------------------------------------------


def videos(version: str | None, *, wanted: bool) -> Iterator[Finding]:
    """The optional part for videos: its version, None where it is not there; whether a manifest asks for one."""
    if version is not None:
        yield _ok("program", "videos", f"makes videos (PyAV {version})")
        return
    hint = 'pip install "assetgen-build[video]"'
    level = Level.PROBLEM if wanted else Level.OK
    yield Finding("program", "videos", level, "the optional part for videos is not installed", hint if wanted else None)


def removers(lacks: Mapping[str, AssetgenError | None], *, wanted: Collection[str]) -> Iterator[Finding]:
    """Who can remove backgrounds here besides the embedded remover: what each lacks, None when it lacks nothing. What
    nobody wants may lack anything."""
    for name, error in lacks.items():
        if error is None:
            yield _ok("program", "remover", f"backgrounds can be removed by `{name}`")
        elif name in wanted:
            yield Finding("program", error.code, Level.PROBLEM, error.message, error.hint)


def program(
    running: str, libraries: Sequence[str], codecs: Mapping[Format, str | None], wanted: Collection[Format]
) -> Iterator[Finding]:
    """The installation. `running` names us and our Python; `wanted` are the formats that the manifests ask for."""
    yield _ok("program", "version", running)
    yield _ok("program", "libraries", ", ".join(libraries))
    yield _ok("program", "formats", "writes " + ", ".join(f"{form} ({lib})" for form, lib in codecs.items() if lib))
    for form, library in codecs.items():
        if library is None:
            level = Level.PROBLEM if form in wanted else Level.WARNING
            hint = "install Pillow from its wheels: `pip install --force-reinstall --only-binary :all: pillow`"
            yield Finding("program", "format_missing", level, f"this Pillow cannot write {form} files", hint)


def variables(found: Environment, providers: Sequence[str]) -> Iterator[Finding]:
    """The environment: names, and where their values come from."""
    area = "environment"
    files = " and ".join(found.read)
    yield _ok(area, "env_files", f"{files} read" if files else f"there is no {' and no '.join(ENV_FILES)}")
    for name in VARIABLES:
        if found.values.get(name):
            yield _ok(area, "variable", f"{name} comes from {found.sources.get(name, 'the environment')}")
    for warning in found.warnings:
        place = f"{warning.place}: " if warning.code == "env_file" else ""
        yield Finding(area, warning.code, Level.WARNING, place + warning.message, warning.hint)
    named = found.values.get("ASSETGEN_PROVIDER")
    if named and named not in providers:
        message = f"ASSETGEN_PROVIDER names an unknown provider: `{named}`"
        yield Finding(area, "unknown_provider", Level.PROBLEM, message, did_you_mean_of(named, providers))


def service(asked: Asked, orders: Orders | None) -> Iterator[Finding]:
    """The service, and what the account pays for. To have no key is a problem only where something is to be ordered."""
    if asked.error is not None:
        needed = asked.has_key or (orders is not None and bool(orders.prices))
        level = Level.PROBLEM if needed else Level.WARNING
        yield Finding("service", asked.error.code, level, asked.error.message, asked.error.hint)
        if asked.has_key:
            yield _ok("service", "drafts", "drafts need no service: `build --draft` or `--provider draft`")
    else:
        yield _ok("service", "reachable", f"{_host(asked.address)} answers and accepts the key")
    if is_loopback(asked.address):
        message = "the address is this machine's, such as an emulator's: the real service makes its pictures anew"
        yield _ok("service", "loopback", message)
    if asked.skew is not None:
        yield clock(asked.skew)
    yield from account(asked, orders)


def clock(skew: float) -> Finding:
    """Whether two clocks agree; `skew` is by how many seconds ours is ahead."""
    if abs(skew) <= SKEW:
        return _ok("service", "clock", "this machine's clock agrees with the service's")
    message = f"this machine's clock is {duration(abs(skew))} {'ahead of' if skew > 0 else 'behind'} the service's"
    hint = "set it, best by a time server: secure connections and signed callbacks depend on it"
    return Finding("service", "clock", Level.WARNING, message, hint)


def account(asked: Asked, orders: Orders | None) -> Iterator[Finding]:
    """What is left to spend, and what it is needed for."""
    if asked.credits is not None and asked.usd is not None:
        left = f"{asked.credits.normalize():f} credits are left ({money(asked.usd)})"
        none = asked.credits <= 0
        yield Finding("service", "credits", Level.WARNING if none else Level.OK, left, _TOP_UP if none else None)
    if orders is None:
        return
    if not orders.prices:
        yield _ok("service", "orders", "the manifests order nothing from KIE now")
        return
    wanted = f"{counted(len(orders.prices), 'picture')} to be ordered for {money(orders.usd)}"
    if orders.unpriced:
        wanted += f" and {counted(orders.unpriced, 'unknown price')}"
    if asked.usd is None:
        yield _ok("service", "orders", wanted)
        return
    paid = orders.paid_by(asked.usd)
    if paid == len(orders.prices):
        yield _ok("service", "orders", f"{wanted}: the credits pay for all of them")
    else:
        message = f"{wanted}: the credits pay for {paid or 'none'} of them"
        yield Finding("service", "credits_short", Level.PROBLEM, message, f"{_TOP_UP}, or build a part with --only")


_TOP_UP = "top up at https://kie.ai/billing"


def store(stored: Stored) -> Iterator[Finding]:
    """The store: its database, its pictures, and what was sent and is not finished."""
    if not stored.exists:
        yield _ok("store", "store", "there is no .assetgen yet: the first build makes it")
        return
    for error in stored.errors:
        yield _problem("store", error)
    if stored.holder is not None:
        yield _ok("store", "held", f"{stored.holder} is at work in this project")
    if stored.sound:
        yield _ok("store", "state", "the state database is sound")
    if stored.survey is not None:
        yield from _pictures(stored.survey)
    yield from _tasks(stored)


def _pictures(survey: Survey) -> Iterator[Finding]:
    more = f", {counted(survey.unfinished, 'unfinished download')}" if survey.unfinished else ""
    size = f"{survey.size / 1e6:.1f} MB"
    yield _ok("store", "pictures", f"{counted(survey.blobs, 'picture')} as received, {size}{more}")
    if survey.damaged:
        paths = listed(map(str, survey.damaged), 2)
        message = f"{counted(len(survey.damaged), 'damaged picture')} put aside: {paths}"
        hint = "a build that needs them says what to do; when none does, delete them, and check the disk"
        yield Finding("store", "damaged", Level.WARNING, message, hint)


def _tasks(stored: Stored) -> Iterator[Finding]:
    """A build that is at work looks after its own tasks: they are then told, and no reason to worry."""
    idle = stored.holder is None
    for code, (what, hint) in _FATES.items():
        tasks = [task for task in stored.tasks if fate(task) == code]
        if tasks:
            names = listed((_named(task, stored.requests.get(task.key)) for task in tasks), _LISTED)
            amount = "" if code == "open" else f" ({_worth(tasks)})"
            message = f"{counted(len(tasks), 'request')} {what}{amount}: {names}"
            yield Finding("store", code, Level.WARNING if idle else Level.OK, message, hint if idle else None)


_FATES = {
    "open": ("accepted and not collected yet", "the next build collects what is done; it is not paid for again"),
    "gone": (
        "whose result the service did not have, or not intact, when it was asked last",
        "the next build asks for it once more, for nothing; if it stays so, `build --regenerate` with the asset's name "
        "orders another picture",
    ),
    "maybe_charged": (
        "sent and never answered, perhaps charged",
        f"{_LOG_PAGE}; the next build sends it once more",
    ),
    "maybe_charged_twice": (
        "sent more than once and never answered, perhaps charged each time",
        f"{_LOG_PAGE}; only `build --regenerate` with the asset's name sends it again, or `--refresh` where it is "
        "not the picture itself",
    ),
}
"""What may have become of a request that is not finished: in words, and what to do."""


def _worth(tasks: Sequence[OpenTask]) -> str:
    """What they may have cost, each as often as it was sent."""
    known = [task.usd * max(task.ambiguous, 1) for task in tasks if task.usd is not None]
    rest = len(tasks) - len(known)
    return money(sum(known, Decimal(0))) + (f" and {counted(rest, 'unknown price')}" if rest else "")


def fate(task: OpenTask) -> str:
    """How a request stands that was sent and is not finished: a key of the table of fates."""
    if task.task is not None:
        return "gone" if task.gone else "open"
    return "maybe_charged" if task.ambiguous < AMBIGUITIES else "maybe_charged_twice"


def subject(request: str | None) -> str | None:
    """The prompt of a journalled request, None when it has none."""
    try:
        found = json.loads(request or "")
    except ValueError:
        return None
    prompt = found.get("prompt") if isinstance(found, dict) else None
    return prompt if isinstance(prompt, str) else None


def _named(task: OpenTask, request: str | None) -> str:
    prompt = " ".join((subject(request) or "").split())
    shown = prompt if len(prompt) <= _SUBJECT else f"{prompt[: _SUBJECT - 1]}…"
    named = (f"task {task.task}" if task.task else f"to {task.provider}", f'"{shown}"' if shown else "")
    return " ".join(filter(None, named))


def folders(writable: Mapping[str, bool]) -> Iterator[Finding]:
    """Whether files can be put where they belong; folders by the name that people know them by."""
    good = [name for name, can in writable.items() if can]
    if good:
        yield _ok("folders", "writable", f"can be written to: {listed(good, _LISTED)}")
    for name in (name for name, can in writable.items() if not can):
        hint = "check its permissions and its owner, whether a file stands there, and whether the disk is read-only"
        yield Finding("folders", "not_writable", Level.PROBLEM, f"{name} cannot be written to", hint)


def unplanned(errors: Iterable[AssetgenError]) -> Iterator[Finding]:
    """What keeps the manifests from being planned."""
    return (_problem("manifests", error) for error in errors)


def _host(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _ok(area: str, code: str, message: str) -> Finding:
    return Finding(area, code, Level.OK, message)


def _problem(area: str, error: AssetgenError) -> Finding:
    problem = error.problems[0]
    place = f"{problem.place}: " if problem.place else ""
    return Finding(area, problem.code, Level.PROBLEM, place + problem.message, problem.hint)
