"""Every preset beside its platform's own list: files, pixels, what may be transparent, and index files that parse."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from assetgen.catalog.presets.layout import content, plate, too_large
from assetgen.catalog.presets.model import Brand, Ground, Look, PresetOptions, PresetOutput, Subject
from assetgen.catalog.presets.registry import BUILT_IN, expand

ANDROID = "{http://schemas.android.com/apk/res/android}"
BRAND = Brand("Acme", {"primary": "#EC4899"}, {"sunrise": ("#F472B6", "#EC4899", "#BE185D")})
CUTOUT = Subject("coin", 1024, 1024, cutout=True, alt='Coins, "rose" & <gold>')
FULL = replace(CUTOUT, cutout=False)
PLAIN = PresetOptions()


def made(preset: str, options: PresetOptions = PLAIN, subject: Subject = CUTOUT, brand: Brand = BRAND) -> PresetOutput:
    return expand(preset, subject, options, brand)


def pixels(output: PresetOutput) -> dict[str, tuple[int, int | None]]:
    return {file.path: (file.width, file.height) for file in output.files}


def squares(edges: dict[str, int]) -> dict[str, tuple[int, int | None]]:
    return {path: (edge, edge) for path, edge in edges.items()}


def look(output: PresetOutput, path: str) -> Look:
    return next(picture.look for picture in output.pictures if picture.path == path)


def index(output: PresetOutput, path: str) -> str:
    return next(index.text for index in output.indexes if index.path == path)


def pasted(output: PresetOutput) -> str:
    assert output.snippet is not None
    return output.snippet.text


# --- Apple -----------------------------------------------------------------------------------------------------------


def test_ios_single_icon() -> None:
    output = made("ios-appicon")
    assert pixels(output) == squares({"AppIcon.appiconset/AppIcon-1024.png": 1024})
    assert json.loads(index(output, "AppIcon.appiconset/Contents.json")) == {
        "images": [
            {"filename": "AppIcon-1024.png", "idiom": "universal", "platform": "ios", "size": "1024x1024"},
        ],
        "info": {"author": "xcode", "version": 1},
    }


def test_ios_icons_are_opaque_unrounded_and_full() -> None:
    for options in (PLAIN, PresetOptions(classic=True)):
        for file in made("ios-appicon", options).files:
            assert (file.look.alpha, file.look.mask, file.look.margin) == ("never", "none", Fraction(0))
            assert file.look.ground is not None


def test_ios_dark_and_tinted() -> None:
    """The values of `appearances` that Xcode 16 writes; both may be transparent, the icon itself may not."""
    output = made("ios-appicon", PresetOptions(dark=True, tinted="coin-grey"))
    images = json.loads(index(output, "AppIcon.appiconset/Contents.json"))["images"]
    assert [image.get("appearances") for image in images] == [
        None,
        [{"appearance": "luminosity", "value": "dark"}],
        [{"appearance": "luminosity", "value": "tinted"}],
    ]
    assert {image["size"] for image in images} == {"1024x1024"}
    looks = [look(output, f"AppIcon.appiconset/{image['filename']}") for image in images]
    assert [(one.role, one.alpha, one.ground is None) for one in looks] == [
        ("main", "never", False),
        ("dark", "where needed", True),
        ("tinted", "where needed", True),
    ]
    assert output.roles == {"main", "dark", "tinted"}


IOS_CLASSIC = {
    *{("iphone", "20x20", "2x", 40), ("iphone", "20x20", "3x", 60), ("iphone", "29x29", "2x", 58)},
    *{("iphone", "29x29", "3x", 87), ("iphone", "40x40", "2x", 80), ("iphone", "40x40", "3x", 120)},
    *{("iphone", "60x60", "2x", 120), ("iphone", "60x60", "3x", 180)},
    *{("ipad", "20x20", "1x", 20), ("ipad", "20x20", "2x", 40), ("ipad", "29x29", "1x", 29)},
    *{("ipad", "29x29", "2x", 58), ("ipad", "40x40", "1x", 40), ("ipad", "40x40", "2x", 80)},
    *{("ipad", "76x76", "1x", 76), ("ipad", "76x76", "2x", 152), ("ipad", "83.5x83.5", "2x", 167)},
    ("ios-marketing", "1024x1024", "1x", 1024),
}
"""Xcode's list before single icons: device, points, scale, pixels."""


