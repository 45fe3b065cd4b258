"""`assetgen review`: a page to look at every picture on, and to decide about them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assetgen.commands.shell import Selection, Shell, open_project
from assetgen.errors import UsageError

if TYPE_CHECKING:
    from assetgen.project import Project
    from assetgen.report.review.contents import Review
    from assetgen.report.review.pictures import Desk


def run(shell: Shell, manifests: Sequence[str], selection: Selection, *, out: str | None = None) -> int:
    """Write the page, and print where it is."""
    from assetgen import atomic, build
    from assetgen.report.review.data import gather
    from assetgen.report.review.page import page

    project = open_project(shell, manifests)
    plan = build.plan(project, selection.options(project))
    file = page_file(project, shell.cwd, out)
    review = gather(plan, _desk(project, file.parent))
    atomic.write_bytes(file, page(review).encode())
    if not shell.console.quiet:
        shell.console.say(summary(review))
    shell.console.result(Path(os.path.relpath(file, shell.cwd)).as_posix())
    return 0


def serve(shell: Shell, manifests: Sequence[str], selection: Selection, *, port: int = 0, by: str | None = None) -> int:
    """Serve the page on this machine until interrupted."""
    from assetgen.commands.stopping import run_until_stopped

    try:
        run_until_stopped(_served(shell, manifests, selection, port, by), stopping=lambda: None)
    except KeyboardInterrupt:
        if not shell.console.quiet:
            shell.console.say("stopped")
    return 0


async def _served(shell: Shell, manifests: Sequence[str], selection: Selection, port: int, by: str | None) -> None:
    import asyncio
    import secrets

    from assetgen.commands.crash import leave_report
    from assetgen.commands.studio import ProjectStudio
    from assetgen.report.review.server import serving

    project = open_project(shell, manifests)
    selection.options(project)  # says what is wrong with it now, not to the browser
    studio = ProjectStudio(shell, manifests, selection, _thumbnails(project), by)

    def bug(error: Exception) -> str:
        words = f"a bug in assetgen; {leave_report(error, shell.arguments, shell.environ)}"
        shell.console.say(words)
        return words

    async with serving(studio, project.root, token=secrets.token_urlsafe(24), bug=bug, port=port) as address:
        shell.console.result(address)
        if not shell.console.quiet:
            shell.console.say("only this machine can open it, and only with this address; Ctrl-C ends it")
        await asyncio.Event().wait()


def page_file(project: Project, cwd: Path, out: str | None) -> Path:
    """Where the page goes: to `out`, seen from `cwd`, or into the store, under the names of the manifests. Raises
    UsageError for an `out` that is no page."""
    if out is None:
        from assetgen.store.folder import open_store

        stems = "+".join(manifest.path.stem for manifest in project.manifests)
        return open_store(project.root) / "review" / stems[:_LONGEST] / "index.html"
    file = cwd / out
    if file.is_dir():
        return file / "index.html"
    if file.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"--out {out} is not the name of a page", hint="give a name that ends in .html, or a folder")
    return file


_LONGEST = 100
"""Characters of a folder's name."""


def _desk(project: Project, folder: Path) -> Desk:
    from assetgen.report.review.pictures import Desk, links_from
    from assetgen.report.review.thumbnails import Thumbnails

    return Desk(project.root, links_from(folder), Thumbnails(_thumbnails(project)), os.cpu_count() or 1)


def _thumbnails(project: Project) -> Path:
    from assetgen.store.folder import open_store

    return open_store(project.root) / "review" / ".thumbnails"


def summary(review: Review) -> str:
    """`21 assets: 3 changed, 5 need a decision, 1 blocked`."""
    from assetgen.report.words import counted

    subjects = review.subjects
    counts = {
        "changed": sum(subject.changed for subject in subjects),
        "to decide about": sum(subject.needs_me for subject in subjects),
        "blocked": sum(bool(subject.failure) for subject in subjects),
        "not made yet": sum(subject.seen is None for subject in subjects),
    }
    parts = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return counted(len(subjects), "asset") + (f": {parts}" if parts else ", everything decided")
