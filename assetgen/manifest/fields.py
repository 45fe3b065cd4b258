"""The kinds of value that manifest fields have, each with its rule, its words for mistakes, and its JSON Schema.

A type's error carries a phrase that completes "must be ...": `complaints` makes the sentence.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    Tag,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from assetgen.manifest.naming import LABEL_PATTERN, NAME_PATTERN, NAME_RULE, is_name

EXPECTED = "expected"
"""Type of an error about the kind of a value; its message completes "must be ..."."""

SHAPE = "shape"
"""The same about the value itself."""

RULE = "rule"
"""Type of an error whose message is a whole sentence; `hint` is in its context."""

TEXT, LIST, MAPPING, NUMBER, FLAG = "<text>", "<list>", "<mapping>", "<number>", "<flag>"
"""Tags of the kinds of value; no manifest key looks like one."""

ASPECT_RATIOS = (
    *("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "auto"),
    *("1:2", "2:1", "1:3", "3:1", "1:4", "4:1", "1:8", "8:1", "9:21"),
)
RESOLUTIONS = ("1K", "2K", "3K", "4K", "480p", "720p", "768p", "1080p")
"""What some model knows; each knows fewer, as the table of models says."""

COLOUR_PATTERN = "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"
BOX_PATTERN = "^[1-9][0-9]{0,4}x[1-9][0-9]{0,4}$"

LARGEST_EDGE = 10_000
"""Pixels. WebP holds 16,383, and no picture of more than 100 million pixels is made."""


SPELLINGS = {"remove_bg": "removeBg"}
"""Keys that may be spelled in another way."""


class Written(BaseModel):
    """A mapping of the manifest: nothing but the keys that it knows, and no guessing at types."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True, defer_build=True)


def key(description: str, example: JsonValue, *, default: JsonValue = None, alias: str | None = None) -> Any:
    """A key that may be left out. `default` is what then holds, for the schema and the reference; the value of the
    attribute is None, so that what was written can be told from what was not."""
    extra: dict[str, Any] | None = None if default is None else {"default": default}
    return Field(None, alias=alias, description=description, examples=[example], json_schema_extra=extra)


def kind_of(value: Any) -> str | None:
    """The tag of the kind of `value`, for choosing the branch of a union."""
    return _KINDS.get(type(value)) or (MAPPING if isinstance(value, BaseModel) else None)


_KINDS: dict[type, str] = {str: TEXT, list: LIST, dict: MAPPING, bool: FLAG, int: NUMBER, float: NUMBER}


def one_of(phrase: str) -> Discriminator:
    """Chooses the branch of a union of tagged kinds; `phrase` says what the field may be."""
    return Discriminator(kind_of, custom_error_type=EXPECTED, custom_error_message=phrase)


def or_else(phrase: str) -> WrapValidator:
    """For a word that a field may be instead of something else: `phrase` says all that it may be."""

    def word(value: Any, is_it: ValidatorFunctionWrapHandler) -> Any:
        try:
            return is_it(value)
        except ValidationError:
            raise PydanticCustomError(SHAPE, phrase) from None

    return WrapValidator(word)


def _colour(value: str) -> str:
    """Upper-case `#RRGGBB`: two spellings of one colour give one prompt."""
    short = re.fullmatch(r"#([0-9a-fA-F]{3})", value)
    if short:
        return "#" + "".join(digit * 2 for digit in short[1]).upper()
    if re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return value.upper()
    if re.fullmatch(r"#[0-9a-fA-F]{8}", value):
        raise PydanticCustomError(
            RULE, "`{value}` has an alpha channel", {"value": value, "hint": f'write `"{value[:7]}"`'}
        )
    from assetgen.manifest.colours import colour_hint  # only mistakes pay for it

    raise PydanticCustomError(RULE, "`{value}` is not a colour", {"value": value, "hint": colour_hint(value)})


def _name(value: str) -> str:
    if not is_name(value):
        raise PydanticCustomError(RULE, "`{value}` cannot be a name", {"value": value, "hint": NAME_RULE})
    return value


def _label(value: str) -> str:
    if not re.fullmatch(LABEL_PATTERN, value):
        hint = "write one like `@2x` or `hero`"
        raise PydanticCustomError(RULE, "`{value}` cannot be the label of a size", {"value": value, "hint": hint})
    return value


def _box(value: str) -> str:
    """`WIDTHxHEIGHT` in pixels."""
    match = re.fullmatch(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4})", value)
    if not match:
        raise PydanticCustomError(SHAPE, "a width in pixels, or a box such as `1280x720`")
    if max(int(match[1]), int(match[2])) > LARGEST_EDGE:
        raise PydanticCustomError(SHAPE, f"at most {LARGEST_EDGE} pixels wide and high")
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError(EXPECTED, "text that says something")
    return value


Text: TypeAlias = Annotated[str, AfterValidator(_not_blank)]
Name: TypeAlias = Annotated[str, AfterValidator(_name), WithJsonSchema({"type": "string", "pattern": NAME_PATTERN})]
Label: TypeAlias = Annotated[str, AfterValidator(_label), WithJsonSchema({"type": "string", "pattern": LABEL_PATTERN})]
Colour: TypeAlias = Annotated[
    str,
    AfterValidator(_colour),
    WithJsonSchema({"type": "string", "pattern": COLOUR_PATTERN}),
]
Edge: TypeAlias = Annotated[int, Field(ge=1, le=LARGEST_EDGE)]
Box: TypeAlias = Annotated[
    str,
    AfterValidator(_box),
    WithJsonSchema({"type": "string", "pattern": BOX_PATTERN}),
]
Size: TypeAlias = Annotated[
    Annotated[Edge, Tag(NUMBER)] | Annotated[Box, Tag(TEXT)],
    one_of("a width in pixels, or a box such as `1280x720`"),
]
Sizes: TypeAlias = Annotated[
    Annotated[list[Size], Tag(LIST)] | Annotated[dict[Label, Size], Tag(MAPPING)],
    one_of("a list of sizes, or a mapping of labels to sizes"),
]
Lines: TypeAlias = Annotated[
    Annotated[Text, Tag(TEXT)] | Annotated[list[Text], Field(min_length=1), Tag(LIST)],
    one_of("text or a list of texts"),
]
Folders: TypeAlias = Annotated[
    Annotated[Text, Tag(TEXT)] | Annotated[list[Text], Field(min_length=1), Tag(LIST)],
    one_of("a folder or a list of folders"),
]
Files: TypeAlias = Annotated[
    Annotated[Text, Tag(TEXT)] | Annotated[list[Text], Field(min_length=1), Tag(LIST)],
    one_of("a file or a list of files"),
]
_LEVELS = "a number from 1 to 100, or `lossless`"
Level: TypeAlias = Annotated[
    Annotated[int, Field(ge=1, le=100), Tag(NUMBER)] | Annotated[Literal["lossless"], or_else(_LEVELS), Tag(TEXT)],
    one_of(_LEVELS),
]
AspectRatio: TypeAlias = Annotated[str, WithJsonSchema({"type": "string", "enum": list(ASPECT_RATIOS)})]
Resolution: TypeAlias = Annotated[str, WithJsonSchema({"type": "string", "enum": list(RESOLUTIONS)})]
Free: TypeAlias = dict[Text, JsonValue]
"""Any plain data; what it may be is not ours to say."""
