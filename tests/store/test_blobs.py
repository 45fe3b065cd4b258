"""Blobs: by digest, whole, and never silently wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetgen.digest import digest_of
from assetgen.errors import BlockedError, StateError, WriteError
from assetgen.store.blobs import Blobs, MissingBlobError, Survey
from assetgen.store.folder import open_store
from tests.support.mounts import full_disk, read_only

DATA = b"a picture"
DIGEST = digest_of(DATA)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path)


def test_nothing_is_created_before_something_is_put(blobs: Blobs, tmp_path: Path) -> None:
    assert not blobs.has(DIGEST)
    assert blobs.present([DIGEST]) == frozenset()
    with pytest.raises(MissingBlobError):
        blobs.verified(DIGEST)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_what_is_put_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    blobs = Blobs(tmp_path_factory.getbasetemp() / "round-trip")
    digest = blobs.put_bytes(data)
    temporary = blobs.incoming("task")
    temporary.write_bytes(data)
    assert digest == digest_of(data) == blobs.put_file(temporary)
    assert blobs.verified(digest).read_bytes() == data
    assert not temporary.exists()


def test_a_blob_lies_under_its_digest(blobs: Blobs, tmp_path: Path) -> None:
    blobs.put_bytes(DATA)
    assert blobs.path(DIGEST) == tmp_path / ".assetgen" / "blobs" / DIGEST[:2] / DIGEST[2:]
    assert blobs.present([DIGEST, digest_of(b"other"), DIGEST]) == {DIGEST}


def test_what_an_earlier_download_left_is_in_nobodys_way(blobs: Blobs) -> None:
    blobs.incoming("task").write_bytes(b"half of")
    assert not blobs.incoming("task").exists()


@pytest.mark.parametrize("damage", [b"", b"a pictura", DATA + b"!"])
def test_a_damaged_blob_is_put_aside_and_missing(blobs: Blobs, damage: bytes) -> None:
    blobs.put_bytes(DATA)
    blobs.path(DIGEST).write_bytes(damage)
    with pytest.raises(MissingBlobError, match="damaged and is kept as") as caught:
        blobs.verified(DIGEST)
    aside = caught.value.damaged
    assert aside is not None
    assert aside.read_bytes() == damage
    assert not blobs.has(DIGEST)
    assert isinstance(caught.value, BlockedError)
    with pytest.raises(MissingBlobError):
        blobs.verified(DIGEST)


def test_putting_the_bytes_again_heals_a_damaged_blob(blobs: Blobs) -> None:
    blobs.put_bytes(DATA)
    blobs.path(DIGEST).write_bytes(b"rotten")
    temporary = blobs.incoming("task")
    temporary.write_bytes(DATA)
    blobs.put_file(temporary)
    assert blobs.verified(DIGEST).read_bytes() == DATA


def test_a_blob_that_cannot_be_read_is_not_missing(blobs: Blobs) -> None:
    blobs.path(DIGEST).mkdir(parents=True)
    assert not blobs.has(DIGEST)
    with pytest.raises(StateError, match="cannot read the picture"):
        blobs.verified(DIGEST)


def test_a_store_that_cannot_be_looked_into_is_not_empty(blobs: Blobs, tmp_path: Path) -> None:
    (tmp_path / ".assetgen").mkdir()
    (tmp_path / ".assetgen" / "blobs").write_bytes(b"")
    with pytest.raises(StateError, match="cannot read the picture"):
        blobs.present([DIGEST])


def test_reading_works_on_a_read_only_checkout(blobs: Blobs, tmp_path: Path) -> None:
    blobs.put_bytes(DATA)
    with read_only(tmp_path):
        assert blobs.verified(DIGEST).read_bytes() == DATA


def test_a_full_disk_is_said_and_leaves_no_half_blob(blobs: Blobs, tmp_path: Path) -> None:
    with full_disk(tmp_path, size=64 * 1024):
        with pytest.raises(WriteError, match="the disk is full"):
            blobs.put_bytes(bytes(1024 * 1024))
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("killed", ["before", "after"])
def test_killed_around_a_put_the_blob_is_whole_or_absent(tmp_path: Path, killed: str) -> None:
    code = """
import os, signal, sys
from pathlib import Path
from assetgen.store.blobs import Blobs
blobs = Blobs(Path(sys.argv[1]))
path = blobs.incoming("task")
path.write_bytes(b"a picture")
if sys.argv[2] == "before": os.kill(os.getpid(), signal.SIGKILL)
blobs.put_file(path)
os.kill(os.getpid(), signal.SIGKILL)
"""
    checkout = Path(__file__).parents[2]
    child = subprocess.run([sys.executable, "-c", code, str(tmp_path), killed], cwd=checkout, check=False)
    assert child.returncode == -9
    assert Blobs(tmp_path).has(DIGEST) == (killed == "after")
    if killed == "after":
        assert Blobs(tmp_path).verified(DIGEST).read_bytes() == DATA


def test_the_store_is_ignored_by_git_and_marked_as_a_cache(tmp_path: Path) -> None:
    folder = open_store(tmp_path)
    assert folder == tmp_path / ".assetgen"
    assert (folder / ".gitignore").read_text() == "*\n"
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    (folder / ".gitignore").write_text("mine\n")
    open_store(tmp_path)
    assert (folder / ".gitignore").read_text() == "mine\n"


def test_a_store_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / ".assetgen").write_bytes(b"")
    with pytest.raises(StateError, match=r"the store cannot be used: .* a file stands where a folder is needed"):
        open_store(tmp_path)


def test_a_read_only_project_has_no_new_store(tmp_path: Path) -> None:
    with read_only(tmp_path), pytest.raises(StateError, match=r"read-only|permission denied"):
        open_store(tmp_path)


def test_a_survey_counts_what_is_there_and_creates_nothing(blobs: Blobs, tmp_path: Path) -> None:
    assert blobs.survey() == Survey(0, 0, (), 0)
    assert list(tmp_path.iterdir()) == []
    blobs.put_bytes(DATA)
    blobs.put_bytes(b"another")
    blobs.incoming("task").write_bytes(b"half")
    assert blobs.survey() == Survey(2, len(DATA) + len(b"another"), (), 1)
    blobs.path(DIGEST).write_bytes(b"damaged")
    with pytest.raises(MissingBlobError) as caught:
        blobs.verified(DIGEST)
    assert caught.value.damaged is not None
    assert blobs.survey() == Survey(1, len(b"another"), (caught.value.damaged,), 1)


def test_a_store_that_cannot_be_surveyed_is_not_empty(blobs: Blobs, tmp_path: Path) -> None:
    (tmp_path / ".assetgen").mkdir()
    (tmp_path / ".assetgen" / "blobs").write_bytes(b"a file")
    with pytest.raises(StateError, match=r"cannot read the folder .*blobs: Not a directory"):
        blobs.survey()
