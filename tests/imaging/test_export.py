"""A master becomes its files: in order, checked, the same from any number of threads, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import PIL
import pytest
from PIL import Image

from assetgen.catalog.presets.model import Look, PresetFile, Role
from assetgen.digest import digest_of
from assetgen.errors import ExportError, PictureError, Place, WriteError
from assetgen.imaging.decode import decode, inspect
from assetgen.imaging.export import Exported, encoder_version, export_file, export_picture
from assetgen.imaging.verify import verify_picture
from assetgen.manifest.recipe import AssetName, Borrowed, Cell, Export, Fit, Format, PixelSize, PresetExport
from tests.imaging.pictures import RED, halves, packed, round_cutout, texture

FORMATS: tuple[Format, ...] = ("png", "webp", "avif", "jpg")


@pytest.fixture
def cutout(tmp_path: Path) -> Path:
    path = tmp_path / "master"
    path.write_bytes(packed(round_cutout(), "PNG"))
    return path


def ladder(folder: Path, tag: str = "") -> list[tuple[Export, Path]]:
    """Scaled and unscaled, all formats; jpg and the last on a background."""
    exports = [
        Export(file_format, width, background="#FFFFFF" if file_format == "jpg" else None)
        for width in (64, None, 24, 100)
        for file_format in FORMATS
    ]
    exports.append(Export("png", 80, 40, "contain", background="#102030"))
    return [(export, folder / f"{tag}{number}.tmp") for number, export in enumerate(exports)]


def test_results_are_in_order_and_say_what_is_on_the_disk(cutout: Path, tmp_path: Path) -> None:
    exports = ladder(tmp_path)
    results = export_file(cutout, exports, mark=True)
    for (export, path), result in zip(exports, results, strict=True):
        data = path.read_bytes()
        assert result == Exported(digest_of(data), result.width, result.height, len(data))
        facts = inspect(path)
        assert (facts.width, facts.height) == (result.width, result.height)
        assert facts.format == {"jpg": "jpeg"}.get(export.format, export.format)
        assert result.width == (export.width or 256)
        assert facts.has_alpha == (export.background is None)


def test_an_unscaled_png_has_the_masters_pixels_whatever_is_made_beside_it(cutout: Path, tmp_path: Path) -> None:
    exports = [(Export("png", 10), tmp_path / "small"), (Export("png"), tmp_path / "whole")]
    export_file(cutout, exports, mark=False)
    assert decode(tmp_path / "whole").tobytes() == decode(cutout).tobytes()


@pytest.mark.parametrize("role", ["dark", "tinted"])
def test_a_preset_may_show_one_cell_of_a_sheet(tmp_path: Path, role: Role) -> None:
    """As it would show that cell if it were a picture of its own."""
    sheet = texture(128).crop((0, 0, 128, 64))
    part = sheet.crop((64, 0, 128, 64))
    borrowed = Borrowed(AssetName("sheet"), Place(""), Cell(1, 2, 1, 2), "b")
    file = PresetFile("icon.png", 32, 32, "png", Look(role))
    shown = PresetExport("ios-appicon", file, Export("png"), borrowed=borrowed)
    alone = PresetExport("ios-appicon", file, Export("png"))
    made = export_picture(sheet, [(shown, tmp_path / "cell")], mark=False)
    assert made == export_picture(part, [(alone, tmp_path / "part")], mark=False)


def test_whose_picture_is_too_small_is_said(tmp_path: Path) -> None:
    borrowed = Borrowed(AssetName("mark"), Place(""))
    file = PresetFile("icon.png", 64, 64, "png", Look("tinted"))
    shown = PresetExport("ios-appicon", file, Export("png"), borrowed=borrowed)
    with pytest.raises(ExportError, match="the file that shows `mark`: 64x64 pixels would enlarge a picture of 32x32"):
        export_picture(texture(32), [(shown, tmp_path / "icon")], mark=False)


def test_provenance_is_marked_only_when_both_say_so(tmp_path: Path) -> None:
    master = tmp_path / "master"
    master.write_bytes(packed(halves(), "PNG"))
    found = {}
    for mark in (True, False):
        for provenance in (True, False):
            path = tmp_path / f"{mark}{provenance}"
            export_file(master, [(Export("png", provenance=provenance), path)], mark)
            found[mark, provenance] = b"trainedAlgorithmicMedia" in path.read_bytes()
    assert found == {(True, True): True, (True, False): False, (False, True): False, (False, False): False}


def test_files_keep_to_their_bytes(tmp_path: Path) -> None:
    master = tmp_path / "master"
    master.write_bytes(packed(texture(256), "PNG"))
    wanted = [Export(form, 128, max_bytes=2500) for form in ("webp", "avif", "jpg")]
    paths = [tmp_path / export.format for export in wanted]
    made = export_file(master, list(zip(wanted, paths, strict=True)), mark=True)
    assert [file.length for file in made] == [path.stat().st_size for path in paths]
    assert all(1500 < file.length <= 2500 for file in made)


def test_a_file_that_is_not_what_was_asked_for_is_never_handed_on(tmp_path: Path) -> None:
    """The order says RGB, 20 pixels, a jpg: each of these files breaks it in its own way."""
    order = Export("png", 20, max_bytes=200)
    for name, data, complaint in (
        ("format", packed(halves().resize((20, 20)), "JPEG"), "it is a jpeg, not a png"),
        ("size", packed(Image.new("RGB", (21, 20)), "PNG"), "it has 21x20 pixels, not 20x20"),
        ("alpha", packed(Image.new("RGBA", (20, 20)), "PNG"), "it has an alpha channel"),
        ("bytes", packed(texture(20), "PNG"), "bytes, more than 200"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(ExportError, match=complaint):
            verify_picture(path, order, Image.new("RGB", (20, 20)))
    lost = tmp_path / "lost"
    lost.write_bytes(packed(Image.new("RGB", (20, 20)), "PNG"))
    with pytest.raises(ExportError, match="its transparency was lost"):
        verify_picture(lost, order, Image.new("RGBA", (20, 20)))
    verify_picture(lost, order, Image.new("RGBA", (20, 20), (1, 2, 3, 255)))


def test_files_made_together_are_what_each_is_alone(tmp_path: Path) -> None:
    """Formats of one size share pixels: where they show the same, and only there."""
    grounds = (None, "#FFFFFF", "#102030")
    boxes: tuple[tuple[int | None, Fit | None], ...] = ((None, None), (60, "cover"), (30, "contain"), (30, "inside"))
    exports = [
        Export(file_format, 60, height, fit, background=ground)
        for height, fit in boxes
        for ground in grounds
        for file_format in FORMATS
        if file_format != "jpg" or ground
    ]
    for number, picture in enumerate((round_cutout(), texture(256))):
        master = tmp_path / f"master-{number}"
        master.write_bytes(packed(picture, "PNG"))
        together = export_file(master, [(export, tmp_path / f"{at}") for at, export in enumerate(exports)], mark=True)
        alone = [export_file(master, [(export, tmp_path / "alone")], mark=True)[0] for export in exports]
        assert together == alone


def test_threads_write_what_one_thread_writes(tmp_path: Path) -> None:
    """Saves that share a picture leave one another's settings on it: none of ours may."""
    masters = []
    for number, picture in enumerate((round_cutout(), texture(256))):
        masters.append(tmp_path / f"master-{number}")
        masters[-1].write_bytes(packed(picture, "PNG"))
    serial = [[file.sha256 for file in export_file(master, ladder(tmp_path), mark=True)] for master in masters]
    with ThreadPoolExecutor(4) as pool:
        runs = [
            (number % 2, pool.submit(export_file, masters[number % 2], ladder(tmp_path, f"{number}-"), mark=True))
            for number in range(8)
        ]
        for which, run in runs:
            assert [file.sha256 for file in run.result()] == serial[which]


