"""`publish`, `check --published` and `rollback`: the app shows what was accepted, and nobody else's files are lost."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from assetgen import handover
from assetgen.errors import BlockedError, UsageError
from assetgen.lock.document import Lock, Orphan
from assetgen.lock.merging import merged
from assetgen.lock.reading import read_lock
from assetgen.lock.writing import lock_bytes
from assetgen.plan.plan import Options
from assetgen.publish.copies import Consent
from assetgen.publish.decisions import standing
from assetgen.publish.earlier import NoEarlierError
from tests.support.counting import CountingProvider
from tests.support.drafts import Drafts
from tests.support.house import EVERYTHING, PAID, House
from tests.support.locks import entry
from tests.support.mounts import read_only
from tests.support.pictures import png
from tests.support.space import Space
from tests.test_cleaning import pointer_to

ART = png(64, 64, (1, 2, 3))
TOP = f"publish: pub\n{PAID}"
COIN, PLACE = "output/app/coin.png", "pub/coin.png"
ACCEPTED = Consent()
ANYTHING = Consent(undecided=True, drafts=True)


class App(House):
    """A house whose pictures get into an app."""

    async def accept(self, *names: str) -> None:
        await handover.decide_named(self.project(), names, "accepted")

    async def reject(self, *names: str, note: str | None = None) -> None:
        await handover.decide_named(self.project(), names, "rejected", note=note)

    async def publish(
        self, consent: Consent = ACCEPTED, *, options: Options = EVERYTHING, prune: bool = False, dry_run: bool = False
    ) -> dict[str, str]:
        """What became of each published file, and of each asset that has none: why, or the code of its problem."""
        report = await handover.publish(self.project(), options, consent, prune=prune, dry_run=dry_run)
        fates: dict[str, str] = {copy.place: copy.fate.value for one in report.publications for copy in one.copies}
        fates |= {str(one.asset): one.problem.code for one in report.publications if one.problem}
        fates |= {str(one.asset): one.passed for one in report.publications if one.passed}
        return fates | {str(file.path): file.fate for file in report.removed}

    async def rollback(self, name: str = "coin", *, overwrite: bool = False) -> dict[str, str]:
        report = await handover.rollback(self.project(), name, overwrite=overwrite)
        return {copy.place: copy.fate.value for one in report.publications for copy in one.copies}

    @property
    def differing(self) -> dict[str, str]:
        """What the app shows that it should not, or not yet."""
        return {file.place: file.differs for file in handover.published(self.project(), EVERYTHING) if file.differs}

    @property
    def standing(self) -> str:
        return standing(self.lock.assets["coin"]).value

    async def shiny(self) -> None:
        """Another prompt, and its picture."""
        self.makes(TOP, coin="prompt: A shiny coin")
        await self.build()

    async def twice(self) -> str:
        """Two pictures were accepted and published, one after the other; returns the digest of the first."""
        first = self.files[PLACE]
        await self.shiny()
        await self.accept("coin")
        assert await self.publish() == {PLACE: "changed"}
        return first


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(tmp_path / "project", CountingProvider())


@pytest.fixture
async def published(app: App) -> App:
    """A coin was accepted and published."""
    app.makes(TOP, coin="prompt: A coin")
    await app.build()
    await app.accept("coin")
    assert await app.publish() == {PLACE: "new"}
    assert app.files[PLACE] == app.files[COIN]
    return app


# --- publishing ------------------------------------------------------------------------------------------------------


async def test_only_what_was_accepted_is_published(app: App) -> None:
    app.makes(TOP, coin="prompt: A coin", gem="prompt: A gem", star="prompt: A star")
    await app.build()
    await app.accept("coin")
    await app.reject("gem", note="dull")
    assert await app.publish() == {PLACE: "new", "gem": "rejected: dull", "star": "not decided about"}
    assert await app.publish(ANYTHING) == {PLACE: "unchanged", "gem": "rejected: dull", "pub/star.png": "new"}
    assert app.lock.assets["coin"].published == {PLACE: app.files[COIN]}
    assert not app.lock.assets["gem"].published


async def test_publishing_twice_changes_nothing(published: App) -> None:
    before = (published.files, published.lock, (published.root / PLACE).stat().st_mtime_ns)
    assert await published.publish() == {PLACE: "unchanged"}
    assert (published.files, published.lock, (published.root / PLACE).stat().st_mtime_ns) == before
    assert (await published.build()).results == {"coin": "up-to-date"}


async def test_every_size_goes_to_every_folder(app: App) -> None:
    app.makes(f"publish: [ios, web/public]\n{PAID}", coin='prompt: A coin, sizes: {"@1x": 16, "@2x": 32}')
    await app.build()
    await app.accept("coin")
    names = ("ios/coin.png", "web/public/coin.png", "ios/coin@2x.png", "web/public/coin@2x.png")
    assert await app.publish() == dict.fromkeys(names, "new")


async def test_drafts_are_not_published_unasked(app: App) -> None:
    app.makes("publish: pub\n", coin="prompt: A coin, sizes: [16]")
    await app.build()
    await app.accept("coin")
    assert await app.publish(Consent(undecided=True)) == {"coin": "a draft"}
    assert not app.differing
    assert await app.publish(Consent(drafts=True)) == {"pub/coin-16.png": "new"}
    assert not app.differing


async def test_an_undecided_picture_leaves_the_app_as_it_is(published: App) -> None:
    before = published.files[PLACE]
    await published.shiny()
    assert await published.publish() == {"coin": "not decided about"}
    assert (published.files[PLACE], published.differing) == (before, {})
    await published.accept("coin")
    assert published.differing == {PLACE: "is of the picture published before"}
    assert await published.publish() == {PLACE: "changed"}
    assert (published.files[PLACE], published.differing) == (published.files[COIN], {})


async def test_a_new_size_of_an_accepted_picture_is_published_without_another_look(published: App) -> None:
    published.makes(TOP, coin="prompt: A coin, sizes: [64, 32]")
    assert published.differing.keys() == {"pub/coin-64.png", "pub/coin-32.png"}
    await published.build()
    assert await published.publish(prune=True) == {
        "pub/coin-64.png": "new",
        "pub/coin-32.png": "new",
        PLACE: "removed",
    }


async def test_what_is_built_is_published_although_its_manifest_asks_for_more(published: App) -> None:
    published.makes(TOP, coin="prompt: A shiny coin")
    (published.root / PLACE).unlink()
    report = await handover.publish(published.project(), EVERYTHING, Consent())
    assert report.publications[0].note
    assert published.files[PLACE] == published.files[COIN]


async def test_a_dry_run_says_it_and_does_nothing(published: App) -> None:
    await published.shiny()
    before, lock = published.files, published.lock
    assert await published.publish(ANYTHING, dry_run=True) == {PLACE: "changed"}
    assert (published.files, published.lock) == (before, lock)


async def test_only_the_chosen_assets_are_published(app: App) -> None:
    app.makes(TOP, coin="prompt: A coin", gem="prompt: A gem")
    await app.build()
    assert await app.publish(ANYTHING, options=Options(only=("g*",))) == {"pub/gem.png": "new"}


# --- what is in the way ----------------------------------------------------------------------------------------------


async def test_an_edited_published_file_is_kept(published: App) -> None:
    (published.root / PLACE).write_bytes(ART)
    assert published.differing == {PLACE: "was edited by hand"}
    assert await published.publish() == {"coin": "edited"}
    assert (published.root / PLACE).read_bytes() == ART
    assert await published.publish(Consent(overwrite=True)) == {PLACE: "changed"}
    assert not published.differing


async def test_a_file_that_is_not_ours_is_kept(app: App) -> None:
    app.makes(TOP, coin="prompt: A coin")
    (app.root / "pub").mkdir()
    (app.root / PLACE).write_bytes(ART)
    await app.build()
    await app.accept("coin")
    assert app.differing == {PLACE: "is in the way: it is not ours"}
    assert await app.publish() == {"coin": "blocked"}
    assert (app.root / PLACE).read_bytes() == ART


async def test_equal_bytes_are_taken_over(app: App) -> None:
    app.makes(TOP, coin="prompt: A coin")
    await app.build()
    (app.root / "pub").mkdir()
    shutil.copy(app.root / COIN, app.root / PLACE)
    await app.accept("coin")
    assert await app.publish() == {PLACE: "unchanged"}
    assert app.lock.assets["coin"].published == {PLACE: app.files[COIN]}


async def test_a_folder_in_the_way_is_told(app: App) -> None:
    app.makes(TOP, coin="prompt: A coin, sizes: [16, 32]")
    (app.root / "pub/coin-32.png").mkdir(parents=True)
    await app.build()
    await app.accept("coin")
    assert await app.publish() == {"coin": "blocked"}
    assert not (app.root / "pub/coin-16.png").exists(), "whole or not at all"


async def test_what_another_manifest_published_is_kept(published: App) -> None:
    published.manifest = "other.yaml"
    published.makes(TOP, coin="prompt: Another coin")
    await published.build()
    await published.accept("coin")
    report = await handover.publish(published.project(), EVERYTHING, Consent())
    (problem,) = [one.problem for one in report.publications if one.problem]
    assert problem.message == "`pub/coin.png` is in the way: it belongs to `coin` of app.lock"


@pytest.mark.parametrize(
    ("spoil", "code", "sentence"),
    [
        (lambda path: path.unlink(), "missing", "`output/app/coin.png` is missing"),
        (lambda path: path.write_bytes(ART), "edited", "`output/app/coin.png` was edited by hand since it was built"),
    ],
    ids=["missing", "edited"],
)
async def test_an_output_that_is_not_what_was_accepted_is_not_published(
    app: App, spoil: object, code: str, sentence: str
) -> None:
    app.makes(TOP, coin="prompt: A coin", gem="prompt: A gem")
    await app.build()
    await app.accept("coin", "gem")
    assert callable(spoil)
    spoil(app.root / COIN)
    report = await handover.publish(app.project(), EVERYTHING, Consent())
    (problem,) = [one.problem for one in report.publications if one.problem]
    assert (problem.code, problem.message) == (code, sentence)
    assert problem.place is not None
    assert "pub/gem.png" in app.files


async def test_a_pointer_is_not_published_and_one_in_the_app_counts_as_its_picture(published: App) -> None:
    digest = published.files[COIN]
    (published.root / COIN).write_text(pointer_to(digest))
    assert await published.publish() == {PLACE: "unchanged"}
    (published.root / PLACE).unlink()
    assert await published.publish() == {"coin": "missing"}
    (published.root / PLACE).write_text(pointer_to(digest))
    assert not published.differing


async def test_a_link_out_of_the_project_is_not_followed(published: App, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(published.root / "pub")
    (published.root / "pub").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Exception, match="leaves the project through a symbolic link"):
        await published.publish()
    assert not list((tmp_path / "elsewhere").iterdir())


# --- pruning ---------------------------------------------------------------------------------------------------------


async def test_files_of_assets_that_are_gone_can_be_pruned(published: App) -> None:
    published.makes(TOP, gem="prompt: A gem")
    await published.build()
    assert published.lock.orphans[PLACE].published
    assert await published.clean() == {COIN: "removed"}
    assert PLACE in published.files
    assert await published.publish(prune=True, dry_run=True) == {PLACE: "removed", "gem": "not decided about"}
    assert await published.publish(prune=True) == {PLACE: "removed", "gem": "not decided about"}
    assert (list(published.files), published.lock.orphans) == (["output/app/gem.png"], {})


async def test_files_of_assets_that_are_gone_can_be_pruned_before_a_build(published: App) -> None:
    published.makes(TOP, gem="prompt: A gem")
    assert await published.publish(prune=True) == {PLACE: "removed", "gem": "not built yet"}
    assert list(published.files) == [COIN]
    assert list(published.lock.orphans) == [COIN]


async def test_an_edited_leftover_is_kept(published: App) -> None:
    published.makes(TOP, gem="prompt: A gem")
    (published.root / PLACE).write_bytes(ART)
    await published.build()
    assert (await published.publish(prune=True))[PLACE] == "kept: edited by hand"
    assert PLACE in published.lock.orphans


async def test_a_leftover_that_two_entries_tell_of_is_removed_once(published: App) -> None:
    """An asset under a new name took the published file over, and publishes elsewhere since."""
    lock = published.root / "app.lock"
    earlier = lock.read_bytes()
    published.makes(TOP, token="prompt: A token, filename: coin.png")
    await published.build(Options(overwrite=True))
    await published.accept("token")
    await published.publish()
    published.makes(f"publish: app\n{PAID}", token="prompt: A token, filename: coin.png")
    ours = published.lock
    kept = Lock(assets=ours.assets | read_lock_of(earlier, published.root / "old.lock").assets)
    lock.write_bytes(lock_bytes(kept))
    assert await published.publish(prune=True) == {"app/coin.png": "new", PLACE: "removed"}


def read_lock_of(data: bytes, path: Path) -> Lock:
    path.write_bytes(data)
    return read_lock(path)


async def test_a_folder_that_cannot_be_written_to_fails_its_assets(published: App) -> None:
    published.makes(TOP, coin="prompt: A shiny coin", gem="prompt: A gem, publish: app")
    await published.build()
    with read_only(published.root / "pub"):
        assert await published.publish(ANYTHING) == {"coin": "write", "app/gem.png": "new"}


async def test_what_the_app_still_needs_is_not_pruned(published: App) -> None:
    published.makes("publish: app\n" + PAID, coin="prompt: A shiny coin")
    await published.build()
    assert await published.publish(prune=True) == {"coin": "not decided about"}
    assert PLACE in published.files
    await published.accept("coin")
    assert await published.publish(prune=True) == {"app/coin.png": "new", PLACE: "removed"}
    assert published.lock.assets["coin"].published == {"app/coin.png": published.files[COIN]}


async def test_a_renamed_asset_leaves_its_published_files(published: App) -> None:
    published.makes(TOP, token="prompt: A coin, moved_from: coin")
    await published.build()
    assert published.differing == {"pub/token.png": "is not published yet"}
    assert await published.publish(prune=True) == {"pub/token.png": "new", PLACE: "removed"}
    assert (await published.build()).results == {"token": "up-to-date"}


async def test_a_name_that_another_asset_publishes_now_is_not_pruned(published: App) -> None:
    published.makes(TOP, gem="prompt: A gem, filename: coin.png")
    await published.build(Options(overwrite=True))
    await published.accept("gem")
    assert await published.publish(prune=True) == {PLACE: "changed"}
    assert published.files[PLACE] == published.files[COIN]
    assert not published.lock.orphans


# --- the app, compared ----------------------------------------------------------------------------------------------


async def test_the_app_is_compared_without_a_store_and_without_writing(published: App) -> None:
    shutil.rmtree(published.root / ".assetgen")
    shutil.rmtree(published.root / "output")
    before = sorted(published.root.rglob("*"))
    with read_only(published.root):
        assert not published.differing
    assert sorted(published.root.rglob("*")) == before
    (published.root / PLACE).unlink()
    assert published.differing == {PLACE: "is missing"}


async def test_a_rejected_picture_must_leave_the_app(published: App) -> None:
    await published.reject("coin")
    assert published.differing == {PLACE: "is of a rejected picture"}


async def test_a_published_picture_that_nobody_decided_about_stays_as_it_is(app: App) -> None:
    app.makes(TOP, coin="prompt: A coin")
    await app.build()
    await app.publish(ANYTHING)
    assert not app.differing
    (app.root / PLACE).write_bytes(ART)
    assert app.differing == {PLACE: "was edited by hand"}


# --- going back ------------------------------------------------------------------------------------------------------


async def test_a_rollback_brings_the_very_bytes_back_and_bars_the_new_ones(published: App) -> None:
    first = await published.twice()
    assert await published.rollback() == {PLACE: "changed"}
    assert (published.files[PLACE], published.standing) == (first, "rejected")
    assert not published.differing
    assert await published.publish(ANYTHING) == {"coin": "rejected: rolled back to the picture published before"}
    assert await published.rollback() == {PLACE: "unchanged"}
    await published.accept("coin")
    assert await published.publish() == {PLACE: "changed"}
    assert published.files[PLACE] == published.files[COIN]


async def test_a_note_of_a_person_outlives_a_rollback(published: App) -> None:
    await published.twice()
    await published.reject("coin", note="too shiny")
    await published.rollback()
    assert await published.publish() == {"coin": "rejected: too shiny"}


async def test_a_rollback_before_publishing_keeps_the_app_and_bars_what_was_accepted(published: App) -> None:
    await published.shiny()
    assert await published.rollback() == {PLACE: "unchanged"}
    assert published.standing == "undecided"
    await published.accept("coin")
    assert await published.rollback() == {PLACE: "unchanged"}
    assert published.standing == "rejected"
    assert not published.differing


async def test_a_picture_that_nobody_accepted_is_not_gone_back_to(published: App) -> None:
    first = published.files[PLACE]
    await published.shiny()
    await published.publish(ANYTHING)
    published.makes(TOP, coin="prompt: A dull coin")
    await published.build()
    await published.publish(ANYTHING)
    await published.rollback()
    assert published.files[PLACE] == first


async def test_what_a_colleague_published_can_be_gone_back_to(published: App) -> None:
    first = published.files[PLACE]
    await published.shiny()
    await published.accept("coin")
    published.lose()
    await published.publish()
    await published.rollback()
    assert published.files[PLACE] == first


async def test_a_renamed_asset_can_go_back(published: App) -> None:
    first = await published.twice()
    published.makes(TOP, token="prompt: A shiny coin, moved_from: coin, filename: coin.png")
    await published.build()
    assert await published.rollback("token") == {PLACE: "changed"}
    assert published.files[PLACE] == first


async def test_a_first_picture_has_none_before_it(published: App) -> None:
    with pytest.raises(NoEarlierError, match="no picture of `coin` is known that was published before"):
        await published.rollback()
    with pytest.raises(UsageError, match="there is no asset `con`"):
        await published.rollback("con")


async def test_bytes_that_are_gone_are_told(published: App) -> None:
    await published.twice()
    shutil.rmtree(published.root / ".assetgen/blobs")
    before = published.files
    with pytest.raises(NoEarlierError, match="the picture published before is not at hand"):
        await published.rollback()
    assert (published.files, published.standing) == (before, "accepted")


async def test_an_app_never_shows_half_of_an_earlier_picture(published: App) -> None:
    published.makes(TOP, coin="prompt: A shiny coin, sizes: [32, 64], filename: 'coin{{ suffix }}.png'")
    await published.build()
    await published.accept("coin")
    await published.publish()
    with pytest.raises(NoEarlierError, match=r"published before had no `pub/coin-32.png`"):
        await published.rollback()


async def test_a_rollback_replaces_no_edited_file(published: App) -> None:
    first = await published.twice()
    (published.root / PLACE).write_bytes(ART)
    with pytest.raises(BlockedError, match="was edited by hand since it was published"):
        await published.rollback()
    await published.rollback(overwrite=True)
    assert published.files[PLACE] == first


def test_the_place_of_a_picture_is_no_orphan() -> None:
    """A lock that was merged tells of a published file once."""
    mine = entry().model_copy(update={"published": {PLACE: entry().master.sha256}})
    theirs = Lock(orphans={PLACE: Orphan(sha256=entry().master.sha256, asset="gem", published=True)})
    assert not merged(Lock(), Lock(assets={"coin": mine}), theirs).orphans


# --- the commands ----------------------------------------------------------------------------------------------------

MANIFEST = """\
publish: pub
assets:
  coin: {prompt: A coin, sizes: [16]}
  gem: {prompt: A gem, sizes: [16]}
