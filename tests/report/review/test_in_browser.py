"""The page in a real browser, opened from the disk: looking, filtering, deciding, with the keyboard and without."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from assetgen.publish.decisions import Standing
from assetgen.report.review.page import page as html_of
from tests.report.review.samples import HOSTILE, changed, file, picture, review, subject
from tests.support.browser import hindrances, opened, page_url

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASSETS = (
    subject("coin", tags=("icon", "shop"), description="The coin of the shop", files=(file(edge=24, link="coin.png"),)),
    changed("gem", manifest="app.yaml", files=(file(edge=32, link="gem.png"),)),
    subject("bolt", failure="it is in the way", tags=("icon",)),
    subject("star", manifest="shop.yaml", standing=Standing.ACCEPTED, by="Ann", note="lovely"),
    subject("moon", manifest="shop.yaml", seen=None, picture=None),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    (folder / "coin.png").write_bytes(picture("#EC4899", 24).thumbnail)
    (folder / "gem.png").write_bytes(picture("#8B5CF6", 32).thumbnail)
    (folder / "index.html").write_text(html_of(review(*ASSETS)))
    return folder


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, folder: Path) -> AsyncIterator[Page]:
    async with opened(browser, page_url(folder / "index.html")) as page:
        yield page


async def names(page: Page) -> list[str]:
    return await page.locator(".item:not([hidden]) .name").all_text_contents()


async def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        await page.keyboard.press(key)


async def test_filters_tags_and_search_leave_what_matches(page: Page) -> None:
    assert await names(page) == ["coin", "gem", "bolt", "star", "moon"]
    shown = {
        "Needs me": ["coin", "gem", "bolt"],
        "Changed": ["gem"],
        "Failed": ["bolt"],
        "All": [s.name for s in ASSETS],
    }
    for button, expected in shown.items():
        await page.get_by_role("button", name=button).click()
        assert await names(page) == expected
    await page.get_by_label("Tag").select_option("icon")
    assert await names(page) == ["coin", "bolt"]
    await page.get_by_label("Tag").select_option("")
    await keys(page, "/")
    await page.keyboard.type("the COIN shop")
    assert await names(page) == ["coin"]
    await page.get_by_role("searchbox").fill("no such thing")
    await expect(page.get_by_text("Nothing matches.")).to_be_visible()


async def test_the_keyboard_is_enough(page: Page) -> None:
    await keys(page, "j", "Enter")
    heading = page.get_by_role("heading", level=2, name="gem")
    stage, detail = page.locator(".stage"), page.locator("#detail")
    await expect(heading).to_be_visible()
    await expect(page.get_by_text("2 of 5")).to_be_visible()
    assert await stage.get_attribute("data-mode") == "pair"
    await keys(page, "s")
    assert await stage.get_attribute("data-mode") == "slider"
    await page.get_by_label("How much of the new picture").press("ArrowRight")
    assert await stage.evaluate("stage => stage.style.getPropertyValue('--cut')") == "51"
    await keys(page, " ")
    await expect(page.get_by_alt_text("Accepted before: Picture of gem")).to_be_visible()
    await expect(page.get_by_alt_text("Picture of gem", exact=True).last).to_be_hidden()
    await keys(page, "b", "b", "b")
    assert await detail.get_attribute("data-on") == "own"
    assert await detail.evaluate("detail => detail.style.getPropertyValue('--ground')") == "#EC4899"
    await keys(page, "k")
    await expect(page.get_by_role("heading", level=2, name="coin")).to_be_visible()
    await keys(page, "?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await keys(page, "Escape", "Escape")
    await expect(page.locator("#detail")).to_be_hidden()
    assert await page.evaluate("document.activeElement.querySelector('.name').textContent") == "coin"


async def test_decisions_survive_a_reload_can_be_undone_and_are_exported(page: Page) -> None:
    await keys(page, "a", "j", "Enter", "x", "n")
    await page.keyboard.type("too blue")
    await keys(page, "Enter", "j", "a", "z")
    assert await page.locator(".decided:not([hidden])").all_text_contents() == ["Accepted", "Rejected", "Accepted"]
    await page.reload()
    await expect(page.get_by_role("heading", level=2, name="bolt")).to_be_visible()
    await keys(page, "k")
    await expect(page.get_by_label("Note on this picture")).to_have_value("too blue")
    await expect(page.get_by_role("button", name="Reject")).to_have_attribute("aria-pressed", "true")
    document = await exported(page)
    seen = ({"manifest": "app.yaml", "asset": asset.name, "picture": asset.seen} for asset in ASSETS[:2])
    coin, gem = (row | {"by": "Bo"} for row in seen)
    decisions = [coin | {"decision": "accepted", "note": None}, gem | {"decision": "rejected", "note": "too blue"}]
    assert document == {"version": 1, "decisions": decisions}


async def exported(page: Page) -> dict[str, object]:
    """What the page writes for the command line."""
    await page.get_by_role("button", name="Export").click()
    await page.get_by_label("Your name").fill("Bo")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Save decisions.json").click()
    document: dict[str, object] = json.loads((await (await download.value).path()).read_text())
    return document


async def test_what_was_recorded_can_be_taken_back(page: Page) -> None:
    await page.get_by_text("star").click()
    await expect(page.get_by_text("Accepted by Ann")).to_be_visible()
    await keys(page, "a")
    await expect(page.get_by_text("Not decided yet")).to_be_visible()
    decisions = (await exported(page))["decisions"]
    assert isinstance(decisions, list)
    assert decisions[0]["decision"] == "undecided"


async def test_a_decision_about_another_picture_counts_for_nothing(browser: Browser, tmp_path: Path) -> None:
    site = tmp_path / "index.html"
    site.write_text(html_of(review(subject())))
    async with opened(browser, page_url(site)) as page:
        await keys(page, "a")
        await expect(page.locator(".decided")).to_have_text("Accepted")
        site.write_text(html_of(review(subject(seen="f" * 64))))
        await page.reload()
        await expect(page.locator(".decided")).to_be_hidden()


async def test_a_file_that_did_not_come_along_is_shown_small(browser: Browser, tmp_path: Path) -> None:
    gem = subject("gem", files=(file(edge=32, link="gem.png"),))
    (tmp_path / "index.html").write_text(html_of(review(gem)))
    async with opened(browser, page_url(tmp_path / "index.html"), but="ERR_FILE_NOT_FOUND") as page:
        await keys(page, "Enter")
        await expect(page.locator(".files img")).to_have_js_property("naturalWidth", 64)


async def test_hostile_text_never_runs(browser: Browser, tmp_path: Path) -> None:
    hostile = changed("coin", description=HOSTILE, tags=(HOSTILE,), note=HOSTILE, why=(HOSTILE,), failure=HOSTILE)
    (tmp_path / "index.html").write_text(html_of(review(hostile, title=HOSTILE)))
    async with opened(browser, page_url(tmp_path / "index.html")) as page:
        await keys(page, "Enter", "n")
        await page.keyboard.type(HOSTILE)
        await keys(page, "Enter", "a")
        await expect(page.locator("#detail .title p")).to_have_text(HOSTILE)
        assert await page.locator("img[src=x], main script").count() == 0
        assert await page.evaluate("typeof hurt") == "undefined"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_keeps_people_from_using_it(browser: Browser, folder: Path, scheme: str) -> None:
    async with opened(browser, page_url(folder / "index.html"), color_scheme=scheme) as page:
        await keys(page, "a", "j")
        assert await hindrances(page) == []
        await keys(page, "Enter")
        await expect(page.locator(".verdict")).to_be_visible()
        assert await hindrances(page) == []
        await keys(page, "?")
        assert await hindrances(page) == []


async def test_it_fits_a_phone(browser: Browser, folder: Path) -> None:
    async with opened(browser, page_url(folder / "index.html"), viewport={"width": 360, "height": 740}) as page:
        for pressed in ("j", "Enter", "s"):
            await keys(page, pressed)
            assert await page.evaluate("document.documentElement.scrollWidth") <= 360
