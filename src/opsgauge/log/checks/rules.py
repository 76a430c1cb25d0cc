"""Checks that look at one row at a time: which rows are at fault, counted in a single pass.

Floor 2. The rules themselves are in `ticket_rules.py` and `update_rules.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import ibis
import ibis.expr.types as ir

from opsgauge.log.checks.records import Records
from opsgauge.log.checks.seen import EXAMPLES, Seen, Subject, Ticket, Told, nothing, seen, tried
from opsgauge.warehouse.portable import ones

OF = "of_"  # a name that no rule has


@dataclass(frozen=True)
class Rule:
    """A check on rows: which are at fault, and how to say it.

    `advice` is a next step for some of the rows at fault, given where there are such.
    """

    subject: Subject
    found: ir.BooleanValue
    words: str  # with {n} and {of}
    next_step: str = ""
    among: ir.BooleanValue | None = None  # the rows that can be looked at; None: all
    none: str = ""  # what to say where there are none of those
    advice: tuple[tuple[ir.BooleanValue, str], ...] = ()

    def step(self, counts: Mapping[str, int | None]) -> str:
        """Return the next step for what a pass has counted."""
        met = [words for n, (_, words) in enumerate(self.advice) if counts[self.part(n)]]
        return " ".join([self.next_step, *met] if self.next_step else met)

    def part(self, place: int) -> str:
        """Return the name under which the rows of one piece of advice are counted."""
        return f"{OF}{self.subject.id}_{place}"


def run(records: Records, table: ir.Table, rules: Sequence[Rule]) -> list[Seen]:
    """Count all rules in one pass, then fetch examples of those that found something.

    Where the pass breaks, each rule is counted by itself, so that only the one at fault is unknown.
    """
    try:
        counts = records.rows(counted(table, rules))[0]
    except Exception:  # noqa: BLE001 - what broke is told below, by the rule that breaks again
        return [tried(rule.subject, partial(_alone, records, table, rule)) for rule in rules]
    return [tried(rule.subject, partial(_seen, records, table, rule, counts)) for rule in rules]


def counted(table: ir.Table, rules: Sequence[Rule]) -> ir.Table:
    """Return one row: how many rows there are, and how many each rule finds."""
    found = {rule.subject.id: ones(rule.found).sum() for rule in rules}
    among = {
        OF + rule.subject.id: ones(rule.among).sum() for rule in rules if rule.among is not None
    }
    parts = {
        rule.part(n): ones(rule.found & some).sum()
        for rule in rules
        for n, (some, _) in enumerate(rule.advice)
    }
    return table.aggregate(**{OF: table.count()}, **found, **among, **parts)


def tickets_of(rows: ir.Table) -> ir.Table:
    """Return the first few tickets of some rows, for examples."""
    keys = rows.select("source", "ticket_id").distinct()
    return keys.order_by(ibis.asc("ticket_id"), ibis.asc("source")).limit(EXAMPLES)


def examples(records: Records, rows: ir.Table) -> tuple[Ticket, ...]:
    """Return the first few tickets of some rows."""
    return tuple((row["source"], row["ticket_id"]) for row in records.rows(tickets_of(rows)))


def _alone(records: Records, table: ir.Table, rule: Rule) -> Seen:
    return _seen(records, table, rule, records.rows(counted(table, [rule]))[0])


def _seen(records: Records, table: ir.Table, rule: Rule, counts: Mapping[str, int | None]) -> Seen:
    whole = OF if rule.among is None else OF + rule.subject.id
    count, of = (int(counts[name] or 0) for name in (rule.subject.id, whole))
    if not of and counts[OF] and rule.none:
        return nothing(rule.subject, why=rule.none)
    told = Told(
        count,
        of,
        rule.words.format(n=f"{count:,}", of=f"{of:,}"),
        rule.step(counts),
        tickets=examples(records, table.filter(rule.found)) if count else (),
    )
    return seen(rule.subject, told)
