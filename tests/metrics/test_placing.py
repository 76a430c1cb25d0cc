"""Levels whose members moved, and dimensions as they were then: each record by its own moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import UnknownColumn
from opsgauge.log.periods import dates_of, label_of
from opsgauge.metrics.dated import Dated
from opsgauge.metrics.example import make_desk
from opsgauge.metrics.groupings import TIME, Band, Banded
from opsgauge.metrics.placing import NOT_PLACED, Moved, Placed
from tests.metrics import oracle
from tests.metrics.desks import (
    CATALOGUE,
    Life,
    Opened,
    desk_of,
    open_desk,
    random_lives,
    small_desk,
)

pytestmark = pytest.mark.row("CAT-11")
ZONE = ZoneInfo("Europe/Amsterdam")
LIVES = random_lives(5, tickets=120)
DAYS = date(2026, 3, 23), date(2026, 4, 1), date(2026, 4, 20)
# A team moves, comes to have a place, and has none any more; a channel, which never changes, too.
MOVES = (
    Moved(DAYS[0], (("Back", ("Desk",)), ("Front", ("Network",)))),
    Moved(DAYS[1], (("Front", ("Desk",)),)),
    Moved(DAYS[2], ((NOT_PLACED, ("Desk",)), ("Back", ("Network",)))),
)
FIRST = (("Front", ("Desk",)), ("Back", ()))
UNIT = Placed("team.unit", "team", FIRST, MOVES)
UNIT_THEN = Placed("team_then.unit", "team", FIRST, MOVES, as_then=True)
WAY = Placed(
    "channel.way",
    "channel",
    (("Told", ("phone", "mail")),),
    (Moved(DAYS[1], (("Read", ("mail",)),)),),
)
ENDS = {"ticket_id": "T1", "scale_min": 1, "scale_max": 5}
COUNTED = ("tickets_opened", "reopened_share", "time_to_resolve", "pending_user_time")


def unit(team: str | None, day: date) -> str | None:
    """Return where a team stands on a day, told by hand."""
    if team is None:
        return None
    place = sum(day >= moved for moved in DAYS)
    return {
        "Desk": ("Front", "Back", "Front", NOT_PLACED),
        "Network": (NOT_PLACED, *["Front"] * 2, "Back"),
    }[team][place]


def way(channel: str | None, day: date) -> str | None:
    """Return where a channel stands on a day, told by hand."""
    if channel in {"phone", "mail"}:
        return "Read" if channel == "mail" and day >= DAYS[1] else "Told"
    return None if channel is None else NOT_PLACED


def team_then(life: Life, at: datetime) -> str | None:
    """Return the team that held a ticket at a moment."""
    steps = [step for step in life.steps if step.at <= at]
    return steps[-1].team if steps else None


@pytest.fixture(scope="module")
def desk() -> Iterator[Opened]:
    """Open a random desk of known lives, over a change of clocks."""
    opened = open_desk(desk_of(LIVES), str(ZONE))
    yield opened
    opened.engine.close()


def dated(name: str) -> Iterator[tuple[Life, oracle.Ticket, datetime]]:
    """Yield the tickets that a metric counts, each with its moment."""
    told = oracle.TOLD[name]
    for life, ticket in zip(LIVES, oracle.tickets_of(LIVES), strict=True):
        at = ticket[told.dated]
        if at is not None and told.adds(ticket) is not None:
            yield life, ticket, at


@pytest.mark.parametrize("name", COUNTED)
def test_a_record_stands_where_its_member_was_at_its_own_moment(desk: Opened, name: str) -> None:
    """By the team that holds it now and the one that held it then, each month by itself."""
    own: Counter[Any] = Counter()
    for life, ticket, at in dated(name):
        day = at.astimezone(ZONE).date()
        then = team_then(life, at)
        key = (unit(ticket["team"], day), unit(then, day), then, way(ticket["channel"], day))
        own[label_of(day, "month"), *key] += 1
    by = ("team.unit", "team_then.unit", "team_then", "channel.way")
    asked: dict[str, Any] = {"by": by, "groupings": (UNIT, UNIT_THEN, WAY), "period": "month"}
    found = [p for p in desk.measure(name, **asked) if p.n]

    assert {(p.period, *p.by.values()): p.n for p in found} == own
    for point in found[1:40:15]:
        assert len(desk.behind(name, {"period": point.period, **point.by}, **asked)) == point.n


@pytest.mark.parametrize("grain", ["day", "month"])
def test_a_stock_stands_where_its_members_were_when_it_was_counted(
    desk: Opened, grain: str
) -> None:
    """Also where a period ends at the very instant of a move: it ends before it."""
    told = oracle.stock(LIVES, desk.periods, desk.watermark, grain, ("team", "channel"))
    own: Counter[Any] = Counter()
    known = desk.watermark.astimezone(ZONE).date()
    for (period, team, channel), ages in told.items():
        day = min(dates_of(str(period))[1], known)
        own[period, unit(team, day), way(channel, day)] += len(ages)
    asked: dict[str, Any] = {"by": ("team.unit", "channel.way"), "groupings": (UNIT, WAY)}
    asked["period"] = grain
    found = {(p.period, *p.by.values()): p.n for p in desk.measure("backlog", **asked) if p.n}
    aged = {(p.period, *p.by.values()): p.n for p in desk.measure("backlog_age", **asked) if p.n}

    assert found == aged == {key: n for key, n in own.items() if n}
    for row in list(found)[3:60:20]:
        only = (Condition("team.unit", (row[1],)), Condition("channel.way", (row[2],)))
        one = desk.values("backlog", where=only, period=grain, groupings=(UNIT, WAY))
        assert one[row[0]] == found[row]
        at = dict(zip(("period", *asked["by"]), row, strict=True))
        assert len(desk.behind("backlog", at, **asked)) == found[row]


def test_moves_hold_in_windows_averages_and_parts(desk: Opened) -> None:
    """What is counted in every way adds up to the whole, and is what single days say."""
    asked: dict[str, Any] = {"by": ("team.unit",), "groupings": (UNIT,)}
    spring = {"from_": date(2026, 3, 9), "to": date(2026, 4, 12)}
    days = desk.measure("backlog", period="day", **spring, **asked)
    for mean in desk.measure("backlog", aggregate="average", **spring, **asked):
        own = [day.value or 0 for day in days if day.by == mean.by]
        assert mean.value == pytest.approx(sum(own) / 35)
    opened = desk.measure("tickets_opened", period="day", **asked)
    for window in desk.measure("tickets_opened", period="week", rolling="28d", **asked):
        last = min(dates_of(window.period)[1], desk.watermark.astimezone(ZONE).date())
        ends = [(last - date.fromisoformat(p.period)).days for p in opened if p.by == window.by]
        counts = [p.n for p in opened if p.by == window.by]
        assert window.n == sum(n for n, ago in zip(counts, ends, strict=True) if 0 <= ago < 28)


def test_other_moments_decide_where_they_date(desk: Opened) -> None:
    """Closing in place of opening, and filters of several groups."""
    own = Counter(
        unit(ticket["team"], ticket["closed_at"].astimezone(ZONE).date())
        for ticket in oracle.tickets_of(LIVES)
        if ticket["closed_at"]
    )
    asked: dict[str, Any] = {"groupings": (UNIT,), "dated_by": "closed_at"}
    found = desk.measure("tickets_opened", by=("team.unit",), **asked)
    assert {p.by["team.unit"]: p.n for p in found} == own
    some = Condition("team.unit", ("Front", None))
    assert desk.only("tickets_opened", where=(some,), **asked).n == own["Front"] + own[None]


def test_a_move_and_a_change_of_team_meet() -> None:
    """A ticket is with the Desk until April and with the Network then; both move in between."""
    opened = small_desk(
        {"opened_at": "2026-03-20 08:00", "team": "Network", "phase": "in_progress"},
        history=[
            {"ticket": 1, "since": "2026-03-20 08:00", "phase": "new", "team": "Desk"},
            {"ticket": 1, "since": "2026-03-31 22:00", "phase": "new", "team": "Network"},
        ],
        at="2026-04-30 08:00",
        zone=str(ZONE),
    )
    found = opened.values("backlog", period="day", by=("team.unit",), groupings=(UNIT,))
    opened.engine.close()

    told = {day: group for (day, group), n in found.items() if n}
    days = ("03-22", "03-23", "03-31", "04-01", "04-19", "04-20")
    groups = ("Front", "Back", "Back", "Front", "Front", "Back")
    assert tuple(told[f"2026-{day}"] for day in days) == groups
    assert set(found.values()) == {0, 1}


def test_records_beside_tickets_stand_at_their_own_moment(mixed: Opened) -> None:
    """A metric of every table that names tickets can be split so, and none is lost."""
    of = {m.definition.of: m for m in CATALOGUE if isinstance(m.definition, Dated)}
    tried = []
    for table, metric in of.items():
        subject = metric.subject
        if subject.is_tickets or not subject.ticket or subject.has("team"):
            continue
        asked: dict[str, Any] = {"by": ("team.unit", "team_then"), "groupings": (UNIT,)}
        parts = mixed.measure(metric.name, **asked)
        assert sum(p.n for p in parts) == mixed.only(metric.name).n > 0
        tried.append((table, len({p.by["team_then"] for p in parts})))
    assert len(tried) > 3
    assert max(teams for _, teams in tried) > 2


def test_a_record_beside_a_ticket_has_its_team_of_then() -> None:
    """Before anybody had it, with the Desk, at the very instant of the change, and after."""
    told = ["03-20 07:59", "03-25 08:00", "04-03 08:00", "04-25 08:00"]
    beside = {
        "surveys": [
            {"answered_at": f"2026-{at}", "kind": "satisfaction", "score": 4, **ENDS} for at in told
        ]
    }
    steps = [
        {"ticket": 1, "since": "2026-03-20 08:00", "phase": "new", "team": "Desk"},
        {"ticket": 1, "since": "2026-04-03 08:00", "phase": "new", "team": "Network"},
    ]
    ticket = {"opened_at": "2026-03-20 08:00", "team": "Network", "phase": "new"}
    opened = open_desk(make_desk([ticket], steps, beside), str(ZONE))
    by = ("team_then", "team_then.unit", "team.unit")
    found = opened.measure("satisfaction_mark", by=by, groupings=(UNIT, UNIT_THEN), period="day")
    opened.engine.close()

    assert [tuple(p.by.values()) for p in found if p.n] == [
        (None, None, NOT_PLACED),
        ("Desk", "Back", "Front"),
        ("Network", "Front", "Front"),
        ("Network", "Back", "Back"),
    ]


def test_what_history_does_not_keep_has_no_then(desk: Opened, mixed: Opened) -> None:
    """Nor have records that name no ticket, or that say it themselves."""
    with pytest.raises(UnknownColumn, match="no dimension 'channel_then'"):
        desk.measure("tickets_opened", by=("channel_then",))
    count = next(m.name for m in CATALOGUE if m.kind == "count" and m.definition.of == "articles")
    with pytest.raises(UnknownColumn):
        mixed.measure(count, by=("team_then",))
    with pytest.raises(UnknownColumn, match="no team that history keeps"):
        mixed.measure(count, by=("team_then.unit",), groupings=(UNIT_THEN,))


def test_of_a_stock_then_is_when_it_is_counted(desk: Opened) -> None:
    """The same as the dimension itself, which a stock has as it was."""
    plain = desk.values("backlog", period="week", by=("team", "team.unit"), groupings=(UNIT,))
    then = ("team_then", "team_then.unit")
    assert desk.values("backlog", period="week", by=then, groupings=(UNIT_THEN,)) == plain


def test_bands_stand_beside_moves(desk: Opened) -> None:
    """A band is of the whole record, whatever moved meanwhile."""
    took = Banded("took", TIME, ("opened_at", "resolved_at"), "hours", (Band("any", None, None),))
    by = ("team.unit", "took", "age_band")
    parts = desk.measure("backlog", period="week", by=by, groupings=(UNIT, took))
    for whole in desk.measure("backlog", period="week"):
        assert sum(p.n for p in parts if p.period == whole.period) == whole.n
