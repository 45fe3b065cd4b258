"""One field of a model's `input`, as its service documents it: what kind of value it takes, and its limits. Pure data.

Knows no model and no manifest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from assetgen.digest import Json

Kind: TypeAlias = Literal["text", "choice", "whole", "number", "flag", "link", "links", "list"]


@dataclass(frozen=True, slots=True)
class Field:
    """`values` are those of a choice, in exact case. `least` and `most` bound a number, the characters of a text or
    the items of a list. `default` is what the service takes when the field is not sent; one that is `required` is
    refused when it is missing all the same.
    """

    name: str
    kind: Kind
    required: bool = False
    default: Json = None
    values: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    def accepts(self, value: Json) -> bool:
        """Whether the service takes this value, compared exactly: `1k` is not `1K`, and `5` is not `"5"`."""
        match self.kind:
            case "choice":
                return value in self.values
            case "text":
                return isinstance(value, str) and self._holds(len(value))
            case "flag":
                return isinstance(value, bool)
            case "whole":
                return isinstance(value, int) and not isinstance(value, bool) and self._holds(value)
            case "number":
                return isinstance(value, int | float) and not isinstance(value, bool) and self._holds(value)
            case "link":
                return is_link(value)
            case "links":
                return isinstance(value, list) and self._holds(len(value)) and all(is_link(link) for link in value)
            case "list":
                return isinstance(value, list) and self._holds(len(value))

    @property
    def allowed(self) -> str:
        """What it takes, in words that complete "has to be ..."."""
        match self.kind:
            case "choice":
                return one_of(self.values)
            case "text":
                return f"text{self._range(' of {} to {} characters', ' of at most {} characters', '')}"
            case "flag":
                return "true or false"
            case "whole":
                return f"a whole number{self._range(' from {} to {}', ' up to {}', ' from {}')}"
            case "number":
                return f"a number{self._range(' from {} to {}', ' up to {}', ' from {}')}"
            case "link":
                return "a public link to a file"
            case "links":
                return f"a list of{self._range(' {} to {}', ' at most {}', '')} public links to files"
            case "list":
                return f"a list{self._range(' of {} to {} entries', ' of at most {} entries', '')}"

    def _holds(self, amount: float) -> bool:
        return (self.least is None or amount >= self.least) and (self.most is None or amount <= self.most)

    def _range(self, both: str, most: str, least: str) -> str:
        if self.most is None:
            return "" if self.least is None else least.format(plain(self.least))
        if self.least is None:
            return most.format(plain(self.most))
        return both.format(plain(self.least), plain(self.most))


def is_link(value: Json) -> bool:
    """Whether it is an address that a service could fetch: never a path, never data."""
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def one_of(values: tuple[str, ...]) -> str:
    """`1K`, `2K` or `4K`."""
    quoted = [f"`{value}`" for value in values]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def plain(number: float) -> str:
    """A number as people write it: 10,000 and 2.5, never 10000.0."""
    return f"{int(number):,}" if number == int(number) else f"{number:g}"


def choice(name: str, values: str, *, default: str | None = None, required: bool = False) -> Field:
    """One of the words of `values`."""
    return Field(name, "choice", required, default, tuple(values.split()))


def text(name: str, most: int | None = None) -> Field:
    return Field(name, "text", most=most)


def flag(name: str, default: bool | None = None, *, required: bool = False) -> Field:
    return Field(name, "flag", required, default)


def whole(name: str, least: int | None = None, most: int | None = None, default: int | None = None) -> Field:
    return Field(name, "whole", default=default, least=least, most=most)


def number(name: str, least: float, most: float, default: float | None = None) -> Field:
    return Field(name, "number", default=default, least=least, most=most)


def link(name: str) -> Field:
    return Field(name, "link")


def links(name: str, most: int) -> Field:
    return Field(name, "links", most=most)


def entries(name: str, most: int | None = None, *, least: int | None = None) -> Field:
    """A list whose entries are not checked."""
    return Field(name, "list", least=least, most=most)
