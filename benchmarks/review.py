"""The review page of many assets: how long it takes to write, how large it is, and how soon a browser shows it.

A page that opens slowly is not looked at. Its pictures are drafts, whose thumbnails weigh what real ones do.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import ASSETGEN, Spread, cost_of, print_table
from benchmarks.projects import manifest, new_project

ASSETS = 1_000
ROUNDS = 3

_FIRST_PICTURE = """() => new Promise((resolve) => {
  const ready = () => [...document.images].some((image) => image.complete && image.naturalWidth)
    ? requestAnimationFrame(() => resolve(performance.now())) : setTimeout(ready, 1);
  ready();
})"""
"""Milliseconds since the page began to load until a picture of it is drawn."""

_SCROLL = """async () => {
  const frames = [];
  let last = performance.now();
  for (let at = 0; at < document.documentElement.scrollHeight; at += 400) {
    scrollTo(0, at);
    await new Promise(requestAnimationFrame);
    frames.push(performance.now() - last);
    last = performance.now();
  }
  return frames.sort((one, other) => one - other)[Math.floor(frames.length * 0.95)];
}"""
"""Milliseconds that 19 of 20 frames stay below while the whole page is scrolled through."""

_FILTER = """async () => {
  const began = performance.now();
  const search = document.querySelector('#search');
  search.value = '77';
  search.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""


def main() -> int:
    """Measure, and print what came out."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        path = new_project(root, manifest(ASSETS, sizes=(64, 320), formats=("png",)))
        cost_of([ASSETGEN, "build", path.name, "--quiet"], root)
        review = [ASSETGEN, "review", path.name, "--quiet", "--out", "review.html"]
        first = cost_of(review, root)
        again = Spread.of([cost_of(review, root).wall for _ in range(ROUNDS)])
        page = root / "review.html"
        rows = [
            ("written, with its thumbnails", f"{first.wall:.3g} s"),
            ("written again", f"{again} s"),
            ("its size", f"{page.stat().st_size / 1e6:.1f} MB"),
            *opened(page),
        ]
        print_table(f"review: a page of {ASSETS:,} assets", ("", "median (least-most)"), rows)
    return 0


def opened(page: Path) -> list[tuple[str, str]]:
    """How the page does in Chromium; a row that says so where there is none."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return [("in a browser", "there is no chromium")]
    from playwright.sync_api import sync_playwright

    figures: dict[str, list[float]] = {"first picture": [], "a frame while scrolling": [], "a search": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(ROUNDS):
            tab = browser.new_page()
            tab.goto(page.as_uri(), wait_until="commit")
            for figure, script in zip(figures.values(), (_FIRST_PICTURE, _SCROLL, _FILTER), strict=True):
                figure.append(tab.evaluate(script))
            tab.close()
        browser.close()
    return [(name, f"{Spread.of(values)} ms") for name, values in figures.items()]


if __name__ == "__main__":
    sys.exit(main())
