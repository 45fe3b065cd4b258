"""The emulator's strictness, spoken to by a bare HTTP client as any program would."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from PIL import Image

from assetgen.catalog import CATALOG
from assetgen.emulator.faults import Call
from assetgen.emulator.options import make_options
from assetgen.emulator.run import Emulator, emulating
from tests.support.fakes import FakeClock
from tests.support.kie import SMALL
from tests.support.pictures import png

HEADERS = {"Authorization": "Bearer any", "Content-Type": "application/json", "User-Agent": "test/1"}
CREATE = "/api/v1/jobs/createTask"
RECORD = "/api/v1/jobs/recordInfo"
BODY = {"model": "nano-banana-pro", "input": {"prompt": "A coin"}}


@dataclass(frozen=True, slots=True)
class Talk:
    """An emulator and a client without manners of its own."""

    emulator: Emulator
    session: aiohttp.ClientSession

    async def raw(self, method: str, path: str, **how: Any) -> tuple[int, bytes]:
        how.setdefault("headers", HEADERS)
        how.setdefault("allow_redirects", False)
        url = path if path.startswith("http") else self.emulator.base_url + path
        async with self.session.request(method, url, skip_auto_headers=["User-Agent", "Content-Type"], **how) as answer:
            return answer.status, await answer.read()

    async def said(self, method: str, path: str, **how: Any) -> Any:
        """The body of an answer, which is HTTP 200 also for errors."""
        status, body = await self.raw(method, path, **how)
        assert status == 200
        return json.loads(body)

    async def create(self, body: Any = BODY) -> Any:
        return await self.said("POST", CREATE, data=json.dumps(body))

    async def record(self, task: str) -> Any:
        return await self.said("GET", RECORD, params={"taskId": task})

    async def made(self, body: Any = BODY) -> str:
        """The id of a new task."""
        return str((await self.create(body))["data"]["taskId"])

    async def link(self, task: str) -> str:
        return str((await self.record(task))["data"]["response"]["resultUrls"][0])


@asynccontextmanager
async def talking(*faults: str, clock: FakeClock | None = None, **options: Any) -> AsyncIterator[Talk]:
    made = make_options(faults=faults, **{"catalog": SMALL, **options})
    async with (
        emulating(made, clock=(clock or FakeClock()).time) as emulator,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
    ):
        yield Talk(emulator, session)


async def test_create_answers_with_a_task_and_charges_it() -> None:
    async with talking() as talk:
        answer = await talk.create()
        task = answer["data"]["taskId"]
        assert answer == {"code": 200, "msg": "success", "data": {"taskId": task, "recordId": task}}
        assert await talk.said("GET", "/api/v1/chat/credit") == {"code": 200, "msg": "success", "data": 99_982}
        assert talk.emulator.accepted == [BODY]
        assert talk.emulator.credits_left == 99_982


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Authorization": ""}, "You do not have access permissions"),
        ({"Authorization": "Bearer "}, "You do not have access permissions"),
        ({"Authorization": "any"}, "You do not have access permissions"),
        ({"Authorization": "Basic any"}, "You do not have access permissions"),
        ({"Content-Type": "text/plain"}, "Unauthorized – Authentication failed. Please check that your Authorization"),
    ],
)
async def test_every_call_needs_both_headers(headers: dict[str, str], words: str) -> None:
    async with talking() as talk:
        for method, path in (("POST", CREATE), ("GET", RECORD), ("GET", "/api/v1/chat/credit")):
            answer = await talk.said(method, path, headers=HEADERS | headers)
            assert answer["code"] == 401
            assert answer["msg"].startswith(words)
        assert talk.emulator.creates == 0
        assert talk.emulator.requests == 3


async def test_a_missing_content_type_is_missed_on_get_too() -> None:
    async with talking() as talk:
        headers = {name: value for name, value in HEADERS.items() if name != "Content-Type"}
        assert (await talk.said("GET", "/api/v1/chat/credit", headers=headers))["code"] == 401


async def test_only_the_configured_key_is_accepted() -> None:
    async with talking(api_key="right") as talk:
        assert (await talk.create())["code"] == 401
        right = HEADERS | {"Authorization": "Bearer right"}
        assert (await talk.said("POST", CREATE, headers=right, data=json.dumps(BODY)))["code"] == 200


async def test_without_a_user_agent_the_content_network_turns_everyone_away() -> None:
    async with talking() as talk:
        headers = {name: value for name, value in HEADERS.items() if name != "User-Agent"}
        for path in (RECORD, "/files/emulator-1.png", "/"):
            assert await talk.raw("GET", path, headers=headers) == (403, b"error code: 1010")


async def test_unknown_routes_are_real_404s() -> None:
    async with talking() as talk:
        for method, path in (("GET", "/api/v1/user/credits"), ("POST", "/api/v1/jobs/create")):
            status, body = await talk.raw(method, path)
            assert status == 404
            assert json.loads(body)["message"] == "No message available"
        assert (await talk.raw("GET", CREATE))[0] == 405


@pytest.mark.parametrize(
    ("body", "code"),
    [("{", 422), ("[]", 422), ('{"model": "x"}', 422), ('{"model": "nano-banana-pro", "input": {}}', 500)],
)
async def test_bad_bodies_are_refused_in_the_body(body: str, code: int) -> None:
    async with talking() as talk:
        answer = await talk.said("POST", CREATE, data=body)
        assert (answer["code"], answer["data"]) == (code, None)
        assert talk.emulator.accepted == []


async def test_record_of_a_task_that_is_not_known() -> None:
    async with talking() as talk:
        assert await talk.record("emulator-1") == {"code": 422, "msg": "recordInfo is null", "data": None}
        assert (await talk.record(""))["code"] == 400


async def test_a_new_task_is_hidden_for_a_while() -> None:
    clock = FakeClock()
    async with talking(clock=clock, hidden=2.0) as talk:
        task = await talk.made()
        assert (await talk.record(task))["code"] == 422
        clock.advance(2)
        assert (await talk.record(task))["data"]["state"] == "success"


async def test_credits_run_out_with_402() -> None:
    async with talking(credits=20) as talk:
        codes = [(await talk.create())["code"] for _ in range(2)]
        assert codes == [200, 402]


async def test_the_rate_limit_destroys_the_excess() -> None:
    clock = FakeClock()
    async with talking(clock=clock, rate_limit=3, rate_period=10.0) as talk:
        answers = await asyncio.gather(*(talk.create() for _ in range(5)))
        assert sorted(answer["code"] for answer in answers) == [200, 200, 200, 429, 429]
        assert len(talk.emulator.accepted) == 3
        clock.advance(9.9)
        assert (await talk.create())["code"] == 429
        clock.advance(0.1)
        assert (await talk.create())["code"] == 200
        assert (talk.emulator.creates, len(talk.emulator.accepted)) == (7, 4)


async def test_results_need_no_key_and_can_be_refreshed() -> None:
    async with talking("download:1:expired") as talk:
        link = await talk.link(await talk.made())
        anonymous = {"User-Agent": "test/1"}
        assert (await talk.raw("GET", link, headers=anonymous))[0] == 404
        fresh = await talk.said("POST", "/api/v1/common/download-url", data=json.dumps({"url": link}))
        status, picture = await talk.raw("GET", fresh["data"], headers=anonymous)
        assert status == 200
        assert Image.open(BytesIO(picture)).size == (48, 48)
        assert talk.emulator.downloads == 2


@pytest.mark.parametrize("link", ["https://elsewhere.example/x.png", "{home}/files/emulator-1.png", 7, None])
async def test_only_own_links_are_refreshed(link: Any) -> None:
    async with talking() as talk:
        url = link.format(home=talk.emulator.base_url) if isinstance(link, str) else link
        answer = await talk.said("POST", "/api/v1/common/download-url", data=json.dumps({"url": url}))
        assert answer["code"] == 422


async def test_a_file_of_an_unknown_task_is_not_found() -> None:
    async with talking() as talk:
        assert (await talk.raw("GET", "/files/emulator-1.png"))[0] == 404


async def test_a_picture_accepted_twice_is_two_pictures_whatever_the_order() -> None:
    pictures = []
    for prompts in (("coin", "hat", "coin"), ("hat", "coin", "coin")):
        async with talking() as talk:
            tasks = [await talk.made({"model": "nano-banana-pro", "input": {"prompt": p}}) for p in prompts]
            links = [await talk.link(task) for task in reversed(tasks)]
            pictures.append(sorted([(await talk.raw("GET", link))[1] for link in links]))
    assert pictures[0] == pictures[1]
    assert len(set(pictures[0])) == 3


@pytest.mark.parametrize("fault", ["reset", "hang", "half", "empty", "html", "redirect", "http-503", "code-429"])
async def test_a_fault_before_acceptance_leaves_no_task_and_one_after_it_does(fault: str) -> None:
    async with talking(f"create:1:{fault}", f"create:2:{fault}-after") as talk:
        for accepted in (1 if fault == "half" else 0, 2 if fault == "half" else 1):
            timeout = aiohttp.ClientTimeout(total=0.1 if fault == "hang" else 5)
            try:
                await talk.raw("POST", CREATE, data=json.dumps(BODY), timeout=timeout)
            except (aiohttp.ClientError, TimeoutError):
                assert fault in ("reset", "hang", "half")
            assert len(talk.emulator.accepted) == accepted
        assert (await talk.create())["code"] == 200


async def test_faults_that_fail_a_task_are_final_and_refunded() -> None:
    async with talking("poll:1:fail?code=422&words=Odd") as talk:
        task = await talk.made()
        for _ in range(2):
            data = (await talk.record(task))["data"]
            assert (data["state"], data["failCode"], data["failMsg"]) == ("fail", "422", "Odd")
        assert talk.emulator.credits_left == 100_000


async def test_faults_for_one_prompt_leave_the_others_alone() -> None:
    async with talking("create:~hat@1:code-500") as talk:
        codes = [
            (await talk.create({**BODY, "input": {"prompt": p}}))["code"] for p in ("coin", "a hat", "coin", "hat")
        ]
        assert codes == [200, 500, 200, 200]


async def test_redirects_lead_to_another_port_that_serves_the_same() -> None:
    async with talking("download:1:redirect") as talk:
        link = await talk.link(await talk.made())
        async with talk.session.get(link, headers={"User-Agent": "test/1"}) as answer:
            assert answer.url.port != answer.history[0].url.port
            assert answer.status == 200
        assert len({received.port for received in talk.emulator.received}) == 2


@pytest.mark.parametrize(
    ("fault", "size", "start"),
    [
        ("chunked", None, b"\x89PNG"),
        ("jpeg", None, b"\xff\xd8\xff"),
        ("wrong-type", 31, b"%PDF"),
        ("empty", 0, b""),
        ("bomb", None, b"\x89PNG"),
    ],
)
async def test_results_that_are_not_what_they_should_be(fault: str, size: int | None, start: bytes) -> None:
    async with talking(f"download:1:{fault}") as talk:
        status, picture = await talk.raw("GET", await talk.link(await talk.made()))
        assert status == 200
        assert picture.startswith(start)
        assert size is None or len(picture) == size


async def test_answers_can_drip() -> None:
    async with talking("download:1:drip?pause=0.001", "poll:2:drip?pause=0") as talk:
        task = await talk.made()
        link = await talk.link(task)
        dripped = await talk.raw("GET", link)
        assert dripped == await talk.raw("GET", link)
        assert (await talk.record(task))["data"]["state"] == "success"


async def test_call_backs_bring_the_record_when_the_task_is_final() -> None:
    calls: asyncio.Queue[Any] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        calls.put_nowait(await request.json())
        return web.Response(status=500 if calls.qsize() == 1 else 200)

    app = web.Application()
    app.router.add_post("/done", take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        async with talking() as talk:
            task = await talk.made(BODY | {"callBackUrl": f"http://127.0.0.1:{runner.addresses[0][1]}/done"})
            refused, answer = await calls.get(), await calls.get()
            assert answer == refused
            assert (answer["code"], answer["data"]["taskId"], answer["data"]["state"]) == (200, task, "success")
    finally:
        await runner.cleanup()


async def test_everything_received_is_kept_for_inspection() -> None:
    async with talking() as talk:
        await talk.create()
        (received,) = talk.emulator.received
        assert (received.method, received.path, json.loads(received.body)) == ("POST", CREATE, BODY)
        assert received.headers["Authorization"] == "Bearer any"
        assert talk.emulator.calls(Call.CREATE) == 1


# --- uploads ------------------------------------------------------------

UPLOAD = "/api/file-stream-upload"
FORM_HEADERS = {"Authorization": "Bearer any", "User-Agent": "test/1"}


async def put(talk: Talk, data: bytes | None = None, **fields: str) -> Any:
    """What the service says to an upload."""
    data = png(4, 4) if data is None else data
    form = aiohttp.FormData(fields, default_to_multipart=True)
    if data:
        form.add_field("file", data, filename="x.png", content_type="image/png")
    url = talk.emulator.base_url + UPLOAD
    async with talk.session.post(url, data=form, headers=FORM_HEADERS, skip_auto_headers=["User-Agent"]) as answer:
        assert answer.status == 200
        return await answer.json()


async def test_an_upload_answers_as_documented() -> None:
    async with talking() as talk:
        answer = await put(talk, uploadPath="images/mine", fileName="a.png")
        assert (answer["success"], answer["code"], answer["msg"]) == (True, 200, "File uploaded successfully")
        data = answer["data"]
        assert data["downloadUrl"] == f"{talk.emulator.base_url}/uploads/images/mine/a.png"
        assert (data["fileName"], data["filePath"], data["mimeType"]) == ("a.png", "images/mine/a.png", "image/png")
        assert await talk.raw("GET", data["downloadUrl"], headers={"User-Agent": "test/1"}) == (200, png(4, 4))


async def test_an_upload_of_the_same_name_overwrites_and_one_without_gets_a_name() -> None:
    async with talking() as talk:
        link = (await put(talk, uploadPath="x", fileName="a.png"))["data"]["downloadUrl"]
        await put(talk, png(5, 5), uploadPath="x", fileName="a.png")
        assert (await talk.raw("GET", link))[1] == png(5, 5)
        assert (await put(talk, uploadPath="x"))["data"]["fileName"].endswith(".png")


@pytest.mark.parametrize(
    ("data", "fields", "words"),
    [
        (None, {}, "Missing required parameter: uploadPath"),
        (None, {"uploadPath": "/x"}, "Invalid uploadPath"),
        (None, {"uploadPath": "x/"}, "Invalid uploadPath"),
        (b"", {"uploadPath": "x"}, "Missing required parameter: file"),
    ],
)
async def test_bad_uploads_are_refused(data: bytes | None, fields: dict[str, str], words: str) -> None:
    async with talking() as talk:
        answer = await put(talk, data, **fields)
        assert (answer["success"], answer["code"], answer["msg"]) == (False, 400, words)


async def test_uploads_need_the_key_and_a_form() -> None:
    async with talking(api_key="right") as talk:
        assert (await put(talk, uploadPath="x"))["code"] == 401
        assert (await talk.said("POST", UPLOAD, headers={**HEADERS, "Authorization": "Bearer right"}))["code"] == 401


async def test_uploads_are_gone_after_a_day() -> None:
    clock = FakeClock()
    async with talking(clock=clock) as talk:
        link = (await put(talk, uploadPath="x"))["data"]["downloadUrl"]
        body = {"model": "nano-banana-pro", "input": {"prompt": "A coin", "image_input": [link]}}
        clock.advance(24 * 3600 - 1)
        assert (await talk.create(body))["code"] == 200
        clock.advance(1)
        assert (await talk.raw("GET", link))[0] == 404
        assert (await talk.create(body))["code"] == 451


# --- pictures made larger -----------------------------------------------


async def shown(talk: Talk, picture: bytes) -> str:
    """A link to an uploaded picture."""
    return str((await put(talk, picture, uploadPath="x", fileName="a.png"))["data"]["downloadUrl"])


@pytest.mark.parametrize(
    ("model", "field", "further", "size", "charged"),
    [
        ("topaz/image-upscale", "image_url", {"upscale_factor": "4"}, (80, 40), 10.0),
        ("recraft/crisp-upscale", "image", {}, (40, 20), 0.5),
    ],
)
async def test_a_picture_comes_back_larger_and_is_paid_by_its_size(
    model: str, field: str, further: dict[str, str], size: tuple[int, int], charged: float
) -> None:
    async with talking(catalog=CATALOG) as talk:
        link = await shown(talk, png(20, 10))
        task = await talk.made({"model": model, "input": {field: link, **further}})
        data = (await talk.record(task))["data"]
        assert data["creditsConsumed"] == charged
        _, picture = await talk.raw("GET", data["response"]["resultUrls"][0], headers={"User-Agent": "test/1"})
        with Image.open(BytesIO(picture)) as larger:
            assert larger.size == size


async def test_a_picture_that_would_become_too_large_is_refused() -> None:
    async with talking(catalog=CATALOG) as talk:
        link = await shown(talk, png(5_001, 1))
        body = {"model": "topaz/image-upscale", "input": {"image_url": link, "upscale_factor": "4"}}
        assert (await talk.create(body))["code"] == 500
