"""Posts that a task is final: what counts as one, whose word is taken, and what a stranger can do with the port."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import io
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.errors import UsageError
from assetgen.providers.webhook import Heard, is_signed, listening, signature, task_named
from tests.support.network import free_port

KEY = "whsec-0123456789"
NOW = 1_790_000_000.5
STAMP = "1790000000"
RECORD = {"code": 200, "msg": "success", "data": {"taskId": "t1", "state": "success", "resultJson": "{}"}}


@dataclass
class Hook:
    """A listening webhook: where it is, what it heard, and whom it woke."""

    url: str
    heard: Heard
    woken: list[str]
    session: aiohttp.ClientSession

    async def post(self, body: Any, headers: dict[str, str] | None = None, path: str = "/") -> int:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.session.post(self.url + path, data=io.BytesIO(data), headers=headers) as answer:
            return answer.status


@asynccontextmanager
async def hook(key: str = "", patience: float = 5) -> AsyncIterator[Hook]:
    port, woken = free_port(), list[str]()
    async with (
        listening(port, woken.append, key=key, now=lambda: NOW, patience=patience) as heard,
        aiohttp.ClientSession() as session,
    ):
        yield Hook(f"http://127.0.0.1:{port}", heard, woken, session)


def signed(task: str = "t1", stamp: str = STAMP, key: str = KEY) -> dict[str, str]:
    return {"X-Webhook-Timestamp": stamp, "X-Webhook-Signature": signature(task, stamp, key)}


# --- which task ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    [
        RECORD,
        {"code": 501, "data": {"taskId": "t1", "state": "fail", "failMsg": "no"}},
        {"data": {"task_id": "t1"}},
        {"taskId": "t1"},
        {"task_id": "t1", "data": None},
        {"task_id": "t1", "data": {"taskId": ""}},
        {"taskId": "t2", "data": {"taskId": "t1"}},
    ],
)
def test_a_post_names_its_task_in_one_of_four_ways(record: object) -> None:
    assert task_named(json.dumps(record).encode()) == "t1"


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{}", b"null", b"[]", b'"t1"', b"{", b"\xff\xfe\x00", b"[" * 100_000, b"9" * 10_000, b"taskId=t1"),
        *(
            b'{"taskId": 1}',
            b'{"taskId": ["t1"]}',
            b'{"taskId": ""}',
            b'{"taskId": "\\ud800"}',
            b'{"data": ["taskId"]}',
        ),
        *(b'{"taskId": "a\\nb"}', b'{"taskId": "%s"}' % (b"x" * 201), '{"taskId": "ü"}'.encode()),
    ],
)
def test_anything_else_names_none(body: bytes) -> None:
    assert task_named(body) is None


@given(st.binary(max_size=200))
def test_no_body_is_too_strange(body: bytes) -> None:
    assert task_named(body) is None or isinstance(task_named(body), str)


# --- signatures ----------------------------------------------------------------------------------------------------


def test_the_signature_is_the_documented_one() -> None:
    expected = base64.b64encode(hmac.new(KEY.encode(), b"t1.1790000000", hashlib.sha256).digest()).decode()
    assert signature("t1", STAMP, KEY) == expected
    assert signature("t1", STAMP, "schlüssel") != expected


@pytest.mark.parametrize("offset", [-300, -1, 0, 300])
def test_a_signature_holds_for_five_minutes(offset: int) -> None:
    assert is_signed("t1", signed(stamp=str(1_790_000_000 + offset)), KEY, now=1_790_000_000)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Webhook-Timestamp": STAMP},
        {"X-Webhook-Signature": signature("t1", STAMP, KEY)},
        signed(key="another"),
        signed(task="t2"),
        signed() | {"X-Webhook-Timestamp": str(int(STAMP) + 1)},
        signed() | {"X-Webhook-Signature": ""},
        signed() | {"X-Webhook-Signature": signature("t1", STAMP, KEY)[:-1]},
        signed() | {"X-Webhook-Signature": "\udcff"},
        signed(stamp=str(int(STAMP) - 301)),
        signed(stamp=str(int(STAMP) + 302)),
        *(signed(stamp=stamp) for stamp in ("", "now", "-1790000000", "1.79e9", "1790000000.0", " 1790000000", "١٢")),
        signed(stamp="9" * 5000),
    ],
)
def test_anything_else_is_not_signed(headers: dict[str, str]) -> None:
    assert not is_signed("t1", headers, KEY, NOW)


# --- the server ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/hooks/kie", "/x?token=1"])
async def test_a_post_at_any_path_wakes_its_task(path: str) -> None:
    async with hook() as there:
        assert await there.post(RECORD, path=path) == 200
        assert (there.woken, there.heard) == (["t1"], Heard(posts=1))


async def test_the_same_post_again_is_fine() -> None:
    async with hook() as there:
        assert [await there.post(RECORD) for _ in range(3)] == [200, 200, 200]
        assert there.woken == ["t1"] * 3


async def test_without_a_key_signatures_are_not_looked_at() -> None:
    async with hook() as there:
        assert await there.post(RECORD, signed(key="another")) == 200


async def test_with_a_key_only_signed_posts_count() -> None:
    async with hook(KEY) as there:
        assert await there.post(RECORD, signed()) == 200
        assert await there.post(RECORD) == 401
        assert await there.post(RECORD, signed("t2")) == 401
        assert await there.post(RECORD, signed(stamp="1780000000")) == 401
        assert await there.post(b"garbage") == 401
        assert (there.woken, there.heard) == (["t1"], Heard(posts=5, refused=4))


async def test_what_is_no_callback_is_answered_and_wakes_nobody() -> None:
    async with hook() as there:
        assert await there.post(b"garbage") == 400
        assert await there.post({"code": 200}) == 400
        assert await there.post(b"x" * (1 << 20) + b"y") == 413
        async with there.session.get(there.url) as answer:
            assert answer.status == 405
        assert there.woken == []


async def test_a_long_record_is_read() -> None:
    async with hook() as there:
        assert await there.post(RECORD | {"param": "x" * 500_000}) == 200
        assert there.woken == ["t1"]


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async with hook(patience=0.02) as there:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(there.url.rpartition(":")[2]))
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert (await reader.readline()).startswith(b"HTTP/1.1 408")
        writer.close()
        assert await there.post(RECORD) == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"POST / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
    ],
)
async def test_scanners_write_nothing_into_the_terminal(
    raw: bytes, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with hook() as there:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(there.url.rpartition(":")[2]))
        writer.write(raw)
        writer.write_eof()
        await reader.read()
        writer.close()
        assert await there.post(RECORD) == 200
    assert caplog.records == []
    assert capsys.readouterr() == ("", "")


async def test_a_port_that_is_taken_is_an_error_before_anything_else() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            UsageError, match=rf"cannot listen for callbacks on 127\.0\.0\.1:{port}: .*in use"
        ) as caught:
            async with listening(port, print, key="", now=lambda: NOW):
                pass
    assert caught.value.hint is not None
    assert "--callback-port" in caught.value.hint
