"""Presets for Android: the launcher icon in all its forms, and pictures at every density.

Layouts are relative to the source set, `app/src/main`, where Android Studio writes too. Sources: Android developers,
"Adaptive icons" (layers of 108 dp, of which a mask shows 72 dp), "Create app icons with Image Asset Studio" (48 dp,
densities), "App resources overview"; "Google Play icon design specifications" (512 px, 32-bit PNG, at most 1024 KB,
a full square).
"""

from __future__ import annotations

from fractions import Fraction

from assetgen.catalog.presets.model import (
    DEFAULT_WIDTH,
    Look,
    Mask,
    Preset,
    PresetFile,
    PresetIndex,
    PresetOrder,
    PresetOutput,
    Role,
    Snippet,
)
from assetgen.catalog.presets.options import needs_silhouette, same_dark_picture
from assetgen.catalog.presets.text import attribute, resource_name

DENSITIES: tuple[tuple[str, Fraction], ...] = (
    ("mdpi", Fraction(1)),
    ("hdpi", Fraction(3, 2)),
    ("xhdpi", Fraction(2)),
    ("xxhdpi", Fraction(3)),
    ("xxxhdpi", Fraction(4)),
)
"""Pixels of one dp."""

LAYER_DP, VISIBLE_DP, LEGACY_DP = 108, 72, 48

LAYER_INSET = Fraction(LAYER_DP - VISIBLE_DP, 2 * LAYER_DP)
"""A sixth on each side, exactly: what no mask shows. A rounded 16.7 % lets a hairline of the ground through."""

PLAY_PIXELS, PLAY_BYTES = 512, 1024 * 1024

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_ANDROID = 'xmlns:android="http://schemas.android.com/apk/res/android"'


def android_launcher(order: PresetOrder) -> PresetOutput:
    """`ic_launcher`: the layers of the adaptive icon (Android 8 and later; a monochrome one for Android 13), the square
    and the round icon of older versions, and the picture for Google Play.

    Layers hold their border in their own pixels: no `<inset>` is left to be rounded by a device. One colour becomes a
    colour resource, a gradient a layer of pictures.
    """
    layers = [_layer("foreground", "main", order)]
    layers += [_layer("background", "ground", order)] if not order.ground.is_flat else []
    layers += [_layer("monochrome", "monochrome", order)] if order.options.monochrome else []
    legacy = _legacy(order, "none", ""), _legacy(order, "circle", "_round")
    return PresetOutput(
        files=(*(file for group in (*legacy, *layers) for file in group), _play_icon(order)),
        indexes=_launcher_xml(order),
        snippet=Snippet(
            "AndroidManifest.txt",
            'android:icon="@mipmap/ic_launcher"\nandroid:roundIcon="@mipmap/ic_launcher_round"\n',
            "into the `<application>` element of AndroidManifest.xml; publish into `app/src/main`",
        ),
    )


def _layer(name: str, role: Role, order: PresetOrder) -> tuple[PresetFile, ...]:
    inset = Fraction(0) if role == "ground" else LAYER_INSET if order.inset is None else order.inset
    look = Look(role, order.fit_of(role), order.ground if role == "ground" else None, inset=inset)
    return _at_densities(f"ic_launcher_{name}", LAYER_DP, look)


def _legacy(order: PresetOrder, mask: Mask, suffix: str) -> tuple[PresetFile, ...]:
    look = Look(fit=order.fit, ground=order.ground, inset=_shown_inset(order), mask=mask)
    return _at_densities(f"ic_launcher{suffix}", LEGACY_DP, look)


def _play_icon(order: PresetOrder) -> PresetFile:
    look = Look(fit=order.fit, ground=order.ground, alpha="always", inset=_shown_inset(order))
    return PresetFile("ic_launcher-playstore.png", PLAY_PIXELS, PLAY_PIXELS, "png", look, PLAY_BYTES)


def _shown_inset(order: PresetOrder) -> Fraction:
    """The border that the layers' inset leaves within the part that a mask shows."""
    inset = LAYER_INSET if order.inset is None else order.inset
    return max(Fraction(0), (inset - LAYER_INSET) * LAYER_DP / VISIBLE_DP)


def _at_densities(name: str, dp: int, look: Look) -> tuple[PresetFile, ...]:
    return tuple(
        PresetFile(f"res/mipmap-{density}/{name}.png", int(dp * factor), int(dp * factor), "png", look)
        for density, factor in DENSITIES
    )


def _launcher_xml(order: PresetOrder) -> tuple[PresetIndex, ...]:
    flat = order.ground.is_flat
    rows = [("background", "@color/ic_launcher_background" if flat else "@mipmap/ic_launcher_background")]
    rows += [("foreground", "@mipmap/ic_launcher_foreground")]
    rows += [("monochrome", "@mipmap/ic_launcher_monochrome")] if order.options.monochrome else []
    body = "".join(f'    <{tag} android:drawable="{drawable}"/>\n' for tag, drawable in rows)
    icon = f"{_HEAD}<adaptive-icon {_ANDROID}>\n{body}</adaptive-icon>\n"
    found = [PresetIndex(f"res/mipmap-anydpi-v26/ic_launcher{end}.xml", icon) for end in ("", "_round")]
    if flat:
        color = f'    <color name="ic_launcher_background">{order.ground.colors[0]}</color>\n'
        text = f"{_HEAD}<resources>\n{color}</resources>\n"
        found.append(PresetIndex("res/values/ic_launcher_background.xml", text))
    return tuple(found)


def android_drawable(order: PresetOrder) -> PresetOutput:
    """A picture at the five densities, and with `dark` another asset's for night mode."""
    name, width = resource_name(order.subject.name), order.options.width or DEFAULT_WIDTH
    roles: tuple[Role, ...] = ("main", "dark") if order.options.dark else ("main",)
    files = tuple(
        PresetFile(
            f"res/drawable-{'night-' if role == 'dark' else ''}{density}/{name}.png",
            int(width * factor + Fraction(1, 2)),
            None,
            "png",
            Look(role, ground=order.background),
        )
        for role in roles
        for density, factor in DENSITIES
    )
    alt = attribute(order.subject.alt)
    view = f'<ImageView\n    android:src="@drawable/{name}"\n    android:contentDescription="{alt}" />\n'
    where = "into a layout (in Compose: `painterResource(R.drawable." + name + ")`); publish into `app/src/main`"
    return PresetOutput(files=files, snippet=Snippet("layout.txt", view, where))


PRESETS = (
    Preset(
        "android-launcher",
        "the launcher icon of an Android app, with its adaptive layers",
        frozenset({"inset", "background", "monochrome"}),
        android_launcher,
        check=needs_silhouette,
    ),
    Preset(
        "android-drawable",
        "a picture of an Android app at every density",
        frozenset({"background", "dark", "width"}),
        android_drawable,
        check=same_dark_picture,
    ),
)
