"""From a build to a decision in the lock: the command, the page in a browser, and back."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from assetgen.lock.reading import read_lock
from assetgen.publish.decisions import Standing, picture_of, standing
from tests.support.browser import opened, page_url
from tests.support.drafts import Drafts
from tests.support.pictures import png
from tests.support.space import Space

MANIFEST = """\
version: 1
brand: {colors: {primary: "#EC4899"}}
assets:
  coin: {prompt: A red coin, sizes: [16, 400], tags: [icon], description: The coin}
  gem: {prompt: A gem, sizes: [300]}
"""

FIRST = ".assetgen/review/app/index.html"


@pytest.fixture
def app(space: Space, drafts: Drafts) -> Space:
    return drafts.into(space, MANIFEST)


def page_of(app: Space, *options: str) -> str:
    app.run_ok("review", "app.yaml", *options)
    return app.read(FIRST)


def test_it_prints_where_the_page_is_and_changes_nothing_else(app: Space) -> None:
    before = app.tree()
    result = app.run_ok("review", "app.yaml")
    assert (result.stdout, result.stderr) == (f"{FIRST}\n", "2 assets: 2 to decide about\n")
    assert app.tree() == before
    assert app.run_ok("check", "app.yaml").exit_code == 0
    assert app.run_ok("review", "app.yaml", "--quiet").stderr == ""


def test_the_page_goes_where_it_is_wanted(app: Space) -> None:
    assert app.run_ok("review", "app.yaml", "--out", "page/look.html").stdout == "page/look.html\n"
    assert 'href="../output/app/coin-16.png"' in app.read("page/look.html")
    (app.root / "site").mkdir()
    assert app.run_ok("review", "app.yaml", "--out", "site").stdout == "site/index.html\n"


def test_a_manifest_is_not_taken_for_a_page(app: Space) -> None:
    result = app.run("review", "app.yaml", "--out", "app.yaml")
    assert result.exit_code == 2
    assert "--out app.yaml is not the name of a page" in result.stderr
    assert app.read("app.yaml") == MANIFEST


def test_only_the_chosen_assets_are_shown(app: Space) -> None:
    text = page_of(app, "--only", "coin")
    assert 'data-name="coin"' in text
    assert 'data-name="gem"' not in text


def test_files_of_presets_are_shown_as_far_as_browsers_can_and_named_otherwise(space: Space) -> None:
    space.write(".git/HEAD", "")
    space.write("app.yaml", "version: 1\nassets:\n  icon: {prompt: A boat, presets: [favicon, macos]}\n")
    space.run_ok("build", "app.yaml")
    text = page_of(space)
    shown = set(re.findall(r'<img src="[^"]*output/app/icon/([^"]+)" width', text))
    names = ("apple-touch-icon.png", "favicon.ico", "icon-192.png", "icon-512.png")
    assert shown == {f"favicon/{name}" for name in names}
    for name in ("head.html", "site.webmanifest", "Info.plist.txt", "icon.icns"):
        assert re.search(rf'<li><a href="[^"]*/{name}"', text), name
    assert "1024" in text, "the picture itself is what is decided about"


def test_an_asset_without_a_picture_is_shown_too(space: Space) -> None:
    space.write(".git/HEAD", "")
    space.write("app.yaml", MANIFEST)
    assert "2 not made yet" in space.run_ok("review", "app.yaml").stderr
    assert "Not made yet" in space.read(FIRST)


def test_a_changed_picture_is_shown_beside_the_accepted_one(app: Space) -> None:
    app.run_ok("accept", "app.yaml", "--all")
    assert "everything decided" in app.run_ok("review", "app.yaml").stderr
    app.write("app.yaml", MANIFEST.replace("A red coin", "A blue coin"))
    text = page_of(app)
    assert "the next build will have another picture made" in text
    app.run_ok("build", "app.yaml")
    assert "1 changed, 1 to decide about" in app.run_ok("review", "app.yaml").stderr
    text = app.read(FIRST)
    assert "<del>red</del><ins>blue</ins>" in text
    assert "prompt changed: `red` -&gt; `blue`" in text
    assert 'alt="Accepted before: The coin"' in text
    app.write("app.yaml", MANIFEST)
    app.run_ok("build", "app.yaml")
    assert "everything decided" in app.run_ok("review", "app.yaml").stderr


def test_what_is_wrong_with_an_asset_is_said(app: Space) -> None:
    app.write("output/app/gem-300.png", png(16, 16))
    (app.root / "output/app/coin-16.png").unlink()
    text = page_of(app)
    assert "output/app/gem-300.png was changed by hand since it was made" in text
    assert "output/app/coin-16.png is missing" in text
    assert "Blocked" in text


def test_the_page_is_made_without_the_store(app: Space) -> None:
    for folder in ("blobs", "review"):
        for path in sorted((app.root / ".assetgen" / folder).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    assert page_of(app).count("data:image/webp") == 2


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_decided_on_the_page_comes_into_the_lock(browser: Browser, app: Space, tmp_path: Path) -> None:
    async with opened(browser, page_url(reviewed(app))) as page:
        await page.keyboard.press("a")
        await page.get_by_text("gem").click()
        await expect(page.locator(".stage img")).to_have_js_property("naturalWidth", 1024)
        await page.get_by_label("Note on this picture").fill("too green")
        await page.get_by_role("button", name="Reject").click()
        await page.get_by_role("button", name="Export 2").click()
        async with page.expect_download() as download:
            await page.get_by_role("button", name="Save decisions.json").click()
        await (await download.value).save_as(tmp_path / "decisions.json")
    told = app.finish(app.spawn("accept", "--from", str(tmp_path / "decisions.json")))
    assert told.exit_code == 0, told.stderr
    entries = read_lock(app.root / "app.lock").assets
    assert {name: standing(entry) for name, entry in entries.items()} == {
        "coin": Standing.ACCEPTED,
        "gem": Standing.REJECTED,
    }
    async with opened(browser, page_url(reviewed(app))) as page:
        assert await page.locator(".decided").all_text_contents() == ["Accepted", "Rejected"]
        assert await page.get_by_role("button", name="Export").is_disabled()
        seen = await page.locator(".item").first.get_attribute("data-seen")
        assert seen == picture_of(entries["coin"])


def reviewed(app: Space) -> Path:
    """The page as it is now, made by a process of its own: this one has an event loop already."""
    result = app.finish(app.spawn("review", "app.yaml"))
    assert re.fullmatch(r"\S+index\.html\n", result.stdout), result.stderr
    return app.root / result.stdout.strip()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--serve", "--out", "page.html"), "--serve and --out contradict each other"),
        (("--port", "8080"), "--port and --by go with --serve"),
        (("--by", "Ann"), "--port and --by go with --serve"),
    ],
)
def test_options_that_do_not_go_together(app: Space, options: tuple[str, ...], words: str) -> None:
    result = app.run("review", "app.yaml", *options)
    assert result.exit_code == 2
    assert words in result.stderr


def test_the_server_says_where_it_is_until_it_is_stopped(app: Space) -> None:
    child = app.spawn("review", "app.yaml", "--serve")
    assert child.stdout is not None
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/\n", child.stdout.readline())
    child.send_signal(signal.SIGINT)
    result = app.finish(child)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (0, "stopped")


def test_a_sheet_is_shown_whole_and_its_cells_by_name(space: Space) -> None:
    space.write(".git/HEAD", "")
    sheet = "prompt: Badges, grid: {rows: 1, columns: 2, cells: [coin, gem]}, sizes: [240]"
    space.write("app.yaml", f"version: 1\nassets:\n  badges: {{{sheet}}}\n")
    space.run_ok("build", "app.yaml")
    text = page_of(space)
    assert re.findall(r"<summary>(\w+) <small>(.*?)</small>", text) == [("coin", "1 file"), ("gem", "1 file")]
    assert 'data-width="1024"' in text


def test_cutouts_are_compared_with_cutouts(space: Space) -> None:
    space.write(".git/HEAD", "")
    text = "version: 1\nassets:\n  coin: {prompt: A red coin, sizes: [24], removeBg: true}\n"
    space.write("app.yaml", text)
    space.run_ok("build", "app.yaml")
    first = read_lock(space.root / "app.lock").assets["coin"]
    space.run_ok("accept", "app.yaml", "coin")
    space.write("app.yaml", text.replace("red", "blue"))
    space.run_ok("build", "app.yaml")
    second = read_lock(space.root / "app.lock").assets["coin"]
    shown = re.findall(r'data-link="[^"]*blobs/(\w\w)/(\w+)"', page_of(space))
    assert first.cutout is not None
    assert second.cutout is not None
    assert ["".join(link) for link in shown] == [first.cutout.sha256, second.cutout.sha256]
