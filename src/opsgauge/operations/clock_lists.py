"""The clocks behind a number of a service level's pages: as many as the number.

Floor 5. Each list is made with the test that the number is counted with, so it cannot tell another
story. A row is a clock beside its ticket; where a number is of tickets, their newest clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import ibis.expr.types as ir

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.related import CLOCKS
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.reading import ServiceLevels
from opsgauge.metrics.behind import LISTED
from opsgauge.operations.answers import TicketList
from opsgauge.operations.clocked import STANDS_ON, Clocked, clocks_shown
from opsgauge.operations.context import Context
from opsgauge.operations.flow import KEY
from opsgauge.operations.lists import FIRST_PAGE, About, Page, list_rows
from opsgauge.operations.service_level_chains import (
    beside_links,
    broke_with,
    links_of,
    no_link_broke,
    too_long,
)
from opsgauge.operations.service_level_source import BESIDE, flagged
from opsgauge.operations.service_levels import (
    CLOCK,
    OPEN,
    OUTCOMES,
    Clocks,
    check_part,
    clocks_chosen,
    decided_between,
    time_by_clock,
)
from opsgauge.operations.small_teams import refuse_small

LARGEST_FIRST = "-clock_over_hours"


@dataclass(frozen=True)
class Outcome:
    """What became of the clocks of a list.

    Attributes
    ----------
    words : after how many they are; `{link}` is the title of the link asked for
    of_tickets : the number is of tickets, of which the newest clock is listed
    lasts : it is so now, and no days can be asked for
    """

    words: str
    of_tickets: bool = False
    lasts: bool = False


OF_CLOCKS: Mapping[str, Outcome] = {
    "decided": Outcome("decided"),
    "kept": Outcome("kept"),
    "broken": Outcome("broken"),
    "flips": Outcome("broken once and kept by the target in force at the end"),
    "running": Outcome("running now", lasts=True),
    "paused": Outcome("paused now", lasts=True),
    "lasting": Outcome("lasting now", lasts=True),
    "overdue": Outcome("lasting now and broken already", lasts=True),
}
OF_CHAIN: Mapping[str, Outcome] = {
    "newest_broken": Outcome("broken", of_tickets=True),
    "links_kept": Outcome("broken with every link kept", of_tickets=True),
    "links_longer": Outcome("with links that promise more time than the whole", of_tickets=True),
    "link": Outcome("with a clock of ‘{link}’", of_tickets=True),
    "link_broken": Outcome("with a broken clock of ‘{link}’", of_tickets=True),
    "link_broken_with": Outcome("broken, and ‘{link}’ too", of_tickets=True),
}
OF_SOURCE: Mapping[str, Outcome] = {
    "both_kept": Outcome("kept, as the source’s flag says too", of_tickets=True),
    "both_broken": Outcome("broken, as the source’s flag says too", of_tickets=True),
    "source_broken": Outcome("kept by the clock, broken by the source", of_tickets=True),
    "source_kept": Outcome("broken by the clock, kept by the source", of_tickets=True),
    "source_kept_lasting": Outcome("broken and lasting now, kept by the source", of_tickets=True),
}
EVERY = {**OF_CLOCKS, **OF_CHAIN, **OF_SOURCE}
# What is said by clock and source, in the order of `BESIDE`.
BY_FLAG = dict(
    zip(("both_kept", "both_broken", "source_broken", "source_kept"), BESIDE, strict=True)
)
ON_LINKS: Mapping[str, Callable[[ir.Table, int], ir.BooleanValue]] = {
    "newest_broken": lambda met, place: met.broke == 1,
    "links_kept": lambda met, place: no_link_broke(met),
    "links_longer": lambda met, place: too_long(met),
    "link": lambda met, place: met[f"t{place}"].notnull(),
    "link_broken": lambda met, place: met[f"b{place}"] == 1,
    "link_broken_with": broke_with,
}


@dataclass(frozen=True)
class ClocksBehind:
    """Which number's clocks.

    Attributes
    ----------
    level : the service level, by its name
    outcome : a key of `EVERY`
    link : for the outcomes of a link, the service level it is
    spent : only those that spent time in one part, such as a team
    """

    level: str
    outcome: str = "decided"
    link: str = ""
    spent: Condition | None = None

    @property
    def told(self) -> Outcome:
        """What became of them.

        Raises
        ------
        QueryWrong : there is no such outcome
        """
        if self.outcome not in EVERY:
            raise QueryWrong(
                f"Clocks have no outcome {self.outcome!r}.", hint=did_you_mean(self.outcome, EVERY)
            )
        return EVERY[self.outcome]

    @property
    def noun(self) -> str:
        """What the number counts."""
        return "ticket" if self.told.of_tickets else "clock"

    def words(self, levels: ServiceLevels) -> str:
        """Say what became of them.

        Raises
        ------
        UnknownServiceLevel : there is no such link
        """
        link = levels.get(self.link).title if "{link}" in self.told.words else ""
        spent = f" that spent time where {self.spent.sentence()}" if self.spent else ""
        return self.told.words.format(link=link) + spent


def clocks_behind(
    ctx: Context, behind: ClocksBehind, chosen: Clocks, page: Page = FIRST_PAGE
) -> TicketList:
    """List the clocks behind a number of a service level; there are as many as the number says.

    Needs `ticket:read`.

    Parameters
    ----------
    chosen : as the number was asked for; dates are those of the decision

    Returns
    -------
    rows of the columns of `LISTED` and `clock_` before cycle, state, started_at, decided_at,
    used_hours, promised_hours and over_hours (less than nought where time is left)

    Raises
    ------
    UnknownServiceLevel, QueryWrong : there is no such number
    """
    ctx.require("ticket:read")
    ctx = ctx.holding()
    clocked = clocks_shown(ctx)
    level = clocked.levels.get(behind.level)
    if behind.told.lasts and (chosen.from_ or chosen.to):
        raise QueryWrong(
            "Clocks that last are counted as they are now, whatever days are chosen.",
            hint="Leave the dates away.",
        )
    about = About(_sentence(clocked, behind, chosen), STANDS_ON)
    page = replace(page, sort=page.sort or LARGEST_FIRST)
    return list_rows(
        ctx, (behind, chosen), lambda: _rows(ctx, clocked, level, behind, chosen), page, about
    )


def _sentence(clocked: Clocked, behind: ClocksBehind, chosen: Clocks) -> str:
    of = "Tickets by their newest clock of" if behind.told.of_tickets else "Clocks of"
    levels = clocked.levels
    parts = [f"{of} ‘{levels.get(behind.level).title}’: {behind.words(levels)}"]
    if chosen.where:
        parts.append(f"where {' and '.join(each.sentence() for each in chosen.where)}")
    if chosen.from_ or chosen.to:
        begin = f"from {chosen.from_} " if chosen.from_ else ""
        parts.append(f"decided {begin}{f'to {chosen.to}' if chosen.to else 'on'}")
    return f"{', '.join(parts)}."


def _rows(
    ctx: Context, clocked: Clocked, level: ServiceLevel, behind: ClocksBehind, chosen: Clocks
) -> ir.Table:
    rows = _met(ctx, clocked, level, behind, chosen)
    if behind.spent:
        rows = rows.semi_join(_spent(ctx, (clocked, level), behind.spent, rows, chosen), CLOCK)
    hours = {
        f"clock_{name}_hours": us / MICROS_PER_HOUR
        for name, us in (
            ("used", rows.used_us),
            ("promised", rows.target_us),
            ("over", -rows.left_us),
        )
    }
    told = ("cycle", "state", "started_at", "decided_at")
    shown = rows.select(*KEY, **{f"clock_{name}": rows[name] for name in told}, **hours)
    return ctx.tables.tickets.select(*LISTED).inner_join(shown, KEY)


def _met(
    ctx: Context, clocked: Clocked, level: ServiceLevel, behind: ClocksBehind, chosen: Clocks
) -> ir.Table:
    """Return the clocks that the number counts."""
    if behind.outcome in OF_CLOCKS:
        rows = clocks_chosen(ctx, chosen)
        met = OUTCOMES[behind.outcome](rows, decided_between(ctx, chosen))
        return rows.filter((rows.clock == level.name) & met)
    own = ctx.tables.related[CLOCKS.name]
    own = own.filter(own.clock == level.name)
    if behind.outcome in OF_SOURCE:
        return own.semi_join(_flagged(ctx, behind.outcome, level.name, chosen), CLOCK)
    links = links_of(clocked.levels.by_name, level.name)
    met = beside_links(ctx, level, links, chosen)
    places = {each.name: place for place, each in enumerate(links)}
    if "{link}" in behind.told.words and behind.link not in places:
        raise QueryWrong(
            f"{level.name} does not rest on {behind.link!r}.",
            hint=did_you_mean(behind.link, places),
        )
    place = places.get(behind.link, 0)
    return own.semi_join(met.filter(ON_LINKS[behind.outcome](met, place)), CLOCK)


def _flagged(ctx: Context, outcome: str, name: str, chosen: Clocks) -> ir.Table:
    both = flagged(ctx, name, chosen)
    if outcome in BY_FLAG:
        kept, sla_met = BY_FLAG[outcome]
        return both.filter((both.kept == kept) & (both.sla_met == sla_met))
    return both.filter(~both.kept & both.sla_met & both.state.isin(OPEN))


def _spent(
    ctx: Context,
    of: tuple[Clocked, ServiceLevel],
    part: Condition,
    clocks: ir.Table,
    chosen: Clocks,
) -> ir.Table:
    """Return the clocks that spent time in a part."""
    check_part(part.column)
    refuse_small(ctx, [part])
    times = time_by_clock(ctx, of, part.column, clocks.select(*CLOCK), chosen)
    [value] = part.values
    return times.filter(times.part.isnull() if value is None else times.part == value)
