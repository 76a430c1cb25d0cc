"""Whatever the log: pieces give what the whole gives, and history is what a plain walk finds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Intake

STATES = {
    "New": "new",
    "Work": "in_progress",
    "Wait": "pending_user",
    "Done": "resolved",
    "Shut": "closed",
    "Void": "cancelled",
    "Odd": None,
}
DONE = {"resolved", "closed", "cancelled"}
START = datetime(2026, 1, 30, 23, tzinfo=UTC)  # so that months end in the middle

MAPPING = """
source: desk
shape: updates
ticket_id: number
times: {zone: UTC}
order: [count]
fields: {updated_at: at, opened_at: opened, original_status: state, team: team, assignee: who}
phases:
  {New: new, Work: in_progress, Wait: pending_user, Done: resolved, Shut: closed, Void: cancelled}
links: [{kind: problem_of, column: problem}]
"""
BY_TIME = MAPPING.replace("order: [count]\n", "")
CHANGES = """
source: desk
shape: changes
ticket_id: number
times: {zone: UTC}
fields: {updated_at: at, opened_at: opened, actor: who}
changes:
  field: state
  old: problem
  new: team
  names: {New: team, Work: priority, Wait: original_status}
"""
HEADER = "number,count,at,opened,state,team,who,problem\n"


class Update(NamedTuple):
    """One row of a source."""

    ticket: int
    at: int  # minutes after the start
    state: str
    team: str
    who: str
    problem: str
    opened: int | None


updates = st.builds(
    Update,
    ticket=st.integers(1, 3),
    at=st.integers(0, 40).map(lambda step: step * 97),
    state=st.sampled_from(list(STATES)),
    team=st.sampled_from(["A", "B", "C", ""]),
    who=st.sampled_from(["Ann", "Bob", ""]),
    problem=st.sampled_from(["", "PRB1", "PRB2"]),
    opened=st.none(),
)
openings = st.lists(st.one_of(st.none(), st.integers(-3_000, 3_000)), min_size=3, max_size=3)


@st.composite
def logs(draw: st.DrawFn) -> list[Update]:
    """Draw updates of three tickets, each with one moment of opening or none."""
    opened = draw(openings)
    drawn = draw(st.lists(updates, min_size=1, max_size=25))
    return [each._replace(opened=opened[each.ticket - 1]) for each in drawn]


def moment(minutes: int) -> datetime:
    """Return an instant of the generated world."""
    return START + timedelta(minutes=minutes)


def rows(log: Sequence[Update]) -> list[str]:
    """Return the log as rows of a CSV file, counted in order."""
    return [
        f"INC{each.ticket},{n},{moment(each.at):%Y-%m-%d %H:%M},"
        f"{'' if each.opened is None else f'{moment(each.opened):%Y-%m-%d %H:%M}'},"
        f"{each.state},{each.team},{each.who},{each.problem}\n"
        for n, each in enumerate(log)
    ]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return numbered folders, one per import and example."""
    numbers = count()
    return lambda: tmp_path_factory.mktemp(f"place-{next(numbers)}")


def imported(place: Path, pieces: Sequence[Sequence[str]], mapping: str, twin: Path | None) -> Any:
    """Import pieces one after the other into a new workspace; return what it holds then."""
    intake = Intake(place, secret_of=twin)
    try:
        for piece in pieces:
            intake.takes(HEADER + "".join(piece), mapping=mapping)
        return intake.content()
    finally:
        intake.close()


def cut(lines: Sequence[str], cuts: Sequence[int]) -> list[list[str]]:
    """Cut rows into pieces at these places."""
    ends = sorted({0, len(lines), *(place % len(lines) for place in cuts)})
    return [list(lines[a:b]) for a, b in pairwise(ends)]


@pytest.mark.row("ING-01")
@settings(max_examples=5)
@given(
    log=logs(),
    cuts=st.lists(st.integers(0, 24), min_size=1, max_size=3),
    shape=st.sampled_from([MAPPING, BY_TIME, CHANGES]),
)
def test_pieces_in_order_give_what_the_whole_gives(
    places: Any, log: list[Update], cuts: list[int], shape: str
) -> None:
    """However a log is cut into exports, and whatever its shape."""
    lines = rows(log)
    one = places()
    whole = imported(one, [lines], shape, None)

    assert imported(places(), cut(lines, cuts), shape, one) == whole