def test_ios_classic_set() -> None:
    output = made("ios-appicon", PresetOptions(classic=True))
    size = {file.path: file.width for file in output.files}
    images = json.loads(index(output, "AppIcon.appiconset/Contents.json"))["images"]
    found = [(i["idiom"], i["size"], i["scale"], size[f"AppIcon.appiconset/{i['filename']}"]) for i in images]
    assert set(found) == IOS_CLASSIC
    assert len(found) == len(IOS_CLASSIC)
    assert len(output.files) == 15, "equal pixels of iPhone and iPad share a file"


def test_ios_imageset() -> None:
    output = made("ios-imageset", PresetOptions(width=24, dark="coin-dark"))
    assert pixels(output) == {
        f"coin.imageset/coin{name}.png": (24 * scale, None)
        for name, scale in (("", 1), ("@2x", 2), ("@3x", 3), ("-dark", 1), ("-dark@2x", 2), ("-dark@3x", 3))
    }
    images = json.loads(index(output, "coin.imageset/Contents.json"))["images"]
    assert [(i["filename"], i["idiom"], i["scale"], "appearances" in i) for i in images] == [
        ("coin.png", "universal", "1x", False),
        ("coin@2x.png", "universal", "2x", False),
        ("coin@3x.png", "universal", "3x", False),
        ("coin-dark.png", "universal", "1x", True),
        ("coin-dark@2x.png", "universal", "2x", True),
        ("coin-dark@3x.png", "universal", "3x", True),
    ]


def test_catalogues_are_written_as_xcode_writes_them() -> None:
    text = index(made("ios-imageset"), "coin.imageset/Contents.json")
    assert text.startswith('{\n  "images" : [\n    {\n      "filename" : "coin.png",\n      "idiom" : "universal",\n')


def test_macos_icon_set() -> None:
    """`man iconutil`: icon_16x16, icon_16x16@2x, ..., icon_512x512@2x."""
    (container,) = made("macos").containers
    assert (container.path, container.kind) == ("coin.icns", "icns")
    assert [(frame.points, frame.scale) for frame in container.frames] == [
        (points, scale) for points in (16, 32, 128, 256, 512) for scale in (1, 2)
    ]
    assert container.look.mask == "squircle"
    area = plate(1024, 1024, container.look)
    assert (area.x, area.y, area.width, area.height) == (100, 100, 824, 824)


# --- Android ---------------------------------------------------------------------------------------------------------

PER_DP = {"mdpi": 1.0, "hdpi": 1.5, "xhdpi": 2.0, "xxhdpi": 3.0, "xxxhdpi": 4.0}


def at_densities(name: str, dp: int) -> dict[str, int]:
    return {f"res/mipmap-{density}/{name}.png": int(dp * factor) for density, factor in PER_DP.items()}


def test_android_launcher() -> None:
    output = made("android-launcher", PresetOptions(monochrome=True))
    assert pixels(output) == squares(
        {
            **at_densities("ic_launcher", 48),
            **at_densities("ic_launcher_round", 48),
            **at_densities("ic_launcher_foreground", 108),
            **at_densities("ic_launcher_monochrome", 108),
            "ic_launcher-playstore.png": 512,
        }
    )
    assert {i.path for i in output.indexes} == {
        "res/mipmap-anydpi-v26/ic_launcher.xml",
        "res/mipmap-anydpi-v26/ic_launcher_round.xml",
        "res/values/ic_launcher_background.xml",
    }