@pytest.mark.parametrize(
    ("export", "message"),
    [
        (Export("png", 300), "a width of 300 pixels would enlarge a picture of 256x256 pixels; .* width is 256"),
        (Export("jpg", 100), "jpg has no transparency"),
        (Export("avif", 100, quality="lossless"), "avif files cannot be written without loss"),
    ],
)
def test_what_cannot_be_made_is_refused_before_anything_is_written(
    cutout: Path, tmp_path: Path, export: Export, message: str
) -> None:
    with pytest.raises(ExportError, match=message):
        export_file(cutout, [(Export("png", 10), tmp_path / "first"), (export, tmp_path / "second")], mark=False)
    assert [path.name for path in tmp_path.iterdir()] == ["master"]


def test_a_master_that_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "master").write_bytes(b"<html>")
    with pytest.raises(PictureError, match="is an HTML page"):
        export_file(tmp_path / "master", [(Export("png"), tmp_path / "out")], mark=False)


def test_a_place_that_cannot_be_written(cutout: Path, tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="cannot write"):
        export_file(cutout, [(Export("png"), tmp_path / "nowhere" / "out")], mark=False)


def test_a_disk_that_forgets_is_noticed(cutout: Path) -> None:
    """/dev/null takes every byte and keeps none."""
    null = Path("/dev/null")
    if not null.is_char_device():
        pytest.skip("no /dev/null here")
    with pytest.raises((WriteError, PictureError)):
        export_file(cutout, [(Export("png"), null)], mark=False)


def test_extreme_shapes(tmp_path: Path) -> None:
    master = tmp_path / "line"
    master.write_bytes(packed(Image.new("RGB", (3000, 1), RED), "PNG"))
    exports = [(Export(f, 7), tmp_path / f) for f in FORMATS]
    assert {(file.width, file.height) for file in export_file(master, exports, mark=False)} == {(7, 1)}


def test_the_encoders_version_is_said() -> None:
    assert encoder_version() == f"pillow {PIL.__version__}"


def test_no_exports_make_nothing(cutout: Path) -> None:
    assert export_file(cutout, [], mark=True) == []
    assert inspect(cutout).has_alpha
    assert PixelSize(*decode(cutout).size) == PixelSize(256, 256)
