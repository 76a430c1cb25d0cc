"""Signals as records: one for each run, never changed in place, however often they are noted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

from opsgauge.foundation.agreed import Condition, Series
from opsgauge.foundation.clock import Clock, fixed_clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance import signal_register
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.signal_register import act, last_note, note, signal_of, signals
from opsgauge.governance.signals import (
    ASSIGNED,
    DISMISSED,
    DONE,
    GONE,
    HIGH,
    LEVEL,
    NOT_THERE,
    NOTED,
    NOTICES,
    PAST,
    QUIET,
    REBASED,
    SEEN,
    SIGNAL,
    STARTED,
    TARGET,
    TO_DO,
    UNDONE,
    Found,
    Response,
    Sight,
    Signal,
    State,
    slips,
)
from tests.governance.conftest import ANA

pytestmark = pytest.mark.row("SPC-06")
SERIES = Series("backlog", "count", (Condition("team", ("A",)),), "week")
OUTSIDE, SHIFT = ("outside_limits",), ("outside_limits", "shift")
DUE = Response(1, "Bo", "Look.", "2026-03-04")


def week(number: int) -> str:
    """Return a week of 2026."""
    return f"2026-W{number:02}"


def seen(
    newest: int,
    since: int,
    rules: tuple[str, ...] = OUTSIDE,
    up: int = 1,
    calm: dict[int, float] | None = None,
    **more: Any,
) -> Found:
    """Return that weeks from `since` to `newest` break rules, and those of `calm` do not."""
    run = tuple(week(each) for each in range(since, newest + 1))
    began = date.fromisocalendar(2026, newest, 1).isoformat()
    sight = Sight(run[-1], run[0], rules, "worse" if up > 0 else "better", up, 30.0, 30, began)
    sight = replace(sight, centre=10.0, lower=4.0, upper=16.0, run=run)
    still = dict.fromkeys(run, (30.0, up))
    still |= {week(each): (value, 0) for each, value in (calm or {}).items()}
    return replace(Found(SERIES, SIGNAL, run[-1], sight, still), **more)


def calm(newest: int, **weeks: tuple[float, int]) -> Found:
    """Return that the newest week shows nothing; `weeks` say what others show now: w9=(30.0, 1)."""
    still = {week(int(name[1:])): shown for name, shown in weeks.items()}
    return Found(SERIES, SIGNAL, week(newest), None, {**still, week(newest): (9.0, 0)})


@pytest.fixture
def noting(database: Database, clock: Clock) -> Callable[..., list[Signal]]:
    """Return what notes that something was found in the next data version, and tells all kept."""
    versions = count(1)

    def noted(*found: Found, version: int = 0) -> list[Signal]:
        note(database, clock, ANA, version or next(versions), found)
        return signals(database)

    return noted


Noting = Callable[..., list[Signal]]


def kinds(signal: Signal) -> list[str]:
    """Return the steps of a signal."""
    return [step.kind for step in signal.steps]


def test_a_run_that_goes_on_is_one_signal(database: Database, noting: Noting) -> None:
    """Seen again it gets a step; where a week was not looked at, it is still the same."""
    noting(seen(9, 9))
    noting(seen(10, 9, SHIFT))
    [kept] = noting(seen(13, 9, SHIFT))
    assert (kinds(kept), kept.sight.period) == ([SEEN] * 3, week(13))
    assert (kept.first.period, kept.data_version, kept.state) == (week(9), 1, State.OPEN)
    assert (kept.place, kept.goes_on) == (TO_DO, True)
    assert last_note(database) is not None
    assert verify(database).holds


def test_noting_a_data_version_twice_adds_nothing(
    database: Database, clock: Clock, noting: Noting
) -> None:
    """No step and no audit line; an older version, noted late, writes nothing either."""
    before = noting(seen(9, 9, response=DUE), version=4), len(lines(database))
    assert noting(seen(9, 9, response=DUE), version=4) == before[0]
    assert note(database, clock, ANA, 3, [calm(8)]).late
    assert (signals(database), len(lines(database))) == before


def test_two_at_once_keep_one_signal(database: Database, clock: Clock) -> None:
    """Whoever comes second finds what the first wrote."""
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: note(database, clock, ANA, 1, [seen(9, 9)]), range(8)))
    assert len(signals(database)) == 1
    assert sorted(len(each.new) for each in told) == [0] * 7 + [1]


def test_one_that_fails_on_the_way_leaves_nothing(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the signals before it nor that anybody looked."""
    monkeypatch.setattr(signal_register, "_ended", lambda *_: 1 / 0)
    kept = seen(9, 9)
    note(database, clock, ANA, 1, [kept])
    with pytest.raises(ZeroDivisionError):
        note(database, clock, ANA, 2, [replace(seen(9, 9), target=5), calm(10)])
    assert len(signals(database)) == 1
    assert (last_note(database) or (0,))[0] == 1


