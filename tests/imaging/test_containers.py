"""ICO and ICNS files as others read them: Pillow, and where they are installed icoutils and libicns."""

from __future__ import annotations

import shutil
import struct
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import IcnsImagePlugin, IcoImagePlugin, Image

from assetgen.catalog.presets.model import Frame
from assetgen.imaging.containers import _run_lengths, icns, ico
from assetgen.imaging.decode import decode
from tests.imaging.pictures import packed, round_cutout, texture

ICO_EDGES = (16, 24, 32, 48, 64, 128, 256)
ICNS_FRAMES = tuple(Frame(points, scale) for points in (16, 32, 128, 256, 512) for scale in (1, 2))


def cutout(edge: int) -> Image.Image:
    """A picture that is another at every size, without colour where nothing is to be seen."""
    return round_cutout(edge).convert("RGBa").convert("RGBA")


def icon(png_from: int = 0) -> bytes:
    return ico([(edge, packed(cutout(edge), "PNG")) for edge in ICO_EDGES], png_from)


def mac_icon() -> bytes:
    return icns([(frame, packed(cutout(frame.pixels), "PNG")) for frame in ICNS_FRAMES])


@pytest.mark.parametrize("png_from", [0, 256, 257])
def test_ico_frames_are_what_went_in(png_from: int) -> None:
    reader = IcoImagePlugin.IcoFile(BytesIO(icon(png_from)))
    assert reader.sizes() == {(edge, edge) for edge in ICO_EDGES}
    for edge in ICO_EDGES:
        assert reader.getimage((edge, edge)).convert("RGBA").tobytes() == cutout(edge).tobytes()


def test_small_frames_are_bitmaps_and_large_ones_pngs() -> None:
    data = icon(256)
    for number, edge in enumerate(ICO_EDGES):
        width, height, _, _, planes, bits, _, offset = struct.unpack_from("<BBBBHHII", data, 6 + 16 * number)
        assert (width, height, planes, bits) == (edge % 256, edge % 256, 1, 32)
        assert data[offset : offset + 4] == (b"\x89PNG" if edge == 256 else b"\x28\0\0\0")


def test_an_opaque_picture_is_opaque_in_a_bitmap() -> None:
    reader = IcoImagePlugin.IcoFile(BytesIO(ico([(32, packed(texture(32), "PNG"))], 256)))
    assert reader.getimage((32, 32)).convert("RGBA").getchannel("A").getextrema() == (255, 255)


def test_icns_frames_are_what_went_in() -> None:
    reader = IcnsImagePlugin.IcnsFile(BytesIO(mac_icon()))
    assert set(reader.itersizes()) == {(frame.points, frame.points, frame.scale) for frame in ICNS_FRAMES}
    for frame in ICNS_FRAMES:
        found = reader.getimage((frame.points, frame.points, frame.scale)).convert("RGBA")
        assert found.tobytes() == cutout(frame.pixels).tobytes(), frame


def test_icns_types() -> None:
    """Those of `iconutil`, but for the smallest two, which are the older pair of colour and opacity."""
    data, kinds, at = mac_icon(), [], 8
    assert struct.unpack_from(">4sI", data) == (b"icns", len(data))
    while at < len(data):
        kind, length = struct.unpack_from(">4sI", data, at)
        kinds.append(kind.decode())
        at += length
    assert kinds == ["is32", "s8mk", "ic11", "il32", "l8mk", "ic12", "ic07", "ic13", "ic08", "ic14", "ic09", "ic10"]
    assert at == len(data)


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(1, 300)), max_size=20))
def test_runs_are_unpacked_to_what_was_packed(runs: list[tuple[int, int]]) -> None:
    plain = b"".join(bytes([value]) * count for value, count in runs)
    packed_bytes, unpacked, at = _run_lengths(plain), b"", 0
    while at < len(packed_bytes):
        mark = packed_bytes[at]
        if mark < 128:
            unpacked += packed_bytes[at + 1 : at + 2 + mark]
            at += 2 + mark
        else:
            unpacked += packed_bytes[at + 1 : at + 2] * (mark - 125)
            at += 2
    assert unpacked == plain


def test_what_the_formats_cannot_hold() -> None:
    with pytest.raises(ValueError, match="an ICO cannot hold 512x512 pixels"):
        ico([(512, b"")])
    with pytest.raises(ValueError, match="an ICNS has no place for 48 points at 1x"):
        icns([(Frame(48), b"")])


@pytest.mark.skipif(not shutil.which("icotool"), reason="icoutils is not installed")
@pytest.mark.parametrize("png_from", [0, 256])
def test_icotool_reads_our_ico(tmp_path: Path, png_from: int) -> None:
    (tmp_path / "app.ico").write_bytes(icon(png_from))
    subprocess.run(["icotool", "-x", "-o", str(tmp_path), str(tmp_path / "app.ico")], check=True, timeout=30)
    found = sorted((decode(path) for path in tmp_path.glob("app_*.png")), key=lambda picture: picture.width)
    assert [picture.width for picture in found] == list(ICO_EDGES)
    for picture, edge in zip(found, ICO_EDGES, strict=True):
        assert picture.convert("RGBa").tobytes() == cutout(edge).convert("RGBa").tobytes()


@pytest.mark.skipif(not shutil.which("icns2png"), reason="icnsutils is not installed")
def test_libicns_reads_our_icns(tmp_path: Path) -> None:
    """Of the types that libicns knows: the run-length coded ones, and the PNGs of 256, 512 and 1024 pixels."""
    (tmp_path / "app.icns").write_bytes(mac_icon())
    command = ["icns2png", "-x", "-o", str(tmp_path), str(tmp_path / "app.icns")]
    subprocess.run(command, check=True, timeout=30, capture_output=True)
    for edge in (16, 32, 256, 512, 1024):
        picture = decode(tmp_path / f"app_{edge}x{edge}x32.png")
        assert picture.convert("RGBa").tobytes() == cutout(edge).convert("RGBa").tobytes(), edge
