"""YAML 1.2 scalars: what is a number, a boolean or null, and that everything else stays the text that it is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.manifest.scalars import NumberRangeError, plain_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-12", -12),
        ("+7", 7),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("-.5", -0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("2.5E-1", 0.25),
    ],
)
def test_values(text: str, value: object) -> None:
    found = plain_value(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        *("16:9", "1:1", "12:30:45", "no", "yes", "on", "off", "y", "n", "True", "FALSE", "Null", "NULL"),
        *("1_000", "0b101", "0o8", "0xZZ", "1K", "@2x", "2026-11-22", "1.2.3", "+", "-", ".", "1e", "-0x1", "=", "<<"),
        *("١٢", "1 2", ".infinity"),
    ],
)
def test_text(text: str) -> None:
    assert plain_value(text) == text


@pytest.mark.parametrize("text", [".inf", "-.Inf", ".nan", ".NaN", "1e999", "9" * 5000, "0x" + "f" * 200])
def test_numbers_that_nothing_can_hold(text: str) -> None:
    with pytest.raises(NumberRangeError):
        plain_value(text)


@given(st.integers(min_value=-(10**90), max_value=10**90))
def test_every_integer_is_read_back(number: int) -> None:
    assert plain_value(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_back(number: float) -> None:
    found = plain_value(repr(number))
    assert isinstance(found, int | float)
    assert math.isclose(found, number, rel_tol=0, abs_tol=0) or found == number
