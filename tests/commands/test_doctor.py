"""Check-ups from outside: of a project as it should be, of every kind of trouble, and that nothing is changed or shown
that must not be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from assetgen.digest import StepKey, digest_of
from assetgen.emulator.run import Emulator, running_emulator
from assetgen.store.folder import open_store, state_path
from assetgen.store.hold import Hold, try_hold
from assetgen.store.state import State
from tests.support.mounts import read_only
from tests.support.network import free_port
from tests.support.space import Result, Space

SECRET = "kie-secret-0123456789"
WEBHOOK_SECRET = "whsec-9876543210"
KEY = StepKey(digest_of(b"key"))

MANIFEST = """\
version: 1
providers:
  kie: {poll_initial: 0.02, poll_max: 0.02}
assets:
  coin: {prompt: A coin, sizes: [24]}
  gem: {prompt: A gem, sizes: [24], formats: [avif]}
"""


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for each finding."""
    monkeypatch.setenv("COLUMNS", "1000")


@pytest.fixture
def app(space: Space) -> Space:
    space.write(".git/HEAD", "")
    space.write("app.yaml", MANIFEST)
    return space


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with running_emulator(credits=100) as running:
        yield running


def keys(emulator: Emulator) -> dict[str, str]:
    return {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": SECRET}


def lines(result: Result) -> list[str]:
    """What was said, without the level and its padding."""
    return [line.strip() for line in result.stdout.splitlines()]


def says(result: Result, level: str, words: str) -> bool:
    return any(line.startswith(level) and words in line for line in lines(result))


# --- as it should be -----------------------------------------------------------------------------------------------


def test_without_a_project_a_key_or_a_network(space: Space) -> None:
    result = space.run_ok("doctor")
    assert says(result, "ok", "assetgen 0.")
    assert says(result, "ok", "writes png (zlib")
    assert says(result, "ok", "there is no .env and no .env.local")
    assert says(result, "warning", "KIE_AI_API_KEY is not set")
    assert "`--draft`" in result.stdout
    assert says(result, "ok", "there is no .assetgen yet")
    assert says(result, "ok", "can be written to: .assetgen")
    assert lines(result)[-1] == "nothing is wrong; 1 warning"
    assert result.stderr == ""
    assert list(space.root.iterdir()) == []


def test_before_and_after_a_build(app: Space, emulator: Emulator) -> None:
    before = app.tree(store=True)
    result = app.run_ok("doctor", "app.yaml", "--provider", "kie", env=keys(emulator))
    assert says(result, "ok", f"{emulator.base_url} answers and accepts the key")
    assert says(result, "ok", "the address is this machine's")
    assert says(result, "ok", "this machine's clock agrees with the service's")
    assert says(result, "ok", "100 credits are left ($0.50)")
    assert says(result, "ok", "2 pictures to be ordered for $0.18: the credits pay for all of them")
    assert says(result, "ok", "can be written to: the project's folder, .assetgen, output/app")
    assert lines(result)[-1] == "nothing is wrong"
    assert (emulator.requests, app.tree(store=True)) == (1, before)
    app.run_ok("build", "app.yaml", "--provider", "kie", env=keys(emulator))
    before = app.tree(store=True)
    result = app.run_ok("doctor", "app.yaml", "--provider", "kie", env=keys(emulator))
    assert says(result, "ok", "64 credits are left ($0.32)")
    assert says(result, "ok", "the manifests order nothing from KIE now")
    assert says(result, "ok", "the state database is sound")
    assert says(result, "ok", "2 pictures as received, ")
    assert app.tree(store=True) == before


def test_drafts_are_not_paid_for(app: Space, emulator: Emulator) -> None:
    result = app.run_ok("doctor", "app.yaml", env=keys(emulator))
    assert says(result, "ok", "the manifests order nothing from KIE now")


def test_where_variables_come_from(app: Space, emulator: Emulator) -> None:
    app.write(".env", f"KIE_AI_BASE_URL={emulator.base_url}\nKIE_AI_API_KEY=one\nDATABASE_URL=two\n")
    app.write(".env.local", f"KIE_AI_API_KEY={SECRET}\n")
    result = app.run_ok("doctor", env={"KIE_AI_WEBHOOK_KEY": WEBHOOK_SECRET})
    assert says(result, "ok", ".env and .env.local read")
    assert says(result, "ok", "KIE_AI_BASE_URL comes from .env")
    assert says(result, "ok", "KIE_AI_API_KEY comes from .env.local")
    assert says(result, "ok", "KIE_AI_WEBHOOK_KEY comes from the environment")
    assert "DATABASE_URL" not in result.stdout
    assert says(result, "ok", "answers and accepts the key")


# --- the service ---------------------------------------------------------------------------------------------------


def test_too_few_credits_are_a_problem(app: Space) -> None:
    with running_emulator(credits=20) as poor:
        result = app.run("doctor", "app.yaml", "--provider", "kie", env=keys(poor))
        assert result.exit_code == 1
        assert says(result, "problem", "2 pictures to be ordered for $0.18: the credits pay for 1 of them")
        assert says(result, "hint:", "top up at https://kie.ai/billing")
        assert app.run_ok("doctor", env=keys(poor)).exit_code == 0


@pytest.mark.parametrize(
    ("fault", "words", "hint"),
    [
        ("code-401", "KIE does not accept the API key (401: ", "Check KIE_AI_API_KEY"),
        ("http-403", "KIE denies access (403: ", "list of allowed addresses"),
        ("http-503", "KIE did not tell the account's credits (503: ", "Try again later."),
        ("html", "KIE did not tell the account's credits (200: <!DOCTYPE html>", "Try again later."),
        ("redirect", "KIE did not tell the account's credits (307: ", "Try again later."),
        ("half", "the answer broke off half-way", ""),
    ],
)
def test_a_service_in_trouble(app: Space, emulator: Emulator, fault: str, words: str, hint: str) -> None:
    emulator.script(f"credit:*:{fault}")
    result = app.run("doctor", env=keys(emulator))
    assert result.exit_code == 1
    assert says(result, "problem", words)
    assert hint in result.stdout
    assert says(result, "ok", "drafts need no service: `build --draft` or `--provider draft`")
    assert SECRET not in result.stdout


def test_offline(app: Space) -> None:
    env = {"KIE_AI_BASE_URL": f"http://127.0.0.1:{free_port()}", "KIE_AI_API_KEY": SECRET}
    result = app.run("doctor", "app.yaml", "--provider", "kie", env=env)
    assert result.exit_code == 1
    assert says(result, "problem", "KIE could not be reached: no connection could be made")
    assert says(result, "ok", "2 pictures to be ordered for $0.18")
    nowhere = {"KIE_AI_BASE_URL": "https://nowhere.invalid", "KIE_AI_API_KEY": SECRET}
    assert says(app.run("doctor", env=nowhere), "problem", "KIE could not be reached: its host name was not found")


def test_no_key_is_a_problem_when_something_is_to_be_ordered(app: Space) -> None:
    result = app.run("doctor", "app.yaml", "--provider", "kie")
    assert result.exit_code == 1
    assert says(result, "problem", "KIE_AI_API_KEY is not set")
    assert app.run("doctor", "app.yaml").exit_code == 0


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"KIE_AI_BASE_URL": "http://service.example"}, "KIE_AI_BASE_URL is a plain http address"),
        ({"KIE_AI_BASE_URL": f"https://me:{SECRET}@service.example"}, "KIE_AI_BASE_URL holds more than a host"),
        ({"KIE_AI_BASE_URL": f"{SECRET}"}, "KIE_AI_BASE_URL is not a web address"),
        ({"KIE_AI_API_KEY": f"'{SECRET} '"}, "KIE_AI_API_KEY holds characters that no API key has"),
        ({"ASSETGEN_PROVIDER": "kiee"}, "ASSETGEN_PROVIDER names an unknown provider: `kiee`"),
    ],
)
def test_settings_that_cannot_be(app: Space, emulator: Emulator, env: dict[str, str], words: str) -> None:
    result = app.run("doctor", "app.yaml", env=keys(emulator) | env)
    assert result.exit_code == 1
    assert says(result, "problem", words)
    assert SECRET not in result.stdout + result.stderr


