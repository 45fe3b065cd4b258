"""`assetgen emulator`: a local server that speaks the KIE protocol, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from assetgen.commands.shell import Shell


def run(
    shell: Shell,
    *,
    port: int,
    latency: str,
    seed: int,
    balance: Decimal | None,
    rate_limit: int,
    rate_period: float,
    faults: Sequence[str],
    state: Path | None,
) -> int:
    """Serve until interrupted, which is how an emulator ends. Raises UsageError for options that cannot be read."""
    from assetgen.commands.stopping import run_until_stopped
    from assetgen.emulator.options import make_options
    from assetgen.emulator.run import Emulator, serve

    more = {} if balance is None else {"credits": balance}
    options = make_options(
        port=port,
        latency=latency,
        seed=seed,
        rate_limit=rate_limit,
        rate_period=rate_period,
        faults=faults,
        state=state and shell.cwd / state,
        **more,
    )

    def ready(emulator: Emulator) -> None:
        shell.console.data(f"KIE_AI_BASE_URL={emulator.base_url}\nKIE_AI_API_KEY=emulator\n")
        if not shell.console.quiet:
            shell.console.say("listening; Ctrl-C ends it")

    try:
        run_until_stopped(serve(options, ready=ready), stopping=lambda: None)
    except KeyboardInterrupt:
        if not shell.console.quiet:
            shell.console.say("stopped")
    return 0
