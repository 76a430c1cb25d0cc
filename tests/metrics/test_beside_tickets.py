"""Metrics of records beside tickets: how they are dated, split, listed, and what withholds them."""

from datetime import date
from typing import Any

import pytest

from opsgauge.foundation.agreed import Condition, Scope
from opsgauge.foundation.errors import QueryWrong, UnknownColumn
from opsgauge.log.door import open_tables
from opsgauge.metrics.example import make_desk
from opsgauge.metrics.missing import missing_parts
from tests.metrics.desks import CATALOGUE, Opened, only, open_desk

TICKETS = (
    {"opened_at": "2026-01-05 08:00", "priority": "1", "practice": "incident", "team": "A"},
    {"opened_at": "2026-02-05 08:00", "priority": "2", "practice": "request", "team": "B"},
)
CONTACTS = (
    {"started_at": "2026-01-05 08:00", "ticket_id": "T1", "team": "Desk"},
    {"started_at": "2026-01-06 08:00", "ticket_id": "T1", "team": "Desk"},
    {"started_at": "2026-02-05 08:00", "ticket_id": "T2", "team": None},
    {"started_at": "2026-02-06 08:00", "ticket_id": None, "team": "Desk"},
)


@pytest.fixture
def desk() -> Opened:
    """Two tickets and four contacts, one of which names none."""
    return open_desk(make_desk(TICKETS, records={"contacts": CONTACTS}))


def test_a_record_is_split_by_its_own_columns_and_by_those_of_its_ticket(desk: Opened) -> None:
    """Its team is the one that answered; the priority is that of its ticket, or nothing."""
    assert desk.values("contacts_offered", by=("team",)) == {("all", "Desk"): 3, ("all", None): 1}
    assert desk.values("contacts_offered", by=("priority",)) == {
        ("all", "1"): 2,
        ("all", "2"): 1,
        ("all", None): 1,
    }
    assert desk.only("contacts_offered", where=only("practice", "incident")).value == 2


def test_the_list_shows_each_record_beside_its_ticket(desk: Opened) -> None:
    """As many as n, also those that name no ticket."""
    listed = desk.behind("contacts_offered", {"period": "2026-02"}, period="month")

    assert {(row["record"], row["ticket_id"], row["kept_in"]) for row in listed} == {
        ("R3", "T2", "contacts"),
        ("R4", None, "contacts"),
    }
    assert {row["priority"] for row in listed} == {"2", None}


def test_a_rule_that_hides_a_ticket_hides_what_names_it(desk: Opened) -> None:
    """Who sees requests alone sees their contacts alone."""
    scope = Scope((Condition("practice", ("request",)),))
    desk.tables = open_tables(scope)

    assert desk.only("contacts_offered").value == 1
    assert len(desk.behind("contacts_offered", {"period": "all"})) == 1


def test_records_outside_the_calendar_count_in_no_number(desk: Opened) -> None:
    """An article of last century is in none of the periods, so not in their sum either."""
    old, new = {"published_at": "1999-01-05 08:00"}, {"published_at": "2026-01-20 08:00"}
    opened = open_desk(make_desk(TICKETS, records={"articles": [old, new]}))

    assert opened.only("articles_published").value == 1
    assert sum(v or 0 for v in opened.values("articles_published", period="month").values()) == 1


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland"])
def test_a_day_stays_the_day_it_is_in_every_zone(zone: str) -> None:
    """What was booked for the first of February is of February, also where it is still January."""
    costs = [
        {"period_start": day, "amount": 10.0, "currency": "EUR"}
        for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 7, 1))
    ]
    tickets = [{"opened_at": "2026-01-01 20:00"}, {"opened_at": "2026-07-20 08:00"}]
    opened = open_desk(make_desk(tickets, records={"costs": costs}), zone)
    values = opened.values("operating_cost", period="month")

    assert [values[f"2026-0{n}"] for n in (1, 2, 3, 7)] == [10, 10, 0, 10]


