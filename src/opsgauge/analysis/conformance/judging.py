"""What became of a policy rule on each ticket: kept, broken, not yet decided, or not to be told.

Floor 4, analysis. Expressions on `history`, one grouping a rule and no window; nothing is run here.

A ticket to which a rule does not apply (nothing it speaks of came) has no row. Where more of a
ticket's life can still change the verdict, only ended tickets are judged, broken or not, so that
the share is not of those alone that broke early; an open one that breaks the rule already is
`broken_open`, and joins them when it ends. Precedence and maximal time are decided by one moment,
and are judged when it comes.

Sources: Pesic, Schonenberg and van der Aalst, DECLARE, EDOC 2007, for what each template means;
Maggi and others, Monitoring business constraints, BPM 2011, for what is still open.
"""

from collections.abc import Callable
from functools import reduce

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining import steps as by
from opsgauge.log.door import ATTRIBUTE_PREFIX, LogTables
from opsgauge.log.related import APPROVALS
from opsgauge.metrics.policies.rule import (
    APPROVALS as APPROVERS,
)
from opsgauge.metrics.policies.rule import (
    Absence,
    Duty,
    ExactlyOnce,
    MaximalTime,
    Precedence,
    RequiredField,
    Response,
    Rule,
    Separation,
    Words,
)
from opsgauge.warehouse.portable import micros

KEY = ["source", "ticket_id"]
KEPT, BROKEN, BROKEN_OPEN = "kept", "broken", "broken_open"
PENDING, UNKNOWN, EXCEPTED = "pending", "unknown", "excepted"
OUTCOMES = (KEPT, BROKEN, EXCEPTED, BROKEN_OPEN, PENDING, UNKNOWN)
JUDGED = (KEPT, BROKEN, EXCEPTED)
NOBODY = "no person is on record"


def verdict_rows(rule: Rule, tables: LogTables, until_us: int) -> ir.Table:
    """Select the verdict of a rule on each ticket that it applies to, whatever is excused.

    Parameters
    ----------
    tables : the tickets the rule is for, whole
    until_us : the newest record, microseconds since 1970

    Returns
    -------
    source, ticket_id, verdict (one of `OUTCOMES`, never excepted), cause ("" where it is kept), seq
    (of the update that broke it; null or 0 where there is none), person (who has two duties)
    """
    judge = _JUDGES[type(rule.check)]
    return plain(judge(rule, tables, until_us))


def plain(table: ir.Table) -> ir.Table:
    """Return what a join gave as a table like any other, see `log.door.only`."""
    return table.filter(ibis.literal(True))


def known_steps(history: ir.Table, steps: str) -> ir.Table:
    """Select the steps that updates have, each once."""
    rows = by.updates(history)
    named = rows.select(step=by.step(rows, steps))
    return named.filter(named.step.notnull()).distinct().order_by("step")


def _verdicts(
    rows: ir.Table,
    verdict: ir.Value,
    cause: ir.Value | str,
    seq: ir.Value | None = None,
    person: ir.Value | None = None,
) -> ir.Table:
    told = ibis.cases((verdict == KEPT, ""), (verdict == PENDING, ""), else_=cause)
    nothing = ibis.null("int64") if seq is None else seq
    nobody = ibis.null("string") if person is None else person
    return rows.select(*KEY, verdict=verdict, cause=told, seq=nothing, person=nobody)


def _open(tickets: ir.Table) -> ir.BooleanValue:
    """Whether more may come; so it is too where the last phase is not known."""
    return tickets.open.fill_null(True)


def _settled(met: ir.BooleanValue, is_open: ir.BooleanValue) -> ir.StringValue:
    """Return the verdict where a broken rule stays broken and a kept one may break yet."""
    return ibis.cases((met & is_open, PENDING), (met, KEPT), (is_open, BROKEN_OPEN), else_=BROKEN)


def _named(rule: Rule, tables: LogTables) -> tuple[ir.Table, Callable[[Words], ir.BooleanValue]]:
    """Return the updates into steps that a rule names, and what says which they are."""
    rows = by.updates(tables.history)
    rows = rows.filter(by.step(rows, rule.steps).isin(sorted(set(rule.words()))))
    return rows, lambda words: by.step(rows, rule.steps).isin(words)


def _precedence(rule: Rule, tables: LogTables, until_us: int) -> ir.Table:
    check = rule.check
    assert isinstance(check, Precedence)  # noqa: S101 - as `_JUDGES` has it
    rows, is_ = _named(rule, tables)
    found = rows.group_by(*KEY).aggregate(
        needed=rows.seq.min(where=is_(check.only_after)), met=rows.seq.min(where=is_(check.step))
    )
    found = found.filter(found.met.notnull())
    kept = (found.needed < found.met).fill_null(False)
    verdict = ibis.cases((kept, KEPT), else_=BROKEN)
    late = ibis.cases((found.needed.isnull(), "it never came before"), else_="it came only later")
    return _verdicts(found, verdict, late, found.met)


