"""The floors of the house: every module imports only from below, and heavy or impure things stay where they belong."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.sources import Module, modules, modules_under, room_of

FLOORS = (
    *("errors", "plugins", "digest", "atomic", "snapshot", "catalog", "manifest", "lock", "plan", "imaging", "network"),
    *("providers", "removers", "executors", "store"),
    *(
        "engine",
        "publish",
        "report",
        "project",
        "build",
        "upkeep",
        "handover",
        "emulator",
        "commands",
        "cli",
        "__main__",
    ),
)
"""Lowest first. The package's own `__init__` is outside: it names the version, and imports lazily for programs."""

SEAMS = frozenset({"providers", "removers", "executors", "store"})
"""Siblings: each is chosen on its own, so none may know another."""

EMULATOR_SEES = frozenset({"errors", "digest", "catalog", "manifest", "imaging", "emulator"})
"""The emulator stands for a service: it shares what is known and the drawing, and nothing of how assetgen works."""

HOMES = {
    "click": ("assetgen.cli.",),
    "aiohttp": (
        "assetgen.network",
        "assetgen.providers.",
        "assetgen.removers.service",
        "assetgen.report.review.server",
        "assetgen.emulator.",
    ),
    "PIL": ("assetgen.imaging.", "assetgen.removers.", "assetgen.providers.draft"),
    "numpy": ("assetgen.imaging.", "assetgen.removers."),
    "av": ("assetgen.imaging.video.",),
    "jinja2": (*(f"assetgen.manifest.prompt{part}" for part in ("", "_jinja", "_include")), "assetgen.report."),
    "yaml": ("assetgen.manifest.source",),
    "sqlite3": ("assetgen.store.",),
    "rich": ("assetgen.report.",),
    "pydantic": ("assetgen.manifest.", "assetgen.lock.", "assetgen.store.", "assetgen.report.machine"),
    "dotenv": ("assetgen.build", "assetgen.commands."),
}
"""Where each library may be imported: a module, or with a dot at the end everything in a package."""

EDGES = (
    "assetgen.cli.",
    "assetgen.__main__",
    "assetgen.project",
    "assetgen.build",
    "assetgen.commands.",
    "assetgen.report.console",
)
"""Who may print, exit, and look at the environment and the wall clock; everyone else is handed what they need."""

IMPURE = frozenset(
    {"print", "exit", "quit", "SystemExit", "sys.exit", "sys.stdout", "sys.stderr", "os._exit"}
    | {"os.environ", "os.environb", "os.getenv", "os.putenv"}
    | {"time.time", "time.time_ns", "time.localtime", "time.gmtime"}
    | {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
)


def breaks_floors(house: tuple[Module, ...]) -> Iterator[str]:
    """Every import that goes up, sideways into a sibling seam, or out of the emulator's view."""
    for module in house:
        for imported in module.imports:
            target = room_of(imported.module)
            if not imported.module.startswith("assetgen.") or not module.room or target == module.room:
                continue
            where = f"{module.shown}:{imported.line}: imports {imported.module}"
            if target not in FLOORS:
                yield f"{where}, which is on no floor"
            elif FLOORS.index(target) > FLOORS.index(module.room):
                yield f"{where} from a higher floor"
            elif {target, module.room} <= SEAMS:
                yield f"{where}, a sibling seam"
            elif module.room == "emulator" and target not in EMULATOR_SEES:
                yield f"{where}, which the emulator must not know"


def breaks_homes(house: tuple[Module, ...]) -> Iterator[str]:
    """Every import of a library outside the modules that it belongs to."""
    for module in house:
        for imported in module.imports:
            homes = HOMES.get(imported.module.partition(".")[0])
            if homes and not is_in(module, homes):
                yield f"{module.shown}:{imported.line}: imports {imported.module}; only {', '.join(homes)} may"


def breaks_purity(house: tuple[Module, ...]) -> Iterator[str]:
    """Every use of something impure outside the edges."""
    for module in house:
        if is_in(module, EDGES):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Name | ast.Attribute | ast.ImportFrom):
                yield from (f"{module.shown}:{node.lineno}: uses {name}" for name in named(node) if name in IMPURE)


def is_in(module: Module, places: tuple[str, ...]) -> bool:
    """Whether a module is one of the places, or inside one that ends with a dot."""
    return any(f"{module.name}.".startswith(place) if place.endswith(".") else module.name == place for place in places)


def named(node: ast.Name | ast.Attribute | ast.ImportFrom) -> list[str]:
    """What a piece of code names: `b`, or `a.b` for `a.b`, `x.a.b` and `from a import b`."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    owner = node.value
    prefix = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return [f"{prefix}.{node.attr}"]


def none_of(complaints: Iterator[str]) -> None:
    found = list(complaints)
    assert not found, "\n".join(found)


def test_modules_import_only_from_lower_floors() -> None:
    none_of(breaks_floors(modules()))


def test_every_room_has_a_floor() -> None:
    assert {module.room for module in modules()} - set(FLOORS) == {""}


def test_no_module_imports_itself_through_others() -> None:
    graph = {module.name: {imported.module for imported in module.imports} - {"assetgen"} for module in modules()}
    del graph["assetgen"]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"import cycle: {' <- '.join(error.args[1])}")


def test_libraries_stay_in_their_rooms() -> None:
    none_of(breaks_homes(modules()))


def test_only_the_edges_touch_the_world() -> None:
    none_of(breaks_purity(modules()))


def test_packages_import_nothing() -> None:
    """An `__init__` that imports makes everybody pay for what one module needs; the catalog is data, and may."""
    full = [
        module.shown
        for module in modules()
        if module.shown.endswith("__init__.py") and module.room not in {"", "catalog"} and module.imports
    ]
    assert full == []


def test_every_module_says_what_it_is() -> None:
    assert [module.shown for module in modules() if module.tree.body and not ast.get_docstring(module.tree)] == []


@pytest.mark.parametrize(
    ("path", "source", "complaint"),
    [
        ("plan/graph.py", "from assetgen.engine import execute", "imports assetgen.engine.execute from a higher floor"),
        ("plan/graph.py", "import assetgen.build", "imports assetgen.build from a higher floor"),
        ("removers/key.py", "def f():\n    from assetgen.providers.base import Order", "a sibling seam"),
        ("emulator/server.py", "from assetgen.lock.entry import Entry", "which the emulator must not know"),
        ("emulator/server.py", "import assetgen.utils", "which is on no floor"),
        ("plan/graph.py", "import yaml", "imports yaml; only assetgen.manifest.source may"),
        ("manifest/prompter.py", "from jinja2.sandbox import Environment", "imports jinja2.sandbox; only"),
        ("store/state.py", "def f(clock=time.time): ...", "uses time.time"),
        ("store/state.py", "from os import environ", "uses os.environ"),
        ("store/state.py", "today = datetime.datetime.now()", "uses datetime.now"),
        ("engine/execute.py", "raise SystemExit(1)", "uses SystemExit"),
        ("engine/execute.py", "if os.environ['CI']: print(1)", "uses os.environ"),
    ],
)
def test_the_rules_see_what_breaks_them(tmp_path: Path, path: str, source: str, complaint: str) -> None:
    for known in ("engine/execute.py", "build.py", path):
        file = tmp_path / "assetgen" / known
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    (tmp_path / "assetgen" / path).write_text(source)
    house = modules_under(tmp_path)
    found = [*breaks_floors(house), *breaks_homes(house), *breaks_purity(house)]
    assert any(complaint in line and line.startswith(f"assetgen/{path}:") for line in found), found
