"""Every command with its options: each hands named values to the module of its name, imported when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from assetgen import __version__
from assetgen.cli.group import CommandLine
from assetgen.cli.options import (
    JSON,
    LIMITS,
    MAKING,
    MANIFEST,
    MANIFESTS,
    QUIET,
    SELECTING,
    TALKING,
    Usd,
    Whole,
    options,
)
from assetgen.cli.surroundings import selection, shell
from assetgen.commands import manual
from assetgen.errors import UsageError


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", message="assetgen %(version)s", help="Show the version.")
def cli() -> None:
    """A declarative build tool for generated brand assets."""


@cli.command(help=manual.INIT)
@options(
    click.argument("folder", metavar="[DIR]", default="."),
    click.option(
        "--template",
        default="app",
        show_default=True,
        metavar="NAME",
        help="Which starter manifest: app, icons, web or video.",
    ),
    *QUIET,
)
def init(folder: str, template: str, **flags: Any) -> int:
    from assetgen.commands import init

    return init.run(shell(flags), folder, template)


@cli.command(help=manual.VALIDATE)
@options(MANIFESTS, JSON, *QUIET)
def validate(manifests: Sequence[str], **flags: Any) -> int:
    from assetgen.commands import validate

    return validate.run(shell(flags), manifests)


@cli.command(help=manual.PLAN)
@options(MANIFESTS, *SELECTING, *MAKING, *TALKING)
def plan(manifests: Sequence[str], **flags: Any) -> int:
    from assetgen.commands import plan

    return plan.run(shell(flags), manifests, selection(flags))


@cli.command(help=manual.BUILD)
@options(MANIFESTS, *SELECTING, *MAKING, *LIMITS, *TALKING)
def build(manifests: Sequence[str], **flags: Any) -> int:
    from assetgen.commands import build

    return build.run(shell(flags), manifests, selection(flags), **flags)


@cli.command(help=manual.CHECK)
@options(
    MANIFESTS,
    click.option("--published", is_flag=True, help="Compare the app's files with the accepted ones instead."),
    *SELECTING,
    *TALKING,
)
def check(manifests: Sequence[str], published: bool, **flags: Any) -> int:
    from assetgen.commands import check

    run = check.run_published if published else check.run
    return run(shell(flags), manifests, selection(flags))


@cli.command(help=manual.EXPLAIN)
@options(MANIFEST, click.argument("name"), *QUIET)
def explain(manifest: str, name: str, **flags: Any) -> int:
    from assetgen.commands import explain

    return explain.run(shell(flags), manifest, name)


@cli.command(help=manual.REVIEW)
@options(
    MANIFESTS,
    click.option("--out", metavar="FILE", help="Write the page there instead of into .assetgen/review."),
    click.option("--serve", is_flag=True, help="Serve it on this machine, to decide and to ask for new pictures."),
    click.option("--port", type=Whole(0, 65535), metavar="N", help="With --serve: the port; any free one by default."),
    click.option("--by", metavar="WHO", help="With --serve: who decides, recorded with each decision."),
    click.option("--markdown", is_flag=True, help="Instead of a page, print a table for a pull request."),
    click.option("--junit", type=click.Path(path_type=Path), metavar="FILE", help="Instead, write JUnit XML, for CI."),
    click.option("--json", is_flag=True, help="Instead, print one JSON document on stdout."),
    *SELECTING,
    *QUIET,
)
def review(
    manifests: Sequence[str], out: str | None, serve: bool, port: int | None, by: str | None, **flags: Any
) -> int:
    from assetgen.commands import review

    markdown, junit = flags.pop("markdown"), flags.pop("junit")
    if markdown or junit or flags["json"]:
        return _review_summary(manifests, flags, markdown=markdown, junit=junit, page=serve or out is not None)
    if serve and out is not None:
        raise UsageError("--serve and --out contradict each other", hint="a served page is no file: leave --out away")
    if not serve and (port is not None or by is not None):
        raise UsageError("--port and --by go with --serve", hint="add --serve, or leave them away")
    if serve:
        return review.serve(shell(flags), manifests, selection(flags), port=port or 0, by=by)
    return review.run(shell(flags), manifests, selection(flags), out=out)


def _review_summary(
    manifests: Sequence[str], flags: dict[str, Any], *, markdown: bool, junit: Path | None, page: bool
) -> int:
    from assetgen.commands import review_summary

    if page or (markdown and flags["json"]):
        hint = "one at a time: a page (--out, --serve), or a summary (--markdown or --json, and --junit)"
        raise UsageError("a page, --markdown and --json contradict each other", hint=hint)
    return review_summary.run(shell(flags), manifests, selection(flags), markdown=markdown, junit=junit)


@cli.command(help=manual.DOCTOR)
@options(
    click.argument("manifests", metavar="[MANIFEST]...", nargs=-1),
    click.option("--provider", metavar="NAME", help="Reckon as `build --provider NAME` would."),
    JSON,
    *QUIET,
)
def doctor(manifests: Sequence[str], provider: str | None, **flags: Any) -> int:
    from assetgen.commands import doctor

    return doctor.run(shell(flags), manifests, provider)


BY = click.option("--by", metavar="WHO", help="Who decided; recorded in the lock.")
NOTE = click.option("--note", metavar="TEXT", help="Why; recorded in the lock.")
UNDECIDED = click.option("--all", "everything", is_flag=True, help="All pictures that nobody decided about yet.")


@cli.command(help=manual.ACCEPT)
@options(
    click.argument("manifest", metavar="[MANIFEST]", required=False),
    click.argument("names", metavar="[NAME]...", nargs=-1),
    UNDECIDED,
    click.option("--from", "file", type=click.Path(path_type=Path), metavar="FILE", help="Decisions of a review page."),
    BY,
    NOTE,
    JSON,
    *QUIET,
)
def accept(manifest: str | None, names: Sequence[str], file: Path | None, **flags: Any) -> int:
    from assetgen.commands import decide

    if file is None:
        return decide.run(shell(flags), manifest, names, "accepted", **flags)
    if names or flags.pop("everything") or flags.pop("note"):
        raise UsageError("--from brings names and notes of its own", hint="leave NAME, --all and --note out")
    return decide.run_file(shell(flags), file, manifest, **flags)


@cli.command(help=manual.REJECT)
@options(
    click.argument("manifest", metavar="MANIFEST"),
    click.argument("names", metavar="NAME...", nargs=-1),
    UNDECIDED,
    BY,
    NOTE,
    JSON,
    *QUIET,
)
def reject(manifest: str, names: Sequence[str], **flags: Any) -> int:
    from assetgen.commands import decide

    return decide.run(shell(flags), manifest, names, "rejected", **flags)


@cli.command(help=manual.PICK)
@options(MANIFEST, click.argument("name"), click.argument("number", type=Whole(1, 8)), *QUIET)
def pick(manifest: str, name: str, number: int, **flags: Any) -> int:
    from assetgen.commands import pick

    return pick.run(shell(flags), manifest, name, number)


@cli.command(help=manual.PUBLISH)
@options(
    MANIFESTS,
    click.option(
        "--all", "undecided", is_flag=True, help="Also pictures that nobody decided about; never rejected ones."
    ),
    click.option("--allow-drafts", "drafts", is_flag=True, help="Also free drafts."),
    click.option("--overwrite", is_flag=True, help="Replace files in the way: edited by hand, or not put there by us."),
    click.option("--prune", is_flag=True, help="Remove published files that no asset publishes any more."),
    click.option("--dry-run", is_flag=True, help="Only show what would be new, changed, unchanged and removed."),
    *SELECTING,
    *TALKING,
)
def publish(manifests: Sequence[str], **flags: Any) -> int:
    from assetgen.commands import publish

    return publish.run(shell(flags), manifests, selection(flags), **flags)


@cli.command(help=manual.ROLLBACK)
@options(
    MANIFEST,
    click.argument("name"),
    click.option("--overwrite", is_flag=True, help="Replace files in the way: edited by hand, or not put there by us."),
    *TALKING,
)
def rollback(manifest: str, name: str, overwrite: bool, **flags: Any) -> int:
    from assetgen.commands import publish

    return publish.run_back(shell(flags), manifest, name, overwrite=overwrite)


@cli.command(help=manual.ADOPT)
@options(MANIFEST, click.argument("names", metavar="NAME...", nargs=-1, required=True), *QUIET)
def adopt(manifest: str, names: Sequence[str], **flags: Any) -> int:
    from assetgen.commands import adopt

    return adopt.run(shell(flags), manifest, names)


@cli.command(help=manual.CLEAN)
@options(MANIFESTS, click.option("--dry-run", is_flag=True, help="Only say what would be removed."), *QUIET)
def clean(manifests: Sequence[str], dry_run: bool, **flags: Any) -> int:
    from assetgen.commands import clean

    return clean.run(shell(flags), manifests, dry_run=dry_run)


@cli.command(help=manual.SCHEMA)
@options(click.argument("kind", metavar="[manifest|lock]", default="manifest"), *QUIET)
def schema(kind: str, **flags: Any) -> int:
    from assetgen.commands import schema

    return schema.run(shell(flags), kind)


@cli.command(help=manual.MODELS)
@options(click.argument("id_", metavar="[ID]", required=False), JSON, *QUIET)
def models(id_: str | None, **flags: Any) -> int:
    from assetgen.commands import models

    return models.run(shell(flags), id_)


@cli.command(help=manual.EMULATOR)
@options(
    click.option("--port", type=Whole(0, 65535), default=0, metavar="N", help="Port to listen on; 0 is any free one."),
    click.option("--latency", default="0", metavar="SECONDS", help="How long tasks take; or lognormal:MEDIAN,SIGMA."),
    click.option("--seed", type=int, default=0, metavar="N", help="Another seed, other latencies."),
    click.option("--credits", "balance", type=Usd(), metavar="N", help="Credits to begin with."),
    click.option("--rate-limit", type=Whole(0), default=0, metavar="N", help="Creates per period; 0: any."),
    click.option("--rate-period", type=float, default=10.0, metavar="SECONDS", help="What --rate-limit counts in."),
    click.option("--fault", "faults", multiple=True, metavar="FAULT", help="Something that goes wrong. Repeatable."),
    click.option("--state", type=click.Path(path_type=Path), metavar="FILE", help="Remember tasks in this file."),
    *QUIET,
)
def emulator(**flags: Any) -> int:
    from assetgen.commands import emulator

    return emulator.run(shell(flags), **flags)