@pytest.mark.parametrize("density", PER_DP)
def test_layers_show_72_of_108_dp_to_the_pixel(density: str) -> None:
    """No mask shows the outer 18 dp, on any density, and no share of a pixel is lost to rounding."""
    per_dp = PER_DP[density]
    output = made("android-launcher")
    layer = next(f for f in output.files if f.path == f"res/mipmap-{density}/ic_launcher_foreground.png")
    assert layer.look.inset == Fraction(1, 6)
    area = content(plate(layer.width, layer.width, layer.look), layer.look)
    assert (area.x, area.width) == (18 * per_dp, 72 * per_dp)


def test_adaptive_xml() -> None:
    output = made("android-launcher", PresetOptions(monochrome="coin-mono", background="#abc"))
    for name in ("ic_launcher", "ic_launcher_round"):
        root = ET.fromstring(index(output, f"res/mipmap-anydpi-v26/{name}.xml"))
        assert root.tag == "adaptive-icon"
        assert [(layer.tag, layer.get(f"{ANDROID}drawable")) for layer in root] == [
            ("background", "@color/ic_launcher_background"),
            ("foreground", "@mipmap/ic_launcher_foreground"),
            ("monochrome", "@mipmap/ic_launcher_monochrome"),
        ]
    (color,) = ET.fromstring(index(output, "res/values/ic_launcher_background.xml"))
    assert (color.tag, color.get("name"), color.text) == ("color", "ic_launcher_background", "#AABBCC")


def test_a_gradient_becomes_a_layer() -> None:
    output = made("android-launcher", PresetOptions(background="sunrise"))
    background = look(output, "res/mipmap-hdpi/ic_launcher_background.png")
    assert (background.role, background.inset) == ("ground", Fraction(0))
    assert background.ground == Ground(("#F472B6", "#EC4899", "#BE185D"))
    assert "@mipmap/ic_launcher_background" in index(output, "res/mipmap-anydpi-v26/ic_launcher.xml")
    assert not any(i.path.startswith("res/values") for i in output.indexes)


def test_the_inset_of_layers_is_what_older_icons_show_of_it() -> None:
    """0.25 of 108 dp are 27 dp, 9 of them within the 72 dp that are seen: an eighth."""
    output = made("android-launcher", PresetOptions(inset=0.25))
    assert look(output, "res/mipmap-mdpi/ic_launcher_foreground.png").inset == Fraction(1, 4)
    for path in ("res/mipmap-mdpi/ic_launcher.png", "ic_launcher-playstore.png"):
        assert look(output, path).inset == Fraction(1, 8)
    assert look(made("android-launcher", PresetOptions(inset=0)), "res/mipmap-mdpi/ic_launcher.png").inset == 0


def test_the_store_icon_is_a_full_square_of_32_bits() -> None:
    store = made("android-launcher").files[-1]
    assert (store.path, store.max_bytes, store.look.alpha) == ("ic_launcher-playstore.png", 1024 * 1024, "always")
    assert store.look.ground is not None
    assert store.look.mask == "none"


def test_android_drawables() -> None:
    output = made("android-drawable", PresetOptions(width=24, dark="coin-dark"))
    assert pixels(output) == {
        f"res/drawable-{night}{density}/coin.png": (int(24 * factor), None)
        for night in ("", "night-")
        for density, factor in PER_DP.items()
    }


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("coin", "coin"),
        ("Hero-Image.v2", "hero_image_v2"),
        ("2fast", "img_2fast"),
        ("class", "class_"),
        ("new", "new_"),
        ("A", "a"),
    ],
)
def test_resource_names(name: str, resource: str) -> None:
    output = made("android-drawable", subject=replace(CUTOUT, name=name))
    assert output.files[0].path == f"res/drawable-mdpi/{resource}.png"
    assert f'"@drawable/{resource}"' in pasted(output)


