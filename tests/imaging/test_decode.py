"""What is accepted as a picture and what is not, and that all of it comes out upright, in sRGB, with straight alpha."""

from __future__ import annotations

import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from assetgen.errors import PictureError
from assetgen.imaging.decode import PictureFacts, decode, inspect, measured
from assetgen.imaging.exif import orientation
from assetgen.manifest.recipe import PixelSize
from tests.imaging.pictures import BLUE, RED, halves, oriented, packed, round_cutout, texture, with_chunk

PNGSUITE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pngsuite" / "png"
suite = pytest.mark.skipif(not PNGSUITE.is_dir(), reason="the PNG conformance suite is not at hand")


def at(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    value = picture.getpixel((x, y))
    assert isinstance(value, tuple)
    return tuple(int(channel) for channel in value)


def near(first: tuple[int, ...], second: tuple[int, ...], tolerance: int) -> bool:
    return all(abs(one - two) <= tolerance for one, two in zip(first, second, strict=True))


# --- formats and modes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file_format", "settings", "name", "tolerance"),
    [
        ("PNG", {}, "png", 0),
        ("WEBP", {"lossless": True}, "webp", 0),
        ("WEBP", {"quality": 90}, "webp", 12),
        ("AVIF", {"quality": 90, "max_threads": 1}, "avif", 12),
        ("JPEG", {"quality": 95}, "jpeg", 12),
        ("GIF", {}, "gif", 4),
    ],
)
def test_formats(tmp_path: Path, file_format: str, settings: dict[str, object], name: str, tolerance: int) -> None:
    path = tmp_path / "download.bin"
    path.write_bytes(packed(halves(), file_format, **settings))
    facts = inspect(path)
    assert facts == PictureFacts(facts.format, 40, 20, has_alpha=False)
    assert facts.format == name
    assert measured(path) == (name, PixelSize(40, 20))
    picture = decode(path)
    assert picture.mode == "RGB"
    assert picture.info == {}
    assert near(at(picture, 5, 3), RED, tolerance)
    assert near(at(picture, 5, 16), BLUE, tolerance)


def test_bytes_decide_the_format_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "really.png"
    path.write_bytes(packed(halves(), "JPEG"))
    assert inspect(path).format == "jpeg"


def test_palette_with_a_transparent_colour() -> None:
    picture = Image.new("P", (4, 4), 1)
    picture.putpalette([0, 0, 0, *RED, *BLUE])
    picture.putpixel((0, 0), 2)
    decoded = decode(packed(picture, "PNG", transparency=2))
    assert decoded.mode == "RGBA"
    assert at(decoded, 1, 1) == (*RED, 255)
    assert at(decoded, 0, 0) == (*BLUE, 0)


def test_palette_with_several_opacities() -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([*RED, *BLUE])
    picture.putpixel((1, 0), 1)
    decoded = decode(packed(picture, "PNG", transparency=bytes([128, 255])))
    assert [at(decoded, 0, 0), at(decoded, 1, 0)] == [(*RED, 128), (*BLUE, 255)]


def test_one_colour_of_a_true_colour_picture_may_be_transparent() -> None:
    decoded = decode(packed(halves(), "PNG", transparency=RED))
    assert at(decoded, 0, 0)[3] == 0
    assert at(decoded, 0, 19) == (*BLUE, 255)


def test_one_bit() -> None:
    picture = Image.new("1", (2, 1))
    picture.putpixel((1, 0), 1)
    decoded = decode(packed(picture, "PNG"))
    assert [at(decoded, 0, 0), at(decoded, 1, 0)] == [(0, 0, 0), (255, 255, 255)]


def test_grey_with_alpha() -> None:
    decoded = decode(packed(Image.new("LA", (3, 3), (90, 40)), "PNG"))
    assert at(decoded, 1, 1) == (90, 90, 90, 40)


def test_sixteen_bit_grey_keeps_black_white_and_what_lies_between() -> None:
    picture = Image.new("I;16", (4, 1))
    for x, value in enumerate((0, 0x8080, 0xFFFF, 0x0100)):
        picture.putpixel((x, 0), value)
    decoded = decode(packed(picture, "PNG"))
    assert [at(decoded, x, 0)[0] for x in range(4)] == [0, 0x80, 255, 1]
    cut = decode(packed(picture, "PNG", transparency=0x8080))
    assert [at(cut, x, 0)[3] for x in range(4)] == [255, 0, 255, 255]


def test_cmyk_jpeg_without_a_profile() -> None:
    picture = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    assert near(at(decode(packed(picture, "JPEG", quality=95)), 4, 4), (255, 0, 0), 4)


@pytest.mark.parametrize("file_format", ["PNG", "GIF", "WEBP", "AVIF"])
def test_the_first_frame_of_an_animation(file_format: str) -> None:
    frames = [Image.new("RGB", (16, 16), color) for color in (RED, BLUE)]
    animated = packed(frames[0], file_format, save_all=True, append_images=frames[1:], duration=100)
    assert near(at(decode(animated), 8, 8), RED, 12)


