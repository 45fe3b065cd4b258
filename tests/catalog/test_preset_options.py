"""Presets that do not exist, options that mean nothing, values that cannot be; and presets of installed packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen.catalog.presets.model import Brand, Ground, PresetOptions, Subject
from assetgen.catalog.presets.registry import BUILT_IN, expand, preset_named, preset_names, problems

BRAND = Brand("Acme", {"primary": "#EC4899", "short": "#abc"}, {"sunrise": ("#F472B6", "#BE185D")})
CUTOUT = Subject("coin", 1024, 1024, cutout=True)
FULL = Subject("coin", 1024, 1024)


def only_problem(name: str, options: PresetOptions, subject: Subject = CUTOUT) -> tuple[str | None, str, str]:
    (problem,) = problems(name, subject, options, BRAND)
    return problem.option, problem.message, problem.hint


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("subject", [CUTOUT, FULL])
def test_every_preset_works_without_options(name: str, subject: Subject) -> None:
    assert problems(name, subject, PresetOptions(), BRAND) == ()


@pytest.mark.parametrize(
    ("name", "guess"),
    [("ios-app-icon", "ios-appicon"), ("fav_icon", "favicon"), ("Android-Launcher", "android-launcher")],
)
def test_an_unknown_preset_is_answered_with_a_guess(name: str, guess: str) -> None:
    option, message, hint = only_problem(name, PresetOptions())
    assert option is None
    assert message == f"unknown preset `{name}`"
    assert hint.startswith(f"did you mean `{guess}`? known: ios-appicon, ")


def test_a_far_off_name_gets_the_list() -> None:
    assert only_problem("xyzzy", PresetOptions())[2] == "known: " + ", ".join(BUILT_IN)


@pytest.mark.parametrize(
    ("name", "options", "subject", "option", "message", "hint"),
    [
        ("og", PresetOptions(dark=True), CUTOUT, "dark", "`dark` means nothing to the preset `og`", "delete it; opt"),
        ("web", PresetOptions(inset=0), CUTOUT, "inset", "`inset` means nothing", "background, formats, widths"),
        ("ios-appicon", PresetOptions(inset=0.5), CUTOUT, "inset", "an inset of 0.5 leaves nothing", "such as 0.1"),
        ("ios-appicon", PresetOptions(inset=-0.1), CUTOUT, "inset", "an inset of -0.1 leaves nothing", "from 0 to"),
        (
            "favicon",
            PresetOptions(background="sunset"),
            CUTOUT,
            "background",
            "`sunset` is neither a colour nor a gradient of the brand",
            "the brand has: sunrise, primary, short",
        ),
        ("favicon", PresetOptions(background="#12345"), CUTOUT, "background", "`#12345` is neither", "write `#RRGGBB`"),
        ("flutter", PresetOptions(width=0), CUTOUT, "width", "0 is not a width", "from 1 to 16384"),
        ("web", PresetOptions(widths=(640, 99_999)), Subject("a"), "widths", "99999 is not a width", "from 1 to"),
        ("web", PresetOptions(widths=(640, 640)), CUTOUT, "widths", "a width stands twice", "delete one"),
        (
            "web",
            PresetOptions(widths=(640, 1280)),
            CUTOUT,
            "widths",
            "the picture is 1024 pixels wide, and `widths` asks for 1280",
            "generate it at a higher `resolution`",
        ),
        ("pwa", PresetOptions(monochrome=True), FULL, "monochrome", "a silhouette cannot be made of", "`removeBg: tr"),
        (
            "android-launcher",
            PresetOptions(monochrome=True),
            FULL,
            "monochrome",
            "needs a transparent",
            "set `removeBg: true`",
        ),
        (
            "ios-appicon",
            PresetOptions(dark=True),
            FULL,
            "dark",
            "`dark: true` needs a transparent",
            "delete `dark`",
        ),
        (
            "ios-imageset",
            PresetOptions(dark=True),
            CUTOUT,
            "dark",
            "write the same picture twice",
            "`dark: coin-dark`",
        ),
        (
            "android-drawable",
            PresetOptions(dark=True),
            FULL,
            "dark",
            "write the same picture twice",
            "`dark: coin-dark`",
        ),
        (
            "ios-appicon",
            PresetOptions(classic=True, tinted=True),
            CUTOUT,
            "tinted",
            "`tinted` and `classic` exclude one another",
            "delete `classic`",
        ),
    ],
)
def test_mistakes(name: str, options: PresetOptions, subject: Subject, option: str, message: str, hint: str) -> None:
    found = only_problem(name, options, subject)
    assert found[0] == option
    assert message in found[1]
    assert hint in found[2]


def test_all_mistakes_are_reported_together() -> None:
    found = problems("favicon", CUTOUT, PresetOptions(inset=0.9, background="no", classic=True), BRAND)
    assert [problem.option for problem in found] == ["classic", "inset", "background"]


def test_nothing_is_expanded_from_mistakes() -> None:
    with pytest.raises(ValueError, match="unknown preset `nope`"):
        expand("nope", CUTOUT, PresetOptions(), BRAND)
    with pytest.raises(ValueError, match=r"an inset of 0\.9"):
        expand("favicon", CUTOUT, PresetOptions(inset=0.9), BRAND)


@pytest.mark.parametrize(
    ("background", "colors"),
    [
        ("sunrise", ("#F472B6", "#BE185D")),
        ("primary", ("#EC4899",)),
        ("short", ("#AABBCC",)),
        ("#0af", ("#00AAFF",)),
        (None, ("#FFFFFF",)),
    ],
)
def test_backgrounds(background: str | None, colors: tuple[str, ...]) -> None:
    output = expand("ios-appicon", CUTOUT, PresetOptions(background=background), BRAND)
    assert output.files[0].look.ground == Ground(colors)


def test_another_asset_is_named_for_a_role_though_this_one_is_full() -> None:
    options = PresetOptions(dark="coin-dark", tinted="coin-grey")
    assert problems("ios-appicon", FULL, options, BRAND) == ()
    assert expand("ios-appicon", FULL, options, BRAND).roles == {"main", "dark", "tinted"}


def test_presets_of_packages_come_by_entry_point_and_replace_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acme_presets.py").write_text(
        "from assetgen.catalog.presets.model import Look, Preset, PresetFile, PresetOutput\n"
        "def watch(order):\n"
        "    return PresetOutput((PresetFile('watch.png', 88, 88, 'png', Look(ground=order.ground)),))\n"
        "WATCH = Preset('acme-watch', 'an icon of a watch', frozenset({'background'}), watch)\n",
        encoding="utf-8",
    )
    information = tmp_path / "acme-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(
        "[assetgen.presets]\nacme-watch = acme_presets:WATCH\nfavicon = acme_presets:WATCH\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert preset_names() == (*BUILT_IN, "acme-watch")
    assert expand("acme-watch", CUTOUT, PresetOptions(background="#000"), BRAND).files[0].width == 88
    assert problems("acme-watch", CUTOUT, PresetOptions(inset=0.1), BRAND)[0].option == "inset"
    assert preset_named("favicon") is BUILT_IN["favicon"]
    assert problems("acme-wotch", CUTOUT, PresetOptions(), BRAND)[0].hint.startswith("did you mean `acme-watch`?")
