"""Two process maps held against each other: two stretches of time, two teams, before and after.

Floor 5. One side is the tickets chosen; the other is the same choice with other days or another
value of a filter. Where nothing else is said, it is as many days before.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from opsgauge.analysis.mining import steps as steps_by
from opsgauge.analysis.mining.map_differences import (
    FEWEST,
    NONE_UNFINISHED,
    Difference,
    Effect,
    Key,
    Passed,
    Tested,
    Unfinished,
    differences,
    passed_of,
    passed_rows,
    told,
)
from opsgauge.analysis.mining.steps import fields_of
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NothingThere, QueryWrong
from opsgauge.foundation.units import percent, whole
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.log.door import LogTables, only
from opsgauge.operations.answers import Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.find import chosen_words
from opsgauge.operations.flow import (
    KEY,
    Selection,
    chosen_tables,
    named_step,
    stepped_tables,
    timed,
)
from opsgauge.operations.flow import Passed as Passage
from opsgauge.operations.gate import let_through
from opsgauge.operations.going_on import GoesOn, may_go_on
from opsgauge.warehouse.portable import EPOCH, micros

USUAL_DAYS = 90
METHOD = (
    "Share of tickets: exact test of two proportions. Time: Welch's test of the logarithms, each "
    "ticket once. A ticket that is not finished counts as what makes a difference smallest, and no "
    "side is told to be faster of which more is unfinished. All tests together hold the share of "
    "false findings at 5 % (Benjamini and Hochberg)."
)


@dataclass(frozen=True)
class Against:
    """What the other side has instead of the first one's; nothing given is as many days before.

    Attributes
    ----------
    where : conditions, each in the place of the first side's on the same column
    from_, to : the other side's days
    passed : the step, way or path that the other side's tickets took
    """

    where: tuple[Condition, ...] = ()
    from_: date | None = None
    to: date | None = None
    passed: Passage | None = None

    @property
    def given(self) -> bool:
        """Whether anything is."""
        return bool(self.where or self.from_ or self.to or self.passed)


@dataclass(frozen=True)
class Side:
    """One side: which tickets, how many, how many still need work, and how many may yet go on.

    `unfinished` are those that need work, and where tickets are closed after they are resolved
    those resolved lately.
    """

    chosen: Selection
    tickets: int
    open_: int
    unfinished: int = 0

    @property
    def words(self) -> str:
        """Which tickets, in words."""
        return f"tickets{chosen_words(self.chosen)}"


@dataclass(frozen=True)
class MapsCompared:
    """Every step and way on two sides, with what differs between them beyond chance."""

    steps: str
    calendar: str
    one: Side
    other: Side
    effect: Effect
    rows: tuple[Difference, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()
    withheld: str = ""

    @property
    def told(self) -> Sequence[Difference]:
        """The steps and ways of which something is said."""
        return told(self.rows)

    @property
    def sentence(self) -> str:
        """How much differs, in words."""
        tested = sum(each.flow is not None for each in self.rows)
        flow = sum(bool(each.flow and each.flow.said) for each in self.rows)
        time = sum(bool(each.time and each.time.said) for each in self.rows)
        yet = ", whatever unfinished tickets will do," if self.unfinished else ""
        if not flow and not time:
            return (
                f"Nothing differs beyond chance in {whole(tested)} steps and ways{yet.rstrip(',')}"
            )
        return (
            f"Of {whole(tested)} steps and ways, {whole(flow)} are passed by more or fewer tickets"
            f"{yet} and {whole(time)} take longer or shorter, beyond chance"
        )

    @property
    def unfinished(self) -> int:
        """How many tickets of both sides may pass further steps."""
        return self.one.unfinished + self.other.unfinished

    @property
    def caveats(self) -> tuple[str, ...]:
        """What a reader should bear in mind."""
        said = [
            f"Told is a difference of at least {percent(self.effect.share, 0)} of tickets or a "
            f"factor of {self.effect.time:g} in time. {METHOD}",
            f"What fewer than {FEWEST} tickets passed in all is not tested. Stays that still last "
            "have no time yet.",
        ]
        if self.unfinished:
            shares = [side.unfinished / max(side.tickets, 1) for side in (self.one, self.other)]
            undecided = sum(each.undecided(self.effect) for each in self.rows)
            said.append(
                f"{percent(shares[0], 0)} of the one side's tickets are not finished and "
                f"{percent(shares[1], 0)} of the other's (open, or resolved lately and not yet "
                f"closed). {whole(undecided)} differences in share can still come to nothing by "
                "what these do, and are not told."
            )
        return (*said, *([self.withheld] if self.withheld else []))

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "nothing": "",
            "steps": self.steps,
            "calendar": self.calendar,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "one": _side_json(self.one),
            "other": _side_json(self.other),
            "least_share": self.effect.share,
            "least_time": self.effect.time,
            "notes": list(self.caveats),
            "rows": [_row_json(each) for each in self.rows],
        }


def compare_maps(
    ctx: Context,
    steps: str,
    sides: tuple[Selection | None, Against],
    calendar: str = ALWAYS,
    effect: Effect | None = None,
) -> MapsCompared:
    """Compare the map of the tickets chosen with that of other tickets.

    Needs `map:read`.

    Parameters
    ----------
    steps : what a step is, as for `process_map`
    sides : the tickets chosen, and what the other side has instead
    calendar : whose open time counts; `always` for elapsed time
    effect : what is worth telling

    Raises
    ------
    QueryWrong : both sides are the same, or share tickets
    NothingThere : a side has no ticket
    UnknownColumn : no map is drawn by such steps
    UnknownCalendar, CalendarWrong : there is no such calendar, or its file does not fit
    """
    ctx.require("map:read")
    one, other = both_sides(ctx, *sides)
    wanted = effect or Effect()
    key = ("maps compared", ctx.scope, steps, one, other, calendar, wanted)
    return ctx.opened().once(key, lambda: _compared(ctx, steps, (one, other), calendar, wanted))


def no_comparison(
    ctx: Context,
    steps: str,
    sides: tuple[Selection | None, Against],
    effect: tuple[str, Effect | None],
    told: NothingThere,
) -> dict[str, Any]:
    """Return the published form of an answer in which a side has no ticket, with the reason.

    Parameters
    ----------
    effect : whose open time counts, and what is worth telling
    """
    one, other = sides[0] or Selection(), None
    with suppress(NothingThere):
        one, other = both_sides(ctx, *sides)
    tables = [(each, chosen_tables(ctx, each)) for each in (one, other) if each]
    counted = [_counted(ctx, each, of, may_go_on(ctx, [of])) for each, of in tables]
    none = MapsCompared(
        steps, effect[0], counted[0], counted[-1], effect[1] or Effect(), (), ctx.provenance()
    )
    said = {"sentence": told.message.removesuffix("."), "nothing": told.message}
    hint = [told.hint] if told.hint else []
    missing: dict[str, Any] = {} if len(counted) > 1 else {"other": None}
    return {**none.as_json(), **said, **missing, "notes": hint}


def both_sides(
    ctx: Context, chosen: Selection | None, against: Against
) -> tuple[Selection, Selection]:
    """Return which tickets each side has.

    Raises
    ------
    QueryWrong : both sides are the same
    """
    one = chosen or Selection()
    if not against.given:
        return _then_and_now(ctx, one)
    instead = {each.column for each in against.where}
    kept = tuple(each for each in one.where if each.column not in instead)
    days = (against.from_, against.to) if against.from_ or against.to else (one.from_, one.to)
    other = Selection((*kept, *against.where), *days, against.passed or one.passed)
    if other == one:
        raise QueryWrong(
            "Both sides are the same tickets.",
            hint="Give the other side another value, as team=B, or other days.",
        )
    return one, other


def _then_and_now(ctx: Context, one: Selection) -> tuple[Selection, Selection]:
    last = one.to or _newest(ctx, one)
    first = one.from_ or last - timedelta(days=USUAL_DAYS - 1)
    length = last - first + timedelta(days=1)
    before = replace(one, from_=first - length, to=first - timedelta(days=1))
    return replace(one, from_=first, to=last), before


def _newest(ctx: Context, chosen: Selection) -> date:
    """Return the day on which the newest of the tickets was opened that are seen and chosen."""
    opened, tickets = ctx.opened(), chosen_tables(ctx, chosen).tickets
    row = opened.engine.run(tickets.aggregate(us=micros(tickets.opened_at).max())).to_pylist()[0]
    if row["us"] is None:
        raise NothingThere(
            f"There are no tickets{chosen_words(chosen)}.", hint="Choose other days or filters."
        )
    return opened.periods.date_of(EPOCH + timedelta(microseconds=row["us"]))


def _compared(
    ctx: Context, steps: str, sides: tuple[Selection, Selection], calendar: str, effect: Effect
) -> MapsCompared:
    fields = fields_of(steps)
    both = [stepped_tables(ctx, steps, each) for each in sides]
    teams = frozenset[str]().union(*(together.teams for _, together in both))
    together = replace(both[0][1], teams=teams, fewest=max(t.fewest for _, t in both))
    tables = [stepped_tables(ctx, steps, each, together)[0] for each in sides]
    _refuse_shared(ctx, tables)
    goes_on = may_go_on(ctx, tables)
    counted = [_side(ctx, each, of, goes_on) for each, of in zip(sides, tables, strict=True)]
    passed, others = (_passed(ctx, of, steps, calendar) for of in tables)
    yet, others_yet = (_unfinished(ctx, of, steps, goes_on) for of in tables)
    found = differences(
        passed, others, (counted[0].tickets, counted[1].tickets), effect, (yet, others_yet)
    )
    return MapsCompared(
        steps=steps,
        calendar=calendar,
        one=counted[0],
        other=counted[1],
        effect=effect,
        rows=tuple(found),
        provenance=ctx.provenance(),
        suspect=let_through(ctx, fields),
        withheld=together.note,
    )


def _refuse_shared(ctx: Context, tables: Sequence[LogTables]) -> None:
    shared = only(tables[0].tickets, tables[1].tickets.select(*KEY).view(), KEY)
    n = ctx.opened().engine.run(shared.aggregate(n=shared.count()))["n"][0].as_py()
    if n:
        raise QueryWrong(
            f"The two sides share {whole(n)} tickets, so neither can be a yardstick of the other.",
            hint="Choose two values of one filter, or days that do not overlap.",
        )


def _side(ctx: Context, chosen: Selection, tables: LogTables, goes_on: GoesOn) -> Side:
    side = _counted(ctx, chosen, tables, goes_on)
    if not side.tickets:
        raise NothingThere(
            f"There are no tickets{chosen_words(chosen)}.", hint="Choose other days or filters."
        )
    return side


def _counted(ctx: Context, chosen: Selection, tables: LogTables, goes_on: GoesOn) -> Side:
    tickets = tables.tickets
    query = tickets.aggregate(
        n=tickets.count(),
        still=tickets.count(where=tickets.open),
        unfinished=tickets.count(where=goes_on(tickets)),
    )
    row = ctx.opened().engine.run(query).to_pylist()[0]
    return Side(chosen, row["n"], row["still"], row["unfinished"])


def _passed(ctx: Context, tables: LogTables, steps: str, calendar: str) -> dict[Key, Passed]:
    history, engine = timed(ctx, tables.history, calendar), ctx.opened().engine
    found: dict[Key, Passed] = {}
    for ways, names in ((False, ("id",)), (True, ("from_", "to"))):
        columns = [steps_by.columns(steps, name) for name in names]
        for row in engine.run(passed_rows(history, steps, ways=ways)).to_pylist():
            found[tuple(map(partial(named_step, row), columns))] = passed_of(row)
    return found


def _unfinished(ctx: Context, tables: LogTables, steps: str, goes_on: GoesOn) -> Unfinished:
    tickets = tables.tickets.filter(goes_on(tables.tickets))
    n = ctx.opened().engine.run(tickets.aggregate(n=tickets.count()))["n"][0].as_py()
    if not n:
        return NONE_UNFINISHED
    theirs = replace(tables, history=only(tables.history, tickets.select(*KEY), KEY))
    passed = _passed(ctx, theirs, steps, ALWAYS)
    return Unfinished(n, {key: each.tickets for key, each in passed.items()})


def _side_json(side: Side) -> dict[str, Any]:
    return {
        "words": side.words,
        "tickets": side.tickets,
        "open": side.open_,
        "unfinished": side.unfinished,
    }


def _row_json(row: Difference) -> dict[str, Any]:
    way = len(row.key) > 1
    return {
        "kind": "way" if way else "step",
        "from": row.key[0],
        "to": row.key[1] if way else None,
        "tickets_one": row.one.tickets,
        "tickets_other": row.other.tickets,
        "times_one": row.one.passages,
        "times_other": row.other.passages,
        "typical_seconds_one": row.one.typical_seconds,
        "typical_seconds_other": row.other.typical_seconds,
        "flow": _test_json(row.flow),
        "time": _test_json(row.time),
    }


def _test_json(test: Tested | None) -> dict[str, Any] | None:
    return None if test is None else dict(vars(test))