def test_a_run_that_ended_is_quiet_since(noting: Noting) -> None:
    """It stays open until somebody decides; the next one is a signal of its own."""
    noting(seen(9, 9))
    [kept] = noting(calm(11, w9=(30.0, 1), w10=(9.0, 0)))
    assert (kept.quiet_since, kept.goes_on, kept.place) == (week(10), False, TO_DO)
    assert noting(calm(12, w9=(30.0, 1))) == [kept]
    first, second = noting(seen(13, 13, calm={10: 9.0}))
    assert (first.number, second.first.period) == (kept.number, week(13))


def test_the_other_way_is_another_signal(noting: Noting) -> None:
    """Of the same week, too: the numbers are others then, and the first is no longer there."""
    noting(seen(9, 9))
    first, second = noting(seen(9, 9, up=-1))
    assert kinds(first) == [SEEN, GONE]
    assert (second.way, first.place, first.is_open) == (-1, NOT_THERE, True)


def test_a_restated_number_says_that_its_signal_is_gone(noting: Noting) -> None:
    """After which data version, and what stood there; it is back when the number is."""
    noting(seen(9, 9))
    [kept] = noting(calm(10, w9=(12.0, 0)))
    assert kept.gone is not None
    assert (kept.gone.data_version, kept.gone.told) == (
        2,
        {"period": week(9), "then": 30.0, "now": 12.0},
    )
    assert not kept.overdue(date(2030, 1, 1))
    [back] = noting(seen(10, 9))
    assert (kinds(back), back.gone, back.place) == ([SEEN, GONE, SEEN], None, TO_DO)


def test_a_rebased_signal_is_not_called_gone(
    database: Database, clock: Clock, noting: Noting
) -> None:
    """Its chart begins anew, so that its own week shows nothing any more: that was meant."""
    noting(seen(9, 9))
    act(database, clock, ANA, 1, (REBASED, {"rebase": 1, "event": "Rota", "at": week(9)}, "Why."))
    [kept] = noting(calm(10, w9=(30.0, 0)))
    assert (kept.state, kept.gone) == (State.REBASED, None)


def test_what_is_no_news_begins_nothing_and_goes_on(noting: Noting) -> None:
    """Among many charts a broken rule may be luck; of a signal that is known it is more of it."""
    assert noting(seen(9, 9, news=False)) == []
    noting(seen(10, 10))
    [kept] = noting(seen(11, 10, news=False))
    assert kept.sight.period == week(11)


def test_weeks_that_tell_together_are_not_called_gone(noting: Noting) -> None:
    """No single one of them broke a rule, so none can tell that nothing is there any more."""
    level = seen(9, 1, (LEVEL,))
    assert level.sight is not None
    noting(replace(level, sight=replace(level.sight, lasting=True)))
    [kept] = noting(calm(10, w9=(30.0, 0)))
    assert kept.quiet_since == week(10)
    assert kinds(kept) == [SEEN, QUIET]


def test_a_dismissal_covers_what_was_seen_by_then(database: Database, noting: Noting) -> None:
    """The same week in new data; a rule more, or a week that began later, is a new signal."""
    [first] = noting(seen(9, 9))
    monday = fixed_clock(datetime(2026, 3, 4, 9, tzinfo=UTC))  # in week 10
    act(database, monday, ANA, first.number, (DISMISSED, {}, "A server died."))
    assert len(noting(seen(9, 9))) == 1
    [again] = noting(seen(10, 9))  # it had begun by then
    assert (again.state, again.sight.period, again.place) == (State.DISMISSED, week(10), PAST)
    first, second = noting(seen(10, 9, SHIFT))
    assert (second.is_open, second.sight.rules) == (True, SHIFT)
    first, second, *more = noting(seen(11, 9, SHIFT))
    assert (second.sight.period, first.sight.period, more) == (week(11), week(10), [])
    assert QUIET not in kinds(first)

    act(database, monday, ANA, second.number, (DISMISSED, {}, "And a second one."))
    assert len(noting(seen(12, 9, SHIFT))) == 3


