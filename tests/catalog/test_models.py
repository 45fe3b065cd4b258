"""The table of models: that it holds together, for every model, and what it works out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assetgen.catalog import CATALOG
from assetgen.catalog.grounds import COLORS, words_for
from assetgen.catalog.models import MODELS, Field, Model, Parameter, editor_of, nominal_size, unlisted
from assetgen.catalog.models.field import choice, entries, flag, link, links, number, text, whole
from assetgen.digest import Json
from assetgen.manifest.fields import ASPECT_RATIOS, RESOLUTIONS

every_model = pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))


@every_model
def test_what_the_table_says_of_itself_holds(model: Model) -> None:
    names = [*(p.wire for p in model.parameters), *(f.name for f in model.others), *(p.wire for p in model.shown)]
    assert len(names) == len(set(names)), "a field is named twice"
    for parameter in model.parameters:
        assert parameter.default is None or parameter.accepts(parameter.default)
        assert all(parameter.from_wire(parameter.on_wire(value)) == value for value in parameter.values)
        assert not parameter.required or parameter.default is not None, "required, and nothing to send"
    for further in model.others:
        assert further.default is None or further.accepts(further.default)
        assert not further.required or further.default is not None or further.name in model.fixed
    for name, value in model.fixed.items():
        field = model.other(name)
        assert field is not None
        assert field.accepts(value)


@every_model
def test_prices_are_of_values_that_exist(model: Model) -> None:
    assert bool(model.prices or model.tiers) == (model.priced is not None)
    for price in model.prices:
        assert price.usd > 0
        for name, value in price.when.items():
            if value is None:
                continue  # a field that is not sent
            field = model.other(name)
            wired = [p for p in model.parameters if p.wire == name]
            assert (field is not None and field.accepts(value)) or any(p.from_wire(value) is not None for p in wired)
    assert [tier.edge for tier in model.tiers] == sorted(tier.edge for tier in model.tiers)


@every_model
def test_who_says_that_a_model_writes_is_named(model: Model) -> None:
    assert model.writes is None or model.writes.source


@every_model
def test_manifests_can_say_what_models_know(model: Model) -> None:
    known = {"aspect_ratio": ASPECT_RATIOS, "resolution": RESOLUTIONS}
    for parameter in model.parameters:
        if parameter.name in known:
            assert set(parameter.values) <= set(known[parameter.name])


def test_whoever_edits_a_model_s_pictures_takes_them_in_its_shapes() -> None:
    for model in MODELS.values():
        editor = editor_of(model.id, MODELS)
        if editor is None:
            assert not model.edited_by, model.id
            continue
        limit, words = editor.prompt_limit, max(map(words_for, COLORS), key=len)
        assert limit is None or editor.prompt_least <= len(words) <= limit, editor.id
        assert editor.edited_by is None, editor.id
        assert editor.provider == model.provider


def test_the_models_that_people_ask_for_are_there() -> None:
    kinds = {
        "nano-banana-pro": "image",
        "nano-banana-2": "image",
        "google/nano-banana": "image",
        "google/nano-banana-edit": "edit",
        "gpt-image-2-text-to-image": "image",
        "gpt-image-2-image-to-image": "edit",
        "seedream/4.5-text-to-image": "image",
        "seedream/5-lite-text-to-image": "image",
        "flux-2/pro-text-to-image": "image",
        "flux-2/flex-text-to-image": "image",
        "google/imagen4": "image",
        "ideogram/v3-text-to-image": "image",
        "qwen/text-to-image": "image",
        "z-image": "image",
        "recraft/remove-background": "remove-background",
        "recraft/crisp-upscale": "upscale",
        "topaz/image-upscale": "upscale",
        "bytedance/v1-pro-image-to-video": "video",
        "kling-2.6/image-to-video": "video",
        "bytedance/seedance-2": "video",
    }
    assert {id_: MODELS[id_].kind for id_ in kinds} == kinds


@pytest.mark.parametrize(
    ("model", "parameters", "further", "usd"),
    [
        ("nano-banana-pro", {"resolution": "1K"}, {}, "0.09"),
        ("nano-banana-pro", {"resolution": "4K"}, {}, "0.12"),
        ("nano-banana-pro", {}, {}, "0.09"),
        ("nano-banana-2", {"resolution": "2K"}, {}, "0.06"),
        ("gpt-image/1.5-text-to-image", {}, {}, "0.02"),
        ("gpt-image/1.5-text-to-image", {}, {"quality": "high"}, "0.11"),
        ("seedream/5-pro-text-to-image", {"resolution": "2K"}, {}, "0.07"),
        ("ideogram/v3-text-to-image", {}, {}, "0.035"),
        ("ideogram/v3-text-to-image", {}, {"rendering_speed": "TURBO"}, "0.0175"),
        ("wan/2-7-image", {}, {}, "0.024"),
        ("wan/2-7-image", {}, {"n": 4}, None),
        ("qwen/text-to-image", {}, {}, None),
        ("bytedance/v1-pro-image-to-video", {"resolution": "720p", "duration": 5}, {}, "0.15"),
        ("bytedance/v1-pro-image-to-video", {"resolution": "1080p", "duration": 10}, {}, "0.70"),
        ("bytedance/seedance-1.5-pro", {"duration": 12}, {"generate_audio": True}, "0.42"),
        ("bytedance/seedance-2", {"resolution": "4K", "duration": 5}, {}, None),
        ("bytedance/seedance-2", {}, {"reference_video_urls": ["https://a/b.mp4"]}, None),
        ("kling-2.6/text-to-video", {"duration": 10}, {}, "0.55"),
        ("kling-2.6/text-to-video", {"duration": 10}, {"sound": True}, "1.10"),
        ("hailuo/2-3-image-to-video-pro", {"resolution": "768p", "duration": 6}, {}, None),
    ],
)
def test_prices(model: str, parameters: dict[str, Json], further: dict[str, Json], usd: str | None) -> None:
    assert MODELS[model].price(parameters, further) == (None if usd is None else Decimal(usd))


def test_prices_of_what_makes_pictures_larger() -> None:
    topaz, crisp = MODELS["topaz/image-upscale"], MODELS["recraft/crisp-upscale"]
    assert [topaz.price_of_size(*size) for size in ((2048, 1024), (1024, 2049), (8192, 8192), (8193, 1))] == [
        Decimal("0.05"),
        Decimal("0.10"),
        Decimal("0.20"),
        None,
    ]
    assert crisp.price_of_size(9_000, 9_000) == Decimal("0.0025")


@pytest.mark.parametrize(
    ("model", "parameters", "further", "sent"),
    [
        (
            "nano-banana-pro",
            {"aspect_ratio": "1:1", "resolution": "1K"},
            {},
            {"output_format": "png", "aspect_ratio": "1:1", "resolution": "1K"},
        ),
        (
            "seedream/5-lite-text-to-image",
            {"aspect_ratio": "1:1", "resolution": "3K"},
            {"output_format": "jpeg"},
            {"output_format": "jpeg", "aspect_ratio": "1:1", "quality": "high"},
        ),
        ("qwen/text-to-image", {"aspect_ratio": "3:4"}, {}, {"output_format": "png", "image_size": "portrait_4_3"}),
        (
            "gpt-image/1.5-text-to-image",
            {"aspect_ratio": "3:2"},
            {},
            {"aspect_ratio": "3:2", "quality": "medium"},
        ),
        (
            "bytedance/v1-pro-image-to-video",
            {"duration": 10, "camera_fixed": True, "seed": 7, "resolution": "720p"},
            {},
            {"duration": "10", "camera_fixed": True, "seed": 7, "resolution": "720p"},
        ),
        (
            "bytedance/seedance-2",
            {"duration": 4, "aspect_ratio": "auto", "resolution": "4K"},
            {},
            {"duration": 4, "aspect_ratio": "adaptive", "resolution": "4k"},
        ),
        ("topaz/image-upscale", {}, {}, {"upscale_factor": "2"}),
    ],
)
def test_what_is_sent(model: str, parameters: dict[str, Json], further: dict[str, Json], sent: dict[str, Json]) -> None:
    assert MODELS[model].on_wire(parameters, further) == sent
    assert MODELS[model].from_wire(sent).items() >= parameters.items()


def test_a_parameter_that_a_model_lacks_is_not_sent_unless_nobody_knows_the_model() -> None:
    with pytest.raises(KeyError, match="resolution"):
        MODELS["z-image"].on_wire({"resolution": "1K"}, {})
    new = unlisted("brand/new")
    assert new.on_wire({"resolution": "8K"}, {"a": 1}) == {"resolution": "8K", "a": 1}
    assert (new.price({}), new.size({}), new.listed) == (None, None, False)


@pytest.mark.parametrize(
    ("parameters", "size"),
    [
        ({}, (1024, 1024)),
        ({"aspect_ratio": "auto"}, (1024, 1024)),
        ({"aspect_ratio": "16:9"}, (1360, 768)),
        ({"aspect_ratio": "9:16", "resolution": "2K"}, (1536, 2736)),
        ({"aspect_ratio": "8:1"}, (2896, 368)),
        ({"aspect_ratio": "wide"}, (1024, 1024)),
        ({"aspect_ratio": "0:1"}, (1024, 1024)),
        ({"resolution": "720p"}, (1280, 720)),
        ({"aspect_ratio": "9:16", "resolution": "480p"}, (480, 854)),
    ],
)
def test_the_size_to_reckon_with_where_nobody_knows(parameters: dict[str, Json], size: tuple[int, int]) -> None:
    assert nominal_size(parameters) == size


@pytest.mark.parametrize(
    ("field", "accepted", "refused", "allowed"),
    [
        (choice("f", "1K 2K"), ["1K"], ["1k", 1, None, []], "`1K` or `2K`"),
        (text("f", 3), ["", "abc"], ["abcd", 1], "text of at most 3 characters"),
        (flag("f"), [True, False], [0, 1, "true"], "true or false"),
        (whole("f", 1, 6), [1, 6], [0, 7, 1.0, True, "1"], "a whole number from 1 to 6"),
        (whole("f"), [-5], ["5"], "a whole number"),
        (number("f", 0, 1), [0, 0.5, 1], [1.01, True, "0.5"], "a number from 0 to 1"),
        (link("f"), ["https://a/b.png"], ["data:image/png;base64,AA", "b.png", 1], "a public link to a file"),
        (links("f", 1), [[], ["http://a/b"]], ["http://a/b", ["b"], ["http://a"] * 2], "a list of at most 1 "),
        (entries("f", 3, least=2), [[1, 2]], [[1], [1] * 4, "ab"], "a list of 2 to 3 entries"),
    ],
)
def test_fields(field: Field, accepted: list[Any], refused: list[Any], allowed: str) -> None:
    assert [value for value in accepted if not field.accepts(value)] == []
    assert [value for value in refused if field.accepts(value)] == []
    assert field.allowed.startswith(allowed)


def test_types_of_parameters_count() -> None:
    duration = Parameter("duration", "duration", (5, 10), {5: "5", 10: "10"})
    assert [value for value in (5, 10, "5", 5.0, 7) if duration.accepts(value)] == [5, 10]
    assert (duration.on_wire(5), duration.from_wire("10"), duration.from_wire(10)) == ("5", 10, None)
    seed = Parameter("seed", "seed", least=-1, most=9)
    assert [value for value in (-2, -1, 9, 10, True, "5") if seed.accepts(value)] == [-1, 9]
    assert (seed.allowed, duration.allowed) == (("-1 to 9",), ("5", "10"))


def test_combinations_that_a_model_refuses() -> None:
    model = MODELS["gpt-image-2-text-to-image"]
    assert model.refuses({"aspect_ratio": "1:1", "resolution": "4K"}) is not None
    assert model.refuses({"aspect_ratio": "16:9", "resolution": "4K"}) is None
    assert model.refuses({"aspect_ratio": "auto", "resolution": "2K"}) is not None


def test_the_built_in_model_is_in_the_table() -> None:
    model = CATALOG.models[CATALOG.image_model]
    assert model.price({"aspect_ratio": CATALOG.aspect_ratio, "resolution": CATALOG.resolution}) == Decimal("0.09")
