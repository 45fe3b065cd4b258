"""The environment that counts: the process's own, completed by `.env` and `.env.local` of the project root.

The process's environment comes in as an argument. What an env file says is part of a checkout and therefore somebody
else's word: an address from there is never combined with a key of the person who runs the build, and `${NAME}` in it
is not replaced, so that it cannot carry a secret away in an address.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assetgen.errors import Place, Problem, UsageError

ENV_FILES = (".env", ".env.local")
"""Read in this order; the later one wins over the earlier."""

KEY_OF_ADDRESS = {
    "KIE_AI_BASE_URL": "KIE_AI_API_KEY",
    "KIE_AI_UPLOAD_URL": "KIE_AI_API_KEY",
    "BG_REMOVE_URL": "BG_REMOVE_API_KEY",
}
"""Which key a service address is sent."""

VARIABLES = (
    *("KIE_AI_API_KEY", "KIE_AI_BASE_URL", "KIE_AI_UPLOAD_URL", "KIE_AI_WEBHOOK_KEY"),
    *("BG_REMOVE_URL", "BG_REMOVE_API_KEY", "BG_REMOVE_API_KEY_HEADER"),
    *("ASSETGEN_PROVIDER", "NO_COLOR", "CI"),
)
"""Every variable that means something to us."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables in effect, and what people should know about how they came about. `sources` names the env file that
    a value comes from; all others are the process's own. `read` are the env files that there are."""

    values: Mapping[str, str]
    warnings: tuple[Problem, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    read: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Setting:
    value: str
    place: Place


def environment(root: Path, process: Mapping[str, str]) -> Environment:
    """The process's environment over `.env.local` over `.env`. Raises UsageError for a file that cannot be read."""
    settings: dict[str, _Setting] = {}
    warnings: list[Problem] = []
    for name in ENV_FILES:
        for line in _lines(root / name, name):
            if isinstance(line, Problem):
                warnings.append(line)
            else:
                settings |= line
    values = {name: setting.value for name, setting in settings.items()} | dict(process)
    for address, key in KEY_OF_ADDRESS.items():
        if address in settings and address not in process and process.get(key):
            values.pop(key, None)
            warnings.append(_withheld(address, key, settings[address]))
    sources = {name: setting.place.file for name, setting in settings.items() if name in values and name not in process}
    read = tuple(name for name in ENV_FILES if (root / name).is_file())
    return Environment(values, tuple(warnings), sources, read)


def _withheld(address: str, key: str, setting: _Setting) -> Problem:
    return Problem(
        "key_withheld",
        f"{address} comes from {setting.place.file} and {key} from your own environment: the key is not used",
        setting.place,
        f"set {address} in your environment too, or unset {key} there and write it into {setting.place.file}",
    )


def _lines(path: Path, shown: str) -> Iterator[dict[str, _Setting] | Problem]:
    """What an env file sets, line by line; nothing when there is none."""
    text = _text(path, shown)
    if not text:
        return
    from dotenv.parser import parse_stream

    for binding in parse_stream(io.StringIO(text)):
        place = Place(shown, binding.original.line + _leading_line_ends(binding.original.string), 1)
        if binding.error:
            yield Problem("env_file", "this line is not NAME=value and was left out", place)
        elif binding.key is not None and binding.value is not None:
            yield {binding.key: _Setting(binding.value, place)}


def _leading_line_ends(text: str) -> int:
    """The parser counts blank lines as the beginning of the line that follows them."""
    return text[: len(text) - len(text.lstrip())].count("\n")


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return ""
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown} is not UTF-8 text", hint="save it as UTF-8", place=Place(shown)) from error
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror}", place=Place(shown)) from error