def test_a_ratio_is_one_sum_over_another_and_never_a_mean_of_ratios() -> None:
    """100 for one ticket and 100 for four: 40 each, and not 62.50."""
    tickets = [
        {"opened_at": "2026-01-01 08:00", "resolved_at": f"2026-0{month}-05 08:00", "service": name}
        for month, name in ((1, "Mail"), (1, "Print"), (1, "Print"), (1, "Print"), (1, "Print"))
    ]
    costs = [
        {"period_start": date(2026, 1, 3), "amount": 100, "currency": "EUR", "service": name}
        for name in ("Mail", "Print")
    ]
    opened = open_desk(make_desk(tickets, records={"costs": costs}))
    point = opened.only("cost_per_ticket")

    assert (point.value, point.numerator, point.denominator, point.n) == (40, 200, 5, 5)
    assert opened.values("cost_per_ticket", by=("service",)) == {
        ("all", "Mail"): 100,
        ("all", "Print"): 25,
    }
    assert len(opened.behind("cost_per_ticket", {"period": "all"})) == 5
    assert len(opened.behind("cost_per_ticket", {"period": "all"}, "numerator")) == 2


def test_a_ratio_knows_a_count_of_nought_and_not_a_sum_of_nothing() -> None:
    """No contact is none per ticket; a month without a booking has no cost per ticket."""
    tickets = [
        {"opened_at": f"2026-0{month}-05 08:00", "resolved_at": f"2026-0{month}-06 08:00"}
        for month in (1, 2)
    ]
    records: dict[str, list[dict[str, Any]]] = {
        "contacts": [{"started_at": "2026-01-05 08:00"}],
        "costs": [{"period_start": date(2026, 1, 5), "amount": 10, "currency": "EUR"}],
    }
    opened = open_desk(make_desk(tickets, records=records))

    assert opened.values("contacts_per_ticket", period="month") == {"2026-01": 1, "2026-02": 0}
    assert opened.values("cost_per_ticket", period="month") == {"2026-01": 10, "2026-02": None}


def test_money_in_two_currencies_has_no_sum() -> None:
    """Unless it is split by currency, or one is chosen."""
    costs = [
        {"period_start": date(2026, 1, 5), "amount": 10, "currency": currency}
        for currency in ("EUR", "USD")
    ]
    opened = open_desk(make_desk([], records={"costs": costs}))

    with pytest.raises(QueryWrong, match="2 currencies"):
        opened.measure("operating_cost")
    assert opened.values("operating_cost", by=("currency",)) == {
        ("all", "EUR"): 10,
        ("all", "USD"): 10,
    }
    assert opened.only("operating_cost", where=only("currency", "EUR")).value == 10


def test_what_cannot_be_asked_is_refused_with_the_reason(desk: Opened) -> None:
    """A past moment, a dimension that costs do not have, a week of monthly bookings."""
    with pytest.raises(QueryWrong, match="as of a past moment"):
        desk.measure("contacts_offered", as_of=desk.watermark)
    with pytest.raises(UnknownColumn, match="cannot be split or filtered by priority"):
        desk.measure("operating_cost", by=("priority",))
    with pytest.raises(QueryWrong, match="kept by the month"):
        desk.measure("operating_cost", period="week")


@pytest.mark.parametrize(
    ("metric", "records", "said"),
    [
        ("contacts_offered", {}, "there is no record of contacts"),
        ("handle_time", {"contacts": CONTACTS}, "the records hold no contacts.talk_seconds"),
        (
            "emergency_change_share",
            {"changes": [{"type": "Notfall", "planned_start": "2026-01-05 08:00"}]},
            "no changes.type says emergency or emergency change or urgent or expedited",
        ),
    ],
)
def test_what_is_missing_is_said_with_how_to_get_it(
    metric: str, records: dict[str, list[dict[str, str]]], said: str
) -> None:
    """A table, a column, or a word of the tool's own."""
    opened = open_desk(make_desk(TICKETS, records=records))
    found = missing_parts(opened.engine, CATALOGUE.get(metric), opened.tables)

    assert said in [each.sentence() for each in found]
    assert all("docs/guides" in each.hint() for each in found)


def test_a_geometric_mean_lies_between_its_values_and_below_the_mean() -> None:
    """1 hour and 9 hours: 3, where the mean is 5; nothing at all has no logarithm."""
    tickets = [
        {
            "opened_at": "2026-01-05 08:00",
            "first_response_at": "2026-01-05 08:00",
            "resolved_at": f"2026-01-05 {hour:02}:00",
        }
        for hour in (8, 9, 17)
    ]
    opened = open_desk(make_desk(tickets))
    point = opened.only("time_to_repair", statistic="geometric_mean")

    assert point.n == 2
    assert point.value == pytest.approx(3.0)
    assert opened.only("time_to_repair", statistic="mean").n == 3
    assert point.low is not None
    assert point.low < 3 < (point.high or 0)
    listed = opened.behind("time_to_repair", {"period": "all"}, statistic="geometric_mean")
    assert len(listed) == 2
