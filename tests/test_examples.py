"""The example manifests, and what they make of an emulated service."""

from __future__ import annotations

import shutil

import pytest

from assetgen.emulator.run import running_emulator
from tests.support.space import CHECKOUT, Space


@pytest.mark.slow
@pytest.mark.real_time
def test_every_example_is_built_through_the_service(space: Space) -> None:
    """As real pictures would be: backgrounds are cut out, sheets cut up, sizes made."""
    shutil.copytree(CHECKOUT / "manifests", space.root / "manifests", ignore=shutil.ignore_patterns("*.lock"))
    space.write(".git/HEAD", "")
    manifests = sorted(path.relative_to(space.root).as_posix() for path in (space.root / "manifests").glob("*.yaml"))
    with running_emulator(latency="0.1") as emulator:
        env = {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": "secret-key"}
        built = space.run_ok("build", *manifests, "--provider", "kie", "--json", env=env).json
        assert built["totals"]["built"] == built["totals"]["assets"] > 30
        assert space.run_ok("check", *manifests, env=env).exit_code == 0
