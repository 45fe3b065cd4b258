"""A project that is built through an emulator by the real command, in time that passes only by waiting.

What a patient person would wait for (retries, rate limits, timeouts) is over in a moment, and still happens. HTTP is
real and takes no time: however slow the machine, nothing comes too late.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from assetgen.catalog import Catalog
from assetgen.cli.boundary import guarded
from assetgen.commands import build
from assetgen.commands.shell import Selection, Shell
from assetgen.digest import Json
from assetgen.emulator.run import Emulator, running_emulator
from assetgen.engine.clock import Clock
from assetgen.providers.base import Provider, ProviderContext
from assetgen.providers.http import Timeouts
from assetgen.providers.kie import Kie
from assetgen.providers.registry import provider_named
from assetgen.report.console import Console
from tests.support.fakes import FakeClock
from tests.support.kie import KEY, QUICK, SMALL
from tests.support.space import Result, Space

MANIFEST = """\
version: 1
defaults: {provider: kie, sizes: [24]}
assets:
"""

EVERYTHING = Selection()


class Works:
    """A project and its service. Prompts are the assets' names: `A coin`."""

    def __init__(self, space: Space, emulator: Emulator, clock: Clock) -> None:
        self.space = space
        self.emulator = emulator
        self.clock = clock
        self.environ = {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": KEY}
        space.write(".git/HEAD", "")

    def wants(self, *names: str, more: str = "") -> None:
        """Write a manifest with these assets; `more` are lines for its top level."""
        self.space.write("app.yaml", more + MANIFEST + "".join(f"  {name}: {{prompt: A {name}}}\n" for name in names))

    def build(
        self,
        selection: Selection = EVERYTHING,
        *,
        timeouts: Timeouts = QUICK,
        provide: Callable[[str, ProviderContext], Provider] | None = None,
        **limits: Any,
    ) -> Built:
        """Run the command to its end. `timeouts` are those of HTTP, in real seconds; `limits` are its other options."""

        def kie(name: str, context: ProviderContext) -> Provider:
            if name != "kie":
                return provider_named(name, context)
            address = context.environment["KIE_AI_BASE_URL"]
            key = context.environment["KIE_AI_API_KEY"]
            return Kie(key, context.catalog.models, address=address, timeouts=timeouts, clock=self.clock.time)

        out, err = io.StringIO(), io.StringIO()
        console = Console(out, err, json=True)
        shell = Shell(self.space.root, self.environ, console, ("build",), self.clock, provide or kie)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = guarded(lambda: build.run(shell, [str(self.space.root / "app.yaml")], selection, **limits), [])
        return Built(Result(code, out.getvalue(), err.getvalue()))

    @property
    def orders(self) -> Counter[str]:
        """How many tasks there are at the service, by what was asked for."""
        return Counter(_subject(body) for body in self.emulator.accepted)

    @property
    def outputs(self) -> dict[str, str]:
        return {path: digest for path, digest in self.space.tree().items() if path.startswith("output/")}

    @property
    def lock(self) -> Any:
        return json.loads(self.space.read("app.lock"))

    def idle(self) -> None:
        """Nothing is left to do: a build sends nothing, and changes nothing."""
        before = (self.emulator.requests, self.space.tree())
        built = self.build()
        assert built.exit_code == 0
        assert set(built.results.values()) == {"up-to-date"}, built.text
        assert (self.emulator.requests, self.space.tree()) == before


class Built:
    """How a build ended: what it told people, and its JSON document."""

    def __init__(self, result: Result) -> None:
        self.exit_code = result.exit_code
        self.text = result.stderr
        self._document: Any = json.loads(result.stdout) if result.stdout.startswith("{") else {"manifests": []}

    @property
    def totals(self) -> Any:
        return self._document["totals"]

    @property
    def assets(self) -> dict[str, Any]:
        return {asset["name"]: asset for manifest in self._document["manifests"] for asset in manifest["assets"]}

    @property
    def results(self) -> dict[str, str]:
        return {name: asset["result"] for name, asset in self.assets.items()}

    def error(self, name: str) -> Any:
        return self.assets[name]["error"]


def _subject(body: Json) -> str:
    assert isinstance(body, dict)
    fields = body["input"]
    assert isinstance(fields, dict)
    return str(fields["prompt"]).removeprefix("A ")


@contextlib.contextmanager
def works(space: Space, *faults: str, catalog: Catalog = SMALL, **options: Any) -> Iterator[Works]:
    """A project on an emulator with these faults. Latencies and periods of `options` are in the project's time."""
    clock = FakeClock()
    with running_emulator(faults=faults, catalog=catalog, clock=clock.time, **options) as emulator:
        yield Works(space, emulator, clock)
