"""The source of assetgen as data: which module imports what. For the tests that hold the house's rules."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.space import CHECKOUT


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module, by its full name, and the line of its import statement."""

    module: str
    line: int


@dataclass(frozen=True, slots=True)
class Module:
    """One source file of assetgen. `shown` is its path in the checkout."""

    name: str
    shown: str
    tree: ast.Module
    imports: tuple[Import, ...]

    @property
    def room(self) -> str:
        """The part of the house it belongs to: `assetgen.plan.world` is in `plan`, the package itself in ``."""
        return room_of(self.name)


def room_of(module: str) -> str:
    """The second part of a module's full name, empty for the package itself."""
    return module.partition(".")[2].partition(".")[0]


def modules_under(checkout: Path) -> tuple[Module, ...]:
    """Every module of the package `assetgen` in `checkout`, by name."""
    files = {_module_name(path.relative_to(checkout)): path for path in sorted((checkout / "assetgen").rglob("*.py"))}
    known = frozenset(files)
    return tuple(
        Module(name, path.relative_to(checkout).as_posix(), tree, _imports(tree, known))
        for name, path in files.items()
        for tree in [ast.parse(path.read_bytes(), str(path))]
    )


@cache
def modules() -> tuple[Module, ...]:
    return modules_under(CHECKOUT)


def _module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.Module, known: frozenset[str]) -> tuple[Import, ...]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            # `from package import module` imports the module; `from module import name` the module that has the name.
            found += [Import(name if name in known else node.module, node.lineno) for name in names]
    return tuple(dict.fromkeys(found))
