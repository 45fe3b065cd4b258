"""Hue at half the resolution: the blur that it has, and the subject's hue given back."""

from __future__ import annotations

import numpy as np
from PIL import Image

from assetgen.removers.keying.field import floats, framed, light_of
from assetgen.removers.keying.hue import blurred, restored
from assetgen.removers.keying.matte import cut_out
from tests.removers import truth
from tests.removers.truth import GREY, SUBJECTS, TEAL, USUAL_JPEG, WHITE


def test_opacity_around_a_straight_edge() -> None:
    picture = framed(np.zeros((9, 12, 3), np.uint8))
    cover = np.zeros((9, 12), np.uint8)
    cover[:, 6:] = 255
    flat = np.zeros(picture.size, np.uint8)
    picture.inner(flat)[:] = cover
    row = picture.mask().nonzero()[0].reshape(9, 12)[4]
    assert blurred(picture, flat, row)[3:9].tolist() == [0, 1 / 16, 5 / 16, 11 / 16, 15 / 16, 1]


def test_a_hue_that_is_mixed_with_the_backdrops_is_given_back() -> None:
    pure, back = floats([TEAL]), floats([WHITE])
    mixed = 0.4 * pure + 0.6 * back
    made = restored(pure, floats(mixed), pure, back, floats([0.4]))
    assert np.abs(made - pure).max() < 0.1


def test_lightness_stays_what_it_was() -> None:
    color, back = floats([(90, 120, 110)]), floats([GREY])
    made = restored(color, color, color, back, floats([0.8]))
    assert np.abs(light_of(made) - light_of(color)).max() < 0.01


def test_colour_that_was_spread_does_not_spread_opacity() -> None:
    subject = SUBJECTS["hole"](512, WHITE)
    made = Image.fromarray(cut_out(np.asarray(truth.composed(subject, WHITE, USUAL_JPEG)), holes=True))
    found = truth.scores(made, subject)
    assert found.halo["black"] <= 32
    assert found.color <= 5
