"""Groups of a hierarchy, and dimensions as they were at the moment that dates a record.

Floor 3. Members of a hierarchy move: a record stands in the group that its member was in at its own
moment. What dates a record is the moment of its metric, or the one asked for by `dated_by`; a stock
is counted at instants of its own, so there stays are cut where something moved, see `stock.py`.
`team_then` is the team that held the ticket at that moment, `team` the one that holds it now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from opsgauge.log.periods import start_of_day
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.metrics.subject import OF_TICKET, Subject
from opsgauge.metrics.words import word
from opsgauge.warehouse.portable import micros, micros_at

NOT_PLACED = "not placed"
THEN = "_then"  # after the name of a dimension: as it was then
HELD = "held_then_"  # before the name of a dimension, the column with what history says
# Dimensions whose past values history keeps, and that change.
CHANGING = tuple(
    c.name for c in HISTORY.columns if c.dimension and c.name not in {"source", "practice"}
)


@dataclass(frozen=True)
class About:
    """Whose rows are grouped, by the clocks of which zone, and near which time they lie."""

    subject: Subject
    zone: ZoneInfo
    near: datetime


Groups = tuple[tuple[str, tuple[str, ...]], ...]  # each with the values in it


@dataclass(frozen=True)
class Moved:
    """From the start of a day on, values stand in other groups, or are not placed."""

    since: date
    to: Groups


@dataclass(frozen=True)
class Placed:
    """A level of a hierarchy: groups of the values of a dimension.

    Attributes
    ----------
    name : by which it is asked for, such as `team.department`
    of : the dimension it groups
    groups : as they were before anything moved
    moved : what moved since, the oldest first
    as_then : it groups the dimension as it was at the moment that dates a record
    """

    name: str
    of: str
    groups: Groups
    moved: tuple[Moved, ...] = ()
    as_then: bool = False

    @property
    def bases(self) -> tuple[str, ...]:
        """The dimensions and columns it is made from."""
        return (self.of,)

    @property
    def order(self) -> tuple[str, ...]:
        """The names of its groups in order."""
        return (*(name for name, _ in self.groups), NOT_PLACED)

    @property
    def is_age(self) -> bool:
        """Whether it needs the moment of counting."""
        return False

    @property
    def then(self) -> str:
        """The dimension that it needs as it was at the moment that dates a record, "" for none."""
        return self.of if self.as_then else ""

    def starts(self, zone: ZoneInfo) -> tuple[int, ...]:
        """Return the instants at which something moved, microseconds since 1970."""
        return tuple(micros_at(start_of_day(moved.since, zone)) for moved in self.moved)

    def held(self, rows: ir.Table) -> ir.Value:
        """Return what it groups, as words."""
        return held_then(rows, self.of) if self.as_then else word(rows, self.of)

    def word(self, rows: ir.Table, about: About, at_us: ir.IntegerValue | None = None) -> ir.Value:
        """Return the group of each row; null where the dimension is.

        Parameters
        ----------
        at_us : the moment that dates each row; needed where something moved
        """
        return self.named(self.held(rows), about.zone, at_us)

    def named(
        self, held: ir.Value, zone: ZoneInfo, at_us: ir.IntegerValue | None = None
    ) -> ir.Value:
        """Return the group of what a row holds, at an instant."""
        branches = []
        if at_us is not None:  # the newest first: it says where a value stood from then on
            for since_us, moved in reversed([*zip(self.starts(zone), self.moved, strict=True)]):
                later = at_us >= since_us
                branches += [(later & held.isin(list(has)), name) for name, has in moved.to]
        branches += [(held.isin(list(has)), name) for name, has in self.groups if has]
        return ibis.cases(*branches, (held.notnull(), NOT_PLACED))


@dataclass(frozen=True)
class Then:
    """A dimension as it was at the moment that dates a record.

    Attributes
    ----------
    name : such as `team_then`
    of : the dimension, which history keeps
    """

    name: str
    of: str

    @property
    def bases(self) -> tuple[str, ...]:
        """The dimension it is made from."""
        return (self.of,)

    @property
    def order(self) -> tuple[str, ...]:
        """None: they are any words."""
        return ()

    @property
    def is_age(self) -> bool:
        """Whether it needs the moment of counting."""
        return False

    @property
    def then(self) -> str:
        """The dimension that it needs as it was then."""
        return self.of

    def word(self, rows: ir.Table, about: About, at_us: ir.IntegerValue | None = None) -> ir.Value:
        """Return what each row held then; null where nothing tells it."""
        return held_then(rows, self.of)


def then_names(subject: Subject) -> tuple[str, ...]:
    """Return the names of dimensions as they were then, of records that are or name tickets.

    Examples
    --------
    >>> then_names(Subject(TICKETS))[0]
    'phase_then'
    """
    if not (subject.is_tickets or subject.ticket):
        return ()
    return tuple(
        f"{name}{THEN}" for name in CHANGING if subject.is_tickets or not subject.has(name)
    )


def then_of(name: str) -> str:
    """Return the dimension that a name means as it was then.

    Examples
    --------
    >>> then_of("team_then")
    'team'
    """
    return name.removesuffix(THEN)


def held_then(rows: ir.Table, of: str) -> ir.Value:
    """Return what each row held when it is dated, as words.

    Rows of a stock are of the stretches of history themselves.
    """
    return rows[HELD + of] if HELD + of in rows.columns else word(rows, of)


def with_then(
    rows: ir.Table,
    subject: Subject,
    history: ir.Table,
    at_us: ir.IntegerValue,
    names: Iterable[str],
) -> ir.Table:
    """Return rows with what history says of their tickets at an instant of each.

    Parameters
    ----------
    rows : of tickets, or with the number of the ticket they name in `OF_TICKET`
    names : the dimensions

    Returns
    -------
    the rows with a column `HELD` and its name for each dimension; null where history does not reach
    """
    told = history.select(
        **{
            f"{HELD}source": history.source,
            f"{HELD}ticket": history.ticket_id,
            f"{HELD}since": micros(history.since),
            f"{HELD}until": micros(history.until),
            **{HELD + name: history[name] for name in names},
        }
    )
    dated = rows.mutate(**{f"{HELD}at": at_us})
    begun = dated[f"{HELD}at"] >= told[f"{HELD}since"]
    lasts = (dated[f"{HELD}at"] < told[f"{HELD}until"]) | told[f"{HELD}until"].isnull()
    ticket = dated[TICKETS.key[1] if subject.is_tickets else OF_TICKET]
    same = [dated.source == told[f"{HELD}source"], ticket == told[f"{HELD}ticket"], begun, lasts]
    return dated.left_join(told, same)