def _response(rule: Rule, tables: LogTables, until_us: int) -> ir.Table:
    check = rule.check
    assert isinstance(check, Response)  # noqa: S101 - as `_JUDGES` has it
    rows, is_ = _named(rule, tables)
    found = rows.group_by(*KEY).aggregate(
        asked=rows.seq.max(where=is_(check.step)), answered=rows.seq.max(where=is_(check.then))
    )
    found = found.filter(found.asked.notnull())
    found = found.join(tables.tickets.select(*KEY, is_open=_open(tables.tickets)), KEY)
    kept = (found.answered > found.asked).fill_null(False)
    verdict = ibis.cases((found.is_open, PENDING), (kept, KEPT), else_=BROKEN)
    late = ibis.cases(
        (found.answered.isnull(), "it never came"), else_="it came before, and not again after"
    )
    return _verdicts(found, verdict, late, found.asked)


def _absence(rule: Rule, tables: LogTables, until_us: int) -> ir.Table:
    rows, _ = _named(rule, tables)
    first = rows.group_by(*KEY).aggregate(first=rows.seq.min())
    found = _of_every_ticket(tables, first)
    return _verdicts(
        found, _settled(found["first"].isnull(), found.is_open), "it came", found["first"]
    )


def _of_every_ticket(tables: LogTables, found: ir.Table) -> ir.Table:
    """Return every ticket with what was found of it, null where nothing was."""
    tickets = tables.tickets
    left = tickets.select(*KEY, is_open=_open(tickets))
    names = [name for name in found.columns if name not in KEY]
    rows = left.left_join(found, KEY)
    return rows.select(*KEY, "is_open", **{name: rows[name] for name in names})


def _exactly_once(rule: Rule, tables: LogTables, until_us: int) -> ir.Table:
    check = rule.check
    assert isinstance(check, ExactlyOnce)  # noqa: S101 - as `_JUDGES` has it
    rows = by.updates(tables.history)
    here = by.step(rows, rule.steps).isin(check.step).fill_null(False)
    next_ = by.next_step(rows, rule.steps).isin(check.step).fill_null(False)
    next_ &= by.is_followed(rows)
    # A state that an update leaves as it is was not come to again; an activity is each time done.
    came = next_ if rule.steps == "activity" else next_ & ~here
    first = here & (rows.seq == 1)
    found = rows.group_by(*KEY).aggregate(
        times=rows.count(where=first) + rows.count(where=came),
        again=(rows.seq + 1).max(where=came),
    )
    told = _of_every_ticket(tables, found)
    times = told.times.fill_null(0)
    many, none = times > 1, times == 0
    # None so far may yet be one; several stay several.
    verdict = ibis.cases(
        (told.is_open & ~many, PENDING),
        (told.is_open, BROKEN_OPEN),
        (many | none, BROKEN),
        else_=KEPT,
    )
    cause = ibis.cases((none, "it never came"), else_="it came more than once")
    return _verdicts(told, verdict, cause, ibis.cases((many, told.again)))


def _maximal_time(rule: Rule, tables: LogTables, until_us: int) -> ir.Table:
    check = rule.check
    assert isinstance(check, MaximalTime)  # noqa: S101 - as `_JUDGES` has it
    rows, is_ = _named(rule, tables)
    begun = rows.filter(is_(check.start))
    begun = begun.group_by(*KEY).aggregate(
        begun=begun.seq.min(), begun_us=micros(begun.since).min()
    )
    after = by.updates(tables.history).join(begun, KEY)
    after = after.filter(after.seq > after.begun)
    there = by.step(after, rule.steps).isin(check.end)
    reached = after.group_by(*KEY).aggregate(
        reached_us=micros(after.since).min(where=there),
        ended_us=micros(after.since).min(where=~after.open),
    )
    found = begun.left_join(reached, KEY)
    found = found.select(
        *KEY,
        "begun",
        reached=found.reached_us.notnull(),
        ended=found.ended_us.notnull(),
        # It waits for the step until that comes, the ticket ends, or the records do.
        took_us=ibis.coalesce(found.reached_us, found.ended_us, until_us) - found.begun_us,
    )
    longer = found.took_us > check.within_us
    found = found.filter(longer | found.reached | ~found.ended)  # else it ended before either
    longer, reached_ = found.took_us > check.within_us, found.reached
    verdict = ibis.cases((longer, BROKEN), (reached_, KEPT), else_=PENDING)
    cause = ibis.cases(
        (reached_, "it came later"), else_="it had not come in time, and has not yet"
    )
    return _verdicts(found, verdict, cause, found.begun)


