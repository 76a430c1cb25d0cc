"""What an address asks of causes: read the same way for a page and for its JSON twin.

Floor 6.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from opsgauge.analysis.causes.influence import SUPPORT
from opsgauge.analysis.causes.kinds import KINDS
from opsgauge.analysis.causes.pareto import MEASURES
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.operations.lists import Page
from opsgauge.operations.outcomes import OUTCOMES, Asked
from opsgauge.operations.recurring import DAYS
from opsgauge.operations.recurring_tickets import TroubleAsked
from opsgauge.operations.vital_few import USUAL
from opsgauge.operations.word_themes import DESCRIPTIONS, TEXTS, WordAsked
from opsgauge.web.asked import SelectionOf, paged


def outcome_asked(
    chosen: SelectionOf,
    outcome: Annotated[
        str, Query(description=f"{', '.join(OUTCOMES)}, or a share metric of tickets or changes.")
    ] = "slow",
    hours: Annotated[
        float,
        Query(description="What was known so many hours after the opening.", ge=0),
    ] = 0.0,
    support: Annotated[
        float, Query(description="The least share of all tickets that is looked at.", gt=0, lt=1)
    ] = SUPPORT,
    also: Annotated[
        list[str] | None, Query(description="A column of which only the last value is kept.")
    ] = None,
    level: Annotated[str, Query(description="For breach: of this service level alone.")] = "",
    slow_hours: Annotated[
        str, Query(description="For slow: above so many hours; empty: the slowest quarter.")
    ] = "",
    any_priority: Annotated[
        bool, Query(description="For slow: priority is looked at, and not held alike.")
    ] = False,
) -> Asked:
    """Return what an address asks of an outcome."""
    columns = tuple(each for each in also or () if each)
    return Asked(outcome, chosen, hours, support, columns, level, _hours(slow_hours), any_priority)


def _hours(text: str) -> float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError as wrong:
        raise QueryWrong(f"{text!r} is no number of hours.", hint="Such as 24.") from wrong


OutcomeOf = Annotated[Asked, Depends(outcome_asked)]


@dataclass(frozen=True)
class RowAsked:
    """Which row's tickets an address asks for."""

    parts: tuple[Condition, ...]
    which: str
    offset: int


def row_asked(
    of: Annotated[
        list[str] | None, Query(description="The row's words: priority=1, one or two.")
    ] = None,
    part: Annotated[str, Query(description="outcome or rest; empty: all.")] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> RowAsked:
    """Return which row's tickets an address asks for."""
    # A word may hold a bar, which elsewhere parts several values.
    named = [text.partition("=") for text in of or ()]
    parts = tuple(Condition(name, (word,)) for name, _, word in named)
    return RowAsked(parts, part, offset)


RowOf = Annotated[RowAsked, Depends(row_asked)]
FewBy = Annotated[str, Query(description="A dimension of tickets, such as category.")]
FewOf = Annotated[str, Query(description=f"{', '.join(MEASURES)}.")]
RecentDays = Annotated[int, Query(description="How many days lately is.")]
WordsIn = Annotated[str, Query(alias="in", description=f"{' or '.join(TEXTS)}.")]
KindName = Annotated[str, Query(description=f"One of {', '.join(KINDS)}.")]
PageOf = Annotated[Page, Depends(paged)]


def word_asked(
    by: FewBy = USUAL,
    group: Annotated[str, Query(description="The group; empty: not written.")] = "",
    word: Annotated[str, Query(description="The word.")] = "",
    lately: Annotated[bool, Query(description="Of the last days instead of a group.")] = False,
    days: RecentDays = DAYS,
    within: WordsIn = DESCRIPTIONS,
) -> WordAsked:
    """Return which word's tickets an address asks for."""
    return WordAsked(word, by, group or None, lately, days, within)


WordOf = Annotated[WordAsked, Depends(word_asked)]


def trouble_asked(
    first_source: Annotated[str, Query(description="The source of its first ticket.")] = "",
    first_ticket: Annotated[str, Query(description="The number of its first ticket.")] = "",
    lately: Annotated[bool, Query(description="Of the last days alone.")] = False,
    days: RecentDays = DAYS,
) -> TroubleAsked:
    """Return which trouble's tickets an address asks for."""
    return TroubleAsked(first_source, first_ticket, lately, days)


TroubleOf = Annotated[TroubleAsked, Depends(trouble_asked)]
