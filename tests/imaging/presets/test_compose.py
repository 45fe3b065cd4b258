"""Icons to the pixel: borders, grounds, masks, alpha; and that nobody's picture is changed on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from math import hypot

import pytest
from PIL import Image, ImageChops, ImageDraw

from assetgen.catalog.presets.model import Ground, Look
from assetgen.errors import ExportError
from assetgen.imaging.presets.compose import art_of, composed, painted, reach
from tests.imaging.pictures import BLUE, RED, halves, round_cutout

GREEN = (0, 160, 80)
ON_GREEN = Ground(("#00A050",))


def square(edge: int = 256) -> Image.Image:
    """A red picture that fills its square and is transparent nowhere."""
    return Image.new("RGB", (edge, edge), RED)


def box_of(picture: Image.Image, color: tuple[int, int, int]) -> tuple[int, int, int, int] | None:
    """The rectangle outside of which every pixel has this colour."""
    return ImageChops.difference(picture.convert("RGB"), Image.new("RGB", picture.size, color)).getbbox()


def corners(picture: Image.Image) -> list[object]:
    right, bottom = picture.width - 1, picture.height - 1
    return [picture.getpixel(place) for place in ((0, 0), (right, 0), (0, bottom), (right, bottom))]


# --- borders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edge", [108, 162, 216, 324, 432])
def test_a_sixth_is_a_sixth(edge: int) -> None:
    """Every adaptive layer: the picture covers the middle two thirds to the pixel, and nothing beyond."""
    layer = composed(art_of(square(512), "main"), edge, edge, Look(inset=Fraction(1, 6)))
    assert layer.mode == "RGBA"
    assert layer.getchannel("A").getbbox() == (edge // 6, edge // 6, edge - edge // 6, edge - edge // 6)
    assert layer.getchannel("A").getcolors() == [
        (edge * edge - (edge * 2 // 3) ** 2, 0),
        ((edge * 2 // 3) ** 2, 255),
    ]


@pytest.mark.parametrize("edge", [16, 24, 32, 45, 48, 64, 87, 128, 180, 256])
@pytest.mark.parametrize("inset", [Fraction(0), Fraction(1, 10), Fraction(1, 6), Fraction(2, 5)])
@pytest.mark.parametrize("size", [(256, 256), (256, 100), (77, 256)])
def test_pictures_stand_in_the_middle(edge: int, inset: Fraction, size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size, RED)
    flat = composed(picture, edge, edge, Look(ground=ON_GREEN, inset=inset))
    left, top, right, bottom = box_of(flat, GREEN) or (0, 0, 0, 0)
    assert (left, top) == (edge - right, edge - bottom)


def test_covering_shows_the_middle() -> None:
    wide = Image.new("RGB", (400, 200), BLUE)
    wide.paste(RED, (100, 0, 300, 200))
    assert composed(wide, 64, 64, Look(fit="cover")).crop((4, 0, 60, 64)).getcolors() == [(56 * 64, RED)]


def test_files_without_a_height_follow_the_picture() -> None:
    assert composed(halves(1376, 768), 640, None, Look()).size == (640, 357)


def test_an_android_icon_has_no_line_between_its_layers() -> None:
    """Ground and picture of one colour must come out as one."""
    flat = composed(square(), 108, 108, Look(ground=Ground(("#E61E28",)), inset=Fraction(1, 6)))
    assert flat.getcolors() == [(108 * 108, RED)]


# --- grounds and alpha -----------------------------------------------------------------------------------------------


def test_an_ios_icon_has_no_alpha_channel() -> None:
    icon = composed(art_of(round_cutout(), "main"), 180, 180, Look(ground=ON_GREEN, alpha="never"))
    assert icon.mode == "RGB"
    assert corners(icon) == [GREEN] * 4
    assert icon.getpixel((90, 90)) == RED


def test_transparency_that_is_not_allowed_and_has_no_ground_is_refused() -> None:
    with pytest.raises(ExportError, match="the platform allows no transparency here") as refused:
        composed(art_of(round_cutout(), "main"), 64, 64, Look(alpha="never"))
    assert refused.value.hint == 'say what to put behind it with `background: "#FFFFFF"`'


@pytest.mark.parametrize(
    ("picture", "look", "mode"),
    [
        (square(), Look(), "RGB"),
        (square(), Look(alpha="always"), "RGBA"),
        (square(), Look(inset=Fraction(1, 10)), "RGBA"),
        (square(), Look(mask="circle"), "RGBA"),
        (round_cutout(), Look(), "RGBA"),
        (round_cutout(), Look(ground=ON_GREEN), "RGB"),
        (round_cutout(), Look(ground=ON_GREEN, alpha="always"), "RGBA"),
    ],
)
def test_alpha_where_it_is_wanted(picture: Image.Image, look: Look, mode: str) -> None:
    assert composed(art_of(picture, "main"), 64, 64, look).mode == mode


def test_edges_of_a_cutout_mix_with_the_ground_only() -> None:
    """The hidden colour of transparent pixels is a loud green; no pixel may take it on."""
    flat = composed(art_of(round_cutout(), "main"), 48, 48, Look(ground=Ground(("#1428DC",))))
    for _, color in flat.getcolors(48 * 48) or []:
        assert isinstance(color, tuple)
        assert color[1] <= max(RED[1], BLUE[1]) + 8


def test_gradients_run_from_the_top_to_the_bottom() -> None:
    ground = painted(Ground(("#FF0000", "#00FF00", "#0000FF")), (3, 101))
    column = [ground.getpixel((0, y)) for y in (0, 50, 100)]
    assert column == [(252, 3, 0), (0, 255, 0), (0, 3, 252)]
    assert all(ground.getpixel((0, y)) == ground.getpixel((2, y)) for y in range(101))
    assert painted(Ground(("#112233", "#112233")), (2, 2)).getcolors() == [(4, (17, 34, 51))]


def test_the_ground_alone() -> None:
    layer = composed(square(), 50, 50, Look("ground", ground=ON_GREEN))
    assert layer.getcolors() == [(2500, GREEN)]


# --- roles -----------------------------------------------------------------------------------------------------------


def test_a_silhouette_keeps_the_shape_and_nothing_else() -> None:
    shape = composed(art_of(round_cutout(), "monochrome"), 64, 64, Look("monochrome"))
    assert shape.convert("RGB").getextrema() == ((0, 0), (0, 0), (0, 0))
    whole = composed(art_of(round_cutout(), "main"), 64, 64, Look())
    assert shape.getchannel("A").tobytes() == whole.getchannel("A").tobytes()


def test_a_full_square_has_no_silhouette() -> None:
    with pytest.raises(ExportError, match="this picture has no transparent pixel") as refused:
        art_of(square(), "monochrome")
    assert "removeBg" in str(refused.value.hint)


@pytest.mark.parametrize("picture", [square(), round_cutout()])
def test_tinted_icons_are_grey(picture: Image.Image) -> None:
    grey = composed(art_of(picture, "tinted"), 64, 64, Look("tinted"))
    red, green, blue = grey.convert("RGB").split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()
    assert grey.mode == ("RGB" if picture.mode == "RGB" else "RGBA")
    assert grey.getpixel((32, 32)) in ((91, 91, 91), (91, 91, 91, 255))


# --- shapes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edge", [16, 48, 72, 192])
def test_round_icons_are_round(edge: int) -> None:
    icon = composed(square(), edge, edge, Look(ground=ON_GREEN, mask="circle"))
    alpha = icon.getchannel("A")
    for y in range(edge):
        for x in range(edge):
            far = hypot(x + 0.5 - edge / 2, y + 0.5 - edge / 2)
            seen = alpha.getpixel((x, y))
            assert isinstance(seen, int)
            assert seen == 255 or far > edge / 2 - 1
            assert seen == 0 or far < edge / 2 + 1


def test_what_a_mask_cuts_away_leaves_no_colour() -> None:
    icon = composed(square(), 64, 64, Look(mask="circle"))
    assert corners(icon) == [(0, 0, 0, 0)] * 4


def test_a_mac_icon_stands_on_the_grid() -> None:
    """824 of 1024 pixels, rounded, with nothing around it."""
    icon = composed(square(1024), 1024, 1024, Look(margin=Fraction(100, 1024), mask="squircle", alpha="always"))
    alpha = icon.getchannel("A")
    assert alpha.getbbox() == (100, 100, 924, 924)
    assert alpha.getpixel((512, 100)) == alpha.getpixel((100, 512)) == 255
    assert alpha.getpixel((110, 110)) == 0
    assert icon.tobytes() == icon.transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes()
    assert icon.tobytes() == icon.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes()


# --- the safe circle -------------------------------------------------------------------------------------------------

SAFE = Look(ground=ON_GREEN, alpha="never", safe=Fraction(4, 5))


def ring(edge: int, share: float) -> Image.Image:
    picture = Image.new("RGBA", (edge, edge))
    border = edge * (1 - share) / 2
    ImageDraw.Draw(picture).ellipse((border, border, edge - border - 1, edge - border - 1), fill=(*RED, 255))
    return picture


def wedge(edge: int) -> Image.Image:
    """Something that reaches into one corner only."""
    picture = Image.new("RGBA", (edge, edge))
    ImageDraw.Draw(picture).polygon([(0, 0), (edge // 2, 0), (0, edge // 2)], fill=(*RED, 255))
    return picture


@pytest.mark.parametrize("edge", [192, 512])
@pytest.mark.parametrize(
    "picture", [square(1024), ring(1024, 1.0), ring(1024, 0.5), wedge(1024), Image.new("RGB", (1024, 500), RED)]
)
def test_maskable_icons_keep_to_the_safe_circle(edge: int, picture: Image.Image) -> None:
    icon = composed(art_of(picture, "main"), edge, edge, SAFE)
    outside = Image.new("L", (edge, edge), 255)
    safe = edge * 0.1
    ImageDraw.Draw(outside).ellipse((safe - 1, safe - 1, edge - safe, edge - safe), fill=0)
    ground = Image.new("RGB", icon.size, GREEN)
    ground.paste(icon, mask=outside)
    assert ground.getcolors() == [(edge * edge, GREEN)]


def test_a_round_picture_fills_the_safe_circle() -> None:
    """A square of the same size would be smaller by the square root of two."""
    left, _, right, _ = box_of(composed(art_of(ring(1024, 1.0), "main"), 512, 512, SAFE), GREEN) or (0, 0, 0, 0)
    assert 0.785 * 512 <= right - left <= 0.8 * 512
    left, _, right, _ = box_of(composed(square(1024), 512, 512, SAFE), GREEN) or (0, 0, 0, 0)
    assert 0.55 * 512 <= right - left <= 0.566 * 512


def test_small_things_are_not_enlarged_for_the_circle() -> None:
    icon = composed(art_of(ring(100, 0.5), "main"), 512, 512, SAFE)
    left, _, right, _ = box_of(icon, GREEN) or (0, 0, 0, 0)
    assert right - left <= 51


def test_reach() -> None:
    assert reach(square(100)) == pytest.approx(hypot(50, 50))
    assert reach(art_of(ring(100, 0.5), "main")) == pytest.approx(25, abs=1)
    assert reach(art_of(Image.new("RGBA", (60, 80)), "main")) == 50, "nothing to be seen counts as everything"


# --- limits ----------------------------------------------------------------------------------------------------------


def test_nothing_is_enlarged_unless_asked() -> None:
    with pytest.raises(ExportError, match="512x512 pixels would enlarge a picture of 256x256 pixels") as refused:
        composed(square(), 512, 512, Look())
    assert "resolution" in str(refused.value.hint)
    assert composed(square(), 512, 512, Look(), upscale=True).size == (512, 512)
    assert composed(square(), 384, 384, Look(inset=Fraction(1, 6))).size == (384, 384)


def test_arguments_are_left_alone_and_threads_agree() -> None:
    art = art_of(round_cutout(), "main")
    before = art.tobytes()
    looks = [
        Look(),
        Look(ground=Ground(("#F472B6", "#BE185D")), mask="circle"),
        Look(margin=Fraction(100, 1024), ground=ON_GREEN, mask="squircle", alpha="always"),
        SAFE,
    ]
    jobs = [(edge, look) for edge in (16, 48, 108, 180) for look in looks] * 3
    serial = [composed(art, edge, edge, look).tobytes() for edge, look in jobs]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda job: composed(art, job[0], job[0], job[1]).tobytes(), jobs)) == serial
    assert art.tobytes() == before
