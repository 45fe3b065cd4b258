"""Requests that a service's safety system refused, so that none is sent again and again without a word."""

from __future__ import annotations

from assetgen.digest import StepKey
from assetgen.plan.world import Refusal
from assetgen.store.session import Session


class Refusals:
    """By the request's key. No API key and no URL with credentials is ever handed in."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(self, key: StepKey, words: str, task: str | None) -> None:
        """A request was refused once more: the service's own words, and the task that it was, if there was one."""
        sql = """INSERT INTO refusals VALUES (?, 1, ?, ?) ON CONFLICT (key)
                 DO UPDATE SET count = count + 1, words = excluded.words, task = excluded.task"""
        self._session.write(sql, (key, words, task))

    def all(self) -> dict[StepKey, Refusal]:
        """Every request that was ever refused."""
        sql = "SELECT key, count, words, task FROM refusals"
        return {key: Refusal(count, words, task) for key, count, words, task in self._session.read(sql)}
