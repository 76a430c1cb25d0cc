"""The outcome of a policy rule on each ticket: its verdict, who broke it and when, what is excused.

Floor 4, analysis. Expressions; nothing is run here. What each verdict means stands in `judging.py`.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.conformance.judging import (
    BROKEN,
    BROKEN_OPEN,
    EXCEPTED,
    KEY,
    PENDING,
    plain,
    verdict_rows,
)
from opsgauge.analysis.mining import steps as by
from opsgauge.log.door import LogTables
from opsgauge.metrics.policies.rule import Excused, Rule
from opsgauge.warehouse.portable import micros


def outcome_rows(
    rule: Rule, tables: LogTables, until_us: int, ends: Sequence[int | None] = ()
) -> ir.Table:
    """Select what became of a rule on each ticket that it applies to.

    Parameters
    ----------
    tables : the tickets the rule is for, whole
    until_us : the newest record, microseconds since 1970
    ends : for each of the rule's exceptions the instant from which it excuses nothing more,
        microseconds since 1970; None for one without end

    Returns
    -------
    source, ticket_id, practice, outcome (one of `OUTCOMES`), cause ("" where it is kept), at (the
    update that broke it; where there is none, the ticket's latest), step, team and actor (of that
    update, or who has two duties), priority, opened_at
    """
    verdicts = verdict_rows(rule, tables, until_us)
    known = tables.history
    updates = known.select(
        *KEY, "seq", "since", step=by.step(known, rule.steps), then_team="team", made_by="actor"
    )
    rows = verdicts.left_join(updates, [*KEY, "seq"])
    rows = plain(
        rows.select(*KEY, "verdict", "cause", "person", "since", "step", "then_team", "made_by")
    )
    tickets = tables.tickets.select(
        *KEY, "practice", "priority", "opened_at", "last_update_at", now_team="team"
    )
    rows = plain(rows.join(plain(tickets), KEY))
    told = rows.select(
        *KEY,
        "practice",
        "verdict",
        "cause",
        "step",
        "priority",
        "opened_at",
        at=ibis.coalesce(rows.since, rows.last_update_at),
        team=ibis.coalesce(rows.then_team, rows.now_team),
        actor=ibis.coalesce(rows.person, rows.made_by),
    )
    excused = _excused(told, rule.exceptions, ends)
    broken, still = told.verdict == BROKEN, told.verdict == BROKEN_OPEN
    outcome = ibis.cases(
        (broken & excused, EXCEPTED), (still & excused, PENDING), else_=told.verdict
    )
    names = [name for name in told.columns if name != "verdict"]
    return told.select(*names, outcome=outcome)


def counted_rows(
    rule: Rule, tables: LogTables, until_us: int, ends: Sequence[int | None] = ()
) -> ir.Table:
    """Select of `outcome_rows` what is counted: outcome and cause.

    Without exceptions nobody need know which update broke the rule, or when: it is not looked up.
    """
    if rule.exceptions:
        return outcome_rows(rule, tables, until_us, ends)
    verdicts = verdict_rows(rule, tables, until_us)
    return verdicts.select("cause", outcome=verdicts.verdict)


def outcome_counts(rows: ir.Table) -> ir.Table:
    """Count the tickets of each outcome and cause.

    Parameters
    ----------
    rows : of `outcome_rows` or `counted_rows`
    """
    counted = rows.group_by("outcome", "cause").aggregate(n=rows.count())
    return counted.order_by("outcome", ibis.desc("n"), "cause")


def _excused(
    rows: ir.Table, exceptions: Sequence[Excused], ends: Sequence[int | None]
) -> ir.BooleanValue:
    alike: dict[tuple[str, int | None], list[str]] = {}
    for each, end in zip(exceptions, ends, strict=True):
        alike.setdefault((each.source, end), []).append(each.ticket)
    ways = []
    for (source, end), numbers in alike.items():
        met = [rows.ticket_id.isin(sorted(set(numbers)))]
        met += [rows.source == source] if source else []
        met += [micros(rows["at"]) < end] if end is not None else []
        ways.append(reduce(and_, met))
    return reduce(or_, ways).fill_null(False) if ways else ibis.literal(False)
