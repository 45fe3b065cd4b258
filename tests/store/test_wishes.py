"""Re-rolls are waited for by those who asked, and picks are known by asset and request."""

from __future__ import annotations

from assetgen.digest import digest_of
from assetgen.plan.world import Take
from assetgen.store.state import State
from tests.store.samples import KEY, OTHER


def test_the_newest_take_counts(state: State) -> None:
    state.wishes.record_take(KEY, 3)
    state.wishes.record_take(KEY, 2)
    assert state.wishes.takes("app.lock") == {KEY: Take(3)}


def test_a_take_is_waited_for_by_those_who_asked_until_they_have_theirs(state: State) -> None:
    state.wishes.ask_take(KEY, 1, "app.lock", "coin")
    state.wishes.ask_take(KEY, 2, "app.lock", "gem")
    state.wishes.ask_take(KEY, 1, "web.lock", "coin")
    assert state.wishes.takes("app.lock") == {KEY: Take(2, {"coin": 1, "gem": 2})}
    state.wishes.settle_take(OTHER, "app.lock", "coin")
    assert state.wishes.takes("app.lock") == {KEY: Take(2, {"coin": 1, "gem": 2})}
    state.wishes.settle_take(KEY, "app.lock", "coin")
    assert state.wishes.takes("app.lock") == {KEY: Take(2, {"gem": 2})}
    state.wishes.rename("app.lock", "gem", "ruby")
    assert state.wishes.takes("app.lock") == {KEY: Take(2, {"ruby": 2})}
    state.wishes.settle_takes("app.lock", "ruby")
    assert state.wishes.takes("app.lock") == {KEY: Take(2)}
    assert state.wishes.takes("web.lock") == {KEY: Take(2, {"coin": 1})}


def test_what_was_picked_is_known_by_asset_and_request(state: State) -> None:
    for picture in (b"first", b"second"):
        state.wishes.remember_pick("app.lock", "coin", KEY, digest_of(picture))
    state.wishes.remember_pick("web.lock", "coin", KEY, digest_of(b"third"))
    assert state.wishes.picks("app.lock") == {("coin", KEY): digest_of(b"second")}
    state.wishes.rename("app.lock", "coin", "gem")
    assert state.wishes.picks("app.lock") == {("gem", KEY): digest_of(b"second")}
