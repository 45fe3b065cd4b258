"""From what is written to what is to be made: one document becomes one `LoadedManifest`.

Goes as far as it can past every mistake, so that all of them are reported in one run. Reads no file; looks only where
symbolic links lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from assetgen.catalog import Catalog
from assetgen.errors import Place, Problem
from assetgen.manifest.borrowed import check_sizes
from assetgen.manifest.cascade import Settled, settle
from assetgen.manifest.checked import CheckedManifest, check_beneath, check_document
from assetgen.manifest.clips import check_fields, clips_of
from assetgen.manifest.collisions import AssetFiles, Resolved
from assetgen.manifest.cutout import check_pair, cutout_of
from assetgen.manifest.document import Document
from assetgen.manifest.extends import Layers
from assetgen.manifest.folders import folder_of, folders_of
from assetgen.manifest.grid import grid_of
from assetgen.manifest.indexes import index_files
from assetgen.manifest.lint import unknown_codes, warnings_of
from assetgen.manifest.linted import Linted, pictured
from assetgen.manifest.matrix import members_of
from assetgen.manifest.naming import fold
from assetgen.manifest.outputs import outputs_of
from assetgen.manifest.parameters import PARAMETERS, Parameters, parameters_of
from assetgen.manifest.paths import Boundary
from assetgen.manifest.presets import preset_outputs
from assetgen.manifest.prompt import Templates
from assetgen.manifest.recipe import (
    AssetName,
    Drawing,
    LoadedManifest,
    OutputPath,
    OutputSpec,
    PixelSize,
    Recipe,
    Reference,
)
from assetgen.manifest.references import check_circles, check_outputs, names_of, references_of, source_of
from assetgen.manifest.request import kind_of, model_of, prompt_of, request_of
from assetgen.manifest.setting import Look, Setting
from assetgen.manifest.suggest import did_you_mean
from assetgen.manifest.template import Scope, seen_by_templates
from assetgen.manifest.template_files import template_folders
from assetgen.manifest.tuning import service_price, tuning_of
from assetgen.manifest.upscale import enlarged, upscale_of


def resolve(layers: Layers, root: Path, cwd: Path, catalog: Catalog, look: Look) -> tuple[Resolved, list[Problem]]:
    """The manifest in `layers`, a file of the project at `root`, and everything that is wrong with it. With problems,
    it lacks the assets and values that they are about. Messages name files as seen from `cwd`."""
    document, path = layers.document, layers.files[0].path
    checked = check_document(document)
    beneath = [problem for layer in layers.files[1:] for problem in check_beneath(layer.document)]
    templates = Templates(template_folders(layers, root, cwd, beneath))
    setting = _setting(checked, document, path, root, catalog, templates, look)
    written = (settle(name, asset, checked.defaults, document) for name, asset in checked.assets.items())
    settled = members_of(written, setting)
    setting.assets = {fold(asset.name): asset for asset in settled}
    made = [_make(asset, setting) for asset in settled]
    _check_moves(settled, setting)
    recipes = shaped([recipe for _, recipe in made if recipe is not None])
    check_outputs(recipes, setting)
    check_sizes(recipes, setting)
    check_circles(((recipe.name, recipe.request.references) for recipe in recipes), setting)
    budget = checked.top.budget
    manifest = LoadedManifest(
        path=path,
        shown=document.shown,
        root=root,
        lock_path=path.with_suffix(".lock"),
        output=OutputPath(setting.output),
        publish=tuple(map(OutputPath, setting.publish)),
        budget=None if budget is None else Decimal(str(budget.usd)),
        tuning=tuning_of(checked.top.providers or {}, setting),
        recipes=recipes,
        sources=(*(layer.path for layer in layers.files), *templates.folders.looked_for),
        service_usd=service_price(checked.top.providers or {}),
        budget_place=None if budget is None else document.value_place(("budget", "usd")),
        indexes=tuple(index_files(checked.top.emit or [], setting)) if checked.assets else (),
    )
    off = (checked.top.lint.off if checked.top.lint else None) or []
    problems = [*beneath, *checked.problems, *setting.problems, *unknown_codes(off, document)]
    if not problems:
        assets = tuple(map(pictured, settled, recipes))
        linted = Linted(document, assets, catalog, templates.folders.texts)
        manifest = replace(manifest, warnings=warnings_of(linted, off))
    return Resolved(manifest, tuple(files for files, _ in made), document, setting.boundary), problems


def _setting(
    checked: CheckedManifest,
    document: Document,
    path: Path,
    root: Path,
    catalog: Catalog,
    templates: Templates,
    look: Look,
) -> Setting:
    """The setting of the assets, with the manifest's own folders checked."""
    variables = seen_by_templates(checked.top.vars or {}, "vars")
    default = f"output/{path.stem}"
    setting = Setting(document, catalog, templates, Boundary(root), checked.brands, variables, default, (), look)
    written = checked.top.output if checked.top.output is not None else default
    setting.output = folder_of(written, document.value_place(("output",)), setting) or default
    setting.publish = tuple(_publish_folders(checked.top.publish, document, setting))
    return setting


