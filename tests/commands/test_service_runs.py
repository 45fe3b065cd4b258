"""Whole runs with a service, the emulator: money, the service's words, keys, interruptions."""

from __future__ import annotations

import re
import signal
import subprocess

import pytest

from assetgen.emulator.run import Emulator, running_emulator
from tests.commands.samples import MANIFEST
from tests.support.space import Result, Space


def keys(emulator: Emulator) -> dict[str, str]:
    return {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": "emulator", "ASSETGEN_PROVIDER": "kie"}


def test_a_build_with_the_service(app: Space, emulator: Emulator) -> None:
    plan = app.run_ok("plan", "app.yaml", env=keys(emulator)).stdout
    assert "  coin  generate  $0.09  new\n" in plan
    assert "2 assets: 2 generate; $0.18\n" in plan
    built = app.run_ok("build", "app.yaml", env=keys(emulator)).stderr
    assert "coin: generating" in built
    assert "coin: built 2 files ($0.09)\n" in built
    assert re.search(r"^2 built in .*; spent \$0\.18; files in output/app$", built, re.MULTILINE)
    assert app.run_ok("build", "app.yaml", env=keys(emulator)).stderr == (
        "everything is up to date: 2 assets in output/app\n"
    )
    assert emulator.creates == 2


def test_the_services_own_words_reach_people_and_programs(app: Space, emulator: Emulator) -> None:
    emulator.script("create:~coin:code-422?words=The prompt is rude")
    result = app.run("build", "app.yaml", "--json", env=keys(emulator))
    assert result.exit_code == 1
    coin, hero = result.json["manifests"][0]["assets"]
    assert (coin["result"], hero["result"]) == ("failed", "built")
    assert "The prompt is rude" in coin["error"]["message"]
    assert "The prompt is rude" in result.stderr
    assert "422" in result.stderr
    emulator.heal()
    assert app.run_ok("build", "app.yaml", env=keys(emulator)).stderr.count("built 2 files") == 1


@pytest.mark.parametrize("how", ["flag", "manifest"])
def test_a_budget_stops_before_anything_is_sent(app: Space, emulator: Emulator, how: str) -> None:
    if how == "manifest":
        app.write("app.yaml", MANIFEST + "budget: {usd: 0.10}\n")
    flags = ["--max-cost", "$0.10"] if how == "flag" else []
    result = app.run("build", "app.yaml", "--json", *flags, env=keys(emulator))
    assert (result.exit_code, emulator.creates) == (4, 0)
    assert result.json["errors"][0]["code"] == "budget"
    app.run_ok("build", "app.yaml", *flags, "--only", "coin", env=keys(emulator))


def test_an_address_from_a_checkout_is_not_sent_my_key(app: Space, emulator: Emulator) -> None:
    app.write(".env", f"KIE_AI_BASE_URL={emulator.base_url}\n")
    result = app.run("build", "app.yaml", "--provider", "kie", env={"KIE_AI_API_KEY": "my-own-key"})
    warning = ".env:1:1: warning: KIE_AI_BASE_URL comes from .env and KIE_AI_API_KEY from your own environment"
    assert warning in result.stderr
    assert not any("my-own-key" in str(request) for request in emulator.received)


def test_env_files_are_enough(app: Space, emulator: Emulator) -> None:
    app.write(".env", f"KIE_AI_BASE_URL={emulator.base_url}\nASSETGEN_PROVIDER=kie\n")
    app.write(".env.local", "KIE_AI_API_KEY=emulator\n")
    app.run_ok("build", "app.yaml")
    assert emulator.creates == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_interrupting_a_build(app: Space, number: signal.Signals, flags: list[str]) -> None:
    with running_emulator(latency="inf") as slow:
        child = app.spawn("build", "app.yaml", *flags, env=keys(slow))
        assert child.stderr is not None
        heard = [child.stderr.readline() for _ in range(2)]
        assert all("generating" in line for line in heard)
        child.send_signal(number)
        ended = app.finish(child)
        assert ended.exit_code == 130
        assert "stopping: what was ordered is recorded" in ended.stderr
        last = " ".join(ended.stderr.split())
        assert re.search(
            r"interrupted after .*: 2 not finished; 2 ordered for \$0\.18 and not collected yet; run", last
        )
        assert "Traceback" not in ended.stderr
        if flags:
            assert {row["error"]["code"] for row in ended.json["manifests"][0]["assets"]} == {"interrupted"}
        slow.finish_all()
        app.run_ok("build", "app.yaml", env=keys(slow))
        assert slow.creates == 2


def emulated(child: subprocess.Popen[str]) -> dict[str, str]:
    """The variables that an emulator printed."""
    assert child.stdout is not None
    return dict(child.stdout.readline().strip().split("=", 1) for _ in range(2))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_emulator_prints_what_to_set_and_ends_when_told(app: Space, number: signal.Signals) -> None:
    child = app.spawn("emulator", "--credits", "20", "--state", "tasks.json")
    variables = emulated(child)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", variables["KIE_AI_BASE_URL"])
    result: Result = app.run("build", "app.yaml", "--provider", "kie", env=variables)
    assert "built" in result.stderr
    child.send_signal(number)
    ended = app.finish(child)
    assert (ended.exit_code, ended.stderr) == (0, "listening; Ctrl-C ends it\nstopped\n")
    assert (app.root / "tasks.json").exists()


def test_a_taken_port_is_explained(app: Space, emulator: Emulator) -> None:
    port = emulator.base_url.rpartition(":")[2]
    result = app.run("emulator", "--port", port)
    assert result.exit_code == 2
    assert f"the emulator cannot listen on 127.0.0.1:{port}" in result.stderr