def test_an_alpha_channel_that_hides_nothing_is_dropped() -> None:
    picture = halves()
    picture.putalpha(255)
    assert decode(packed(picture, "PNG")).mode == "RGB"


def test_alpha_stays_straight() -> None:
    picture = Image.new("RGBA", (4, 4), (200, 100, 50, 30))
    assert at(decode(packed(picture, "PNG")), 1, 1) == (200, 100, 50, 30)


# --- orientation -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize(
    ("value", "top_left", "size"),
    [
        (1, RED, (40, 20)),
        (2, RED, (40, 20)),
        (3, BLUE, (40, 20)),
        (4, BLUE, (40, 20)),
        (5, RED, (20, 40)),
        (6, BLUE, (20, 40)),
        (7, BLUE, (20, 40)),
        (8, RED, (20, 40)),
    ],
)
def test_exif_orientation_is_applied(
    tmp_path: Path, file_format: str, value: int, top_left: tuple[int, int, int], size: tuple[int, int]
) -> None:
    path = tmp_path / "photo"
    path.write_bytes(packed(halves(), file_format, quality=95, exif=oriented(value)))
    picture = decode(path)
    assert picture.size == size
    assert near(at(picture, 2, 2), top_left, 12)
    facts = inspect(path)
    assert (facts.width, facts.height) == size


@pytest.mark.parametrize("value", range(1, 9))
def test_our_reader_of_orientation_agrees_with_what_was_written(value: int) -> None:
    assert orientation(oriented(value)) == value


def test_orientation_in_either_byte_order() -> None:
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
    assert orientation(b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry) == 6
    assert orientation(b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0") == 3
    assert orientation(b"II*\0\x08\0\0\0\x01\0\x12\x01\x04\0\x01\0\0\0\x03\0\0\0") == 1, "not the type it has to be"


@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: b"II*\0\x08\0\0\0" + tail))
def test_no_exif_breaks_anything(data: bytes) -> None:
    assert 1 <= orientation(data) <= 8


def test_a_picture_with_broken_exif_is_still_a_picture() -> None:
    data = with_chunk(packed(halves(), "PNG"), b"eXIf", b"II*\0\xff\xff\xff\xff garbage")
    assert decode(data).size == (40, 20)


# --- colour profiles -------------------------------------------------------------------------------------------------


