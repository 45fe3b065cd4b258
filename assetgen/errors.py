"""What can go wrong for a user: one class per cause, each with its code, exit code, place and next step.

Knows nothing of commands or printing; `report/` turns these into text or JSON, `cli/` into an exit code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was written. `line` and `column` count from 1; line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, ready to be shown: a stable code, a sentence, where it is, and what to do about it.

    `excerpt` is the source line the place points into, without its line end.
    """

    code: str
    message: str
    place: Place | None = None
    hint: str | None = None
    excerpt: str | None = None


class AssetgenError(Exception):
    """Anything expected: carries the problems to report and the exit code to end with."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None, place: Place | None = None) -> None:
        super().__init__(message)
        self.problems: tuple[Problem, ...] = (Problem(self.code, message, place, hint),)

    @property
    def message(self) -> str:
        return self.problems[0].message

    @property
    def hint(self) -> str | None:
        return self.problems[0].hint


class UsageError(AssetgenError):
    """The command line asks for something that cannot be."""

    code = "usage"
    exit_code = 2


class ManifestError(AssetgenError):
    """Everything that is wrong with the manifests of a run, reported together."""

    code = "manifest"
    exit_code = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


class LockError(AssetgenError):
    """The lockfile cannot be read: broken JSON, a merge conflict, a newer version."""

    code = "lock"
    exit_code = 2


class StateError(AssetgenError):
    """`.assetgen/` cannot be read or written. Never treated as empty: an empty state would pay again."""

    code = "state"
    exit_code = 2


class BudgetError(AssetgenError):
    """The plan costs more than `budget` or `--max-cost` allow; nothing was sent."""

    code = "budget"
    exit_code = 4


class PlanChangedError(AssetgenError):
    """`build --plan FILE` found that the saved plan no longer holds."""

    code = "plan_changed"
    exit_code = 3


class AssetError(AssetgenError):
    """One asset cannot be finished; the others go on. `code` is the `error.code` of the JSON report."""

    code = "failed"


class BlockedError(AssetError):
    """Going on would pay for, or change, a picture that nobody asked to change."""

    code = "blocked"


class EditedError(AssetError):
    """An output was edited by hand; it is kept."""

    code = "edited"


class StillRunningError(AssetError):
    """We stopped waiting; the service has not. The next build collects the task."""

    code = "still_running"


class MaybeChargedError(AssetError):
    """A submission was sent and never answered: it may exist, and may have been charged."""

    code = "maybe_charged"


class ExportError(AssetError):
    """A file cannot be made from the master as asked."""

    code = "export"


class PictureError(AssetError):
    """Bytes that should be a picture are not one we accept."""

    code = "picture"


class WriteError(AssetError):
    """A file cannot be written where it belongs."""

    code = "write"
