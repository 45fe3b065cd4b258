"""A real browser: the Chromium of the system, driven by Playwright. One for all tests; each gets a page of its own.

A page that logs an error, that fails, or that asks anything of another host, fails its test.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

SECONDS = 10
"""How long something may take to appear before a test fails."""


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """A browser without a window; skips the test where there is none."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium to open pages with; `.ci/system-packages` installs it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(browser: Browser, url: str, *, but: str = "\0", **options: Any) -> AsyncIterator[Page]:
    """A page of its own, without anything that others stored. Whatever it complains about fails the test in the end,
    `but` for what holds these words; so does what it asks of other hosts than its own."""
    context = await browser.new_context(**options)
    context.set_default_timeout(SECONDS * 1000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: _note(message, complaints))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: _check(request, url, complaints))
    await page.goto(url)
    yield page
    await context.close()
    unexpected = [complaint for complaint in complaints if but not in complaint]
    assert not unexpected, "\n".join(unexpected)


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type in ("error", "warning"):
        complaints.append(message.text)


def _check(request: Request, url: str, complaints: list[str]) -> None:
    own = url.split("/", 3)[:3] if url.startswith("http") else ["file:"]
    if not request.url.startswith(("data:", "blob:", "/".join(own))):
        complaints.append(f"asked for {request.url}")


async def hindrances(page: Page) -> list[str]:
    """What axe-core finds that keeps people from using the page as it is now."""
    results = await Axe().run(page)
    return [
        f"{violation['id']}: {node['html']} {node['failureSummary']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def page_url(file: Path) -> str:
    return file.resolve().as_uri()
