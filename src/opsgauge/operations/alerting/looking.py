"""What fires now: a rule looked at over the newest data version.

Floor 5. Each kind of rule has its own way to look; all answer with what fires, or with why nothing
can be said.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opsgauge.analysis.alerting.guards import stretches
from opsgauge.foundation.alerting import ABOVE, AlertRule, Guard
from opsgauge.foundation.errors import Misuse
from opsgauge.foundation.units import MICROS_PER_HOUR, amount, clock_time, whole
from opsgauge.governance import signal_register
from opsgauge.governance.firings import SILENCED, Fired, Firing
from opsgauge.governance.outbox import key_of
from opsgauge.governance.rules import within
from opsgauge.governance.signals import CALM, HIGH, LOW, SIGNAL, TARGET, Signal
from opsgauge.log.periods import dates_of
from opsgauge.operations.alerting.drafting import segment_of
from opsgauge.operations.alerting.foreseeing import forecasts, usual_ends
from opsgauge.operations.alerting.newest import newest_record
from opsgauge.operations.alerting.risk import at_risk
from opsgauge.operations.alerting.series import ALL, Judged, judged
from opsgauge.operations.answers import Value, iso
from opsgauge.operations.asking import written
from opsgauge.operations.check import check, suspect
from opsgauge.operations.context import Context
from opsgauge.operations.looked import UNSETTLED, settled
from opsgauge.operations.objectives import State, objectives
from opsgauge.operations.phrases import when

MOST_TOLD = 20  # tickets named in one message
OF_REGISTER: Mapping[str, tuple[str, ...]] = {
    "signal": (SIGNAL,),
    "target": (TARGET,),
    "notice": (HIGH, LOW, CALM),
}


@dataclass(frozen=True)
class Looked:
    """What a rule shows now; `why_not` says why nothing can be said, "" where it can."""

    fired: tuple[Fired, ...] = ()
    why_not: str = ""


def look_at(ctx: Context, rule: AlertRule, before: Sequence[Firing] = ()) -> Looked:
    """Say what fires now.

    Needs what its numbers need. What is of suspect data is not told: of that the checks tell.

    Parameters
    ----------
    before : the rule's firings so far; of tickets at risk, each is told once
    """
    try:
        if rule.kind == "sla_risk":
            return Looked(tuple(_of_risk(ctx, rule, before)))
        return _WAYS[rule.kind](ctx, rule)
    except Misuse as wrong:  # such as a column that a later export lacks
        return Looked(why_not=f"{wrong.message} {wrong.hint}".strip())


def _of_threshold(ctx: Context, rule: AlertRule) -> Looked:
    assert rule.guard is not None  # noqa: S101 - every threshold has one
    seen = judged(ctx, rule)
    if seen.measured.suspect:
        return Looked(why_not=f"Its data is suspect: {', '.join(seen.measured.suspect)}.")
    last = {
        part: stretches(seen.numbers(part), rule.guard, usual_ends(rule, seen, part))[-1:]
        for part in seen.parts
    }
    return Looked(
        tuple(
            _beyond(ctx, rule, seen, part, each.first)
            for part, found in last.items()
            for each in found
            if each.cleared is None
        )
    )


def _of_forecast(ctx: Context, rule: AlertRule) -> Looked:
    seen = judged(ctx, rule)
    if seen.measured.suspect:
        return Looked(why_not=f"Its data is suspect: {', '.join(seen.measured.suspect)}.")
    return Looked(tuple(forecasts(ctx, rule, seen)))


def _beyond(ctx: Context, rule: AlertRule, seen: Judged, part: str, first: int) -> Fired:
    measured, guard = seen.measured, rule.guard
    assert guard is not None  # noqa: S101 - every threshold has one
    rows = [(label, row) for label, row in zip(seen.labels, seen.parts[part], strict=True) if row]
    label, row = rows[-1]
    onset = seen.labels[first]
    segment = segment_of(rule, seen.values[part]) if part != ALL else rule.segment
    whose = f" where {', '.join(each.sentence() for each in segment)}" if segment else ""
    value, limit = amount(row.value, measured.unit), amount(guard.limit, measured.unit)
    since = f", since {onset}" if onset != label else ""
    metric = ctx.catalogue.get(rule.metric)
    unsettled = "" if settled(ctx, metric, dates_of(label)[1]) else UNSETTLED
    return Fired(
        subject=part,
        onset=onset,
        segment=segment,
        told={
            "what": f"{measured.title}{whose} was {value} {when(label)}: {guard.side} "
            f"{limit} {guard.words()}{since}.",
            "sure": how_sure(row, measured.unit, guard) + unsettled,
            "metric": rule.metric,
            "title": measured.title,
            "statistic": measured.statistic,
            "period": label,
            "grain": rule.grain,
            "value": row.value,
            "n": row.n,
            "where": [written(each) for each in segment],
        },
    )


def how_sure(row: Value, unit: str, guard: Guard) -> str:
    """Say how sure it is that a value is beyond a limit.

    Examples
    --------
    >>> how_sure(Value("2026-W01", {}, 40, 9.0, 8.5, 9.5), "hours", Guard("above", 8.0))
    'the 95 % interval, 8.5 h to 9.5 h, lies beyond the limit as a whole; 40 records.'
    """
    of = f"{whole(row.n)} record{'s' if row.n != 1 else ''}"
    if row.low is None or row.high is None:
        return f"counted, not estimated; {of}."
    near = row.low if guard.side == ABOVE else row.high
    clear = near > guard.limit if guard.side == ABOVE else near < guard.limit
    lies = "lies beyond the limit as a whole" if clear else "reaches across the limit"
    return f"the 95 % interval, {amount(row.low, unit)} to {amount(row.high, unit)}, {lies}; {of}."


def _of_register(ctx: Context, rule: AlertRule) -> Looked:
    kinds = OF_REGISTER[rule.kind]
    kept = signal_register.signals(ctx.database, rule.metric or None)
    fired = [
        _of_signal(ctx, each)
        for each in kept
        if each.kind in kinds
        and each.goes_on
        and each.is_open
        and within(each.series.segment, rule.segment)
        and each.sight.verdict != "better"
        and each.series.metric in ctx.catalogue.metrics
        and not suspect(ctx, ctx.catalogue.metrics[each.series.metric].columns)
    ]
    return Looked(tuple(fired))


def _of_signal(ctx: Context, signal: Signal) -> Fired:
    sight, series = signal.sight, signal.series
    title = ctx.catalogue.get(series.metric).definition.title
    conditions = ", ".join(each.sentence() for each in series.segment)
    whose = f" where {conditions}" if conditions else ""
    since = f" It has lasted since {sight.since}." if sight.since != sight.period else ""
    sure = "as the rule of the chart has it: chance alone seldom gives this."
    if signal.kind == TARGET:
        sure = "as the target's own periods say, newest first."
    elif signal.kind != SIGNAL:
        sure = f"among {sight.among} whole periods."
    return Fired(
        subject=f"signal {signal.number}",
        onset=str(signal.number),
        segment=series.segment,
        told={
            "what": f"{title}{whose}: {sight.words}{since}",
            "sure": sure,
            "metric": series.metric,
            "title": title,
            "statistic": series.statistic,
            "period": sight.period,
            "grain": series.period,
            "value": sight.value,
            "n": sight.n,
            "where": [written(each) for each in series.segment],
            "signal": signal.number,
        },
    )


def _of_risk(ctx: Context, rule: AlertRule, before: Sequence[Firing]) -> Iterator[Fired]:
    # What was silenced is told after the silence, where it is still so.
    told = [each for each in before if SILENCED not in each.told]
    known = {name for each in told for name in each.told.get("names", ())}
    groups: dict[str | None, list[dict[str, Any]]] = {}
    for row in at_risk(ctx, rule):
        groups.setdefault(row[rule.split] if rule.split else None, []).append(row)
    for value, rows in groups.items():
        fresh = [row for row in rows if _name(row) not in known]
        if fresh and len(rows) >= rule.at_least:
            yield _of_tickets(ctx, rule, value, (rows, fresh))


def _name(row: Mapping[str, Any]) -> str:
    return f"{row['source']}:{row['ticket_id']}:{row['clock']}:{row['cycle']}"


def _of_tickets(
    ctx: Context,
    rule: AlertRule,
    value: str | None,
    listed: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> Fired:
    rows, fresh = listed
    names = sorted(map(_name, fresh))
    whose = f" of {value}" if rule.split and value else ""
    many = f"{whole(len(rows))} open tickets" if len(rows) > 1 else "One open ticket"
    will = "will break their service level" if len(rows) > 1 else "will break its service level"
    told = f"{whole(len(fresh))} of them not told before" if len(fresh) < len(rows) else ""
    what = f"{many}{whose} {will} within {rule.hours:g} h of open time if nothing is done"
    return Fired(
        subject=value or ALL,
        onset=key_of(*names),
        segment=segment_of(rule, value),
        lasts=False,
        told={
            "what": f"{what}{f'; {told}' if told else ''}.",
            "sure": "counted, as their clocks stood",
            "sure_at": iso(ctx.opened().watermark),
            "tickets": [_ticket(row) for row in fresh[:MOST_TOLD]],
            "names": names,
            "n": len(rows),
            "level": rule.about or fresh[0]["clock"],
            "where": [written(each) for each in segment_of(rule, value)],
        },
    )


def _ticket(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "source": row["source"],
        "ticket_id": row["ticket_id"],
        "clock": row["clock"],
        "left": clock_time(row["left_us"]),
        "due_us": row["due_us"],
        "team": row["team"],
        "service": row["service"],
    }


def _of_checks(ctx: Context, rule: AlertRule) -> Looked:
    version = ctx.opened().version.version
    told = ("warn", "fail") if rule.about else ("fail",)
    failing = [
        each for each in check(ctx).checks if rule.about in ("", each.id) and each.state in told
    ]
    return Looked(
        tuple(
            Fired(
                subject=each.id,
                onset=f"version {version}",
                segment=(),
                told={
                    "what": f"The data check ‘{each.title}’ "
                    f"{'fails' if each.state == 'fail' else 'warns'}: {each.words}",
                    "sure": "counted in the records.",
                    "next_step": each.next_step,
                    "check": each.id,
                    "n": each.count,
                },
            )
            for each in failing
        )
    )


def _of_absence(ctx: Context, rule: AlertRule) -> Looked:
    newest = newest_record(ctx, rule)
    since = f" of {rule.about}" if rule.about else ""
    where = f" where {', '.join(each.sentence() for each in rule.segment)}" if rule.segment else ""
    if newest is None:
        return Looked(why_not=f"There are no records{since}{where} at all.")
    hours = _hours(ctx.clock(), newest)
    if hours <= (rule.hours or 0.0):
        return Looked()
    what = f"No new record{since}{where} for {hours:,.0f} h; {rule.hours:g} h are allowed."
    told = {
        "what": what,
        "sure": "the newest record is of",
        "sure_at": iso(newest),
        "absence": iso(newest),
        "where": [written(each) for each in rule.segment],
    }
    return Looked((Fired(rule.about, str(iso(newest)), rule.segment, told),))


def _of_burns(ctx: Context, rule: AlertRule) -> Looked:
    version = ctx.opened().version.version
    burning = [
        each
        for each in objectives(ctx).states
        if rule.about in ("", each.objective.name) and each.state in (State.BURNING, State.SPENT)
    ]
    fired = []
    for each in burning:
        one, counted = each.objective, each.budget.counted
        where = [written(condition) for condition in one.where]
        told = {
            "what": f"{one.title}: {each.sentence()}",
            "sure": f"counted: {whole(counted.bad)} of {whole(counted.total)} are bad.",
            "objective": one.name,
            "metric": one.metric,
            "n": counted.total,
            "where": where,
            "next_step": one.decision,
        }
        fired.append(Fired(one.name, f"version {version}", one.where, told))
    return Looked(tuple(fired))


def _hours(now: datetime, then: datetime) -> float:
    return (now - then).total_seconds() * 1e6 / MICROS_PER_HOUR


_WAYS: Mapping[str, Callable[[Context, AlertRule], Looked]] = {
    "threshold": _of_threshold,
    "forecast": _of_forecast,
    "signal": _of_register,
    "target": _of_register,
    "notice": _of_register,
    "check": _of_checks,
    "burn_rate": _of_burns,
    "absence": _of_absence,
}
