"""Decisions bind to what people saw: not to a name, a size, a format or an encoder."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetgen.digest import digest_of
from assetgen.lock.document import Lock
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedCutout, LockedExport, LockedOutput, LockedUpscale
from assetgen.lock.writing import lock_bytes
from assetgen.publish.decisions import UNSEEN, Standing, decided, looks_of, picture_of, standing
from tests.support.locks import entries, entry

some = settings(max_examples=60, deadline=None)

SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "format": st.sampled_from(["png", "webp", "jpg"]),
    "width": st.none() | st.integers(1, 64),
    "upscale": st.booleans(),
    "quality": st.none() | st.integers(1, 100),
    "provenance": st.booleans(),
}
"""What changes nothing that people look at."""


def shown(*exports: dict[str, Any], adopted: str = "") -> Entry:
    """An asset with one output for each export; with `adopted`, the first is that person's."""
    outputs = {
        f"out/{number}.png": LockedOutput(
            sha256=digest_of(f"{number}{adopted}".encode()),
            width=8,
            height=8,
            export=LockedExport(**{"format": "png", **export}),
            adopted=bool(adopted) and number == 0,
        )
        for number, export in enumerate(exports)
    }
    return entry().model_copy(update={"outputs": outputs})


def after(seen: Entry, now: Entry) -> Standing:
    """What is decided about `now` when `seen` was accepted."""
    decision = decided(seen, "accepted").decision
    return standing(now.model_copy(update={"decision": decision}))


def test_nothing_is_decided_about_what_nobody_saw() -> None:
    assert (standing(None), standing(entry())) == (Standing.UNDECIDED, Standing.UNDECIDED)


@some
@given(entries, st.sampled_from(["accepted", "rejected"]))
def test_a_decision_holds_for_the_picture_that_it_is_about(some_entry: Entry, verdict: Any) -> None:
    assert standing(decided(some_entry, verdict)) == verdict
    assert standing(decided(decided(some_entry, verdict), None)) is Standing.UNDECIDED


@some
@given(entries, entries)
def test_another_picture_is_undecided_again(one: Entry, other: Entry) -> None:
    if one.master.sha256 != other.master.sha256:
        assert after(one, other) is Standing.UNDECIDED


@some
@given(entries)
def test_what_was_seen_has_one_digest(some_entry: Entry) -> None:
    assert picture_of(decided(some_entry, "accepted", note="nice", by="Ann")) == picture_of(some_entry)


@some
@given(
    st.lists(st.fixed_dictionaries({}, optional=SETTINGS), min_size=1, max_size=3),
    st.lists(st.fixed_dictionaries({}, optional=SETTINGS), min_size=1, max_size=3),
    st.fixed_dictionaries({}, optional={"background": st.sampled_from(["#FFFFFF", "#000000"])}),
)
def test_other_sizes_formats_and_qualities_of_one_picture_keep_the_decision(
    was: list[dict[str, Any]], now: list[dict[str, Any]], look: dict[str, Any]
) -> None:
    assert after(shown(*(look | one for one in was)), shown(*(look | one for one in now))) is Standing.ACCEPTED


BOX = {"width": 64, "height": 32}


@pytest.mark.parametrize(
    ("was", "now", "kept"),
    [
        ([{}], [{"background": "#FFFFFF"}], False),
        ([{"background": "#FFFFFF"}], [{}], False),
        ([{"background": "#FFFFFF"}], [{"background": "#000000"}], False),
        ([BOX], [BOX | {"fit": "cover"}], True),
        ([BOX], [BOX | {"fit": "contain"}], False),
        ([BOX | {"fit": "contain"}], [BOX], False),
        ([BOX | {"fit": "contain"}], [BOX | {"fit": "contain", "width": 8}], True),
        ([{"width": 64}], [{"width": 64}, BOX | {"fit": "contain"}], True),
        ([{"width": 64}, BOX | {"fit": "contain"}], [{"width": 64}], True),
        ([{"width": 64}, BOX], [{"width": 64}, BOX | {"fit": "inside"}], False),
    ],
)
def test_what_is_visible_of_the_export_counts(was: list[Any], now: list[Any], kept: bool) -> None:
    assert (after(shown(*was), shown(*now)) is Standing.ACCEPTED) is kept


def test_a_picture_that_a_person_put_there_is_another_one() -> None:
    assert after(shown({}), shown({}, adopted="retouched")) is Standing.UNDECIDED
    assert after(shown({}, adopted="retouched"), shown({}, adopted="retouched")) is Standing.ACCEPTED
    assert after(shown({}, adopted="retouched"), shown({}, adopted="again")) is Standing.UNDECIDED


def cut(seen: Entry, cutout: bytes) -> Entry:
    """The same, made from a cutout with these bytes."""
    locked = LockedCutout(sha256=digest_of(cutout), width=8, height=8, remover="key")
    return seen.model_copy(update={"cutout": locked})


def test_another_cutout_is_another_picture() -> None:
    assert after(cut(shown({}), b"one"), cut(shown({}, {"format": "webp"}), b"one")) is Standing.ACCEPTED
    assert after(cut(shown({}), b"one"), cut(shown({}), b"other")) is Standing.UNDECIDED
    assert after(cut(shown({}), b"one"), shown({})) is Standing.UNDECIDED
    assert after(shown({}), cut(shown({}), b"one")) is Standing.UNDECIDED


def test_what_was_kept_uncut_is_the_same_picture_whatever_the_cutout() -> None:
    original = {"original": True}
    assert after(cut(shown(original), b"one"), cut(shown(original), b"other")) is Standing.ACCEPTED


def enlarged(seen: Entry, larger: bytes) -> Entry:
    """The same, made larger by a paid step that returned these bytes."""
    locked = LockedUpscale(
        model="topaz/image-upscale", sha256=digest_of(larger), width=16, height=16, format="png", provider="kie"
    )
    return seen.model_copy(update={"upscale": locked})


def test_a_picture_made_larger_is_another_picture() -> None:
    assert after(enlarged(shown({}), b"one"), enlarged(shown({}, {"width": 64}), b"one")) is Standing.ACCEPTED
    assert after(shown({}), enlarged(shown({}), b"one")) is Standing.UNDECIDED
    assert after(enlarged(shown({}), b"one"), enlarged(shown({}), b"other")) is Standing.UNDECIDED
    assert after(enlarged(shown({}), b"one"), shown({})) is Standing.UNDECIDED


def test_every_setting_of_an_export_is_weighed() -> None:
    """What is new is visible until somebody finds that it is not."""
    assert set(LockedExport.model_fields) - UNSEEN >= {"fit", "background"}


def test_an_ordinary_decision_is_short_in_the_lock() -> None:
    lock = Lock(assets={"coin": decided(entry(), "rejected", note="too dark", by="")})
    assert f"""\
      "decision": {{
        "master": "{entry().master.sha256}",
        "note": "too dark",
        "verdict": "rejected"
      }},
""" in lock_bytes(lock).decode()
    assert looks_of(entry()) == [{}]
