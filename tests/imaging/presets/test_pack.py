"""Whole presets as files: what is written opens, is as large as the table says, and has the alpha that it should."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from PIL import Image

from assetgen.catalog.presets.model import Brand, PresetOptions, PresetOutput, Subject
from assetgen.catalog.presets.registry import BUILT_IN, expand
from assetgen.errors import ExportError
from assetgen.imaging.decode import decode
from assetgen.imaging.draw import draw_placeholder
from assetgen.imaging.presets.compose import art_of
from assetgen.imaging.presets.pack import container_bytes, file_bytes
from assetgen.manifest.recipe import Drawing, Export, PixelSize
from tests.imaging.pictures import round_cutout, texture

BRAND = Brand("Acme", {"primary": "#EC4899"}, {"sunrise": ("#F472B6", "#BE185D")})
PLACEHOLDER = draw_placeholder(PixelSize(1024, 1024), Drawing("coin", {"primary": "#EC4899"}, False), "7", "draft")
PLAIN = Export("png")


def expanded(name: str, picture: Image.Image, options: PresetOptions | None = None) -> PresetOutput:
    subject = Subject("coin", picture.width, picture.height, cutout=picture.mode == "RGBA")
    return expand(name, subject, options or PresetOptions(), BRAND)


def files_of(output: PresetOutput, picture: Image.Image) -> dict[str, bytes]:
    arts = {role: art_of(picture, role) for role in output.roles}
    return {file.path: file_bytes(file, arts[file.look.role], PLAIN, mark=False) for file in output.files}


@pytest.mark.parametrize("name", sorted(set(BUILT_IN) - {"og", "macos", "windows", "web"}))
def test_every_png_is_as_the_table_says(name: str) -> None:
    picture = round_cutout(1024)
    output = expanded(name, picture)
    for file, data in zip(output.files, files_of(output, picture).values(), strict=True):
        head = Image.open(BytesIO(data))
        assert head.format == "PNG"
        assert head.size == (file.width, file.height or file.width)
        assert {"never": head.mode == "RGB", "always": head.mode == "RGBA"}.get(file.look.alpha, True), file.path
        assert file.max_bytes is None or len(data) <= file.max_bytes


def test_an_ios_icon_is_stored_as_true_colour_without_alpha() -> None:
    """Colour type 2 in the PNG header (PNG specification, 11.2.1), and no tRNS chunk either."""
    picture = round_cutout(1024)
    (data,) = files_of(expanded("ios-appicon", picture), picture).values()
    assert data[25] == 2
    assert b"tRNS" not in data


@pytest.mark.parametrize("form", ["avif", "webp", "jpg"])
def test_web_pictures_in_every_format(form: str) -> None:
    output = expanded("web", PLACEHOLDER, PresetOptions(widths=(64,)))
    file = next(file for file in output.files if file.format == form)
    assert decode(file_bytes(file, PLACEHOLDER, PLAIN, mark=True)).size == (64, 64)


def test_lossless_is_not_promised_where_it_cannot_be_kept() -> None:
    output = expanded("web", PLACEHOLDER, PresetOptions(widths=(64,)))
    with pytest.raises(ExportError, match="avif files cannot be written without loss"):
        file_bytes(output.files[0], PLACEHOLDER, Export("png", quality="lossless"), mark=False)


def test_og_shows_all_of_a_cutout_on_its_ground() -> None:
    picture = round_cutout(1024)
    output = expanded("og", picture, PresetOptions(background="#FFFFFF"))
    shown = decode(files_of(output, picture)["coin-og.jpg"])
    assert shown.size == (1200, 630)
    assert min(shown.crop((0, 0, 250, 630)).tobytes()) >= 250


def test_a_full_square_is_too_small_for_og_and_that_is_said() -> None:
    output = expanded("og", PLACEHOLDER)
    with pytest.raises(ExportError, match="1200x630 pixels would enlarge a picture of 1024x1024"):
        files_of(output, PLACEHOLDER)


def test_the_limit_of_a_platform_and_the_users_hold() -> None:
    output = expanded("android-launcher", texture(1024))
    store = output.files[-1]
    with pytest.raises(ExportError, match="cannot be made with at most 1,000 bytes"):
        file_bytes(store, texture(1024), Export("png", max_bytes=1000), mark=False)
    assert len(file_bytes(store, texture(1024), PLAIN, mark=False)) <= 1024 * 1024


def test_a_mac_icon_has_every_size_once_and_again_for_retina() -> None:
    data = container_bytes(expanded("macos", PLACEHOLDER).containers[0], PLACEHOLDER)
    with Image.open(BytesIO(data)) as picture:
        assert picture.format == "ICNS"
        assert set(picture.info["sizes"]) == {
            (points, points, scale) for points in (16, 32, 128, 256, 512) for scale in (1, 2)
        }


@pytest.mark.parametrize(("name", "edges"), [("favicon", [16, 32, 48]), ("windows", [16, 24, 32, 48, 64, 128, 256])])
def test_ico_files_hold_their_sizes(name: str, edges: list[int]) -> None:
    picture = round_cutout(1024)
    data = container_bytes(expanded(name, picture).containers[0], art_of(picture, "main"))
    with Image.open(BytesIO(data)) as icon:
        assert sorted(icon.info["sizes"]) == [(edge, edge) for edge in edges]
    assert struct.unpack_from("<HHH", data) == (0, 1, len(edges))


def test_containers_are_the_same_every_time() -> None:
    container = expanded("macos", PLACEHOLDER).containers[0]
    assert container_bytes(container, PLACEHOLDER) == container_bytes(container, PLACEHOLDER)
