"""One object of JSON becomes one row of text, and no digit of it is lost."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.sources.tools.files.json_values import DECODER, DEEPEST, as_text, unfolded


def row(text: str) -> dict[str, str | None]:
    """Return the columns of one object."""
    return unfolded(DECODER.decode(text), set())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('"a"', "a"),
        ('""', ""),
        ('"null"', "null"),
        ("null", None),
        ("true", "true"),
        ("false", "false"),
        ("1.50", "1.50"),
        ("-0", "-0"),
        ("1E+2", "1E+2"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("NaN", "NaN"),
        ("[]", "[]"),
        ("{}", "{}"),
        ('[1.50, "a", null, {"b": true}]', '[1.50,"a",null,{"b":true}]'),
        ('"a\\u0000b"', "a\0b"),
        ('"\\ud83c\\udfab"', "🎫"),
    ],
)
def test_a_value_is_kept_as_it_was_written(value: str, text: str | None) -> None:
    """Numbers with all their digits, lists as JSON, nothing as missing."""
    assert row(f'{{"x": {value}}}') == {"x": text}


def test_fields_of_objects_are_columns_too() -> None:
    """Beside the object as JSON, as deep as names are long enough."""
    nested: set[str] = set()
    told = unfolded(DECODER.decode('{"a": {"b": {"c": 1.0}, "d": "x"}, "e": 2}'), nested)

    assert told == {
        "a": '{"b":{"c":1.0},"d":"x"}',
        "e": "2",
        "a.b": '{"c":1.0}',
        "a.d": "x",
        "a.b.c": "1.0",
    }
    assert nested == {"a", "a.b"}


def test_very_deep_objects_stay_json_from_some_depth_on() -> None:
    """Else a single record could bring columns without end."""
    deep = '{"x": ' * 20 + "1" + "}" * 20
    names = [".".join(["x"] * length) for length in range(1, DEEPEST + 1)]

    assert list(row(deep)) == names
    assert row(deep)[names[-1]] == '{"x":' * (20 - DEEPEST) + "1" + "}" * (20 - DEEPEST)


def test_a_name_with_a_point_wins_over_an_unfolded_one() -> None:
    """The record says it itself; the other stays in its object."""
    assert row('{"a": {"b": 1}, "a.b": 2}') == {"a": '{"b":1}', "a.b": "2"}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(values)
def test_text_of_a_value_is_that_value(value: object) -> None:
    """Read again, as JSON, it is the same."""
    kept = as_text(DECODER.decode(json.dumps([value])))

    assert json.loads(kept) == [value]
