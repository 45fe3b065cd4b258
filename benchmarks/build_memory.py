"""Peak memory of a whole `assetgen build` of 4K masters with outputs of up to 2048 pixels in PNG, WebP and AVIF.

    python -m benchmarks.build_memory [ASSETS | --full]

The command as people start it, against a service that speaks the KIE protocol and has every picture ready at once: 16
megapixels of texture each, every other one a cutout. So as many downloads and exports pile up as there can be. `--full`
builds 200 assets, which takes a quarter of an hour on two cores.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web

from assetgen.emulator.options import Options
from assetgen.emulator.rules import Refusal
from assetgen.emulator.tasks import Desk
from benchmarks.measure import ASSETGEN, PYTHON, Cost, cost_of, print_table
from benchmarks.memory import LIMIT_MB
from benchmarks.projects import manifest, new_project

ROOT = Path(__file__).resolve().parents[1]
ASSETS, FULL = 12, 200
SIZES = (640, 1280, 2048)
FORMATS = ("png", "webp", "avif")
TUNING = "{rate_limit: 1000, poll_initial: 0.2, poll_max: 1}"


def main() -> None:
    assets = FULL if sys.argv[1:] == ["--full"] else int(sys.argv[1]) if len(sys.argv) > 1 else ASSETS
    with TemporaryDirectory() as folder:
        pictures = Path(folder) / "pictures"
        pictures.mkdir()
        cost_of([PYTHON, "-m", "benchmarks.memory", "2", "make", str(pictures)], ROOT)
        text = manifest(assets, sizes=SIZES, formats=FORMATS, resolution="4K", tuning=TUNING)
        cost = asyncio.run(_built(new_project(Path(folder) / "project", text), sorted(pictures.iterdir())))
    print_table(
        f"build memory: {assets} masters of 4K, each to {len(SIZES) * len(FORMATS)} files of up to {max(SIZES)} pixels",
        ("", "peak MB", "limit MB", "ratio", "CPU s an asset", "wall s an asset"),
        [
            (
                "assetgen build",
                f"{cost.peak:.0f}",
                LIMIT_MB,
                f"{cost.peak / LIMIT_MB:.2f}",
                f"{cost.cpu / assets:.2f}",
                f"{cost.wall / assets:.2f}",
            )
        ],
    )


async def _built(app: Path, pictures: list[Path]) -> Cost:
    async with AsyncExitStack() as stack:
        address = await _service(stack, pictures)
        environ = {"KIE_AI_BASE_URL": address}
        command = (ASSETGEN, "build", app.name, "--provider", "kie", "--quiet")
        return await asyncio.to_thread(cost_of, command, app.parent, environ)


async def _service(stack: AsyncExitStack, pictures: list[Path]) -> str:
    """Start the service; returns its address. Its pictures go out from the disk, not through its memory."""
    desk = Desk(Options(), time.monotonic)

    async def create(request: web.Request) -> web.Response:
        task = desk.accept(await request.json())
        assert not isinstance(task, Refusal), task
        return web.json_response({"code": 200, "msg": "success", "data": {"taskId": task.id}})

    async def record(request: web.Request) -> web.Response:
        task = desk.task(request.query["taskId"])
        assert task is not None
        link = f"http://{request.host}/files/{task.id}"
        return web.json_response({"code": 200, "msg": "success", "data": desk.record(task, link)})

    async def download(request: web.Request) -> web.FileResponse:
        return web.FileResponse(pictures[sum(request.path.encode()) % len(pictures)])

    app = web.Application()
    app.router.add_post("/api/v1/jobs/createTask", create)
    app.router.add_get("/api/v1/jobs/recordInfo", record)
    app.router.add_get("/files/{task}", download)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


if __name__ == "__main__":
    main()
