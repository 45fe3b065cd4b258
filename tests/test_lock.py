"""The lock: equal state gives equal bytes, what is read is what was written, and nothing broken passes for empty."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetgen.errors import LockError, Place
from assetgen.lock import (
    Entry,
    Lock,
    Orphan,
    entry_digest,
    entry_json,
    lock_bytes,
    lock_schema,
    merged,
    read_lock,
)
from tests.support.locks import charged, entries, entry, locks
from tests.support.mounts import read_only

some = settings(max_examples=40, deadline=None)

COIN = Lock(assets={"coin": entry()})
SHA = "ab" * 32


def read(tmp_path: Path, data: bytes | str) -> Lock:
    path = tmp_path / "app.lock"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_lock(path, shown="app.lock")


# --- bytes ---------------------------------------------------------------------------------------------------------


def test_an_entry_is_short_and_reviewable() -> None:
    lock = Lock(
        assets={"coin": charged(entry("a “coin”"), "0.09")}, orphans={"out/ä.png": Orphan(sha256=SHA, asset="gem")}
    )
    master = entry().master.sha256
    assert (
        lock_bytes(lock).decode()
        == f"""\
{{
  "assets": {{
    "coin": {{
      "masters": [
        {{
          "charged": 0.09,
          "format": "png",
          "height": 1024,
          "provider": "kie",
          "sha256": "{master}",
          "task_id": "t1",
          "width": 1024
        }}
      ],
      "outputs": {{
        "out/coin.png": {{
          "export": {{
            "format": "png",
            "width": 24
          }},
          "height": 24,
          "sha256": "{master}",
          "width": 24
        }}
      }},
      "request": {{
        "model": "nano-banana-pro",
        "prompt": "a “coin”",
        "provider": "kie"
      }}
    }}
  }},
  "orphans": {{
    "out/ä.png": {{
      "asset": "gem",
      "sha256": "{SHA}"
    }}
  }},
  "version": 1
}}
"""
    )


@some
@given(locks)
def test_what_is_read_is_what_was_written(tmp_path_factory: pytest.TempPathFactory, lock: Lock) -> None:
    path = tmp_path_factory.getbasetemp() / "round-trip.lock"
    path.write_bytes(lock_bytes(lock))
    again = read_lock(path)
    assert again == lock
    assert lock_bytes(again) == path.read_bytes()


@some
@given(locks)
def test_bytes_do_not_depend_on_the_order_of_building(lock: Lock) -> None:
    backwards = Lock(
        assets=dict(reversed(lock.assets.items())),
        orphans=dict(reversed(lock.orphans.items())),
    )
    assert lock_bytes(backwards) == lock_bytes(lock)


@some
@given(entries)
def test_an_entry_keeps_its_digest_through_json(entry: Entry) -> None:
    assert entry_digest(Entry.model_validate_json(entry_json(entry))) == entry_digest(entry)


def test_entries_that_differ_have_other_digests() -> None:
    variants = [entry(), entry("a gem"), entry(data=b"other"), entry(outputs=()), charged(entry(), "0.09")]
    assert len({entry_digest(variant) for variant in variants}) == len(variants)


def test_a_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    data = lock_bytes(COIN).replace(b"\n", b"\r\n")
    assert read(tmp_path, b"\xef\xbb\xbf" + data) == COIN


def test_the_schema_describes_what_is_written() -> None:
    schema = lock_schema()
    assert schema["properties"].keys() == json.loads(lock_bytes(Lock())).keys() | {"assets", "orphans", "indexes"}
    assert schema["properties"]["version"]["const"] == 1
    assert schema["additionalProperties"] is False
    charge = schema["$defs"]["LockedMaster"]["properties"]["charged"]
    assert {"type": "number"} in charge["anyOf"]


# --- what is not a lock --------------------------------------------------------------------------------------------


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


@some
@given(st.text(max_size=60) | st.binary(max_size=60) | st.sampled_from(["{", "[", '"version":1', "}", ","]))
def test_rubbish_is_refused_and_never_crashes(tmp_path_factory: pytest.TempPathFactory, rubbish: str | bytes) -> None:
    data = rubbish.encode("utf-8", "surrogatepass") if isinstance(rubbish, str) else rubbish
    path = tmp_path_factory.getbasetemp() / "rubbish.lock"
    path.write_bytes(data)
    with pytest.raises(LockError):
        read_lock(path)


# --- merging (rule 12) ---------------------------------------------------------------------------------------------


def test_what_we_changed_is_ours_and_everything_else_is_theirs() -> None:
    base = Lock(
        assets={
            name: entry(name, outputs=())
            for name in ("kept", "we-change", "they-change", "both", "we-drop", "they-drop")
        }
    )
    ours = {**base.assets, "we-change": entry("ours", outputs=()), "both": entry("ours", outputs=()), "we-add": entry()}
    theirs = {**base.assets, "they-change": entry("theirs", outputs=()), "both": entry("theirs", outputs=())}
    del ours["we-drop"], theirs["they-drop"]
    theirs["they-add"] = entry("theirs", outputs=())
    result = merged(base, Lock(assets=ours), Lock(assets=theirs))
    assert {name: found.request.prompt for name, found in result.assets.items()} == {
        "kept": "kept",
        "we-change": "ours",
        "they-change": "theirs",
        "both": "ours",
        "we-add": "a coin",
        "they-add": "theirs",
    }


def test_a_path_that_an_asset_makes_is_nobodys_orphan() -> None:
    theirs = Lock(
        orphans={"out/coin.png": Orphan(sha256=SHA, asset="old"), "out/old.png": Orphan(sha256=SHA, asset="old")}
    )
    assert set(merged(Lock(), COIN, theirs).orphans) == {"out/old.png"}


@some
@given(locks, locks, locks)
def test_merge_laws(base: Lock, ours: Lock, theirs: Lock) -> None:
    assert merged(base, base, theirs) == theirs
    assert merged(base, ours, base) == ours
    assert merged(base, ours, ours) == ours
    result = merged(base, ours, theirs)
    assert merged(theirs, result, theirs) == result
    assert merged(base, ours, result).assets == result.assets
    for name in base.assets.keys() | ours.assets.keys() | theirs.assets.keys():
        changed = ours.assets.get(name) != base.assets.get(name)
        assert result.assets.get(name) == (ours if changed else theirs).assets.get(name)
