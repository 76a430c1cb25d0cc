"""Rules that tell records apart, as the records of people keep them: one canonical JSON.

Floor 4.
"""

import json

from opsgauge.foundation.agreed import Condition, Rules
from opsgauge.governance.audit import Json, json_text


def plain(rules: Rules) -> list[Json]:
    """Return rules as JSON values, in an order of their own: equal rules, equal values.

    Examples
    --------
    >>> plain((Condition("team", ("B", "A", None)),))
    [{'column': 'team', 'values': [None, 'A', 'B']}]
    """
    told = sorted({(each.column, tuple(sorted(set(each.values), key=_or_empty))) for each in rules})
    return [{"column": column, "values": list(values)} for column, values in told]


def _or_empty(value: str | None) -> tuple[bool, str]:
    return value is not None, value or ""


def text(rules: Rules) -> str:
    """Return rules as canonical JSON."""
    return json_text(plain(rules)) or ""


def read(stored: str) -> Rules:
    """Return the rules that `text` wrote; roles were kept as pairs before.

    Examples
    --------
    >>> read(text((Condition("team", ("B", None)),)))
    (Condition(column='team', values=(None, 'B')),)
    >>> read('[["team",["A"]]]')
    (Condition(column='team', values=('A',)),)
    """
    pairs = (
        (each["column"], each["values"]) if isinstance(each, dict) else each
        for each in json.loads(stored)
    )
    return tuple(Condition(column, tuple(values)) for column, values in pairs)


def within(segment: Rules, rules: Rules) -> bool:
    """Say whether all records of a segment meet rules, as far as its conditions tell.

    Examples
    --------
    >>> a, a_or_b = (Condition("team", ("A",)),), (Condition("team", ("B", "A")),)
    >>> within(a, a_or_b), within(a_or_b, a), within((), a), within(a, ())
    (True, False, False, True)
    """
    return all(
        any(one.column == rule.column and {*one.values} <= {*rule.values} for one in segment)
        for rule in rules
    )
