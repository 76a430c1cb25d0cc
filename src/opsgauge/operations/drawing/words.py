"""Words and figures for pages: periods, values with their unit, intervals, instants, states.

Floor 5, drawing. `filters.py` hands these to the page templates.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from opsgauge.analysis.control_charts.rules import OUTSIDE_LIMITS, RULE_SET, RULE_SETS
from opsgauge.foundation.units import NARROW_NO_BREAK, amount, duration, instant, whole
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.phrases import run_start

_MONTH_STARTS = {1: 1, 2: 4, 3: 7, 4: 10}
_ORDINALS = ("first", "second", "third", "fourth")
_TONES = {"better": "improve", "worse": "concern"}
_STANDS = {"needs attention": "concern", "drifting": "held", "healthy": "steady"}
_SAID = {"better": "Better", "worse": "Worse", "change": "Changed", "steady": "Steady"}
_STATES = {"pass": "steady", "note": "steady", "warn": "held", "fail": "concern", "unknown": "held"}
_TARGETS = {
    "on track": "improve",
    "met": "improve",
    "off track": "concern",
    "not met": "concern",
    "no data": "held",
}
_RULES = {
    "outside_limits": "outside the limits",
    "trend": "seven in a row rising or falling",
    "two_of_three": "two of three close to a limit",
    "shift": "seven in a row on one side of the centre",
    "level": "the newest periods together lie apart from those before",
}
_SQL_WORDS = re.compile(
    r"\b(SELECT|FROM|WHERE|GROUP BY|ORDER BY|HAVING|LIMIT|WITH|AS|AND|OR|NOT|IN|IS|NULL|ON|USING"
    r"|(?:LEFT |INNER |CROSS |RIGHT |FULL )?(?:OUTER )?JOIN|UNION ALL|UNION|CASE|WHEN|THEN|ELSE|END"
    r"|BETWEEN|DISTINCT|FILTER|OVER|PARTITION BY|WITHIN GROUP|CAST)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """A state in words with the tone of its mark: improve, concern, steady or held."""

    tone: str
    words: str


def period_span(key: str) -> tuple[date, date] | None:
    """Return the first and the last day of a period; None for "all".

    Examples
    --------
    >>> [f"{day:%d %b}" for day in period_span("2016-W21")]
    ['23 May', '29 May']
    >>> [f"{day:%d %b}" for day in period_span("2016-Q1")]
    ['01 Jan', '31 Mar']
    """
    if key == "all":
        return None
    if "W" in key:
        year, week = key.split("-W")
        monday = date.fromisocalendar(int(year), int(week), 1)
        return monday, monday + timedelta(days=6)
    if "Q" in key:
        year, quarter = key.split("-Q")
        return _months(int(year), _MONTH_STARTS[int(quarter)], 3)
    parts = [int(part) for part in key.split("-")]
    if len(parts) == 3:
        day = date(*parts)
        return day, day
    return _months(parts[0], parts[1], 1) if len(parts) == 2 else _months(parts[0], 1, 12)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    end = month + count
    after = date(year + (end - 1) // 12, (end - 1) % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)


def period_words(key: str) -> str:
    """Return a period as one would say it.

    Examples
    --------
    >>> period_words("2016-W21")
    'week 21, 23 to 29 May 2016'
    >>> period_words("2015-W53"), period_words("2016-W22")
    ('week 53, 28 Dec 2015 to 3 Jan 2016', 'week 22, 30 May to 5 Jun 2016')
    >>> period_words("2016-05"), period_words("2016-05-30"), period_words("2016-Q2")
    ('May 2016', 'Mon 30 May 2016', 'second quarter of 2016')
    """
    span = period_span(key)
    if span is None:
        return "all time"
    first, last = span
    if "W" in key:
        return f"week {int(key[-2:])}, {days_words(first, last)}"
    if "Q" in key:
        return f"{_ORDINALS[int(key[-1]) - 1]} quarter of {first.year}"
    if first == last:
        return f"{first:%a} {first.day} {first:%b %Y}"
    return f"{first:%b %Y}" if "-" in key else key


def period_brief(key: str) -> str:
    """Return a period for a narrow column: `23 May`, `May 2016`, `Q2 2016`.

    Examples
    --------
    >>> [period_brief(key) for key in ("2016-W21", "2016-05-30", "2016-05", "2016-Q2", "2016")]
    ['23 May', '30 May', 'May 2016', 'Q2 2016', '2016']
    """
    span = period_span(key)
    if span is None:
        return "all"
    if "Q" in key:
        return f"Q{key[-1]} {key[:4]}"
    if "W" in key or span[0] == span[1]:
        return f"{span[0].day} {span[0]:%b}"
    return period_words(key)


def days_words(first: date, last: date) -> str:
    """Return a stretch of days, naming month and year once where they agree.

    Examples
    --------
    >>> days_words(date(2016, 2, 29), date(2016, 5, 29))
    '29 Feb to 29 May 2016'
    """
    end = f"{last.day} {last:%b %Y}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {first:%b %Y} to {end}"
    if first.month != last.month:
        return f"{first.day} {first:%b} to {end}"
    return f"{first.day} to {end}"


def figure(value: float | None, unit: str) -> tuple[str, str]:
    """Split a value into its figure and its unit, for the large value of a card.

    Examples
    --------
    >>> figure(22.1, "hours"), figure(0.616, "share"), figure(1184, "tickets")
    (('22.1', 'h'), ('61.6', '%'), ('1,184', ''))
    """
    text = amount(value, unit)
    if value is None:
        return text, ""
    number, _, tail = text.replace(NARROW_NO_BREAK, " ").partition(" ")
    return number, tail


def interval_words(low: float | None, high: float | None, unit: str) -> str:
    """Return an interval, its unit said once where both ends share it.

    Examples
    --------
    >>> interval_words(0.587, 0.644, "share").replace(NARROW_NO_BREAK, " ")
    '58.7 to 64.4 %'
    >>> interval_words(0.5, 2.25, "hours"), interval_words(None, None, "tickets")
    ('30 min to 2.2 h', 'none, all counted')
    """
    if low is None or high is None:
        return "none, all counted"
    (first, unit_1), (last, unit_2) = figure(low, unit), figure(high, unit)
    if unit_1 == unit_2:
        return f"{first} to {last}{_gap(unit_1)}{unit_1}"
    return f"{first} {unit_1} to {last} {unit_2}"


def _gap(unit: str) -> str:
    return NARROW_NO_BREAK if unit == "%" else " " if unit else ""


def counted(n: int, noun: str) -> str:
    """Return a count with its noun in the right number.

    Examples
    --------
    >>> counted(1, "ticket"), counted(1184, "ticket"), counted(2, "category")
    ('1 ticket', '1,184 tickets', '2 categories')
    """
    return f"1 {noun}" if n == 1 else f"{whole(n)} {plural(noun)}"


def plural(noun: str) -> str:
    """Return a noun in the plural.

    Examples
    --------
    >>> plural("ticket"), plural("category"), plural("survey"), plural("process")
    ('tickets', 'categories', 'surveys', 'processes')
    """
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def capfirst(text: str) -> str:
    """Return a text with a capital at its start, the rest as it is."""
    return text[:1].upper() + text[1:]


def named(value: str | None, column: str) -> str:
    """Return a value of a dimension: phases are words of ours, anything else is the tool's.

    Examples
    --------
    >>> named("in_progress", "phase"), named("GRP_20", "team"), named(None, "team")
    ('in progress', 'GRP_20', 'missing')
    """
    return plain(value) if value is None or column == "phase" else value


def written(value: object) -> str:
    """Return a cell of a worked example as one would write it."""
    if value is None:
        return "nothing yet"
    if isinstance(value, datetime):
        return f"{value:%a %H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(written(one) for one in value)
    return str(value)


def plain(name: str | None) -> str:
    """Return a column or code word as words; what is not written is "missing".

    Examples
    --------
    >>> plain("reopen_count"), plain(None)
    ('reopen count', 'missing')
    """
    return "missing" if name is None else name.replace("_", " ")


def rule_words(rule: str, rules: str = RULE_SET) -> str:
    """Return a rule in words; the same name means another length of run in another set.

    Examples
    --------
    >>> rule_words("shift"), rule_words("shift", "nelson")
    ('seven in a row on one side of the centre', '9 or more in a row on one side of the centre')
    """
    if rules == RULE_SET or rule == OUTSIDE_LIMITS:
        return _RULES.get(rule, plain(rule))
    known = {each.name: each.sentence for each in RULE_SETS[rules].rules}
    told = known.get(rule, plain(rule)).replace(" values or more in a row", " or more in a row")
    return f"{told[:1].lower()}{told[1:]}"


def local(moment: datetime, zone: str) -> datetime:
    """Return an instant on the clock of a zone; an instant without a zone is UTC."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone(ZoneInfo(zone))


