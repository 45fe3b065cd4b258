"""The service's side of the story: what was accepted, how far it is, what is left to spend. Time comes in as a clock.

A plain state machine without I/O, except for the optional state file, to which every accepted task is appended. Knows
neither HTTP nor faults, beyond that a task can be made to fail.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assetgen.digest import Json, canonical_json, digest_of
from assetgen.emulator.options import Options
from assetgen.emulator.rules import Job, Refusal, examine
from assetgen.errors import UsageError

_ERA = 1_790_000_000
"""Seconds added to the clock, so that times look like today's whatever the clock counts from."""

FINAL = {"success": 1, "fail": 3}
"""`successFlag` of the final states; of all others it is 0."""


class RateWindow:
    """Admits at most `limit` events in any `period` seconds; what is rejected does not count. 0 admits everything."""

    def __init__(self, limit: int, period: float) -> None:
        self._limit = limit
        self._period = period
        self._admitted: deque[float] = deque(maxlen=limit or None)

    def admits(self, now: float) -> bool:
        if not self._limit:
            return True
        full = len(self._admitted) == self._limit
        if full and now - self._admitted[0] < self._period:
            return False
        self._admitted.append(now)
        return True


@dataclass(frozen=True, slots=True)
class Task:
    """An accepted request. `turn` counts how often the same body was accepted before; `failure` is code and words."""

    id: str
    job: Job
    turn: int
    created: float
    duration: float
    failure: tuple[str, str] | None = None

    @property
    def due(self) -> float:
        return self.created + self.duration

    def state(self, now: float) -> str:
        """The service's word for how far it is."""
        if self.failure:
            return "fail"
        if now >= self.due:
            return "success"
        age = (now - self.created) / self.duration
        return "waiting" if age < 0.1 else "queuing" if age < 0.3 else "generating"


class Desk:
    """Takes requests, keeps their tasks and the account."""

    def __init__(self, options: Options, clock: Callable[[], float]) -> None:
        self._options = options
        self._clock = clock
        self._window = RateWindow(options.rate_limit, options.rate_period)
        self._tasks: dict[str, Task] = {}
        self._turns: Counter[str] = Counter()
        self.credits_left = options.credits
        self.accepted: list[Json] = []
        self._recall()

    def admit(self) -> bool:
        """Whether the rate limit lets another create through; asking uses up a place."""
        return self._window.admits(self._clock())

    def accept(self, body: Json, load: Callable[[Job], Job | Refusal] = lambda job: job) -> Task | Refusal:
        """Take a request, or say why not; `load` adds its pictures, or says what is wrong with them. What was accepted
        is charged, and remembered for good."""
        job = examine(body, self._options.catalog.models)
        if isinstance(job, Job):
            job = load(job)
        if isinstance(job, Refusal):
            return job
        if job.credits > self.credits_left:
            return Refusal(
                402,
                "Credits insufficient: Your current balance isn't enough to run this request. "
                "Please top up to continue.",
            )
        task = self._enter(body, job, self._clock())
        self._remember({"body": body, "created": task.created})
        return task

    def task(self, id_: str) -> Task | None:
        return self._tasks.get(id_)

    def previous(self, task: Task) -> Task:
        """The task that was accepted before `task`; itself when it is the first."""
        ids = list(self._tasks)
        return self._tasks[ids[max(ids.index(task.id) - 1, 0)]]

    def is_visible(self, task: Task) -> bool:
        return self._clock() - task.created >= self._options.hidden

    def remaining(self, task: Task) -> float:
        """Seconds until the task is final."""
        return max(0.0, self._tasks[task.id].due - self._clock())

    def fail(self, id_: str, code: str, words: str) -> Task:
        """End a task in failure and give its credits back. The first failure stays."""
        if self._tasks[id_].failure is None:
            self._fail(id_, code, words)
            self._remember({"failed": id_, "code": code, "words": words})
        return self._tasks[id_]

    def finish_all(self) -> None:
        """Let every task that still runs be done now."""
        now = self._clock()
        for task in tuple(self._tasks.values()):
            if task.due > now:
                self._tasks[task.id] = replace(task, duration=max(0.0, now - task.created))

    def record(self, task: Task, link: str) -> dict[str, Json]:
        """The `data` of a `recordInfo` answer. `link` is where the picture of a finished task is."""
        now = self._clock()
        state = task.state(now)
        result: dict[str, Json] | None = {"resultUrls": [link]} if state == "success" else None
        ended = min(now, task.due) if state in FINAL else None
        code, words = task.failure or (None, None)
        inner = json.dumps({"model": task.job.model.id, "input": json.dumps(dict(task.job.input))})
        return {
            "taskId": task.id,
            "model": task.job.model.id,
            "state": state,
            "successFlag": FINAL.get(state, 0),
            "param": inner,
            "costTime": None if ended is None else round(ended - task.created),
            "creditsConsumed": float(task.job.credits) if state == "success" else None,
            "createTime": _milliseconds(task.created),
            "updateTime": _milliseconds(ended or now),
            "completeTime": None if ended is None else _milliseconds(ended),
            "failCode": code,
            "failMsg": words,
            "resultJson": json.dumps(result) if result else "",
            "response": result,
        }

    def _enter(self, body: Json, job: Job, created: float) -> Task:
        request = digest_of(canonical_json({"model": job.model.id, "input": job.input}))
        turn = self._turns[request]
        self._turns[request] += 1
        id_ = f"emulator-{digest_of(f'{self._options.seed} {request} {turn}'.encode())[:24]}"
        task = Task(id_, job, turn, created, self._options.latency.of(id_, self._options.seed))
        self._tasks[id_] = task
        self.accepted.append(body)
        self.credits_left -= job.credits
        return task

    def _fail(self, id_: str, code: str, words: str) -> None:
        task = self._tasks[id_]
        self._tasks[id_] = replace(task, failure=(code, words))
        self.credits_left += task.job.credits

    # --- the state file ----------------------------------------------------------------------------------------------

    def _remember(self, event: dict[str, Json]) -> None:
        if self._options.state is not None:
            with self._options.state.open("a", encoding="utf-8") as file:
                file.write(json.dumps(event) + "\n")

    def _recall(self) -> None:
        for event in _events(self._options.state):
            if "failed" in event:
                self._fail(event["failed"], event["code"], event["words"])
                continue
            job = examine(event["body"], self._options.catalog.models)
            if isinstance(job, Job):
                self._enter(event["body"], job, event["created"])


def _events(path: Path | None) -> Iterator[dict[str, Any]]:
    if path is None or not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield json.loads(line)
        except ValueError:
            raise UsageError(
                f"{path}:{number}: the emulator's state cannot be read", hint="delete the file to start afresh"
            ) from None


def _milliseconds(time: float) -> int:
    return round((_ERA + time) * 1000)
