"""Drafts of videos: as long and as large as the real ones, moving, and the same every time."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from assetgen.imaging.video.demux import inspect_video, opened
from assetgen.imaging.video.placeholder import placeholder_mp4
from assetgen.manifest.recipe import Drawing, PixelSize

DRAWING = Drawing("banner-loop", {"primary": "#EC4899"}, remove_bg=False)
SIZE = PixelSize(320, 180)


def pictures(path: Path) -> list[Image.Image]:
    with opened(path) as video:
        return [frame.to_image() for frame in video.frames()]  # type: ignore[no-untyped-call]


def unlike(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def test_a_draft_moves_and_ends_where_it_began(tmp_path: Path) -> None:
    path = tmp_path / "draft"
    path.write_bytes(placeholder_mp4(SIZE, 2, DRAWING, "seed", "320 x 180 · 2 s · draft"))
    facts = inspect_video(path)
    assert (facts.format, facts.size, facts.seconds) == ("mp4", SIZE, 2.0)
    shown = pictures(path)
    assert unlike(shown[0], shown[12]) > 5
    assert unlike(shown[0], shown[-1]) < unlike(shown[0], shown[12])


def test_equal_arguments_give_equal_bytes() -> None:
    made = {placeholder_mp4(SIZE, 1, DRAWING, seed, "draft") for seed in ("a", "a", "a", "b")}
    assert len(made) == 2
