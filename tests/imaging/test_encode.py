"""That colours and edges survive, that settings do what they say, and that bytes depend on nothing else."""

from __future__ import annotations

import zlib
from io import BytesIO
from random import Random

import pytest
from PIL import Image, ImageChops

from assetgen.errors import ExportError
from assetgen.imaging.decode import decode
from assetgen.imaging.encode import encode, refuse_impossible, render
from assetgen.imaging.sizes import fitted
from assetgen.manifest.recipe import Export, Fit, Format, PixelSize
from tests.imaging.pictures import BLUE, RED, halves, round_cutout, texture

FORMATS: tuple[Format, ...] = ("png", "webp", "avif", "jpg")


def made(picture: Image.Image, export: Export) -> Image.Image:
    """The pixels of an output, before they are encoded."""
    geometry = fitted(PixelSize(*picture.size), export)
    if geometry.resamples and picture.mode == "RGBA":
        picture = picture.convert("RGBa")
    return render(picture, geometry, export)


def pixels(picture: Image.Image) -> list[tuple[int, ...]]:
    return [
        tuple(int(channel) for channel in value)
        for y in range(picture.height)
        for x in range(picture.width)
        if isinstance(value := picture.getpixel((x, y)), tuple)
    ]


def letters(edge: int, levels: int) -> Image.Image:
    """Two hundred small noisy pictures, over and over again in no order."""
    random, picture = Random(1), Image.new("RGB", (edge, edge))
    alphabet = [Image.frombytes("RGB", (5, 5), bytes(random.choices(range(levels), k=75))) for _ in range(200)]
    for y in range(0, edge, 5):
        for x in range(0, edge, 5):
            picture.paste(random.choice(alphabet), (x, y))
    return picture


def farthest(first: Image.Image, second: Image.Image) -> int:
    """The greatest difference in any channel of any pixel."""
    apart = ImageChops.difference(first, second)
    return max(value for band in apart.split() for value, count in enumerate(band.histogram()) if count)


# --- pixels ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [128, 100, 64, 24])
def test_a_cutout_shrinks_without_fringe(width: int) -> None:
    """The hidden colour of transparent pixels is green, and none of it may show: rendering is premultiplied.

    All channels together may be some 10 % too bright just inside a hard edge: Lanczos overshoots there, and opacity
    cannot.
    """
    for *color, alpha in pixels(made(round_cutout(), Export("png", width))):
        tolerance = 2 + 255 // max(alpha, 1)
        for channel, meant in zip(color, RED, strict=True):
            assert alpha < 16 or meant * 0.93 - tolerance <= channel <= meant * 1.1 + tolerance


@pytest.mark.parametrize(("ground", "name"), [((255, 255, 255), "#FFFFFF"), ((0, 0, 0), "#000000"), (BLUE, "#1428DC")])
def test_flattening_leaves_only_mixtures_of_figure_and_ground(ground: tuple[int, int, int], name: str) -> None:
    flat = made(round_cutout(), Export("jpg", 64, background=name))
    assert flat.mode == "RGB"
    assert flat.getpixel((0, 0)) == ground
    assert flat.getpixel((32, 32)) == RED
    for pixel in pixels(flat):
        for channel, one, two in zip(pixel, RED, ground, strict=True):
            assert min(one, two) - 3 <= channel <= max(one, two) * 1.1 + 3


def test_flat_areas_keep_their_colour_exactly() -> None:
    assert set(pixels(made(Image.new("RGB", (999, 777), RED), Export("png", 100)))) == {RED}


def test_a_picture_used_at_its_own_size_is_not_touched() -> None:
    picture = round_cutout(64)
    assert made(picture, Export("png")).tobytes() == picture.tobytes()
    assert made(picture, Export("png", 64)).tobytes() == picture.tobytes()
    assert made(picture, Export("png")) is not picture


