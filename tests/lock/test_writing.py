"""The bytes of a lock: equal state gives equal bytes, and what is read is what was written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from assetgen.lock.document import Lock, Orphan, lock_schema
from assetgen.lock.entry import Entry
from assetgen.lock.reading import read_lock
from assetgen.lock.writing import entry_digest, entry_json, lock_bytes
from tests.support.locks import charged, entries, entry, locks

some = settings(max_examples=40, deadline=None)

SHA = "ab" * 32


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


def test_the_schema_describes_what_is_written() -> None:
    schema = lock_schema()
    assert schema["properties"].keys() == json.loads(lock_bytes(Lock())).keys() | {"assets", "orphans", "indexes"}
    assert schema["properties"]["version"]["const"] == 1
    assert schema["additionalProperties"] is False
    charge = schema["$defs"]["LockedMaster"]["properties"]["charged"]
    assert {"type": "number"} in charge["anyOf"]
