"""The page as text: what it lets run, what it escapes, what it says."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest

from assetgen.publish.decisions import Standing
from assetgen.report.review.contents import Variant, Word
from assetgen.report.review.page import page
from tests.report.review.samples import HOSTILE, changed, file, picture, review, subject


def test_only_its_own_script_and_style_may_run() -> None:
    text = page(review(subject()))
    policy = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)[0].replace("&#39;", "'")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    for kind in ("script", "style"):
        (inside,) = re.findall(rf"<{kind}[^>]*>(.*?)</{kind}>", text, re.DOTALL)
        digest = b64encode(sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_nothing_is_asked_of_another_host() -> None:
    links = re.findall(r"""(?:src|href)="([^"#]*)""", page(review(subject(), changed())))
    assert links
    assert all(link == "" or link.startswith("data:") for link in links)


def test_text_is_escaped_wherever_it_stands() -> None:
    hostile = changed(
        HOSTILE,
        manifest=HOSTILE,
        description=HOSTILE,
        tags=(HOSTILE,),
        note=HOSTILE,
        by=HOSTILE,
        why=(HOSTILE,),
        next=(HOSTILE,),
        failure=HOSTILE,
        warnings=(HOSTILE,),
        prompt=(Word("added", HOSTILE), Word("removed", HOSTILE)),
        facts=((HOSTILE, HOSTILE),),
        files=(file(HOSTILE),),
        colors=((HOSTILE, "#EC4899"),),
    )
    text = page(review(hostile, title=HOSTILE))
    assert "<img src=x" not in text
    assert text.count("<script") == text.count("</script>") == 1
    assert text.count("</style>") == 1
    assert text.count("<template>") == text.count("</template>") == 1
    assert "49" not in re.sub(r"\d{3,}|#\w+|base64,[^\"]+", "", text.split("<main>")[1])


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (subject(), ["coin", "A coin"]),
        (subject(seen=None, picture=None), ["Not made yet"]),
        (subject(picture=None), ["Nothing to see here"]),
        (subject(draft=True), ["Draft"]),
        (subject(failure="it is in the way"), ["Blocked", "it is in the way"]),
        (subject(warnings=("too small", "too blue")), ["2 warnings", "Look twice", "too blue"]),
        (subject(next=("the next build will have another picture made ($0.09)",)), ["Not built yet", "($0.09)"]),
        (subject(facts=(("Model", "nano-banana-pro"),)), ["<dt>Model</dt><dd>nano-banana-pro</dd>"]),
        (subject(files=(file(link="../coin.png"),)), ["coin.png", "24 × 24 png, 1.2 KB"]),
        (subject(files=(file(),)), ["24 × 24 png, missing"]),
        (subject(files=(file(link="coin.png"),)), ["In context", "On a dark home screen, in a circle"]),
        (subject(standing=Standing.REJECTED, note="too red", by="Ann"), ['data-note="too red"', 'data-by="Ann"']),
        (changed(), ["New picture", "<del>red</del><ins>blue</ins>", "against the accepted one", "Side by side"]),
        (changed(accepted=None), ["New picture", "Why it changed"]),
    ],
)
def test_what_is_said_of_an_asset(shown: object, words: list[str]) -> None:
    text = page(review(shown))  # type: ignore[arg-type]
    assert [word for word in words if word not in text] == []


def test_the_summary() -> None:
    text = page(review(subject(), changed(), subject("bolt", tags=("icon",))))
    assert "3 assets" in text
    assert "<b>1</b> changed" in text
    assert "<b>$0.27</b> spent" in text
    assert "<b>$1.20</b> saved" in text
    assert '<option value="icon">' in text


def test_only_small_square_assets_are_shown_as_icons() -> None:
    assert subject(files=(file(edge=64, link="a"), file(edge=512, link="b"))).icon is not None
    assert subject(files=(file(edge=512, link="b"),)).icon is None
    assert subject(files=(file(edge=16, link="a"), file(edge=32, link="b"))).icon == file(edge=32, link="b")


def test_a_dark_home_screen_shows_the_icons_that_are_made_for_it() -> None:
    plain, dark, tinted = (
        file(f"{look}.png", 1024, link=f"{look}.png", group="ios-appicon", look=look) for look in ("", "dark", "tinted")
    )
    text = page(review(subject(files=(plain, dark, tinted))))
    shown = re.findall(r'<img class="squircle(?: system)?" src="([^"]*)"', text)
    assert shown == [plain.link, dark.link]
    assert f'<img src="{tinted.link}" width="60" height="60" alt="On a dark home screen, tinted">' in text


def test_a_video_is_shown_by_its_first_frame_until_somebody_plays_it() -> None:
    clip = picture(link="../loop.mp4")
    moving = replace(clip, moves=True)
    films = (file("output/loop.mp4", 64, link="loop.mp4", format="mp4"), file("output/loop.gif", 64, link="loop.gif"))
    text = page(review(changed(picture=moving, accepted=moving, files=films)))
    players = re.findall(r"<video[^>]*>", text)
    assert len(players) == 3
    assert all("controls" in player and "autoplay" not in player for player in players)
    assert "poster" in players[0]
    assert "poster" not in players[1], "the list has it already"


def test_variants_stand_side_by_side() -> None:
    choice = tuple(Variant(number, picture(edge=number), picked=number == 2) for number in (1, 2, 3))
    text = page(review(subject(variants=choice)))
    assert re.findall(r'<li class="(variant[^"]*)">', text) == ["variant", "variant picked", "variant"]
    assert "Variant 3 of coin" in text


def test_a_thumbnail_is_there_once() -> None:
    shown = picture("#123456")
    assert page(review(subject(picture=shown))).count("data:image/webp") == 1
