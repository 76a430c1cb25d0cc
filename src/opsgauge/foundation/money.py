"""Amounts of money, and what an hour costs where a workspace says so.

Floor 0. Two costs of an hour are two things and are never added up: an hour that one ticket stays
open (`waited`), and an hour that somebody works (`worked`). Nothing is priced that has no rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from opsgauge.foundation.currencies import CURRENCIES
from opsgauge.foundation.errors import did_you_mean
from opsgauge.foundation.units import amount as written

MOST_AN_HOUR = 1e9
AnHour = Annotated[float, Field(gt=0, le=MOST_AN_HOUR, allow_inf_nan=False)]


@dataclass(frozen=True)
class Money:
    """An amount in a currency (ISO 4217)."""

    amount: float
    currency: str

    @property
    def words(self) -> str:
        """The amount as people write it.

        Examples
        --------
        >>> Money(1234.5, "EUR").words.replace("\u00a0", "_"), Money(3.5, "EUR").words[-4:]
        ('EUR_1,234', '3.50')
        """
        return f"{self.currency}\u00a0{written(self.amount, 'money')}"

    def times(self, hours: float) -> "Money":
        """Return what so many hours cost, where this is what one costs."""
        return Money(self.amount * hours, self.currency)


def times(hours: float | None, an_hour: Money | None) -> float | None:
    """Return the amount that hours cost; None where there are none, or no rate.

    Examples
    --------
    >>> times(10, Money(4.0, "EUR")), times(10, None), times(None, Money(4.0, "EUR"))
    (40.0, None, None)
    """
    return None if hours is None or an_hour is None else an_hour.times(hours).amount


def money_words(hours: float | None, an_hour: Money | None) -> str:
    """Return what hours cost, in words; "" where there are none, or no rate."""
    return "" if hours is None or an_hour is None else an_hour.times(hours).words


def between_words(low: float | None, high: float | None, an_hour: Money | None) -> str:
    """Return what the ends of an interval of hours cost, in words.

    Examples
    --------
    >>> between_words(10, 20, Money(4.0, "EUR")).replace("\u00a0", "_"), between_words(1, 2, None)
    ('EUR_40.00 to 80.00', '')
    """
    if low is None or high is None or an_hour is None:
        return ""
    return f"{an_hour.times(low).words} to {written(an_hour.times(high).amount, 'money')}"


class Rates(BaseModel):
    """What `[rates]` in `opsgauge.toml` may say.

    Attributes
    ----------
    currency : ISO 4217 code of all rates
    waited : what an hour costs that one ticket stays open longer; None: waiting is not priced
    worked : what an hour costs that somebody works; None: work is not priced
    worked_by_team : the same for teams that cost something else
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    currency: str
    waited: AnHour | None = None
    worked: AnHour | None = None
    worked_by_team: Mapping[str, AnHour] = {}

    @field_validator("currency")
    @classmethod
    def _currency_is_known(cls, code: str) -> str:
        if code not in CURRENCIES:
            raise ValueError(f"{code!r} is no code of ISO 4217. {did_you_mean(code, CURRENCIES)}")
        return code

    @model_validator(mode="after")
    def _says_a_rate(self) -> "Rates":
        if self.waited is None and self.worked is None:
            raise ValueError("It says no rate an hour. Set waited, worked or both.")
        if self.worked_by_team and self.worked is None:
            raise ValueError("worked_by_team needs worked, the rate of all other teams.")
        return self

    @property
    def an_hour_waited(self) -> Money | None:
        """What an hour costs that one ticket stays open."""
        return None if self.waited is None else Money(self.waited, self.currency)

    def an_hour_worked(self, team: str | None = None) -> Money | None:
        """Return what an hour costs that somebody of a team works."""
        if self.worked is None:
            return None
        return Money(self.worked_by_team.get(team or "", self.worked), self.currency)