def test_a_key_that_is_withheld_is_said_once(app: Space, emulator: Emulator) -> None:
    app.write(".env", "KIE_AI_BASE_URL=https://service.example\n")
    result = app.run("doctor", env={"KIE_AI_API_KEY": SECRET})
    assert says(result, "warning", "KIE_AI_BASE_URL comes from .env and KIE_AI_API_KEY from your own environment")
    assert says(result, "warning", "KIE_AI_API_KEY is not set")
    assert result.stderr == ""
    assert emulator.requests == 0


def test_no_secret_is_ever_shown(app: Space, emulator: Emulator) -> None:
    emulator.script(f"credit:*:code-500?words=your+key+{SECRET}+is+fine")
    app.write(".env.local", f"KIE_AI_WEBHOOK_KEY={WEBHOOK_SECRET}\n")
    for flags in ([], ["--json"], ["-q"]):
        result = app.run("doctor", *flags, env=keys(emulator))
        assert "your key [key] is fine" in result.stdout + result.stderr
        for secret in (SECRET, WEBHOOK_SECRET):
            assert secret not in result.stdout + result.stderr


# --- the project ---------------------------------------------------------------------------------------------------


def journalled(space: Space) -> None:
    """A store with a request that was accepted, and one that was never answered."""
    open_store(space.root)
    with State.open(state_path(space.root)) as state:
        state.journal.intend(KEY, "kie", '{"prompt": "A coin"}', None)
        state.journal.accepted(KEY, "t1")
        other = StepKey(digest_of(b"other"))
        state.journal.intend(other, "kie", '{"prompt": "A gem"}', None)
        state.journal.ambiguous(other)


