"""What facts mean to a check-up: which are fine, which are a warning, which a problem, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assetgen.commands import diagnosis
from assetgen.commands.diagnosis import Asked, Orders, Stored, fate, subject
from assetgen.commands.environment import Environment
from assetgen.digest import StepKey, digest_of
from assetgen.errors import LockError, Place, Problem, StateError
from assetgen.plan.world import OpenTask
from assetgen.providers.base import BadKeyError, TransientError
from assetgen.removers.base import RemovalError
from assetgen.report.findings import Finding
from assetgen.store.blobs import Survey
from assetgen.store.hold import Holder

USD = Decimal("0.09")
KEY = StepKey(digest_of(b"key"))
HERE = Holder(17, "here", "build")
ADDRESS = "https://api.kie.ai"
NO_KEY = Asked(ADDRESS, has_key=False, error=BadKeyError("KIE_AI_API_KEY is not set", hint="Set it, or --draft"))
UNREACHABLE = Asked(ADDRESS, has_key=True, error=TransientError("KIE could not be reached", hint="Check the network"))


def told(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(finding.level.value, finding.message) for finding in findings]


def hints(findings: Iterable[Finding]) -> str:
    return "\n".join(finding.hint for finding in findings if finding.hint)


# --- the installation and the environment --------------------------------------------------------------------------


def test_an_installation_as_it_should_be() -> None:
    assert told(
        diagnosis.program("assetgen 1", ("pillow 13", "rich 15"), {"png": "zlib 1", "avif": "libavif 1"}, ())
    ) == [
        ("ok", "assetgen 1"),
        ("ok", "pillow 13, rich 15"),
        ("ok", "writes png (zlib 1), avif (libavif 1)"),
    ]


@pytest.mark.parametrize(("wanted", "level"), [((), "warning"), (("png",), "warning"), (("avif",), "problem")])
def test_a_format_that_cannot_be_written_matters_when_it_is_asked_for(wanted: Any, level: str) -> None:
    *_, finding = diagnosis.program("", (), {"png": "zlib 1", "avif": None}, wanted)
    assert (finding.level, finding.message) == (level, "this Pillow cannot write avif files")
    assert "pip install" in str(finding.hint)


@pytest.mark.parametrize(
    ("version", "wanted", "found"),
    [
        ("18.1", True, ("ok", "makes videos (PyAV 18.1)")),
        (None, False, ("ok", "the optional part for videos is not installed")),
        (None, True, ("problem", "the optional part for videos is not installed")),
    ],
)
def test_the_part_for_videos_matters_when_a_video_is_asked_for(
    version: str | None, wanted: bool, found: tuple[str, str]
) -> None:
    (finding,) = diagnosis.videos(version, wanted=wanted)
    assert (finding.level, finding.message) == found
    assert bool(finding.hint) == (finding.level == "problem")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ((), [("ok", "backgrounds can be removed by `rembg`")]),
        (("service",), [("problem", "it needs BG_REMOVE_URL"), ("ok", "backgrounds can be removed by `rembg`")]),
    ],
)
def test_a_remover_that_lacks_something_matters_when_it_is_asked_for(
    wanted: tuple[str, ...], found: list[tuple[str, str]]
) -> None:
    lacks = {"service": RemovalError("it needs BG_REMOVE_URL", hint="set it"), "rembg": None}
    assert told(list(diagnosis.removers(lacks, wanted=wanted))) == found


def test_variables_are_named_with_where_they_come_from_and_never_shown() -> None:
    values = {"KIE_AI_API_KEY": "secret-1", "KIE_AI_WEBHOOK_KEY": "secret-2", "CI": "", "DATABASE_URL": "secret-3"}
    found = Environment(values, sources={"KIE_AI_API_KEY": ".env.local"}, read=(".env", ".env.local"))
    findings = list(diagnosis.variables(found, ("draft", "kie")))
    assert told(findings) == [
        ("ok", ".env and .env.local read"),
        ("ok", "KIE_AI_API_KEY comes from .env.local"),
        ("ok", "KIE_AI_WEBHOOK_KEY comes from the environment"),
    ]
    assert "secret" not in str(findings)


def test_what_is_wrong_with_the_environment() -> None:
    warnings = (
        Problem("env_file", "this line is not NAME=value and was left out", Place(".env", 3, 1)),
        Problem("key_withheld", "the key is not used", Place(".env", 1, 1), "set the address, too"),
    )
    findings = list(diagnosis.variables(Environment({"ASSETGEN_PROVIDER": "kiee"}, warnings), ("draft", "kie")))
    assert told(findings) == [
        ("ok", "there is no .env and no .env.local"),
        ("ok", "ASSETGEN_PROVIDER comes from the environment"),
        ("warning", ".env:3:1: this line is not NAME=value and was left out"),
        ("warning", "the key is not used"),
        ("problem", "ASSETGEN_PROVIDER names an unknown provider: `kiee`"),
    ]
    assert "did you mean `kie`?" in hints(findings)


# --- the service ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("orders", "level"), [(None, "warning"), (Orders(()), "warning"), (Orders((USD,)), "problem")])
def test_no_key_is_a_problem_only_where_something_is_to_be_ordered(orders: Orders | None, level: str) -> None:
    findings = list(diagnosis.service(NO_KEY, orders))
    assert told(findings)[0] == (level, "KIE_AI_API_KEY is not set")
    assert hints(findings) == "Set it, or --draft"


def test_offline_says_what_works_then() -> None:
    assert told(diagnosis.service(UNREACHABLE, Orders((USD, USD)))) == [
        ("problem", "KIE could not be reached"),
        ("ok", "drafts need no service: `build --draft` or `--provider draft`"),
        ("ok", "2 pictures to be ordered for $0.18"),
    ]


def test_a_service_that_answers() -> None:
    asked = Asked("https://me:pass@x.example/path", has_key=True, credits=Decimal("2450.50"), skew=-1.5)
    assert told(diagnosis.service(asked, None))[1:] == [
        ("ok", "this machine's clock agrees with the service's"),
        ("ok", "2450.5 credits are left ($12.2525)"),
    ]
    asked = Asked("http://127.0.0.1:8765/v1", has_key=True, credits=Decimal(100), skew=None)
    assert told(diagnosis.service(asked, None)) == [
        ("ok", "http://127.0.0.1:8765 answers and accepts the key"),
        ("ok", "the address is this machine's, such as an emulator's: the real service makes its pictures anew"),
        ("ok", "100 credits are left ($0.50)"),
    ]


@pytest.mark.parametrize(
    ("skew", "words"),
    [
        (60, "agrees with"),
        (-60, "agrees with"),
        (61, "is 1 min 01 s ahead of the service's"),
        (-7200, "is 2 h 00 min behind the service's"),
    ],
)
def test_clocks_differ_by_a_minute_at_most(skew: float, words: str) -> None:
    finding = diagnosis.clock(skew)
    assert words in finding.message
    assert (finding.level == "warning") == (finding.hint is not None) == (abs(skew) > 60)


@pytest.mark.parametrize(
    ("credits_", "prices", "expected"),
    [
        ("2450", (), ("ok", "the manifests order nothing from KIE now")),
        ("54", (USD,) * 3, ("ok", "3 pictures to be ordered for $0.27: the credits pay for all of them")),
        ("53.9", (USD,) * 3, ("problem", "3 pictures to be ordered for $0.27: the credits pay for 2 of them")),
        ("17", (USD,), ("problem", "1 picture to be ordered for $0.09: the credits pay for none of them")),
        ("-3", (USD,), ("problem", "1 picture to be ordered for $0.09: the credits pay for none of them")),
        (
            "18",
            (None, USD, None),
            ("ok", "3 pictures to be ordered for $0.09 and 2 unknown prices: the credits pay for all of them"),
        ),
    ],
)
def test_what_the_credits_pay_for(credits_: str, prices: tuple[Any, ...], expected: tuple[str, str]) -> None:
    asked = Asked(ADDRESS, has_key=True, credits=Decimal(credits_))
    findings = list(diagnosis.account(asked, Orders(prices)))
    assert told(findings)[-1] == expected
    assert ("top up at https://kie.ai/billing" in hints(findings)) == (expected[0] == "problem")


def test_no_credits_at_all_are_a_warning_without_orders() -> None:
    assert told(diagnosis.account(Asked(ADDRESS, has_key=True, credits=Decimal(0)), None)) == [
        ("warning", "0 credits are left ($0.00)")
    ]


# --- the store -----------------------------------------------------------------------------------------------------


def test_no_store_and_a_sound_one() -> None:
    assert told(diagnosis.store(Stored(exists=False))) == [
        ("ok", "there is no .assetgen yet: the first build makes it")
    ]
    stored = Stored(exists=True, sound=True, survey=Survey(12, 34_560_000, (), 0))
    assert told(diagnosis.store(stored)) == [
        ("ok", "the state database is sound"),
        ("ok", "12 pictures as received, 34.6 MB"),
    ]


def test_damage() -> None:
    survey = Survey(1, 10, (Path(".assetgen/blobs/ab/cd.corrupt"),), 2)
    error = StateError("it is damaged", hint="bring it back from a backup")
    findings = list(diagnosis.store(Stored(exists=True, survey=survey, errors=(error,))))
    assert told(findings) == [
        ("problem", "it is damaged"),
        ("ok", "1 picture as received, 0.0 MB, 2 unfinished downloads"),
        ("warning", "1 damaged picture put aside: .assetgen/blobs/ab/cd.corrupt"),
    ]
    assert hints(findings).startswith("bring it back from a backup")


TASKS = [
    (
        OpenTask(KEY, "kie", "t1", 0, USD),
        "open",
        '1 request accepted and not collected yet: task t1 "A coin"',
        "the next build",
    ),
    (
        OpenTask(KEY, "kie", "t1", 1, USD, gone=True),
        "gone",
        "1 request whose result the service did not have, or not intact, when it was asked last ($0.09): task t1 "
        '"A coin"',
        "--regenerate",
    ),
    (
        OpenTask(KEY, "kie", None, 1, USD),
        "maybe_charged",
        '1 request sent and never answered, perhaps charged ($0.09): to kie "A coin"',
        "https://kie.ai/logs; the next build sends it once more",
    ),
    (
        OpenTask(KEY, "kie", None, 2, USD),
        "maybe_charged_twice",
        '1 request sent more than once and never answered, perhaps charged each time ($0.18): to kie "A coin"',
        "https://kie.ai/logs; only `build --regenerate`",
    ),
]


@pytest.mark.parametrize(("task", "code", "message", "hint"), TASKS, ids=[code for _, code, _, _ in TASKS])
def test_what_is_not_finished_is_told_with_what_to_do(task: OpenTask, code: str, message: str, hint: str) -> None:
    stored = Stored(exists=True, tasks=(task,), requests={KEY: '{"prompt": "A\\n coin"}'})
    (finding,) = diagnosis.store(stored)
    assert (finding.level, finding.code, finding.message) == ("warning", code, message)
    assert hint in str(finding.hint)
    assert fate(task) == code


def test_a_build_at_work_looks_after_its_own_tasks() -> None:
    stored = Stored(exists=True, holder=HERE, tasks=(OpenTask(KEY, "kie", "t1", 0, None),))
    assert told(diagnosis.store(stored)) == [
        ("ok", "`assetgen build` (process 17 on here) is at work in this project"),
        ("ok", "1 request accepted and not collected yet: task t1"),
    ]
    assert hints(diagnosis.store(stored)) == ""


def test_many_tasks_are_counted() -> None:
    tasks = tuple(OpenTask(StepKey(digest_of(bytes([n]))), "kie", None, 1, USD if n else None) for n in range(20))
    ((_, message),) = told(diagnosis.store(Stored(exists=True, tasks=tasks)))
    assert message.startswith(
        "20 requests sent and never answered, perhaps charged ($1.71 and 1 unknown price): to kie, "
    )
    assert message.endswith(" and 12 more")


@pytest.mark.parametrize(
    ("request_", "prompt"),
    [
        ('{"prompt": "A coin"}', "A coin"),
        ("{}", None),
        ("[]", None),
        ('{"prompt": 1}', None),
        ("{", None),
        (None, None),
    ],
)
def test_a_request_is_recognized_by_its_prompt(request_: str | None, prompt: str | None) -> None:
    assert subject(request_) == prompt


# --- the rest ------------------------------------------------------------------------------------------------------


def test_folders() -> None:
    findings = list(diagnosis.folders({"output/app": True, ".assetgen": True, "web/public": False}))
    assert told(findings) == [
        ("ok", "can be written to: output/app, .assetgen"),
        ("problem", "web/public cannot be written to"),
    ]
    assert "permissions" in hints(findings)
    assert told(diagnosis.folders({"output": False})) == [("problem", "output cannot be written to")]


def test_manifests_that_cannot_be_planned() -> None:
    error = LockError("the lock is not valid JSON", place=Place("app.lock", 2, 1))
    assert told(diagnosis.unplanned([error])) == [("problem", "app.lock:2:1: the lock is not valid JSON")]