@pytest.mark.parametrize(
    ("fit", "size", "corner", "middle"),
    [
        ("cover", (40, 40), RED, BLUE),
        ("contain", (40, 40), (0, 0, 0, 0), (*BLUE, 255)),
        ("inside", (40, 20), RED, BLUE),
    ],
)
def test_fit(fit: Fit, size: tuple[int, int], corner: tuple[int, ...], middle: tuple[int, ...]) -> None:
    picture = made(halves(80, 40), Export("png", 40, 40, fit))
    assert picture.size == size
    assert picture.getpixel((0, 0)) == corner
    assert picture.getpixel((20, picture.height * 11 // 16)) == middle


def test_contain_pads_with_the_background() -> None:
    picture = made(halves(80, 40), Export("webp", 40, 40, "contain", background="#102030"))
    assert (picture.mode, picture.getpixel((3, 3))) == ("RGB", (16, 32, 48))


def test_contain_pads_white_in_jpg() -> None:
    picture = made(halves(80, 40), Export("jpg", 40, 40, "contain"))
    assert (picture.mode, picture.getpixel((3, 3))) == ("RGB", (255, 255, 255))


def test_contain_keeps_a_cutout_transparent() -> None:
    picture = made(round_cutout(64), Export("png", 100, 32, "contain"))
    assert picture.getpixel((2, 16)) == (0, 0, 0, 0)
    assert picture.getpixel((50, 16)) == (*RED, 255)


def test_upscaling_when_asked() -> None:
    assert made(halves(10, 20), Export("png", 40, upscale=True)).size == (40, 80)


def test_reducing_in_two_steps_is_near_enough_to_one() -> None:
    picture = texture(512)
    once = picture.resize((40, 40), Image.Resampling.LANCZOS)
    assert farthest(made(picture, Export("png", 40)), once) <= 6


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("mark", [False, True])
def test_equal_pixels_give_equal_bytes(file_format: Format, mark: bool) -> None:
    assert encode(texture(), Export(file_format), mark) == encode(texture(), Export(file_format), mark)


@pytest.mark.parametrize("file_format", FORMATS)
def test_files_read_back_as_what_went_in(file_format: Format) -> None:
    picture = Image.linear_gradient("L").convert("RGB")
    assert farthest(decode(encode(picture.copy(), Export(file_format), mark=True)), picture) <= 10


@pytest.mark.parametrize(("file_format", "tolerance"), [("png", 0), ("webp", 0), ("avif", 24)])
def test_alpha_survives(file_format: Format, tolerance: int) -> None:
    """AVIF is lossy in its alpha too, most at hard edges; what is clear or opaque stays so to the eye."""
    cutout = made(round_cutout(), Export(file_format, 64))
    back = decode(encode(cutout.copy(), Export(file_format), mark=True)).getchannel("A")
    assert farthest(back, cutout.getchannel("A")) <= tolerance
    assert farthest(back.crop((0, 0, 8, 8)), Image.new("L", (8, 8), 0)) <= 2
    assert farthest(back.crop((24, 24, 40, 40)), Image.new("L", (16, 16), 255)) <= 2


@pytest.mark.parametrize("file_format", ["png", "webp"])
@pytest.mark.parametrize("picture", [texture(), halves()])
def test_lossless_is_lossless(file_format: Format, picture: Image.Image) -> None:
    data = encode(picture.copy(), Export(file_format, quality="lossless"), mark=False)
    assert decode(data).tobytes() == picture.tobytes()


@pytest.mark.parametrize("file_format", ["webp", "avif", "jpg"])
def test_quality_counts_and_its_absence_means_the_default(file_format: Format) -> None:
    low, high, unsaid = (len(encode(texture(128), Export(file_format, quality=q), mark=False)) for q in (20, 95, None))
    default = {"webp": 80, "avif": 60, "jpg": 85}[file_format]
    assert low < unsaid < high
    assert len(encode(texture(128), Export(file_format, quality=default), mark=False)) == unsaid


@pytest.mark.parametrize(
    ("picture", "level", "strategy"),
    [
        (Image.linear_gradient("L").resize((600, 600)).convert("RGB"), 6, zlib.Z_FILTERED),
        (texture(600), 1, zlib.Z_RLE),
        (letters(300, levels=16), 4, zlib.Z_FILTERED),
        (letters(300, levels=256), 1, zlib.Z_FILTERED),
        (texture(40), 9, zlib.Z_FILTERED),
    ],
    ids=["clean", "noise", "short repetitions", "long repetitions", "tiny"],
)
def test_png_is_packed_as_what_it_shows_is_best(picture: Image.Image, level: int, strategy: int) -> None:
    expected = BytesIO()
    picture.save(expected, "PNG", compress_level=level, compress_type=strategy)
    assert encode(picture.copy(), Export("png"), mark=False) == expected.getvalue()


def test_jpg_is_progressive_and_keeps_full_colour_when_quality_is_asked_for() -> None:
    """The sampling factors of the first component, in the frame header SOF2 (ITU-T T.81, B.2.2)."""
    for quality, sampling in ((None, 0x22), (89, 0x22), (90, 0x11)):
        data = encode(texture(), Export("jpg", quality=quality), mark=False)
        frame = data.index(b"\xff\xc2")
        assert data[frame + 11] == sampling


@pytest.mark.parametrize("file_format", ["jpg", "avif"])
def test_formats_that_lose_something_refuse_lossless(file_format: Format) -> None:
    with pytest.raises(ExportError, match=f"{file_format} files cannot be written without loss"):
        refuse_impossible(Export(file_format, quality="lossless"), transparent=False)


def test_jpg_of_a_transparent_picture_needs_a_background() -> None:
    with pytest.raises(ExportError, match="jpg has no transparency") as refusal:
        refuse_impossible(Export("jpg"), transparent=True)
    assert "`background" in str(refusal.value.hint) or 'background: "#FFFFFF"' in str(refusal.value.hint)
    refuse_impossible(Export("jpg", background="#FFFFFF"), transparent=True)
    refuse_impossible(Export("png"), transparent=True)


def test_what_an_encoder_refuses_is_an_export_error() -> None:
    with pytest.raises(ExportError, match="the webp encoder failed on 16384x1 pixels"):
        encode(Image.new("RGB", (16_384, 1)), Export("webp"), mark=False)