def test_decisions_follow_each_other(database: Database, clock: Clock, noting: Noting) -> None:
    """Open, dismissed, undone, rebased, undone; what does not fit is refused, all is audited."""
    [kept] = noting(seen(9, 9))

    def decide(kind: str, why: str = "Why.") -> State:
        return act(database, clock, ANA, kept.number, (kind, {}, why)).state

    with pytest.raises(QueryWrong, match="is open: nothing is to undo"):
        decide(UNDONE)
    assert decide(DISMISSED, "A server died.") == State.DISMISSED
    for kind in (DISMISSED, REBASED, ASSIGNED, DONE):
        with pytest.raises(QueryWrong, match="Signal 1 is dismissed") as wrong:
            decide(kind)
        assert "signals undo 1" in wrong.value.hint
    assert decide(NOTED) == State.DISMISSED
    assert decide(UNDONE) == State.UNDONE
    assert signal_of(database, kept.number).is_open
    assert [decide(REBASED), decide(UNDONE)] == [State.REBASED, State.UNDONE]
    told = lines(database, subject="signal 1")
    assert [each.why for each in told][-2:] == ["A server died.", ""]
    states = [each["state"] for each in (told[-2].before, told[-2].after)]  # type: ignore[index,call-overload]
    assert states == ["open", "dismissed"]
    assert len(told) == len(signal_of(database, kept.number).steps)
    with pytest.raises(UnknownRecord, match="no signal 7"):
        act(database, clock, ANA, 7, (DISMISSED, {}, "x"))


@pytest.mark.row("GOV-03")
def test_a_response_begins_with_the_slip_and_is_tracked(
    database: Database, clock: Clock, noting: Noting
) -> None:
    """Once for each signal, also where its protocol came later; overdue until it is done."""
    noting(seen(9, 9))
    noting(seen(10, 9, response=DUE))
    [kept] = noting(seen(11, 9, response=replace(DUE, due="2027-01-01")))
    assert kinds(kept).count(STARTED) == 1
    assert (kept.response, kept.due) == (DUE, date(2026, 3, 4))
    assert [kept.overdue(date(2026, 3, day)) for day in (4, 5)] == [False, True]
    later = act(database, clock, ANA, 1, (ASSIGNED, {"owner": None, "due": "2026-04-01"}, ""))
    assert (later.due, later.assigned) == (date(2026, 4, 1), "")
    given = act(database, clock, ANA, 1, (ASSIGNED, {"owner": "Cleo", "due": None}, ""))
    assert (given.due, given.assigned) == (date(2026, 4, 1), "Cleo")
    done = act(database, clock, ANA, 1, (DONE, {}, "Moved two people."))
    assert (done.overdue(date(2030, 1, 1)), done.done, done.is_open) == (False, True, True)
    with pytest.raises(QueryWrong, match="nothing is to be done"):
        act(database, clock, ANA, 1, (DONE, {}, "Again."))


def test_a_better_signal_starts_no_response() -> None:
    """Only what slips does: a signal to the worse, or a missed target."""
    better = seen(9, 9, up=-1).sight
    assert better is not None
    row = Signal(1, SIGNAL, SERIES, 0, -1, "", "", 1)
    assert not slips(row.kind, better)
    assert slips(TARGET, better)


@pytest.mark.row("ALR-06")
def test_a_notice_asks_nothing_and_passes(database: Database, clock: Clock, noting: Noting) -> None:
    """While it holds it is among the notices, afterwards in the past."""
    [kept] = noting(seen(9, 9, kind=HIGH))
    assert kept.place == NOTICES
    act(database, clock, ANA, 1, (ASSIGNED, {"owner": None, "due": "2026-03-04"}, ""))
    late = date(2026, 3, 5)
    assert signal_of(database, 1).overdue(late)
    [kept] = noting(replace(calm(10, w9=(30.0, 1)), kind=HIGH))
    assert (kept.place, kept.overdue(late)) == (PAST, False)


@pytest.mark.row("ALR-06")
def test_a_target_missed_again_is_another(noting: Noting) -> None:
    """While it is missed it is one, whichever weeks; reached meanwhile, the next is new."""
    missed = seen(9, 1, kind=TARGET, target=3)
    assert missed.sight is not None
    lasting = replace(missed, sight=replace(missed.sight, lasting=True))
    noting(lasting)
    noting(replace(calm(10), kind=TARGET, target=3))
    first, second = noting(lasting, version=9)
    assert (first.place, second.place) == (TO_DO, TO_DO)
    assert len(noting(replace(lasting, target=4), version=10)) == 3
