"""Env files: who wins, what is withheld, what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from assetgen.commands.environment import environment
from assetgen.errors import Place, UsageError

SERVICE = "https://service.example"


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / f".{name.replace('_', '.')}").write_text(text)


def values(root: Path, **process: str) -> Mapping[str, str]:
    return environment(root, process).values


def test_nothing_there(tmp_path: Path) -> None:
    found = environment(tmp_path, {"A": "1"})
    assert (found.values, found.warnings) == ({"A": "1"}, ())


def test_the_later_file_and_then_the_process_wins(tmp_path: Path) -> None:
    write(tmp_path, env="A=env\nB=env\nC=env\n", env_local="B=local\nC=local\n")
    assert values(tmp_path, C="process") == {"A": "env", "B": "local", "C": "process"}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=1", "1"),
        ("export A=1", "1"),
        ("A = 1", "1"),
        ("A='a b' # note", "a b"),
        ('A="a\\nb"', "a\nb"),
        ("A=", ""),
        ("\ufeffA=1", "1"),
        ("A=1\r", "1"),
    ],
)
def test_how_values_are_written(tmp_path: Path, line: str, value: str) -> None:
    write(tmp_path, env=line + "\n")
    assert values(tmp_path) == {"A": value}


def test_where_a_value_comes_from_is_known(tmp_path: Path) -> None:
    write(tmp_path, env="A=env\nB=env\nC=env\n", env_local="B=local\n")
    found = environment(tmp_path, {"C": "process", "D": "process"})
    assert (found.sources, found.read) == ({"A": ".env", "B": ".env.local"}, (".env", ".env.local"))
    assert environment(tmp_path / "elsewhere", {}).read == ()


def test_a_name_without_a_value_sets_nothing(tmp_path: Path) -> None:
    write(tmp_path, env="A\n")
    assert values(tmp_path) == {}


def test_no_secret_is_carried_away_in_a_value(tmp_path: Path) -> None:
    write(tmp_path, env=f"KIE_AI_BASE_URL={SERVICE}/${{KIE_AI_API_KEY}}\n")
    assert values(tmp_path, KIE_AI_API_KEY="secret")["KIE_AI_BASE_URL"] == f"{SERVICE}/${{KIE_AI_API_KEY}}"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("KIE_AI_BASE_URL", "KIE_AI_API_KEY"),
        ("KIE_AI_UPLOAD_URL", "KIE_AI_API_KEY"),
        ("BG_REMOVE_URL", "BG_REMOVE_API_KEY"),
    ],
)
@pytest.mark.parametrize("file", ["env", "env_local"])
def test_an_address_from_a_file_is_never_sent_a_key_of_the_process(
    tmp_path: Path, address: str, key: str, file: str
) -> None:
    write(tmp_path, **{file: f"# where\n\n{address}={SERVICE}\n"})
    found = environment(tmp_path, {key: "secret"})
    assert found.values == {address: SERVICE}
    shown = f".{file.replace('_', '.')}"
    [warning] = found.warnings
    assert warning.code == "key_withheld"
    assert warning.message == f"{address} comes from {shown} and {key} from your own environment: the key is not used"
    assert warning.place == Place(shown, 3, 1)
    assert warning.hint == f"set {address} in your environment too, or unset {key} there and write it into {shown}"


def test_a_key_beside_its_address_does_not_help_one_of_the_process(tmp_path: Path) -> None:
    write(tmp_path, env=f"KIE_AI_BASE_URL={SERVICE}\nKIE_AI_API_KEY=file\n")
    assert "KIE_AI_API_KEY" not in values(tmp_path, KIE_AI_API_KEY="secret")


def test_an_address_and_its_key_from_one_side_go_together(tmp_path: Path) -> None:
    write(tmp_path, env=f"KIE_AI_BASE_URL={SERVICE}\nKIE_AI_API_KEY=file\n")
    found = environment(tmp_path, {})
    assert (found.values["KIE_AI_API_KEY"], found.warnings) == ("file", ())


def test_an_address_of_the_process_may_have_any_key(tmp_path: Path) -> None:
    write(tmp_path, env=f"KIE_AI_BASE_URL={SERVICE}\n", env_local="KIE_AI_API_KEY=file\n")
    mine = {"KIE_AI_BASE_URL": "https://mine.example"}
    assert environment(tmp_path, mine).values == mine | {"KIE_AI_API_KEY": "file"}
    assert environment(tmp_path, mine | {"KIE_AI_API_KEY": "secret"}).values["KIE_AI_API_KEY"] == "secret"


def test_a_line_that_is_no_setting_is_named(tmp_path: Path) -> None:
    write(tmp_path, env="A=1\n\n== what ==\nB=2\n")
    found = environment(tmp_path, {})
    assert found.values == {"A": "1", "B": "2"}
    assert [(str(w.place), w.message) for w in found.warnings] == [
        (".env:3:1", "this line is not NAME=value and was left out")
    ]


def test_a_folder_of_that_name_is_no_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert values(tmp_path) == {}


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=\xff\n")
    with pytest.raises(UsageError, match=r"\.env is not UTF-8 text"):
        environment(tmp_path, {})
