"""Takes the pictures of these pages with the tool itself: `python docs/guide/shoot.py`.

Wants playwright and chromium.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

DOCS = Path(__file__).resolve().parent.parent
MANIFEST = DOCS.parent / "manifests" / "app.yaml"
CHANGED = ("A crescent moon resting on a small cloud", "A full moon resting on a bright cloud")
WIDTH, HEIGHT = 1440, 900


def main() -> None:
    with TemporaryDirectory() as folder:
        picture = shot(review(Path(folder)))
    picture.save(DOCS / "images" / "review.png", optimize=True)


def review(folder: Path) -> Path:
    """A project in which the picture of one asset changed since all were accepted; returns its review page."""
    text = MANIFEST.read_text()
    (folder / "app.yaml").write_text(text)
    run(folder, "build", "app.yaml", "--quiet")
    run(folder, "accept", "app.yaml", "--all", "--quiet")
    (folder / "app.yaml").write_text(text.replace(*CHANGED))
    run(folder, "build", "app.yaml", "--quiet")
    return folder / run(folder, "review", "app.yaml", "--quiet").strip()


def run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "assetgen", *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - ours


def shot(page_file: Path) -> Image.Image:
    """The page with the changed asset open."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(page_file.as_uri())
        page.get_by_text("New picture").click()
        page.wait_for_function("[...document.images].every((image) => image.complete)")
        data = page.screenshot(animations="disabled")
        browser.close()
    return Image.open(BytesIO(data)).convert("RGB")


if __name__ == "__main__":
    main()
