"""Changes before incidents: what they share, when they were made, and what is usual there."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest

from opsgauge.analysis.changes.before import (
    STEPS,
    About,
    Made,
    Needs,
    Usual,
    before,
    change_rows,
    incidents_about,
    incidents_of,
    made_of,
    near_and_past,
    needs_of,
)
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.door import unbound
from opsgauge.log.related import CHANGES, CONFIGURATION_ITEMS, DEPENDENCIES
from opsgauge.log.tables import TICKETS
from opsgauge.warehouse.engine import DuckEngine
from opsgauge.warehouse.portable import micros_at
from tests.analysis.changes.desk import Estate, at

HOUR_US = MICROS_PER_HOUR
WINDOW_US = 72 * HOUR_US
ITEMS = unbound(CONFIGURATION_ITEMS)
INCIDENTS = incidents_about(unbound(TICKETS), ITEMS)
MADE = change_rows(unbound(CHANGES), unbound(TICKETS), ITEMS)


def asked(estate: Estate, expression: Any) -> pa.Table:
    """Run a query over an estate."""
    engine = DuckEngine([], estate.tables())
    try:
        return engine.run(expression)
    finally:
        engine.close()


def known(estate: Estate) -> tuple[Made, Needs]:
    """Return the changes that were made, and what needs what."""
    needs = needs_of(asked(estate, unbound(DEPENDENCIES)).to_pylist())
    return made_of(asked(estate, MADE)), needs


def shared(estate: Estate) -> dict[tuple[str, str], tuple[str, int]]:
    """Return what each incident shares with each change, made within ten days before it."""
    made, needs = known(estate)
    return {
        (row["ticket_id"], made.keys[tie.at][1]): (tie.how, tie.steps)
        for row in asked(estate, INCIDENTS).to_pylist()
        for tie in before(
            About(row["opened_us"], row["item"], row["service"]), made, needs, 240 * HOUR_US
        )
    }


def test_a_change_is_tied_by_item_need_or_service_the_closest_once() -> None:
    """By name, whatever source the name is in; another item and service ties nothing.

    web needs app, app needs db, db needs disk, disk needs power, power needs grid
    """
    estate = Estate()
    for item, needed in pairwise(("web", "app", "db", "disk", "power", "grid")):
        estate.needs(item, needed)
    estate.breaks("I1", "05 08:00", configuration_item="web", service="Shop")
    made = {"C0": "web", "C1": "app", "C2": "db", "C3": "disk", "C4": "grid"}
    for change, item in made.items():
        estate.changes(change, configuration_item=item, actual_start="04 08:00")
    estate.changes("C5", service="Shop", actual_start="04 08:00")
    estate.changes("C6", configuration_item="app", service="Shop", actual_start="04 08:00")
    estate.changes("C7", configuration_item="fax", service="Mail", actual_start="04 08:00")
    estate.changes("C8", actual_start="04 08:00")

    assert STEPS == 3
    assert shared(estate) == {
        ("I1", "C0"): ("item", 0),
        ("I1", "C1"): ("needed", 1),
        ("I1", "C2"): ("needed", 2),
        ("I1", "C3"): ("needed", 3),
        ("I1", "C5"): ("service", 0),
        ("I1", "C6"): ("needed", 1),
    }


def test_what_stands_on_an_item_is_not_what_it_needs() -> None:
    """A change of the web page is no reason for its database; a circle ends."""
    estate = Estate()
    estate.needs("web", "db")
    estate.needs("a", "b")
    estate.needs("b", "a")
    estate.breaks("I1", "05 08:00", configuration_item="db")
    estate.breaks("I2", "05 08:00", configuration_item="a")
    estate.changes("C1", configuration_item="web", actual_start="04 08:00")
    estate.changes("C2", configuration_item="a", actual_start="04 08:00")

    assert shared(estate) == {("I2", "C2"): ("item", 0)}


def test_the_service_is_that_of_the_item_where_none_is_named() -> None:
    """On both sides; two sources of one item make no second pair; a request is no incident."""
    estate = Estate()
    for source in ("cmdb", "old"):
        estate.has("mail-01", "Mail", source)
        estate.has("mail-02", "Mail", source)
    estate.breaks("I1", "05 08:00", configuration_item="mail-01")
    estate.breaks("I2", "05 08:00", configuration_item="mail-01", service="Phone")
    estate.breaks("R1", "05 08:00", configuration_item="mail-01", practice="request")
    estate.changes("C1", configuration_item="mail-02", actual_start="04 08:00")

    assert shared(estate) == {("I1", "C1"): ("service", 0)}
    assert asked(estate, MADE).num_rows == asked(estate, INCIDENTS).num_rows - 1 == 1


@pytest.mark.parametrize(
    ("said", "begun", "ended", "by_plan"),
    [
        ({"actual_start": "02 08:00", "actual_end": "02 10:00"}, "02 08:00", "02 10:00", False),
        ({"actual_start": "02 08:00", "planned_end": "02 09:00"}, "02 08:00", "02 09:00", False),
        ({"actual_start": "02 08:00", "planned_end": "01 09:00"}, "02 08:00", "02 08:00", False),
        ({"actual_end": "02 10:00"}, "02 10:00", "02 10:00", False),
        ({"actual_end": "02 10:00", "planned_start": "02 07:00"}, "02 07:00", "02 10:00", False),
        ({"actual_end": "02 10:00", "planned_start": "03 07:00"}, "02 10:00", "02 10:00", False),
        ({"actual_start": "02 08:00", "actual_end": "01 10:00"}, "02 08:00", "02 08:00", False),
        ({"planned_start": "02 08:00", "planned_end": "02 09:00"}, "02 08:00", "02 09:00", True),
    ],
)
def test_when_a_change_was_made(
    said: dict[str, str], begun: str, ended: str, by_plan: bool
) -> None:
    """Actual moments win; planned ones are said to be; an end before the beginning is none."""
    estate = Estate()
    estate.changes("C1", **said)
    [row] = asked(estate, MADE).to_pylist()

    assert (row["begun_us"], row["ended_us"]) == (micros_at(at(begun)), micros_at(at(ended)))
    assert row["by_plan"] is by_plan


def test_a_change_that_was_called_off_was_not_made() -> None:
    """One that was begun all the same was; one of another source has another ticket."""
    estate = Estate()
    for number in ("C1", "C2", "C3"):
        estate.breaks(number, "01 08:00", source="board", practice="change", phase="cancelled")
    estate.changes("C1", planned_start="02 08:00")
    estate.changes("C2", planned_start="02 08:00", actual_start="02 08:00")
    estate.changes("C3", source="other", planned_start="02 08:00")
    estate.changes("C4")

    assert {*asked(estate, MADE)["change_id"].to_pylist()} == {"C2", "C3"}


def test_the_window_ends_where_the_incident_begins() -> None:
    """Both ends count; what is under way counts; what begins after does not."""
    estate = Estate()
    estate.changes("long over", actual_start="01 08:00", actual_end="02 07:59")
    estate.changes("just", actual_start="01 08:00", actual_end="02 08:00")
    estate.changes("under way", actual_start="05 07:00", actual_end="06 07:00")
    estate.changes("at once", actual_start="05 08:00")
    estate.changes("after", actual_start="05 08:01")
    for change in estate.rows["changes"]:
        change["service"] = "Shop"
    made, needs = known(estate)
    ties = before(About(micros_at(at("05 08:00")), None, "Shop"), made, needs, WINDOW_US)

    assert [made.keys[tie.at][1] for tie in ties] == ["under way", "at once", "just"]


def test_incidents_near_a_change_are_counted_against_those_before_it() -> None:
    """Near: from its beginning to the window's end, once each; before it, up to twelve weeks."""
    estate = Estate()
    estate.changes("C1", configuration_item="db", actual_start="10 08:00", actual_end="10 10:00")
    for number, opened in enumerate(
        ["03 08:00", "10 07:59", "10 08:00", "12 08:00", "13 10:00", "13 10:01"]
    ):
        estate.breaks(f"I{number}", opened, configuration_item="db")
    estate.breaks("fax", "10 09:00", configuration_item="fax")
    estate.needs("web", "db")
    estate.breaks("web", "10 09:00", configuration_item="web")
    estate.breaks("disk", "10 09:00", configuration_item="disk", service="Shop")
    estate.needs("db", "disk")
    made, needs = known(estate)
    incidents = incidents_of(asked(estate, INCIDENTS))

    assert near_and_past(0, made, incidents, needs, WINDOW_US) == (4, 2)
    made = replace(made, service=("Shop",))
    assert near_and_past(0, made, incidents, needs, WINDOW_US) == (5, 2)


def test_what_is_usual_is_known_from_a_past_as_long() -> None:
    """As many as the past would bring in so long; with too short a past nobody can say."""
    assert Usual(near=3, past=10, near_us=2, past_us=10).usual == 2
    assert Usual(near=3, past=0, near_us=2, past_us=10).usual == 0
    assert Usual(near=3, past=1, near_us=4, past_us=3).usual is None
    assert Usual(near=3, past=0, near_us=0, past_us=0).usual is None
    assert Usual(near=3, past=0, near_us=4, past_us=-9).usual is None


def test_where_nothing_is_there_nothing_is_found() -> None:
    """Neither incidents nor changes, or names left empty."""
    assert shared(Estate()) == {}
    estate = Estate()
    estate.breaks("I1", "05 08:00")
    estate.changes("C1", actual_start="04 08:00")
    estate.has("x", "y")
    assert shared(estate) == {}
