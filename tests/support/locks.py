"""Locks for tests: one plain entry to vary, and hypothesis strategies for any."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from assetgen.digest import Digest, digest_of
from assetgen.lock.document import Lock, Orphan
from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedDecision, LockedDrawing, LockedExport, LockedMaster, LockedOutput, LockedRequest


def entry(prompt: str = "a coin", *, outputs: tuple[str, ...] = ("out/coin.png",), data: bytes = b"master") -> Entry:
    """An asset as a build records it, every output holding the bytes `data`."""
    digest = digest_of(data)
    return Entry(
        request=LockedRequest(provider="kie", model="nano-banana-pro", prompt=prompt),
        masters=[LockedMaster(sha256=digest, width=1024, height=1024, format="png", provider="kie", task_id="t1")],
        outputs={
            path: LockedOutput(sha256=digest, width=24, height=24, export=LockedExport(format="png", width=24))
            for path in outputs
        },
    )


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_numbers = st.integers(1, 9999)
_digests = st.binary(min_size=32, max_size=32).map(lambda raw: Digest(raw.hex()))
_usd = st.none() | st.decimals(0, 1000, places=4)
_json: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_texts, inner, max_size=2),
    max_leaves=4,
)
_objects = st.dictionaries(_texts, _json, max_size=2)
_names = st.sampled_from(["coin", "banner", "app-icon", "héros", "sheet/cell"])
_paths = st.sampled_from(["out/coin.png", "out/coin@2x.png", "out/ä b.webp", "out/...dots", "out/banner/1.avif"])

_drawings = st.builds(
    LockedDrawing, name=_texts, colors=st.dictionaries(_texts, _texts, max_size=2), remove_bg=st.booleans()
)
_requests = st.builds(
    LockedRequest,
    provider=_texts,
    named_provider=st.none() | _texts,
    model=_texts,
    prompt=_texts,
    parameters=_objects,
    input=_objects,
    take=_numbers,
    reroll=_numbers | st.just(0),
    defaulted=st.lists(_texts, max_size=2),
    left_out=_objects,
    drawing=st.none() | _drawings,
)
_masters = st.builds(
    LockedMaster,
    sha256=_digests,
    width=_numbers,
    height=_numbers,
    format=_texts,
    provider=_texts,
    task_id=st.none() | _texts,
    usd=_usd,
    charged=_usd,
)
_exports = st.builds(
    LockedExport,
    format=_texts,
    width=st.none() | _numbers,
    height=st.none() | _numbers,
    fit=st.none() | _texts,
    background=st.none() | _texts,
    upscale=st.booleans(),
    quality=st.none() | st.just("lossless") | _numbers,
    provenance=st.booleans(),
)
_outputs = st.builds(
    LockedOutput,
    sha256=_digests,
    width=_numbers,
    height=_numbers,
    export=_exports,
    encoder=st.none() | _texts,
    adopted=st.booleans(),
)

decisions: st.SearchStrategy[LockedDecision] = st.builds(
    LockedDecision,
    verdict=st.sampled_from(["accepted", "rejected"]),
    master=_digests,
    looks=st.lists(_objects, max_size=2),
    note=st.none() | _texts,
    by=st.none() | _texts,
    request=st.none() | _requests,
)

entries: st.SearchStrategy[Entry] = st.builds(
    Entry,
    request=_requests,
    masters=st.lists(_masters, min_size=1, max_size=2),
    outputs=st.dictionaries(_paths, _outputs, max_size=2),
    decision=st.none() | decisions,
    published=st.dictionaries(st.sampled_from(["app/coin.png", "app/ä.webp"]), _digests, max_size=2),
)
"""Any entry that can be written."""


def _consistent(assets: dict[str, Entry], orphans: dict[str, Orphan]) -> Lock:
    made = {path for entry in assets.values() for path in (*entry.outputs, *entry.published)}
    return Lock(assets=assets, orphans={path: orphan for path, orphan in orphans.items() if path not in made})


locks: st.SearchStrategy[Lock] = st.builds(
    _consistent,
    st.dictionaries(_names, entries, max_size=3),
    st.dictionaries(_paths, st.builds(Orphan, sha256=_digests, asset=_names, published=st.booleans()), max_size=3),
)
"""Any lock that can be written: no path is an output and an orphan at once."""


def charged(entry: Entry, usd: str) -> Entry:
    """The same entry, with what its service took."""
    master = entry.master.model_copy(update={"charged": Decimal(usd)})
    return entry.model_copy(update={"masters": [master]})
