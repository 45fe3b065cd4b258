"""Replacing files: whole or not at all, durable, inside the project, and with words for every failure."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assetgen import atomic
from assetgen.errors import WriteError
from tests.support.mounts import full_disk, pinned, read_only


@pytest.fixture(autouse=True)
def _ordinary_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_and_replaces(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "coin.png"
    atomic.write_bytes(target, b"one")
    atomic.write_bytes(target, b"two")
    assert target.read_bytes() == b"two"
    assert names(target.parent) == ["coin.png"]


def test_a_new_file_follows_the_umask_and_a_replaced_one_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "coin.png"
    atomic.write_bytes(target, b"one")
    assert mode(target) == 0o644
    target.chmod(0o600)
    atomic.write_bytes(target, b"two")
    assert mode(target) == 0o600


def test_a_symlink_is_replaced_and_what_it_points_to_is_left_alone(tmp_path: Path) -> None:
    original, link = tmp_path / "original", tmp_path / "link"
    original.write_bytes(b"mine")
    link.symlink_to(original)
    atomic.write_bytes(link, b"new")
    assert not link.is_symlink()
    assert original.read_bytes() == b"mine"


def test_a_failing_block_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    target = tmp_path / "coin.png"
    target.write_bytes(b"old")

    def fail_half_way() -> None:
        with atomic.staged(target) as temporary:
            temporary.write_bytes(b"half")
            raise KeyError("stop")

    with pytest.raises(KeyError):
        fail_half_way()
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["coin.png"]


def test_several_files_are_put_in_place_up_to_the_one_that_cannot_be(tmp_path: Path) -> None:
    targets = [tmp_path / "a" / "coin.png", tmp_path / "a" / "gem.png", tmp_path / "b" / "star.png"]
    targets[1].mkdir(parents=True)
    files = {}
    for target in targets:
        temporary = tmp_path / f"new-{target.name}"
        temporary.write_text(target.name)
        files[temporary] = target
    with pytest.raises(WriteError, match="a folder stands there"):
        atomic.replace_all(files)
    assert names(tmp_path) == ["a"]
    assert targets[0].read_text() == "coin.png"


def test_the_longest_name_fits_and_one_more_does_not(tmp_path: Path) -> None:
    atomic.write_bytes(tmp_path / ("ü" * 127 + "x"), b"fits")
    with pytest.raises(WriteError, match="the file name is too long"):
        atomic.write_bytes(tmp_path / ("ü" * 128), b"does not")
    assert len(names(tmp_path)) == 1


def test_only_our_own_leftovers_are_swept(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    left = [atomic.temporary_beside(tmp_path / name) for name in ("coin.png", "new\nline", "ä" * 200)]
    kept = [
        tmp_path / ".coin.png.assetgen-tmp",
        tmp_path / "coin.png",
        atomic.temporary_beside(tmp_path / "deeper" / "x"),
    ]
    for path in (*left, *kept):
        path.write_bytes(b"")
    assert sorted(atomic.sweep(tmp_path)) == sorted(left)
    assert all(path.exists() for path in kept)
    assert atomic.sweep(tmp_path / "nowhere") == ()


@pytest.mark.parametrize("killed_at", ["created", "half", "written"])
def test_killed_at_any_moment_the_old_file_stands(tmp_path: Path, killed_at: str) -> None:
    target = tmp_path / "coin.png"
    target.write_bytes(b"old")
    code = """
import os, signal, sys
from pathlib import Path
from assetgen import atomic
with atomic.staged(Path(sys.argv[1])) as temporary, temporary.open("xb") as file:
    for moment, data in (("created", b""), ("half", b"ne"), ("written", b"w")):
        file.write(data); file.flush()
        if moment == sys.argv[2]: os.kill(os.getpid(), signal.SIGKILL)
