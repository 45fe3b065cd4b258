"""Who may ask a served page for what, and what becomes of it. The browser's part is in `test_served.py`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientResponse, ClientSession

from assetgen.digest import Digest, digest_of
from assetgen.errors import UsageError
from assetgen.publish.decisions import Standing, Verdict
from assetgen.report.review.contents import Review, Subject
from assetgen.report.review.server import Seen, Undo, serving
from assetgen.report.review.shelf import Shelf
from tests.report.review.samples import file, review, subject
from tests.support.pictures import png

TOKEN = "a-token-that-nobody-guesses"
COIN = {"manifest": "app.yaml", "asset": "coin", "picture": digest_of(b"coin"), "client": "me"}


class DeskStudio:
    """A studio of one asset in memory. A take waits until it is `let` go on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.coin = subject("coin", retake="free")
        self.let = asyncio.Event()
        self.published = False

    def review(self, link: Callable[[Path, Digest], str], only: str | None = None) -> Review:
        files = tuple(file(name, link=link(self.root / name, digest_of(name.encode()))) for name in ("a.png", "b.txt"))
        return review(replace(self.coin, files=files)) if only in (None, "coin") else review()

    async def decide(self, seen: Seen, verdict: Verdict | None, note: str | None) -> Undo:
        if seen.picture != self.coin.seen:
            raise UsageError("it changed since", hint="look again")
        before = self.coin
        self.coin = replace(before, standing=Standing(verdict or "undecided"), note=note or "")
        return self._back_to(before)

    async def take(self, seen: Seen, heard: Callable[[str], None]) -> Undo:
        heard("generating")
        await self.let.wait()
        if seen.picture != self.coin.seen:
            raise ZeroDivisionError
        before, self.coin = self.coin, replace(self.coin, seen=digest_of(b"another"))
        return self._back_to(before)

    async def pick(self, seen: Seen, number: int) -> Undo:
        before, self.coin = self.coin, replace(self.coin, note=f"variant {number}")
        return self._back_to(before)

    def publishing(self) -> tuple[str, ...]:
        return () if self.published else ("new  app/coin.png", "would be: 1 new")

    async def publish(self) -> tuple[tuple[str, ...], Undo]:
        self.published = True

        async def undo() -> None:
            self.published = False

        return ("new  app/coin.png", "1 new"), undo

    def _back_to(self, before: Subject) -> Undo:
        async def undo() -> None:
            self.coin = before

        return undo


@pytest.fixture
def studio(tmp_path: Path) -> DeskStudio:
    (tmp_path / "a.png").write_bytes(png(4, 4))
    (tmp_path / "b.txt").write_text("<script>hurt()</script>")
    return DeskStudio(tmp_path)


@pytest_asyncio.fixture
async def address(studio: DeskStudio) -> AsyncIterator[str]:
    async with serving(studio, studio.root, token=TOKEN, bug=lambda error: f"a bug: {error!r}") as address:
        yield address


@pytest_asyncio.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as client:
        yield client


async def post(client: ClientSession, address: str, what: str, body: Any, **headers: str) -> ClientResponse:
    origin = address.removesuffix(f"/{TOKEN}/")
    sent = {"Origin": origin, "Content-Type": "application/json"} | headers
    return await client.post(f"{address}{what}", data=json.dumps(body), headers=sent)


async def test_the_page_needs_its_token(client: ClientSession, address: str) -> None:
    assert (await client.get(address)).status == 200
    for other in ("", "another-token/", f"{TOKEN}x/", "../", f"{TOKEN}"):
        assert (await client.get(address.replace(f"{TOKEN}/", other))).status == 404


async def test_another_name_for_this_machine_is_refused(client: ClientSession, address: str) -> None:
    """A page whose host name turns to 127.0.0.1 after it was loaded is still another site."""
    port = address.split(":")[2].split("/")[0]
    for host, status in ((f"localhost:{port}", 200), (f"evil.example:{port}", 403), ("127.0.0.1", 403)):
        assert (await client.get(address, headers={"Host": host})).status == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
async def test_what_another_site_sends_is_refused(
    client: ClientSession, address: str, studio: DeskStudio, headers: dict[str, str]
) -> None:
    for what in ("decide", "take", "undo"):
        assert (await post(client, address, what, COIN | {"decision": "accepted"}, **headers)).status == 403
    assert studio.coin.standing is Standing.UNDECIDED


@pytest.mark.parametrize(
    ("what", "body", "words"),
    [
        ("decide", [], "this is no JSON object"),
        ("decide", COIN | {"decision": "maybe"}, "there is no decision `maybe`"),
        ("decide", COIN | {"decision": 1}, "`decision` is no text"),
        ("decide", COIN | {"decision": "accepted", "picture": "f" * 64}, "it changed since: look again"),
        ("pick", COIN | {"number": "2"}, "`number` is no number"),
        ("pick", COIN | {"number": True}, "`number` is no number"),
        ("take", {"manifest": None}, "`manifest` is no text"),
    ],
)
async def test_what_cannot_be_done_is_said(
    client: ClientSession, address: str, what: str, body: object, words: str
) -> None:
    answer = await post(client, address, what, body)
    assert answer.status == 409
    assert await answer.json() == {"error": words}


