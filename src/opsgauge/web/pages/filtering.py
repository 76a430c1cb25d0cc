"""A filter in the making, and filters that meet nothing: what the records offer in their place.

Floor 6. A form that named a column and no value comes back as an address with that column alone;
the page then offers the values there are. It needs no script.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.foundation.units import whole
from opsgauge.operations.asking import conditions, written
from opsgauge.operations.choices import Choice, filters, values_of
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import capfirst, named, plain
from opsgauge.operations.meant import NotThere, not_there
from opsgauge.operations.small_teams import is_of_few
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.tidy import COLUMN, MISSING

Values = dict[str, object]
MOST_OFFERED = 60  # as boxes to tick; the others are offered while one types


def condition_words(condition: Condition) -> str:
    """Return a condition as pages write its words.

    Examples
    --------
    >>> condition_words(Condition("phase", ("pending_approval", None)))
    'phase is pending approval or missing'
    """
    said = [named(value, condition.column) for value in condition.values]
    return f"{plain(condition.column)} is {' or '.join(said)}"


@dataclass(frozen=True)
class Filtering:
    """The filters of an address, seen with what the records hold."""

    ctx: Context
    address: Address
    column: str  # of the filter in the making, "" for none

    def values(self) -> Values:
        """Return what `base.html` asks of it."""
        return {"offered": self.offered(), "not_there": self.missed()}

    def offered(self) -> Values | None:
        """Return the values of the column of the filter in the making."""
        if not self.column:
            return None
        try:
            if self.column not in filters(self.ctx):
                return None
            there = values_of(self.ctx, self.column)
        except OpsgaugeError:  # nothing is imported; the page says so
            return None
        return {
            "name": capfirst(plain(self.column)),
            "action": self.address.path,
            "keep": (*self.address.pairs("offset"), (COLUMN, self.column)),
            "options": [self._option(each, self.column) for each in there[:MOST_OFFERED]],
            "others": [each.value for each in there[MOST_OFFERED:] if each.value is not None],
            "back": str(self.address),
        }

    def _option(self, each: Choice, column: str) -> Values:
        below = self.ctx.workspace.settings.suppress_below
        few = is_of_few(self.ctx, column, each.value)
        return {
            "value": MISSING if each.value is None else each.value,
            "text": named(each.value, column),
            "tickets": whole(each.tickets) if each.tickets >= below and not few else "",
        }

    def missed(self) -> list[Values]:
        """Return the values that the records do not hold, each with links to the nearest."""
        found = []
        for text in self.address.all("where"):
            try:
                found += [(text, each) for each in not_there(self.ctx, conditions([text]))]
            except OpsgaugeError:  # what is wrong with it, the page itself says
                continue
        return [self._missed(text, each) for text, each in found]

    def _missed(self, text: str, each: NotThere) -> Values:
        condition = conditions([text])[0]
        others = [where for where in self.address.all("where") if where != text]
        near = []
        for choice in each.near:
            put = _in_place(condition, each.value, choice.value)
            near.append(
                {
                    "text": named(choice.value, each.column),
                    "tickets": self._option(choice, each.column)["tickets"],
                    "href": str(self.address.having(where=[*others, written(put)], offset=None)),
                }
            )
        return {
            "words": f"There is no “{each.value}” among {plain(each.column)}",
            "alike": each.alike,
            "near": near,
        }


def _in_place(condition: Condition, gone: str, value: str | None) -> Condition:
    values: Sequence[str | None] = [value if each == gone else each for each in condition.values]
    return Condition(condition.column, tuple(dict.fromkeys(values)))
