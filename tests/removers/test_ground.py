"""The plain background: fitted where it is plain, refused where it is not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from assetgen.removers.base import RemovalError
from assetgen.removers.keying.checkered import refuse_checkered
from assetgen.removers.keying.field import framed
from assetgen.removers.keying.ground import Ground, from_all, from_border

EDGE = 160

Picture = npt.NDArray[np.float64]


def places(edge: int = EDGE) -> tuple[Picture, Picture]:
    """Column and row of each pixel, from -1 to 1."""
    down, right = np.mgrid[0:edge, 0:edge] / (edge - 1) * 2 - 1
    return right, down


def colored(levels: Picture, color: tuple[float, float, float] = (1, 1, 1)) -> npt.NDArray[np.uint8]:
    return np.asarray(np.rint(np.clip(levels[..., None] * np.array(color), 0, 255)), np.uint8)


def grain(spread: float, seed: int = 1) -> Picture:
    return np.asarray(np.random.default_rng(seed).normal(0, spread, (EDGE, EDGE)))


def off(ground: Ground, picture: npt.NDArray[np.uint8]) -> float:
    """How far the fit is from the picture at most, in levels."""
    return float(np.abs(ground.rows(0, EDGE) - picture).max())


RIGHT, DOWN = places()


@pytest.mark.parametrize(
    "levels",
    [
        np.full((EDGE, EDGE), 255.0),
        np.full((EDGE, EDGE), 0.0),
        200 + 20 * RIGHT - 10 * DOWN,
        240 - 15 * (RIGHT**2 + DOWN**2),
        128 + 12 * RIGHT * DOWN,
    ],
    ids=["white", "black", "slope", "vignette", "saddle"],
)
def test_slowly_changing_backgrounds_are_met_to_a_level(levels: Picture) -> None:
    picture = colored(levels)
    ground = from_border(framed(picture))
    assert off(ground, picture) <= 1
    assert ground.tolerance == 4


def test_a_flat_background_is_met_exactly_and_so_is_any_part_of_it() -> None:
    picture = colored(np.full((EDGE, EDGE), 255.0), (236 / 255, 72 / 255, 153 / 255))
    ground = from_border(framed(picture))
    assert off(ground, picture) == 0
    column, row = np.arange(EDGE), np.arange(EDGE)[::-1]
    assert np.array_equal(ground.at(column, row), ground.rows(0, EDGE)[row, column])


def test_a_subject_that_runs_off_the_picture_does_not_count() -> None:
    picture = colored(np.full((EDGE, EDGE), 250.0))
    picture[100:, 40:130] = (30, 60, 90)
    ground = from_border(framed(picture))
    assert np.array_equal(ground.rows(0, EDGE)[0, 0], (250, 250, 250))


def test_tolerance_grows_with_the_noise() -> None:
    found = [from_border(framed(colored(220 + grain(spread)))).tolerance for spread in (0.5, 2, 4, 10)]
    assert found[0] == 4
    assert 4 < found[1] < found[2] <= found[3] == 16


def test_the_fit_gets_better_with_all_of_the_background() -> None:
    levels = 230 + 8 * np.sin(RIGHT * 1.5)
    field = framed(colored(levels))
    ground = from_border(field)
    better = from_all(field, ground, field.mask())
    assert off(better, colored(levels)) <= off(ground, colored(levels))


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (np.where(RIGHT < 0, 255.0, 60.0), "of the picture's border"),
        (np.where(DOWN < 0.1, 230.0, 90 + grain(20)), "of the picture's border"),
        (128 + grain(60), "of the picture's border"),
        (128 + 120 * RIGHT, "its colour changes too much"),
    ],
    ids=["two halves", "sky and grass", "noise", "black to white"],
)
def test_what_is_not_plain_is_refused(levels: Picture, words: str) -> None:
    with pytest.raises(RemovalError, match=r"^the background is not plain: ") as caught:
        from_border(framed(colored(levels)))
    assert words in caught.value.message
    assert "plain white background" in (caught.value.hint or "")


def board(tile: int, dark: float, bright: float, shift: int = 0) -> Picture:
    row, column = np.mgrid[0:EDGE, 0:EDGE]
    return np.where(((row + shift) // tile + (column + shift) // tile) % 2, dark, bright)


@pytest.mark.parametrize("tile", [4, 7, 10, 16])
@pytest.mark.parametrize("tones", [(204, 255), (238, 255), (102, 153), (40, 60), (243, 250)])
def test_a_painted_checkerboard_is_refused_by_name(tile: int, tones: tuple[float, float]) -> None:
    picture = colored(board(tile, *tones, shift=3) + grain(0.7))
    picture[50:110, 50:110] = (200, 30, 90)
    with pytest.raises(RemovalError, match=r"^the background is a painted checkerboard") as caught:
        refuse_checkered(framed(picture))
    assert "do not ask for transparency" in (caught.value.hint or "")


def test_a_crooked_board_is_one_too() -> None:
    sides = np.random.default_rng(2).normal(9, 1.5, 60).cumsum()
    at = np.searchsorted(sides, np.arange(EDGE))
    levels = np.where((at[:, None] + at[None, :]) % 2, 210.0, 250.0)
    blurred = (levels + np.roll(levels, 1, 0) + np.roll(levels, 1, 1) + np.roll(levels, -1, 0)) / 4
    with pytest.raises(RemovalError, match="checkerboard"):
        refuse_checkered(framed(colored(blurred + grain(1.5))))


@pytest.mark.parametrize(
    "levels",
    [
        np.full((EDGE, EDGE), 255.0),
        128 + grain(30),
        np.where(RIGHT < 0, 255.0, 200.0),
        np.where((places()[0] * 10).astype(int) % 2, 200.0, 255.0),
        200 + 40 * np.sin(RIGHT * 9) * np.sin(DOWN * 2),
    ],
    ids=["plain", "noise", "halves", "stripes", "waves"],
)
def test_other_patterns_are_no_board(levels: Picture) -> None:
    refuse_checkered(framed(colored(levels)))


def test_coloured_tiles_are_no_board() -> None:
    """A floor of red and white tiles may be what somebody wants cut out of; it is refused for not being plain."""
    picture = colored(board(10, 255, 255))
    picture[board(10, 0, 1) > 0] = (220, 20, 60)
    refuse_checkered(framed(picture))
    with pytest.raises(RemovalError, match="not plain"):
        from_border(framed(picture))
