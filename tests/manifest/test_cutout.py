"""`removeBg` as it is written, and the files that it adds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from assetgen.manifest.recipe import Cutout
from tests.manifest.support import loaded

ASSET = "assets:\n  coin:\n    prompt: A coin.\n"


@pytest.mark.parametrize(
    ("line", "cutout"),
    [
        ("take: 0", None),
        ("removeBg: false", None),
        ("removeBg: true", Cutout()),
        ("removeBg: {}", Cutout()),
        ("remove_bg: {remover: service}", Cutout(remover="service")),
        ("removeBg: {crop: true, padding: 0.05}", Cutout(crop=True, padding=0.05)),
        ("removeBg: {crop: false, padding: 0}", Cutout()),
        ("removeBg: {remover: key, holes: true}", Cutout(remover="key", holes=True)),
        ("removeBg: {keep: true}", Cutout()),
    ],
)
def test_settings_are_taken_as_written(tmp_path: Path, line: str, cutout: Cutout | None) -> None:
    (coin,) = loaded(tmp_path, f"{ASSET}    {line}\n").recipes
    assert coin.cutout == cutout
    assert coin.drawing.remove_bg == (cutout is not None), "drafts draw a subject that can be cut out"


def test_mappings_merge_with_those_of_defaults(tmp_path: Path) -> None:
    (coin,) = loaded(
        tmp_path, f"defaults: {{removeBg: {{crop: true, padding: 0.1}}}}\n{ASSET}    removeBg: {{padding: 0.2}}\n"
    ).recipes
    assert coin.cutout == Cutout(crop=True, padding=0.2)


def test_the_request_knows_nothing_of_it(tmp_path: Path) -> None:
    (plain,) = loaded(tmp_path, ASSET).recipes
    (cut,) = loaded(tmp_path, f"{ASSET}    removeBg: true\n").recipes
    assert plain.request == cut.request


def test_the_uncut_picture_is_written_too(tmp_path: Path) -> None:
    text = f'{ASSET}    removeBg: {{keep: true}}\n    sizes: {{"@1x": 24, "@2x": 48}}\n    formats: [png, webp]\n'
    (coin,) = loaded(tmp_path, text).recipes
    assert {spec.path.rpartition("/")[2]: spec.original for spec in coin.outputs} == {
        "coin.png": False,
        "coin.webp": False,
        "coin@2x.png": False,
        "coin@2x.webp": False,
        "coin-original.png": True,
        "coin-original.webp": True,
        "coin-original@2x.png": True,
        "coin-original@2x.webp": True,
    }


def test_file_names_of_ones_own_have_the_suffix(tmp_path: Path) -> None:
    text = f"{ASSET}    removeBg: {{keep: true}}\n    filename: '{{{{ name }}}}/full{{{{ suffix }}}}.{{{{ ext }}}}'\n"
    (coin,) = loaded(tmp_path, text).recipes
    assert [spec.path for spec in coin.outputs] == ["output/app/coin/full.png", "output/app/coin/full-original.png"]


def test_a_flat_picture_can_be_a_jpg(tmp_path: Path) -> None:
    (coin,) = loaded(tmp_path, f'{ASSET}    removeBg: true\n    formats: [jpg]\n    background: "#FFFFFF"\n').recipes
    assert [spec.path for spec in coin.outputs] == ["output/app/coin.jpg"]


@pytest.mark.parametrize(("text", "usd"), [("", 0), ("providers: {service: {usd: 0.015}}\n", "0.015")])
def test_a_service_costs_what_the_manifest_says(tmp_path: Path, text: str, usd: str | int) -> None:
    assert loaded(tmp_path, text + ASSET).service_usd == Decimal(usd)
