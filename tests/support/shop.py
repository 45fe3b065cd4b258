"""A project that the emulator makes the pictures of: what it orders, what its commands say, and what stands there.

Knows the command line and the emulator. Time is real, and what is polled is there at once; where something has to be
waited for, `works` is the place.
"""

from __future__ import annotations

import json
from typing import Any

from PIL import Image

from assetgen.emulator.run import Emulator
from tests.support.space import Result, Space

QUICKLY = "version: 1\nproviders: {kie: {poll_initial: 0.02, poll_max: 0.02}}\n"
"""How a manifest begins that does not wait between two questions."""


class Shop:
    """A project with one manifest; `asset` is the one that tests look at."""

    def __init__(self, space: Space, emulator: Emulator, asset: str, manifest: str = "") -> None:
        self.space = space
        self.emulator = emulator
        self.asset = asset
        self.env = {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": "secret-key"}
        space.write(".git/HEAD", "")
        space.write("app.yaml", manifest)

    def wants(self, **fields: str | None) -> None:
        """Write a manifest with that one asset; fields that are None are left out."""
        inner = ", ".join(f"{name}: {value}" for name, value in fields.items() if value is not None)
        self.space.write("app.yaml", f"{QUICKLY}defaults: {{provider: kie}}\nassets:\n  {self.asset}: {{{inner}}}\n")

    def edit(self, old: str, new: str) -> None:
        """Replace a part of the manifest, which has to be there."""
        text = self.space.read("app.yaml")
        assert old in text
        self.space.write("app.yaml", text.replace(old, new))

    def run(self, command: str, *flags: str) -> Result:
        return self.space.run(command, "app.yaml", *flags, env=self.env)

    def planned(self, *flags: str) -> Any:
        """What the plan says of the one asset that there is."""
        (asset,) = self.run("plan", "--json", *flags).json["manifests"][0]["assets"]
        return asset

    def built(self, *flags: str) -> Any:
        """The report of a build that has to succeed."""
        result = self.run("build", "--json", *flags)
        assert result.exit_code == 0, result.stderr
        return result.json

    def sends(self, *flags: str) -> int:
        """How much a build orders, which has to succeed and to leave nothing to do."""
        before = self.emulator.creates
        self.built(*flags)
        assert self.run("check").exit_code == 0
        return self.emulator.creates - before

    def idle(self) -> None:
        """Nothing is left to do, and nothing is spent."""
        before = self.emulator.creates
        assert self.run("check").exit_code == 0
        totals = self.built()["totals"]
        assert totals["up_to_date"] == totals["assets"]
        assert self.emulator.creates == before

    @property
    def models(self) -> list[str]:
        """The models that were asked, in order."""
        bodies: list[Any] = self.emulator.accepted
        return [body["model"] for body in bodies]

    @property
    def entry(self) -> Any:
        """What the lock says of the asset."""
        return json.loads(self.space.read("app.lock"))["assets"][self.asset]

    @property
    def files(self) -> dict[str, str]:
        """The outputs and their digests."""
        tree = self.space.tree().items()
        return {path.removeprefix("output/app/"): digest for path, digest in tree if path.startswith("output/")}

    def picture(self, name: str) -> Image.Image:
        """An output, decoded."""
        with Image.open(self.space.root / "output/app" / name) as picture:
            picture.load()
            return picture