def swapped_profile() -> bytes:
    """A valid RGB profile that says what sRGB calls red is blue: its conversion cannot be overlooked."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(data[128:132])
    tags = {bytes(data[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(count)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    data[red : red + 4], data[blue : blue + 4] = data[blue : blue + 4], data[red : red + 4]
    return bytes(data).replace("sRGB".encode("utf-16-be"), "SWAP".encode("utf-16-be"))


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "AVIF", "JPEG"])
def test_an_embedded_profile_is_converted_to_srgb(file_format: str) -> None:
    data = packed(Image.new("RGB", (16, 16), (255, 0, 0)), file_format, quality=95, icc_profile=swapped_profile())
    decoded = decode(data)
    assert near(at(decoded, 8, 8), (0, 0, 255), 16)
    assert decoded.info == {}


def test_alpha_comes_through_a_conversion_untouched() -> None:
    picture = Image.new("RGBA", (4, 4), (255, 0, 0, 77))
    assert at(decode(packed(picture, "PNG", icc_profile=swapped_profile())), 1, 1) == (0, 0, 255, 77)


def test_srgb_is_left_exactly_as_it_is() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = texture()
    assert decode(packed(picture, "PNG", icc_profile=profile)).tobytes() == picture.tobytes()


@pytest.mark.parametrize("profile", [b"not a profile", swapped_profile()[:200], b"\0" * 128])
def test_a_broken_profile_is_passed_over(profile: bytes) -> None:
    assert at(decode(packed(halves(), "PNG", icc_profile=profile)), 1, 1) == RED


def test_a_profile_of_other_pixels_is_passed_over() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert at(decode(packed(halves(), "PNG", icc_profile=lab)), 1, 1) == RED
    cmyk = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    assert near(at(decode(packed(cmyk, "JPEG", quality=95, icc_profile=swapped_profile())), 4, 4), (255, 0, 0), 4)


def test_an_rgb_profile_on_a_grey_picture() -> None:
    decoded = decode(packed(Image.new("L", (4, 4), 90), "PNG", icc_profile=swapped_profile()))
    assert near(at(decoded, 1, 1), (90, 90, 90), 2)


# --- what is refused -------------------------------------------------------------------------------------------------

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n"


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (b"", "`x.png` is empty", "get the file again"),
        (b"\0" * 600, "`x.png` holds nothing but zeros", "never fully written"),
        (b"<!DOCTYPE html><html>Not found", "`x.png` is an HTML page, not a picture", "open it in a browser"),
        (b"\n <html lang=en>", "`x.png` is an HTML page", "open it in a browser"),
        (b'{"code": 500}', "`x.png` is a JSON document", "error message of the server"),
        (b'<?xml version="1.0"?><Error/>', "`x.png` is an XML document", "error message of the server"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x"/>', "`x.png` is an SVG drawing", "export it as PNG"),
        (b"<svg viewBox='0 0 1 1'/>", "`x.png` is an SVG drawing", "export it as PNG"),
        (LFS, "`x.png` is a Git LFS pointer", "git lfs pull"),
        (b"%PDF-1.7", "`x.png` is a PDF document", "export it as PNG"),
        (b"PK\x03\x04rest", "`x.png` is a ZIP archive", "unpack it"),
        (b"II*\0rest", "`x.png` is a TIFF picture", "convert it"),
        (b"BM" + b"\1" * 30, "`x.png` is a BMP picture", "convert it"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "`x.png` is a HEIC picture", "convert it"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "`x.png` is a video", "needs a picture"),
        (b"good morning", "`x.png` is not a picture that can be used", "bytes decide"),
        (b"\x89PNG\r\n\x1a\n", "`x.png` is a damaged or incomplete PNG", "get the file again"),
        (b"\xff\xd8\xff\xe0nothing", "`x.png` is a damaged or incomplete JPEG", "get the file again"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "`x.png` is a damaged or incomplete WebP", "get the file again"),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", "`x.png` is a damaged or incomplete AVIF", "get the file again"),
        (b"GIF89a", "`x.png` is a damaged or incomplete GIF", "get the file again"),
    ],
)
def test_what_is_no_picture_is_called_what_it_is(tmp_path: Path, data: bytes, message: str, hint: str) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(data)
    with pytest.raises(PictureError) as refusal:
        inspect(path)
    assert refusal.value.message.startswith(message)
    assert hint in (refusal.value.hint or "")


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"`gone\.png` cannot be read: No such file"):
        decode(tmp_path / "gone.png")
    with pytest.raises(PictureError, match="cannot be read: Is a directory"):
        decode(tmp_path)


@pytest.mark.parametrize(
    ("file_format", "settings"),
    [("PNG", {}), ("JPEG", {"quality": 90}), ("JPEG", {"progressive": True}), ("WEBP", {}), ("AVIF", {}), ("GIF", {})],
)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_truncated_files_are_refused(file_format: str, settings: dict[str, object], share: float) -> None:
    data = packed(texture(), file_format, **settings)
    with pytest.raises(PictureError, match="the picture is a damaged or incomplete"):
        decode(data[: int(len(data) * share)])


def test_a_flipped_bit_in_a_png_is_noticed() -> None:
    data = bytearray(packed(texture(), "PNG", compress_level=0))
    data[data.index(b"IDAT") + 500] ^= 4
    with pytest.raises(PictureError, match="damaged or incomplete PNG"):
        decode(bytes(data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes that says it is enormous."""
    data = bytearray(packed(Image.new("L", (1, 1)), "PNG"))
    data[16:24] = width.to_bytes(4) + height.to_bytes(4)
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4)
    return bytes(data)


@pytest.mark.parametrize("size", [(10_001, 10_000), (60_000, 60_000), (2_000_000_000, 2_000_000_000)])
def test_decompression_bombs_are_refused_before_they_are_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match=f"has {size[0]}x{size[1]} pixels, more than the 100 million"):
        decode(bomb(*size))


def test_a_gif_whose_screen_is_enormous_is_refused() -> None:
    data = bytearray(packed(Image.new("L", (1, 1)), "GIF"))
    data[6:10] = b"\xff\xff\xff\xff"
    with pytest.raises(PictureError, match="65535x65535 pixels"):
        decode(bytes(data))


@given(st.binary(max_size=300), st.sampled_from(["PNG", "JPEG", "WEBP", "AVIF", "GIF"]), st.integers(0, 60))
def test_garbage_is_always_a_picture_error(data: bytes, file_format: str, keep: int) -> None:
    head = packed(Image.new("RGB", (3, 3), RED), file_format)[:keep]
    with suppress(PictureError):
        assert decode(head + data).mode in {"RGB", "RGBA"}


# --- the conformance suite -------------------------------------------------------------------------------------------


@suite
def test_every_good_picture_of_the_suite_is_read_and_every_corrupt_one_refused() -> None:
    wrong = []
    for path in sorted(PNGSUITE.glob("*.png")):
        try:
            facts = inspect(path)
        except PictureError:
            accepted = False
        else:
            accepted = facts.width > 0
        if accepted == path.name.startswith("x"):
            wrong.append(path.name)
    assert wrong == []


@suite
def test_interlaced_pictures_of_the_suite_equal_their_plain_twins() -> None:
    twins = [(path, path.with_name("basn" + path.name[4:])) for path in sorted(PNGSUITE.glob("basi*.png"))]
    assert len(twins) >= 15
    assert [a.name for a, b in twins if decode(a).tobytes() != decode(b).tobytes()] == []


def test_the_decoded_picture_is_free_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "master.png"
    path.write_bytes(packed(round_cutout(32), "PNG"))
    picture = decode(path)
    path.unlink()
    assert picture.mode == "RGBA"
    assert len(packed(picture, "PNG")) > 0
    assert Image.open(BytesIO(packed(picture, "PNG"))).info == {}
