"""`matrix`: the assets that it makes, their names, and what it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifest.support import loaded, problems, said

HERO = """\
assets:
  hero:
    matrix: {theme: [light, dark], size: [2, 1]}
    prompt: Hero {{ matrix.theme }} {{ matrix.size + 1 }} {{ asset.name }}
    description: For the {{ matrix.theme }} theme
"""


def test_there_is_an_asset_for_each_combination_in_the_written_order(tmp_path: Path) -> None:
    recipes = loaded(tmp_path, HERO).recipes
    assert [(recipe.name, recipe.request.prompt) for recipe in recipes] == [
        ("hero-light-2", "Hero light 3 hero-light-2"),
        ("hero-light-1", "Hero light 2 hero-light-1"),
        ("hero-dark-2", "Hero dark 3 hero-dark-2"),
        ("hero-dark-1", "Hero dark 2 hero-dark-1"),
    ]
    assert [recipe.description for recipe in recipes[1:3]] == ["For the light theme", "For the dark theme"]
    assert recipes[0].outputs[0].path == "output/app/hero-light-2.png"
    assert {recipe.place.line for recipe in recipes} == {2}


def test_its_name_means_all_of_them(tmp_path: Path) -> None:
    light, *_ = loaded(tmp_path, HERO).recipes
    assert [light.answers_to(pattern) for pattern in ("hero", "her?", "hero-light-*", "hero-light-2")] == [True] * 4
    assert not light.answers_to("hero-dark-2")


def test_an_earlier_name_is_that_of_the_whole(tmp_path: Path) -> None:
    recipes = loaded(tmp_path, HERO + "    moved_from: banner\n").recipes
    assert [recipe.moved_from for recipe in recipes][:2] == ["banner-light-2", "banner-light-1"]


def test_file_names_may_hold_the_values(tmp_path: Path) -> None:
    filename = "    filename: '{{ matrix.theme }}/hero@{{ matrix.size }}.{{ ext }}'\n"
    paths = [spec.path for recipe in loaded(tmp_path, HERO + filename).recipes for spec in recipe.outputs]
    assert paths[0] == "output/app/light/hero@2.png"
    assert len(set(paths)) == 4


def test_an_empty_matrix_is_none(tmp_path: Path) -> None:
    (only,) = loaded(tmp_path, "assets: {coin: {prompt: A coin, matrix: {}}}\n").recipes
    assert (only.name, only.member_of) == ("coin", None)


def test_a_mistake_in_the_prompt_is_told_once(tmp_path: Path) -> None:
    text = HERO.replace("matrix.size + 1", "matrix.siz")
    assert [said(problem) for problem in problems(tmp_path, text)] == [
        "4:47 `prompt` in asset `hero`: `matrix` has no `siz`"
    ]


@pytest.mark.parametrize(
    ("assets", "messages"),
    [
        (
            "a: {prompt: x, matrix: {t: [light, Light]}}",
            ["1:45 `Light` stands twice in `matrix.t` in asset `a`"],
        ),
        ("a: {prompt: x, matrix: {n: [1, '1']}}", ["1:41 `1` stands twice in `matrix.n` in asset `a`"]),
        (
            "a: {prompt: x, matrix: {n: [1, 2]}}, a-2: {prompt: y}",
            ["1:33 `a-2` is the name of a member of `a` (n: 2), and of an asset"],
        ),
        (
            "a-2: {prompt: y}, A: {prompt: x, matrix: {n: [1, 2]}}",
            ["1:51 `A-2` is the name of a member of `A` (n: 2), and of an asset"],
        ),
        (
            "a: {prompt: x, matrix: {n: [b-c]}}, a-b: {prompt: x, matrix: {n: [c]}}",
            ["1:71 `a-b-c` is the name of a member of `a-b` (n: c), and of a member of `a` (n: b-c)"],
        ),
        (
            "a: {prompt: '{{ matrix.n }}', matrix: {n: [1, 2.5, -a, 'a b']}}",
            [
                "1:56 an entry of `matrix.n` in asset `a` must be a whole number, not `2.5`",
                "1:61 `-a` cannot be a name (an entry of `matrix.n` in asset `a`)",
                "1:65 `a b` cannot be a name (an entry of `matrix.n` in asset `a`)",
            ],
        ),
        ("a: {prompt: x, matrix: {n: []}}", ["1:37 `matrix.n` in asset `a` must be a list of at least 1, not of 0"]),
        (
            f"a: {{prompt: x, matrix: {{n: {list(range(40))}, m: {list(range(40))}}}}}",
            ["1:33 the matrix of asset `a` makes 1,600 assets; 1,000 are the most"],
        ),
        (
            "a: {prompt: x, matrix: {n: [1, 2]}, filename: a.png}",
            ["1:56 an output of asset `a-2` and an output of asset `a-1` are one file: `output/app/a.png`"],
        ),
        (
            "a: {prompt: x, matrix: {n: [1]}, moved_from: b}, b: {prompt: x, matrix: {n: [1]}}",
            ["1:55 asset `a-1` is moved from `b-1`, which is still an asset"],
        ),
    ],
)
def test_what_a_matrix_cannot_be(tmp_path: Path, assets: str, messages: list[str]) -> None:
    assert [said(problem) for problem in problems(tmp_path, f"assets: {{{assets}}}\n")] == messages
