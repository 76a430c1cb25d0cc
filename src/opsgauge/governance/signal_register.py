"""The register of signals: what is seen is noted once, and what becomes of it is added to it.

Floor 4. One transaction notes everything that a look found, so that one that is killed leaves
nothing, and of two at once the second finds what the first wrote. Each step leaves its audit line
in the same transaction.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from opsgauge.foundation.agreed import Series
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance import rules
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import append_within, json_text
from opsgauge.governance.database import Database
from opsgauge.governance.moments import text_of
from opsgauge.governance.signal_tables import SignalNoteRow, SignalRow, SignalStepRow
from opsgauge.governance.signals import (
    ASSIGNED,
    DISMISSED,
    DONE,
    GONE,
    LEVEL,
    QUIET,
    REBASED,
    SEEN,
    SIGNAL,
    STARTED,
    UNDONE,
    Found,
    Sight,
    Signal,
    State,
    Step,
)

NOTE, ACT = "signal:note", "signal:act"


@dataclass(frozen=True)
class Noted:
    """What a note wrote: the signals that are new, those that go on, and those that ended.

    `late` says that a newer data version was noted before, so that nothing was written.
    """

    data_version: int
    new: tuple[int, ...] = ()
    gone_on: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()
    started: tuple[int, ...] = ()
    late: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            name: list(each) if isinstance(each, tuple) else each
            for name, each in vars(self).items()
        }


@dataclass(frozen=True)
class _Pen:
    """Who writes what follows from a look, in one transaction."""

    session: Session
    clock: Clock
    actor: Actor
    action: str
    version: int | None

    def step(
        self, signal: Signal | SignalRow, kind: str, told: Mapping[str, Any], why: str = ""
    ) -> Signal:
        """Add a step to a signal, with its audit line; return the signal with it."""
        number = signal.id if isinstance(signal, SignalRow) else signal.number
        row = SignalStepRow(
            signal_id=number,
            kind=kind,
            data_version=self.version,
            told=json_text(dict(told)) or "",
            why=why.strip(),
            made_at=text_of(self.clock()),
            made_by=self.actor.name,
        )
        self.session.add(row)
        self.session.flush()
        before = signal if isinstance(signal, Signal) else _signal(signal, [])
        after = replace(before, steps=(*before.steps, _step(row)))
        append_within(
            *(self.session, self.clock, self.actor, self.action, f"signal {number}"),
            before=before.brief() if before.steps else None,
            after={**after.brief(), "step": kind, "told": dict(told)},
            why=why.strip(),
        )
        return after


def note(
    database: Database, clock: Clock, actor: Actor, version: int, found: Sequence[Found]
) -> Noted:
    """Keep what a look at a data version found; what is known already is not written again."""
    with database.writing() as session:
        latest = session.scalar(select(func.max(SignalNoteRow.data_version)))
        if latest is not None and latest > version:
            return Noted(version, late=True)
        if latest != version:
            now = text_of(clock())
            session.add(SignalNoteRow(data_version=version, made_at=now, made_by=actor.name))
        pen = _Pen(session, clock, actor, NOTE, version)
        kept = _by_series(_read(session, select(SignalRow)))
        told: dict[str, list[int]] = defaultdict(list)
        for each in found:
            for what, signal in _noted(pen, each, kept.get(_key(each), [])):
                told[what].append(signal.number)
        new, gone_on, ended, started = (
            tuple(told[what]) for what in ("new", "gone_on", "ended", "started")
        )
        return Noted(version, new, gone_on, ended, started)


def _noted(pen: _Pen, found: Found, kept: Sequence[Signal]) -> Iterable[tuple[str, Signal]]:
    """Write what one series shows; `kept` are its signals, the newest first."""
    if found.sight is not None:
        same = next((each for each in kept if _goes_on(each, found.sight)), None)
        if same or found.news:
            yield from _seen(pen, found, found.sight, same)
    for each in kept:
        ended = _ended(pen, each, found) if each.goes_on and not _taken_up(each, found) else None
        if ended is not None:
            yield "ended", ended


def _seen(
    pen: _Pen, found: Found, sight: Sight, same: Signal | None
) -> Iterable[tuple[str, Signal]]:
    """Write what is seen, of a signal that is known or new, and begin its response."""
    before = same or _begun(pen, found)
    after = _sighted(pen, before, sight)
    if after is not before:
        yield "gone_on" if same else "new", after
    if found.response and after.is_open and after.response is None:
        yield "started", pen.step(after, STARTED, vars(found.response))


def _taken_up(kept: Signal, found: Found) -> bool:
    """Say whether a signal is part of the run that is seen now, be it under another number."""
    sight = found.sight
    return sight is not None and kept.way == sight.way and kept.sight.period in sight.run


def _goes_on(kept: Signal, sight: Sight) -> bool:
    """Say whether what is seen is a signal that is known already, in a run that goes on.

    What was decided about a signal covers what was seen by then: another rule, or a period that
    began on a later day, is a signal of its own.
    """
    if kept.way != sight.way or kept.sight.period not in sight.run:
        return False
    if sight.lasting and not kept.goes_on:
        return False
    decided = kept.last(DISMISSED, REBASED)
    if kept.is_open or decided is None or kept.sight.period == sight.period:
        return kept.is_open or set(sight.rules) <= kept.rules_seen
    return sight.began <= decided.made_at[:10] and set(sight.rules) <= kept.rules_seen


def _begun(pen: _Pen, found: Found) -> Signal:
    """Return a signal that is new, without a step yet."""
    series, sight = found.series, found.sight
    row = SignalRow(
        kind=found.kind,
        metric=series.metric,
        statistic=series.statistic,
        segment=rules.text(series.segment),
        grain=series.period,
        target=found.target,
        way=sight.way if sight else 0,
        made_at=text_of(pen.clock()),
        made_by=pen.actor.name,
        data_version=pen.version or 0,
    )
    pen.session.add(row)
    pen.session.flush()
    return _signal(row, [])


def _sighted(pen: _Pen, signal: Signal, sight: Sight) -> Signal:
    """Return a signal with what is seen now, which is written where it was not seen so before."""
    told = sight.told()
    newest = signal.last(SEEN, QUIET, GONE)
    if newest is not None and newest.kind == SEEN and dict(newest.told) == told:
        return signal
    return pen.step(signal, SEEN, told)


def _ended(pen: _Pen, kept: Signal, found: Found) -> Signal | None:
    """Write that a signal is quiet, or no longer there; None where neither can be said."""
    seen = kept.sight
    if seen.period > found.newest or kept.state == State.REBASED:  # its chart is another now
        return None
    now = found.still.get(seen.period)
    if now is not None and now[1] != kept.way and not (_told_together(kept) and _is(now, seen)):
        told = {"period": seen.period, "then": seen.value, "now": _rounded(now[0])}
        return pen.step(kept, GONE, told)
    if seen.period == found.newest:
        return None
    after = next((each for each in sorted(found.still) if each > seen.period), found.newest)
    return pen.step(kept, QUIET, {"period": after})


def _told_together(kept: Signal) -> bool:
    """Say whether no single period showed a signal, so that none can tell that it is gone."""
    return kept.kind == SIGNAL and kept.sight.rules == (LEVEL,)


def _is(now: tuple[float | None, int], seen: Sight) -> bool:
    return _rounded(now[0]) == seen.value


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.12g}")


def act(
    database: Database, clock: Clock, actor: Actor, number: int, step: tuple[str, Any, str]
) -> Signal:
    """Add a step that somebody takes: its kind, what it tells, and why.

    Raises
    ------
    UnknownRecord : there is no such signal
    QueryWrong : the signal is not in a state for it
    """
    kind, told, why = step
    with database.writing() as session:
        signal = _one(session, number)
        must_fit(signal, kind)
        return _Pen(session, clock, actor, ACT, None).step(signal, kind, told, why)


def must_fit(signal: Signal, kind: str) -> None:
    """Refuse a step that a signal is not in a state for.

    Raises
    ------
    QueryWrong : with its state
    """
    if kind == UNDONE:
        if signal.is_open:
            raise QueryWrong(f"Signal {signal.number} is {signal.state}: nothing is to undo.")
    elif kind in (DISMISSED, REBASED, ASSIGNED, DONE) and not signal.is_open:
        raise QueryWrong(
            f"Signal {signal.number} is {signal.state}.",
            hint=f"Undo that first: opsgauge signals undo {signal.number}.",
        )
    elif kind == DONE and (signal.due is None or signal.done):
        raise QueryWrong(f"Of signal {signal.number} nothing is to be done.")


def signals(database: Database, metric: str | None = None) -> list[Signal]:
    """Return every signal, or those of a metric; oldest first."""
    query = select(SignalRow)
    if metric is not None:
        query = query.where(SignalRow.metric == metric)
    with database.reading() as session:
        return _read(session, query)


def signal_of(database: Database, number: int) -> Signal:
    """Return the signal of a number.

    Raises
    ------
    UnknownRecord : there is none
    """
    with database.reading() as session:
        return _one(session, number)


def last_note(database: Database) -> tuple[int, str] | None:
    """Return the newest data version that was looked at for signals, and when; None for none."""
    query = select(SignalNoteRow).order_by(SignalNoteRow.data_version.desc()).limit(1)
    with database.reading() as session:
        row = session.scalar(query)
        return None if row is None else (row.data_version, row.made_at)


def _one(session: Session, number: int) -> Signal:
    found = _read(session, select(SignalRow).where(SignalRow.id == number))
    if not found:
        raise UnknownRecord(f"There is no signal {number}.", hint="opsgauge signals list")
    return found[0]


def _read(session: Session, query: Select[SignalRow]) -> list[Signal]:
    rows = session.scalars(query.order_by(SignalRow.id)).all()
    steps: dict[int, list[SignalStepRow]] = defaultdict(list)
    wanted = query.with_only_columns(SignalRow.id)
    every = select(SignalStepRow).where(SignalStepRow.signal_id.in_(wanted))
    for step in session.scalars(every.order_by(SignalStepRow.id)):
        steps[step.signal_id].append(step)
    return [_signal(row, steps[row.id]) for row in rows]


def _by_series(known: Sequence[Signal]) -> dict[Any, list[Signal]]:
    """Return signals by what they are of, the newest first."""
    found: dict[Any, list[Signal]] = defaultdict(list)
    for each in reversed(known):
        found[_key(each)].append(each)
    return found


def _key(of: Signal | Found) -> tuple[str, ...]:
    series = of.series
    segment = rules.text(series.segment)
    return (of.kind, series.metric, series.statistic, segment, series.period, str(of.target))


def _signal(row: SignalRow, steps: Sequence[SignalStepRow]) -> Signal:
    return Signal(
        number=row.id,
        kind=row.kind,
        series=Series(row.metric, row.statistic, rules.read(row.segment), row.grain),
        target=row.target,
        way=row.way,
        made_at=row.made_at,
        made_by=row.made_by,
        data_version=row.data_version,
        steps=tuple(_step(step) for step in steps),
    )


def _step(row: SignalStepRow) -> Step:
    told = json.loads(row.told)
    return Step(row.id, row.kind, row.data_version, told, row.why, row.made_at, row.made_by)
