"""Files that templates include: what they may be, what they know, and where their mistakes are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assetgen.catalog import CATALOG
from assetgen.errors import ManifestError
from assetgen.manifest.load import load
from assetgen.manifest.recipe import LoadedManifest

TOP = 'templates: prompts\nbrand: {name: Acme, colors: {primary: "#EC4899"}}\nvars: {file: style.txt}\n'


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def loaded(folder: Path, *prompts: str, top: str = TOP, files: dict[str, str | bytes] | None = None) -> LoadedManifest:
    """A manifest with an asset for each prompt, beside these files."""
    (folder / "prompts").mkdir(exist_ok=True)
    write(folder, files or {})
    assets = "".join(f"  a{number}:\n    prompt: |\n      {text}\n" for number, text in enumerate(prompts))
    write(folder, {"app.yaml": f"{top}assets:\n{assets}"})
    (manifest,) = load([Path("app.yaml")], CATALOG, folder)
    return manifest


def rendered(folder: Path, prompt: str, **files: str | bytes) -> str:
    named = {f"prompts/{name}.txt": content for name, content in files.items()}
    return loaded(folder, prompt, files=named).recipes[0].request.prompt


def wrong(folder: Path, *prompts: str, **others: object) -> list[str]:
    with pytest.raises(ManifestError) as caught:
        loaded(folder, *prompts, **others)  # type: ignore[arg-type]
    return [f"{problem.place} {problem.message} | {problem.hint}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("A coin, {% include 'style.txt' %}, alone", "A coin, in #EC4899 by Acme, alone"),
        ("{% include vars.file %}.", "in #EC4899 by Acme."),
        ("{% include ['no.txt', 'style.txt'] %}.", "in #EC4899 by Acme."),
        ("A{% include 'no.txt' ignore missing %}", "A"),
        ("{% import 'macros.txt' as m %}{{ m.on('white') }}", "on white for a0"),
        ("{% from 'macros.txt' import on %}{{ on('red') }}", "on red for a0"),
        ("{% from 'macros.txt' import on without context %}{{ on('red') }}", "on red for a0"),
        ("{% include 'deep/both.txt' %}", "in #EC4899 by Acme on blue for a0"),
        ("{% set who = 'me' %}{% include 'local.txt' %}", "by me"),
    ],
)
def test_what_a_prompt_may_include(tmp_path: Path, prompt: str, text: str) -> None:
    files: dict[str, str | bytes] = {
        "prompts/style.txt": "\ufeffin {{ brand.colors.primary }} by\r\n{{ brand.name }}\r\n",
        "prompts/macros.txt": "{% macro on(what) %}on {{ what }} for {{ asset.name }}{% endmacro %}\n",
        "prompts/deep/both.txt": "{% import 'macros.txt' as m %}{% include 'style.txt' %} {{ m.on('blue') }}",
        "prompts/local.txt": "by {{ who }}",
    }
    made = loaded(tmp_path, prompt, files=files).recipes[0]
    assert " ".join(made.request.prompt.split()) == text


def test_other_fields_may_include_too(tmp_path: Path) -> None:
    write(tmp_path, {"prompts/no.txt": "text", "prompts/name.txt": "{{ name }}-x"})
    write(
        tmp_path,
        {
            "app.yaml": "templates: prompts\nassets: {coin: {prompt: A coin., exclude: [\"{% include 'no.txt' %}\"], "
            "filename: \"{% include 'name.txt' %}.png\", description: \"{% include 'no.txt' %}\"}}"
        },
    )
    (coin,) = load([Path("app.yaml")], CATALOG, tmp_path)[0].recipes
    assert (coin.request.prompt, coin.description) == ("A coin. No text.", "text")
    assert coin.outputs[0].path == "output/app/coin-x.png"


def test_every_file_that_counts_is_a_source(tmp_path: Path) -> None:
    """Also those that are not there: a file that comes first would be taken instead."""
    library: dict[str, str | bytes] = {
        "lib/brand.yaml": "templates: words\n",
        "lib/words/a.txt": "lib",
        "lib/words/b.txt": "lib",
        "prompts/b.txt": "own",
    }
    top = "extends: lib/brand.yaml\ntemplates: prompts\n"
    prompt = "{% include 'a.txt' %} {% include 'b.txt' %}{% include 'c.txt' ignore missing %}"
    manifest = loaded(tmp_path, prompt, top=top, files=library)
    assert manifest.recipes[0].request.prompt == "lib own"
    assert [path.relative_to(tmp_path).as_posix() for path in manifest.sources] == [
        "app.yaml",
        "lib/brand.yaml",
        "prompts/a.txt",
        "lib/words/a.txt",
        "prompts/b.txt",
        "prompts/c.txt",
        "lib/words/c.txt",
    ]


BAD = {
    "name": ("one\n  two {{ brand.colour }}\n", "prompts/x.txt:2:16 `brand` has no `colour` | did you mean `colors`?"),
    "scope": ("{{ brnd.name }}", "prompts/x.txt:1:4 `brnd` is not defined | did you mean `brand`?"),
    "syntax": ("a\n{{ brand.name", "prompts/x.txt:2:4 `{{` is never closed | write `}}` behind it"),
    "filter": ("\n\n{{ 1 | shuffle }}", "prompts/x.txt:3:8 there is no filter `shuffle` | None"),
    "braces": ("a\n${brand.name}", "prompts/x.txt:2:3 `${brand.name}` is no template and would stay as it stands"),
    "inner": ("{% include 'no.txt' %}", "prompts/x.txt:1:13 there is no file `no.txt` in prompts | did you mean"),
    "extends": ("\n{% extends 'a' %}", "prompts/x.txt:2:4 `{% extends %}` cannot be used here | write `{% include %}`"),
    "itself": (
        "{% include 'x.txt' %}",
        "prompts/x.txt:1:1 it calls itself without end, or is nested too deeply | None",
    ),
    "endless": ("{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}", "it does too much"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_mistake_is_told_once_and_where_it_is(tmp_path: Path, text: str, message: str) -> None:
    (said,) = wrong(tmp_path, "{% include 'x.txt' %}", "{% include 'x.txt' %}", files={"prompts/x.txt": text})
    assert message in said
    assert said.startswith("prompts/x.txt:")


def test_a_mistake_in_a_macro_is_where_the_macro_is(tmp_path: Path) -> None:
    macros = "{% macro on(what) %}\n{{ what.colour }}\n{% endmacro %}"
    (said,) = wrong(tmp_path, "{% import 'm.txt' as m %}{{ m.on(brand) }}", files={"prompts/m.txt": macros})
    assert said == "prompts/m.txt:2:9 `brand` has no `colour` | did you mean `colors`?"


def test_a_mistake_shows_the_line_of_the_included_file(tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as caught:
        loaded(tmp_path, "{% include 'x.txt' %}", files={"prompts/x.txt": "one\n{{ nothing }}\n"})
    assert [problem.excerpt for problem in caught.value.problems] == ["{{ nothing }}"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("stile.txt", "there is no file `stile.txt` in prompts | did you mean `style.txt`?"),
        ("sub", "there is no file `sub` in prompts | "),
        ("../secret.txt", "`../secret.txt` leaves the folder of templates | "),
        ("sub/../../secret.txt", "`sub/../../secret.txt` leaves the folder of templates | "),
        ("/etc/passwd", "`/etc/passwd` is no relative path | write it relative to the folder of templates"),
        ("link.txt", "`link.txt` leaves the folder of templates through a symbolic link | copy the file"),
        ("away/secret.txt", "`away/secret.txt` leaves the folder of templates through a symbolic link | "),
        ("dangling.txt", "`dangling.txt` cannot be read: "),
        ("latin.txt", "`latin.txt` is not UTF-8 | save it as UTF-8"),
        ("long.txt", "`long.txt` is longer than 100,000 characters | None"),
        ("longer.txt", "`longer.txt` is longer than 100,000 characters | None"),
        ("pipe", "`pipe` is not a regular file | None"),
    ],
)
def test_a_file_that_cannot_be_included(tmp_path: Path, name: str, message: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    write(root, {"prompts/style.txt": "x", "prompts/sub/a.txt": "x", "prompts/latin.txt": b"\xe9"})
    write(root, {"prompts/long.txt": "x" * 100_001, "prompts/longer.txt": "x" * 400_001})
    (root / "prompts/link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "prompts/away").symlink_to(tmp_path)
    (root / "prompts/dangling.txt").symlink_to("nowhere")
    os.mkfifo(root / "prompts/pipe")
    (said,) = wrong(root, f"Now {{% include '{name}' %}}")
    assert message in said
    assert said.startswith("app.yaml:7:")


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("nothing", "`templates`: `nothing` does not exist | name a folder, relative to the file that this stands in"),
        ("app.yaml", "`templates`: `app.yaml` is no folder | name a folder, relative to the file that this stands in"),
        ("/etc", "`templates`: `/etc` is no relative path | write it relative to the file that it stands in"),
        ("..", "`templates`: `..` lies outside the project | move the folder into the project"),
        ("away", "`templates`: `away` lies outside the project | move the folder into the project"),
    ],
)
def test_a_folder_that_cannot_be_read_from(tmp_path: Path, folder: str, message: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "away").symlink_to(tmp_path)
    assert f"app.yaml:1:12 {message}" in wrong(root, "A coin.", top=f"templates: {folder}\n")


def test_a_folder_may_lie_anywhere_in_the_project(tmp_path: Path) -> None:
    write(tmp_path, {"words/a.txt": "hello", ".git/HEAD": ""})
    app = "templates: ../words\nassets: {coin: {prompt: \"{% include 'a.txt' %}\"}}\n"
    write(tmp_path, {"manifests/app.yaml": app})
    (manifest,) = load([Path("manifests/app.yaml")], CATALOG, tmp_path)
    assert manifest.recipes[0].request.prompt == "hello"


def test_large_files_are_paid_for_like_text(tmp_path: Path) -> None:
    """Ten thousand times a hundred thousand characters would fill the memory."""
    prompt = "{% for a in range(100) %}{% for b in range(100) %}{% include 'x.txt' %}{% endfor %}{% endfor %}"
    (said,) = wrong(tmp_path, prompt, files={"prompts/x.txt": "x" * 100_000})
    assert "it does too much" in said
