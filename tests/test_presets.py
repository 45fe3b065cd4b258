"""Presets from the manifest to the files: their places, their texts, what an option changes, whose they are."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from PIL import Image

from assetgen.imaging.containers import held
from tests.support.space import Space

HEAD = 'version: 1\nbrand: {name: Acme, colors: {primary: "#EC4899"}, gradients: {night: ["#1E293B", "#0F172A"]}}\n'
ICON = HEAD + "assets:\n  icon:\n    description: A boat\n    prompt: A boat.\n    presets: "
BUILT = "output/app/icon"


def manifest(space: Space, presets: str, more: str = "") -> None:
    space.write("app.yaml", f"{ICON}{presets}\n{more}")


def built(space: Space) -> set[str]:
    return {path.removeprefix(f"{BUILT}/") for path in space.tree() if path.startswith(BUILT)}


def planned(space: Space) -> tuple[str, list[str]]:
    (asset,) = space.run_ok("plan", "app.yaml", "--json").json["manifests"][0]["assets"]
    return asset["action"], asset["reasons"]


def changed(space: Space) -> set[str]:
    """The files that a build changes."""
    before = space.tree()
    space.run_ok("build", "app.yaml")
    after = space.tree()
    assert space.run_ok("build", "app.yaml", "--json").json["totals"]["up_to_date"] == 1
    return {path.removeprefix(f"{BUILT}/") for path in before | after if before.get(path) != after.get(path)} - {
        "app.lock"
    }


def test_files_index_and_snippet_are_built_and_nothing_else(space: Space) -> None:
    manifest(space, "[favicon, {preset: ios-appicon, inset: 0.1, background: night, tinted: true}]")
    assert changed(space) == {
        "favicon/apple-touch-icon.png",
        "favicon/favicon.ico",
        "favicon/head.html",
        "favicon/icon-192.png",
        "favicon/icon-512.png",
        "favicon/site.webmanifest",
        "ios-appicon/AppIcon.appiconset/AppIcon-1024.png",
        "ios-appicon/AppIcon.appiconset/AppIcon-1024-tinted.png",
        "ios-appicon/AppIcon.appiconset/Contents.json",
        "ios-appicon/build-settings.txt",
    }
    icon = (space.root / BUILT / "ios-appicon/AppIcon.appiconset/AppIcon-1024.png").read_bytes()
    assert Image.open(BytesIO(icon)).mode == "RGB", "the App Store refuses an alpha channel"
    assert held((space.root / BUILT / "favicon/favicon.ico").read_bytes()) == [16, 32, 48]
    assert json.loads(space.read(f"{BUILT}/favicon/site.webmanifest"))["name"] == "Acme"
    locked = json.loads(space.read("app.lock"))["assets"]["icon"]["outputs"]
    assert locked[f"{BUILT}/ios-appicon/AppIcon.appiconset/AppIcon-1024.png"]["export"] == {
        "background": "#1E293B, #0F172A",
        "format": "png",
        "height": 1024,
        "inset": 0.1,
        "look": "opaque",
        "preset": "ios-appicon",
        "width": 1024,
    }


def test_sizes_beside_presets_are_built_too_and_filename_is_theirs_alone(space: Space) -> None:
    manifest(space, "[windows]", '    sizes: [64]\n    filename: "small/{{ name }}.{{ ext }}"\n')
    space.run_ok("build", "app.yaml")
    assert {path for path in space.tree() if path.startswith("output")} == {
        "output/app/small/icon.png",
        f"{BUILT}/windows/icon.ico",
        f"{BUILT}/windows/csproj.txt",
    }


def test_places_are_those_of_the_preset_then_the_asset_then_the_manifest(space: Space) -> None:
    text = f"publish: web\n{ICON}[favicon, {{preset: windows, output: out/win, publish: [dist, setup]}}]\n"
    space.write("app.yaml", text + "    output: out/icons\n")
    space.run_ok("build", "app.yaml")
    assert "out/icons/icon/favicon/favicon.ico" in space.tree()
    for place in ("dist", "setup"):
        icon = space.root / "out/win/icon/windows/icon.ico"
        space.write(f"{place}/icon.ico", icon.read_bytes())
        icon.unlink()
        assert space.run_ok("plan", "app.yaml", "--json").json["manifests"][0]["assets"][0]["action"] == "up-to-date"
        space.run_ok("build", "app.yaml")
        (space.root / place / "icon.ico").unlink()
    assert "out/win/icon/windows/icon.ico" in space.tree()


def test_an_option_exports_the_pictures_that_look_different_for_it(space: Space) -> None:
    manifest(space, "[favicon, pwa]")
    space.run_ok("build", "app.yaml")
    manifest(space, "[{preset: favicon, background: night}, pwa]")
    assert planned(space) == (
        "export",
        ["background of preset `favicon` added: `#1E293B, #0F172A`", "text files of preset `favicon` changed"],
    )
    changed(space)
    manifest(space, "[{preset: favicon, background: night}, {preset: pwa, inset: 0.2}]")
    assert planned(space) == ("export", ["inset of preset `pwa` added: `0.2`"])
    assert changed(space) == {"pwa/maskable-192x192.png", "pwa/maskable-512x512.png"}


def test_a_gradient_of_the_brand_is_followed(space: Space) -> None:
    manifest(space, "[{preset: android-launcher, background: night, inset: 0.3}]")
    space.run_ok("build", "app.yaml")
    space.write("app.yaml", space.read("app.yaml").replace("#0F172A", "#000000"))
    assert planned(space)[1] == [
        "background of preset `android-launcher` changed: `#1E293B, #0F172A` -> `#1E293B, #000000`"
    ]
    files = changed(space)
    assert "android-launcher/res/mipmap-mdpi/ic_launcher_background.png" in files
    assert "android-launcher/res/mipmap-mdpi/ic_launcher_foreground.png" not in files


def test_words_change_texts_and_need_no_picture(space: Space) -> None:
    """The master may be lost: nothing of it is in a text."""
    manifest(space, "[favicon]")
    space.run_ok("build", "app.yaml")
    for blob in (space.root / ".assetgen/blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    space.write("app.yaml", space.read("app.yaml").replace("name: Acme", "name: Acme Pro"))
    assert planned(space) == ("export", ["text files of preset `favicon` changed"])
    assert changed(space) == {"favicon/site.webmanifest"}


def test_one_more_role_adds_its_file(space: Space) -> None:
    manifest(space, "[ios-appicon]")
    space.run_ok("build", "app.yaml")
    manifest(space, "[{preset: ios-appicon, tinted: true}]")
    assert planned(space)[1] == [
        "`ios-appicon/AppIcon.appiconset/AppIcon-1024-tinted.png` added",
        "text files of preset `ios-appicon` changed",
    ]
    manifest(space, "[ios-appicon, windows]")
    assert planned(space)[1] == ["preset `windows` added"]


def test_a_preset_that_is_gone_leaves_orphans_for_clean(space: Space) -> None:
    manifest(space, "[favicon, windows]")
    space.run_ok("build", "app.yaml")
    manifest(space, "[windows]")
    space.run_ok("build", "app.yaml")
    assert "favicon/favicon.ico" in built(space)
    space.run_ok("clean", "app.yaml")
    assert built(space) == {"windows/icon.ico", "windows/csproj.txt"}


def test_a_renamed_asset_takes_its_files_along(space: Space) -> None:
    manifest(space, "[favicon, windows]")
    space.run_ok("build", "app.yaml")
    space.write("app.yaml", space.read("app.yaml").replace("  icon:\n", "  logo:\n    moved_from: icon\n"))
    space.run_ok("build", "app.yaml", "--provider", "draft")
    tree = space.tree()
    assert {path.removeprefix("output/app/logo/") for path in tree if path.startswith("output/app/logo")} == {
        "favicon/apple-touch-icon.png",
        "favicon/favicon.ico",
        "favicon/head.html",
        "favicon/icon-192.png",
        "favicon/icon-512.png",
        "favicon/site.webmanifest",
        "windows/csproj.txt",
        "windows/logo.ico",
    }
    assert space.run("check", "app.yaml").exit_code == 0


@pytest.mark.parametrize("path", ["favicon/favicon.ico", "favicon/site.webmanifest"])
def test_strangers_and_edits_are_not_overwritten(space: Space, path: str) -> None:
    manifest(space, "[favicon]")
    space.write(f"{BUILT}/{path}", "mine")
    assert space.run("build", "app.yaml").exit_code == 1
    assert space.read(f"{BUILT}/{path}") == "mine"
    (space.root / BUILT / path).unlink()
    space.run_ok("build", "app.yaml")
    space.write(f"{BUILT}/{path}", "edited")
    error = space.run("build", "app.yaml", "--json").json["manifests"][0]["assets"][0]["error"]
    assert (error["code"], space.read(f"{BUILT}/{path}")) == ("edited", "edited")
    space.run_ok("adopt", "app.yaml", "icon")
    assert space.run("check", "app.yaml").exit_code == 0
    space.run_ok("build", "app.yaml")
    assert space.read(f"{BUILT}/{path}") == "edited"


def test_what_is_missing_is_seen_and_made_again(space: Space) -> None:
    manifest(space, "[macos]")
    space.run_ok("build", "app.yaml")
    before = space.tree()
    (space.root / BUILT / "macos/icon.icns").unlink()
    (space.root / BUILT / "macos/Info.plist.txt").unlink()
    assert space.run("check", "app.yaml").exit_code == 3
    space.run_ok("build", "app.yaml")
    assert space.tree() == before


def test_a_limit_that_a_container_breaks_is_told(space: Space) -> None:
    manifest(space, "[windows]", "    max_bytes: 1000\n")
    error = space.run("build", "app.yaml", "--json").json["manifests"][0]["assets"][0]["error"]
    assert error["message"].startswith("icon.ico cannot be made with at most 1,000 bytes: with its pictures it has ")


def test_icons_of_a_cutout(space: Space) -> None:
    """Shown whole on their ground; transparent and opaque as each platform wants it."""
    options = "background: night, dark: true, tinted: true"
    manifest(space, f"[{{preset: ios-appicon, {options}}}, {{preset: pwa, monochrome: true}}]", "    removeBg: true\n")
    space.run_ok("build", "app.yaml")
    modes = {}
    for path in sorted((space.root / BUILT).rglob("*.png")):
        with Image.open(path) as picture:
            modes[path.name] = picture.mode
    assert modes == {
        "AppIcon-1024.png": "RGB",
        "AppIcon-1024-dark.png": "RGBA",
        "AppIcon-1024-tinted.png": "RGBA",
        "maskable-192x192.png": "RGB",
        "maskable-512x512.png": "RGB",
        "monochrome-192x192.png": "RGBA",
        "monochrome-512x512.png": "RGBA",
        "pwa-192x192.png": "RGBA",
        "pwa-512x512.png": "RGBA",
    }
    with Image.open(space.root / BUILT / "pwa/monochrome-192x192.png") as silhouette:
        assert silhouette.convert("RGB").getextrema() == ((0, 0), (0, 0), (0, 0)), "only its opacity counts"
    assert space.run("check", "app.yaml").exit_code == 0