def _publish_folders(written: str | list[str] | None, document: Document, setting: Setting) -> Iterator[str]:
    texts = [written] if isinstance(written, str) else written or []
    for index, text in enumerate(texts):
        path = ("publish",) if isinstance(written, str) else ("publish", index)
        folder = folder_of(text, document.value_place(path), setting)
        if folder is not None:
            yield folder


def _make(settled: Settled, setting: Setting) -> tuple[AssetFiles, Recipe | None]:
    """The files of one asset, and its recipe when it is known what to ask for."""
    name = AssetName(settled.name)
    place = settled.document.key_place(("assets", settled.key))
    brand = _brand_of(settled, setting)
    model = model_of(settled, setting)
    parameters = parameters_of(settled, model, setting) if model else Parameters()
    size = model.size(parameters.values) if model else None
    expected = PixelSize(*size) if size else None
    references = (*source_of(settled, model, setting), *references_of(settled, model, setting))
    scope = _scope(settled, brand, parameters, references, setting)
    prompt = prompt_of(settled, scope, setting)
    description = _description(settled, scope, setting)
    check_fields(settled, setting)
    video = kind_of(settled) == "video"
    grid, cutout = (None, None) if video else (grid_of(settled, setting), cutout_of(settled, setting))
    folders = folders_of(settled, setting)
    palette = setting.brands.palette(brand)
    upscale = upscale_of(settled, expected, setting)
    largest = enlarged(expected, upscale)
    shape = parameters.values.get("aspect_ratio")
    outputs: tuple[OutputSpec, ...]
    if kind_of(settled) == "video":
        outputs = clips_of(settled, shape, scope, folders, setting)
    else:
        outputs = (
            *outputs_of(settled, shape, largest, scope, folders, setting, grid),
            *preset_outputs(settled, largest, description, palette, folders, setting),
        )
    written = (_written_at(settled, field) for field in ("filename", "sizes", "presets"))
    files = AssetFiles(name, place, outputs, *written)
    if model is None or prompt is None:
        return files, None
    asset = settled.asset
    check_pair(settled, cutout, model, parameters.values, setting)
    request = request_of(settled, model, parameters, prompt, references, setting)
    return files, Recipe(
        name=name,
        place=place,
        request=request,
        drawing=Drawing(name, palette.colors, cutout is not None, grid, upscale.factor if upscale else 1),
        outputs=outputs,
        provider=asset.provider,
        expected=expected,
        description=description,
        tags=tuple(asset.tags or ()),
        frozen=asset.frozen is True,
        moved_from=None if asset.moved_from is None else AssetName(asset.moved_from),
        member_of=AssetName(settled.key) if settled.matrix else None,
        upscale=upscale,
        cutout=cutout,
        variants=asset.variants or 1,
        pick=_pick_of(settled, setting),
    )


