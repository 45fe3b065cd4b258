"""`max_bytes` from the manifest to the file: it holds, it is said, and a change of it only exports."""

from __future__ import annotations

from pathlib import Path

from tests.support.space import Space

MANIFEST = """\
version: 1
assets:
  coin:
    prompt: A stack of coins.
    sizes: [400]
    formats: [webp]
"""


def test_a_limit_is_kept_and_only_exports(space: Space) -> None:
    space.write("app.yaml", MANIFEST)
    space.run_ok("build", "app.yaml")
    free = (space.root / "output/app/coin-400.webp").stat().st_size
    limit = free * 2 // 3
    space.write("app.yaml", f"{MANIFEST}    max_bytes: {limit}\n")
    (asset,) = space.run_ok("plan", "app.yaml", "--json").json["manifests"][0]["assets"]
    assert asset["action"] == "export"
    assert asset["reasons"] == [f"max_bytes of size `400` (webp) added: `{limit}`"]
    space.run_ok("build", "app.yaml")
    assert limit // 2 < (space.root / "output/app/coin-400.webp").stat().st_size <= limit
    assert f'"max_bytes": {limit}' in space.read("app.lock")
    assert space.run_ok("build", "app.yaml", "--json").json["totals"]["up_to_date"] == 1


def test_a_limit_that_cannot_be_kept_fails_the_asset_and_keeps_the_file(space: Space) -> None:
    space.write("app.yaml", MANIFEST)
    space.run_ok("build", "app.yaml")
    before = space.tree()["output/app/coin-400.webp"]
    space.write("app.yaml", f"{MANIFEST}    max_bytes: 100\n")
    built = space.run("build", "app.yaml", "--json")
    assert built.exit_code == 1
    error = built.json["manifests"][0]["assets"][0]["error"]
    assert (
        "a webp of 400x400 pixels cannot be made with at most 100 bytes: at the lowest quality it has"
        in (error["message"])
    )
    assert space.tree()["output/app/coin-400.webp"] == before
    assert not [path for path in Path(space.root, "output/app").iterdir() if path.suffix != ".webp"]
