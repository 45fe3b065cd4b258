"""The mark of generated pictures: there when asked for, as readers find it, and nothing else is ever there."""

from __future__ import annotations

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from assetgen.imaging.decode import decode
from assetgen.imaging.encode import encode, render
from assetgen.imaging.metadata import GENERATED
from assetgen.imaging.sizes import fitted
from assetgen.manifest.recipe import Export, Format, PixelSize
from tests.imaging.pictures import halves, oriented, packed

FORMATS: tuple[Format, ...] = ("png", "webp", "avif", "jpg")
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"


def packet(data: bytes) -> bytes | None:
    """The XMP that Pillow finds in a file."""
    with Image.open(BytesIO(data)) as picture:
        found = picture.info.get("xmp", picture.info.get("XML:com.adobe.xmp"))
        return found.encode() if isinstance(found, str) else found


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_mark_is_read_back(file_format: Format) -> None:
    xmp = packet(encode(halves(), Export(file_format), mark=True))
    assert xmp is not None
    assert xmp.decode() == GENERATED
    description = ET.fromstring(xmp.decode()).find(f"{RDF}RDF/{RDF}Description")
    assert description is not None
    assert description.findtext(f"{IPTC}DigitalSourceType") == (
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    )


@pytest.mark.parametrize("file_format", FORMATS)
def test_no_mark_unless_asked(file_format: Format) -> None:
    data = encode(halves(), Export(file_format), mark=False)
    assert packet(data) is None
    assert b"iptc" not in data


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_a_master_carries_does_not_reach_its_outputs(file_format: Format) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("prompt", "a secret wish")
    notes.add_itxt("XML:com.adobe.xmp", "<x>secret</x>")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    master = packed(halves(), "PNG", pnginfo=notes, exif=oriented(1), icc_profile=profile, dpi=(72, 72))
    picture = decode(master)
    for export in (Export(file_format), Export(file_format, 20), Export(file_format, 20, 20, "contain")):
        part = render(picture, fitted(PixelSize(*picture.size), export), export)
        data = encode(part, export, mark=False)
        assert b"secret" not in data
        with Image.open(BytesIO(data)) as written:
            assert not {"icc_profile", "exif", "xmp", "prompt"} & {str(key) for key in written.info}
            assert dict(written.getexif()) == {}


@pytest.mark.skipif(not shutil.which("exiftool"), reason="libimage-exiftool-perl is not installed")
@pytest.mark.parametrize("file_format", FORMATS)
def test_exiftool_reads_the_mark(file_format: Format, tmp_path: Path) -> None:
    """A reader that is none of ours, and the one that newsrooms and stock agencies use."""
    path = tmp_path / f"coin.{file_format}"
    path.write_bytes(encode(halves(), Export(file_format), mark=True))
    command = ["exiftool", "-XMP-iptcExt:DigitalSourceType", "-XMP:all", "-json", "-n", "-G1", str(path)]
    (found,) = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=30).stdout)
    mark = found.pop("XMP-iptcExt:DigitalSourceType")
    assert mark == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert {key for key in found if key.startswith("XMP")} <= {"XMP-x:XMPToolkit"}, "nothing but the mark"
