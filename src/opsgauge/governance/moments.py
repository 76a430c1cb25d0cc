"""Instants as the records keep them: text that sorts as they follow each other.

Floor 4.
"""

from datetime import UTC, datetime

FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def text_of(moment: datetime) -> str:
    """Return an instant as text in UTC, with microseconds.

    Examples
    --------
    >>> text_of(datetime(2026, 1, 5, 8, tzinfo=UTC))
    '2026-01-05T08:00:00.000000Z'
    """
    return moment.astimezone(UTC).strftime(FORM)


def moment_of(text: str) -> datetime:
    """Return the instant that a text of the records says.

    Examples
    --------
    >>> moment_of("2026-01-05T08:00:00.000000Z").isoformat()
    '2026-01-05T08:00:00+00:00'
    """
    return datetime.strptime(text, FORM).replace(tzinfo=UTC)