@pytest.mark.row("ING-01")
@settings(max_examples=5)
@given(
    log=logs(),
    cuts=st.lists(st.integers(0, 24), min_size=1, max_size=3),
    shuffled=st.randoms(use_true_random=False),
    overlap=st.integers(0, 5),
)
def test_pieces_in_any_order_give_the_same_where_the_source_counts(
    places: Any, log: list[Update], cuts: list[int], shuffled: Any, overlap: int
) -> None:
    """The tool's own count orders updates, so late files and files that overlap do no harm."""
    lines = rows(log)
    one = places()
    whole = imported(one, [lines], MAPPING, None)
    pieces = cut(lines, cuts)
    pieces.append(lines[:overlap])
    shuffled.shuffle(pieces)

    assert imported(places(), [piece for piece in pieces if piece], MAPPING, one) == whole


class Interval(NamedTuple):
    """One row of history, as a plain walk finds it."""

    seq: int
    since: datetime
    until: datetime | None
    phase: str | None
    open: bool
    passage: str | None
    team: str | None
    handoffs: int
    reopened: int


def walk(log: Sequence[Update]) -> list[Interval]:
    """Walk one ticket's updates in order, as somebody with pencil and paper would."""
    opened = moment(log[0].opened) if log[0].opened is not None else moment(min(u.at for u in log))
    first, first_phase = moment(log[0].at), STATES[log[0].state]
    steps: list[tuple[int, datetime, str | None, str | None]] = []
    if first > opened or first_phase in DONE:
        steps.append((0, min(opened, first), "new", None))
    latest = first
    for seq, update in enumerate(log, start=1):
        latest = max(latest, moment(update.at))
        steps.append((seq, latest, STATES[update.state], update.team or None))
    found: list[Interval] = []
    known, team, handoffs, reopened = "new", None, 0, 0
    for (seq, since, phase, now), after in zip(steps, [*steps[1:], None], strict=True):
        was_done = known in DONE and bool(found)
        known = phase or known
        done = known in DONE
        handoffs += now is not None and team is not None and now != team
        reopened += was_done and not done
        team = now or team
        passage = _passage(bool(found), was_done, known)
        until = after[1] if after else None
        found.append(Interval(seq, since, until, phase, not done, passage, now, handoffs, reopened))
    return found


def _passage(begun: bool, was_done: bool, known: str) -> str | None:
    if not begun:
        return "created"
    if was_done == (known in DONE):
        return None
    ends = {"resolved": "resolved", "closed": "closed_unresolved", "cancelled": "cancelled"}
    return ends.get(known, "reopened")


@pytest.mark.row("ING-02")
@settings(max_examples=12)
@given(log=logs(), asked=st.lists(st.integers(-60, 80), min_size=1, max_size=12))
def test_history_is_what_a_plain_walk_finds(
    places: Any, log: list[Update], asked: list[int]
) -> None:
    """Interval by interval; and at any instant, open is what came in less what went out."""
    intake = Intake(places())
    try:
        intake.takes(HEADER + "".join(rows(log)), mapping=MAPPING)
        told = intake.rows(
            "SELECT ticket_id, seq, since, until, phase, open, passage, team, handoff_count, "
            "reopen_count, elapsed_us FROM history ORDER BY ticket_id, seq"
        )
    finally:
        intake.close()

    for ticket in {update.ticket for update in log}:
        mine = [row[1:] for row in told if row[0] == f"INC{ticket}"]
        expected = walk([update for update in log if update.ticket == ticket])
        assert [Interval(*map(_aware, row[:-1])) for row in mine] == expected
        assert [row[-1] for row in mine] == [_length(interval) for interval in expected]
    intervals = [Interval(*map(_aware, row[1:-1])) for row in told]
    for step in asked:
        at = moment(step * 97)
        stock = sum(i.open and i.since <= at and not (i.until and i.until <= at) for i in intervals)
        passed = [i.passage for i in intervals if i.since <= at and i.passage]
        gained = sum(passage in ("created", "reopened") for passage in passed)
        assert stock == 2 * gained - len(passed)


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _length(interval: Interval) -> int | None:
    if interval.until is None:
        return None
    return (interval.until - interval.since) // timedelta(microseconds=1)
