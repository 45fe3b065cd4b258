"""The options that several commands have, and what kinds of values options take."""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

import click

Command: TypeAlias = Callable[..., int]
Option: TypeAlias = Callable[[Command], Command]


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
