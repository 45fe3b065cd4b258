"""Presets for Windows applications, React Native and Flutter.

Sources: Microsoft, "Construct your Windows app's icon" and "Icons (Design basics)" (sizes; PNG in ICO for 256 only);
React Native, "Images" (@2x, @3x); Flutter, "Adding assets and images", resolution-aware assets.
"""

from __future__ import annotations

from fractions import Fraction

from assetgen.catalog.presets.model import (
    DEFAULT_WIDTH,
    Container,
    Frame,
    Look,
    Preset,
    PresetFile,
    PresetOrder,
    PresetOutput,
    Snippet,
)

WINDOWS_EDGES = (16, 24, 32, 48, 64, 128, 256)
WINDOWS_PNG = 256
"""Smaller frames are plain bitmaps: resource compilers and .NET's `Icon` cannot read PNG there."""


def windows(order: PresetOrder) -> PresetOutput:
    """`NAME.ico` with every size that Windows shows. Windows adds neither shape nor ground: what is drawn is shown."""
    look = Look(fit=order.fit, ground=order.background, inset=order.inset or Fraction(0))
    name = order.subject.name
    project = f"<ApplicationIcon>{name}.ico</ApplicationIcon>\n"
    return PresetOutput(
        containers=(Container(f"{name}.ico", "ico", tuple(map(Frame, WINDOWS_EDGES)), look, WINDOWS_PNG),),
        snippet=Snippet(
            "csproj.txt",
            project,
            f'into the `<PropertyGroup>` of a .NET project; in a resource script: `1 ICON "{name}.ico"`',
        ),
    )


def react_native(order: PresetOrder) -> PresetOutput:
    """A picture at @1x, @2x and @3x side by side; the packager chooses by the name without the scale."""
    name = order.subject.name
    files = tuple(_picture(order, f"{name}{'' if scale == 1 else f'@{scale}x'}.png", scale) for scale in (1, 2, 3))
    use = f"<Image source={{require('./{name}.png')}} />\n"
    return PresetOutput(files=files, snippet=Snippet("jsx.txt", use, "where the picture belongs, with the path to it"))


def flutter(order: PresetOrder) -> PresetOutput:
    """A picture in the folder itself, and its larger counterparts in `2.0x` and `3.0x`."""
    name = order.subject.name
    files = tuple(_picture(order, f"{'' if scale == 1 else f'{scale}.0x/'}{name}.png", scale) for scale in (1, 2, 3))
    lines = f"flutter:\n  assets:\n    - assets/{name}.png\n"
    where = "into `pubspec.yaml`, with the folder that you publish to instead of `assets`"
    return PresetOutput(files=files, snippet=Snippet("pubspec.txt", lines, where))


def _picture(order: PresetOrder, path: str, scale: int) -> PresetFile:
    width = (order.options.width or DEFAULT_WIDTH) * scale
    return PresetFile(path, width, None, "png", Look(ground=order.background))


PRESETS = (
    Preset("windows", "the icon of a Windows application: NAME.ico", frozenset({"inset", "background"}), windows),
    Preset(
        "react-native",
        "a picture of a React Native app at three densities",
        frozenset({"background", "width"}),
        react_native,
    ),
    Preset(
        "flutter",
        "a picture of a Flutter app at three densities",
        frozenset({"background", "width"}),
        flutter,
    ),
)
