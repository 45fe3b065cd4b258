"""A video becomes its files: itself, in other formats and sizes, and stills, the same every time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image, WebPImagePlugin

from assetgen.digest import digest_of
from assetgen.errors import ExportError, PictureError
from assetgen.imaging.decode import inspect
from assetgen.imaging.video.clip import export_clip, export_stills
from assetgen.imaging.video.demux import inspect_video
from assetgen.manifest.recipe import ClipExport, ClipFormat, Export, Fit, PixelSize
from tests.imaging.video.films import film


@pytest.fixture
def master(tmp_path: Path) -> Path:
    path = tmp_path / "master"
    path.write_bytes(film(count=24))
    return path


def clip(
    file_format: ClipFormat, width: int | None = None, height: int | None = None, fit: Fit | None = None
) -> ClipExport:
    return ClipExport(file_format, Export("png", width, height, fit, background="#0000FF"))


def test_the_video_itself_is_copied_byte_for_byte(master: Path, tmp_path: Path) -> None:
    made = export_clip(master, clip("mp4"), tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == master.read_bytes()
    assert (made.sha256, made.width, made.height) == (digest_of(master.read_bytes()), 64, 48)


@pytest.mark.parametrize("file_format", ["mp4", "webm", "gif", "webp"])
def test_every_format_is_made_at_every_size_and_the_same_again(
    master: Path, tmp_path: Path, file_format: ClipFormat
) -> None:
    first = export_clip(master, clip(file_format, 32), tmp_path / "first")
    second = export_clip(master, clip(file_format, 32), tmp_path / "second")
    assert (first.width, first.height) == (32, 24)
    assert first == second


@pytest.mark.parametrize(("file_format", "shown"), [("gif", 13), ("webp", 15)])
def test_animated_pictures_move_on_no_faster_than_they_need(
    master: Path, tmp_path: Path, file_format: ClipFormat, shown: int
) -> None:
    target = tmp_path / "out"
    export_clip(master, clip(file_format), target)
    with Image.open(target) as picture:
        assert getattr(picture, "n_frames", 1) == pytest.approx(shown, abs=1)
        assert picture.info.get("loop") == 0
        assert isinstance(picture, WebPImagePlugin.WebPImageFile) == (file_format == "webp")


def test_webm_keeps_length_and_pace(master: Path, tmp_path: Path) -> None:
    export_clip(master, clip("webm"), tmp_path / "out")
    facts = inspect_video(tmp_path / "out")
    assert (facts.format, facts.frames, facts.seconds) == ("webm", 24, 1.0)


@pytest.mark.parametrize(
    ("fit", "expected"), [("cover", (40, 40)), ("contain", (40, 40)), ("inside", (40, 30)), (None, (40, 40))]
)
def test_boxes_are_filled_as_pictures_fill_them(
    master: Path, tmp_path: Path, fit: Fit | None, expected: tuple[int, int]
) -> None:
    made = export_clip(master, clip("mp4", 40, 40, fit), tmp_path / "out")
    assert (made.width, made.height) == expected


def test_odd_edges_lose_a_pixel(master: Path, tmp_path: Path) -> None:
    made = export_clip(master, clip("webm", 33), tmp_path / "out")
    assert (made.width, made.height) == (32, 24)


def test_nothing_is_enlarged(master: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="the largest possible width is 64"):
        export_clip(master, clip("webm", 65), tmp_path / "out")


def test_stills_show_the_first_frame_and_are_marked(master: Path, tmp_path: Path) -> None:
    exports = [(Export("png"), tmp_path / "a"), (Export("webp", 32), tmp_path / "b"), (Export("jpg"), tmp_path / "c")]
    made = export_stills(master, exports, True)
    assert [(file.width, file.height) for file in made] == [(64, 48), (32, 24), (64, 48)]
    assert [inspect(path).format for _, path in exports] == ["png", "webp", "jpeg"]
    assert all(b"trainedAlgorithmicMedia" in path.read_bytes() for _, path in exports)
    with Image.open(tmp_path / "a") as still:
        pixel = still.convert("RGB").getpixel((4, 16))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 230


def test_a_damaged_master_is_not_encoded(master: Path, tmp_path: Path) -> None:
    master.write_bytes(master.read_bytes()[:-100])
    with pytest.raises(PictureError):
        export_clip(master, clip("webm", 32), tmp_path / "out")


def test_an_uncommon_pace_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "master"
    path.write_bytes(film("mp4", 30, PixelSize(64, 48), Fraction(30000, 1001)))
    export_clip(path, clip("webm"), tmp_path / "out")
    assert inspect_video(tmp_path / "out").frames == 30
