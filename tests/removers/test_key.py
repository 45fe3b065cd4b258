"""The embedded remover against ground truth, and what it does where it must not cut.

The aims: opacity off by a hundredth on average at most, and no halo on black of more than 8 levels (99th percentile at
the edge) where the picture itself is exact. What a JPEG has done to an edge, no remover can undo; the limits below say
how much of it is left.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from assetgen.errors import PictureError, WriteError
from assetgen.executors.threads import Threads
from assetgen.imaging.draw import draw_placeholder
from assetgen.manifest.recipe import Drawing, PixelSize
from assetgen.removers.base import Removal, RemovalError
from assetgen.removers.key import Key, cut_file
from assetgen.removers.keying.matte import cut_out
from tests.removers import truth
from tests.removers.scenes import SCENES, vignette
from tests.removers.truth import (
    BACKGROUNDS,
    BLACK,
    BRAND,
    CLEAN,
    FINE_JPEG,
    GRAIN,
    GREY,
    SUBJECTS,
    USUAL_JPEG,
    WEBP,
    WHITE,
)

EDGE = 256
HALO = {
    "hard edge": 4,
    "soft edge": 4,
    "hole": 2,
    "thin strokes": 15,
    "shadow": 8,
    "contact shadow": 7,
    "near the background": 9,
}
"""Levels on black in a lossless picture. A line of one pixel shows its own colour nowhere unmixed, and 14 levels of
contrast cannot hold more than 14 steps of opacity: these two cannot be exact."""


def cut(picture: Image.Image, *, holes: bool = False) -> Image.Image:
    return Image.fromarray(cut_out(np.asarray(picture), holes=holes))


@cache
def measured(name: str, ground: str, noise: truth.Noise) -> truth.Scores:
    color = BACKGROUNDS[ground]
    subject = SUBJECTS[name](EDGE, color)
    return truth.scores(cut(truth.composed(subject, color, noise), holes=name == "hole"), subject)


@pytest.mark.parametrize("ground", BACKGROUNDS)
@pytest.mark.parametrize("name", HALO)
def test_lossless_pictures_are_cut_to_the_aim(name: str, ground: str) -> None:
    found = measured(name, ground, CLEAN)
    assert found.alpha <= 0.001
    assert found.halo["black"] <= HALO[name]
    assert found.gradient <= 0.005
    assert found.color <= 1.5


@pytest.mark.parametrize("name", [*HALO, "hair"])
def test_fine_jpegs_are_cut_within_their_noise(name: str) -> None:
    found = measured(name, "white", FINE_JPEG)
    assert found.alpha <= (0.005 if name == "hair" else 0.002)
    assert found.color <= 7
    if name not in {"hair", "near the background"}:
        assert found.halo["black"] <= 18


@pytest.mark.parametrize("name", ["hard edge", "soft edge", "hole", "thin strokes", "shadow", "contact shadow"])
def test_usual_jpegs_keep_to_the_aim_for_opacity(name: str) -> None:
    assert measured(name, "white", USUAL_JPEG).alpha <= 0.004


@pytest.mark.parametrize("ground", BACKGROUNDS)
def test_hair_keeps_to_the_aim_for_opacity(ground: str) -> None:
    assert measured("hair", ground, CLEAN).alpha <= 0.01


def test_glass_stays_as_opaque_as_it_is_seen() -> None:
    """How clear a pane is cannot be told from one picture. It keeps the background's tint, and clean edges."""
    assert measured("glass", "white", CLEAN).alpha > 0.1
    assert measured("glass", "white", CLEAN).halo["white"] <= 1


def test_put_back_on_its_background_the_picture_is_what_it_was() -> None:
    for name, ground in [("hard edge", BRAND), ("shadow", WHITE), ("soft edge", GREY)]:
        picture = truth.composed(SUBJECTS[name](EDGE, ground), ground)
        away = np.abs(truth.on(cut(picture), ground) - np.asarray(picture, np.float64))
        assert np.percentile(away, 99) <= 4, name


# --- lit, pale and textured things -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "color", "noise"),
    [
        ("badge", WHITE, FINE_JPEG),
        ("badge", WHITE, GRAIN),
        ("textured", WHITE, CLEAN),
        ("textured", WHITE, WEBP),
        ("glossy", BRAND, USUAL_JPEG),
    ],
)
def test_rims_and_borders_stay_whole(name: str, color: truth.Color, noise: truth.Noise) -> None:
    """A pale border between the background and a dark body is no mixture of the two, and texture is no soft edge."""
    subject = SCENES[name](512, color)
    found = truth.scores(cut(truth.composed(subject, vignette(512, color), noise)), subject)
    assert found.alpha <= 0.003
    assert found.halo["black"] <= 45


