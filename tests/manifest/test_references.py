"""`references` as they are written: what they come to, and every way in which they can be wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assetgen.catalog import Catalog
from assetgen.catalog.models import NANO_BANANA_PRO, introduction
from assetgen.manifest.recipe import Cell, Reference
from assetgen.project import load
from tests.manifest.support import loaded, problems, recipe, said
from tests.support.pictures import png

HEAD = "version: 1\nassets:\n"


def project(folder: Path) -> Path:
    """A project with pictures, things that are none, and a way out of it."""
    root = folder / "project"
    (root / "brand").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "brand/mood board.png").write_bytes(png(4, 4))
    (root / "brand/style.jpg").write_bytes(png(4, 4))
    (root / "brand/pointer.png").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    (root / "brand/empty.png").write_bytes(b"")
    (folder / "secret.png").write_bytes(png(4, 4))
    (root / "leak.png").symlink_to(folder / "secret.png")
    (root / "out").symlink_to(folder)
    (root / "inside.png").symlink_to(root / "brand/style.jpg")
    return root


def test_every_form_of_a_reference(tmp_path: Path) -> None:
    text = """\
  coin: {prompt: A coin}
  banner:
    prompt: x
    references:
      - brand/mood board.png
      - asset:coin
      - {asset: COIN, label: the coin}
      - {path: ./brand//style.jpg, label: " the style "}
      - inside.png
"""
    banner = loaded(project(tmp_path), HEAD + text).recipes[1]
    assert banner.request.references == (
        Reference("file", "brand/mood board.png"),
        Reference("asset", "coin"),
        Reference("asset", "coin", "the coin"),
        Reference("file", "brand/style.jpg", "the style"),
        Reference("file", "inside.png"),
    )


def test_prompts_can_name_them(tmp_path: Path) -> None:
    prompt = "{% for r in references %}{{ r.label }}; {% endfor %}like {{ references[0].label }}"
    text = f'  coin: {{prompt: "{prompt}", references: [brand/style.jpg, {{path: inside.png, label: the glow}}]}}\n'
    assert recipe(project(tmp_path), HEAD + text).request.prompt == "style; the glow; like style"


def test_a_prompt_cannot_name_one_that_is_not_there(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, HEAD + '  coin: {prompt: "{{ references[0].label }}"}\n')
    assert problem.code == "template"


@pytest.mark.parametrize(
    ("references", "message", "hint"),
    [
        (
            "[brand/mod board.png]",
            "3:39 the reference `brand/mod board.png` does not exist",
            "did you mean `brand/mood",
        ),
        ("[brand]", "3:39 the reference `brand` is not a file", "paths of references are relative to the project root"),
        ("[x/y.png]", "3:39 the reference `x/y.png` does not exist", "paths of references are relative"),
        (
            "[../secret.png]",
            "3:39 an entry of `references` in asset `coin`: `../secret.png` leaves the project",
            "only",
        ),
        (
            "[/etc/x.png]",
            "3:39 an entry of `references` in asset `coin`: `/etc/x.png` is absolute",
            "write it relative",
        ),
        (
            "[leak.png]",
            "3:39 an entry of `references` in asset `coin`: `leak.png` leaves the project through a",
            "only f",
        ),
        (
            "[out/secret.png]",
            "3:39 an entry of `references` in asset `coin`: `out/secret.png` leaves the",
            "only files",
        ),
        ("[brand/pointer.png]", "3:39 the reference `brand/pointer.png` is a Git LFS pointer, not a picture", "fetch"),
        ("[brand/empty.png]", "3:39 the reference `brand/empty.png` is empty", "get the file again"),
        ("[app.yaml]", "3:39 the reference `app.yaml` is not a picture that can be used", "PNG, JPEG, WebP"),
        ("[asset:coinn]", "3:39 there is no asset `coinn` to show", "did you mean `coin`?"),
        ("[asset:coin]", "3:39 asset `coin` shows itself", "delete this reference; to vary"),
        ("[{label: x}]", "3:39 an entry of `references` in asset `coin` names no picture", "write a path, a URL"),
        (
            "[{asset: gem, path: inside.png}]",
            "3:39 an entry of `references` in asset `coin` names several pictures: `asset`, `path`",
            "write a path, a URL, `asset:NAME`",
        ),
        ('[{asset: gem, label: "a\\nb"}]', "3:59 `references.label` in asset `coin` must be one line of at", None),
        ("[{asset: gem, lable: x}]", "3:52 unknown key `lable` in an entry of `references` in asset `coin`", "did you"),
        ("[asset:gem#cutuot]", "3:39 `#cutuot` of asset `gem` is nothing", "did you mean `#cutout`?"),
        ("[7]", "3:39 an entry of `references` in asset `coin` must be a path, a URL, `asset:NAME` or a mapping", None),
    ],
)
def test_what_is_wrong(tmp_path: Path, references: str, message: str, hint: str | None) -> None:
    root = project(tmp_path)
    text = f"{HEAD}  coin: {{prompt: A coin, references: {references}}}\n  gem: {{prompt: A gem}}\n"
    (root / "app.yaml").write_text(text)
    found = seen(root)
    assert len(found) == 1, found
    assert found[0][0].startswith(message), found
    assert (found[0][1] or "").startswith(hint or "")


SHEET = "  sheet: {prompt: x, grid: {rows: 1, columns: 2, cells: [gem, star]}}\n"
THEMES = "  hero: {prompt: x, matrix: {theme: [light, dark]}}\n"


def test_a_cell_of_a_sheet(tmp_path: Path) -> None:
    coin = loaded(
        tmp_path, HEAD + SHEET + "  coin: {prompt: x, references: [asset:sheet/STAR, asset:sheet]}\n"
    ).recipes[1]
    star, sheet = coin.request.references
    assert (str(star), star.name, star.cell) == ("asset:sheet/star", "sheet", Cell(1, 2, 1, 2))
    assert (str(sheet), sheet.cell) == ("asset:sheet", None)


@pytest.mark.parametrize(
    ("reference", "message", "hint"),
    [
        ("asset:sheet/gme", "asset `sheet` has no cell `gme` to show", "did you mean `gem`?"),
        ("asset:other/gem", "asset `other` has no cells to show: it is no `grid`", "write `asset:other`"),
        ("asset:other#cutout", "asset `other` has no cutout to show", "write `removeBg: true` there"),
        ("asset:sheet/gem#cutout", "a cell of `sheet` cannot be shown cut out", "show the cell, `asset:sheet/gem`"),
        ("asset:hero", "there is no asset `hero` to show", "it has a `matrix`: name one of its members, hero-light, h"),
    ],
)
def test_what_is_wrong_with_parts(tmp_path: Path, reference: str, message: str, hint: str) -> None:
    text = f"  coin: {{prompt: x, references: [{reference}]}}\n  other: {{prompt: x}}\n"
    [problem] = problems(tmp_path, HEAD + text + SHEET + THEMES)
    assert problem.message == message
    assert (problem.hint or "").startswith(hint)


def test_a_member_of_a_matrix(tmp_path: Path) -> None:
    text = "  coin: {prompt: x, references: [asset:hero-dark]}\n"
    coin = loaded(tmp_path, HEAD + THEMES + text).recipes[-1]
    assert coin.request.references == (Reference("asset", "hero-dark"),)


def seen(root: Path) -> list[tuple[str, str | None]]:
    """What loading the project complains of; files are looked into as a run does."""
    from assetgen.errors import ManifestError

    try:
        load([root / "app.yaml"], environ={}, cwd=root)
    except ManifestError as error:
        return [(said(problem), problem.hint) for problem in error.problems]
    return []


def test_a_circle_is_spelled(tmp_path: Path) -> None:
    text = """\
  a: {prompt: x, references: [asset:b]}
  b: {prompt: x, references: [asset:c]}
  c: {prompt: x, references: [asset:a]}
  d: {prompt: x, references: [asset:a]}
"""
    [problem] = problems(tmp_path, HEAD + text)
    assert (problem.code, problem.hint) == ("cycle", "delete one of these references")
    way = problem.message.removeprefix("assets show one another in a circle: ").split(" -> ")
    assert sorted(way[:-1]) == ["a", "b", "c"]
    assert way[0] == way[-1]
    assert "".join(way[:-1]) in "abcab"


def test_each_circle_is_told(tmp_path: Path) -> None:
    pairs = "".join(
        f"  {x}1: {{prompt: x, references: [asset:{x}2]}}\n  {x}2: {{prompt: x, references: [asset:{x}1]}}\n"
        for x in "abc"
    )
    assert len(problems(tmp_path, HEAD + pairs)) == 3


def test_a_long_chain_is_no_circle(tmp_path: Path) -> None:
    names = range(2_000)
    chain = "".join(f"  a{n}: {{prompt: x, references: [asset:a{n - 1}]}}\n" for n in names if n)
    assert not problems(tmp_path, HEAD + "  a0: {prompt: x}\n" + chain)


def test_a_model_that_takes_none(tmp_path: Path) -> None:
    catalog = Catalog(models={"nano-banana-pro": replace(NANO_BANANA_PRO, pictures=None)})
    coin = "  coin: {prompt: x, references: [asset:gem]}\n  gem: {prompt: x}\n"
    [problem] = problems(tmp_path, HEAD + coin, catalog)
    assert said(problem) == "3:33 `references` in asset `coin` does not apply to the model `nano-banana-pro`"
    by_default = "version: 1\ndefaults: {references: [x.png]}\nassets:\n  gem: {prompt: x}\n"
    assert recipe(tmp_path, by_default, catalog).request.references == ()


def test_a_model_that_takes_fewer(tmp_path: Path) -> None:
    assert NANO_BANANA_PRO.pictures is not None
    one = replace(NANO_BANANA_PRO, pictures=replace(NANO_BANANA_PRO.pictures, most=1))
    text = "  coin: {prompt: x, references: [asset:a, asset:b]}\n  a: {prompt: x}\n  b: {prompt: x}\n"
    [problem] = problems(tmp_path, HEAD + text, Catalog(models={"nano-banana-pro": one}))
    assert problem.message == "`references` in asset `coin` shows 2 pictures: the model `nano-banana-pro` takes 1"
    assert problem.hint == "leave out 1 of them"


def test_the_input_of_the_model_is_not_written_by_hand(tmp_path: Path) -> None:
    text = "  coin: {prompt: x, references: [asset:gem], input: {image_input: [https://x.y/z]}}\n  gem: {prompt: x}\n"
    [problem] = problems(tmp_path, HEAD + text)
    assert problem.message == "`input.image_input` in asset `coin` is not passed on: it is what `references` says"


def test_what_goes_before_the_prompt_counts_for_its_length(tmp_path: Path) -> None:
    text = "  coin: {{prompt: {}, references: [{{asset: gem, label: the gem}}]}}\n  gem: {{prompt: x}}\n"
    room = (NANO_BANANA_PRO.prompt_limit or 0) - len(introduction(["the gem"]))
    assert not problems(tmp_path, HEAD + text.format("x" * room))
    [problem] = problems(tmp_path, HEAD + text.format("x" * (room + 1)))
    assert problem.code == "prompt-too-long"


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([], ""),
        (["", ""], ""),
        (["the coin"], "Image 1 (the coin): "),
        (["the coin", "", "the style"], "Image 1 (the coin), Image 3 (the style): "),
    ],
)
def test_how_pictures_are_introduced(labels: list[str], words: str) -> None:
    assert introduction(labels) == words


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.com/a.png", "begins with `ftp:`, which is not fetched"),
        ("https://", "is no web address"),
        ("https://exa mple.com/a.png", "is no web address"),
        ("https://example.com:99999/a.png", "is no web address"),
        ("https://me:word@example.com/a.png", "holds a user name or a password"),
        ("https://example.com/" + "a" * 2_000, "has more than 2000 characters"),
    ],
)
def test_addresses_that_are_not_fetched(tmp_path: Path, url: str, words: str) -> None:
    [problem] = problems(tmp_path, HEAD + f'  coin: {{prompt: x, references: ["{url}"]}}\n')
    assert (problem.code, problem.message) == ("url", f"an entry of `references` in asset `coin` {words}")


def test_an_address_is_taken_as_it_is(tmp_path: Path) -> None:
    url = "https://example.com/brand%20kit/The%20Glow.png?v=2"
    text = f'  coin: {{prompt: "{{{{ references[0].label }}}}", references: ["{url}"]}}\n'
    coin = recipe(tmp_path, HEAD + text)
    assert coin.request.references == (Reference("url", url),)
    assert coin.request.prompt == "The Glow"
    assert coin.request.references[0].source.startswith("url:")


def test_a_file_that_an_asset_makes_is_shown_as_that_asset(tmp_path: Path) -> None:
    text = "  gem: {prompt: A gem, output: brand, filename: style.jpg, formats: [jpg]}\n"
    text += "  coin: {prompt: A coin, references: [brand/style.jpg]}\n"
    [problem] = problems(project(tmp_path), HEAD + text)
    assert problem.message == "the reference `brand/style.jpg` of `coin` is an output of asset `gem`"
    assert (problem.place and problem.place.line, problem.hint) == (4, "write `asset:gem`")
