"""What the page templates may call."""

import json
from xml.etree import ElementTree as ET

import pytest

from opsgauge.operations.answers import Value
from opsgauge.operations.drawing.filters import (
    FILTERS,
    column_unit,
    exact,
    headed,
    in_unit,
    interval,
    interval_in,
    split_unit,
)
from tests.operations.drawing.samples import HOSTILE, measured


def test_a_column_has_one_unit_for_all_its_cells() -> None:
    """36 hours and 100 days stand in one column, in days."""
    answer = measured([36.0, 2400.0, None], unit="hours")
    unit = column_unit(answer)

    assert headed("median", unit) == "Median, days"
    assert [in_unit(row.value, unit) for row in answer.rows] == ["1.5", "100.0", "none"]
    assert interval_in(answer.rows[0], unit) == "1.5 to 1.5"
    assert interval_in(answer.rows[2], unit) == ""


def test_an_interval_in_a_sentence_brings_its_unit() -> None:
    """Each end as one would say it."""
    assert interval(measured([36.0], unit="hours").rows[0], "hours") == "36.0 to 36.0 h"


def test_json_in_a_page_cannot_end_its_script() -> None:
    """And keeps the order in which things are said."""
    written = FILTERS["json"]({"b": f"</script>{HOSTILE}", "a": 1})
    assert "<" not in written
    assert written.index('"b"') < written.index('"a"')


@pytest.mark.parametrize(
    ("values", "sign", "least"),
    [
        ((408.0, 60.0, 6.2), "h", "6.2"),
        ((408.0, 96.0), "days", "4.0"),
        ((30.0, 0.2), "min", "12.0"),
        ((30.0, 0.0), "h", "0.0"),
    ],
)
def test_a_column_of_groups_has_a_unit_for_its_smallest(
    values: tuple[float, ...], sign: str, least: str
) -> None:
    """Hours of urgent tickets are no fraction of a day beside days of the others."""
    answer = measured(values, unit="hours")
    unit = split_unit(answer)

    assert (unit.sign, unit.write(values[-1])) == (sign, least)


def test_what_a_group_is_called_stays_within_its_attribute() -> None:
    """A team named to break out of the attribute is written as words."""
    row = Value("2026-01", {"team": "\"><b onload='x'>"}, 3, 0.1 + 0.2, low=None)

    told = exact(row)

    assert ET.fromstring(f"<td{told}/>").attrib == {  # noqa: S314 - written right here
        "data-period": "2026-01",
        "data-by": json.dumps(row.by),
        "data-n": "3",
        "data-value": "0.30000000000000004",
    }
