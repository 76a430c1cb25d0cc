"""What a series says of days on which no records came: which of its periods they touch.

Floor 5. The days are those that the check of gaps found; nothing is looked for anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from opsgauge.foundation.agreed import Condition
from opsgauge.log.checks.seen import Stretch
from opsgauge.log.periods import ALL, dates_of, labels_between
from opsgauge.metrics.metric import Metric
from opsgauge.operations.answers import Measured, Value
from opsgauge.operations.check import silent
from opsgauge.operations.choices import held
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import days_words

SOURCE = "source"


def silent_periods(ctx: Context, metric: Metric, measured: Measured) -> Mapping[str, str]:
    """Return of each period of a series in which no records came for days, which days.

    Records of other tables than tickets come by other files, so a series of them says nothing.

    Returns
    -------
    {"2026-W13": "no records 23 to 29 Mar 2026"}, oldest first; the source is named where there
    are several
    """
    if measured.period == ALL or not measured.rows or not metric.subject.is_tickets:
        return {}
    labels = sorted(row.period for row in measured.rows)
    first, last = dates_of(labels[0])[0], dates_of(labels[-1])[1]
    named = len(held(ctx, SOURCE)) > 1
    found: dict[str, list[str]] = {}
    for each in silent(ctx):
        if not _asked(each, measured.where) or each.last < first or each.first > last:
            continue
        within = replace(each, first=max(each.first, first), last=min(each.last, last))
        for label in labels_between(within.first, within.last, measured.period):
            found.setdefault(label, []).append(_words(within, label, named))
    return {label: "; ".join(found[label]) for label in sorted(found)}


def _asked(stretch: Stretch, where: Sequence[Condition]) -> bool:
    return all(stretch.source in each.values for each in where if each.column == SOURCE)


def _words(stretch: Stretch, label: str, named: bool) -> str:
    begins, ends = dates_of(label)
    days = days_words(max(begins, stretch.first), min(ends, stretch.last))
    return f"no records {f'of {stretch.source} ' if named else ''}{days}"


def with_silent(measured: Measured, silent: Mapping[str, str]) -> Measured:
    """Return a series with a row for each silent period that has no value."""
    there = {row.period for row in measured.rows}
    empty = [Value(label, {}, 0, None) for label in silent if label not in there]
    if not empty:
        return measured
    return replace(measured, rows=tuple(sorted([*measured.rows, *empty], key=_place)))


def _place(row: Value) -> str:
    return row.period


def silence_note(silent: Mapping[str, str]) -> str:
    """Say in one sentence what came short, "" where nothing did.

    Examples
    --------
    >>> silence_note({"2026-W13": "no records 23 to 29 Mar 2026"})
    'What came on these days is not counted: no records 23 to 29 Mar 2026.'
    """
    if not silent:
        return ""
    told = "; ".join(dict.fromkeys(silent.values()))
    return f"What came on these days is not counted: {told}."
