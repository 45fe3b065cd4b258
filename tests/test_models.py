"""Every model of the table, from the command line to the service and back: what each of them is asked, what it costs,
and what comes of a model that nobody knows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assetgen.catalog.models import MODELS
from assetgen.emulator.run import Emulator, running_emulator
from tests.support.space import Space

STILLS = [model for model in MODELS.values() if model.kind == "image"]


def manifest(**assets: dict[str, Any]) -> str:
    """A manifest in which each asset asks for a star with these further fields."""
    lines = ["version: 1", "providers: {kie: {rate_limit: 100}}", "defaults: {sizes: [16]}", "assets:"]
    for name, fields in assets.items():
        inner = "".join(f", {key}: {value}" for key, value in fields.items())
        lines.append(f"  {name}: {{prompt: A star{inner}}}")
    return "\n".join(lines) + "\n"


def keys(emulator: Emulator) -> dict[str, str]:
    return {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": "emulator"}


def inputs(emulator: Emulator) -> dict[str, dict[str, Any]]:
    """What was accepted, by model."""
    bodies: list[Any] = emulator.accepted
    return {body["model"]: body["input"] for body in bodies}


def plain(text: str) -> str:
    """Without the breaks of its lines."""
    return " ".join(text.split())


def test_every_model_of_stills_makes_its_picture_from_its_prompt_alone(space: Space) -> None:
    names = {model.id: f"a{number}" for number, model in enumerate(STILLS)}
    space.write("app.yaml", manifest(**{names[model.id]: {"model": model.id} for model in STILLS}))
    with running_emulator() as emulator:
        built = space.run_ok("build", "app.yaml", "--provider", "kie", "--json", env=keys(emulator)).json
        again = space.run_ok("build", "app.yaml", "--provider", "kie", "--json", env=keys(emulator)).json
        sent, creates = inputs(emulator), emulator.creates
    assert (built["totals"]["built"], again["totals"]["requests"], creates) == (len(STILLS), 0, len(STILLS))
    assert set(sent) == set(names)
    costs = {asset["name"]: asset["cost"]["usd"] for asset in built["manifests"][0]["assets"]}
    for model in STILLS:
        expected = model.price_on_wire(sent[model.id])
        assert costs[names[model.id]] == (None if expected is None else float(expected)), model.id
        assert model.output_formats == () or sent[model.id]["output_format"] == "png"


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        (
            {"model": "seedream/4.5-text-to-image", "resolution": "4K", "aspect_ratio": "21:9"},
            {"aspect_ratio": "21:9", "quality": "high"},
        ),
        (
            {"model": "qwen/text-to-image", "aspect_ratio": "9:16", "input": "{guidance_scale: 4, seed: 7}"},
            {"image_size": "portrait_16_9", "guidance_scale": 4, "seed": 7, "output_format": "png"},
        ),
        (
            {"model": "ideogram/v3-text-to-image", "input": "{rendering_speed: QUALITY, style: DESIGN}"},
            {"image_size": "square_hd", "rendering_speed": "QUALITY", "style": "DESIGN", "expand_prompt": False},
        ),
        ({"model": "wan/2-7-image"}, {"aspect_ratio": "1:1", "resolution": "1K", "n": 1}),
        (
            {"model": "gpt-image-2-text-to-image", "aspect_ratio": "16:9", "resolution": "4K"},
            {"aspect_ratio": "16:9", "resolution": "4K"},
        ),
    ],
    ids=["seedream", "qwen", "ideogram", "wan", "gpt"],
)
def test_parameters_arrive_as_the_service_spells_them(
    space: Space, fields: dict[str, Any], sent: dict[str, Any]
) -> None:
    space.write("app.yaml", manifest(star=fields))
    with running_emulator(faults=["download:*:size-64x64"]) as emulator:
        space.run_ok("build", "app.yaml", "--provider", "kie", env=keys(emulator))
        assert inputs(emulator) == {fields["model"]: {"prompt": "A star", **sent}}


NEW = {"model": "brand/new", "aspect_ratio": "16:9", "input": "{glow: 3}"}


def test_a_model_that_nobody_knows_is_drawn_in_its_ratio(space: Space) -> None:
    space.write("app.yaml", "version: 1\nassets:\n  star: {prompt: A star, model: brand/new, aspect_ratio: '16:9'}\n")
    said = plain(space.run_ok("validate", "app.yaml").stderr)
    assert "warning: the model `brand/new` is not known here, so its price and its parameters" in said
    built = space.run_ok("build", "app.yaml", "--json").json
    assert built["totals"]["usd"] == 0
    lock = space.read("app.lock")
    assert '"width": 1360' in lock
    assert '"aspect_ratio": "16:9"' in lock
    assert space.run_ok("check", "app.yaml").exit_code == 0


def test_a_model_that_nobody_knows_has_no_price_and_is_for_the_service_to_judge(space: Space) -> None:
    space.write("app.yaml", manifest(star=NEW))
    with running_emulator() as emulator:
        env = keys(emulator)
        plan = space.run_ok("plan", "app.yaml", "--provider", "kie", "--json", env=env).json
        assert (plan["totals"]["unpriced"], plan["totals"]["usd"]) == (1, 0)
        limited = ("build", "app.yaml", "--provider", "kie", "--max-cost", "5")
        refused = space.run(*limited, env=env)
        assert refused.exit_code == 4
        assert "the price of `star` is not known" in refused.stderr
        assert emulator.creates == 0
        built = space.run(*limited, "--allow-unpriced", env=env)
        assert built.exit_code == 1
        assert "The model name you specified is not supported" in built.stderr
        assert '"glow": 3' in emulator.received[-1].body.decode()


def test_what_is_passed_on_without_being_known_is_said(space: Space) -> None:
    space.write("app.yaml", manifest(star={"input": "{output_fromat: jpg}"}))
    said = plain(space.run_ok("validate", "app.yaml").stderr)
    assert "nothing is known of `input.output_fromat` for the model `nano-banana-pro`" in said
    assert "did you mean `output_format`?" in said


def test_the_emulator_charges_what_the_table_says(space: Space) -> None:
    space.write("app.yaml", manifest(star={"model": "z-image"}))
    with running_emulator(credits=Decimal(10)) as emulator:
        space.run_ok("build", "app.yaml", "--provider", "kie", env=keys(emulator))
    assert '"charged": 0.004' in space.read("app.lock")
