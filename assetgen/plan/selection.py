"""Which assets a run is about: the globs and tags of the command line, and what those bring along. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assetgen.errors import UsageError
from assetgen.manifest.recipe import LoadedManifest, Recipe
from assetgen.manifest.suggest import did_you_mean_of
from assetgen.plan.master import means_variant
from assetgen.plan.plan import Options
from assetgen.plan.showing import with_dependencies


def in_run(manifest: LoadedManifest, options: Options) -> frozenset[str]:
    """The assets of a manifest that the run is about."""
    chosen = frozenset(str(recipe.name) for recipe in manifest.recipes if selected(recipe, options))
    if not options.dependencies:
        return chosen
    return with_dependencies(chosen, {recipe.name: recipe for recipe in manifest.recipes})


def selected(recipe: Recipe, options: Options) -> bool:
    """Whether `--only` and `--tag` leave an asset in the run."""
    by_name = not options.only or any(map(recipe.answers_to, options.only))
    by_tag = not options.tags or any(tag in options.tags for tag in recipe.tags)
    return by_name and by_tag


def check_globs(options: Options, manifests: Sequence[LoadedManifest], running: Mapping[str, frozenset[str]]) -> None:
    """Raises UsageError for a glob that selects nothing of what it is about; `running` is by manifest."""
    recipes = [recipe for manifest in manifests for recipe in manifest.recipes]
    chosen = [recipe for manifest in manifests for recipe in manifest.recipes if recipe.name in running[manifest.shown]]
    for flag, patterns, among in (
        ("--only", options.only, recipes),
        ("--regenerate", options.regenerate, chosen),
        ("--refresh", options.refresh, chosen),
    ):
        for pattern in patterns:
            if not any(_means(flag, pattern, recipe) for recipe in among):
                names = [recipe.name for recipe in among]
                raise UsageError(f"{flag} {pattern} matches no asset", hint=did_you_mean_of(pattern, names))
    for tag in options.tags:
        tags = sorted({tag for recipe in recipes for tag in recipe.tags})
        if tag not in tags:
            raise UsageError(f"--tag {tag} matches no asset", hint=did_you_mean_of(tag, tags))


def _means(flag: str, pattern: str, recipe: Recipe) -> bool:
    if flag != "--regenerate":
        return recipe.answers_to(pattern)
    return any(means_variant(recipe, pattern, number) for number in range(1, recipe.variants + 1))