# --- web -------------------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The start tags of a text, with their attributes unescaped."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_favicon() -> None:
    output = made("favicon")
    assert pixels(output) == squares({"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512})
    (ico,) = output.containers
    assert (ico.path, ico.kind, [frame.pixels for frame in ico.frames]) == ("favicon.ico", "ico", [16, 32, 48])
    assert look(output, "apple-touch-icon.png").alpha == "never"
    assert look(output, "icon-512.png").ground is None


def test_favicon_head_names_every_file() -> None:
    output = made("favicon")
    tags = Tags(pasted(output)).found
    assert [(tag, attributes.get("rel")) for tag, attributes in tags] == [
        ("link", "icon"),
        ("link", "icon"),
        ("link", "apple-touch-icon"),
        ("link", "manifest"),
        ("meta", None),
    ]
    known = {f"/{path}" for path in output.paths}
    assert {str(attributes["href"]) for tag, attributes in tags if tag == "link"} <= known
    assert tags[0][1]["sizes"] == "16x16 32x32 48x48"


def test_web_manifests() -> None:
    simple = json.loads(index(made("favicon"), "site.webmanifest"))
    assert simple["icons"] == [
        {"src": f"icon-{edge}.png", "sizes": f"{edge}x{edge}", "type": "image/png", "purpose": "any"}
        for edge in (192, 512)
    ]
    app = json.loads(index(made("pwa", PresetOptions(background="#fff", monochrome=True)), "manifest.webmanifest"))
    assert (app["name"], app["theme_color"], app["background_color"]) == ("Acme", "#EC4899", "#FFFFFF")
    assert (app["display"], app["start_url"]) == ("standalone", "./")
    assert [(icon["src"], icon["purpose"]) for icon in app["icons"]] == [
        (f"{name}-{edge}x{edge}.png", purpose)
        for name, purpose in (("pwa", "any"), ("maskable", "maskable"), ("monochrome", "monochrome"))
        for edge in (192, 512)
    ]


def test_a_manifest_without_a_brand_goes_by_the_asset() -> None:
    app = json.loads(index(made("pwa", brand=Brand()), "manifest.webmanifest"))
    assert app["name"] == "coin"
    assert "theme_color" not in app


def test_pwa() -> None:
    output = made("pwa")
    assert pixels(output) == squares(
        {"pwa-192x192.png": 192, "pwa-512x512.png": 512, "maskable-192x192.png": 192, "maskable-512x512.png": 512}
    )
    masked = look(output, "maskable-512x512.png")
    assert (masked.alpha, masked.safe, masked.mask) == ("never", Fraction(4, 5), "none")
    chosen = look(made("pwa", PresetOptions(inset=0.15)), "maskable-512x512.png")
    assert (chosen.safe, chosen.inset) == (None, Fraction(3, 20))


def test_favicon_and_pwa_can_share_a_folder() -> None:
    assert not set(made("favicon").paths) & set(made("pwa").paths)


def test_web_widths_end_where_the_picture_ends() -> None:
    wide = Subject("hero", 1376, 768, alt="A hero")
    output = made("web", subject=wide)
    assert [file.path for file in output.files] == [
        f"hero-{width}.{form}" for form in ("avif", "webp", "jpg") for width in (320, 640, 960, 1280)
    ]
    assert {file.width for file in made("web", subject=Subject("hero")).files} == {320, 640}
    assert {file.width for file in made("web", subject=Subject("dot", 100, 50)).files} == {100}
    assert [f.width for f in made("web", PresetOptions(widths=(700, 300)), wide).files][:2] == [300, 700]


@pytest.mark.parametrize(
    ("subject", "options", "last"),
    [
        (FULL, PLAIN, "jpg"),
        (CUTOUT, PLAIN, "png"),
        (CUTOUT, PresetOptions(background="#FFFFFF"), "jpg"),
        (CUTOUT, PresetOptions(formats=("webp",)), "webp"),
    ],
)
def test_the_last_format_is_one_that_holds_the_picture(subject: Subject, options: PresetOptions, last: str) -> None:
    file = made("web", options, subject).files[-1]
    assert file.format == last
    assert last != "jpg" or file.look.ground is not None


def test_picture_element() -> None:
    output = made("web", subject=replace(Subject("hero", 1376, 768), alt='A "hero" & <co>'))
    tags = Tags(pasted(output)).found
    assert [tag for tag, _ in tags] == ["picture", "source", "source", "img"]
    assert [attributes["type"] for _, attributes in tags[1:3]] == ["image/avif", "image/webp"]
    assert tags[1][1]["srcset"] == "hero-320.avif 320w, hero-640.avif 640w, hero-960.avif 960w, hero-1280.avif 1280w"
    image = tags[3][1]
    assert (image["src"], image["width"], image["height"]) == ("hero-1280.jpg", "1280", "714")
    assert image["alt"] == 'A "hero" & <co>'
    assert "width=" not in pasted(made("web", subject=Subject("hero")))


def test_og() -> None:
    output = made("og")
    assert pixels(output) == {"coin-og.jpg": (1200, 630)}
    tags = {str(a.get("property", a.get("name"))): a["content"] for _, a in Tags(pasted(output)).found}
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
    assert tags["og:image:alt"] == CUTOUT.alt
    assert str(tags["og:image"]).endswith("/coin-og.jpg")
    assert "og:image:alt" not in pasted(made("og", subject=replace(CUTOUT, alt="")))


# --- other apps ------------------------------------------------------------------------------------------------------


def test_windows() -> None:
    (ico,) = made("windows").containers
    assert (ico.path, ico.kind, ico.png_from) == ("coin.ico", "ico", 256)
    assert [frame.pixels for frame in ico.frames] == [16, 24, 32, 48, 64, 128, 256]
    assert ico.look.ground is None


def test_react_native() -> None:
    output = made("react-native", PresetOptions(width=24))
    assert pixels(output) == {"coin.png": (24, None), "coin@2x.png": (48, None), "coin@3x.png": (72, None)}
    assert "require('./coin.png')" in pasted(output)


def test_flutter() -> None:
    output = made("flutter", PresetOptions(width=24))
    assert pixels(output) == {"coin.png": (24, None), "2.0x/coin.png": (48, None), "3.0x/coin.png": (72, None)}
    assert pasted(output) == "flutter:\n  assets:\n    - assets/coin.png\n"


# --- all -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("subject", [CUTOUT, FULL])
def test_paths_are_relative_distinct_and_say_their_format(name: str, subject: Subject) -> None:
    output = made(name, subject=subject)
    paths = output.paths
    assert output.snippet is not None
    assert len({path.casefold() for path in (*paths, output.snippet.path)}) == len(paths) + 1
    assert not any(path.startswith("/") or ".." in path.split("/") or "\\" in path for path in paths)
    assert all(file.path.endswith(f".{file.format}") for file in output.files)
    assert all(text.endswith("\n") for text in (output.snippet.text, *(i.text for i in output.indexes)))


@pytest.mark.parametrize("name", BUILT_IN)
def test_equal_orders_give_equal_outputs(name: str) -> None:
    assert made(name) == made(name)


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_cutout_of_1k_is_large_enough_for_every_preset(name: str) -> None:
    assert too_large(made(name), (1024, 1024)) == ()


@pytest.mark.parametrize("name", ["ios-imageset", "android-drawable", "react-native", "flutter"])
def test_pictures_of_no_stated_width_fit_the_smallest_master(name: str) -> None:
    assert too_large(made(name), (768, 1376)) == ()


def test_too_small_pictures_are_named() -> None:
    assert too_large(made("og", subject=FULL), (1024, 1024)) == (("coin-og.jpg", 118),)
    assert dict(too_large(made("ios-appicon"), (512, 512))) == {"AppIcon.appiconset/AppIcon-1024.png": 200}
    assert dict(too_large(made("windows"), (128, 128))) == {"coin.ico": 200}