def _required_field(rule: Rule, tables: LogTables, until_us: int) -> ir.Table:
    check = rule.check
    assert isinstance(check, RequiredField)  # noqa: S101 - as `_JUDGES` has it
    tickets = tables.tickets
    if check.once:
        rows, _ = _named(rule, tables)
        tickets = tickets.semi_join(rows.select(*KEY).distinct(), KEY)
    column = _column(tickets, check.column)
    filled = column.notnull()
    if column.type().is_string():
        filled &= (column != "").fill_null(False)
    found = tickets.select(*KEY, is_open=_open(tickets), filled=filled)
    # An open ticket's field may yet be filled, or emptied.
    early = BROKEN_OPEN if check.once else PENDING
    verdict = ibis.cases(
        (found.is_open & found.filled, PENDING),
        (found.is_open, early),
        (found.filled, KEPT),
        else_=BROKEN,
    )
    return _verdicts(found, verdict, "it is empty")


def _column(tickets: ir.Table, name: str) -> ir.Value:
    if name.startswith(ATTRIBUTE_PREFIX):
        return tickets["attributes"].get(name.removeprefix(ATTRIBUTE_PREFIX))
    return tickets[name]


def _separation(rule: Rule, tables: LogTables, until_us: int) -> ir.Table:
    check = rule.check
    assert isinstance(check, Separation)  # noqa: S101 - as `_JUDGES` has it
    parts = [_persons(each, place, rule, tables) for place, each in enumerate(check.duties)]
    rows = reduce(lambda one, two: one.union(two), parts)
    came = rows.group_by(*KEY).aggregate(
        came=rows.duty.nunique(), known=rows.duty.nunique(where=rows.person.notnull())
    )
    named = rows.filter(rows.person.notnull())
    other = named.view()
    both = named.join(
        other,
        [
            named.source == other.source,
            named.ticket_id == other.ticket_id,
            named.person == other.person,
            named.duty < other.duty,
        ],
    )
    both = both.select(
        source=named.source,
        ticket_id=named.ticket_id,
        person=named.person,
        pair=named.duty * len(parts) + other.duty,
        seq=ibis.greatest(named.seq, other.seq),
    )
    # The first pair, its person and update: one value, so that they belong together.
    one = ibis.struct({"pair": both.pair, "seq": both.seq, "person": both.person})
    worst = both.group_by(*KEY).aggregate(first=one.min())
    worst = worst.select(*KEY, **{name: worst["first"][name] for name in ("pair", "seq", "person")})
    found = came.left_join(worst, KEY)
    found = found.select(*KEY, "came", "known", pair=found.pair, seq=found.seq, person=found.person)
    # Without all duties there is nothing to tell apart, but for two that one person has.
    found = found.filter(found.pair.notnull() | (found.came == len(parts)))
    tickets = tables.tickets
    found = found.join(tickets.select(*KEY, is_open=_open(tickets)), KEY)
    twice = found.pair.notnull()
    verdict = ibis.cases(
        (twice & found.is_open, BROKEN_OPEN),
        (twice, BROKEN),
        (found.is_open, PENDING),
        (found.known == len(parts), KEPT),
        else_=UNKNOWN,
    )
    cause = ibis.cases(
        *(
            (found.pair == one * len(parts) + two, f"{first.name} is {second.name}")
            for one, first in enumerate(check.duties)
            for two, second in enumerate(check.duties)
            if one < two
        ),
        else_=NOBODY,
    )
    seq = ibis.cases((found.seq > 0, found.seq))
    return _verdicts(found, verdict, cause, seq, found.person)


def _persons(duty: Duty, place: int, rule: Rule, tables: LogTables) -> ir.Table:
    """Select who had a duty on each ticket: person (null where none is known) and the update."""
    if duty.of == APPROVERS:
        said = tables.related[APPROVALS.name]
        said = said.filter(said.approved.fill_null(False) & said.ticket_id.notnull())
        said = said.semi_join(tables.tickets, KEY)
        rows = said.select(*KEY, person=said.approver, seq=ibis.literal(0, "int64"))
    elif duty.of:
        tickets = tables.tickets
        rows = tickets.select(*KEY, person=tickets[duty.of], seq=ibis.literal(0, "int64"))
    else:
        made = by.updates(tables.history)
        made = made.filter(by.step(made, rule.steps).isin(duty.steps))
        by_hand = ~made.automatic.fill_null(False)  # a program is nobody
        rows = made.select(*KEY, person=ibis.cases((by_hand, made.actor)), seq=made.seq)
    rows = rows.group_by(*KEY, "person").aggregate(seq=rows.seq.min())
    return rows.select(*KEY, "person", "seq", duty=ibis.literal(place, "int64"))


_JUDGES: dict[type, Callable[[Rule, LogTables, int], ir.Table]] = {
    Precedence: _precedence,
    Response: _response,
    Absence: _absence,
    ExactlyOnce: _exactly_once,
    MaximalTime: _maximal_time,
    RequiredField: _required_field,
    Separation: _separation,
}
