"""Nothing broken passes for an empty lock: what is wrong is said with its line and the next step."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetgen.errors import LockError, Place
from assetgen.lock.document import Lock
from assetgen.lock.reading import read_lock
from assetgen.lock.writing import lock_bytes
from tests.support.locks import entry
from tests.support.mounts import read_only

COIN = Lock(assets={"coin": entry()})
SHA = "ab" * 32


def read(tmp_path: Path, data: bytes | str) -> Lock:
    path = tmp_path / "app.lock"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_lock(path, shown="app.lock")


def test_a_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    data = lock_bytes(COIN).replace(b"\n", b"\r\n")
    assert read(tmp_path, b"\xef\xbb\xbf" + data) == COIN


def test_no_file_is_an_empty_lock(tmp_path: Path) -> None:
    assert read_lock(tmp_path / "app.lock") == Lock()


def edited(change: Callable[[dict[str, object]], object]) -> str:
    """The text of a lock after `change` was done to its document."""
    document = json.loads(lock_bytes(COIN))
    change(document)
    return json.dumps(document, indent=2)


def coin(document: dict[str, object]) -> dict[str, object]:
    found = document["assets"]["coin"]  # type: ignore[index]
    assert isinstance(found, dict)
    return found


CONFLICT = '{\n  "assets": {\n<<<<<<< HEAD\n    "a": 1\n=======\n    "a": 2\n>>>>>>> theirs\n  }\n}\n'

BROKEN = [
    # text, expected message, line, column, part of the hint
    ("", "the lock is empty", 0, 0, "git checkout"),
    (" \n", "the lock is empty", 0, 0, "delete it"),
    (CONFLICT, "unresolved merge conflict", 3, 1, "keep one side"),
    (CONFLICT.replace("\n", "\r\n"), "unresolved merge conflict", 3, 1, "keep one side"),
    ("{\n||||||| base\n}", "unresolved merge conflict", 2, 1, "keep one side"),
    ('{\n  "version": 1,\n}', "not valid JSON", 3, 1, "git checkout"),
    ('{"version": 1', "not valid JSON: Expecting ',' delimiter", 1, 14, "git checkout"),
    ('{"version": NaN}', "NaN is not a JSON number", 1, 1, "git checkout"),
    ('{"version": ' + "9" * 5000 + "}", "not valid JSON", 1, 1, "git checkout"),
    ("[" * 100_000, "not valid JSON", 1, 1, "git checkout"),
    ("[]", "not a JSON object", 1, 1, "git checkout"),
    ("{}", "does not say its `version`", 1, 1, "git checkout"),
    (
        '{\n  "assets": {},\n  "version": 2, "new": 1\n}',
        "written by a newer assetgen (lock version 2; this one knows 1)",
        3,
        3,
        "upgrade",
    ),
    ('{"version": 0}', "`version` is not valid", 1, 2, "correct it"),
    ('{"version": "1"}', "`version` is not valid", 1, 2, "correct it"),
    ('{"version": 1, "asset": {}}', "`asset` is not a field of a lock", 1, 16, "correct it"),
    ('{"version": 1, "assets": []}', "`assets` is not valid", 1, 16, "correct it"),
    ('{"version": 1, "version": 1}', "`version` stands here for the second time", 1, 16, "delete one"),
    (
        '{"version": 1, "orphans": {"x": {"asset": "a", "sha256": 1, "asset": "b"}}}',
        "`orphans.x.asset` stands here for the second time",
        1,
        61,
        "delete one",
    ),
    (edited(lambda d: coin(d).update(zoom=1)), "`assets.coin.zoom` is not a field of a lock", 30, 7, "correct it"),
    (edited(lambda d: coin(d).pop("request")), "`assets.coin.request` is missing", 3, 5, "correct it"),
    (
        edited(lambda d: coin(d).update(masters=[])),
        "`assets.coin.masters` is not valid: list should have",
        4,
        7,
        "correct it",
    ),
    (
        edited(lambda d: d.update(orphans={"../x": {"sha256": SHA, "asset": "a"}})),
        '`orphans["../x"]` is not valid: must be a path inside the project',
        0,
        0,
        "correct it",
    ),
]


@pytest.mark.parametrize(("text", "message", "line", "column", "hint"), BROKEN)
def test_a_broken_lock_is_an_error_with_a_place(
    tmp_path: Path, text: str, message: str, line: int, column: int, hint: str
) -> None:
    with pytest.raises(LockError) as caught:
        read(tmp_path, text)
    problem = caught.value.problems[0]
    assert message in problem.message
    assert problem.code == "lock"
    assert problem.hint is not None
    assert hint in problem.hint
    assert problem.place is not None
    assert problem.place.file == "app.lock"
    if line:
        assert (problem.place.line, problem.place.column) == (line, column)
        assert problem.excerpt == text.splitlines()[line - 1]
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("where", "value", "message"),
    [
        ("masters", [{"sha256": SHA.upper()}], "is not a SHA-256: 64 hexadecimal digits in lower case"),
        ("masters", [{"sha256": "../../etc/passwd"}], "is not a SHA-256"),
        ("masters", [{"width": "12"}], "`assets.coin.masters[0].width` is not valid: input should be a valid integer"),
        ("masters", [{"width": True}], "`assets.coin.masters[0].width` is not valid"),
        ("masters", [{"charged": "cheap"}], "`assets.coin.masters[0].charged` is not valid"),
        ("outputs", {"/etc/passwd": {}}, '`assets.coin.outputs["/etc/passwd"]` is not valid: must be a path inside'),
        ("outputs", {"a/../../b": {}}, "must be a path inside the project"),
        ("outputs", {"a\0b": {}}, "must be a path inside the project"),
        ("outputs", {"": {}}, "must be a path inside the project"),
        ("request", {"prompt": None}, "`assets.coin.request.prompt` is not valid"),
        ("pick", "0" * 64, "`assets.coin.pick` is not valid: none of the masters has this digest"),
        ("exported", "0" * 64, "`assets.coin.exported` is not valid: none of the masters has this digest"),
    ],
)
def test_an_invalid_field_is_named_by_its_path(tmp_path: Path, where: str, value: object, message: str) -> None:
    with pytest.raises(LockError) as caught:
        read(tmp_path, edited(lambda document: coin(document).update({where: value})))
    assert any(message in problem.message for problem in caught.value.problems)
    assert all(problem.place and problem.place.line for problem in caught.value.problems)


def test_all_that_is_wrong_is_reported_once_each(tmp_path: Path) -> None:
    text = edited(lambda d: (coin(d).update(zoom=1, outputs={"x": {"export": {"quality": []}}}), d.update(extra=1)))
    with pytest.raises(LockError) as caught:
        read(tmp_path, text)
    said = [problem.message for problem in caught.value.problems]
    assert len(said) == len(set(said))
    assert sum("quality" in message for message in said) == 1
    assert any("`assets.coin.outputs.x.sha256` is missing" in message for message in said)
    assert any("`extra` is not a field" in message for message in said)


def test_text_that_is_not_utf8_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(LockError, match="not UTF-8 text") as caught:
        read(tmp_path, b'{\n"version": 1, "x": "\xff"}')
    assert caught.value.problems[0].place == Place("app.lock", 2, 1)


def test_a_folder_and_a_broken_link_are_no_empty_lock(tmp_path: Path) -> None:
    (tmp_path / "folder.lock").mkdir()
    (tmp_path / "link.lock").symlink_to(tmp_path / "nowhere")
    (tmp_path / "circle.lock").symlink_to(tmp_path / "circle.lock")
    with pytest.raises(LockError, match="it is a folder"):
        read_lock(tmp_path / "folder.lock")
    with pytest.raises(LockError, match="a link to a file that is not there"):
        read_lock(tmp_path / "link.lock")
    with pytest.raises(LockError, match="symbolic links"):
        read_lock(tmp_path / "circle.lock")


def test_a_lock_is_read_from_a_read_only_checkout(tmp_path: Path) -> None:
    (tmp_path / "app.lock").write_bytes(lock_bytes(COIN))
    with read_only(tmp_path):
        assert read_lock(tmp_path / "app.lock") == COIN


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60) | st.binary(max_size=60) | st.sampled_from(["{", "[", '"version":1', "}", ","]))
def test_rubbish_is_refused_and_never_crashes(tmp_path_factory: pytest.TempPathFactory, rubbish: str | bytes) -> None:
    data = rubbish.encode("utf-8", "surrogatepass") if isinstance(rubbish, str) else rubbish
    path = tmp_path_factory.getbasetemp() / "rubbish.lock"
    path.write_bytes(data)
    with pytest.raises(LockError):
        read_lock(path)
