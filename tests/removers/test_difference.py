"""Two pictures solved for one cutout, against ground truth; and pairs that must not be solved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from assetgen.removers.base import Cut, RemovalError, SpoiledError
from assetgen.removers.difference import Solving, cut_pair, other_ground
from assetgen.removers.pairs import Pair, disagreement, ground_in, solved
from tests.removers import truth
from tests.removers.truth import BLACK, BRAND, CLEAN, FINE_JPEG, GREY, SUBJECTS, USUAL_JPEG, WHITE, Color, Noise

EDGE = 256
OTHER = {"white": WHITE, "black": BLACK}


class Bench:
    """A folder with the two pictures and what is made of them."""

    def __init__(self, folder: Path) -> None:
        self.solving = Solving(folder / "first.png", folder / "second.png", folder / "cutout.png")

    def shows(self, first: Image.Image, second: Image.Image) -> None:
        first.save(self.solving.first)
        second.save(self.solving.second)

    def pair(self, name: str, ground: Color, noise: Noise = CLEAN) -> Image.Image:
        """Both pictures of a subject, which is returned."""
        subject = SUBJECTS[name](EDGE, ground)
        truth.composed(subject, ground, noise).save(self.solving.first)
        other = OTHER[other_ground(self.solving.first)]
        truth.composed(subject, other, noise).save(self.solving.second)
        return subject

    def cut(self) -> tuple[Cut, Image.Image]:
        cut = cut_pair(self.solving)
        with Image.open(self.solving.target) as made:
            made.load()
            return cut, made


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("ground", [WHITE, GREY, BRAND], ids=["white", "grey", "brand"])
@pytest.mark.parametrize("name", SUBJECTS)
def test_lossless_pairs_are_solved_exactly(bench: Bench, name: str, ground: Color) -> None:
    subject = bench.pair(name, ground)
    found = truth.scores(bench.cut()[1], subject)
    assert found.alpha <= 0.0005
    assert found.worst_alpha <= 1.01 / 255
    assert found.halo["black"] <= 1


@pytest.mark.parametrize(("noise", "alpha"), [(FINE_JPEG, 0.005), (USUAL_JPEG, 0.012)], ids=str)
@pytest.mark.parametrize("name", ["glass", "hair", "shadow"])
def test_jpeg_costs_little(bench: Bench, name: str, noise: Noise, alpha: float) -> None:
    subject = bench.pair(name, WHITE, noise)
    assert truth.scores(bench.cut()[1], subject).alpha <= alpha


def test_nothing_is_left_of_a_ground_that_a_jpeg_roughened(bench: Bench) -> None:
    dice = np.random.default_rng(7)
    subject = SUBJECTS["hard edge"](EDGE, WHITE)
    rough = [
        Image.fromarray(
            np.clip(np.asarray(truth.composed(subject, g)) + dice.integers(-2, 3, (EDGE, EDGE, 3)), 0, 255).astype(
                np.uint8
            )
        )
        for g in (GREY, BLACK)
    ]
    bench.shows(*rough)
    clear = truth.alpha_of(bench.cut()[1])[truth.alpha_of(subject) == 0]
    assert float((clear > 0).mean()) <= 0.02
    assert float(clear.max()) <= 4 / 255


@given(
    grounds=st.tuples(st.sampled_from([WHITE, GREY, BRAND, (16, 24, 40)]), st.sampled_from([WHITE, BLACK])),
    colors=st.lists(st.tuples(*[st.integers(0, 255)] * 3, st.integers(0, 215) | st.just(255)), min_size=4, max_size=4),
)
def test_any_colours_at_any_opacity_come_back(grounds: tuple[Color, Color], colors: list[tuple[int, ...]]) -> None:
    assume(max(abs(one - other) for one, other in zip(*grounds, strict=True)) >= 96)
    subject = Image.new("RGBA", (64, 64))
    for number, color in enumerate(colors):
        subject.paste(color, (12 + number * 10, 16, 22 + number * 10, 48))
    one, other = (np.asarray(truth.composed(subject, ground)) for ground in grounds)
    pair = Pair(one, other, (ground_in(one), ground_in(other)))
    assert disagreement(pair) == 0
    made = Image.fromarray(solved(pair))
    apart = max(abs(a - b) for a, b in zip(*grounds, strict=True))
    assert float(np.abs(truth.alpha_of(made) - truth.alpha_of(subject)).max()) <= 1.6 / apart
    for ground in grounds:
        assert float(np.abs(truth.on(made, ground) - truth.on(subject, ground)).max()) <= 2.6


@pytest.mark.parametrize("tone", [0.92, 0.96, 1.04])
def test_what_a_model_repeats_in_another_tone_stays_opaque(bench: Bench, tone: float) -> None:
    subject = SUBJECTS["shadow"](EDGE, WHITE)
    second = np.asarray(truth.composed(subject, BLACK), np.float64) * tone
    bench.shows(truth.composed(subject, WHITE), Image.fromarray(np.clip(second, 0, 255).astype(np.uint8)))
    made, wanted = bench.cut()[1], truth.alpha_of(subject)
    assert float(truth.alpha_of(made)[wanted == 1].min()) == 1
    assert float(np.abs(truth.alpha_of(made) - wanted).mean()) <= 0.004


def test_a_second_picture_that_lies_a_little_aside_is_moved_back(bench: Bench) -> None:
    subject = SUBJECTS["hair"](EDGE, WHITE)
    aside = Image.new("RGBA", subject.size)
    aside.paste(subject, (3, -5))
    bench.shows(truth.composed(subject, WHITE), truth.composed(aside, BLACK))
    cut, made = bench.cut()
    assert cut.note == "the second picture was moved by -3, 5 pixels to fit the first"
    assert truth.scores(made, subject).alpha <= 0.0005


def test_a_second_picture_of_another_size_is_scaled(bench: Bench) -> None:
    subject = SUBJECTS["soft edge"](EDGE, WHITE)
    larger = truth.composed(SUBJECTS["soft edge"](2 * EDGE, WHITE), BLACK)
    bench.shows(truth.composed(subject, WHITE), larger)
    cut, made = bench.cut()
    assert cut.note == "the second picture came with 512x512 pixels and was scaled"
    assert (made.size, truth.scores(made, subject).alpha <= 0.005) == ((EDGE, EDGE), True)


def _shown(name: str, ground: Color, edge: int = EDGE) -> Image.Image:
    return truth.composed(SUBJECTS[name](edge, WHITE), ground)


NO_PAIRS = {
    "another subject": (_shown("hole", BLACK), "shows another subject ("),
    "the other way round": (_shown("hard edge", BLACK).transpose(Image.Transpose.FLIP_LEFT_RIGHT), "another subject"),
    "the same ground": (_shown("hard edge", WHITE), "nearly the same ground"),
    "another shape": (_shown("hard edge", BLACK).crop((0, 0, EDGE, 200)), "has 256x200 pixels, the first 256x256"),
    "far too small": (_shown("hard edge", BLACK, 64), "has 64x64 pixels, the first 256x256"),
    "no plain ground": (
        Image.effect_noise((EDGE, EDGE), 100).convert("RGB"),
        "the ground of the second picture is not",
    ),
}


@pytest.mark.parametrize("why", NO_PAIRS)
def test_what_is_no_pair_is_refused(bench: Bench, why: str) -> None:
    second, said = NO_PAIRS[why]
    bench.shows(_shown("hard edge", WHITE), second)
    with pytest.raises(SpoiledError, match=said.replace("(", r"\(")):
        bench.cut()
    assert not bench.solving.target.exists()


def test_nothing_is_no_subject(bench: Bench) -> None:
    bench.shows(Image.new("RGB", (EDGE, EDGE), WHITE), Image.new("RGB", (EDGE, EDGE), BLACK))
    with pytest.raises(SpoiledError, match="nothing is left"):
        bench.cut()


def test_a_first_picture_without_a_ground_is_refused_before_a_second_is_asked_for(bench: Bench) -> None:
    Image.effect_noise((EDGE, EDGE), 100).convert("RGB").save(bench.solving.first)
    with pytest.raises(RemovalError, match="the background is not plain"):
        other_ground(bench.solving.first)
    SUBJECTS["glass"](EDGE, WHITE).save(bench.solving.first)
    with pytest.raises(RemovalError, match="transparent already"):
        other_ground(bench.solving.first)
