"""Presets for Apple's platforms: icons and picture sets of an Xcode asset catalogue, and icons of Mac applications.

Sources: Asset Catalog Format Reference ("App Icon Type", "Image Set Type"); Xcode documentation, "Configuring your app
icon using an asset catalog"; Human Interface Guidelines, "App icons"; Apple Design Resources, macOS app icon template.
"""

from __future__ import annotations

from fractions import Fraction

from assetgen.catalog.presets.model import (
    DEFAULT_WIDTH,
    Container,
    Frame,
    Look,
    OptionProblem,
    Preset,
    PresetFile,
    PresetIndex,
    PresetOrder,
    PresetOutput,
    Role,
    Snippet,
)
from assetgen.catalog.presets.options import full_square, same_dark_picture
from assetgen.catalog.presets.text import xcode_json
from assetgen.digest import Json

CLASSIC: tuple[tuple[str, str, int], ...] = (
    *(("iphone", points, scale) for points in ("20", "29", "40", "60") for scale in (2, 3)),
    *(("ipad", points, scale) for points in ("20", "29", "40", "76") for scale in (1, 2)),
    ("ipad", "83.5", 2),
    ("ios-marketing", "1024", 1),
)
"""Every icon that iOS and iPadOS 7 and later ask for: device, points, scale. The last is the App Store's."""

MAC_MARGIN = Fraction(100, 1024)
"""In Apple's template a shape of 824 x 824 stands on a canvas of 1024 x 1024."""

MAC_FRAMES = tuple(Frame(points, scale) for points in (16, 32, 128, 256, 512) for scale in (1, 2))
"""What an `.iconset` holds (`man iconutil`)."""

_INFO: dict[str, Json] = {"author": "xcode", "version": 1}


def ios_appicon(order: PresetOrder) -> PresetOutput:
    """`AppIcon.appiconset`: one opaque picture of 1024 pixels that Xcode 14 and later scale to every size, or with
    `classic` each size by itself.

    The icon is square, since the system rounds it, and has no alpha channel at all: the App Store refuses one. The dark
    icon is transparent, so that the system's own dark ground shows through, and the tinted one is grey (iOS 18).
    """
    files = _classic_icons(order) if order.options.classic else _single_icons(order)
    pictures = {file.path: file for file, _ in files}
    contents: Json = {"images": [entry for _, entry in files], "info": _INFO}
    return PresetOutput(
        files=tuple(pictures.values()),
        indexes=(PresetIndex("AppIcon.appiconset/Contents.json", xcode_json(contents)),),
        snippet=Snippet(
            "build-settings.txt",
            "ASSETCATALOG_COMPILER_APPICON_NAME = AppIcon\n",
            "into the target's build settings, where it usually stands already; publish into `Assets.xcassets`",
        ),
    )


def _single_icons(order: PresetOrder) -> list[tuple[PresetFile, Json]]:
    roles: list[Role] = ["main"]
    roles += ["dark"] if order.options.dark else []
    roles += ["tinted"] if order.options.tinted else []
    return [(_icon(order, _single_name(role), 1024, role), _single_entry(role)) for role in roles]


def _single_name(role: Role) -> str:
    return "AppIcon-1024.png" if role == "main" else f"AppIcon-1024-{role}.png"


def _single_entry(role: Role) -> Json:
    entry = {"filename": _single_name(role), "idiom": "universal", "platform": "ios", "size": "1024x1024"}
    return entry if role == "main" else {**entry, "appearances": _appearance(role)}


def _appearance(role: Role) -> Json:
    return [{"appearance": "luminosity", "value": role}]


def _classic_icons(order: PresetOrder) -> list[tuple[PresetFile, Json]]:
    found: list[tuple[PresetFile, Json]] = []
    for idiom, points, scale in CLASSIC:
        name = f"AppIcon-{points}.png" if scale == 1 else f"AppIcon-{points}@{scale}x.png"
        entry = {"filename": name, "idiom": idiom, "scale": f"{scale}x", "size": f"{points}x{points}"}
        found.append((_icon(order, name, int(Fraction(points) * scale), "main"), entry))
    return found


def _icon(order: PresetOrder, name: str, pixels: int, role: Role) -> PresetFile:
    inset = order.inset or Fraction(0)
    if role == "main":
        look = Look(fit=order.fit, ground=order.ground, alpha="never", inset=inset)
    else:
        look = Look(role, order.fit_of(role), inset=inset)
    return PresetFile(f"AppIcon.appiconset/{name}", pixels, pixels, "png", look)


def _check_appicon(order: PresetOrder) -> tuple[OptionProblem, ...]:
    """iOS that finds icons of single sizes takes those, and never shows the dark and tinted ones."""
    wanted = [name for name in ("dark", "tinted") if getattr(order.options, name)]
    if not (order.options.classic and wanted):
        return full_square(order, "dark", "an icon on the system's own dark ground")
    hint = f"delete `classic`: Xcode makes all sizes of one picture; or delete `{wanted[0]}`"
    return (OptionProblem(wanted[0], f"`{wanted[0]}` and `classic` exclude one another", hint),)


def ios_imageset(order: PresetOrder) -> PresetOutput:
    """`NAME.imageset`: one picture at @1x, @2x and @3x, and with `dark` another asset's for dark mode."""
    name, points = order.subject.name, order.options.width or DEFAULT_WIDTH
    roles: tuple[Role, ...] = ("main", "dark") if order.options.dark else ("main",)
    files, entries = [], []
    for role in roles:
        for scale in (1, 2, 3):
            file = ("" if role == "main" else f"-{role}") + ("" if scale == 1 else f"@{scale}x")
            look = Look(role, ground=order.background)
            files.append(PresetFile(f"{name}.imageset/{name}{file}.png", points * scale, None, "png", look))
            entry = {"filename": f"{name}{file}.png", "idiom": "universal", "scale": f"{scale}x"}
            entries.append(entry if role == "main" else {**entry, "appearances": _appearance(role)})
    return PresetOutput(
        files=tuple(files),
        indexes=(PresetIndex(f"{name}.imageset/Contents.json", xcode_json({"images": entries, "info": _INFO})),),
        snippet=Snippet("swift.txt", f'Image("{name}")\n', "where the picture belongs; publish into `Assets.xcassets`"),
    )


def macos(order: PresetOrder) -> PresetOutput:
    """`NAME.icns` with every size at @1x and @2x, on Apple's grid: Macs do not round icons themselves, and frame those
    that have another shape."""
    look = Look(
        fit=order.fit,
        ground=order.ground,
        alpha="always",
        margin=MAC_MARGIN,
        inset=order.inset or Fraction(0),
        mask="squircle",
    )
    name = order.subject.name
    plist = f"<key>CFBundleIconFile</key>\n<string>{name}</string>\n"
    return PresetOutput(
        containers=(Container(f"{name}.icns", "icns", MAC_FRAMES, look),),
        snippet=Snippet("Info.plist.txt", plist, "into `Info.plist`, and add the icon to the app's resources"),
    )


PRESETS = (
    Preset(
        "ios-appicon",
        "the icon of an iOS app: AppIcon.appiconset",
        frozenset({"inset", "background", "dark", "tinted", "classic"}),
        ios_appicon,
        check=_check_appicon,
    ),
    Preset(
        "ios-imageset",
        "a picture of an iOS app at three densities: NAME.imageset",
        frozenset({"background", "dark", "width"}),
        ios_imageset,
        check=same_dark_picture,
    ),
    Preset("macos", "the icon of a Mac application: NAME.icns", frozenset({"inset", "background"}), macos),
)
