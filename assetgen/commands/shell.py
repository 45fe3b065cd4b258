"""What a command gets from outside: where it was called, the environment, where words go, and what was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assetgen.errors import UsageError
from assetgen.report.console import Console
from assetgen.report.words import counted

if TYPE_CHECKING:
    from assetgen.build import Provide
    from assetgen.engine.clock import Clock
    from assetgen.errors import Problem
    from assetgen.plan.plan import Options
    from assetgen.project import Project


@dataclass(frozen=True, slots=True)
class Shell:
    """`environ` is the process's own environment; env files of the project are not in it yet. `arguments` are those of
    the command line, for reports of bugs. `clock` and `provide` are for callers that bring their own time and
    providers; None means real time, and the registry."""

    cwd: Path
    environ: Mapping[str, str]
    console: Console
    arguments: Sequence[str] = ()
    clock: Clock | None = None
    provide: Provide | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which assets a run is about and how they are to be made, as the command line says."""

    only: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    provider: str | None = None
    draft: bool = False
    regenerate: tuple[str, ...] = ()
    refresh: tuple[str, ...] = ()
    overwrite: bool = False

    def options(self, project: Project) -> Options:
        """The same for planning. Raises UsageError for what contradicts itself, and for an unknown provider."""
        from assetgen.plan.plan import Options

        ambient = project.environ.get("ASSETGEN_PROVIDER") or None
        known = project.catalog.providers
        if self.draft and self.provider not in (None, "draft"):
            raise UsageError(
                f"--draft and --provider {self.provider} contradict each other", hint="leave one of them out"
            )
        _check_provider("--provider", self.provider, known)
        _check_provider("ASSETGEN_PROVIDER", ambient, known)
        return Options(
            only=self.only,
            tags=self.tags,
            provider=self.provider,
            draft=self.draft,
            regenerate=self.regenerate,
            refresh=self.refresh,
            overwrite=self.overwrite,
            ambient_provider=ambient,
            dependencies=True,
        )


def _check_provider(source: str, name: str | None, known: tuple[str, ...]) -> None:
    if name is not None and name not in known:
        from assetgen.manifest.suggest import did_you_mean_of

        raise UsageError(f"{source} names an unknown provider: `{name}`", hint=did_you_mean_of(name, known))


def open_project(shell: Shell, manifests: Sequence[str]) -> Project:
    """Read the manifests and the environment of their project. Raises what `project.load` raises."""
    from assetgen import project
    from assetgen.commands.environment import environment
    from assetgen.manifest.paths import project_root

    paths = [Path(manifest) for manifest in manifests]
    found = environment(project_root(paths[0], shell.cwd), shell.environ)
    for warning in found.warnings:
        shell.console.warn(warning)
    return project.load(paths, environ=found.values, cwd=shell.cwd)


def tell_warnings(shell: Shell, project: Project) -> None:
    """That there are warnings, and where they are told; all of them only when verbose."""
    warnings = warnings_of(project)
    if shell.console.verbose:
        shell.console.warnings(warnings)
    elif warnings and not shell.console.quiet:
        warned = " ".join(manifest.shown for manifest in project.manifests if manifest.warnings)
        them = "it" if len(warnings) == 1 else "them"
        shell.console.say(f"{counted(len(warnings), 'warning')}; `assetgen validate {warned}` shows {them}")


def warnings_of(project: Project) -> tuple[Problem, ...]:
    """What all manifests are warned of; what extended files are, once."""
    return tuple(dict.fromkeys(warning for manifest in project.manifests for warning in manifest.warnings))