"""


@pytest.fixture
def shop(space: Space, drafts: Drafts) -> Space:
    return drafts.into(space, MANIFEST)


def test_the_commands_say_what_they_do(shop: Space) -> None:
    assert shop.run_ok("publish", "app.yaml").stderr == "nothing published\n"
    shop.run_ok("accept", "app.yaml", "coin")
    result = shop.run_ok("publish", "app.yaml", "--allow-drafts")
    assert result.stdout == (
        "new        pub/coin-16.png\n"
        "not published: `gem`: not decided about; `assetgen accept`, or --all publishes it anyway\n"
    )
    assert result.stderr == "1 new\n"
    assert "unchanged  pub/coin-16.png\n" in shop.run_ok("publish", "app.yaml", "--allow-drafts", "-v").stdout
    assert shop.run_ok("check", "app.yaml", "--published").stdout == "the app shows what was accepted: 1 file\n"
    shop.write("app.yaml", MANIFEST.replace("A coin", "A shiny coin"))
    shop.run_ok("build", "app.yaml")
    shop.run_ok("accept", "app.yaml", "coin")
    shop.run_ok("publish", "app.yaml", "--allow-drafts", "-q")
    result = shop.run_ok("rollback", "app.yaml", "coin")
    assert result.stdout == "changed    pub/coin-16.png\n"
    assert "the app shows the picture published before; the one that `coin` has now is rejected" in result.stderr
    assert "shows the picture published before already" in shop.run_ok("rollback", "app.yaml", "coin").stderr


def test_an_app_that_differs_fails_the_check(shop: Space) -> None:
    shop.run_ok("publish", "app.yaml", "--all", "--allow-drafts")
    shop.write("pub/coin-16.png", "edited")
    result = shop.run("check", "--published", "app.yaml")
    assert result.exit_code == 3
    assert result.stdout == (
        "pub/coin-16.png (`coin`) was edited by hand\n"
        "hint: bring it back from version control\n"
        "1 of 2 published files differs from what was accepted\n"
    )
    document = shop.run("check", "--published", "app.yaml", "--json").json
    assert document["totals"] == {"files": 2, "differ": 1}
    assert document["manifests"][0]["files"][0] == {
        "asset": "coin",
        "path": "pub/coin-16.png",
        "differs": "was edited by hand",
    }
    assert shop.run("check", "--published", "app.yaml", "--only", "gem").exit_code == 0
    failed = shop.run("publish", "app.yaml", "--all", "--allow-drafts")
    assert failed.exit_code == 1
    assert "app.yaml:3:3: error: `coin`: `pub/coin-16.png` was edited by hand since it was published" in failed.stderr


def test_json_tells_of_every_file(shop: Space) -> None:
    shop.run_ok("reject", "app.yaml", "gem")
    document = shop.run_ok("publish", "app.yaml", "--all", "--allow-drafts", "--json").json
    assert document["manifests"] == [
        {
            "manifest": "app.yaml",
            "assets": [
                {
                    "name": "coin",
                    "decision": "undecided",
                    "result": "published",
                    "reason": None,
                    "files": [{"path": "pub/coin-16.png", "result": "new"}],
                    "error": None,
                },
                {
                    "name": "gem",
                    "decision": "rejected",
                    "result": "passed",
                    "reason": "rejected",
                    "files": [],
                    "error": None,
                },
            ],
        }
    ]
    totals = {"new": 1, "changed": 0, "unchanged": 0, "removed": 0, "left": 0, "passed": 1, "failed": 0}
    assert document["totals"] == totals


def test_a_manifest_that_publishes_nothing_is_told(shop: Space) -> None:
    shop.write("app.yaml", MANIFEST.replace("publish: pub\n", ""))
    assert "no asset has a `publish` folder" in shop.run_ok("publish", "app.yaml").stderr
    assert shop.run_ok("check", "--published", "app.yaml").stdout == "nothing is to be published\n"


def test_a_dry_run_needs_no_store(shop: Space) -> None:
    shutil.rmtree(shop.root / ".assetgen")
    with read_only(shop.root):
        assert shop.run_ok("publish", "app.yaml", "--all", "--allow-drafts", "--dry-run").stderr == "would be: 2 new\n"


DOZEN = "publish: pub\nassets:\n" + "".join(f"  a{n:02}: {{prompt: A {n}, sizes: [16]}}\n" for n in range(12))


@pytest.mark.parametrize("number", [0, 1, 6, 11])
def test_a_killed_publish_is_finished_by_the_next(space: Space, drafts: Drafts, number: int) -> None:
    """At every moment each file in the app is whole, and afterwards lock and folder agree."""
    drafts.into(space, DOZEN)
    made = {path for path in space.tree() if path.startswith("output/")}
    wanted = {f"pub/{Path(path).name}": space.tree()[path] for path in made}
    assert len(wanted) == 12
    child = space.spawn("publish", "app.yaml", "--all", "--allow-drafts")
    folder = space.root / "pub"
    while child.poll() is None and (len(list(folder.glob("[!.]*"))) if folder.exists() else 0) < number:
        time.sleep(0.001)
    child.kill()
    space.finish(child)
    placed = {path: digest for path, digest in space.tree().items() if path.startswith("pub/a")}
    assert placed.items() <= wanted.items()
    space.run_ok("publish", "app.yaml", "--all", "--allow-drafts")
    tree = space.tree()
    assert {path: digest for path, digest in tree.items() if path.startswith("pub/")} == wanted
    lock = read_lock(space.root / "app.lock")
    assert {p: d for entry in lock.assets.values() for p, d in entry.published.items()} == wanted
    space.run_ok("publish", "app.yaml", "--all", "--allow-drafts")
    assert space.tree() == tree
