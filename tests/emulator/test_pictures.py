"""Pictures depend on the request and on how often it was accepted: never on time or order."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from assetgen.catalog import CATALOG
from assetgen.catalog.grounds import words_for
from assetgen.digest import Json
from assetgen.emulator.pictures import JPEG_TYPE, PNG_TYPE, bomb, corrupted, drawn
from assetgen.emulator.rules import Job, examine
from assetgen.manifest.recipe import PixelSize
from tests.support.kie import SMALL


def job(prompt: str = "A coin in #EC4899", **input_: Any) -> Job:
    examined = examine({"model": "nano-banana-pro", "input": {"prompt": prompt, **input_}}, SMALL.models)
    assert isinstance(examined, Job)
    return examined


def test_equal_requests_give_equal_bytes_and_another_turn_another_picture() -> None:
    first, second = drawn(job(), 0), drawn(job(), 1)
    assert first == drawn(job(), 0)
    assert first != second
    assert first != drawn(job("A hat in #EC4899"), 0)


def test_fields_that_the_model_ignores_still_make_another_request() -> None:
    assert drawn(job(), 0) != drawn(job(seed=3), 0)


def test_size_comes_from_the_catalog() -> None:
    examined = examine(
        {"model": "nano-banana-pro", "input": {"prompt": "x", "aspect_ratio": "21:9", "resolution": "1K"}},
        CATALOG.models,
    )
    assert isinstance(examined, Job)
    data, media_type = drawn(examined, 0)
    picture = Image.open(BytesIO(data))
    assert (picture.format, picture.size, media_type) == ("PNG", (1584, 672), "image/png")


@pytest.mark.parametrize("words", ["white background", "White (#FFFFFF) background"])
def test_a_plain_background_is_drawn_where_it_is_asked_for(words: str) -> None:
    data, _ = drawn(job(f"A coin in #EC4899 on a plain pure {words}."), 0)
    picture = Image.open(BytesIO(data)).convert("RGB")
    assert {picture.getpixel(corner) for corner in [(0, 0), (picture.width - 1, 0)]} == {(255, 255, 255)}


def test_a_picture_is_shown_on_another_ground_with_its_subject_as_it_was() -> None:
    first = job("A coin in #EC4899 on a plain white background.")
    source, _ = drawn(first, 0)
    asks = job(words_for("black"))
    exact, plain = (drawn(replace(asks, source=source, first=known), 0)[0] for known in ((first, 0), None))
    white, black, cut = (Image.open(BytesIO(data)).convert("RGB") for data in (source, exact, plain))
    middle = (24, 24)
    assert [picture.getpixel((0, 0)) for picture in (white, black, cut)] == [(255,) * 3, (0,) * 3, (0,) * 3]
    assert white.getpixel(middle) == black.getpixel(middle) == cut.getpixel(middle)


@pytest.mark.parametrize("ground", ["white", "black"])
def test_a_picture_of_its_own_is_cut_out_exactly(ground: str) -> None:
    first = job(f"A cloud of smoke in #FDFDFD on a plain {ground} background.", output_format="jpg")
    source, _ = drawn(first, 0, size=PixelSize(120, 120))
    remover = examine({"model": "recraft/remove-background", "input": {"image": "https://a/b.png"}}, CATALOG.models)
    assert isinstance(remover, Job)
    cut = Image.open(BytesIO(drawn(replace(remover, source=source, first=(first, 0)), 0)[0]))
    again = Image.alpha_composite(Image.new("RGBA", cut.size, ground), cut).convert("RGB")
    apart = ImageChops.difference(again, Image.open(BytesIO(source)).convert("RGB"))
    assert ImageStat.Stat(apart).mean < [4.0] * 3
    opaque = cut.getchannel("A").crop((36, 36, 84, 84)).getextrema()
    assert (cut.mode, cut.getpixel((0, 0)), opaque) == ("RGBA", (0, 0, 0, 0), (255, 255))


def test_a_sheet_is_drawn_where_one_is_asked_for() -> None:
    words = "tiles in two rows of 2 with a thin white gap between them: a forest in #EC4899, a desert"
    data, _ = drawn(job(words, resolution="1K", aspect_ratio="1:1"), 0, size=PixelSize(512, 512))
    picture = Image.open(BytesIO(data)).convert("RGB")
    assert [picture.getpixel((256, row)) for row in (100, 400)] == [(255, 255, 255)] * 2


@pytest.mark.parametrize(
    ("words", "rows", "columns"),
    [
        ("Six flat badges, on a plain white background", 2, 3),
        ("Two marks on a plain white background", 1, 2),
        ("A 2x3 grid of icons on a plain white background", 2, 3),
        ("A grid of six icons on a plain white background", 2, 3),
        ("Icons in 3 columns and 2 rows on a plain white background", 2, 3),
        ("Icons, two rows, three columns, on a plain white background", 2, 3),
        ("A sheet of six badges in three rows of 2 on a plain white background", 3, 2),
        ("A stack of three coins on a plain white background", 1, 1),
    ],
)
def test_a_sheet_is_known_by_plain_words(words: str, rows: int, columns: int) -> None:
    picture = Image.open(BytesIO(drawn(job(words), 0, size=PixelSize(240, 240))[0])).convert("L")
    shown = ImageOps.invert(picture).point([0] * 8 + [255] * 248)
    across, down = (shown.resize(size, Image.Resampling.BOX).tobytes() for size in ((240, 1), (1, 240)))
    counts = [len([run for run in bytes(map(bool, line)).split(bytes(1)) if run]) for line in (down, across)]
    assert counts == [rows, columns]


def test_jpg_on_request() -> None:
    data, media_type = drawn(job(output_format="jpg"), 0)
    assert (data[:3], media_type) == (b"\xff\xd8\xff", "image/jpeg")


def test_overrides_for_faults() -> None:
    assert Image.open(BytesIO(drawn(job(), 0, size=PixelSize(30, 20))[0])).size == (30, 20)
    assert drawn(job(), 0, as_jpeg=True)[0][:3] == b"\xff\xd8\xff"


def test_broken_pictures_are_broken() -> None:
    with pytest.raises((OSError, SyntaxError)):
        Image.open(BytesIO(corrupted(drawn(job(), 0)[0]))).load()
    with pytest.raises(Image.DecompressionBombError):
        Image.open(BytesIO(bomb()))


@pytest.mark.parametrize(
    ("model", "fields", "size", "kind"),
    [
        ("nano-banana-pro", {"aspect_ratio": "21:9", "resolution": "1K"}, (1584, 672), PNG_TYPE),
        ("flux-2/pro-text-to-image", {"aspect_ratio": "16:9", "resolution": "1K"}, (1360, 768), PNG_TYPE),
        ("qwen/text-to-image", {"image_size": "portrait_4_3", "output_format": "jpeg"}, (880, 1184), JPEG_TYPE),
        ("nano-banana-2", {"aspect_ratio": "1:1"}, (1024, 1024), JPEG_TYPE),
    ],
)
def test_pictures_are_as_large_and_of_the_kind_that_the_model_makes(
    model: str, fields: dict[str, Json], size: tuple[int, int], kind: str
) -> None:
    job = examine({"model": model, "input": {"prompt": "A star", **fields}}, CATALOG.models)
    assert isinstance(job, Job)
    data, type_ = drawn(job, 0)
    assert type_ == kind
    with Image.open(BytesIO(data)) as picture:
        assert picture.size == size