def test_what_was_sent_and_is_not_finished(app: Space, emulator: Emulator) -> None:
    journalled(app)
    before = app.tree(store=True)
    result = app.run_ok("doctor", env=keys(emulator))
    assert says(result, "warning", '1 request accepted and not collected yet: task t1 "A coin"')
    assert says(
        result, "warning", "1 request sent and never answered, perhaps charged ($0.00 and 1 unknown price): to kie"
    )
    assert "https://kie.ai/logs" in result.stdout
    assert app.tree(store=True) == before


def test_who_is_at_work(app: Space, emulator: Emulator) -> None:
    journalled(app)
    hold = try_hold(app.root, "build app.yaml")
    assert isinstance(hold, Hold)
    with hold:
        result = app.run_ok("doctor", env=keys(emulator))
    assert says(result, "ok", "`assetgen build app.yaml` (process ")
    assert says(result, "ok", "1 request accepted and not collected yet: task t1")
    assert lines(result)[-1] == "nothing is wrong"


def test_a_damaged_state_database(app: Space, emulator: Emulator) -> None:
    journalled(app)
    path = state_path(app.root)
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 4096)
    for arguments in ([], ["app.yaml"]):
        result = app.run("doctor", *arguments, env=keys(emulator))
        assert result.exit_code == 1
        assert sum("damaged" in line for line in lines(result)) == 1
        assert "bring .assetgen/ back from a backup" in result.stdout
        assert says(result, "ok", "0 pictures as received")


def test_damaged_pictures_that_were_put_aside(app: Space, emulator: Emulator) -> None:
    app.write(f".assetgen/blobs/ab/{'c' * 62}.corrupt", "")
    result = app.run_ok("doctor", env=keys(emulator))
    assert says(result, "warning", "1 damaged picture put aside: ")


def test_a_broken_lock_is_told_beside_everything_else(app: Space, emulator: Emulator) -> None:
    app.write("app.lock", "{")
    result = app.run("doctor", "app.yaml", env=keys(emulator))
    assert result.exit_code == 1
    assert says(result, "problem", "app.lock:1:2: the lock is not valid JSON")
    assert says(result, "ok", "answers and accepts the key")


def test_a_read_only_project(app: Space, emulator: Emulator) -> None:
    with read_only(app.root):
        result = app.run("doctor", "app.yaml", env=keys(emulator))
    assert result.exit_code == 1
    for folder in ("the project's folder", ".assetgen", "output/app"):
        assert says(result, "problem", f"{folder} cannot be written to")


def test_a_file_where_a_folder_belongs(app: Space, emulator: Emulator) -> None:
    app.write("output", "a file")
    result = app.run("doctor", "app.yaml", env=keys(emulator))
    assert says(result, "problem", "output/app cannot be written to")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.yaml"], "missing.yaml"),
        (["bad.yaml"], "unknown"),
        (["app.yaml", "--provider", "kiee"], "--provider names an unknown provider: `kiee`"),
        (["--provider", "kie"], "--provider is about what manifests order"),
        (["--draft"], "--draft"),
    ],
)
def test_wrong_use(app: Space, arguments: list[str], words: str) -> None:
    app.write("bad.yaml", "version: 1\nasets: {}\n")
    result = app.run("doctor", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


# --- for programs --------------------------------------------------------------------------------------------------


def test_the_document(app: Space, emulator: Emulator) -> None:
    journalled(app)
    result = app.run("doctor", "app.yaml", "--provider", "kie", "--json", env=keys(emulator))
    document = json.loads(result.stdout)
    assert document["account"] == {"credits": 100, "usd": 0.5}
    assert document["orders"] == {"pictures": 2, "usd": 0.18, "unpriced": 0, "paid": 2}
    assert document["tasks"] == [
        {"provider": "kie", "task": "t1", "state": "open", "prompt": "A coin", "usd": None},
        {"provider": "kie", "task": None, "state": "maybe_charged", "prompt": "A gem", "usd": None},
    ]
    assert document["totals"] == counted(document["findings"])
    assert {finding["code"] for finding in document["findings"]} >= {"version", "reachable", "credits", "open"}
    assert "nothing is wrong; 2 warnings" in result.stderr


def counted(findings: list[dict[str, Any]]) -> dict[str, int]:
    levels = [finding["level"] for finding in findings]
    return {level: levels.count(level) for level in ("ok", "warning", "problem")}


def test_the_document_without_an_account(app: Space) -> None:
    document = app.run_ok("doctor", "--json").json
    assert (document["account"], document["orders"], document["tasks"]) == (None, None, [])
    document = app.run("doctor", "app.yaml", "--provider", "kie", "--json").json
    assert document["orders"] == {"pictures": 2, "usd": 0.18, "unpriced": 0, "paid": None}
