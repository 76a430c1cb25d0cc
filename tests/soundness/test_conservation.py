"""Sums that must hold: stocks and flows, parts and wholes, periods and everything."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from opsgauge.log.periods import dates_of, instants_between
from opsgauge.log.vocabulary import PASSAGES
from opsgauge.metrics.example import make_desk
from tests.metrics.desks import CATALOGUE, NAMES, Opened, desk_of, open_desk, random_lives

ADDITIVE = [m.name for m in CATALOGUE if m.kind in ("count", "share", "time_share")]
STOCKS = ["backlog"]


@pytest.fixture(scope="module", params=[21, 22])
def desk(request: pytest.FixtureRequest) -> Iterator[Opened]:
    """Open random desks, in two zones."""
    zone = {21: "Europe/Amsterdam", 22: "Asia/Kolkata"}[request.param]
    opened = open_desk(desk_of(random_lives(request.param, tickets=140)), zone)
    yield opened
    opened.engine.close()


@pytest.mark.row("CAT-08")
@pytest.mark.parametrize("period", ["day", "week", "month"])
@pytest.mark.parametrize("by", [(), ("channel",), ("major", "channel")])
def test_what_is_open_is_what_was_open_and_came_and_went(
    desk: Opened, period: str, by: tuple[str, ...]
) -> None:
    """Opened + reopened - resolved - closed unresolved - cancelled, in every period and group."""
    stock = desk.values("backlog", period=period, by=by)
    labels = sorted({key[0] if by else key for key in stock})
    tickets = {row["ticket_id"]: row for row in desk.engine.run(desk.tables.tickets).to_pylist()}
    passed: Counter[tuple[str | None, ...]] = Counter()
    for row in desk.engine.run(desk.tables.history).to_pylist():
        if row["passage"] is not None:
            assert row["passage"] in PASSAGES
            sign = 1 if row["passage"] in ("created", "reopened") else -1
            group = tuple(_word(tickets[row["ticket_id"]][name]) for name in by)
            at = row["since"].replace(tzinfo=desk.watermark.tzinfo)
            passed[desk.periods.label_at(at, period), *group] += sign

    groups = {key[1:] for key in stock} if by else {()}
    for group in groups:
        level = 0
        for label in labels:
            level += passed[label, *group]
            assert stock[(label, *group) if by else label] == level, (label, group)


def _word(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


@pytest.mark.parametrize("split", ["team", "priority", "phase", "channel", "original_status"])
@pytest.mark.parametrize("period", ["day", "month"])
def test_the_parts_of_a_stock_make_the_whole(desk: Opened, period: str, split: str) -> None:
    """By whatever it is split, also where a ticket moves from part to part."""
    whole = desk.values("backlog", period=period)
    parts: Counter[str] = Counter()
    for (label, _), value in desk.values("backlog", period=period, by=(split,)).items():
        parts[label] += int(value or 0)

    assert dict(parts) == whole


@pytest.mark.parametrize("name", ADDITIVE)
def test_periods_and_groups_add_up_to_everything(desk: Opened, name: str) -> None:
    """n, numerator and denominator of all parts are those of the whole."""
    whole = desk.only(name)
    for asked in ({"period": "week"}, {"by": ("team",)}, {"period": "day", "by": ("major",)}):
        points = desk.measure(name, **asked)
        assert sum(p.n for p in points) == whole.n
        for part in ("numerator", "denominator"):
            parts = [getattr(p, part) for p in points if getattr(p, part) is not None]
            if parts:
                assert sum(parts) == pytest.approx(getattr(whole, part), rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_a_ticket_is_never_counted_twice(desk: Opened, name: str) -> None:
    """No join multiplies tickets: no number has more behind it than there are."""
    tickets = desk.engine.run(desk.tables.tickets).num_rows
    whole = desk.only(name)

    assert whole.n <= tickets
    for by in (("team",), ("attributes.x", "priority")):
        assert sum(p.n for p in desk.measure(name, by=by)) == whole.n


def test_tickets_of_equal_number_in_two_sources_are_two() -> None:
    """The key of a ticket is source and number together."""
    history = [
        {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new", "team": "A"},
        {"ticket": 1, "since": "2026-01-06 08:00", "phase": "new", "team": "B"},
    ]
    row = {"ticket_id": "INC1", "opened_at": "2026-01-05 08:00", "channel": "mail"}
    one = make_desk([{**row, "source": "north"}], history)
    other = make_desk([{**row, "source": "south", "channel": "phone"}], history)
    both = replace(
        one,
        tickets=pa.concat_tables([one.tickets, other.tickets]),
        history=pa.concat_tables([one.history, other.history]),
    )
    desk = open_desk(both)

    assert desk.values("backlog", by=("channel",)) == {("all", "mail"): 1, ("all", "phone"): 1}
    held = desk.values("backlog", by=("team", "channel"))
    assert held == {
        ("all", "A", "mail"): 0,
        ("all", "A", "phone"): 0,
        ("all", "B", "mail"): 1,
        ("all", "B", "phone"): 1,
    }
    assert desk.only("tickets_opened").n == 2


@pytest.mark.parametrize("name", STOCKS)
def test_the_newest_stock_is_what_is_open_now(desk: Opened, name: str) -> None:
    """However long the period is."""
    tickets = desk.tables.tickets
    now = desk.engine.run(tickets.filter(tickets.open)).num_rows

    for period in ("day", "week", "month", "quarter", "year", "all"):
        assert desk.measure(name, period=period)[-1].n == now


def test_a_stock_is_the_number_of_stays_that_reach_its_end(desk: Opened) -> None:
    """Counted interval by interval, for every day that has ended."""
    stays = [
        (_utc(row["since"]), _utc(row["until"]))
        for row in desk.engine.run(desk.tables.history).to_pylist()
        if row["open"]
    ]
    for day, counted in list(desk.values("backlog", period="day").items())[:-1]:
        end = instants_between(*dates_of(day), desk.periods.zone)[1]
        reaching = [s for s, u in stays if s is not None and s < end and (u is None or u >= end)]
        assert counted == len(reaching), day


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
