"""The command line: options, help, and the one place where errors become words and exit codes.

Imports click and small modules only; what a command needs is imported when it is called.
"""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from assetgen import __version__
from assetgen.commands import manual
from assetgen.errors import AssetgenError, Problem, UsageError

if TYPE_CHECKING:
    from assetgen.commands.shell import Selection, Shell
    from assetgen.report.console import Console

BUG = 70
INTERRUPTED = 130

Command = Callable[..., int]


# --- the boundary --------------------------------------------------------------------------------------------------


def main() -> int:
    """Run the command line of this process. What nobody expected is a bug of ours, and reported as one."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return cli.run(None, "assetgen")
    except Exception as error:
        from assetgen.commands.crash import problem_of

        return _tell([problem_of(error, sys.argv[1:], os.environ)], BUG, sys.argv[1:])


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def guarded(command: Callable[[], int | None], arguments: Sequence[str]) -> int:
    """The exit code of `command`; whatever went wrong and could be expected is told."""
    try:
        return command() or 0
    except AssetgenError as error:
        return _tell(_seen_from_here(error.problems), error.exit_code, arguments)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return UsageError.exit_code
    except click.ClickException as error:
        return _tell([_misuse(error)], UsageError.exit_code, arguments)
    except (click.Abort, KeyboardInterrupt):
        problem = Problem("interrupted", "interrupted", hint="run the same command again to go on")
        return _tell([problem], INTERRUPTED, arguments)


def _tell(problems: Sequence[Problem], code: int, arguments: Sequence[str]) -> int:
    _console(json="--json" in arguments, color="--no-color" not in arguments).problems(problems)
    return code


def _seen_from_here(problems: Sequence[Problem]) -> Sequence[Problem]:
    from assetgen.report.problems import seen_from

    try:
        return [seen_from(Path.cwd(), problem) for problem in problems]
    except OSError:
        return problems


def _misuse(error: click.ClickException) -> Problem:
    """What click has to say, in our words: a sentence without a capital or a full stop, and the next step."""
    near: Sequence[str] = getattr(error, "possibilities", None) or ()
    context: click.Context | None = getattr(error, "ctx", None)
    called = context.command_path if context else "assetgen"
    if isinstance(error, click.MissingParameter) and error.param:
        name = (error.param.metavar or error.param.name or "").rstrip(".")
        meant = _only_manifest() if error.param.name == "manifests" else None
        hint = f"did you mean `{called} {meant}`?" if meant else f"see `{called} --help`, with examples"
        return Problem(UsageError.code, f"{name} is missing", hint=hint)
    sentence = error.message if near else error.format_message()
    hint = f"did you mean `{near[0]}`?" if near else f"see `{called} --help`"
    return Problem(UsageError.code, sentence[:1].lower() + sentence[1:].rstrip("."), hint=hint)


def _only_manifest() -> str | None:
    from assetgen.commands.nearby import only_manifest

    try:
        return only_manifest(_cwd())
    except (OSError, UsageError):
        return None


class CommandLine(click.Group):
    """The group of all commands, with a manual page for help and errors told in one style."""

    def main(  # type: ignore[override]  # whatever is asked for, this ends the process
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        sys.exit(self.run(args, prog_name, **extra))

    def run(self, args: Sequence[str] | None, prog_name: str | None, **extra: Any) -> int:
        """Like `main`, but returns the exit code. Lets through what nobody expected."""
        arguments = sys.argv[1:] if args is None else list(args)
        command = functools.partial(super().main, args, prog_name, standalone_mode=False, obj=arguments, **extra)
        return guarded(command, arguments)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands and not args[0].startswith("-"):
            from assetgen.manifest.suggest import did_you_mean_of

            raise UsageError(f"there is no command `{args[0]}`", hint=did_you_mean_of(args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [name for names in manual.GROUPS.values() for name in names if name in self.commands]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_usage(ctx, formatter)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(manual.ABOUT)
        _examples(formatter, "Quick start", manual.QUICK_START)
        for heading, names in manual.GROUPS.items():
            known = [(name, self.commands[name]) for name in names if name in self.commands]
            _section(formatter, heading, [(name.ljust(8), command.get_short_help_str(100)) for name, command in known])
        self.format_options(ctx, formatter)
        _section(formatter, "Environment", manual.ENVIRONMENT)
        with formatter.indentation():
            formatter.write_text(manual.ENVIRONMENT_NOTE)
        _section(formatter, "Exit codes", manual.EXIT_CODES)
        _examples(formatter, "Examples", manual.EXAMPLES)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Told by the manual page already, in groups."""


