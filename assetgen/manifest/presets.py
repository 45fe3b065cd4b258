"""The files of an asset's presets: options checked, tables expanded, each file with its place and its settings.

What a platform wants is data of `catalog.presets`; nothing here knows any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from assetgen.catalog.presets import registry
from assetgen.catalog.presets.layout import too_large
from assetgen.catalog.presets.model import (
    Brand,
    Container,
    OptionProblem,
    PresetFile,
    PresetIndex,
    PresetOptions,
    PresetOutput,
    Snippet,
    Subject,
)
from assetgen.errors import Place
from assetgen.manifest.asset_model import Preset
from assetgen.manifest.borrowed import OPTIONS, Lender, lender
from assetgen.manifest.brands import Palette
from assetgen.manifest.cascade import Settled
from assetgen.manifest.folders import AssetFolders, check_subfolders, folder_of, publish_folders
from assetgen.manifest.outputs import quality_of
from assetgen.manifest.paths import UnsafePathError, joined, safe_path
from assetgen.manifest.recipe import AnyExport, Export, OutputPath, OutputSpec, PixelSize, PresetExport, TextExport
from assetgen.manifest.setting import Setting


def preset_outputs(
    settled: Settled,
    expected: PixelSize | None,
    description: str | None,
    palette: Palette,
    folders: AssetFolders,
    setting: Setting,
) -> tuple[OutputSpec, ...]:
    """The files of all presets that can be worked out; what is wrong with the others is complained of. `expected` is
    the size that the model is known to return."""
    asset = settled.asset
    cutout = asset.remove_bg not in (None, False)
    subject = Subject(settled.name, cutout=cutout, alt=description or "")
    if expected is not None:
        subject = replace(subject, width=expected.width, height=expected.height)
    brand = Brand(palette.name, palette.colors, {name: tuple(colors) for name, colors in palette.gradients.items()})
    if asset.presets and asset.grid:
        message = f"`presets` are made of one picture, and the `grid` of asset `{settled.name}` cuts it into several"
        setting.complain("not-applicable", message, settled.place("presets"), "give the icon an asset of its own")
        return ()
    uses = [_use(settled, index, entry, subject, brand) for index, entry in _entries(settled, setting)]
    uses = [replace(use, lenders=_lenders(use, setting)) for use in uses]
    specs = [spec for use in uses if _is_right(use, setting) for spec in _specs(use, folders, setting)]
    check_subfolders(specs, settled.place("presets"), setting)
    return tuple(specs)


@dataclass(frozen=True, slots=True)
class _Use:
    """One entry of `presets`. `written` is what stands beside the name; `lenders` are the assets that its options name,
    by option."""

    settled: Settled
    index: int
    name: str
    written: Preset
    options: PresetOptions
    subject: Subject
    brand: Brand
    lenders: Mapping[str, Lender] = field(default_factory=dict)

    def place(self, option: str | None = None) -> Place:
        inner = (self.index, option) if option else (self.index,)
        if "presets" in self.settled.broken:
            return self.settled.document.value_place(("assets", self.settled.key, "presets", *inner))
        return self.settled.place("presets", *inner)

    @property
    def others(self) -> dict[str, Subject]:
        return {option: lent.subject for option, lent in self.lenders.items()}

    @property
    def named(self) -> frozenset[str]:
        """The options that name another asset, also one that there is not."""
        return frozenset(option for option in OPTIONS if isinstance(getattr(self.options, option), str))

    def problems(self, options: PresetOptions) -> tuple[OptionProblem, ...]:
        return registry.problems(self.name, self.subject, options, self.brand, self.others)

    def expanded(self, options: PresetOptions) -> PresetOutput:
        return registry.expand(self.name, self.subject, options, self.brand, self.others)

    @property
    def allows_upscaling(self) -> bool:
        return self.settled.asset.upscale is True


def _entries(settled: Settled, setting: Setting) -> Iterator[tuple[int, str | Preset]]:
    """Each with its place in the list; where one of them is in error, the others are still looked at."""
    if "presets" not in settled.broken:
        yield from enumerate(settled.asset.presets or ())
        return
    written = setting.document.at(("assets", settled.key, "presets"))
    for index, entry in enumerate(written if isinstance(written, list) else ()):
        try:
            yield index, entry if isinstance(entry, str) else Preset.model_validate(entry)
        except ValidationError:
            continue


def _use(settled: Settled, index: int, entry: str | Preset, subject: Subject, brand: Brand) -> _Use:
    written = Preset(preset=entry) if isinstance(entry, str) else entry
    return _Use(settled, index, written.preset, written, _options(written, settled), subject, brand)


def _options(written: Preset, settled: Settled) -> PresetOptions:
    """What somebody wrote; the asset's own `background` is what lies behind its icons too."""
    preset = registry.preset_named(written.preset)
    background = written.background
    if background is None and preset is not None and "background" in preset.options:
        background = settled.asset.background
    return PresetOptions(
        inset=written.inset,
        background=background,
        monochrome=written.monochrome or False,
        dark=written.dark or False,
        tinted=written.tinted or False,
        width=written.width,
        widths=tuple(written.widths or ()),
        formats=tuple(written.formats or ()),
        classic=written.classic or False,
    )


