"""Two sides changed one lock: what we changed is ours, the rest is theirs."""

from __future__ import annotations

from hypothesis import given, settings

from assetgen.lock.document import Lock, Orphan
from assetgen.lock.merging import merged
from tests.support.locks import entry, locks

COIN = Lock(assets={"coin": entry()})
SHA = "ab" * 32


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


@settings(max_examples=40, deadline=None)
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