def at(moment: datetime | None, zone: str = "UTC") -> str:
    """Return an instant with its year, on the clock of `zone`.

    Examples
    --------
    >>> at(datetime(2016, 5, 30, 6, tzinfo=UTC), "Europe/Amsterdam")
    'Mon 30 May 2016, 08:00'
    """
    return "not known" if moment is None else instant(local(moment, zone))


def at_brief(moment: datetime | None, zone: str = "UTC") -> str:
    """Return an instant without its year: `Mon 30 May, 08:00`."""
    if moment is None:
        return "not known"
    here = local(moment, zone)
    return f"{here:%a} {here.day} {here:%b, %H:%M}"


def elapsed(micros: float | None) -> str:
    """Return a length of time given in microseconds: `24 min`, `6.7 h`, `3.0 days`."""
    return "no value" if micros is None else duration(micros / 3_600_000_000)


def seconds(value: float | None) -> str:
    """Return a length of time given in seconds."""
    return "no value" if value is None else duration(value / 3600)


def tone(verdict: str) -> str:
    """Return the tone of a verdict's mark."""
    return _TONES.get(verdict, "steady")


def check_tone(state: str) -> str:
    """Return the tone of a check's mark."""
    return _STATES.get(state, "held")


def target_said(state: str) -> Said:
    """Return how a target is doing, with the tone of its mark.

    Examples
    --------
    >>> target_said("on track"), target_said("no data").tone
    (Said(tone='improve', words='On track'), 'held')
    """
    return Said(_TARGETS.get(state, "steady"), capfirst(state))