"""
    child = subprocess.run(
        [sys.executable, "-c", code, str(target), killed_at], cwd=Path(__file__).parents[1], check=False
    )
    assert child.returncode == -9
    assert target.read_bytes() == b"old"
    assert len(atomic.sweep(tmp_path)) == 1
    assert names(tmp_path) == ["coin.png"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("coin.png", True),
        ("out/new/coin.png", True),
        ("out/../coin.png", True),
        ("within/coin.png", True),
        ("leaving", True),  # the link itself would be replaced
        ("leaving/coin.png", False),
        ("leaving/new/coin.png", False),
        ("../coin.png", False),
        ("../project-b/coin.png", False),
        ("/etc/coin.png", False),
        ("circle/coin.png", True),
        ("", False),
        ("out/..", False),
    ],
)
def test_inside(tmp_path: Path, path: str, expected: bool) -> None:
    root, elsewhere = tmp_path / "project", tmp_path / "project-b"
    for folder in (root / "out", elsewhere):
        folder.mkdir(parents=True)
    (root / "within").symlink_to(root / "out")
    (root / "leaving").symlink_to(elsewhere)
    (root / "circle").symlink_to(root / "circle")
    (tmp_path / "alias").symlink_to(root)
    assert atomic.inside(root, root / path) is expected
    assert atomic.inside(tmp_path / "alias", root / path) is expected


def test_nothing_is_written_through_a_link_that_leaves_the_root(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "out").symlink_to(elsewhere)
    with pytest.raises(WriteError, match="lies outside the project") as caught:
        atomic.write_bytes(root / "out" / "new" / "coin.png", b"x", root=root)
    assert "replace the link" in str(caught.value.hint)
    assert names(elsewhere) == []


def test_a_link_put_there_meanwhile_is_noticed(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    (root / "out").mkdir(parents=True)
    elsewhere.mkdir()
    temporary = atomic.temporary_beside(root / "coin.png")
    temporary.write_bytes(b"x")
    (root / "out").rmdir()
    (root / "out").symlink_to(elsewhere)
    with pytest.raises(WriteError, match="lies outside the project"):
        atomic.replace(temporary, root / "out" / "coin.png", root=root)
    assert names(elsewhere) == []
    assert not temporary.exists()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("folder", "a folder stands there"),
        ("file/coin.png", "a file stands where a folder is needed"),
        ("file/deeper/coin.png", "a file stands where a folder is needed"),
        ("circle/coin.png", "a file stands where a folder is needed"),
        ("n" * 300, "the file name is too long"),
        ("n" * 300 + "/coin.png", "the file name is too long"),
    ],
)
def test_what_stands_in_the_way_is_said(tmp_path: Path, path: str, message: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(WriteError, match=message) as caught:
        atomic.write_bytes(tmp_path / path, b"x")
    assert str(tmp_path / path.split("/")[0]) in caught.value.message
    assert caught.value.hint
    assert names(tmp_path) == ["circle", "file", "folder"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "permission denied"),
        (errno.EBUSY, "a mount"),
        (errno.EDQUOT, "quota"),
        (errno.EFBIG, "larger than"),
        (errno.EMFILE, "too many files"),
        (errno.EIO, "the disk reports an error"),
        (errno.ENOTCONN, os.strerror(errno.ENOTCONN)),
    ],
)
def test_every_cause_has_words_and_a_next_step(code: int, message: str) -> None:
    error = atomic.explained(OSError(code, os.strerror(code)), Path("out/coin.png"))
    assert error.message.startswith("cannot write out/coin.png: ")
    assert message in error.message
    assert error.hint


def test_what_a_folder_will_refuse_is_known_before_anything_is_written(tmp_path: Path) -> None:
    folder, file = tmp_path / "out", tmp_path / "file"
    folder.mkdir()
    file.write_bytes(b"")
    atomic.check_writable(folder / "deeper" / "still" / "coin.png", root=tmp_path)
    assert names(folder) == []
    with pytest.raises(WriteError, match="one of its parent folders is a file"):
        atomic.check_writable(file / "deeper" / "coin.png", root=tmp_path)
    with pytest.raises(WriteError, match="outside the project"):
        atomic.check_writable(tmp_path / "coin.png", root=folder)
    with read_only(folder), pytest.raises(WriteError, match=r"coin\.png: (the file system is read-only|permission)"):
        atomic.check_writable(folder / "deeper" / "coin.png", root=tmp_path)


def test_a_read_only_folder_is_said_and_left_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "coin.png").write_bytes(b"old")
    with read_only(folder), pytest.raises(WriteError, match=r"read-only|permission denied"):
        atomic.write_bytes(folder / "coin.png", b"new")
    assert (folder / "coin.png").read_bytes() == b"old"


def test_a_full_disk_is_said_and_the_old_file_stands(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with full_disk(folder, size=64 * 1024):
        target = folder / "coin.png"
        atomic.write_bytes(target, b"old")
        with pytest.raises(WriteError, match="the disk is full") as caught:
            atomic.write_bytes(target, bytes(1024 * 1024))
        assert "free some space" in str(caught.value.hint)
        assert target.read_bytes() == b"old"
        assert names(folder) == ["coin.png"]


def test_a_file_that_refuses_to_be_renamed_over_is_said_and_stands(tmp_path: Path) -> None:
    target = tmp_path / "coin.png"
    target.write_bytes(b"old")
    with pinned(target), pytest.raises(WriteError, match="the system is using it"):
        atomic.write_bytes(target, b"new")
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["coin.png"]
