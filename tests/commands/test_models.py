"""`assetgen models`: the table for people and for programs, and the page that is made from it."""

from __future__ import annotations

import pytest

from assetgen.catalog import CATALOG
from assetgen.report.model_page import page_text
from tests.support.space import CHECKOUT, Space


def test_all_models_are_listed_by_what_they_make(space: Space) -> None:
    text = space.run_ok("models").stdout
    assert "  nano-banana-pro                      $0.09 to $0.12 a picture     1K 2K 4K\n" in text
    assert "  z-image                              $0.004 a picture\n" in text
    assert [line for line in text.splitlines() if line and line[0] != " "][:-1] == [
        "Stills from a prompt",
        "Stills from a prompt and at least one picture",
        "Videos",
        "Larger pictures",
        "Pictures without their background",
    ]
    assert all(f"  {id_} " in text for id_ in CATALOG.models)


@pytest.mark.parametrize(
    ("model", "lines"),
    [
        (
            "seedream/5-lite-text-to-image",
            [
                "seedream/5-lite-text-to-image: stills from a prompt",
                "price $0.0275 a picture",
                "prompt 3 to 3,000 characters",
                "resolution 2K 3K 4K; the service's default is 2K (quality)",
                "input.output_format png or jpeg; assetgen sends png",
            ],
        ),
        (
            "kling-2.6/image-to-video",
            [
                "price $0.275 a video (duration: 5, sound: false); $0.55 a video (duration: 10, sound: false); ",
                "source one, required: png, jpeg of at most 10 MB (image_urls)",
                "waiting 1200 s, then the next build collects the result",
            ],
        ),
        (
            "recraft/remove-background",
            ["picture one, required: png, jpeg, webp of at most 5 MB; 256 to 4,096 pixels an edge; at most 16 mega"],
        ),
        ("topaz/image-upscale", ["longest edge 20,000 pixels"]),
    ],
)
def test_one_model_in_full(space: Space, model: str, lines: list[str]) -> None:
    text = " ".join(space.run_ok("models", model).stdout.split())
    assert [line for line in lines if line not in text] == []


def test_programs_get_the_same(space: Space) -> None:
    models = space.run_ok("models", "--json").json["models"]
    assert {model["id"] for model in models} == set(CATALOG.models)
    (pro,) = space.run_ok("models", "nano-banana-pro", "--json").json["models"]
    assert pro["parameters"][1] == {
        "name": "resolution",
        "wire": "resolution",
        "values": [{"manifest": value, "wire": value} for value in ("1K", "2K", "4K")],
        "least": None,
        "most": None,
        "default": "1K",
        "required": False,
    }
    assert pro["pictures"]["most"] == 8
    assert pro["prices"][-1] == {"usd": 0.12, "per": "picture", "when": {"resolution": "4K"}}
    assert {"aspect_ratio": "21:9", "resolution": "1K", "width": 1584, "height": 672} in pro["sizes"]
    (topaz,) = space.run_ok("models", "topaz/image-upscale", "--json").json["models"]
    assert topaz["prices"][0] == {"usd": 0.05, "per": "picture", "max_edge": 2048}


def test_a_model_that_is_not_there(space: Space) -> None:
    result = space.run("models", "nano-bannana-pro")
    assert result.exit_code == 2
    assert "nothing is known of a model `nano-bannana-pro`" in result.stderr
    assert "did you mean `nano-banana-pro`?" in result.stderr


def test_the_page_is_as_committed() -> None:
    """When it is not: `make docs`."""
    assert (CHECKOUT / "docs" / "reference" / "models.md").read_text() == page_text(CATALOG.models)
