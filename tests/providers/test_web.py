"""Fetching pictures from addresses: politely, without secrets, and never into places that only we can reach."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assetgen.providers.base import TransientError
from assetgen.providers.web import FetchError, fetch_picture
from tests.support.pages import Site, site
from tests.support.pictures import png


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as opened:
        yield opened


async def test_a_picture_is_fetched_without_keys_and_cookies(web: Site) -> None:
    url = web.shows("/a.png", png(4, 4), Set_Cookie="a=b")
    assert await fetch_picture(url) == png(4, 4)
    await fetch_picture(url)
    for _, headers in web.asked:
        assert headers["User-Agent"].startswith("assetgen/")
        assert not {"Authorization", "Cookie"} & headers.keys()


async def test_redirects_are_followed(web: Site) -> None:
    web.shows("/b.png", png(4, 4))
    assert await fetch_picture(web.shows("/a.png", b"", 302, Location="/b.png")) == png(4, 4)


async def test_a_circle_of_redirects_ends(web: Site) -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 cannot be asked for it: it redirects too many times\."):
        await fetch_picture(web.shows("/a.png", b"", 301, Location="/a.png"))


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://localhost:1/x", "it redirects to an address that is not public"),
        ("http://127.0.0.2:1/x", "it redirects to an address that is not public"),
        ("http://10.0.0.1/x", "it redirects to an address that is not public"),
        ("http://[::1]:1/x", "it redirects to an address that is not public"),
        ("http://169.254.169.254/latest", "it redirects to an address that is not public"),
        ("file:///etc/passwd", "it redirects to something that is not https"),
        ("ftp://example.com/x", "it redirects to something that is not https"),
        ("http://user:word@127.0.0.1/x", "it redirects to an address that is none"),
    ],
)
async def test_redirects_into_private_places_are_not_followed(web: Site, location: str, words: str) -> None:
    with pytest.raises(FetchError) as caught:
        await fetch_picture(web.shows("/a.png", b"", 302, Location=location))
    assert caught.value.message == f"127.0.0.1 cannot be asked for it: {words}."
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    ("status", "error"), [(404, FetchError), (403, FetchError), (204, FetchError), (503, TransientError)]
)
async def test_answers_that_are_no_picture(web: Site, status: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"127.0.0.1 answers {status} instead of a picture"):
        await fetch_picture(web.shows("/secret-path", b"", status))


async def test_no_message_tells_more_of_an_address_than_its_host(web: Site) -> None:
    with pytest.raises(FetchError) as caught:
        await fetch_picture(web.shows("/secret-path?token=x", b"", 404))
    assert "secret" not in caught.value.message + (caught.value.hint or "")


async def test_too_much_is_not_taken(web: Site) -> None:
    with pytest.raises(FetchError, match="it sends more than 100 bytes"):
        await fetch_picture(web.shows("/a.png", bytes(101)), largest=100)


async def test_nobody_there(web: Site) -> None:
    with pytest.raises(TransientError, match=r"127\.0\.0\.1 cannot be asked for it: no connection could be made"):
        await fetch_picture("http://127.0.0.1:9/x.png")