def test_edges_out_of_focus_reach_their_top_in_large_pictures() -> None:
    subject = SUBJECTS["soft edge"](1024, WHITE)
    assert truth.scores(cut(truth.composed(subject, WHITE)), subject).halo["black"] <= 8


def test_a_white_mark_on_the_subject_stays_white() -> None:
    made = cut(truth.composed(SCENES["badge"](512, WHITE), WHITE, USUAL_JPEG))
    assert made.getpixel((178, 256))[3] == 255  # type: ignore[index]
    assert min(made.getpixel((178, 256))[:3]) >= 250  # type: ignore[index]


def test_a_faint_shadow_is_not_tinted_by_the_subject_beside_it() -> None:
    subject = SUBJECTS["shadow"](512, WHITE)
    made = cut(truth.composed(subject, WHITE))
    red, green, blue, alpha = made.getpixel((290, 110))  # type: ignore[misc]
    assert alpha * max(red, green, blue) <= 4 * 255
    assert abs(alpha - subject.getpixel((290, 110))[3]) <= 3  # type: ignore[index]


# --- what belongs to the subject ----------------------------------------------------------------------------------


def ring() -> Image.Image:
    picture = Image.new("RGB", (EDGE, EDGE), WHITE)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((40, 40, 216, 216), truth.TEAL)
    pen.ellipse((90, 90, 166, 166), WHITE)
    return picture


def test_enclosed_spots_are_cut_out_when_asked() -> None:
    assert cut(ring()).getpixel((128, 128)) == (*WHITE, 255)
    assert cut(ring(), holes=True).getpixel((128, 128)) == (0, 0, 0, 0)


def test_a_shadow_becomes_black_that_is_half_clear() -> None:
    made = cut(truth.composed(truth.contact(EDGE, WHITE), WHITE))
    red, green, blue, alpha = made.getpixel((128, 186))  # type: ignore[misc]
    assert max(red, green, blue) <= 3
    assert 110 <= alpha <= 150


def test_a_glow_becomes_bright_that_is_half_clear() -> None:
    mask = Image.radial_gradient("L").resize((EDGE, EDGE)).point([max(0, 150 - value) for value in range(256)])
    picture = Image.composite(
        Image.new("RGB", (EDGE, EDGE), (255, 200, 60)), Image.new("RGB", (EDGE, EDGE), WHITE), mask
    )
    ImageDraw.Draw(picture).ellipse((98, 98, 158, 158), (120, 53, 15))
    red, _, blue, alpha = cut(picture).getpixel((128, 85))  # type: ignore[misc]
    assert red >= 250
    assert blue < 80
    assert 40 <= alpha <= 200


def test_a_subject_may_run_off_the_picture() -> None:
    picture = Image.new("RGB", (EDGE, EDGE), (200, 225, 240))
    ImageDraw.Draw(picture).rectangle((70, 100, 190, EDGE), (60, 80, 160))
    made = cut(picture)
    assert made.getpixel((128, EDGE - 1)) == (60, 80, 160, 255)
    assert made.getpixel((5, 5)) == (0, 0, 0, 0)


def test_a_subject_of_the_backgrounds_colour_inside_an_outline_stays() -> None:
    picture = Image.new("RGB", (EDGE, EDGE), WHITE)
    ImageDraw.Draw(picture).rounded_rectangle((40, 70, 216, 186), 16, WHITE, truth.INK, 6)
    assert cut(picture).getpixel((128, 128)) == (*WHITE, 255)


@pytest.mark.parametrize("seed", ["a", "b", "c", "d"])
def test_drafts_are_cut_along_their_outline(seed: str) -> None:
    colors = {"primary": "#EC4899", "ink": "#0F172A"}
    draft = draw_placeholder(PixelSize(192, 192), Drawing("coin", colors, True), seed, "192 x 192")
    made = cut(draft)
    assert np.percentile(np.abs(truth.on(made, WHITE) - np.asarray(draft, np.float64)), 99.9) <= 3
    assert made.getpixel((2, 2)) == (0, 0, 0, 0)
    assert made.getpixel((96, 60))[3] == 255  # type: ignore[index]
    assert 0.35 < truth.alpha_of(made).mean() < 0.65
    dark = truth.on(made, BLACK)[truth.edge_of(truth.alpha_of(made))].mean()
    assert dark < truth.on(made, WHITE)[truth.edge_of(truth.alpha_of(made))].mean()


# --- what must not be cut -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (Image.new("RGB", (64, 64), WHITE), "nothing stands out from the background"),
        (Image.effect_noise((64, 64), 90).convert("RGB"), "the background is not plain"),
        (Image.linear_gradient("L").convert("RGB"), "the background is not plain"),
        (Image.new("RGB", (1, 1), WHITE), "the background is not plain"),
        (Image.new("RGB", (3, 200), WHITE), "nothing stands out from the background"),
    ],
    ids=["nothing", "noise", "ramp", "one pixel", "three columns"],
)
def test_what_cannot_be_cut_is_refused(picture: Image.Image, words: str) -> None:
    with pytest.raises(RemovalError, match=words) as caught:
        cut(picture)
    assert caught.value.hint


