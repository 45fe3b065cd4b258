"""Only what plays from beginning to end is a video, and what else it is is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen.errors import PictureError
from assetgen.imaging.video.demux import VideoFacts, first_frame, inspect_video
from assetgen.manifest.recipe import ClipFormat
from tests.imaging.pictures import halves, packed
from tests.imaging.video.films import SIZE, film


def written(folder: Path, data: bytes) -> Path:
    path = folder / "result"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("file_format", ["mp4", "webm"])
def test_a_video_is_known_by_its_bytes(tmp_path: Path, file_format: ClipFormat) -> None:
    facts = inspect_video(written(tmp_path, film(file_format)))
    assert facts == VideoFacts(facts.format, SIZE.width, SIZE.height, 0.5, 12)
    assert facts.format == file_format


def test_the_first_frame_is_a_picture(tmp_path: Path) -> None:
    frame = first_frame(written(tmp_path, film()))
    assert (frame.mode, frame.size) == ("RGB", (64, 48))
    left, right = (frame.getpixel((x, 16)) for x in (4, 60))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert min(left) > 230
    assert right[0] > 180 > 80 > right[1]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "`result` is empty"),
        (b"<html><body>Sign in</body></html>", "`result` is an HTML page, not a video that can be used"),
        (b'{"code": 500}', "`result` is a JSON document, not a video that can be used"),
        (b"\1\2\3\4" * 40, "`result` is not a video that can be used"),
        (packed(halves(), "PNG"), "`result` is a picture (png), not a video"),
        (packed(halves(), "GIF"), "`result` is a picture (gif), not a video"),
        (packed(halves(), "AVIF"), "`result` is a picture (avif), not a video"),
    ],
)
def test_what_is_no_video_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(PictureError) as error:
        inspect_video(written(tmp_path, data))
    assert error.value.message == message
    assert error.value.hint


@pytest.mark.parametrize("share", [0.4, 0.6, 0.9, 0.99])
def test_a_video_that_was_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    data = film(count=48)
    with pytest.raises(PictureError, match="is a damaged or incomplete video"):
        inspect_video(written(tmp_path, data[: int(len(data) * share)]))


def test_a_video_with_holes_is_refused(tmp_path: Path) -> None:
    data = film(count=48)
    middle = len(data) // 2
    with pytest.raises(PictureError, match="is a damaged or incomplete video"):
        inspect_video(written(tmp_path, data[:middle] + bytes(len(data) - middle)))


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="`nothing` cannot be read"):
        inspect_video(tmp_path / "nothing")
