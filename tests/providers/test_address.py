"""Which service addresses we accept."""

from __future__ import annotations

import pytest

from assetgen.errors import UsageError
from assetgen.providers.address import callback_address, is_loopback, service_address


@pytest.mark.parametrize(
    "url",
    ["http://localhost:8080", "http://127.0.0.1", "https://127.9.9.9/x", "http://[::1]:1", "http://LOCALHOST/api"],
)
def test_loopback(url: str) -> None:
    assert is_loopback(url)
    assert service_address(url + "/", variable="X") == url


@pytest.mark.parametrize(
    "url",
    [
        *("", "localhost", "https://api.kie.ai", "http://localhost.example.com", "http://127.0.0.1.example.com"),
        *("http://127.0.0.1@example.com", "http://example.com#@localhost", "http://example.com\\@localhost"),
        *("http://[::1", "http://127.0.0.1:port", "http://0.0.0.0", "http://127.1", "http://loc alhost"),
        *("http://example.com/\nlocalhost", "http://lоcalhost"),
    ],
)
def test_everything_else_is_not_loopback(url: str) -> None:
    assert not is_loopback(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "is not a web address"),
        ("api.kie.ai", "is not a web address"),
        ("ftp://api.kie.ai", "is not a web address"),
        ("https://", "is not a web address"),
        ("https://api.kie.ai:99999", "is not a web address"),
        ("https://api.kie.ai\\.example.com", "is not a web address"),
        ("http://api.kie.ai", "is a plain http address, which would send the API key unencrypted"),
        ("http://127.0.0.1@api.kie.ai", "holds more than a host and a path"),
        ("https://user:hunter2@api.kie.ai", "holds more than a host and a path"),
        ("https://api.kie.ai/?key=hunter2", "holds more than a host and a path"),
        ("https://api.kie.ai/#hunter2", "holds more than a host and a path"),
        ("https://api.kie.ai/?", "holds more than a host and a path"),
    ],
)
def test_unfit_addresses_are_named_by_their_variable_and_never_quoted(url: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        service_address(url, variable="KIE_AI_BASE_URL")
    assert caught.value.message.startswith(f"KIE_AI_BASE_URL {words}")
    assert caught.value.hint
    assert "hunter2" not in f"{caught.value.message} {caught.value.hint}"


def test_paths_are_kept_and_slashes_at_the_end_are_not() -> None:
    assert service_address("https://proxy.example.com/kie//", variable="X") == "https://proxy.example.com/kie"


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com/kie?token=1", "http://203.0.113.5:8099", "https://x.example/"]
)
def test_callbacks_may_go_to_any_web_address(url: str) -> None:
    assert callback_address(url, option="--callback-url") == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "--callback-url is not a web address"),
        ("hooks.example.com/kie", "--callback-url is not a web address"),
        ("8099", "--callback-url is not a web address"),
        ("ftp://hooks.example.com", "--callback-url is not a web address"),
        ("https://hooks.example.com/a b", "--callback-url is not a web address"),
        ("https://me:secret@hooks.example.com", "--callback-url holds a user name or a `#`"),
        ("https://hooks.example.com/#kie", "--callback-url holds a user name or a `#`"),
    ],
)
def test_where_callbacks_cannot_go(url: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        callback_address(url, option="--callback-url")
    assert caught.value.message == words
    assert "secret" not in f"{caught.value.message} {caught.value.hint}"
