"""Money beside hours, where the settings of the workspace hold `[rates]`.

Floor 5. Hours are priced by what they are: here all are elapsed hours of tickets, so they cost what
an hour costs that one ticket stays open. They are priced after they were counted and remembered, so
a changed rate holds at once. Nothing is ranked by money: with one rate the order would be the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from opsgauge.foundation.finding import Finding
from opsgauge.foundation.money import Money, Rates, between_words, money_words
from opsgauge.operations.context import Context


def an_hour_waited(ctx: Context) -> Money | None:
    """Return what an hour costs that one ticket stays open; None where no rate is set."""
    rates = ctx.workspace.settings.rates
    return rates.an_hour_waited if rates else None


def priced(findings: Iterable[Finding], an_hour: Money | None) -> tuple[Finding, ...]:
    """Return findings that know what their hours cost; as they were where no rate is set."""
    return tuple(replace(each, an_hour=an_hour) if an_hour else each for each in findings)


@dataclass(frozen=True)
class InMoney:
    """What the hours of a finding cost, in words; "" where it says none, or no rate is set."""

    worth: str
    size: str
    between: str


def money_of(finding: Finding) -> InMoney:
    """Return what the hours of a finding cost, in words."""
    hour = finding.an_hour
    of_hours = hour if finding.unit == "hours" else None
    low, high = finding.interval or (None, None)
    return InMoney(
        money_words(finding.worth_hours or None, hour),
        money_words(finding.size, of_hours),
        between_words(low, high, of_hours),
    )


def beside(hours: str, money: str) -> str:
    """Return money beside hours; these alone where there is none.

    Examples
    --------
    >>> beside("20 hours", "EUR 80.00"), beside("20 hours", "")
    ('20 hours, EUR 80.00', '20 hours')
    """
    return f"{hours}, {money}" if money else hours


def rate_notes(an_hour: Money | None, order: bool = True) -> tuple[str, ...]:
    """Return how hours became money, as sentences; none where no rate is set.

    Examples
    --------
    >>> rate_notes(Money(4.0, "EUR"), order=False)[0].replace("\u00a0", " ")
    'Money is elapsed hours times EUR 4.00, what an hour costs here that one ticket stays open.'
    """
    if an_hour is None:
        return ()
    said = (
        f"Money is elapsed hours times {an_hour.words}, what an hour costs here that one ticket "
        "stays open."
    )
    return (f"{said} What comes first goes by hours.",) if order else (said,)


def rate_json(an_hour: Money | None) -> dict[str, Any]:
    """Return the rate as answers publish it; nothing where no rate is set."""
    if an_hour is None:
        return {}
    return {"currency": an_hour.currency, "waited_an_hour": an_hour.amount}


def rates_json(rates: Rates | None) -> dict[str, Any]:
    """Return all rates as answers publish them; nothing where none is set."""
    if rates is None:
        return {}
    teams = {"worked_an_hour_by_team": dict(rates.worked_by_team)} if rates.worked_by_team else {}
    worked = {} if rates.worked is None else {"worked_an_hour": rates.worked, **teams}
    return {"currency": rates.currency, **rate_json(rates.an_hour_waited), **worked}