def shaped(recipes: Sequence[Recipe]) -> tuple[Recipe, ...]:
    """Videos that begin with another asset take its shape."""
    sizes = {recipe.name: recipe.expected for recipe in recipes}
    stills = [next((r.name for r in recipe.request.references if r.begins), None) for recipe in recipes]
    shapes = (sizes.get(AssetName(still)) if still else None for still in stills)
    pairs = zip(recipes, shapes, strict=True)
    return tuple(recipe if shape is None else replace(recipe, shape=shape) for recipe, shape in pairs)


def _pick_of(settled: Settled, setting: Setting) -> int | None:
    pick, variants = settled.asset.pick, settled.asset.variants or 1
    if pick is not None and pick > variants and "variants" not in settled.broken:
        message = f"asset `{settled.key}` has {variants} variant{'s' if variants > 1 else ''}, and `pick` is {pick}"
        setting.complain("value", message, settled.place("pick"), f"write `variants: {pick}`, or pick another")
    return pick


def _written_at(settled: Settled, field: str) -> Place | None:
    return settled.place(field) if settled.is_written(field) else None


def _brand_of(settled: Settled, setting: Setting) -> str | None:
    """The asset's sub-brand; None for the manifest's own brand."""
    name = settled.asset.brand
    if name is None or name in setting.brands.subs:
        return name
    known = setting.brands.subs
    hint = did_you_mean(name, known) if known else "list it under `brands:`"
    setting.complain("unknown-brand", f"unknown brand `{name}`", settled.place("brand"), hint)
    return None


def _scope(
    settled: Settled, brand: str | None, parameters: Parameters, references: Sequence[Reference], setting: Setting
) -> Scope:
    """The names that the asset's templates may use. Where a parameter is in error, the others still have theirs."""
    asset, catalog = settled.asset, setting.catalog
    built_in = catalog.video_model if kind_of(settled) == "video" else catalog.image_model
    known = {
        "name": settled.name,
        "tags": asset.tags or [],
        "model": asset.model or built_in,
        **dict.fromkeys(_in_error(settled, parameters), ""),
        **{name: getattr(asset, name) for name in PARAMETERS if settled.is_own(name)},
        **parameters.values,
    }
    return {
        "brand": setting.brands.names(brand),
        "brands": setting.brands.all_names,
        "vars": setting.variables,
        "matrix": seen_by_templates(settled.matrix, "matrix"),
        "asset": seen_by_templates(known, "asset"),
        "references": seen_by_templates(names_of(references, settled), "references"),
    }


def _in_error(settled: Settled, parameters: Parameters) -> list[str]:
    """Parameters that somebody wrote and that do not hold, but for those of `defaults` that do not apply."""
    written = [name for name in PARAMETERS if settled.is_written(name) or name in settled.broken]
    return [name for name in written if name not in parameters.values and name not in parameters.left_out]


def _description(settled: Settled, scope: Scope, setting: Setting) -> str | None:
    text = settled.asset.description
    rendered = setting.render(settled, "description", text, scope) if text is not None else None
    return rendered.strip() if rendered else None


def _check_moves(assets: Iterable[Settled], setting: Setting) -> None:
    """An earlier name must be nobody's name now, and only one asset's earlier name."""
    assets = list(assets)
    names = {fold(settled.name): settled.name for settled in assets}
    movers: dict[str, str] = {}
    for settled in assets:
        earlier = settled.asset.moved_from
        if earlier is None:
            continue
        place = settled.place("moved_from")
        if fold(earlier) in names and fold(earlier) != fold(settled.name):
            message = f"asset `{settled.name}` is moved from `{earlier}`, which is still an asset"
            setting.complain("moved-from", message, place, "delete `moved_from`, or the old asset")
        elif fold(earlier) in movers:
            message = f"assets `{movers[fold(earlier)]}` and `{settled.name}` are both moved from `{earlier}`"
            setting.complain("moved-from", message, place, "one picture can move to one asset only")
        movers.setdefault(fold(earlier), settled.name)