def _section(formatter: click.HelpFormatter, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(heading):
            formatter.write_dl(rows, col_max=30)


def _examples(formatter: click.HelpFormatter, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    with formatter.section(heading):
        for command, purpose in rows:
            formatter.write_text(f"{purpose}:")
            formatter.write(f"    {command}\n")


# --- what commands are handed --------------------------------------------------------------------------------------


def _console(*, json: bool = False, verbosity: int = 1, color: bool = True) -> Console:
    from assetgen.report.console import Console
    from assetgen.report.progress import Verbosity

    level = Verbosity(verbosity)
    return Console.on(sys.stdout, sys.stderr, os.environ, json=json, verbosity=level, color=color)


def _shell(flags: dict[str, Any]) -> Shell:
    """The shell that the options about talking ask for; takes them out of `flags`."""
    from assetgen.commands.shell import Shell

    verbose, quiet = flags.pop("verbose", False), flags.pop("quiet")
    if verbose and quiet:
        raise UsageError("-v and -q contradict each other", hint="leave one of them out")
    console = _console(json=flags.pop("json", False), verbosity=1 + verbose - quiet, color=not flags.pop("no_color"))
    return Shell(_cwd(), dict(os.environ), console, click.get_current_context().obj)


def _cwd() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError("the current folder does not exist any more", hint="change to another one") from None


def _selection(flags: dict[str, Any]) -> Selection:
    """The selection that the options about assets make; takes them out of `flags`."""
    from assetgen.commands.shell import Selection

    names = ("only", "tags", "provider", "draft", "regenerate", "refresh", "overwrite")
    return Selection(**{name: flags.pop(name) for name in names if name in flags})


class Usd(click.ParamType[Decimal]):
    """An amount of US dollars."""

    name = "usd"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            amount = Decimal(str(value).removeprefix("$"))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            self.fail(f"`{value}` is no amount of US dollars, such as 2.50", param, ctx)
        return amount


class Whole(click.IntRange):
    """A whole number, not below `min`."""

    name = "whole number"


# --- the options ---------------------------------------------------------------------------------------------------

Option = Callable[[Command], Command]

MANIFEST = click.argument("manifest", metavar="MANIFEST")
MANIFESTS = click.argument("manifests", metavar="MANIFEST...", nargs=-1, required=True)

QUIET = (
    click.option("-q", "--quiet", is_flag=True, help="Only failures and the last line."),
    click.option("--no-color", is_flag=True, help="No colour, as with NO_COLOR set."),
)
JSON = click.option("--json", is_flag=True, help="One JSON document on stdout; text for people goes to stderr.")
VERBOSE = click.option("-v", "--verbose", is_flag=True, help="Also reasons, every asset and every file.")
TALKING = (JSON, VERBOSE, *QUIET)

SELECTING = (
    click.option("--only", multiple=True, metavar="GLOB", help="Only assets whose name matches. Repeatable."),
    click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only assets with this tag. Repeatable."),
)
MAKING = (
    click.option("--provider", metavar="NAME", help="Who makes what must be made, whatever the manifest says."),
    click.option("--draft", is_flag=True, help="Free drafts for what has no real picture; never replaces a real one."),
    click.option(
        "--regenerate",
        multiple=True,
        metavar="GLOB",
        help="A new picture, though nothing changed; NAME/2: of one variant. Pays.",
    ),
    click.option(
        "--refresh",
        multiple=True,
        metavar="GLOB",
        help="Web references, encoders and removers of today. With a NAME in full: pays for another cutout.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace files in the way: edited by hand, or not made by us."),
)
LIMITS = (
    click.option("--max-cost", type=Usd(), metavar="USD", help="Stop before the first paid call if it costs more."),
    click.option("--allow-unpriced", is_flag=True, help="Go on though a price is unknown and there is a limit."),
    click.option("--dry-run", is_flag=True, help="Only show what would be done, as `plan` does."),
    click.option("--fail-fast", is_flag=True, help="Start nothing more once an asset failed."),
    click.option("-j", "--jobs", type=Whole(1, 256), metavar="N", help="Pictures to work on at once."),
    click.option("--callback-url", metavar="URL", help="Where the service may post that a picture is done."),
    click.option("--callback-port", type=Whole(1, 65535), metavar="N", help="The local port that these posts reach."),
)


def options(*decorators: Option) -> Option:
    """Several options and arguments as one decorator, shown in this order."""
    return lambda command: functools.reduce(lambda decorated, option: option(decorated), reversed(decorators), command)


# --- the commands --------------------------------------------------------------------------------------------------


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", message="assetgen %(version)s", help="Show the version.")
def cli() -> None:
    """A declarative build tool for generated brand assets."""


@cli.command(help=manual.INIT)
@options(
    click.argument("folder", metavar="[DIR]", default="."),
    click.option("--template", default="app", show_default=True, metavar="NAME", help="Which starter manifest."),
    *QUIET,
)
def init(folder: str, template: str, **flags: Any) -> int:
    from assetgen.commands import init

    return init.run(_shell(flags), folder, template)


@cli.command(help=manual.VALIDATE)
@options(MANIFESTS, JSON, *QUIET)
def validate(manifests: Sequence[str], **flags: Any) -> int:
    from assetgen.commands import validate

    return validate.run(_shell(flags), manifests)


@cli.command(help=manual.PLAN)
@options(MANIFESTS, *SELECTING, *MAKING, *TALKING)
def plan(manifests: Sequence[str], **flags: Any) -> int:
    from assetgen.commands import plan

    return plan.run(_shell(flags), manifests, _selection(flags))


@cli.command(help=manual.BUILD)
@options(MANIFESTS, *SELECTING, *MAKING, *LIMITS, *TALKING)
def build(manifests: Sequence[str], **flags: Any) -> int:
    from assetgen.commands import build

    return build.run(_shell(flags), manifests, _selection(flags), **flags)


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
    return run(_shell(flags), manifests, _selection(flags))


@cli.command(help=manual.EXPLAIN)
@options(MANIFEST, click.argument("name"), *QUIET)
def explain(manifest: str, name: str, **flags: Any) -> int:
    from assetgen.commands import explain

    return explain.run(_shell(flags), manifest, name)


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
        return review.serve(_shell(flags), manifests, _selection(flags), port=port or 0, by=by)
    return review.run(_shell(flags), manifests, _selection(flags), out=out)


def _review_summary(
    manifests: Sequence[str], flags: dict[str, Any], *, markdown: bool, junit: Path | None, page: bool
) -> int:
    from assetgen.commands import review_summary

    if page or (markdown and flags["json"]):
        hint = "one at a time: a page (--out, --serve), or a summary (--markdown or --json, and --junit)"
        raise UsageError("a page, --markdown and --json contradict each other", hint=hint)
    return review_summary.run(_shell(flags), manifests, _selection(flags), markdown=markdown, junit=junit)


@cli.command(help=manual.DOCTOR)
@options(
    click.argument("manifests", metavar="[MANIFEST]...", nargs=-1),
    click.option("--provider", metavar="NAME", help="Reckon as `build --provider NAME` would."),
    JSON,
    *QUIET,
)
def doctor(manifests: Sequence[str], provider: str | None, **flags: Any) -> int:
    from assetgen.commands import doctor

    return doctor.run(_shell(flags), manifests, provider)


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
        return decide.run(_shell(flags), manifest, names, "accepted", **flags)
    if names or flags.pop("everything") or flags.pop("note"):
        raise UsageError("--from brings names and notes of its own", hint="leave NAME, --all and --note out")
    return decide.run_file(_shell(flags), file, manifest, **flags)


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

    return decide.run(_shell(flags), manifest, names, "rejected", **flags)


@cli.command(help=manual.PICK)
@options(MANIFEST, click.argument("name"), click.argument("number", type=Whole(1, 8)), *QUIET)
def pick(manifest: str, name: str, number: int, **flags: Any) -> int:
    from assetgen.commands import pick

    return pick.run(_shell(flags), manifest, name, number)


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

    return publish.run(_shell(flags), manifests, _selection(flags), **flags)


@cli.command(help=manual.ROLLBACK)
@options(
    MANIFEST,
    click.argument("name"),
    click.option("--overwrite", is_flag=True, help="Replace files in the way: edited by hand, or not put there by us."),
    *TALKING,
)
def rollback(manifest: str, name: str, overwrite: bool, **flags: Any) -> int:
    from assetgen.commands import publish

    return publish.run_back(_shell(flags), manifest, name, overwrite=overwrite)


@cli.command(help=manual.ADOPT)
@options(MANIFEST, click.argument("names", metavar="NAME...", nargs=-1, required=True), *QUIET)
def adopt(manifest: str, names: Sequence[str], **flags: Any) -> int:
    from assetgen.commands import adopt

    return adopt.run(_shell(flags), manifest, names)


@cli.command(help=manual.CLEAN)
@options(MANIFESTS, click.option("--dry-run", is_flag=True, help="Only say what would be removed."), *QUIET)
def clean(manifests: Sequence[str], dry_run: bool, **flags: Any) -> int:
    from assetgen.commands import clean

    return clean.run(_shell(flags), manifests, dry_run=dry_run)


@cli.command(help=manual.SCHEMA)
@options(click.argument("kind", metavar="[manifest|lock]", default="manifest"), *QUIET)
def schema(kind: str, **flags: Any) -> int:
    from assetgen.commands import schema

    return schema.run(_shell(flags), kind)


@cli.command(help=manual.MODELS)
@options(click.argument("id_", metavar="[ID]", required=False), JSON, *QUIET)
def models(id_: str | None, **flags: Any) -> int:
    from assetgen.commands import models

    return models.run(_shell(flags), id_)


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

    return emulator.run(_shell(flags), **flags)
