"""The served page in a real browser, over a real project: decisions, new takes and undo, with others watching."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from assetgen.commands.shell import Selection, Shell
from assetgen.commands.studio import ProjectStudio
from assetgen.lock.entry import Entry
from assetgen.lock.reading import read_lock
from assetgen.publish.decisions import Standing, picture_of, standing
from assetgen.report.console import Console
from assetgen.report.review.server import Seen, serving
from tests.report.review.samples import HOSTILE
from tests.support.browser import opened
from tests.support.drafts import Drafts
from tests.support.pictures import png
from tests.support.space import Space

pytestmark = pytest.mark.asyncio(loop_scope="session")

MANIFEST = """\
version: 1
assets:
  coin: {prompt: A coin, sizes: [32, 300]}
  gem: {prompt: A gem, sizes: [32]}
"""


@pytest.fixture
def app(space: Space, drafts: Drafts) -> Space:
    return drafts.into(space, MANIFEST)


@pytest_asyncio.fixture(loop_scope="session")
async def address(app: Space) -> AsyncIterator[str]:
    shell = Shell(app.root, {}, Console(io.StringIO(), io.StringIO()))
    manifest = str(app.root / "app.yaml")
    studio = ProjectStudio(shell, [manifest], Selection(), app.root / ".assetgen" / "thumbnails", by="Ann")
    async with serving(studio, app.root, token="secret", bug=repr) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    async with opened(browser, address) as page:
        yield page


def entry(app: Space, name: str = "coin") -> Entry:
    return read_lock(app.root / "app.lock").assets[name]


async def test_decisions_are_in_the_lock_at_once_and_others_see_them(
    browser: Browser, page: Page, address: str, app: Space
) -> None:
    async with opened(browser, address) as other:
        await page.keyboard.press("Enter")
        await page.get_by_label("Note on this picture").fill(HOSTILE)
        await page.keyboard.press("Enter")
        await page.keyboard.press("x")
        await expect(other.locator(".decided").first).to_have_text("Rejected")
        decision = entry(app).decision
        assert decision is not None
        assert (decision.verdict, decision.note, decision.by) == ("rejected", HOSTILE, "Ann")
        await other.get_by_text("gem").click()
        await other.keyboard.press("a")
        await expect(page.locator(".decided").last).to_have_text("Accepted")
        await page.reload()
        await expect(page.get_by_text("Rejected by Ann")).to_be_visible()
        await expect(page.get_by_label("Note on this picture")).to_have_value(HOSTILE)
        await page.keyboard.press("Escape")
        await page.keyboard.press("z")
        await expect(page.locator(".decided").first).to_be_hidden()
    assert [standing(entry(app, name)) for name in ("coin", "gem")] == [Standing.UNDECIDED, Standing.ACCEPTED]


async def test_a_new_take_is_shown_when_it_is_there_and_can_be_undone(page: Page, app: Space) -> None:
    before, files = entry(app), app.tree()
    await page.keyboard.press("Enter")
    await page.keyboard.press("a")
    await page.get_by_role("button", name="New take free").click()
    await expect(page.get_by_alt_text("Accepted before: Picture of coin")).to_be_visible()
    await expect(page.locator(".stage .new .full")).to_have_js_property("naturalWidth", 1024)
    taken = entry(app)
    assert taken.master != before.master
    assert standing(taken) is Standing.UNDECIDED
    await page.keyboard.press("z")
    await expect(page.get_by_text("Accepted by Ann")).to_be_visible()
    assert entry(app).master == before.master
    await page.keyboard.press("z")
    await expect(page.get_by_text("Not decided yet")).to_be_visible()
    assert {path: digest for path, digest in app.tree().items() if path.endswith(".png")} == {
        path: digest for path, digest in files.items() if path.endswith(".png")
    }
    assert entry(app) == before
    assert app.finish(app.spawn("check", "app.yaml")).exit_code == 0


async def test_what_was_accepted_is_published_and_taken_back(page: Page, app: Space) -> None:
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_text("There is nothing new to publish")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    app.write("app.yaml", f"{MANIFEST}publish: app\n")
    app.write("output/app/gem-32.png", png(32, 32))
    assert app.finish(app.spawn("adopt", "app.yaml", "gem")).exit_code == 0
    await page.reload()
    await page.get_by_text("gem").click()
    await page.keyboard.press("a")
    await expect(page.get_by_text("Accepted by Ann")).to_be_visible()
    before = entry(app, "gem")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_text("new        app/gem-32.png")).to_be_visible()
    assert not (app.root / "app").exists()
    await page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    await expect(page.get_by_text("Published: 1 new")).to_be_visible()
    assert (app.root / "app" / "gem-32.png").read_bytes() == png(32, 32)
    await page.keyboard.press("z")
    await expect(page.get_by_text("Undone: what was published")).to_be_visible()
    assert not (app.root / "app" / "gem-32.png").exists()
    assert entry(app, "gem") == before


async def test_a_picture_that_changed_meanwhile_is_not_decided_about(
    browser: Browser, address: str, app: Space
) -> None:
    async with opened(browser, address, but="409") as page:
        await expect(page.locator(".item")).to_have_count(2)
        app.finish(app.spawn("build", "app.yaml", "--regenerate", "coin"))
        await page.keyboard.press("a")
        await expect(page.get_by_text("is not the one that you saw")).to_be_visible()
        await expect(page.locator(".decided").first).to_be_hidden()
    assert entry(app).decision is None


async def test_it_serves_the_pictures_themselves(page: Page, app: Space) -> None:
    await page.keyboard.press("Enter")
    await expect(page.locator(".files img").last).to_have_js_property("naturalWidth", 300)
    link = await page.locator(".files a").last.get_attribute("href")
    assert re.fullmatch(r"files/[0-9a-f]{24}/coin-300\.png", link or "")


async def test_what_is_wrong_with_the_manifest_by_now_is_said(browser: Browser, address: str, app: Space) -> None:
    app.write("app.yaml", "version: 1\nassets: {coin: {promt: A coin}}\n")
    async with opened(browser, address, but="Failed to load resource") as page:
        await expect(page.get_by_text("promt")).to_be_visible()


async def test_a_variant_is_picked_with_its_number(browser: Browser, address: str, app: Space) -> None:
    app.write("app.yaml", MANIFEST.replace("sizes: [32, 300]", "sizes: [300], variants: 3"))
    assert app.finish(app.spawn("build", "app.yaml")).exit_code == 0
    before = entry(app)
    file = app.root / "output" / "app" / "coin-300.png"
    bytes_before = file.read_bytes()
    async with opened(browser, address) as page:
        await page.keyboard.press("Enter")
        await expect(page.locator(".variant")).to_have_count(3)
        await page.keyboard.press("3")
        await expect(page.locator(".variant").last).to_contain_text("picked")
        picked = entry(app)
        assert picked.master == before.masters[2]
        assert file.read_bytes() != bytes_before
        await page.keyboard.press("z")
        await expect(page.locator(".variant").first).to_contain_text("picked")
    assert entry(app) == before
    assert file.read_bytes() == bytes_before


async def test_an_asset_of_the_same_name_elsewhere_is_left_alone(app: Space) -> None:
    app.write("web/web.yaml", MANIFEST)
    assert app.finish(app.spawn("build", "web/web.yaml")).exit_code == 0
    lock = app.read("web/web.lock")
    shell = Shell(app.root, {}, Console(io.StringIO(), io.StringIO()))
    manifests = [str(app.root / "web" / "web.yaml"), str(app.root / "app.yaml")]
    studio = ProjectStudio(shell, manifests, Selection(), app.root / ".assetgen" / "thumbnails")
    before = entry(app)
    undo = await studio.take(Seen("app.yaml", "coin", picture_of(before)), lambda _: None)
    assert entry(app).master != before.master
    await undo()
    assert entry(app) == before
    assert app.read("web/web.lock") == lock
