"""When each column of a record is known: so that nothing known only afterwards explains an outcome.

Floor 2. What is written after the work, or by it, goes with any outcome and causes none: a close
code, the team that ended with it, how often it changed hands. The declared list here bars such
columns; a test holds that every dimension of `tickets` and `changes` is in it.

Source: Kaufman, Rosset and Perlich, Leakage in data mining, ACM TKDD 6, 2012.
"""

from enum import StrEnum


class Known(StrEnum):
    """When a column of a record is known, and what the log keeps of it."""

    THEN = "then"  # `history` holds what it was at any moment
    GIVEN = "given"  # comes with the report and seldom changes; only its last value is kept
    LATER = "later"  # is often put right during the work; only its last value is kept
    AFTER = "after"  # comes of the work itself


OF_TICKETS: dict[str, Known] = {
    "source": Known.GIVEN,
    "practice": Known.GIVEN,
    "priority": Known.THEN,
    "category": Known.THEN,
    "service": Known.THEN,
    "first_team": Known.GIVEN,
    "channel": Known.GIVEN,
    "location": Known.GIVEN,
    "catalogue_item": Known.GIVEN,
    "impact": Known.LATER,
    "urgency": Known.LATER,
    "subcategory": Known.LATER,
    "tier": Known.LATER,
    "configuration_item": Known.LATER,
    "vendor": Known.LATER,
    "major": Known.LATER,
    "phase": Known.AFTER,
    "open": Known.AFTER,
    "original_status": Known.AFTER,
    "team": Known.AFTER,
    "resolution_code": Known.AFTER,
    "first_response_automatic": Known.AFTER,
    "sla_met": Known.AFTER,
    "knowledge_used": Known.AFTER,
    "reopen_count": Known.AFTER,
    "handoff_count": Known.AFTER,
    "update_count": Known.AFTER,
}
OF_CHANGES: dict[str, Known] = {
    "source": Known.GIVEN,
    "type": Known.GIVEN,
    "risk": Known.GIVEN,
    "environment": Known.GIVEN,
    "service": Known.GIVEN,
    "configuration_item": Known.GIVEN,
    "tested": Known.LATER,
    "rollback_plan": Known.LATER,
    "outcome": Known.AFTER,
    "backed_out": Known.AFTER,
}


def known_when(column: str, change: bool = False) -> Known:
    """Say when a column is known; what is not in the list counts as written later.

    Examples
    --------
    >>> str(known_when("resolution_code")), str(known_when("attributes.floor"))
    ('after', 'later')
    """
    of = OF_CHANGES if change and column in OF_CHANGES else OF_TICKETS
    return of.get(column, Known.LATER)