def stand_said(stand: str) -> Said:
    """Return how a metric stands, with the tone of its mark.

    Examples
    --------
    >>> stand_said("needs attention"), stand_said("not known").tone
    (Said(tone='concern', words='Needs attention'), 'held')
    """
    return Said(_STANDS.get(stand, "held"), capfirst(stand))


def verdict_said(verdict: str) -> Said:
    """Return a verdict with the tone of its mark; "" is of what judges nothing.

    Examples
    --------
    >>> verdict_said("worse"), verdict_said("").words
    (Said(tone='concern', words='Worse'), 'Steady')
    """
    return Said(tone(verdict), _SAID.get(verdict, "Steady"))


def state_words(charted: Charted) -> Said:
    """Say how a metric stands at its last whole period, and since when.

    Returns
    -------
    "Better since 4 May", "Steady since 25 Apr"; "Steady" alone where nothing else was before it.
    """
    whole_periods = [point for point in charted.newest_phase if point.counts]
    if charted.waits:
        return Said("held", f"Begun anew {period_brief(charted.phases[-1].first)}")
    if not whole_periods:
        return Said("steady", "Too few to judge")
    verdict = whole_periods[-1].verdict
    start = run_start(whole_periods, charted.centre)
    words = _SAID.get(verdict, plain(verdict))
    since = f" since {period_brief(whole_periods[start].period)}" if start else ""
    return Said(tone(verdict), words + since)


def sql_marked(sql: str) -> Markup:
    """Return SQL with its own words marked, everything escaped.

    Examples
    --------
    >>> print(sql_marked("SELECT a <b"))
    <span class="k">SELECT</span> a &lt;b
    """
    pieces = _SQL_WORDS.split(sql)
    marked = [
        Markup('<span class="k">{}</span>').format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    ]
    return Markup("").join(marked)