async def test_decisions_are_recorded_and_undone_by_whoever_made_them(
    client: ClientSession, address: str, studio: DeskStudio
) -> None:
    await post(client, address, "decide", COIN | {"decision": "rejected", "note": "too red"})
    assert (studio.coin.standing, studio.coin.note) == (Standing.REJECTED, "too red")
    assert 'data-decision="rejected"' in await (await client.get(f"{address}item?key=app.yaml/coin")).text()
    assert await undone(client, address, "somebody else") == {"key": "", "told": ""}
    assert await undone(client, address, "me") == {"key": "app.yaml/coin", "told": "Undone: coin"}
    assert studio.coin.standing is Standing.UNDECIDED


async def test_a_variant_is_picked_and_that_undone(client: ClientSession, address: str, studio: DeskStudio) -> None:
    await post(client, address, "pick", COIN | {"number": 2})
    assert studio.coin.note == "variant 2"
    assert await undone(client, address, "me") == {"key": "app.yaml/coin", "told": "Undone: coin"}
    assert studio.coin.note == ""


async def undone(client: ClientSession, address: str, who: str) -> Any:
    return await (await post(client, address, "undo", {"client": who})).json()


async def test_publishing_is_shown_first_and_can_be_undone(
    client: ClientSession, address: str, studio: DeskStudio
) -> None:
    lines = {"lines": ["new  app/coin.png", "would be: 1 new"]}
    assert await (await client.get(f"{address}publish")).json() == lines
    assert await (await post(client, address, "publish", {"client": "me"})).json() == {
        "lines": ["new  app/coin.png", "1 new"]
    }
    assert await (await client.get(f"{address}publish")).json() == {"lines": []}
    assert (await undone(client, address, "me"))["told"] == "Undone: what was published"
    assert not studio.published


async def test_everybody_hears_how_a_take_goes(client: ClientSession, address: str, studio: DeskStudio) -> None:
    async with client.get(f"{address}events") as events:
        assert (await post(client, address, "take", COIN)).status == 202
        assert await heard(events, 2) == ["waiting", "generating"]
        again = await (await post(client, address, "take", COIN)).json()
        assert again == {"error": "another picture of `coin` is being made already"}
        async with client.get(f"{address}events") as later:
            assert await heard(later, 1) == ["generating"]
        studio.let.set()
        assert await heard(events, 1) == [""]
    assert studio.coin.seen == digest_of(b"another")
    await post(client, address, "undo", {"client": "me"})
    assert studio.coin.seen == COIN["picture"]


async def test_a_bug_is_told_and_the_page_goes_on(client: ClientSession, address: str, studio: DeskStudio) -> None:
    studio.let.set()
    async with client.get(f"{address}events") as events:
        await post(client, address, "take", COIN | {"picture": "f" * 64})
        assert await heard(events, 3) == ["waiting", "generating", "a bug: ZeroDivisionError()"]
    assert (await client.get(address)).status == 200


async def heard(events: ClientResponse, count: int) -> list[str]:
    """The stages, or the problem, that so many events tell."""
    told: list[str] = []
    async with asyncio.timeout(10):
        while len(told) < count:
            line = (await events.content.readline()).decode().strip()
            if line:
                event = json.loads(line.removeprefix("data: "))
                told.append(event.get("stage") or event["problem"])
    return told


async def test_only_files_on_the_page_are_served(client: ClientSession, address: str, studio: DeskStudio) -> None:
    page = await (await client.get(address)).text()
    links = [link for link in page.split('"') if link.startswith("files/")]
    picture, text = (next(link for link in links if link.endswith(name)) for name in ("a.png", "b.txt"))
    found = await client.get(f"{address}{picture}")
    assert await found.read() == png(4, 4)
    assert found.headers["Content-Type"] == "image/png"
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    script = await client.get(f"{address}{text}")
    assert script.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert script.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for other in ("files/a.png/a.png", "files/../a.png", f"files/{'0' * 24}/a.png", "a.png"):
        assert (await client.get(f"{address}{other}")).status == 404
    (studio.root / "a.png").unlink()
    assert (await client.get(f"{address}{picture}")).status == 404


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "secret.png").write_bytes(png(4, 4))
    (tmp_path / "project" / "coin.png").symlink_to(tmp_path / "secret.png")
    shelf = Shelf(tmp_path / "project")
    name = shelf.link(tmp_path / "project" / "coin.png", digest_of(b"")).split("/")[1]
    assert shelf.find(name) is None


async def test_a_port_that_is_taken_is_told(studio: DeskStudio, address: str) -> None:
    port = int(address.split(":")[2].split("/")[0])
    with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{port}"):
        async with serving(studio, studio.root, token=TOKEN, bug=repr, port=port):
            pass
