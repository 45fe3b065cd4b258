"""`review --markdown`, `--json` and `--junit`: for pull requests, programs and CI."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.support.space import Space


def test_a_summary_is_printed_instead_of_a_page(app: Space) -> None:
    app.run_ok("build", "app.yaml")
    app.run_ok("accept", "app.yaml", "coin")
    table = app.run_ok("review", "app.yaml", "--markdown", "--junit", "out/review.xml").stdout
    assert table.startswith("### 2 pictures: 1 to decide\n\n**app.yaml**\n\n")
    assert "| hero | 🟨 to decide (draft) | a first picture | free |" in table
    assert 'src="output/app/hero-64.webp"' in table
    suites = ElementTree.fromstring(app.read("out/review.xml"))
    assert suites[0].get("skipped") == "1"
    document = app.run_ok("review", "app.yaml", "--json", "--only", "hero").json
    assert [row["name"] for row in document["manifests"][0]["assets"]] == ["hero"]
    assert not (app.root / ".assetgen/review").exists()


@pytest.mark.parametrize("flags", [("--markdown", "--json"), ("--markdown", "--out", "a.html"), ("--json", "--serve")])
def test_one_thing_is_printed(app: Space, flags: tuple[str, ...]) -> None:
    result = app.run("review", "app.yaml", *flags)
    assert result.exit_code == 2
    assert "contradict each other" in result.stderr
