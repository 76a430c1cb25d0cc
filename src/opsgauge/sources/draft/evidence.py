"""What a column's values say for or against a field, beside its name.

Floor 3. Each weighing gives up to 2 for, or takes up to 2 away.
"""

import re
from collections.abc import Callable, Mapping

from opsgauge.log.mapping_fields import MOMENTS, PERSONS
from opsgauge.sources.draft import states, ties
from opsgauge.sources.draft.kinds import Kind, Seen
from opsgauge.sources.draft.names import folded

CHANNELS = re.compile(
    r"mail|phone|telefon|telefoon|\btel\b|\bcall|web|portal|chat|self|walk|monitor|\bapi\b|teams|"
    r"slack|form|email|courriel|correo|llamada|balie|schalter|persoon|person|fax|app\b|event|alert"
)
MOST_STATES, MOST_CHANNELS, MANY = 100, 40, 50
LONGEST_CHANNEL = 20  # characters on average; longer ones are sentences


def by_values(name: str, each: Seen) -> float:
    """Return what the values of a column say for a field."""
    weigh = WEIGHED.get(name)
    return weigh(each) if weigh else 0.0


def _status(each: Seen) -> float:
    if each.among(Kind.PERSON) or each.column.distinct > MOST_STATES:
        return -2.0
    if each.among(Kind.WHOLE):
        return -1.0
    known = states.knows(each.words)
    return 1.5 * known if known else -0.5


def _channel(each: Seen) -> float:
    if each.column.length > LONGEST_CHANNEL:
        return -1.0
    hit = sum(count for word, count in each.words.items() if CHANNELS.search(folded(word)))
    many = 1.0 if each.column.distinct > MOST_CHANNELS else 0.0
    return 1.2 * hit / max(each.column.filled, 1) - many


def _few_words(each: Seen) -> float:
    distinct = each.column.distinct
    if distinct > MANY and distinct > 0.7 * each.column.filled:
        return -1.5
    return -2.0 if each.among(Kind.PERSON) else 0.0


def _team(each: Seen) -> float:
    numbers = 0.6 if each.among(Kind.WHOLE) else 0.0  # the name beside them tells more
    return _few_words(each) - numbers


def _person(each: Seen) -> float:
    if each.among(Kind.PERSON):
        return 0.7
    return -0.5 if each.column.distinct <= 2 else 0.0


def _moment(each: Seen) -> float:
    return 0.3 * each.column.share


def _text(each: Seen) -> float:
    if each.among(Kind.TEXT):
        return 0.5
    return 0.0 if ties.is_free_text(each) else -1.5


WEIGHED: Mapping[str, Callable[[Seen], float]] = {
    "original_status": _status,
    "channel": _channel,
    "description": _text,
    "team": _team,
    **dict.fromkeys(("priority", "impact", "urgency", "category"), _few_words),
    **dict.fromkeys(("resolution_code", "activity"), _few_words),
    **dict.fromkeys(PERSONS, _person),
    **dict.fromkeys(MOMENTS, _moment),
}
