"""Where a project begins, and which paths are safe."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.manifest.naming import fold, is_name, suffix_of
from assetgen.manifest.paths import Boundary, UnsafePathError, joined, project_root, safe_path, shown_path


@pytest.mark.parametrize("marker", [".git", ".assetgen"])
def test_the_root_is_the_nearest_folder_with_a_marker(tmp_path: Path, marker: str) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "a" / marker).mkdir()
    assert project_root(tmp_path / "a" / "b" / "c" / "app.yaml", tmp_path) == tmp_path / "a"
    assert project_root(Path("a/app.yaml"), tmp_path) == tmp_path / "a"
    assert project_root(Path("app.yaml"), tmp_path) == tmp_path


def test_the_git_of_a_worktree_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    assert project_root(Path("app.yaml"), tmp_path / "a") == tmp_path


def test_without_a_marker_the_root_is_the_current_folder_if_that_is_above(tmp_path: Path) -> None:
    manifest = tmp_path / "a" / "manifests" / "app.yaml"
    assert project_root(manifest, tmp_path / "a") == tmp_path / "a"
    assert project_root(manifest, tmp_path / "b") == tmp_path / "a" / "manifests"
    assert project_root(Path("../a/manifests/app.yaml"), tmp_path / "b") == tmp_path / "a" / "manifests"


def test_files_are_shown_from_the_current_folder(tmp_path: Path) -> None:
    assert shown_path(Path("./manifests/../app.yaml"), tmp_path) == "app.yaml"
    assert shown_path(tmp_path / "x" / "app.yaml", tmp_path) == "x/app.yaml"
    assert shown_path(Path("../app.yaml"), tmp_path / "x") == f"{tmp_path}/app.yaml"


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("a", "a"),
        ("a/b/", "a/b"),
        ("./a//b/./c", "a/b/c"),
        ("a/../b", "b"),
        (".", "."),
        ("ä b/@2x", "ä b/@2x"),
        ("..a", "..a"),
    ],
)
def test_safe_paths(written: str, safe: str) -> None:
    assert safe_path(written) == safe


@pytest.mark.parametrize(
    "written",
    [
        *("..", "../a", "a/../..", "a/../../a", "/a", "//a", "~", "~user/a", "a\\b", "\\\\server\\x", "C:/a", "C:"),
        *(
            "a\nb",
            "a\tb",
            "a\x00b",
            "a\x7fb",
            "a\u200bb",
            "a?b",
            "a|b",
            "a<b",
            'a"b',
            "a:b",
            "con",
            "a/AUX",
            "a/Com1.png",
        ),
        *("a./b", "a /b", "a/b.", ".git", "a/.GIT/b", ".assetgen", "x" * 256, "é" * 128),
    ],
)
def test_unsafe_paths(written: str) -> None:
    with pytest.raises(UnsafePathError) as caught:
        safe_path(written)
    assert caught.value.message.isprintable()


@given(st.text(st.sampled_from("ab./ \\:~-\n"), max_size=20).filter(bool))
def test_a_safe_path_stays_below_and_is_its_own_safe_path(text: str) -> None:
    try:
        path = safe_path(text)
    except UnsafePathError:
        return
    assert safe_path(path) == path
    whole = posixpath.normpath(posixpath.join("/project", joined("out", path)))
    assert path == "." or whole.startswith("/project/out/")


def test_a_boundary_follows_links(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "real").mkdir(parents=True)
    (tmp_path / "project-2").mkdir()
    for name, target in {"in": "real", "out": "..", "beside": "../project-2", "far": "in/../../project-2"}.items():
        (root / name).symlink_to(target)
    boundary = Boundary(root)
    for folder in (".", "real", "in", "in/new/folders", "not/there"):
        boundary.check(folder)
    for folder in ("out", "out/project-2/x", "beside", "far/x"):
        with pytest.raises(UnsafePathError):
            boundary.check(folder)


def test_one_file_has_one_identity(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    boundary = Boundary(tmp_path)
    assert boundary.identity("link/A.png") == boundary.identity("real/a.PNG")
    assert boundary.identity("real/é.png") == boundary.identity("real/e\u0301.png")
    assert boundary.identity("a.png") != boundary.identity("real/a.png")


def test_a_root_that_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    Boundary(tmp_path / "link").check("output")


@pytest.mark.parametrize(
    ("label", "suffix"), [("", ""), ("@1x", ""), ("@2x", "@2x"), ("hero", "-hero"), ("640", "-640")]
)
def test_suffixes(label: str, suffix: str) -> None:
    assert suffix_of(label) == suffix


@pytest.mark.parametrize("text", ["a", "A.b-c_d", "0", "coin.v2"])
def test_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["", ".a", "-a", "_a", "a b", "a/b", "ä", "a\n", "a@2x", "..", "١"])
def test_not_names(text: str) -> None:
    assert not is_name(text)


@given(st.text(max_size=10))
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert not text.isascii() or fold(text.upper()) == fold(text)


@given(st.text(st.characters(codec="ascii"), min_size=1, max_size=12).filter(is_name))
def test_a_name_is_a_safe_part_of_a_path_unless_windows_minds(name: str) -> None:
    if re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", name, re.IGNORECASE):
        with pytest.raises(UnsafePathError, match="reserved"):
            safe_path(f"{name}.png")
    else:
        assert safe_path(f"{name}.png") == f"{name}.png"