@pytest.mark.parametrize("size", [(9, 9), (16, 5), (33, 17), (200, 12)])
def test_tiny_pictures_are_cut_or_refused(size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size, WHITE)
    ImageDraw.Draw(picture).rectangle((size[0] // 3, size[1] // 3, size[0] // 2, size[1] // 2), truth.INK)
    try:
        made = cut(picture)
    except RemovalError:
        return
    assert made.size == size
    assert made.getpixel((size[0] // 2, size[1] // 2)) == (*truth.INK, 255)


# --- as a remover -------------------------------------------------------------------------------------------------


def written(folder: Path, picture: Image.Image, file_format: str = "PNG", **settings: object) -> Path:
    path = folder / "master"
    picture.save(path, file_format, **settings)
    return path


async def test_it_writes_a_png_with_straight_alpha_and_tells_its_facts(tmp_path: Path) -> None:
    subject = truth.hard(EDGE, WHITE)
    source = written(tmp_path, truth.composed(subject, WHITE))
    async with Threads(1) as threads:
        key = Key(threads)
        done = await key.remove(Removal(source, tmp_path / "cutout"))
        await key.close()
    assert (done.width, done.height, done.note) == (EDGE, EDGE, None)
    assert done.foreground == pytest.approx(truth.alpha_of(subject).mean(), abs=0.001)
    with Image.open(tmp_path / "cutout") as made:
        assert (made.format, made.mode, made.size) == ("PNG", "RGBA", (EDGE, EDGE))
        assert np.asarray(made)[truth.alpha_of(made) == 0].max() == 0


async def test_the_same_picture_gives_the_same_bytes_however_often_and_beside_whom(tmp_path: Path) -> None:
    source = written(tmp_path, truth.composed(truth.shadow(EDGE, WHITE), WHITE, USUAL_JPEG))
    async with Threads(3) as threads:
        key = Key(threads)
        for number in range(3):
            await key.remove(Removal(source, tmp_path / f"{number}"))
    assert len({(tmp_path / f"{number}").read_bytes() for number in range(3)}) == 1


@pytest.mark.parametrize("file_format", ["JPEG", "WEBP", "GIF"])
def test_any_picture_that_we_read_can_be_cut(tmp_path: Path, file_format: str) -> None:
    source = written(tmp_path, truth.composed(truth.hard(EDGE, WHITE), WHITE), file_format)
    assert 0.1 < cut_file(source, tmp_path / "cutout", False).foreground < 0.5


def test_a_picture_that_is_transparent_already_is_taken_as_it_is(tmp_path: Path) -> None:
    subject = truth.soft(64, WHITE)
    done = cut_file(written(tmp_path, subject), tmp_path / "cutout", False)
    assert done.note == "it was transparent already"
    with Image.open(tmp_path / "cutout") as made:
        assert np.array_equal(truth.alpha_of(made), truth.alpha_of(subject))


def test_transparency_inside_is_kept(tmp_path: Path) -> None:
    picture = truth.composed(truth.hard(EDGE, WHITE), WHITE)
    alpha = Image.new("L", picture.size, 255)
    alpha.paste(0, (80, 90, 90, 100))
    picture.putalpha(alpha)
    cut_file(written(tmp_path, picture), tmp_path / "cutout", False)
    with Image.open(tmp_path / "cutout") as made:
        assert made.getpixel((85, 95)) == (0, 0, 0, 0)
        assert made.getpixel((100, 95))[3] == 255  # type: ignore[index]


def test_a_refused_picture_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RemovalError):
        cut_file(written(tmp_path, Image.new("RGB", (64, 64), WHITE)), tmp_path / "cutout", False)
    with pytest.raises(PictureError):
        cut_file(tmp_path / "gone", tmp_path / "cutout", False)
    assert not (tmp_path / "cutout").exists()


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    source = written(tmp_path, truth.composed(truth.hard(64, WHITE), WHITE))
    with pytest.raises(WriteError):
        cut_file(source, tmp_path / "gone" / "cutout", False)


def test_a_service_may_send_its_picture_as_jpeg_with_a_png_name(tmp_path: Path) -> None:
    buffer = BytesIO()
    truth.composed(truth.hard(EDGE, WHITE), WHITE).save(buffer, "JPEG", quality=92)
    (tmp_path / "master.png").write_bytes(buffer.getvalue())
    assert cut_file(tmp_path / "master.png", tmp_path / "cutout", False).width == EDGE