def _lenders(use: _Use, setting: Setting) -> dict[str, Lender]:
    """The assets that options of the preset name."""
    preset = registry.preset_named(use.name)
    found = {
        option: lender(use.settled, option, getattr(use.options, option), use.place(option), setting)
        for option in OPTIONS
        if preset is not None and option in preset.options & use.named
    }
    return {option: lent for option, lent in found.items() if lent is not None}


# --- what can be wrong -----------------------------------------------------------------------------------------------


def _is_right(use: _Use, setting: Setting) -> bool:
    """Whether the preset can be expanded; every complaint is made."""
    found = use.problems(use.options)
    for problem in found:
        setting.complain("preset", problem.message, use.place(problem.option), problem.hint)
    return not found and use.named == use.lenders.keys() and _is_large_enough(use, setting)


def _is_large_enough(use: _Use, setting: Setting) -> bool:
    """Whether the asset's own picture is. Of others it is checked when all of them are known."""
    width, height = use.subject.width, use.subject.height
    if width is None or height is None or use.allows_upscaling:
        return True
    output = use.expanded(use.options)
    own = replace(output, files=tuple(file for file in output.files if file.look.role not in use.lenders))
    beyond = too_large(own, (width, height))
    if not beyond:
        return True
    path, percent = max(beyond, key=lambda pair: pair[1])
    message = (
        f"preset `{use.name}` needs a larger picture than the {width}x{height} pixels of asset `{use.settled.name}`: "
        f"`{path}` would show it at {percent} %"
    )
    hint = "ask for more with `resolution`, for a better shape with `aspect_ratio`, or allow it with `upscale: true`"
    setting.complain("too-large", message, use.place(), hint)
    return False


# --- what is made ----------------------------------------------------------------------------------------------------


def _specs(use: _Use, folders: AssetFolders, setting: Setting) -> Iterator[OutputSpec]:
    output = use.expanded(use.options)
    folder, publish = _folders(use, folders, setting)
    options = use.options
    backed = _touched(use, output, replace(options, background=None)) if options.background is not None else ()
    inset = _touched(use, output, replace(options, inset=None)) if options.inset is not None else ()
    background = ", ".join(_ground(use)) if options.background is not None else None
    for picture in output.pictures:
        export = PresetExport(
            preset=use.name,
            picture=picture,
            settings=_settings(use.settled, picture),
            background=background if picture.path in backed else None,
            inset=options.inset if picture.path in inset else None,
            borrowed=use.lenders[picture.look.role].borrowed if picture.look.role in use.lenders else None,
        )
        yield from _spec(use, picture, export, folder, publish, setting)
    for index in output.indexes:
        yield from _spec(use, index, TextExport(use.name, index.text), folder, publish, setting)
    if output.snippet is not None:
        yield from _spec(use, output.snippet, TextExport(use.name, output.snippet.text), folder, (), setting)


def _spec(
    use: _Use,
    file: PresetFile | Container | PresetIndex | Snippet,
    export: AnyExport,
    folder: str | None,
    publish: tuple[str, ...],
    setting: Setting,
) -> Iterator[OutputSpec]:
    """One file, if it has a place."""
    try:
        below = safe_path(f"{use.settled.name}/{use.name}/{file.path}")
        path = safe_path(file.path)
    except UnsafePathError as error:
        setting.complain("path", f"preset `{use.name}`: {error.message}", use.place(), error.hint)
        return
    if folder is not None:
        published = tuple(OutputPath(joined(place, path)) for place in publish)
        yield OutputSpec(OutputPath(joined(folder, below)), f"{use.name}/{path}", export, published)


def _folders(use: _Use, folders: AssetFolders, setting: Setting) -> tuple[str | None, tuple[str, ...]]:
    output, publish = folders.output, folders.publish
    if use.written.output is not None:
        output = folder_of(use.written.output, use.place("output"), setting)
    if use.written.publish is not None:
        publish = publish_folders(use.settled, use.written.publish, setting, "presets", use.index, "publish")
    return output, publish


def _touched(use: _Use, output: PresetOutput, without: PresetOptions) -> frozenset[str]:
    """The pictures that look different for what somebody wrote, which they would be `without`."""
    if use.problems(without):
        return frozenset(picture.path for picture in output.pictures)
    looks = {picture.path: picture.look for picture in use.expanded(without).pictures}
    return frozenset(picture.path for picture in output.pictures if looks.get(picture.path) != picture.look)


def _ground(use: _Use) -> tuple[str, ...]:
    ground = registry.ground_of(use.options, use.brand)
    return ground.colors if ground else ()


def _settings(settled: Settled, picture: PresetFile | Container) -> Export:
    asset = settled.asset
    format_ = picture.format if isinstance(picture, PresetFile) else "png"
    return Export(
        format=format_,
        upscale=asset.upscale is True,
        quality=quality_of(settled, format_),
        provenance=asset.provenance is not False,
        max_bytes=asset.max_bytes,
    )
